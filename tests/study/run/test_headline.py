from __future__ import annotations

from dataclasses import replace

import pytest

import n1trial
from n1trial.evaluation.characteristics import characterize
from n1trial.report.run.terminal.full import first_answer
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import BATCH_WIDTH
from n1trial.study.batches.measure import measure
from n1trial.study.batches.workers import Aside, executor
from n1trial.study.run.cells import WORTHWHILE, Address, cells_of_a_run
from n1trial.study.run.headline import FirstAnswer, by_other_methods, cells_of_the_headline
from n1trial.study.run.run import run_with

REPLICATES = BATCH_WIDTH + 100


class EnoughError(Exception):
    """Ends a run that has said what is looked for."""


def short(replicates: int = REPLICATES) -> Scenario:
    return n1trial.load_scenario("fast-drug-2-week").replace(
        **{
            "design.cycles": 2,
            "design.period_days": 14,
            "analysis.discard_days": 3,
            "analysis.minimum_days": 3,
            "analysis.primary": "paired",
            "analysis.methods": ["ols"],
            "simulation.replicates": replicates,
        }
    )


def first_answers(scenario: Scenario, most: int) -> list[FirstAnswer]:
    said: list[FirstAnswer] = []

    def listen(first: FirstAnswer) -> None:
        said.append(first)
        if len(said) == most:
            raise EnoughError

    with pytest.raises(EnoughError):
        run_with(None, scenario, first_answer=listen)
    return said


def test_the_first_answer_is_of_the_first_trials_and_then_of_all() -> None:
    scenario = short()
    first, whole = first_answers(scenario, 2)
    assert (first.trials, whole.trials) == (BATCH_WIDTH, REPLICATES)
    plan, cells = scenario.plan(), cells_of_a_run(scenario)
    effects = {"mcid": plan.benefit_sign * plan.mcid, "null": 0.0}
    for seen in (first, whole):
        alone = [replace(cells[Address(truth)], replicates=seen.trials, methods=(plan.primary,)) for truth in effects]
        measured = measure(alone, scenario.simulation.seed)
        assert seen.figures == {
            truth: characterize(one.tallies[plan.primary], effects[truth])
            for truth, one in zip(effects, measured, strict=True)
        }


def test_a_run_of_one_batch_says_its_answer_once() -> None:
    said: list[FirstAnswer] = []
    run_with(None, short(20).replace(**{"analysis.methods": []}), first_answer=said.append)
    assert said == []


def test_nothing_else_is_measured_before_the_first_answer_and_nothing_is_left_out() -> None:
    cells = cells_of_a_run(short())
    parts = cells_of_the_headline(cells)
    assert [(part.effect, part.first_batch, part.replicates) for part in parts] == [
        (cells[name].effect, batch, trials)
        for batch, trials in enumerate((BATCH_WIDTH, REPLICATES - BATCH_WIDTH))
        for name in (WORTHWHILE, Address("null"))
    ]
    others = by_other_methods(cells[WORTHWHILE])
    assert others is not None
    assert (*parts[0].methods, *others.methods) == cells[WORTHWHILE].methods
    assert by_other_methods(parts[0]) is None


def test_how_it_reads() -> None:
    (first,) = first_answers(short(), 1)
    sentence = " ".join(first_answer(first).split())
    assert sentence.startswith(f"First answer, from the first 2,500 of {REPLICATES:,} trials, give or take ")
    assert " in 100: if it " in sentence
    assert sentence.endswith(" all the same.")
    assert all(len(line) <= 100 for line in first_answer(first).splitlines())


def test_calls_beside_a_caller_give_what_they_would_give_in_its_place() -> None:
    with Aside(None) as aside:
        assert aside.start(lambda: 7)() == 7
    with executor(2) as pool, Aside(pool) as aside:
        assert aside.start(lambda: 7)() == 7
