"""What everybody may know of a real trial: its scenario, dates, kits and codes, and nothing of who gets what when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from n1trial.design.layout import Layout
from n1trial.diary.stop_rule import StopRule
from n1trial.pack.trial.codes import draw_codes
from n1trial.pack.trial.draws import generator
from n1trial.scenario.check.stopping import stop_rule
from n1trial.scenario.scenario import Scenario


@dataclass(frozen=True)
class Kit:
    """One numbered blinded pack, by default a week's doses.

    Attributes
    ----------
    number : int
        From 1, in the order of use.
    code : str
        On its label.
    replacement : str
        Code of the kit of the same content that takes its place if it is lost.
    first_day, last_day : int
        Days it is for; 0 is the first blinded day.
    """

    number: int
    code: str
    replacement: str
    first_day: int
    last_day: int

    @property
    def codes(self) -> tuple[str, str]:
        """Both codes that its content may bear."""
        return self.code, self.replacement


@dataclass(frozen=True)
class DiarySheet:
    """Days that share a page of the diary: at most a week, never of two kits.

    Attributes
    ----------
    number : int
        From 1.
    first_day, last_day : int
        0 is the first blinded day.
    kit : Kit or None
        None in an untreated run-in.
    """

    number: int
    first_day: int
    last_day: int
    kit: Kit | None

    @property
    def days(self) -> range:
        """Its days."""
        return range(self.first_day, self.last_day + 1)

    @property
    def ends_kit(self) -> bool:
        """Whether the kit is used up on its last day, so that the questions about it are asked."""
        return self.kit is not None and self.kit.last_day == self.last_day


@dataclass(frozen=True)
class Move:
    """Days by which a day of the plan, and all that follow, are later than they were when the pack was made.

    Attributes
    ----------
    first_day : int
        First day that moved: the first of the diary where the trial began later, else the first after a pause.
    days : int
        Never 0; below 0 only for the first day of the diary.
    """

    first_day: int
    days: int


@dataclass(frozen=True, eq=False)
class Trial:
    """A trial on the calendar, blinded.

    Attributes
    ----------
    scenario : Scenario
        A crossover that a pack can be made of (`n1trial.pack.make.rules`).
    start : date
        First day of the diary as the pack was made: of the run-in, or without one of the first kit.
    patient_code : str
        Stands for the patient on every paper; never a name.
    kits : tuple of Kit
        In the order of use.
    is_rehearsal : bool
        Made from a seed that can be guessed: not for a patient.
    rule_on_papers : StopRule or None
        The stop rule where the papers have another than the scenario: those made before it had keys.
    moves : tuple of Move
        What later papers changed of the dates (`n1trial.pack.trial.moves`), by their first day.
    version : int
        Of the dated papers: 1 as the pack was made.
    """

    scenario: Scenario
    start: date
    patient_code: str
    kits: tuple[Kit, ...]
    is_rehearsal: bool
    rule_on_papers: StopRule | None = None
    moves: tuple[Move, ...] = ()
    version: int = 1

    @property
    def stop_rule(self) -> StopRule:
        """When the trial stops because the patient got worse, as the papers say it."""
        return stop_rule(self.scenario) if self.rule_on_papers is None else self.rule_on_papers

    @cached_property
    def layout(self) -> Layout:
        """The calendar of the trial."""
        return self.scenario.layout()

    @property
    def first_kit_day(self) -> int:
        """Day of the first kit: 0, or in a placebo run-in its first day."""
        return first_kit_day(self.layout)

    @property
    def last_day(self) -> int:
        """Last day of the trial."""
        return self.layout.treated_days - 1

    @property
    def first_day(self) -> int:
        """First day of the diary."""
        return -self.layout.run_in_days

    @property
    def first_date(self) -> date:
        """Date of the first day of the diary."""
        return self.date_of(self.first_day)

    @property
    def pauses(self) -> tuple[Move, ...]:
        """Moves after the first day of the diary."""
        return tuple(move for move in self.moves if move.first_day > self.first_day)

    def paused_before(self, day: int) -> int:
        """Count days of all pauses before a day."""
        return sum(move.days for move in self.pauses if move.first_day <= day)

    def date_of(self, day: int) -> date:
        """Return the date of a day; 0 is the first blinded day."""
        moved = sum(move.days for move in self.moves if move.first_day <= day)
        return self.start + timedelta(days=self.layout.run_in_days + day + moved)

    def kit_of(self, day: int) -> Kit | None:
        """Return the kit that a day's doses come from; None in an untreated run-in and outside the trial."""
        if not self.first_kit_day <= day <= self.last_day:
            return None
        return self.kits[(day - self.first_kit_day) // self.scenario.pack.kit_days]

    @cached_property
    def sheets(self) -> tuple[DiarySheet, ...]:
        """Pages of the diary."""
        spans = [(day, 0) for day in range(-self.layout.run_in_days, self.first_kit_day)]
        spans += [(day, kit.number) for kit in self.kits for day in range(kit.first_day, kit.last_day + 1)]
        sheets: list[DiarySheet] = []
        first, length = spans[0], 0
        for (day, kit), after in zip(spans, [*spans[1:], (0, -1)], strict=True):
            length += 1
            if after[1] != kit or length == 7:
                sheets.append(DiarySheet(len(sheets) + 1, first[0], day, self.kits[kit - 1] if kit else None))
                first, length = after, 0
        return tuple(sheets)

    def week_of(self, day: int) -> int:
        """Return the week of the diary that a day is in, from 1, counted from its first day."""
        return (day + self.layout.run_in_days) // 7 + 1

    def takes_dose(self, day: int) -> bool:
        """Whether a dose is due on a day; the same on both treatments."""
        return day >= self.first_kit_day and day % self.scenario.treatment.every_days == 0

    @property
    def doses_per_kit(self) -> int:
        """Dosing days of a kit."""
        return self.scenario.pack.kit_days // self.scenario.treatment.every_days

    @property
    def units_per_kit(self) -> dict[str, int]:
        """Capsules of a kit for each time of day, spare ones included."""
        pack = self.scenario.pack
        needed = self.doses_per_kit * pack.units_per_dose
        # a share such as 0.1 is not exact in binary, and must not add a capsule
        spare = int(np.ceil(round(pack.spare_fraction * needed, 9)))
        return dict.fromkeys(pack.times_of_day, needed + spare)


def first_kit_day(layout: Layout) -> int:
    """Return the day of the first kit: 0, or in a placebo run-in its first day."""
    return -layout.run_in_days if layout.run_in == "placebo" else 0


def blinded_trial(scenario: Scenario, start: date, codes_secret: bytes, *, is_rehearsal: bool) -> Trial:
    """Put the kits on the calendar and draw their codes.

    Parameters
    ----------
    scenario : Scenario
        That a pack can be made of.
    start : date
        First day of the diary.
    codes_secret : bytes
        The secret of the codes; no other secret is needed, so nothing here can depend on the allocation.
    is_rehearsal : bool
    """
    layout, length = scenario.layout(), scenario.pack.kit_days
    first_days = range(first_kit_day(layout), layout.treated_days, length)
    patient, *codes = draw_codes(generator(codes_secret, "codes"), 1 + 2 * len(first_days))
    kits = tuple(
        Kit(number, codes[2 * number - 2], codes[2 * number - 1], day, day + length - 1)
        for number, day in enumerate(first_days, start=1)
    )
    return Trial(scenario, start, patient, kits, is_rehearsal)
