"""A search as the page asks for it: its limits as typed, how far it is, and what it found as drafts."""

from __future__ import annotations

import math
import shlex
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from n1trial.report.words import count_of
from n1trial.scenario.file.load import as_typed, parsed
from n1trial.scenario.scenario import Scenario
from n1trial.study.search.limits import LONGEST_DAYS, LONGEST_WEEKS, Limits
from n1trial.study.search.result import Design
from n1trial.study.search.search import trials_ahead
from n1trial.study.search.simulate import Announce
from n1trial.study.work.measure import Progress
from n1trial.web.shared.job import Steps
from n1trial.web.shared.plan.draft import Draft

REPLICATES = "simulation.replicates"
SIMULATING = (
    "Simulating the better designs",
    "Simulating the best of them once more",
    "Simulating those to choose between anew",
)
"""What is simulated, one after the other."""
NEEDS = "None has a good chance; looking for what it would take"
ENOUGH_SECONDS = 3.0
"""So long must something have gone on before it is said how long it will take."""


@dataclass(frozen=True)
class Asked:
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


ASKED: Mapping[str, Asked] = {
    "weeks": Asked(
        "Longest trial", "weeks", "Run-in included.", "--max-weeks", 1, LONGEST_WEEKS, is_needed=True
    ),
    "period_days": Asked(
        "Longest period", "days",
        "Longest time on one treatment that may be drawn. Empty: no limit. The shortest follows from the entries that a"
        " period needs.",
        "--max-period-days", 1, LONGEST_DAYS, is_whole=True,
    ),
    "weeks_on_placebo": Asked(
        "Most time without the drug", "weeks",
        "Most weeks on placebo that may be drawn, washouts included. Empty: no limit.",
        "--max-weeks-on-placebo", 0, LONGEST_WEEKS,
    ),
    "entries": Asked(
        "Most diary entries", "entries", "Run-in included. Empty: no limit.",
        "--max-entries", 1, LONGEST_DAYS, is_whole=True,
    ),
}  # fmt: skip
"""What a patient will put up with, by the name of the limit."""
TRIALS = Asked(
    "Simulated trials", "of each design shown", "More make the figures surer, and the search longer.", "--replicates",
    1, math.inf, is_whole=True, is_needed=True,
)  # fmt: skip


def first_values(scenario: Scenario) -> dict[str, str]:
    """What the limits are to begin with, as typed: no more weeks than the plan has, and nothing else."""
    weeks = math.ceil(scenario.layout().weeks)
    return {**dict.fromkeys(ASKED, ""), "weeks": str(weeks), REPLICATES: str(scenario.simulation.replicates)}


@dataclass(frozen=True)
class Request:
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
        given = ((asked.option, getattr(self.limits, name)) for name, asked in ASKED.items())
        options = (part for option, value in given if value is not None for part in (option, f"{value:.10g}"))
        return shlex.join(["n1trial", "search", *self.typed, *options])


def read_request(draft: Draft, texts: Mapping[str, str]) -> tuple[Request | None, dict[str, str]]:
    """Read what was asked for.

    Parameters
    ----------
    draft : Draft
        Without faults.
    texts : mapping of str to str
        Limits and number of simulated trials, as typed.

    Returns
    -------
    Request or None
        None where anything is wrong.
    dict of str to str
        What is wrong, by the name of the limit.
    """
    faults, values = dict[str, str](), dict[str, float | None]()
    for name, asked in ASKED.items():
        value = _read(asked, texts.get(name, "").strip())
        if isinstance(value, str):
            faults[name] = value
        else:
            values[name] = value
    wanted, trials = draft, texts.get(REPLICATES, "").strip()
    if draft.scenario is None or parsed(trials) != draft.scenario.simulation.replicates:
        wanted = draft.edited({REPLICATES: trials})
    if wanted.faults:
        faults[REPLICATES] = f"{TRIALS.option}: {wanted.faults[0].rule}"
    if faults:
        return None, faults
    limits = Limits(
        weeks=float(values["weeks"] or 0.0),
        period_days=_whole(values["period_days"]),
        weeks_on_placebo=values["weeks_on_placebo"],
        entries=_whole(values["entries"]),
    )
    return Request(draft, wanted, limits), {}


