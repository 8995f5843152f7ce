"""A batch of simulated patients: their state, their record, and which processes a scenario needs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from n1trial.arrays import Floats
from n1trial.design.assignment import Assignment
from n1trial.design.schedule import Schedule, period_spans
from n1trial.patient import conduct, drug, noise, placebo, score, secondary, triggers
from n1trial.patient.state import NEVER, Draws, Record, State
from n1trial.scenario.scenario import Scenario


class SimulatedPatient:
    """A batch of simulated patients of one scenario: state, record and the processes that move them.

    Parameters
    ----------
    scenario : Scenario
    schedule : Schedule
        Of as many replicates as `width`, or shared by all.
    assignment : Assignment or None
        None in the open-label layout.
    draws : Draws
        Named streams of random numbers.
    width : int
        Replicates in the batch.
    effect : float or None
        Full effect of the drug in every replicate; None draws it from the prior.

    Attributes
    ----------
    state : State
    record : Record
    processes : list of iterator of float
        Only those that this scenario needs: a feature that is off costs nothing.
    """

    def __init__(
        self,
        scenario: Scenario,
        schedule: Schedule,
        assignment: Assignment | None,
        draws: Draws,
        width: int,
        effect: float | None = None,
    ) -> None:
        self.scenario, self.schedule, self.assignment, self.draws = scenario, schedule, assignment, draws
        self.state = State.at_start(width, triggers=len(scenario.trigger))
        self.record = Record(
            score=np.empty((len(schedule.day), width)), dropout_day=np.full(width, NEVER, dtype=np.int64)
        )
        self._days: list[int] = schedule.day.tolist()
        self._first = int(np.searchsorted(schedule.day, 0))
        self._treated = self._days[self._first :]
        self._entries = self.record.score[self._first :]
        self._set_effect(effect)
        self.processes: list[Iterator[float]] = [
            *self._scores(),
            *self._drug(),
            *self._placebo(),
            *self._belief(),
            *self._noise(),
            *self._triggers(),
            *self._conduct(),
            *self._secondary(),
        ]

    def _set_effect(self, effect: float | None) -> None:
        if effect is not None:
            self.state.effect = np.full(self.state.width, float(effect))
            return
        treatment = self.scenario.treatment
        self.state.effect = drug.draw_effect(
            self.state.width,
            treatment.effect,
            treatment.effect_sd,
            treatment.responders,
            normal=self.draws.normal("effect") if treatment.effect_sd > 0 else None,
            uniform=self.draws.uniform("responder") if treatment.responders < 1 else None,
        )

    def _scores(self) -> Iterator[Iterator[float]]:
        patient, outcome = self.scenario.patient, self.scenario.outcome
        yield score.begin_days(
            self.state, self._days, patient.baseline, patient.trend_per_week, patient.weekly_amplitude
        )
        diary_noise = self.draws.normal("diary noise") if patient.diary_sd > 0 else None
        yield score.rate(
            self.state, self._days, self.record.score, outcome.scale, outcome.step, patient.diary_sd, diary_noise
        )

    def _drug(self) -> Iterator[Iterator[float]]:
        treatment, keeps = self.scenario.treatment, self.scenario.conduct
        misses = keeps.adherence < 1 or keeps.adherence_weekend_drop > 0
        if misses:
            self.record.doses_taken = np.ones(self.record.score.shape, dtype=bool)
        yield drug.take_doses(
            self.state,
            self.schedule,
            treatment.every_days,
            keeps.adherence,
            keeps.adherence_weekend_drop,
            self.draws.uniform("dose") if misses else None,
            self.record.doses_taken,
        )
        yield drug.absorb(self.state, self._treated, treatment.onset_days, treatment.offset_days)

    def _placebo(self) -> Iterator[Iterator[float]]:
        response, design = self.scenario.placebo, self.scenario.design
        self.state.placebo_response += response.response
        if response.response_sd > 0:
            self.state.placebo_response += response.response_sd * self.draws.normal("placebo response")()
        responds = response.response_sd > 0 or response.response != 0
        if not responds and not any(outcome.placebo_response for outcome in self.scenario.secondary):
            return
        first = self._days[0] if design.run_in == "placebo" else 0
        days = self._days[-1] + 1 - first
        yield placebo.respond_to_placebo(self.state, first, placebo.placebo_course(response, days))

    def _belief(self) -> Iterator[Iterator[float]]:
        blinding = self.scenario.blinding
        if self.assignment is None:
            self.state.belief.fill(1.0)
            return
        tells = blinding.side_effect > 0 or blinding.nocebo > 0
        if blinding.leak > 0 or blinding.learning > 0 or tells:
            first = self._days[0] if self.scenario.design.run_in == "placebo" else 0
            yield placebo.start_stretches(self.state, self.schedule, first, blinding.leak)
        if tells:
            yield self._give_away(self.assignment)
        if blinding.learning > 0:
            yield placebo.learn(
                self.state,
                self._treated,
                blinding.learning,
                self.scenario.sign,
                self.scenario.patient.daily_sd,
            )
        yield placebo.guess(
            self.state,
            kit_ends(self._days[-1], self.scenario.pack.kit_days),
            self.draws.uniform("cannot tell"),
            self.draws.uniform("guess"),
            self.record.guess_days,
            self.record.guesses,
        )

    def _give_away(self, assignment: Assignment) -> Iterator[float]:
        blinding = self.scenario.blinding
        start, length = period_spans(self.scenario.layout(), assignment)
        self.record.tell_day = placebo.draw_tell_days(
            assignment.order,
            length,
            blinding.side_effect,
            blinding.nocebo,
            self.draws.uniform("tell-tale"),
            self.draws.uniform("tell-tale day"),
        )
        return placebo.give_away(self.state, start, self.record.tell_day, length)

    def _noise(self) -> Iterator[Iterator[float]]:
        patient = self.scenario.patient
        start = None
        if patient.enrolled_when_worse is not None:
            uniform = self.draws.uniform("noise start")()
            start = noise.truncated_start(uniform, patient.enrolled_when_worse, self.scenario.sign)
        yield noise.autocorrelate(
            self.state, self._days, patient.daily_sd, patient.autocorrelation, self.draws.normal("noise"), start
        )
        if patient.drift_sd > 0:
            yield noise.drift(self.state, self._days, patient.drift_sd, self.draws.normal("drift"))
        if patient.period_sd > 0:
            yield self._period_shifts()

    def _period_shifts(self) -> Iterator[float]:
        follows = self.scenario.patient.period_shift_follows
        if follows == "nature":
            return self._shifts_of_nature()
        stretch = self.scenario.layout().stretch_of_day[self._first :]
        shifts = self._draw_shifts(int(stretch[-1]) + 1)
        if follows == "switch" and self.assignment is not None:
            period = np.maximum.accumulate(self.schedule.period[self._first :], axis=0).astype(np.int64)
            stretch = np.broadcast_to(period - 1, (len(period), self.state.width))
        return noise.shift_periods(self.state, self._treated, stretch, shifts)

    def _shifts_of_nature(self) -> Iterator[float]:
        """Draw shifts of the patient's own life, the first of which began some days before the diary."""
        shift_days = self.scenario.patient.shift_days
        phase = np.floor(shift_days * self.draws.uniform("period shift phase")()).astype(np.int64)
        shifts = self._draw_shifts((len(self._days) + shift_days - 2) // shift_days + 1)
        stretch = (np.arange(len(self._days))[:, np.newaxis] + phase) // shift_days
        return noise.shift_periods(self.state, self._days, stretch, shifts)

    def _draw_shifts(self, stretches: int) -> Floats:
        """Draw a shift a stretch, shape (stretch, replicate)."""
        draw, sd = self.draws.normal("period shift"), self.scenario.patient.period_sd
        return np.stack([sd * draw() for _ in range(stretches)])

    def _triggers(self) -> Iterator[Iterator[float]]:
        for position, trigger in enumerate(self.scenario.trigger):
            yield triggers.pull_trigger(
                self.state,
                self._days,
                position,
                trigger.days_per_week / 7,
                trigger.effect,
                trigger.fade_days,
                self.draws.uniform(f"trigger {trigger.name}"),
                self._boxes(trigger.name),
            )

    def _boxes(self, trigger: str) -> Floats | None:
        """Make room for the diary's boxes of a trigger that is adjusted for, which are empty until they are filled."""
        if trigger not in self.scenario.analysis.adjust:
            return None
        boxes = self.record.triggers[trigger] = np.full(self.record.score.shape, np.nan)
        return boxes

    def _conduct(self) -> Iterator[Iterator[float]]:
        keeps, blinding = self.scenario.conduct, self.scenario.blinding
        if blinding.learning > 0 or (keeps.dropout_per_week > 0 and keeps.dropout_when_worse != 0):
            yield conduct.review_diary(self.state, self._treated, self._entries)
        if keeps.gaps_per_month > 0:
            yield conduct.leave_gaps(
                self.state,
                self._treated,
                keeps.gaps_per_month,
                keeps.gap_days,
                self.draws.uniform("gap"),
                self.draws.uniform("gap length"),
            )
        if keeps.dropout_per_week > 0:
            yield conduct.drop_out(
                self.state,
                self._treated,
                keeps.dropout_per_week,
                keeps.dropout_when_worse,
                lambda: self._worse_by_sd(self.state.recent_mean),
                self.draws.uniform("dropout"),
                self.record.dropout_day,
            )
        loses = keeps.missing > 0 or keeps.gaps_per_month > 0
        if loses or keeps.dropout_per_week > 0:
            yield self._keep_diary(fills=loses and keeps.backfilled > 0)

    def _worse_by_sd(self, scores: Floats) -> Floats:
        """Return how much worse than baseline scores are, in daily SDs."""
        patient = self.scenario.patient
        worse: Floats = self.scenario.sign * (scores - patient.baseline) / patient.daily_sd
        return worse

    def _keep_diary(self, *, fills: bool) -> Iterator[float]:
        keeps = self.scenario.conduct

        def chance(day: int) -> Floats | float:
            worse = self._worse_by_sd(self.state.latent) if keeps.missing_when_worse != 0 else 0.0
            return conduct.chance_missing(
                day, keeps.missing, keeps.missing_growth_per_week, keeps.missing_when_worse, worse
            )

        return conduct.keep_diary(
            self.state,
            self._treated,
            self._entries,
            chance if keeps.missing > 0 else None,
            self.draws.uniform("missing") if keeps.missing > 0 else None,
            keeps.backfilled,
            self.draws.uniform("backfilled") if fills else None,
            self.record.score[self._first - 1] if self._first else None,
        )

    def _secondary(self) -> Iterator[Iterator[float]]:
        planned = self.scenario.treatment.effect
        for position, item in enumerate(self.scenario.secondary):
            outcome = secondary.SecondaryScore(
                item.scale, item.step, item.every_days, item.baseline, item.daily_sd, item.autocorrelation,
                item.diary_sd, item.placebo_response, item.correlation,
            )  # fmt: skip
            own_days = outcome.own_days(self._days)
            scores = np.full((len(own_days), self.state.width), np.nan)
            self.record.secondary[item.name] = (np.array(own_days, dtype=np.int64), scores)
            yield secondary.observe_secondary(
                self.state,
                self._days,
                secondary.hour_of(position),
                outcome,
                secondary.full_effect(item.effect, planned, self.state.effect),
                [item.trigger_scale * trigger.effect for trigger in self.scenario.trigger],
                scores,
                self.draws.normal(f"noise of secondary {item.name}"),
                self.draws.normal(f"diary noise of secondary {item.name}") if item.diary_sd > 0 else None,
            )


def kit_ends(last_day: int, kit_days: int) -> list[int]:
    """List the last day of each kit, counted from day 0; the last kit may be cut short by the end of the trial."""
    ends = list(range(kit_days - 1, last_day + 1, kit_days))
    return ends if ends and ends[-1] == last_day else [*ends, last_day]
