"""How far a search is, and how long it will take."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from n1trial.report.words import count_of
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Progress
from n1trial.study.search.search import trials_ahead
from n1trial.study.search.simulate import Announce
from n1trial.web.shared.job import Steps

SIMULATING = (
    "Simulating the better designs",
    "Simulating the best of them once more",
    "Simulating the best of them where the patient is not as planned",
    "Simulating those to choose between once more",
)
"""What is simulated, one after the other."""
STRESSING = 3
"""Step of it in which designs are put to the stress, a few at a time."""
NEEDS = "None has a good chance; looking for what it would take"
ENOUGH_SECONDS = 3.0
"""So long must something have gone on before it is said how long it will take."""


class Estimate:
    """State of a search and the time it will take; told by its own thread, read by the page's.

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

    def follow(self, advance: Progress) -> Announce:
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
            if not self._simulations:
                self._rate_seconds, self._rate_amount = 0.0, 0
            self._what, self._amount, self._done, self._since = what, amount, 0, self._clock()
            self._simulations = STRESSING if what == "stressing" else self._simulations + (what == "simulating")

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
            ahead = sum(self._trials_ahead[self._simulations :]) if self._simulations else 0
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
    """Word a time that is not known to the second: "about 40 seconds", "about 3 minutes"."""
    if seconds < 10:
        return "some seconds"
    if seconds < 50:
        return f"about {10 * math.ceil(seconds / 10)} seconds"
    return f"about {count_of(math.ceil(seconds / 60 - 0.25), 'minute')}"