def _read(asked: Asked, text: str) -> float | str | None:
    """A limit, or what is wrong with it."""
    if not text and not asked.is_needed:
        return None
    value = parsed(text)
    kind = "a whole number" if asked.is_whole else "a number"
    rule = f"{asked.option}: must be {kind} from {asked.low:g} to {asked.high:g}"
    if isinstance(value, bool) or not isinstance(value, int if asked.is_whole else int | float):
        return f"{rule}, but is {text!r}" if text else f"{rule}; it cannot be empty"
    assert isinstance(value, int | float)
    if not asked.low <= value <= asked.high:
        return f"{rule}, but is {text}"
    return value if asked.is_whole else float(value)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def draft_of(draft: Draft, design: Design) -> Draft:
    """The draft that a design was found for, with that design."""
    return draft.edited({key: as_typed(value) for key, value in design.set.items()})


class Estimate:
    """How far a search is, and how long it will take; told by its own thread, read by the page's.

    Parameters
    ----------
    scenario : Scenario
        That is searched.
    clock : callable
        Seconds that have gone by.
    """

    def __init__(self, scenario: Scenario, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._trials_ahead = trials_ahead(scenario)
        self._what, self._amount, self._done, self._simulations = "", 0, 0, 0
        self._since = self._rate_seconds = 0.0
        self._rate_amount = 0

    def announcing(self, advance: Progress) -> Announce:
        """Follow a search, and tell `advance` of all that is done, which ends the search by what it raises."""

        def announce(what: str, amount: int) -> Progress:
            self._begin(what, amount)
            advance(0)

            def go_on(more: int) -> None:
                self._go_on(more)
                advance(more)

            return go_on

        return announce

    def _begin(self, what: str, amount: int) -> None:
        with self._lock:
            if what != self._what:
                self._rate_seconds, self._rate_amount = 0.0, 0
            self._what, self._amount, self._done, self._since = what, amount, 0, self._clock()
            self._simulations += what == "simulating"

    def _go_on(self, more: int) -> None:
        with self._lock:
            now = self._clock()
            self._rate_seconds, self._since = self._rate_seconds + now - self._since, now
            self._rate_amount += more
            self._done += more

    def tell(self, steps: Steps) -> None:
        """Tell the page how far the search is; it can be ended at any time, by the room's own button."""
        words = self.words
        with self._lock:
            steps.begin(words, self._amount)
            steps.reach(self._done)

    @property
    def seconds_left(self) -> float | None:
        """Seconds that it will take at most, by how fast it went; None while, or where, that cannot be told."""
        with self._lock:
            is_beyond = self._simulations > len(SIMULATING)
            if is_beyond or self._rate_seconds < ENOUGH_SECONDS or not self._rate_amount:
                return None
            ahead = sum(self._trials_ahead[self._simulations :]) if self._what == "simulating" else 0
            return (self._amount - self._done + ahead) * self._rate_seconds / self._rate_amount

    @property
    def words(self) -> str:
        """What is being done, and how long it will take."""
        if not self._what:
            return "Laying out all designs within the limits ..."
        left, steps = self.seconds_left, 1 + len(SIMULATING)
        if self._simulations > len(SIMULATING):
            return f"{NEEDS}; this can take as long again ..."
        if not self._simulations:
            told = f": {roughly(left)}, then the simulations" if left is not None else ""
            return f"Step 1 of {steps}. Judging {count_of(self._amount, 'design')} by closed forms{told} ..."
        told = f": {roughly(left)} for all that is left, on this computer" if left is not None else ""
        return f"Step {1 + self._simulations} of {steps}. {SIMULATING[self._simulations - 1]}{told} ..."


def roughly(seconds: float) -> str:
    """A time that is not known to the second: "about 40 seconds", "about 3 minutes"."""
    if seconds < 10:
        return "some seconds"
    if seconds < 50:
        return f"about {10 * math.ceil(seconds / 10)} seconds"
    return f"about {count_of(math.ceil(seconds / 60 - 0.25), 'minute')}"
