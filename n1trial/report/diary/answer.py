"""What one analysis of a diary answers, for a clinician: what was seen first, then what is reckoned from it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from n1trial.analysis.estimates import Estimates, Status
from n1trial.diary.diary import Diary
from n1trial.evaluation.ending import Ending, Kind, ending_of, plain_difference
from n1trial.evaluation.tally import detects
from n1trial.report.diary.interval import interval_in_words, meaning_of
from n1trial.report.diary.parts import DiaryAnswer
from n1trial.report.rounding import is_nearly, size
from n1trial.report.words import POINTS, count_of, points

OUTCOMES: dict[tuple[Kind, bool], str] = {
    ("unlikely", True): "A worthwhile benefit is unlikely",
    ("unlikely", False): "No difference is shown",
    ("unclear", True): "Not clear",
    ("unclear", False): "Not clear",
}
"""What an analysis comes to that shows no difference, by its ending and whether there is a plan."""


def answer_of(
    method: str,
    estimates: Estimates,
    diary: Diary,
    names: tuple[str, str],
    *,
    has_plan: bool = True,
    unit: str = POINTS,
    is_control_active: bool = False,
) -> DiaryAnswer:
    """Say what one analysis of one patient's diary answers.

    Parameters
    ----------
    method : str
    estimates : Estimates
    diary : Diary
        That was analyzed.
    names : tuple of str
        Of the treatment and its control.
    has_plan : bool
        Whether it was fixed beforehand what is worthwhile.
    unit : str
        What scores are counted in.
    is_control_active : bool
        Whether the control is a drug of its own.
    """
    status = Status(estimates.status[0])
    if not status.is_estimable:
        return DiaryAnswer(method, (), "No answer.", status.advice)
    plan, ending = diary.plan, ending_of(estimates, diary)
    is_agreed = has_plan and estimates.estimand != "none"  # what is worthwhile, of a trial that can tell
    outcome = "A difference is shown" if detects(estimates, plan)[0] else OUTCOMES[ending.kind, is_agreed]
    boundary = f"The estimate cannot be relied on. {status.advice}" if status == Status.AT_BOUNDARY else ""
    meaning = meaning_of(
        ending, estimates, diary, names[0], unit, is_agreed=is_agreed, is_control_active=is_control_active
    )
    advice = " ".join(part for part in (meaning, boundary) if part)
    sentences = tuple(_sentences(estimates, diary, names, ending, unit))
    return DiaryAnswer(method, sentences, f"{outcome} (p {p_of(estimates, '= ')}).", advice)


def _sentences(estimates: Estimates, diary: Diary, names: tuple[str, str], ending: Ending, unit: str) -> Iterator[str]:
    """Word the difference seen, the full effect where the analysis reckons it back, and the interval."""
    drug, control = names
    estimate = float(estimates.estimate[0])
    seen, days = plain_difference(diary), diary.plan.discard_days
    is_one = seen is not None and is_nearly(seen, estimate, diary.plan.mcid)
    settled = f", without the first {count_of(days, 'day')} of each period," if days else ""
    if estimates.estimand == "none":
        yield f"On {drug} the score was {_direction(estimate, unit)} than in the run-in, from whatever cause."
    elif seen is not None:
        number = estimate if is_one and estimates.estimand == "contrast" else seen
        yield f"On {drug} the score{settled} was {_direction(number, unit)} than on {control}."
    if estimates.estimand == "full effect":
        yield from _reckoned_back(estimates, unit, share=seen, is_one=is_one)
    elif estimates.estimand == "contrast" and not is_one:
        yield f"By this analysis it was {_direction(estimate, unit)} in these periods."
    yield interval_in_words(estimates, diary, ending, unit)


def _reckoned_back(estimates: Estimates, unit: str, *, share: float | None, is_one: bool) -> Iterator[str]:
    """Word the full effect, which nobody saw; no number where the diary is compatible with any."""
    endless = sum(math.isinf(float(end[0])) for end in (estimates.ci_low, estimates.ci_high))
    if endless == 2:
        yield "How large the full effect is, all doses taken and built up, cannot be reckoned back from the entries."
        return
    if is_one:
        yield "Reckoned back from the entries, the full effect, all doses taken and built up, is about the same."
    else:
        other = ": another question than what was seen, and so another number" if share is not None else ""
        yield (
            "Reckoned back from the entries, as if all doses were taken and the effect had built up, it would be"
            f" {_direction(float(estimates.estimate[0]), unit)}{other}."
        )
    if endless == 1:
        yield "This estimate cannot be relied on: its interval has no end on one side."


def _direction(difference: float, unit: str) -> str:
    shown = float(size(difference))
    return f"{points(shown, unit)} {'lower' if difference < 0 else 'higher'}" if shown else "no different"


def p_of(estimates: Estimates, equals: str = "") -> str:
    """Write the p-value, with `equals` before it unless it is below what is written."""
    value = float(estimates.p_value[0])
    return f"{equals}{value:.3f}" if value >= 0.001 else "< 0.001"
