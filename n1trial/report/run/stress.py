"""Every analysis under departures from the plan, as a table for the terminal."""

from __future__ import annotations

from n1trial.evaluation.stress import Departure, Recommendation
from n1trial.report.lines import wrap
from n1trial.report.rates import cell
from n1trial.study.run.result import FEWEST_TO_RECOMMEND, Result

CELL = 9


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
        "False alarms / worthwhile effects shown, of 100 trials; sizes are in day-to-day standard deviations. An"
        " analysis keeps its false alarms where they are not above one and a half times alpha beyond chance."
    )
    return [heading, *rows, *wrap(note), *wrap(advice_under_stress(result))]


def advice_under_stress(result: Result) -> str:
    """Name the analysis that the stresses speak for, and why, in a sentence."""
    told = result.recommended
    if result.scenario.simulation.replicates < FEWEST_TO_RECOMMEND:
        return f"No analysis is recommended from fewer than {FEWEST_TO_RECOMMEND:,} simulated trials."
    if told is None:
        return "Recommended: none; every analysis gives false alarms here."
    return f"Recommended: {reason(told)}"


def reason(recommendation: Recommendation) -> str:
    """Say why an analysis is recommended, in a sentence."""
    method, unsafe = recommendation.method, recommendation.unsafe
    if recommendation.is_kept:
        return f"{method}: no other that keeps its false alarms detects more beyond chance."
    text = f"{method}: it detects the smallest worthwhile effect most often of those that keep their false alarms"
    if not unsafe:
        return f"{text}."
    broken = (f"{one} ({'even as planned' if by is Departure.AS_PLANNED else by})" for one, by in unsafe)
    return f"{text}; more often, but not safely: {', '.join(broken)}."


def _short(method: str) -> str:
    return method if len(method) < CELL else f"{method[: CELL - 3]}."
