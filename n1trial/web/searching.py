"""A search as the page asks for it: its limits as typed, how far it is, and what it found as drafts."""

from __future__ import annotations

import math
import shlex
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from n1trial.report.words import count_of
from n1trial.scenario.file import as_typed, parsed
from n1trial.scenario.model import Scenario
from n1trial.study.found import Design
from n1trial.study.limits import LONGEST_DAYS, LONGEST_WEEKS, Limits
from n1trial.study.measure import Progress
from n1trial.study.search import trials_ahead
from n1trial.study.trials import Announce
from n1trial.web.draft import Draft

REPLICATES = "simulation.replicates"
UNITS = {"screening": "designs", "simulating": "trials"}
DOING = {"screening": "Judging designs by closed forms", "simulating": "Simulating the better ones"}
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
    draft : Draft
        The plan, with as many simulated trials as are wanted.
    limits : Limits
    """

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
    draft = draft.edited({REPLICATES: texts.get(REPLICATES, "").strip()})
    faults |= {REPLICATES: f"{TRIALS.option}: {fault.rule}" for fault in draft.faults if fault.key == REPLICATES}
    if faults:
        return None, faults
    limits = Limits(
        weeks=float(values["weeks"] or 0.0),
        period_days=_whole(values["period_days"]),
        weeks_on_placebo=values["weeks_on_placebo"],
        entries=_whole(values["entries"]),
    )
    return Request(draft, limits), {}


def _read(asked: Asked, text: str) -> float | None | str:
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


@dataclass
class Steps:
    """How far a search is; told by its own thread, read by the page's.

    Parameters
    ----------
    scenario : Scenario
        That is searched.
    clock : callable
        Seconds that have gone by.
    """

    scenario: Scenario
    clock: Callable[[], float] = time.monotonic
    what: str = field(default="", init=False)
    amount: int = field(default=0, init=False)
    done: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead = list(trials_ahead(self.scenario))
        self._begun = self.clock()
        self._work: dict[str, tuple[float, int]] = {}

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
            self.what, self.amount, self.done, self._begun = what, amount, 0, self.clock()
            if what == "simulating" and self._ahead:
                self._ahead.pop(0)
            self._spent = self._work.get(what, (0.0, 0))

    def _go_on(self, more: int) -> None:
        with self._lock:
            self.done += more
            seconds, amount = self._spent
            self._work[self.what] = seconds + self.clock() - self._begun, amount + self.done

    @property
    def seconds_left(self) -> float | None:
        """Seconds that it will take at most, by how fast it went; None while that cannot be told."""
        with self._lock:
            seconds, amount = self._work.get(self.what, (0.0, 0))
            if seconds < ENOUGH_SECONDS or amount == 0:
                return None
            ahead = sum(self._ahead) if self.what == "simulating" else 0
            return (self.amount - self.done + ahead) * seconds / amount

    @property
    def words(self) -> str:
        """What is being done, and how long it will take."""
        if not self.what:
            return "Laying out all designs within the limits ..."
        left = self.seconds_left
        if self.what == "screening":
            more = f": {roughly(left)}, then the simulations" if left is not None else ""
            return f"{DOING[self.what]} ({count_of(self.amount, 'design')}){more} ..."
        more = f": {roughly(left)} more on this computer" if left is not None else ""
        return f"{DOING[self.what]}{more} ..."


def roughly(seconds: float) -> str:
    """A time that is not known to the second: "about 40 seconds", "about 3 minutes"."""
    if seconds < 10:
        return "some seconds"
    if seconds < 55:
        return f"about {10 * math.ceil(seconds / 10)} seconds"
    return f"about {count_of(math.ceil(seconds / 60 - 0.25), 'minute')}"
