"""What page and letters of a finished trial say of its key, its log and its receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from n1trial import __version__
from n1trial.pack.end.reproduction import Reproduction
from n1trial.pack.end.reproduction_words import difference_in_words, footer, remedy
from n1trial.pack.freeze.history import Correction, History, KitOpening
from n1trial.pack.freeze.history_words import alarms, comparison_in_words, opened_kits_in_words
from n1trial.pack.freeze.receipt import LABELS, Comparison
from n1trial.pack.log.chain import BEGINNING
from n1trial.pack.trial.commitment import in_groups
from n1trial.pack.visit.gate_words import declared_in_words

NO_BEGINNING = (
    "THE LOG OF THE TRIAL DOES NOT BEGIN WITH ITS PACK: it is another, or lines were taken away. What was opened before"
    " is not known."
)


@dataclass(frozen=True)
class Trail:
    """Circumstances of a final analysis: everything that is known besides its diary.

    Attributes
    ----------
    commitment : str
        Of the key.
    sha256 : str
        Of the diary file.
    frozen_at : str
        When it was frozen.
    history : History
        What was known before.
    changes, missing : tuple of str
        Papers of the pack that were changed after sealing, and those that were not at hand.
    papers : int
        Papers of the pack.
    are_deviations_frozen : bool
        Whether the pack was at hand when the diary was frozen, so that deviations were known then.
    comparison : Comparison or None
        With the receipt that was signed; None where none was given.
    reproduction : Reproduction or None
        Whether the code of now gives the figures of the code that made the pack; None where it was not tried.
    head : str
        SHA-256 of the last line of the log, when the key had been opened.
    lines : int
        Of the log, then.
    """

    commitment: str
    sha256: str
    frozen_at: str
    history: History
    changes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    papers: int = 0
    are_deviations_frozen: bool = True
    comparison: Comparison | None = None
    reproduction: Reproduction | None = None
    head: str = BEGINNING
    lines: int = 0

    @property
    def is_frozen_first(self) -> bool:
        """Whether this diary was frozen while nobody knew."""
        return not (self.history.is_changed_after_opening or self.history.is_key_shown_before)

    @property
    def is_beginning_missing(self) -> bool:
        """Whether the log lacks the line of the pack's making, which every pack has whose key knows its code."""
        return bool(self.reproduction and self.reproduction.then) and not self.history.begins_with_pack

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """Values that were changed after the diary had been frozen, those of freezes before and those since."""
        since = () if self.comparison is None or self.comparison.corrections is None else self.comparison.corrections
        known = {(each.change.day, each.change.column, each.change.new) for each in self.history.corrections}
        fresh = (each for each in since if (each.change.day, each.change.column, each.change.new) not in known)
        return (*self.history.corrections, *fresh)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has to be said first, a sentence each."""
        code = self.reproduction and difference_in_words(self.reproduction)
        return (*([code] if code else []), *self.alarms, *self.remarks)

    @property
    def alarms(self) -> tuple[str, ...]:
        """What has to be said loudly besides what is said of the code, a sentence each."""
        changed = f"Papers of the pack were CHANGED after the key was sealed: {', '.join(self.changes)}."
        return (
            *([NO_BEGINNING] if self.is_beginning_missing else []),
            *alarms(self.history, self.comparison),
            *([changed] if self.changes else []),
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else has to be said first, a sentence each."""
        none = "No blinded papers were at hand, so that none were compared with the key."
        is_none = bool(self.papers) and len(self.missing) == self.papers
        return (*opened_kits_in_words(self.history), *([none] if is_none else []))

    def facts(self, date_of: Callable[[int], date]) -> dict[str, Any]:
        """Return it as the wording speaks of it."""
        history, compared = self.history, self.comparison
        return {
            "commitment": in_groups(self.commitment), "sha256": self.sha256, "frozen_at": self.frozen_at,
            "version": __version__, "changed": list(self.changes), "missing": list(self.missing), "papers": self.papers,
            "first_sha256": history.first_sha256,
            "is_frozen_first": self.is_frozen_first, "are_deviations_frozen": self.are_deviations_frozen,
            "code_warning": self.reproduction and difference_in_words(self.reproduction),
            "code_remedy": remedy(self.reproduction) if self.reproduction else (),
            "code_footer": self.reproduction and footer(self.reproduction),
            "alarms": self.alarms, "remarks": self.remarks, "receipt_said": comparison_in_words(compared),
            "declared_said": None if history.end is None else declared_in_words(history.end),
            "kits_opened": list(_by_kit(history.kits)),
            "early": [vars(each) for each in history.early],
            "declared": None if history.end is None else vars(history.end),
            "failures": history.failures,
            "corrections": [_fact(each, date_of) for each in self.corrections],
            "receipt": None if compared is None else {
                "match": compared.match.value, "time": compared.receipt.time, "is_log_longer": compared.is_log_longer,
                "on_paper": [
                    (LABELS[name], in_groups(getattr(compared.receipt, name))) for name in ("sha256", "values", "head")
                ],
                "differ": None if compared.corrections is None else len(compared.corrections),
            },
            "log": {
                "head": in_groups(self.head), "lines": self.lines, "begins_with_pack": history.begins_with_pack,
                "warning": NO_BEGINNING if self.is_beginning_missing else None,
                "faults": [{"line": fault.line, "kind": fault.kind.value} for fault in history.faults],
            },
        }  # fmt: skip


def _by_kit(kits: Iterable[KitOpening]) -> Iterator[dict[str, Any]]:
    """Yield kits whose code was opened, each once, with its openings."""
    for kit, openings in groupby(sorted(kits, key=lambda each: each.kit), key=lambda each: each.kit):
        yield {"kit": kit, "openings": [vars(each) for each in openings]}


def _fact(correction: Correction, date_of: Callable[[int], date]) -> dict[str, Any]:
    change = correction.change
    return {
        "date": date_of(change.day), "day": change.day, "column": change.column, "old": change.old, "new": change.new,
        "by": correction.by, "reason": correction.reason,
    }  # fmt: skip
