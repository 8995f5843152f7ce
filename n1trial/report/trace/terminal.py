"""One simulated patient's story for readers: who it is, what happened, and what the trial would have said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Estimates, Status
from n1trial.diary.plan import Plan
from n1trial.evaluation.tally import detects
from n1trial.patient.placebo import CANNOT_TELL
from n1trial.report.lines import label_lines, wrap
from n1trial.report.sentences import NO_CONTROL, assumed_in_words
from n1trial.report.words import capital, days_or_weeks, do_in_words, does_in_words, layout_in_words
from n1trial.simulation.life import Life
from n1trial.simulation.story import Event

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HEADINGS = ("run-in", "first day", "washout", "change-over", "next period")
"""Kinds of event before which the list leaves a line free."""


def story_in_words(life: Life, events: Sequence[Event]) -> str:
    """Tell the story of a simulated patient.

    Returns
    -------
    str
        Lines of at most 100 characters, ending with a newline.
    """
    return "\n".join([*_who(life), *_what(events), "", *_summary(life)]) + "\n"


def week_of(day: int) -> str:
    """Number the week of the trial that a day is in, from 1; days before the first blinded one are the run-in's."""
    return f"{day // 7 + 1}" if day >= 0 else "run-in"


def _who(life: Life) -> Iterator[str]:
    scenario = life.scenario
    yield f"Simulated patient {life.replicate} of {scenario.name}, seed {life.seed}"
    yield from wrap(layout_in_words(scenario), "  ")
    lasting = do_in_words(life.placebo_response, life.scenario.outcome.unit)
    response = f"the response to being treated to {lasting} under blinding{_openly(life)}"
    yield from label_lines("  Who it is", f"{assumed_in_words(life)}, and {response}.")
    if scenario.design.layout == "open-label":
        yield from label_lines("  ", f"{NO_CONTROL}.")
    else:
        yield from label_lines("  Order drawn", ", ".join(f"{name} {length}" for name, length in _periods(life)))


def _openly(life: Life) -> str:
    is_open = life.scenario.design.layout == "open-label" and life.placebo_response != 0
    return ", and twice that much here, where the patient knows what is taken" if is_open else ""


def _periods(life: Life) -> Iterator[tuple[str, str]]:
    """Tell treatment and length of each period."""
    for period in range(1, int(life.period.max()) + 1):
        days = np.flatnonzero(life.period == period)
        yield _name(life, int(life.treatment[days[0]])), days_or_weeks(len(days))


def _what(events: Iterable[Event]) -> Iterator[str]:
    """Write a line for each day on which something happened."""
    yield ""
    yield "  day       week"
    for day, held in groupby(events, key=lambda event: event.day):
        of_day = list(held)
        if of_day[0].kind in HEADINGS and of_day[0].kind != "run-in":
            yield ""
        text = "; ".join(event.text for event in of_day)
        first = f"{day:5}  {WEEKDAYS[day % 7]}  {week_of(day):>6}  "
        yield from wrap(capital(text), first)


def _summary(life: Life) -> Iterator[str]:
    """Say what the trial came to."""
    treated = life.day >= 0
    planned, written = int(treated.sum()), int((treated & ~np.isnan(life.score)).sum())
    filled = int(life.is_filled.sum())
    copied = f", {filled} of them filled in later" if filled else ""
    yield from label_lines("  Entries", f"{written} of {planned} written{copied}, from the first blinded day on")
    yield from label_lines("  Doses", _doses(life))
    yield from label_lines("  Built up", _built_up(life))
    if life.scenario.design.layout == "crossover":
        yield from label_lines("  Guesses", _guesses(life))
    yield from label_lines("  Analysis", _analysis(life))


def _doses(life: Life) -> str:
    due = life.is_due & life.is_recorded
    active = due & (life.treatment == 1)
    taken = {name: int((days & life.is_taken).sum()) for name, days in (("all", due), ("active", active))}
    drug = f"{taken['active']} of {int(active.sum())} of {life.scenario.treatment.name}"
    if life.scenario.design.layout == "open-label":
        return f"{drug} taken"
    return f"{taken['all']} of {int(due.sum())} taken, {drug}"


def _built_up(life: Life) -> str:
    kept = life.is_recorded
    ends = [np.flatnonzero(kept & (life.period == period))[-1] for period in np.unique(life.period[kept]) if period > 0]
    shares = ", ".join(f"{_name(life, int(life.treatment[end]))} {100 * life.exposure[end]:.0f}%" for end in ends)
    return f"share of the effect present as each period ended: {shares}"


def _guesses(life: Life) -> str:
    truth = {int(day): int(treatment) for day, treatment in zip(life.day, life.treatment, strict=True)}
    sure = {day: guess for day, guess in life.guesses.items() if guess != CANNOT_TELL}
    right = sum(guess == truth[day] for day, guess in sure.items())
    return f"{right} right, {len(sure) - right} wrong, {len(life.guesses) - len(sure)} times could not tell"


def _analysis(life: Life) -> str:
    plan, drug = life.diary.plan, life.scenario.treatment.name
    estimates = analyze(life.diary)
    if not estimates.is_estimable[0]:
        return f"{estimates.method}: no answer. {Status(estimates.status[0]).advice}"
    change = "better" if plan.benefit_sign * float(estimates.estimate[0]) > 0 else "worse"
    if not detects(estimates, plan)[0]:
        verdict = "no difference is shown"
    elif life.scenario.design.layout == "open-label":
        verdict = f"the score is {change} than before, from whatever cause"
    else:
        verdict = f"the score is shown to be {change} on {drug}"
    unit = life.scenario.outcome.unit
    truth = does_in_words(life.effect, unit)
    return f"{estimates.method}: {verdict} ({_figures(estimates, plan, unit)}). In truth {drug} {truth}."


def _figures(estimates: Estimates, plan: Plan, unit: str) -> str:
    level = 100 * (1 - 2 * plan.alpha / plan.sides)
    low, high, estimate = (
        f"{float(value[0]):+.2f}" for value in (estimates.ci_low, estimates.ci_high, estimates.estimate)
    )
    return f"{estimate} {unit}, {level:g}% interval {low} to {high}, p = {estimates.p_value[0]:.2g}"


def _name(life: Life, treatment: int) -> str:
    return life.scenario.treatment.name if treatment == 1 else life.scenario.control.name
