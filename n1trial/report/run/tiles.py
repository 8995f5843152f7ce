"""What would be seen at the worthwhile effect and at none, as tiles of the same weight; and at the planned one."""

from __future__ import annotations

from dataclasses import dataclass

from n1trial.evaluation.characteristics import Figure
from n1trial.report.run.what_if import as_planned, positive
from n1trial.report.sentences import is_open_label
from n1trial.report.words import effect_in_words, nothing_in_words
from n1trial.study.run.result import PartialResult

A_ROW, APART = 10, 10
WORKS, CONTINUED = ("show it", "would wrongly show a benefit"), ("continue the drug", "continue it all the same")
SEEN = {
    (False, "detected"): WORKS,
    (True, "detected"): ("find an improvement", "find one all the same"),
    (False, "probability"): CONTINUED,
    (True, "probability"): CONTINUED,
}
"""What trials do at the worthwhile effect and at none, by layout and decision rule."""


@dataclass(frozen=True)
class Tile:
    """Result that would be seen if the drug did one thing.

    Attributes
    ----------
    condition : str
        What the drug did, as it goes on after "If it".
    figure : Figure
        Share of trials that speak for the effect, simulated or by closed form.
    words : str
        What those trials do.
    """

    condition: str
    figure: Figure
    words: str

    @property
    def dots(self) -> int:
        """Dots of 100 to fill."""
        return round(100 * (self.figure.value or 0.0))


def tiles(result: PartialResult) -> tuple[Tile, Tile]:
    """Say what would be seen if the drug did what is just worthwhile, and if it did nothing."""
    plan, primary = result.scenario.plan(), result.figures[result.primary]
    seen, false = SEEN[is_open_label(result), result.scenario.decision.rule]
    return (
        Tile(
            effect_in_words(plan.benefit_sign * plan.mcid, result.scenario.outcome.unit),
            positive(result, primary["mcid"]),
            seen,
        ),
        Tile(nothing_in_words(result.scenario), primary["null"]["adopt"], false),
    )


def planned_tile(result: PartialResult) -> Tile | None:
    """Say what would be seen if the drug did what is planned; None where the two tiles tell it, or nobody knows yet."""
    condition, plan = as_planned(result.scenario), result.scenario.plan()
    figures = result.curve.get(plan.benefit_sign * result.scenario.treatment.effect)
    if condition is None or figures is None:
        return None
    return Tile(condition, positive(result, figures), SEEN[is_open_label(result), result.scenario.decision.rule][0])


def dots_path(first: int, after: int) -> str:
    """Draw an SVG path through middles of dots of 100, ten a row: from the first to the one before `after`."""
    middles = ((APART * (dot % A_ROW) + APART // 2, APART * (dot // A_ROW) + APART // 2) for dot in range(first, after))
    return "".join(f"M{x} {y}h0" for x, y in middles)
