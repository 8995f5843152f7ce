"""A search as the page asks for it: its limits as typed, and what it found as drafts."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from n1trial.scenario.file.load import as_typed, parse_value
from n1trial.scenario.scenario import Scenario
from n1trial.study.search.limits import LONGEST_DAYS, LONGEST_WEEKS, Limits
from n1trial.study.search.result import FinalDesign
from n1trial.web.shared.plan.draft import Draft

REPLICATES = "simulation.replicates"


@dataclass(frozen=True)
class LimitField:
    """A limit that is asked for.

    Attributes
    ----------
    label, unit, sentence : str
    option : str
        Of the command line.
    low, high : float
    is_whole : bool
    is_needed : bool
        Whether it may not be left empty.
    """

    label: str
    unit: str
    sentence: str
    option: str
    low: float
    high: float
    is_whole: bool = False
    is_needed: bool = False


LIMIT_FIELDS: Mapping[str, LimitField] = {
    "weeks": LimitField(
        "Longest trial", "weeks", "Run-in included.", "--max-weeks", 1, LONGEST_WEEKS, is_needed=True
    ),
    "period_days": LimitField(
        "Longest period", "days",
        "Longest time on one treatment that may be drawn. Empty: no limit. The shortest follows from the entries that a"
        " period needs.",
        "--max-period-days", 1, LONGEST_DAYS, is_whole=True,
    ),
    "weeks_on_placebo": LimitField(
        "Most time without the drug", "weeks",
        "Most weeks on placebo that may be drawn, washouts included. Empty: no limit.",
        "--max-weeks-on-placebo", 0, LONGEST_WEEKS,
    ),
    "entries": LimitField(
        "Most diary entries", "entries", "Run-in included. Empty: no limit.",
        "--max-entries", 1, LONGEST_DAYS, is_whole=True,
    ),
    "least_run_in_days": LimitField(
        "Shortest run-in", "days",
        "With 0, designs without a run-in are tried, of which no pack can be made. Empty: 14, or the plan's where it is"
        " shorter.",
        "--min-run-in-days", 0, LONGEST_DAYS, is_whole=True,
    ),
}  # fmt: skip
"""What a patient will put up with, by the name of the limit."""
TRIALS = LimitField(
    "Simulated trials", "of each design shown", "More make the figures surer, and the search longer.", "--replicates",
    1, math.inf, is_whole=True, is_needed=True,
)  # fmt: skip


def first_values(scenario: Scenario) -> dict[str, str]:
    """Give the limits to begin with, as typed: the weeks of the plan, and no other limit."""
    weeks = math.ceil(scenario.layout().weeks)
    return {**dict.fromkeys(LIMIT_FIELDS, ""), "weeks": str(weeks), REPLICATES: str(scenario.simulation.replicates)}


@dataclass(frozen=True)
class SearchRequest:
    """A search that can be begun.

    Attributes
    ----------
    plan : Draft
        As it was when the search was asked for.
    draft : Draft
        The same, with as many simulated trials as are wanted.
    limits : Limits
    """

    plan: Draft
    draft: Draft
    limits: Limits

    @property
    def typed(self) -> tuple[str, ...]:
        """The scenario and its changes as one types them."""
        return self.draft.typed

    @property
    def command(self) -> str:
        """What finds the same on the command line."""
        given = ((asked.option, getattr(self.limits, name)) for name, asked in LIMIT_FIELDS.items())
        options = (part for option, value in given if value is not None for part in (option, f"{value:.10g}"))
        return shlex.join(["n1trial", "search", *self.typed, *options])


def read_request(draft: Draft, texts: Mapping[str, str]) -> tuple[SearchRequest | None, dict[str, str]]:
    """Read what was asked for.

    Parameters
    ----------
    draft : Draft
        Without faults.
    texts : mapping of str to str
        Limits and number of simulated trials, as typed.

    Returns
    -------
    SearchRequest or None
        None where anything is wrong.
    dict of str to str
        What is wrong, by the name of the limit.
    """
    faults, values = dict[str, str](), dict[str, float | None]()
    for name, asked in LIMIT_FIELDS.items():
        value = _read(asked, texts.get(name, "").strip())
        if isinstance(value, str):
            faults[name] = value
        else:
            values[name] = value
    wanted, trials = draft, texts.get(REPLICATES, "").strip()
    if draft.scenario is None or parse_value(trials) != draft.scenario.simulation.replicates:
        wanted = draft.edit({REPLICATES: trials})
    if wanted.faults:
        faults[REPLICATES] = f"{TRIALS.option}: {wanted.faults[0].rule}"
    if faults:
        return None, faults
    limits = Limits(
        weeks=float(values["weeks"] or 0.0),
        period_days=_whole(values["period_days"]),
        weeks_on_placebo=values["weeks_on_placebo"],
        entries=_whole(values["entries"]),
        least_run_in_days=_whole(values["least_run_in_days"]),
    )
    return SearchRequest(draft, wanted, limits), {}


def _read(field: LimitField, text: str) -> float | str | None:
    """Read a limit, or say what is wrong with it."""
    if not text and not field.is_needed:
        return None
    value = parse_value(text)
    kind = "a whole number" if field.is_whole else "a number"
    rule = f"{field.option}: must be {kind} from {field.low:g} to {field.high:g}"
    if isinstance(value, bool) or not isinstance(value, int if field.is_whole else int | float):
        return f"{rule}, but is {text!r}" if text else f"{rule}; it cannot be empty"
    assert isinstance(value, int | float)
    if not field.low <= value <= field.high:
        return f"{rule}, but is {text}"
    return value if field.is_whole else float(value)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def draft_of(draft: Draft, design: FinalDesign) -> Draft:
    """Return the draft that a design was found for, with that design."""
    return draft.edit({key: as_typed(value) for key, value in design.set.items()})
