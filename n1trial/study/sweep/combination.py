"""What the combinations of a sweep have shown, one after the other, so that many take no memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from n1trial.evaluation.attenuation import attenuation
from n1trial.evaluation.characteristics import Figure, characterize
from n1trial.evaluation.verdict import Answer, Facts, judge
from n1trial.scenario.file.grid import Changes, Grid
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.batch_json import BatchCounts, add_up, decode
from n1trial.study.batches.measure import Cell
from n1trial.study.sweep.store import BatchKey, Store
from n1trial.study.sweep.sweep import TRUTHS, cells_of, pieces_of


@dataclass(frozen=True)
class CombinationResult:
    """Result of one combination.

    Attributes
    ----------
    changes : dict of str to object
        The values that make it, by dotted key.
    scenario : Scenario
    figures : dict of str to dict of str to dict of str to Figure
        By method, truth and metric.
    answers : dict of str to {"likely", "may", "unlikely", "misleading"}
        Verdict by method, as if it were the one that decides; the ends of what is believable of onset and offset are
        not in it.
    attenuation : float or None
    expected_finished : float
        Share of trials that nobody leaves early, at the planned effect.
    """

    changes: Changes
    scenario: Scenario
    figures: Mapping[str, Mapping[str, Mapping[str, Figure]]]
    answers: Mapping[str, Answer]
    attenuation: float | None
    expected_finished: float

    @property
    def primary(self) -> str:
        """The method that decides."""
        return self.scenario.analysis.primary

    def point(self) -> Point:
        """Return what of it is told and drawn."""
        layout, figures = self.scenario.layout(), self.figures[self.primary]
        return Point(
            values=tuple(self.changes.values()),
            answer=self.answers[self.primary],
            power=figures["mcid"]["detect"],
            power_planned=figures["planned"]["detect"],
            type_1=figures["null"]["detect"],
            right=figures["mcid"]["right_decision"],
            right_null=figures["null"]["right_decision"],
            alpha=self.scenario.analysis.alpha,
            weeks=layout.weeks,
            weeks_on_control=layout.weeks_on_control(),
        )


@dataclass(frozen=True)
class Point:
    """Result of one combination by the method that decides.

    Attributes
    ----------
    values : tuple of object
        Of the keys, in the order of the grid.
    answer : {"likely", "may", "unlikely", "misleading"}
    power, power_planned, type_1 : Figure
        Chance to detect the smallest worthwhile effect, the planned one, and none.
    right, right_null : Figure
        Chance of a right decision where the effect is the smallest worthwhile one, and where there is none.
    alpha : float
    weeks : float
    weeks_on_control : tuple of float
        Fewest and most.
    """

    values: tuple[object, ...]
    answer: Answer
    power: Figure
    power_planned: Figure
    type_1: Figure
    right: Figure
    right_null: Figure
    alpha: float
    weeks: float
    weeks_on_control: tuple[float, float]


def combination_results(grid: Grid, store: Store) -> Iterator[CombinationResult]:
    """Yield what each combination of a complete sweep has shown, one after the other.

    Parameters
    ----------
    grid : Grid
    store : Store
        Holds every batch of the sweep.

    Raises
    ------
    RunError
        If the store is damaged.
    """
    for changes, scenario in grid:
        cells, parts = cells_of(scenario), dict[Cell, list[BatchCounts]]()
        for key, (cell, _, _) in pieces_of(scenario):
            parts.setdefault(cell, []).append(_read(store, key, cell))
        counted = {cell: add_up(of_cell) for cell, of_cell in parts.items()}
        yield _result(changes, scenario, {truth: counted[cell] for truth, cell in cells.items()})


def _read(store: Store, key: BatchKey, cell: Cell) -> BatchCounts:
    """Read a batch of a store; one without a checksum must at least be of this cell, and of so many trials."""
    text = store[key]
    try:
        counted = decode(text)
    except ValueError:
        raise store.damage(key) from None
    trials = {tally.replicates for tally in counted.tallies.values()}
    if counted.tallies.keys() != set(cell.methods) or trials != {key.trials}:
        raise store.damage(key)
    return counted


def _result(changes: Changes, scenario: Scenario, counts: Mapping[str, BatchCounts]) -> CombinationResult:
    plan, layout, treatment = scenario.plan(), scenario.layout(), scenario.treatment
    effects = {"planned": treatment.effect, "null": 0.0, "mcid": plan.benefit_sign * plan.mcid}
    methods = list(counts["planned"].tallies)
    figures = {
        method: {truth: characterize(counts[truth].tallies[method], effects[truth]) for truth in TRUTHS}
        for method in methods
    }
    seen = attenuation(layout, treatment.onset_days, treatment.offset_days, plan.discard_days)

    def answer(method: str) -> Answer:
        detect, type_1 = figures[method]["mcid"]["detect"], figures[method]["null"]["detect"]
        return judge(Facts(detect, type_1, plan.alpha, not layout.is_open_label, (), seen, {})).answer

    planned = counts["planned"]
    return CombinationResult(
        changes=changes,
        scenario=scenario,
        figures=figures,
        answers={method: answer(method) for method in methods},
        attenuation=seen,
        expected_finished=planned.finished / planned.tallies[methods[0]].replicates,
    )
