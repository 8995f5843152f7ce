"""Designs by closed form: what each would detect, how often it would raise a false alarm, without simulating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

import numpy as np

from n1trial.diary.methods import method_of
from n1trial.diary.plan import Plan
from n1trial.evaluation.screening.candidate import Candidate, ScreenResult
from n1trial.evaluation.screening.courses import Courses, TimeCourse
from n1trial.evaluation.screening.daily import daily_power
from n1trial.evaluation.screening.expected_patient import ExpectedPatient, expected_patient
from n1trial.evaluation.screening.least_squares import ModelDays
from n1trial.evaluation.screening.paired import paired_power
from n1trial.evaluation.screening.randomized import randomization_power
from n1trial.scenario.scenario import Scenario


def screen(scenario: Scenario, candidates: Iterable[Candidate], benefit: float | None = None) -> Iterator[ScreenResult]:
    """Judge designs by closed forms.

    Parameters
    ----------
    scenario : Scenario
        The patient, the drug, the outcome, alpha and sides; its own design is not looked at.
    candidates : iterable of Candidate
        Quickest where those that share a layout follow each other.
    benefit : float, optional
        Full effect to be detected, positive where better; the smallest worthwhile one by default.

    Yields
    ------
    ScreenResult
        In the order of the candidates.
    """
    plan = scenario.plan()
    effects = (plan.mcid if benefit is None else benefit, 0.0)
    patient_of = lru_cache(maxsize=None)(lambda days: expected_patient(scenario, days))
    for layout, group in groupby(candidates, key=lambda candidate: candidate.layout):
        judge = _Layout(Courses.of(layout), patient_of(layout.treated_days), scenario, plan)
        for candidate in group:
            power, type_1 = judge.power(candidate, effects)
            yield ScreenResult(candidate, power, type_1)


class _Layout:
    """One layout, with what all analyses of it share."""

    def __init__(self, courses: Courses, patient: ExpectedPatient, scenario: Scenario, plan: Plan) -> None:
        self._courses, self._patient, self._plan = courses, patient, plan
        treatment = scenario.treatment
        self._truly = TimeCourse(treatment.onset_days, treatment.offset_days, patient.adherence)
        self._taken = TimeCourse(plan.assumed_onset_days, plan.assumed_offset_days, patient.adherence)
        self._planned = TimeCourse(plan.assumed_onset_days, plan.assumed_offset_days)
        self._exposures: dict[TimeCourse, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}

    def power(self, candidate: Candidate, effects: tuple[float, float]) -> Sequence[float]:
        """Return the chance to detect at each effect."""
        plan = replace(self._plan, discard_days=candidate.discard_days)
        courses, patient, truly = self._courses, self._patient, self._exposure(self._truly)
        match method_of(candidate.method).closed_form:
            case "rounds":
                return paired_power(courses, truly, patient, plan, effects)
            case "orders":
                return randomization_power(courses, self._exposure(self._planned), truly, patient, plan, effects)
            case "days":
                gap = candidate.discard_days + candidate.layout.washout_days + 1
                usable = None if gap == 1 else courses.is_settled(candidate.discard_days)
                return daily_power(
                    courses, ModelDays(courses.treatment, truly, usable, gap, False), patient, plan, effects
                )
            case "exposure":
                taken = self._exposure(self._taken)
                unsteady = self._unsteadiness if patient.adherence < 1 else None
                return daily_power(courses, ModelDays(taken, truly, None, 1, True, unsteady), patient, plan, effects)
        raise ValueError(f"method must be one that can be screened, but is {candidate.method!r}")

    @property
    def _unsteadiness(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return self._courses.unsteadiness(self._taken, self._patient.noise.single_process[1])

    def _exposure(self, course: TimeCourse) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        if course not in self._exposures:
            self._exposures[course] = self._courses.exposure(course)
        return self._exposures[course]
