"""What one analysis of a diary answers, for a clinician: what was seen first, then what is reckoned from it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from n1trial.analysis import Estimates, Status
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan
from n1trial.evaluation.ending import Ending, Kind, difference_seen, ending_of
from n1trial.evaluation.reach import why_never
from n1trial.evaluation.tally import detects
from n1trial.report.conclusion_parts import Answer
from n1trial.report.words import count_of, points

ENDLESS = {-math.inf: "lower by any amount", math.inf: "higher by any amount"}
"""What the end of an interval is called that does not end."""

OUTCOMES: dict[tuple[Kind, bool], str] = {
    ("unlikely", True): "A worthwhile benefit is unlikely",
    ("unlikely", False): "No difference is shown",
    ("unclear", True): "Not clear",
    ("unclear", False): "Not clear",
}
"""What an analysis comes to that shows no difference, by its ending and whether there is a plan."""


def answer_of(
    method: str, estimates: Estimates, diary: Diary, names: tuple[str, str], *, has_plan: bool = True
) -> Answer:
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

    Returns
    -------
    Answer
    """
    status = Status(estimates.status[0])
    if not status.is_estimable:
        return Answer(method, (), "No answer.", status.advice)
    plan, ending = diary.plan, ending_of(estimates, diary)
    is_agreed = has_plan and estimates.estimand != "none"  # what is worthwhile, of a trial that can tell
    outcome = "A difference is shown" if detects(estimates, plan)[0] else OUTCOMES[ending.kind, is_agreed]
    boundary = f"The estimate cannot be relied on. {status.advice}" if status == Status.AT_BOUNDARY else ""
    meaning = _meaning(ending, estimates, plan, names[0], is_agreed=is_agreed)
    advice = " ".join(part for part in (meaning, boundary) if part)
    return Answer(method, tuple(_sentences(estimates, diary, names)), f"{outcome} (p {p_of(estimates, '= ')}).", advice)


def _meaning(ending: Ending, estimates: Estimates, plan: Plan, drug: str, *, is_agreed: bool) -> str:
    """What an ending means, and what it does not; nothing where a difference is shown and that is all."""
    least = f"{points(plan.mcid)} or more{'' if is_agreed else ' (nothing was agreed beforehand)'}"
    if ending.kind == "unlikely" and (ending.is_benefit_shown or not detects(estimates, plan)[0]):
        small = "The benefit is a small one: the" if ending.is_benefit_shown else "The"
        agreed = ", which was called worthwhile beforehand" if is_agreed else ""
        harm = f" The score is shown to be worse on {drug}." if ending.is_harm_shown else ""
        return f"{small} interval excludes a benefit of {least}{agreed}.{_held_against(ending)}{harm}"
    if ending.kind != "unclear":
        return ""
    worthwhile = f"a worthwhile one ({least})" if is_agreed else f"one of {least}"
    never = why_never(plan, estimates.method)
    because = (
        f"No effect, however large, could have been shown: {never}."
        if never
        else f"The entries go with no benefit as well as with {worthwhile}.{_held_against(ending)}"
    )
    return f"{because} This does not show that {drug} does not work for this patient."


def _held_against(ending: Ending) -> str:
    """What the interval of a contrast was held against, where these periods see less than the full effect."""
    if ending.share_seen >= 0.995:
        return ""
    return (
        f" These periods can see {ending.share_seen:.0%} of the full effect, so the interval was held against"
        f" {points(float(f'{ending.worthwhile:.2g}'))}."
    )


def _sentences(estimates: Estimates, diary: Diary, names: tuple[str, str]) -> Iterator[str]:
    """The difference seen, the full effect where the analysis reckons it back, and the interval."""
    drug, control = names
    estimate, low, high = (float(values[0]) for values in (estimates.estimate, estimates.ci_low, estimates.ci_high))
    seen, days = difference_seen(diary), diary.plan.discard_days
    if estimates.estimand != "none":
        settled = f", without the first {count_of(days, 'day')} of each period," if days else ""
        if seen is not None:
            yield f"On {drug} the score{settled} was {_direction(seen)} than on {control}."
    if estimates.estimand == "full effect":
        yield from _reckoned_back(estimate, (low, high), drug)
    elif estimates.estimand == "contrast" and (seen is None or _direction(seen) != _direction(estimate)):
        yield f"By this analysis it was {_direction(estimate)} in these periods."
    elif estimates.estimand == "none":
        yield f"On {drug} the score was {_direction(estimate)} than in the run-in, from whatever cause."
    yield _interval_in_words(low, high, diary.plan)


def _reckoned_back(estimate: float, ends: tuple[float, float], drug: str) -> Iterator[str]:
    """The full effect, which nobody saw; no number where the entries go with any."""
    endless = sum(map(math.isinf, ends))
    if endless == 2:
        yield "How large the full effect is, all doses taken and built up, cannot be reckoned back from the entries."
        return
    yield (
        f"Reckoned back from the entries, as if all doses were taken and the effect had built up, {drug} is estimated"
        f" to make the score {_direction(estimate)}."
    )
    if endless == 1:
        yield "This estimate cannot be relied on: its interval has no end on one side."


def _direction(difference: float) -> str:
    shown = float(f"{abs(difference):.2g}")
    if shown == 0:
        return "no different"
    return f"{points(shown)} {'lower' if difference < 0 else 'higher'}"


def _interval_in_words(low: float, high: float, plan: Plan) -> str:
    if math.isinf(low) and math.isinf(high):
        return (
            "Nothing is excluded: too few of the orders that could have been drawn differ within what was written, so"
            " the interval has no ends."
        )
    ends = [ENDLESS.get(end) or _direction(end) for end in (low, high)]
    return f"The entries go with anything from {ends[0]} to {ends[1]} ({level(plan)} interval)."


def level(plan: Plan) -> str:
    """Level of the interval that agrees with the plan's test."""
    return f"{100 * (1 - 2 * plan.alpha / plan.sides):g}%"


def p_of(estimates: Estimates, equals: str = "") -> str:
    """The p-value as it is written, with `equals` before it unless it is below what is written."""
    value = float(estimates.p_value[0])
    return f"{equals}{value:.3f}" if value >= 0.001 else "< 0.001"
