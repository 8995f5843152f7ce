"""The simulated patient of docs/patient-model.md again: one replicate, one day and one number at a time.

Slow and obvious on purpose, and written from that page alone: what it and the engine agree on, the page says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scipy.special import ndtr, ndtri

from tests.reference.life import Day, Draws, Life, calendar

if TYPE_CHECKING:
    from n1trial.scenario.model.outcome import Secondary
    from n1trial.scenario.scenario import Scenario


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def share_of_a_day(time_constant_days: float) -> float:
    return 1.0 if time_constant_days == 0 else 1 - math.exp(-1 / time_constant_days)


class Twin:
    """One patient, living through one trial."""

    def __init__(
        self, scenario: Scenario, order: Sequence[bool], shift: Sequence[int], draws: Draws, effect: float | None
    ) -> None:
        self.scenario = scenario
        self.draws = draws
        self.life = Life(days=calendar(scenario, order, shift))
        self.is_open_label = scenario.design.layout == "open-label"
        self.sign = 1.0 if scenario.outcome.better == "lower" else -1.0
        self.first, self.last = self.life.days[0].day, self.life.days[-1].day
        self.first_dose_day = self.first if scenario.design.run_in == "placebo" else 0

        self.exposure = 0.0
        self.dose_was_taken = False
        self.belief = 0.5
        self.raw_course = 0.0
        self.noise = 0.0
        self.noise_innovation = 0.0
        self.drift = 0.0
        self.load = {trigger.name: 0.0 for trigger in scenario.trigger}
        self.secondary_noise: dict[str, float | None] = {outcome.name: None for outcome in scenario.secondary}
        self.last_gap_day = -1
        self.last_value: float | None = None
        self.mean_of_week: float | None = None
        self.mean_of_all: float | None = None

        self.life.secondary = {outcome.name: [] for outcome in scenario.secondary}
        self.life.effect = self.draw_effect() if effect is None else effect
        self.life.placebo_response = self.draw_placebo_response()
        self.shifts = self.draw_shifts()
        self.life.tell_days = self.draw_tell_days()

    def note(self, kind: str, distance: float) -> None:
        """Remember how near a decision of some kind came to going the other way."""
        self.life.margins[kind] = min(abs(distance), self.life.margins.get(kind, math.inf))

    def happens(self, stream: str, chance: float) -> bool:
        """Tell whether the next uniform number is below a chance."""
        number = self.draws.next(stream)
        self.note(stream, number - chance)
        return number < chance

    def whole(self, kind: str, value: float) -> int:
        """Round down."""
        self.note(kind, value - round(value))
        return math.floor(value)

    def round_and_clip(self, kind: str, value: float, scale: Sequence[float], step: float) -> float:
        """Write a value down on its scale."""
        low, high = scale
        if step > 0:
            multiple = (value - low) / step
            self.note(kind, multiple - math.floor(multiple) - 0.5)
            value = low + step * round(multiple)  # Python rounds halves to the even number
        return min(max(value, low), high)

    # Before the first day -------------------------------------------------------------------------------------------

    def draw_effect(self) -> float:
        treatment = self.scenario.treatment
        responds = treatment.responders == 1 or self.happens("responder", treatment.responders)
        deviation = treatment.effect_sd * self.draws.next("effect") if treatment.effect_sd > 0 else 0.0
        return treatment.effect + deviation if responds else 0.0

    def draw_placebo_response(self) -> float:
        placebo = self.scenario.placebo
        deviation = placebo.response_sd * self.draws.next("placebo response") if placebo.response_sd > 0 else 0.0
        return placebo.response + deviation

    def draw_shifts(self) -> list[float]:
        """Draw a shift for each stretch of the patient's life, or for each planned one."""
        patient, design = self.scenario.patient, self.scenario.design
        if patient.period_sd == 0:
            return [0.0] * (self.last + 1)
        if patient.period_shift_follows == "nature":
            self.begin_stretches_of_life()
            stretches = math.ceil((len(self.life.days) + patient.shift_days - 1) / patient.shift_days)
        else:
            washout_days = 0 if design.layout == "open-label" else design.washout_days
            stretches = math.ceil((self.last + 1) / (design.period_days + washout_days))
        return [patient.period_sd * self.draws.next("period shift") for _ in range(stretches)]

    def begin_stretches_of_life(self) -> None:
        """Place the trial within the stretches of the patient's life: the first began some days before it."""
        shift_days = self.scenario.patient.shift_days
        phase = self.whole("period shift phase", self.draws.next("period shift phase") * shift_days)
        for number, today in enumerate(self.life.days):
            today.shift_number = (number + phase) // shift_days

    def draw_tell_days(self) -> list[int | None]:
        """Draw whether and when each period gives itself away."""
        blinding = self.scenario.blinding
        openings = [today for today in self.life.days if today.day_of_period == 0]
        if self.is_open_label or (blinding.side_effect == 0 and blinding.nocebo == 0):
            return [None] * len(openings)
        tell_days: list[int | None] = []
        for opening in openings:
            tells = self.happens("tell-tale", blinding.side_effect if opening.treatment else blinding.nocebo)
            tell_day = self.whole("tell-tale day", self.draws.next("tell-tale day") * opening.period_length)
            tell_days.append(tell_day if tells else None)
        return tell_days

    # The day --------------------------------------------------------------------------------------------------------

    def live(self) -> Life:
        for today in self.life.days:
            today.dropped = self.life.dropout_day is not None and today.day >= self.life.dropout_day
            self.midnight(today)
            self.morning(today)
            self.noon(today)
            self.evening(today)
            if today.day >= 0:
                self.night(today)
        return self.life

    def midnight(self, today: Day) -> None:
        """Turn the page of the calendar."""
        leak = self.scenario.blinding.leak
        if today.is_start:
            self.belief = 0.5 + leak / 2 if today.treatment else 0.5 - leak / 2
        if self.is_open_label and today.day >= 0:
            self.belief = 1.0
        today.shift = 0.0 if today.shift_number is None else self.shifts[today.shift_number]

    def morning(self, today: Day) -> None:
        self.read_diary(today)
        if today.day >= 0:
            self.take_dose(today)
            self.absorb(today)
            self.learn(today)
        today.exposure, today.belief = self.exposure, self.belief
        if today.day >= self.first_dose_day:
            self.respond_to_placebo(today)

    def noon(self, today: Day) -> None:
        """Meet the day's triggers."""
        for trigger in self.scenario.trigger:
            hit = 1.0 if self.happens(f"trigger {trigger.name}", trigger.days_per_week / 7) else 0.0
            remains = self.load[trigger.name] * math.exp(-1 / trigger.fade_days) if trigger.fade_days > 0 else 0.0
            self.load[trigger.name] = max(hit, remains)
        today.load = dict(self.load)

    def evening(self, today: Day) -> None:
        self.make_noise(today)
        today.latent = self.score(today)
        diary_sd = self.scenario.patient.diary_sd
        value = today.latent + (diary_sd * self.draws.next("diary noise") if diary_sd > 0 else 0.0)
        value = self.round_and_clip("score", value, self.scenario.outcome.scale, self.scenario.outcome.step)
        self.write(today, value)
        for outcome in self.scenario.secondary:
            self.write_secondary(today, outcome)

    def night(self, today: Day) -> None:
        self.begin_gap(today)
        self.leave(today)
        if not self.is_open_label:
            self.guess(today)

    # Morning --------------------------------------------------------------------------------------------------------

    def read_diary(self, today: Day) -> None:
        """Work out what the diary says so far: the mean of the last seven days and the mean of all."""
        entries = [past for past in self.life.days if 0 <= past.day < today.day and past.written is not None]
        every = [past.written for past in entries if past.written is not None]
        week = [past.written for past in entries if past.day >= today.day - 7 and past.written is not None]
        self.mean_of_all = sum(every) / len(every) if every else None
        self.mean_of_week = sum(week) / len(week) if len(week) >= 3 else None

    def take_dose(self, today: Day) -> None:
        conduct = self.scenario.conduct
        if conduct.adherence < 1 or conduct.adherence_weekend_drop > 0:
            is_weekend = today.day % 7 in (5, 6)
            chance = conduct.adherence - (conduct.adherence_weekend_drop if is_weekend else 0.0)
            today.taken = self.happens("dose", chance)
        if today.period > 0 and today.treatment:
            if today.day_of_period % self.scenario.treatment.every_days == 0:
                self.dose_was_taken = today.taken
            today.dose_in_effect = self.dose_was_taken

    def absorb(self, today: Day) -> None:
        """Move exposure toward the dose in effect."""
        treatment = self.scenario.treatment
        dose = 1.0 if today.dose_in_effect else 0.0
        time_constant = treatment.onset_days if dose > self.exposure else treatment.offset_days
        self.exposure += (dose - self.exposure) * share_of_a_day(time_constant)

    def learn(self, today: Day) -> None:
        """Let belief follow the diary, or a tell-tale effect of an earlier day of the period."""
        if self.is_open_label:
            return
        tell_day = self.life.tell_days[today.period - 1] if today.period > 0 else None
        if tell_day is not None and today.day_of_period > tell_day:
            self.belief = 1.0
            return
        learning = self.scenario.blinding.learning
        if learning > 0 and self.mean_of_week is not None and self.mean_of_all is not None:
            better_by = self.sign * (self.mean_of_all - self.mean_of_week) / self.scenario.patient.daily_sd
            self.belief += learning * (logistic(better_by) - self.belief)

    def respond_to_placebo(self, today: Day) -> None:
        placebo = self.scenario.placebo
        days_since = today.day - self.first_dose_day
        if placebo.shape == "gompertz":
            floor = math.exp(-placebo.displacement)
            grown = math.exp(-placebo.displacement * math.exp(-placebo.rate_per_week * days_since / 7))
            course = (grown - floor) / (1 - floor)
        else:
            self.raw_course += (1 - self.raw_course) * share_of_a_day(placebo.onset_days)
            course = self.raw_course
        if placebo.fade_days > 0:
            course *= math.exp(-days_since / placebo.fade_days)
        today.placebo_course = course

    # Evening --------------------------------------------------------------------------------------------------------

    def make_noise(self, today: Day) -> None:
        patient = self.scenario.patient
        innovation = self.draws.next("noise")
        if today.day == self.first:
            if patient.enrolled_when_worse is not None:
                tail = self.draws.next("noise start") * ndtr(-patient.enrolled_when_worse)
                innovation = self.sign * -float(ndtri(tail))
            self.noise = patient.daily_sd * innovation
        else:
            fresh = patient.daily_sd * math.sqrt(1 - patient.autocorrelation**2)
            self.noise = patient.autocorrelation * self.noise + fresh * innovation
            if patient.drift_sd > 0:
                self.drift += patient.drift_sd * self.draws.next("drift")
        self.noise_innovation = innovation
        today.noise, today.drift = self.noise, self.drift

    def from_triggers(self, today: Day) -> float:
        return sum(trigger.effect * today.load[trigger.name] for trigger in self.scenario.trigger)

    def score(self, today: Day) -> float:
        patient = self.scenario.patient
        score = patient.baseline + patient.trend_per_week * today.day / 7
        score += patient.weekly_amplitude * math.cos(2 * math.pi * (today.day % 7 - 5) / 7)
        score += self.life.effect * today.exposure
        score += self.life.placebo_response * today.placebo_course * today.belief / 0.5
        score += today.shift + today.noise + today.drift
        return score + self.from_triggers(today)

    def write(self, today: Day, value: float) -> None:
        """Write the day's entry, lose it, or fill it in later with the last value."""
        conduct, patient = self.scenario.conduct, self.scenario.patient
        is_lost = False
        if today.day >= 0:
            today.in_gap = today.day <= self.last_gap_day
            is_lost = today.in_gap
            if conduct.missing > 0:
                odds = math.log(conduct.missing / (1 - conduct.missing))
                odds += conduct.missing_growth_per_week * today.day / 7
                odds += conduct.missing_when_worse * self.sign * (today.latent - patient.baseline) / patient.daily_sd
                is_lost = self.happens("missing", logistic(odds)) or is_lost
            is_fallible = conduct.missing > 0 or conduct.gaps_per_month > 0
            is_filled = is_fallible and conduct.backfilled > 0 and self.happens("backfilled", conduct.backfilled)
        if today.dropped:
            return
        if not is_lost:
            today.written = value
        elif is_filled:
            today.written = self.last_value
        if today.written is not None:
            self.last_value = today.written

    def write_secondary(self, today: Day, outcome: Secondary) -> None:
        if (today.day + 1) % outcome.every_days != 0:
            return
        independent = self.draws.next(f"noise of secondary {outcome.name}")
        noise = outcome.correlation * self.noise_innovation + math.sqrt(1 - outcome.correlation**2) * independent
        before = self.secondary_noise[outcome.name]
        if before is not None:
            noise = outcome.autocorrelation * before + math.sqrt(1 - outcome.autocorrelation**2) * noise
        self.secondary_noise[outcome.name] = noise

        planned = self.scenario.treatment.effect
        ratio = 1.0 if planned == 0 else self.life.effect / planned
        value = outcome.baseline + outcome.effect * ratio * today.exposure
        value += outcome.placebo_response * today.placebo_course * today.belief / 0.5
        value += outcome.daily_sd * noise + outcome.trigger_scale * self.from_triggers(today)
        if outcome.diary_sd > 0:
            value += outcome.diary_sd * self.draws.next(f"diary noise of secondary {outcome.name}")
        value = self.round_and_clip(f"secondary {outcome.name}", value, outcome.scale, outcome.step)
        self.life.secondary[outcome.name].append((today.day, None if today.dropped else value))

    # Night ----------------------------------------------------------------------------------------------------------

    def begin_gap(self, today: Day) -> None:
        """Begin a gap tomorrow, unless one covers tomorrow already."""
        conduct = self.scenario.conduct
        if conduct.gaps_per_month == 0:
            return
        begins = self.happens("gap", conduct.gaps_per_month / 30)
        number = self.draws.next("gap length")
        length = 1
        if conduct.gap_days > 1:
            length += self.whole("gap length", math.log(1 - number) / math.log(1 - 1 / conduct.gap_days))
        if begins and self.last_gap_day <= today.day:
            self.last_gap_day = today.day + length

    def leave(self, today: Day) -> None:
        conduct, patient = self.scenario.conduct, self.scenario.patient
        if conduct.dropout_per_week == 0:
            return
        hazard = conduct.dropout_per_week / 7
        if self.mean_of_week is not None:
            worse_by = self.sign * (self.mean_of_week - patient.baseline) / patient.daily_sd
            hazard *= math.exp(conduct.dropout_when_worse * worse_by)
        leaves = self.happens("dropout", 1 - math.exp(-hazard))
        if leaves and self.life.dropout_day is None:
            self.life.dropout_day = today.day + 1

    def guess(self, today: Day) -> None:
        """Ask on the last day of each kit, and on the last of all, what the patient thinks they take."""
        is_last_of_kit = (today.day + 1) % self.scenario.pack.kit_days == 0
        if not is_last_of_kit and today.day != self.last:
            return
        certainty = abs(today.belief - 0.5)
        self.note("certainty", certainty - (0.05 + 1e-9))
        is_tempted_to_pass = self.happens("cannot tell", 0.5)
        says_drug = self.happens("guess", today.belief)
        if today.dropped:
            return
        if certainty <= 0.05 + 1e-9 and is_tempted_to_pass:
            self.life.guesses.append((today.day, "cannot tell"))
        else:
            self.life.guesses.append((today.day, "drug" if says_drug else "control"))


def live(
    scenario: Scenario, order: Sequence[bool], shift: Sequence[int], draws: Draws, effect: float | None = None
) -> Life:
    """Live through one trial.

    Parameters
    ----------
    scenario : Scenario
        Who the patient is and how the trial is laid out; only its keys are read.
    order : sequence of bool
        Whether each period is on the drug; empty in the open-label layout.
    shift : sequence of int
        Days by which each cycle's switch comes later than planned; empty in the open-label layout.
    draws : Draws
        The replicate's random numbers.
    effect : float, optional
        The true effect, where it is held at one number.
    """
    return Twin(scenario, order, shift, draws, effect).live()
