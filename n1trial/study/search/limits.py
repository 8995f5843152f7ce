"""What a patient will put up with: limits that every design of a search keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from n1trial.design.layout import Layout

LONGEST_WEEKS, LONGEST_DAYS = 520, 3660
"""What the rules of a scenario allow a trial."""


@dataclass(frozen=True)
class Limits:
    """Limits of what a patient will put up with.

    Attributes
    ----------
    weeks : float
        Longest trial, run-in included.
    period_days : int or None
        Longest period that may be drawn; None sets no limit, here and below.
    weeks_on_placebo : float or None
        Most that an assignment may ask for, washouts and placebo run-in included.
    entries : int or None
        Most planned diary entries, run-in included.
    least_run_in_days : int or None
        Shortest run-in; None leaves it to the search, which does without only where the scenario does.

    Examples
    --------
    >>> import n1trial
    >>> n1trial.Limits(weeks=26).admit(n1trial.load_scenario("minimal").layout())
    False
    """

    weeks: float
    period_days: int | None = None
    weeks_on_placebo: float | None = None
    entries: int | None = None
    least_run_in_days: int | None = None

    def admit(self, layout: Layout) -> bool:
        """Whether a layout keeps all limits."""
        longest = 2 * layout.period_days - layout.shortest_period_days
        return (
            layout.weeks <= self.weeks
            and (self.period_days is None or longest <= self.period_days)
            and (self.weeks_on_placebo is None or layout.weeks_on_control()[1] <= self.weeks_on_placebo)
            and (self.entries is None or layout.days.size <= self.entries)
            and (self.least_run_in_days is None or layout.run_in_days >= self.least_run_in_days)
        )
