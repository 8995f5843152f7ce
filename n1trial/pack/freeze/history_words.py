"""What the log of a trial tells, in words for the terminal, the page and the table of deviations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby

from n1trial.pack.freeze.history import Correction, Early, History, KitOpening
from n1trial.pack.freeze.receipt import Comparison, Match
from n1trial.pack.log.chain import Break, ChainFault
from n1trial.pack.trial.trial import Trial
from n1trial.pack.visit.gate_words import as_sentence, by_in_words
from n1trial.report.words import count_of

NOBODY = "Nobody entered who and why."
BREAKS = {
    Break.UNREADABLE: "line {line} is no line of a log",
    Break.UNLINKED: "line {line} does not follow from the lines above it: one of these was changed or taken out",
    Break.ABANDONED: "nothing follows from line {line}: it was put in, or two programs wrote at once",
    Break.COPY: "the copy that was joined at line {line} had been changed",
}
DateOf = Callable[[int], date]
Trace = tuple[int, int, str, str]


def alarms(history: History, comparison: Comparison | None) -> Iterator[str]:
    """Say what has to be said first and loudly of what was known before a diary was analyzed, a sentence each."""
    if history.is_changed_after_opening:
        yield (
            "THE DIARY WAS CHANGED AFTER THE KEY HAD BEEN OPENED: the first one analyzed had the SHA-256 "
            f"{history.first_sha256}. Only that was frozen while nobody knew."
        )
    if history.is_key_shown_before:
        yield "THE WHOLE KEY HAD BEEN SHOWN BEFORE THIS DIARY WAS FROZEN."
    if comparison is not None and comparison.match is Match.CHANGED:
        yield f"THE DIARY WAS CHANGED AFTER THE RECEIPT OF {comparison.receipt.time}. {how_much(comparison)}"
    if comparison is not None and not comparison.is_log_longer:
        yield "THE LOG IS NOT THE ONE OF THE RECEIPT: lines that it had were changed or taken out."
    if history.faults:
        yield f"THE LOG OF THE TRIAL IS BROKEN: {'; '.join(map(break_in_words, history.faults))}."
    yield from (f"The whole key was opened before the end of the trial{early_in_words(each)}" for each in history.early)


def opened_kits_in_words(history: History) -> Iterator[str]:
    """Say of each kit whose code was opened when, by whom and why."""
    yield from (f"Kit {kit} was opened{text}" for kit, text in kits_in_words(history.kits))


def how_much(comparison: Comparison) -> str:
    """Say how many values differ from those of a receipt."""
    if comparison.corrections is None:
        return "The values of then are not at hand, so that nobody can say which."
    return (
        f"{count_of(len(comparison.corrections), 'value')} differ."
        if len(comparison.corrections) != 1
        else "1 value differs."
    )


def comparison_in_words(comparison: Comparison | None) -> str:
    """Whether a diary is the one of a receipt."""
    if comparison is None:
        return "This diary was not compared with a signed receipt."
    told = {
        Match.SAME_FILE: "This diary is the file of the receipt",
        Match.SAME_VALUES: "The file was saved again, and no value was changed since the receipt",
        Match.CHANGED: "This diary is not the one of the receipt",
    }
    return f"{told[comparison.match]} of {comparison.receipt.time}."


def break_in_words(fault: ChainFault) -> str:
    """Say where a chain breaks, and how."""
    return BREAKS[fault.kind].format(line=fault.line)


def kits_in_words(kits: Iterable[KitOpening]) -> Iterator[tuple[str, str]]:
    """Tell of kits whose code was opened, each once, with all its openings."""
    for kit, openings in groupby(sorted(kits, key=lambda each: each.kit), key=lambda each: each.kit):
        yield kit, " It was opened again".join(map(opening_in_words, openings))


def opening_in_words(entry: KitOpening) -> str:
    """Say by whom, when, with what and why the code of a kit was opened, to follow its verb."""
    how = "its slip" if entry.opened_with == "slip" else "the key"
    return f"{by_in_words(entry.by)} {_when(entry.time)} with {how}. Reason: {as_sentence(entry.reason)}"


def early_in_words(early: Early) -> str:
    """Say by whom, when and why the whole key was opened before the end, to follow its verb."""
    return f"{by_in_words(early.by)} {_when(early.time)}. Reason: {as_sentence(early.reason)}"


def correction_in_words(correction: Correction) -> str:
    """Say what was corrected, by whom and why."""
    change = correction.change
    told = f"{change.column}: {change.old or 'empty'} is now {change.new or 'empty'}."
    if correction.by is None and correction.reason is None:
        return f"{told} {NOBODY}"
    return f"{told} Corrected{by_in_words(correction.by)}. Reason: {as_sentence(correction.reason or '')}"


def corrections_in_words(corrections: Iterable[Correction], date_of: DateOf) -> Iterator[tuple[str, str]]:
    """Tell of corrections, each with its date."""
    for each in corrections:
        yield date_of(each.change.day).isoformat(), correction_in_words(each)


def traces(kits: Iterable[KitOpening], corrections: Iterable[Correction], trial: Trial) -> Iterator[Trace]:
    """List openings of kits and corrections as rows of the table of deviations: first and last day, kind and words."""
    days = {code: (kit.first_day, kit.last_day) for kit in trial.kits for code in kit.codes}
    for opening in kits:
        first, last = days.get(opening.kit, (trial.first_kit_day, trial.last_day))
        yield first, last, "kit opened", f"the code of kit {opening.kit} was opened{opening_in_words(opening)}"
    for each in corrections:
        yield each.change.day, each.change.day, "corrected", correction_in_words(each)


def _when(time: datetime) -> str:
    return f"on {time:%Y-%m-%d} at {time:%H:%M}"
