"""The calendar of a trial: run-in, cycles, periods and washouts, before any treatment is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from n1trial.design.randomization import Randomization
from n1trial.errors import InputError


@dataclass(frozen=True)
class Layout:
    """Layout of a trial on the calendar.

    Parameters
    ----------
    kind : {"crossover", "open-label"}
        A blinded crossover, or the drug alone after a run-in.
    run_in_days : int
        Days before the first blinded day, 0 or more.
    run_in : {"open", "placebo"}
        Untreated, or single-blind placebo.
    cycles : int
        Pairs of periods, 1 or more.
    period_days : int
        Length of a period in days; with a randomized switch its mean.
    washout_days : int
        Blinded placebo between periods, not after the last.
    randomization : Randomization or None
        How the order is drawn; None in the open-label layout, where nothing is.

    Raises
    ------
    InputError
        If an argument is outside its range; all faults at once.

    Examples
    --------
    >>> import n1trial
    >>> layout = n1trial.load_scenario("minimal").layout()
    >>> layout.periods, layout.weeks
    (6, 50.0)
    """

    kind: Literal["crossover", "open-label"]
    run_in_days: int
    run_in: Literal["open", "placebo"]
    cycles: int
    period_days: int
    washout_days: int
    randomization: Randomization | None

    def __post_init__(self) -> None:
        scheme = self.randomization
        rules = (
            (self.kind in ("crossover", "open-label"), "kind", '"crossover" or "open-label"', self.kind),
            (self.run_in in ("open", "placebo"), "run_in", '"open" or "placebo"', self.run_in),
            (self.run_in_days >= 0, "run_in_days", "0 or more", self.run_in_days),
            (self.cycles >= 1, "cycles", "1 or more", self.cycles),
            (self.period_days >= 1, "period_days", "1 or more", self.period_days),
            (self.washout_days >= 0, "washout_days", "0 or more", self.washout_days),
            ((scheme is None) == (self.kind == "open-label"),
             "randomization", "a Randomization for a crossover, and None for an open-label layout", scheme),
        )  # fmt: skip
        faults = [
            f"{argument}: must be {rule}, and is {value!r}" for holds, argument, rule, value in rules if not holds
        ]
        if faults:
            raise InputError(faults)

    @property
    def is_open_label(self) -> bool:
        """Whether the drug is given openly and without a control."""
        return self.kind == "open-label"

    @property
    def placebo_run_in_days(self) -> int:
        """Days of the run-in that are blinded placebo."""
        return self.run_in_days if self.run_in == "placebo" else 0

    @property
    def periods(self) -> int:
        """Number of periods: two a cycle, or the one stretch on the drug of the open-label layout."""
        return 1 if self.is_open_label else 2 * self.cycles

    @property
    def cycle_days(self) -> int:
        """Days from the start of one cycle to the start of the next."""
        return 2 * (self.period_days + self.washout_days)

    @property
    def treated_days(self) -> int:
        """Days from the first blinded (or open-label) day to the last of the trial."""
        if self.is_open_label:
            return 2 * self.cycles * self.period_days
        return self.cycles * self.cycle_days - self.washout_days

    @property
    def days(self) -> NDArray[np.int64]:
        """Every day of the trial; 0 is the first blinded day, the run-in is negative. Shape (day,)."""
        return np.arange(-self.run_in_days, self.treated_days)

    @property
    def weeks(self) -> float:
        """Length of the whole trial in weeks, run-in included."""
        return (self.run_in_days + self.treated_days) / 7

    @property
    def shortest_period_days(self) -> int:
        """Length of the shortest period that can be drawn, in days."""
        if self.is_open_label:
            return self.treated_days
        jitter = max(self.randomization.switches) if self.randomization else 0
        return self.period_days - jitter

    @property
    def stretch_of_day(self) -> NDArray[np.int64]:
        """Planned stretch that each day belongs to, from 0; −1 in the run-in. Shape (day,).

        A stretch is a planned period's place on the calendar with the washout after it: illness, season and
        work follow it and not the hidden switch.
        """
        stretch_days = self.period_days + (0 if self.is_open_label else self.washout_days)
        return np.where(self.days < 0, -1, self.days // stretch_days)

    def weeks_on_control(self) -> tuple[float, float]:
        """Return the fewest and most weeks on placebo that an assignment asks for, with washouts and placebo run-in."""
        if self.randomization is None:
            return self.placebo_run_in_days / 7, self.placebo_run_in_days / 7
        washouts = (self.periods - 1) * self.washout_days
        jitter = max(self.randomization.switches)
        middle = self.placebo_run_in_days + washouts + self.cycles * self.period_days
        return (middle - self.cycles * jitter) / 7, (middle + self.cycles * jitter) / 7
