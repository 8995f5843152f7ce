"""Who gets what when: the assignment that a secret brings back, and what each kit holds by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from n1trial.design.assignment import Assignment
from n1trial.design.schedule import Schedule, lay_out
from n1trial.pack.trial.draws import generator
from n1trial.pack.trial.trial import Kit, Trial
from n1trial.scenario.scenario import Scenario


@dataclass(frozen=True)
class Allocation:
    """Order of the treatments, and the change-over of each cycle.

    Attributes
    ----------
    order : str
        A letter a period: A the treatment, B its control.
    shifts : tuple of int
        Days by which the switch of each cycle is moved from the middle.
    """

    order: str
    shifts: tuple[int, ...]

    @classmethod
    def draw(cls, scenario: Scenario, secret: bytes) -> Allocation:
        """Draw from the scheme of a scenario, every admissible assignment equally likely."""
        randomization = scenario.layout().randomization
        assert randomization is not None
        return cls.of(randomization.draw(generator(secret, "order"), generator(secret, "switch"), 1))

    @classmethod
    def of(cls, one: Assignment) -> Allocation:
        """Make it of an assignment of one replicate."""
        order = "".join("A" if on_drug else "B" for on_drug in one.order[:, 0])
        return cls(order, tuple(int(shift) for shift in one.shift[:, 0]))

    @property
    def assignment(self) -> Assignment:
        """The same as a scheme draws it; of one replicate."""
        order = np.array([[letter == "A"] for letter in self.order])
        return Assignment(order, np.array([[days] for days in self.shifts], dtype=np.int16))

    def schedule(self, scenario: Scenario) -> Schedule:
        """Put it on the calendar; of one replicate."""
        return lay_out(scenario.layout(), self.assignment)


def contents(trial: Trial, allocation: Allocation) -> dict[str, bool]:
    """Whether each kit holds the treatment, by code, replacements included."""
    schedule = allocation.schedule(trial.scenario)
    on_drug = dict(zip(schedule.day.tolist(), (schedule.treatment[:, 0] == 1).tolist(), strict=True))
    return {code: _holds_drug(kit, on_drug) for kit in trial.kits for code in kit.codes}


def _holds_drug(kit: Kit, on_drug: dict[int, bool]) -> bool:
    held = {on_drug[day] for day in range(kit.first_day, kit.last_day + 1)}
    # Whole kits in every period, washout and switch are a condition of packing (`n1trial.pack.make.rules`).
    assert len(held) == 1, "a kit would have to hold both treatments"
    return held.pop()
