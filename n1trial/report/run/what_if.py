"""What would be seen if the drug did this or that: sentences for a clinician, in trials of 100."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from n1trial.analysis.estimates import Status
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.value.meaning import GroupShare, Meaning
from n1trial.report.rates import count, count_of_100, in_100
from n1trial.report.sentences import counts_either_way
from n1trial.report.words import capital, effect_in_words, nothing_in_words, ordinal_rounds, points
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.result import PartialResult, Result

SELDOM = 0.01
VISIBLE = 1.15
"""So many times as large as it is an effect must look to be said to."""


def what_if(result: Result) -> Iterator[str]:
    """Say what would be seen at the worthwhile effect, at the planned one, and at none; and what that would mean."""
    primary, plan = result.figures[result.primary], result.scenario.plan()
    worthwhile, unit = plan.benefit_sign * plan.mcid, result.scenario.outcome.unit
    if (primary["mcid"]["not_estimable"].value or 0.0) > 1 - SELDOM:
        yield f"No trial can be analyzed: {reason_for_no_result(result)}"
        return
    seen = positive(result, primary["mcid"]).value
    does = f"{effect_in_words(worthwhile, unit)}{_as_much_as_established(result, worthwhile)}"
    yield f"If it {does}: {_in_short(result)} in {in_100(seen)} trials.{_further(result)}"
    if planned := as_planned(result.scenario):
        yield f"If it {planned}: {_in_short(result)} in {in_100(positive(result, primary['planned']).value)} trials."
    yield _if_nothing(result)
    if result.verdict.answer != "misleading":
        yield _negative_result(seen, plan.mcid, unit)
        yield from _exaggeration(primary["mcid"]["exaggeration"].value, plan.mcid, unit)
        if result.scenario.decision.rule == "detected":
            yield _smallest_shown(result)
    if (primary["mcid"]["not_estimable"].value or 0.0) >= SELDOM:
        without = in_100(primary["mcid"]["not_estimable"].value)
        yield f"{without} trials end without a result. {why_no_result(result)}"
    yield from _among_finished(result)
    yield from _beliefs(result)


def _among_finished(result: Result) -> Iterator[str]:
    """Say what would be seen in trials that are kept to the end, where some are not; and that it is no promise."""
    finished = result.finished
    if finished is None or not 0 < (finished.share.value or 0.0) < 1:
        return
    seen = finished.adopt if result.scenario.decision.rule == "probability" else finished.detect_right
    yield (
        f"Counting only trials that are kept to the end ({in_100(finished.share.value)}): {_in_short(result)} in"
        f" {in_100(seen.value)}; if it {nothing_in_words(result.scenario)},"
        f" {_all_the_same(result, finished.adopt_null)}."
        " That is no promise: nobody knows beforehand who will stop, and who stays may differ from who stops."
    )


def as_planned(scenario: Scenario) -> str | None:
    """Say what the drug does as planned, to go on after "If it"; None if it is what is just worthwhile, or nothing."""
    plan, planned = scenario.plan(), scenario.treatment.effect
    if planned in (plan.benefit_sign * plan.mcid, 0.0):
        return None
    harm = ", which is worse" if planned * plan.benefit_sign < 0 else ""
    return f"{effect_in_words(planned, scenario.outcome.unit)}{harm}, as planned"


def _in_short(result: PartialResult) -> str:
    if result.scenario.design.layout == "open-label":
        return "an improvement found"
    if result.scenario.decision.rule == "probability":
        return "the drug continued"
    return "shown"


def positive(result: PartialResult, figures: Mapping[str, Figure]) -> Figure:
    """Return the share of trials that speak for the effect, by the decision rule where that goes by a probability."""
    if result.scenario.decision.rule == "probability":
        return figures["adopt"]
    return figures["detect_right"]


def false_alarms(result: PartialResult) -> Figure:
    """Return the share of trials that find an effect, for better or worse, where there is none.

    Where a probability decides, that of trials after which the drug is continued all the same.
    """
    null = result.figures[result.primary]["null"]
    return null["adopt"] if result.scenario.decision.rule == "probability" else null["detect"]


def _if_nothing(result: Result) -> str:
    null = result.figures[result.primary]["null"]
    sentence = f"If it {nothing_in_words(result.scenario)}, {_all_the_same(result, null['adopt'])}"
    return f"{sentence} and {count_of_harm(result)} a harm." if counts_either_way(result) else f"{sentence}."


def count_of_harm(result: PartialResult) -> str:
    """Return how many of 100 trials show a harm where there is no effect."""
    null = result.figures[result.primary]["null"]
    return count_of_100(max((null["detect"].value or 0.0) - (null["adopt"].value or 0.0), 0.0))


def _all_the_same(result: Result, adopted: Figure) -> str:
    """Say how many trials speak for a drug that does nothing, or no more than its control."""
    says, control = in_100(adopted.value), result.scenario.control
    if result.scenario.decision.rule == "probability":
        return f"the drug would be continued in {says} trials all the same"
    if result.scenario.design.layout == "open-label":
        return f"{says} trials would find one all the same"
    return f"{says} trials would wrongly show a benefit{f' over {control.name}' if control.is_active else ''}"


def _negative_result(power: float | None, mcid: float, unit: str) -> str:
    missed = None if power is None else 1 - power
    weight = "mean little" if missed is None or missed > 0.2 else "mean something"
    return f"A negative result would {weight}: {in_100(missed)} trials miss a benefit of {points(mcid, unit)}."


def _exaggeration(times: float | None, mcid: float, unit: str) -> Iterator[str]:
    """Say by how much a trial that shows the benefit overstates it: of weak trials only lucky ones do."""
    if times is not None and times >= VISIBLE:
        seen = points(float(f"{times * mcid:.2g}"), unit)
        yield f"Trials that show it overstate it: a benefit of {points(mcid, unit)} would look like {seen}, on average."


def _smallest_shown(result: Result) -> str:
    smallest = result.smallest_detectable[result.primary][0.8].value
    if smallest is None:
        return f"Even the largest effect would be shown in fewer than {in_100(0.8)} trials."
    size = points(float(f"{smallest:.2g}"), result.scenario.outcome.unit)
    return f"To be shown in {in_100(0.8)} trials the effect would have to be {size}."


def why_no_result(result: Result) -> str:
    """Name the cause without which most trials have a result; where none was looked for, the most frequent reason."""
    lost = result.without_result
    if lost is None or lost.main is None:
        return reason_for_no_result(result)
    first, *others = lost.by_share
    share = lost.causes[first].value or 0.0
    also = [f"{count(lost.causes[name])} {_without_cause(result, name)}" for name in others[:1] if lost.is_most(name)]
    share_text = "All" if share == 1 else in_100(share)
    return f"{'; '.join([f'{share_text} of them would have one {_without_cause(result, first)}', *also])}."


def _without_cause(result: Result, cause: str) -> str:
    """Word a cause of missing results that is taken away."""
    design = result.scenario.design
    return {
        "early_stopping": "if nobody stopped early",
        "missing_entries": "if no entry were missing",
        "missed_doses": "if every dose were taken",
        "guessing": "if nobody could find out what they take",
        "discard_days": "if no settling-in days were left out (discard_days)",
        "minimum_days": "if a period needed one entry only (minimum_days)",
        "few_rounds": f"with {ordinal_rounds(design.cycles, design.block_cycles or 1)}",
    }[cause]


def reason_for_no_result(result: Result) -> str:
    """Name the most frequent reason for no estimate, with what can be done about it."""
    reasons = result.reasons[result.primary]["mcid"]
    return Status[max(reasons, key=lambda reason: reasons[reason]).upper()].advice


def _as_much_as_established(result: Result, effect: float) -> str:
    established = result.scenario.treatment.established_effect
    if established is None or effect * established <= 0 or abs(effect) < abs(established):
        return ""
    beyond = "more than" if abs(effect) > 1.5 * abs(established) else "at least as much as"
    return f" ({beyond} established treatments achieve on average)"


def _further(result: Result) -> str:
    if not result.effects:
        return ""
    seen = "; ".join(
        f"by {points(abs(effect), result.scenario.outcome.unit)}: {in_100(positive(result, figures).value)}"
        for effect, figures in result.effects.items()
    )
    return f" {capital(seen)}."


def _beliefs(result: Result) -> Iterator[str]:
    """Say what results mean by the scenario's own prior, or to one who doubts where that is certain of one benefit."""
    treatment, means = result.scenario.treatment, result.means
    if means is None or means.reason is not None:
        return
    share = treatment.skeptical_responders if result.value.reason == "certain" else treatment.responders
    whom = (
        f"it helps {in_100(share)} such patients" if share is not None and share < 1 else "effects differ as believed"
    )
    yield f"Suppose {whom}. {capital('; '.join(meaning_in_words(means)))}."


