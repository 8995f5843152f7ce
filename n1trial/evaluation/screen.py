"""Designs by closed form: what each would detect, how often it would raise a false alarm, without simulating."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import groupby

import numpy as np

from n1trial.analysis.daily.random_walk import RESPONSE_DAYS
from n1trial.arrays import Floats
from n1trial.design.layout import Layout
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
    patient_of = lru_cache(maxsize=None)(partial(expected_patient, scenario))
    for layout, group in groupby(candidates, key=_without_run_in):
        judge_of = lru_cache(maxsize=None)(partial(_judge, Courses.of(layout), patient_of, scenario, plan))
        powers: dict[tuple[int, int, str], Sequence[float]] = {}
        for candidate in group:
            # an open run-in leaves the closed forms as they are
            run_in_days = candidate.layout.placebo_run_in_days
            key = run_in_days, candidate.discard_days, candidate.method
            if key not in powers:
                powers[key] = judge_of(run_in_days).power(candidate, effects)
            power, type_1 = powers[key]
            yield ScreenResult(candidate, power, type_1)


def _without_run_in(candidate: Candidate) -> Layout:
    return replace(candidate.layout, run_in_days=0, run_in="open")


def _judge(
    courses: Courses,
    patient_of: Callable[[int, int], ExpectedPatient],
    scenario: Scenario,
    plan: Plan,
    run_in_days: int,
) -> _Layout:
    return _Layout(courses, patient_of(courses.layout.treated_days, run_in_days), scenario, plan)


class _Layout:
    """One layout, with what all analyses of it share."""

    def __init__(self, courses: Courses, patient: ExpectedPatient, scenario: Scenario, plan: Plan) -> None:
        self._courses, self._patient, self._plan = courses, patient, plan
        treatment = scenario.treatment
        self._truly = TimeCourse(treatment.onset_days, treatment.offset_days, patient.adherence)
        self._taken = TimeCourse(plan.assumed_onset_days, plan.assumed_offset_days, patient.adherence)
        self._planned = TimeCourse(plan.assumed_onset_days, plan.assumed_offset_days)
        self._exposures: dict[TimeCourse, Floats] = {}

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
                return daily_power(courses, ModelDays(courses.treatment, truly, usable, gap), patient, plan, effects)
            case "exposure" | "course" as form:
                is_course = form == "course"
                companions = self._companions if is_course else self._companions[:1]
                unsteady = self._unsteadiness if patient.adherence < 1 else None
                model = ModelDays(self._exposure(self._taken), truly, None, 1, companions, unsteady, is_course)
                return daily_power(courses, model, patient, plan, effects)
        raise ValueError(f"method must be one that can be screened, but is {candidate.method!r}")

    @property
    def _companions(self) -> tuple[Floats, Floats]:
        """A trend, which costs `course` what its slow wandering does, and the middle one of its placebo courses."""
        days = np.arange(self._courses.layout.treated_days, dtype=np.float64)[:, np.newaxis]
        since_first = days + 1 + self._patient.run_in_placebo.size
        return days / 7, 1 - np.exp(-since_first / RESPONSE_DAYS[1])

    @property
    def _unsteadiness(self) -> Floats:
        return self._courses.unsteadiness(self._taken, self._patient.noise.single_process[1])

    def _exposure(self, course: TimeCourse) -> Floats:
        if course not in self._exposures:
            self._exposures[course] = self._courses.exposure(course)
        return self._exposures[course]
