"""The first answer of a run: what its primary method shows at the smallest worthwhile effect, and at none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from n1trial.evaluation.characteristics import Figure, characterize
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import BATCH_WIDTH
from n1trial.study.batches.measure import Cell, Measurement, total
from n1trial.study.run.cells import WORTHWHILE, Address

HEADLINE = (WORTHWHILE, Address("null"))
"""Truths of the first answer, in the order in which their batches are measured."""


@dataclass(frozen=True)
class FirstAnswer:
    """First answer of a run, from the first of its trials or from all of them.

    Attributes
    ----------
    scenario : Scenario
    trials : int
        So many first trials of each truth.
    figures : dict of str to dict of str to Figure
        Operating characteristics of the primary method at the truths "mcid" and "null".
    """

    scenario: Scenario
    trials: int
    figures: Mapping[str, Mapping[str, Figure]]


Listener = Callable[[FirstAnswer], object]
"""Given a first answer as soon as it is known."""


def cells_of_the_headline(cells: Mapping[Address, Cell]) -> list[Cell]:
    """Split the truths of the first answer into single batches, by the primary method alone; both in turn."""
    truths = [cells[name] for name in HEADLINE]
    return [_only_batch(truth, batch) for batch in range(truths[0].batches) for truth in truths]


def _only_batch(truth: Cell, batch: int) -> Cell:
    return replace(
        truth,
        methods=truth.methods[:1],
        replicates=truth.trials_of(batch),
        sample_size=max(0, truth.sample_size - batch * BATCH_WIDTH),
        first_batch=batch,
        has_secondaries=False,
    )


def by_other_methods(truth: Cell) -> Cell | None:
    """Return what is left of a truth of the first answer: other methods, secondary outcomes; None where nothing is."""
    others = replace(truth, methods=truth.methods[1:])
    return others if others.methods or others.has_secondaries else None


def join_headline(
    scenario: Scenario, measurements: Iterable[Measurement], listener: Listener | None
) -> dict[Address, Measurement]:
    """Put batches of the first answer together; say it once both have come, and again once all have.

    Parameters
    ----------
    scenario : Scenario
    measurements : iterable of Measurement
        Of `cells_of_the_headline`, as they come.
    listener : callable or None
        Given the first answers of a run that has more trials than one batch.
    """
    parts: dict[Address, list[Measurement]] = {name: [] for name in HEADLINE}
    for number, measurement in enumerate(measurements):
        parts[HEADLINE[number % len(HEADLINE)]].append(measurement)
        if listener is not None and number == 1 and scenario.simulation.replicates > BATCH_WIDTH:
            listener(_first_answer(scenario, parts))
    if listener is not None and scenario.simulation.replicates > BATCH_WIDTH:
        listener(_first_answer(scenario, parts))
    return {name: total(several) for name, several in parts.items()}


def _first_answer(scenario: Scenario, parts: Mapping[Address, list[Measurement]]) -> FirstAnswer:
    plan = scenario.plan()
    effects = {"mcid": plan.benefit_sign * plan.mcid, "null": 0.0}
    seen = {name.kind: total(several).tallies[plan.primary] for name, several in parts.items()}
    return FirstAnswer(
        scenario,
        seen["mcid"].replicates,
        {truth: characterize(tally, effects[truth]) for truth, tally in seen.items()},
    )