def meaning_in_words(means: Meaning) -> Iterator[str]:
    """Say how many patients the drug helps, of those whose trial says so and of those whose trial does not."""
    yield from _of_groups("helped", means.helped_after_positive, means.helped_after_negative)


def worthwhile_in_words(means: Meaning) -> Iterator[str]:
    """Say the same of a worthwhile benefit, where benefits differ from patient to patient."""
    yield from _of_groups(
        "helped by a worthwhile benefit", means.worthwhile_after_positive, means.worthwhile_after_negative
    )


def _of_groups(who: str, positive: GroupShare | None, negative: GroupShare | None) -> Iterator[str]:
    shown, none = "where a trial shows a benefit", "where it shows none (harm or unclear)"
    for share, where in ((positive, shown), (negative, none)):
        if share is None:
            continue
        if share.value is None or share.low is None or share.high is None:
            yield f"{where}, too few were simulated ({share.trials}) to say how many are {who}"
        else:
            yield f"{where}, {in_100(share.value)} are {who} ({span(share)})"


def span(share: GroupShare) -> str | None:
    """Give the interval of a share in numbers of 100: "43 to 51"; None where it is not known."""
    if share.low is None or share.high is None:
        return None
    return f"{round(100 * share.low)} to {round(100 * share.high)}"
