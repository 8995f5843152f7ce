"""Every analysis under departures from the plan, as a table for the terminal; the answer over all that is uncertain."""

from __future__ import annotations

from typing import Any

from n1trial.evaluation.stress import Departure, Recommendation
from n1trial.report.lines import wrap
from n1trial.report.rates import cell
from n1trial.report.sentences import is_stress_counted
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.overall.overall import Influence, Overall, Spread
from n1trial.study.run.overall.ranges import uncertain
from n1trial.study.run.result import FEWEST_TO_RECOMMEND, Result
from n1trial.wording import list_words

CELL = 9
MOST_NAMED = 3
"""Numbers that are named as moving the answer."""
WITHIN = "nine in ten of these sets lie between those ends."
HELD = "The effect is held, and so is every number without a range."


def under_stress(result: Result) -> list[str]:
    """Write a table: false alarms, then detected worthwhile effects, of 100 trials, by departure and method."""
    methods = list(result.figures)
    departures = list(dict.fromkeys(row.departure for row in result.stress))
    cells = {(row.departure, row.method): f"{cell(row.type_1)}/{cell(row.detect)}" for row in result.stress}
    first = max(map(len, departures)) + 1
    heading = "Under stress".ljust(first) + "".join(_short(method).rjust(CELL) for method in methods)
    rows = [
        departure.ljust(first) + "".join(cells[departure, method].rjust(CELL) for method in methods)
        for departure in departures
    ]
    note = (
        "False alarms / worthwhile effects shown, of 100 trials; sizes are in day-to-day standard deviations."
        " An analysis keeps its false alarms where no row is above one and a half times alpha by more than a"
        " standard error."
    )
    return [heading, *rows, *wrap(note), *wrap(advice_under_stress(result))]


def advice_under_stress(result: Result) -> str:
    """Name the analysis that the stresses speak for, and why, in a sentence."""
    told = result.recommended
    if not is_stress_counted(result):
        return f"No analysis is recommended from fewer than {FEWEST_TO_RECOMMEND:,} simulated trials."
    return f"Recommended: {reason(told)}" if told else "Recommended: none; every analysis gives false alarms here."


def reason(recommendation: Recommendation) -> str:
    """Say why an analysis is recommended, in a sentence."""
    method, unsafe = recommendation.method, recommendation.unsafe
    if recommendation.is_kept:
        return f"{method}: no other that keeps its false alarms detects more beyond chance."
    text = f"{method}: it detects the smallest worthwhile effect most often of those that keep their false alarms"
    if recommendation.failures:
        broken = list_words(list(map(str, recommendation.failures)))
        return f"{method}: none keeps its false alarms in every row; its test is exact, and fails under: {broken}."
    if not unsafe:
        return f"{text}."
    stronger = (f"{one} ({'even as planned' if by is Departure.AS_PLANNED else by})" for one, by in unsafe)
    return f"{text}; more often, but not safely: {', '.join(stronger)}."


def _short(method: str) -> str:
    return method if len(method) < CELL else f"{method[: CELL - 3]}."


def why_not_overall(scenario: Scenario) -> str | None:
    """Say why nothing can be drawn from the ranges of a scenario; None where something can."""
    if scenario.design.layout == "open-label":
        return "needs a trial with a control, and this layout has none"
    if not uncertain(scenario):
        return (
            "needs a range of a number of the patient, or of the drug's time course, and the scenario states none;"
            " [[evidence]] and [[unsettled]] take one"
        )
    return None


def view_of_overall(result: Result) -> dict[str, Any] | None:
    """Return the answer over everything that is uncertain, with a row a number that was drawn; None if not asked."""
    found, scenario = result.overall, result.scenario
    if found is None:
        return None
    correlation = {one.key: one.correlation for one in found.influences}
    return {
        "headline": headline(scenario, found), "drawn": drawn_in_words(len(found.keys)),
        "moved_by": influences_in_words(scenario, found), "sets": found.sets,
        "trials": found.trials, "redrawn": found.redrawn, "detect": found.detect, "alarms": found.type_1,
        "alarms_words": _alarms(scenario), "alarms_range": range_of(found.type_1), "held": HELD,
        "numbers": [
            {"key": belief.key, "words": scenario.label(belief.key), "low": belief.low, "high": belief.high,
             "correlation": correlation.get(belief.key)}
            for belief in uncertain(scenario)
        ],
    }  # fmt: skip


def range_of(spread: Spread) -> str:
    """Give a rate over all sets as numbers of 100: "8 to 27", or "4" where both ends are the same."""
    low, high = cell(spread.low), cell(spread.high)
    return low if low == high else f"{low} to {high}"


def headline(scenario: Scenario, overall: Overall) -> str:
    """Say what the answer is over everything that is uncertain, in one line."""
    seen = "the drug is continued" if _is_probability(scenario) else "shown"
    return f"Over everything that is uncertain: {seen} in {range_of(overall.detect)} of 100 trials."


def overall_in_words(scenario: Scenario, overall: Overall) -> str:
    """Say in how many trials the smallest worthwhile effect is shown over all stated ranges, and what moves that."""
    return " ".join(
        [
            headline(scenario, overall),
            f"{drawn_in_words(len(overall.keys))}, {overall.sets} times; {WITHIN}",
            HELD,
            f"{_decision_in_words(scenario)} in {cell(overall.detect.mean)} of 100 trials on average.",
            f"{_alarms(scenario)}: in {range_of(overall.type_1)} of 100 trials.",
            influences_in_words(scenario, overall),
        ]
    )


def drawn_in_words(numbers: int) -> str:
    """Say how many numbers were drawn from their ranges."""
    return (
        "1 number was drawn from its range"
        if numbers == 1
        else f"{numbers} numbers were drawn at once from their ranges"
    )


def influences_in_words(scenario: Scenario, overall: Overall) -> str:
    """Name what moves the answer most, the strongest first."""
    names = [_moves(scenario, one) for one in overall.influences[:MOST_NAMED]]
    if not names:
        return "No single number moves this beyond chance."
    return f"What moves it most: {'; '.join(names)}."


def _moves(scenario: Scenario, influence: Influence) -> str:
    return f"{scenario.label(influence.key)} ({'more' if influence.correlation > 0 else 'fewer'} where larger)"


def _decision_in_words(scenario: Scenario) -> str:
    return "The drug is continued" if _is_probability(scenario) else "The smallest worthwhile effect is shown"


def _alarms(scenario: Scenario) -> str:
    if _is_probability(scenario):
        return "Continued without any effect"
    return "False alarms for better or worse" if scenario.analysis.sides == 2 else "False alarms"


def _is_probability(scenario: Scenario) -> bool:
    return scenario.decision.rule == "probability"
