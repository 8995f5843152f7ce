"""What a diary says, for a clinician: the planned analysis first, and every other one called by its name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.analyze import analyze, sensitivity
from n1trial.analysis.estimates import Estimates, Status
from n1trial.diary.diary import Diary
from n1trial.diary.methods import COURSE, EXPOSURE, METHODS
from n1trial.diary.plan import Plan
from n1trial.evaluation.interval_content import reaches_beyond, room_of
from n1trial.evaluation.prior_conflict import conflicts
from n1trial.evaluation.secondary.result import SecondaryResult
from n1trial.evaluation.tally import adopts
from n1trial.report.diary.answer import answer_of, p_of
from n1trial.report.diary.interval import level
from n1trial.report.diary.parts import AnalysisRow, Conclusions
from n1trial.report.diary.secondary import secondary_in_words
from n1trial.report.words import POINTS, count_of, points, prior_in_words
from n1trial.wording import join_words

ByMethod = Mapping[str, Estimates]
"""What each method concludes of one patient, the primary one first."""


def conclude(
    diary: Diary,
    estimates: ByMethod,
    names: tuple[str, str] = ("the drug", "the control"),
    *,
    has_plan: bool,
    changes: Sequence[str] = (),
    unit: str = POINTS,
    is_control_active: bool = False,
    secondary: Sequence[SecondaryResult] = (),
) -> Conclusions:
    """Say what the analyses of one patient's diary conclude.

    Parameters
    ----------
    diary : Diary
        With its notes, and the plan as it was carried out.
    estimates : mapping of str to Estimates
        By method; with a plan the primary one first.
    names : tuple of str
        Of the treatment and its control.
    has_plan : bool
        Whether the first method and all settings were fixed in advance.
    changes : sequence of str
        Settings that are not as planned, a sentence each.
    unit : str
        What scores are counted in.
    is_control_active : bool
        Whether the control is a drug of its own.
    secondary : sequence of SecondaryResult
        Of the outcomes that the diary has besides.
    """
    method, first = next(iter(estimates.items()))
    rows = tuple(_rows(diary, estimates, has_plan))
    return Conclusions(
        _entries(diary),
        tuple(diary.notes),
        tuple(changes),
        answer_of(method, first, diary, names, has_plan=has_plan, unit=unit, is_control_active=is_control_active),
        _decision(first, diary.plan, names[0], unit) if has_plan else "",
        ("Analysis", "difference", f"{level(diary.plan)} interval", "p", "entries"),
        rows,
        (
            *_unsaid(diary, estimates),
            *_beyond(diary, rows),
            *_remarks(diary.plan, estimates, unit),
            *secondary_in_words(secondary, names),
        ),
        tuple((name, METHODS[name].description) for name in estimates),
    )


def _entries(diary: Diary) -> str:
    within = diary.period[:, 0] > 0
    written = int((within & ~np.isnan(diary.score[:, 0])).sum())
    begun = within & ~np.isnan(diary.score[:, 0])
    periods = np.unique(diary.period[begun, 0])
    on_drug = np.unique(diary.period[begun & (diary.treatment[:, 0] == 1), 0]).size
    plan = diary.plan
    discarded = f" The first {plan.discard_days} days of a period do not count." if plan.discard_days else ""
    needed = f" A period counts from {plan.minimum_days} entries on." if plan.minimum_days > 1 else ""
    return (
        f"{written} of {int(within.sum())} days within periods have an entry; {periods.size} periods have entries,"
        f" {on_drug} of them on the drug.{discarded}{needed}"
    )


def _decision(estimates: Estimates, plan: Plan, drug: str, unit: str) -> str:
    if not Status(estimates.status[0]).is_estimable:
        return f"None: the plan's rule cannot be applied to {drug}."
    least, benefit = f"{plan.decision_threshold:.0%}", f"a benefit above {points(plan.decision_benefit, unit)}"
    rule = (
        f"{_sureness(estimates)} {benefit} is {least} or more"
        if plan.decision_rule == "probability"
        else "an effect in its favor is shown"
    )
    is_adopted = adopts(estimates, plan)[0]
    would = "would be continued" if is_adopted else "would not be continued"
    return f"By the plan's rule (continue {drug} if {rule}) it {would}. A rule does not decide."


def _sureness(estimates: Estimates) -> str:
    """Name what a method gives for a benefit: a probability, or as a test has it, confidence."""
    return "the probability of" if METHODS[estimates.method].has_posterior else "confidence in"


def _rows(diary: Diary, by_method: ByMethod, has_plan: bool) -> Iterator[AnalysisRow]:
    for number, (method, estimates) in enumerate(by_method.items()):
        role = METHODS[method].role if has_plan or METHODS[method].role != "sensitivity" else ""
        yield _row(method, "primary" if has_plan and number == 0 else role, estimates)
        if not METHODS[method].follows_doses:
            continue
        if diary.plan.assumed_onset_days or diary.plan.assumed_offset_days:
            for (onset, offset), changed in sensitivity(diary, method).items():
                yield _row(f"onset x {onset:g}, offset x {offset:g}", "", changed, is_variant=True)
        if diary.unsaid_doses():
            yield _row("doses not said as missed", "", analyze(diary.with_unsaid_missed(), method), is_variant=True)


def _row(analysis: str, role: str, estimates: Estimates, *, is_variant: bool = False) -> AnalysisRow:
    status = Status(estimates.status[0])
    if not status.is_estimable:
        return AnalysisRow(analysis, is_variant, role, gap=status.word.replace("_", " "))
    low, estimate, high = (float(end[0]) for end in (estimates.ci_low, estimates.estimate, estimates.ci_high))
    interval = " to ".join(f"{end:+.2f}" if math.isfinite(end) else "none" for end in (low, high))
    return AnalysisRow(
        analysis, is_variant, role, f"{estimate:+.2f}", interval, p_of(estimates), str(int(estimates.n[0])),
        ends=(low, estimate, high),
    )  # fmt: skip


def _unsaid(diary: Diary, estimates: ByMethod) -> Iterator[str]:
    """Say how an analysis counts doses of which nothing is said."""
    for name in _following_doses(estimates):
        if days := diary.unsaid_doses():
            yield (
                f"doses_taken is empty on {count_of(days, 'day')} with a dose due. An empty cell is neither yes nor"
                f" no: {name} counts these doses as taken, and in the row below it as missed."
            )


def _following_doses(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if METHODS[name].follows_doses)


def _beyond(diary: Diary, rows: Sequence[AnalysisRow]) -> Iterator[str]:
    """Say what an end is worth that the scale has no room for, where a row shows one."""
    room = room_of(diary)
    if any(reaches_beyond(row.ends[0], row.ends[2], room) for row in rows if row.ends is not None):
        yield (
            f"The scale has room for differences from {room[0]:+.2f} to {room[1]:+.2f}. Where an interval reaches"
            " beyond, the diary says next to nothing about how large the difference is on that side."
        )


def _remarks(plan: Plan, by_method: ByMethod, unit: str) -> Iterator[str]:
    """Say what must be said beside the table."""
    answered = {name: estimates for name, estimates in by_method.items() if estimates.is_estimable[0]}
    least = points(plan.mcid, unit)
    chances = [
        f"{name} {_percent(estimates.p_benefit)}, of {least} or more {_percent(estimates.p_worthwhile)}"
        for name, estimates in answered.items()
        if METHODS[name].has_posterior
    ]
    if chances:
        yield f"Probability of a benefit, by {'; '.join(chances)}."
    for name, estimates in answered.items():
        if conflicts(estimates, plan)[0]:
            yield _conflict(name, float(estimates.details["data_estimate"][0]), plan, unit)
    if adjusting := [name for name in answered if plan.adjust and "adjust" in METHODS[name].settings]:
        yield (
            f"Adjusted for {join_words(plan.adjust)}, as planned: {join_words(adjusting)}. An empty box counts as an"
            " average day."
        )
    full = [name for name, estimates in answered.items() if estimates.estimand == "full effect"]
    if full and len(full) < len(answered):
        yield (
            f"The full effect, all doses taken and fully built up, is estimated by {' and '.join(full)}; by the others"
            " the difference that these periods can see of it."
        )
    if any(name != COURSE.name for name in full):
        yield (
            "What else rises or falls over the first weeks, as the response to being treated does, enters the estimate"
            f" of the full effect and, in {EXPOSURE.name}, its interval and probability; the randomization test allows"
            " for it."
        )
    if not (plan.assumed_onset_days or plan.assumed_offset_days):
        for name in _following_doses(answered):
            yield f"No onset and offset are stated, so that {name} takes the effect to come and go at once."
    told = set()
    for name, estimates in by_method.items():
        status = Status(estimates.status[0])
        if name not in answered and status not in told:
            told.add(status)
            yield f"{status.word.replace('_', ' ').capitalize()}: {status.advice}"


def _conflict(name: str, estimate: float, plan: Plan, unit: str) -> str:
    """Say that prior and diary contradict each other."""
    return (
        f"Prior and diary contradict each other: {name} expected {prior_in_words(plan, unit)}, and the diary alone says"
        f" {estimate:+.2f}. Do not go by the estimate and the probability of {name}."
    )


def _percent(probability: NDArray[np.float64]) -> str:
    """Write a percentage that is never rounded to certainty."""
    return f"{min(max(100 * float(probability[0]), 1), 99):.0f}%"
