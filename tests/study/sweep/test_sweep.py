from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from n1trial.errors import RunError
from n1trial.provenance import engine
from n1trial.report.run.result import run
from n1trial.scenario.file.grid import Grid, read_grid
from n1trial.study.batches.workers import executor
from n1trial.study.sweep import sweep as sweeping
from n1trial.study.sweep.combination import CombinationResult, combination_results
from n1trial.study.sweep.store import Store
from n1trial.study.sweep.sweep import SweepWork, complete, describe
from tests.study.sweeps import batches, small_grid

CYCLES, DAYS = ("design.cycles", "2,3,4"), ("design.period_days", "7,14")


def completed(grid: Grid, folder: Path, workers: int = 1) -> list[CombinationResult]:
    with Store(folder) as store:
        with executor(workers) as pool:
            complete(grid, store, pool)
        return list(combination_results(grid, store))


def test_a_combination_shows_what_a_run_of_it_shows(tmp_path: Path) -> None:
    for outcome in completed(small_grid(tmp_path, ("design.cycles", "2,4"), replicates=2700), tmp_path / "store"):
        result = run(outcome.scenario)
        assert outcome.scenario.design.cycles == outcome.changes["design.cycles"]
        assert (outcome.primary, outcome.attenuation) == (result.primary, result.attenuation)
        assert outcome.expected_finished == result.burden.expected_finished
        for method, truths in outcome.figures.items():
            for truth, metrics in truths.items():
                for metric, figure in metrics.items():
                    if metric != "half_width":  # of single trials, which are not kept
                        assert figure == result.figures[method][truth][metric], (method, truth, metric)
        point = outcome.point()
        assert (point.answer, point.weeks) == (result.verdict.answer, result.burden.weeks)
        assert point.power == result.figures[result.primary]["mcid"]["detect"]
        assert point.type_1 == result.figures[result.primary]["null"]["detect"]
        assert point.weeks_on_control == result.burden.weeks_on_placebo


def test_any_workers_keep_the_same_to_the_last_bit(tmp_path: Path) -> None:
    grid = small_grid(tmp_path, CYCLES, DAYS)
    with Store(tmp_path / "threads") as store, ThreadPoolExecutor(3) as threads:
        complete(grid, store, threads)
    kept = [completed(grid, tmp_path / f"{count}", count) and batches(tmp_path / f"{count}") for count in (1, 2)]
    assert len(kept[0]) == 3 * 2 * 3 * 2
    assert kept[0] == kept[1] == batches(tmp_path / "threads")


def test_what_is_there_is_not_simulated_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grid, seen = small_grid(tmp_path, CYCLES), list[SweepWork]()
    with Store(tmp_path / "store") as store:
        complete(grid, store, start=seen.append)
        monkeypatch.setattr(sweeping, "measure_batch", lambda _: pytest.fail("simulated again"))
        complete(grid, store, start=seen.append)
    first, second = seen
    assert (first.pieces, first.stored_batches, first.trials) == (18, 0, 3 * 3 * 3000)
    assert first.seconds > 0
    assert (second.pieces, second.stored_batches, second.trials, second.seconds) == (18, 18, 0, 0)


def test_values_that_are_added_and_more_replicates_go_on_from_what_is_there(tmp_path: Path) -> None:
    seen = list[SweepWork]()
    fewer, more = small_grid(tmp_path, ("design.cycles", "2,3")), small_grid(tmp_path, CYCLES)
    longer = small_grid(tmp_path, CYCLES, replicates=5100)
    with Store(tmp_path / "store") as store:
        for grid in (fewer, more, longer):
            complete(grid, store, start=seen.append)
        continued = [one.figures for one in combination_results(longer, store)]
    assert [(one.stored_batches, one.pieces) for one in seen] == [(0, 12), (12, 18), (9, 27)]
    assert continued == [one.figures for one in completed(longer, tmp_path / "anew")]


def test_another_scenario_seed_or_engine_shares_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[SweepWork]()
    path = str(tmp_path / "small.toml")
    grids = [small_grid(tmp_path, CYCLES, replicates=500)]
    for key, value in (("simulation.seed", "1"), ("patient.daily_sd", "1.1"), ("conduct.missing", "0.1")):
        grids.append(read_grid(path, [CYCLES], {"simulation.replicates": "500", key: value}))
    with Store(tmp_path / "store") as store:
        for grid in grids:
            complete(grid, store, start=seen.append)
        monkeypatch.setattr(sweeping, "engine", lambda: "0.0.9+0123456789ab")
        complete(grids[0], store, start=seen.append)
        assert len(store) == 5 * 9
    assert [one.stored_batches for one in seen] == [0, 0, 0, 0, 0]
    assert len({describe(grid) for grid in grids}) == 4


def test_a_planned_effect_that_is_just_worthwhile_is_simulated_once(tmp_path: Path) -> None:
    grid = read_grid(
        "b12-8-week", [("design.cycles", "2,3")], {"simulation.replicates": "100", "analysis.methods": "[]"}
    )
    seen = list[SweepWork]()
    with Store(tmp_path) as store:
        complete(grid, store, start=seen.append)
        for outcome in combination_results(grid, store):
            assert outcome.figures["course"]["planned"] == outcome.figures["course"]["mcid"]
    assert seen[0].pieces == 4


def test_combinations_share_their_random_numbers(tmp_path: Path) -> None:
    # whoever leaves does so by the same draws, so that a longer diary loses the same patients and more
    grid = small_grid(tmp_path, ("patient.baseline", "4,5,6"), replicates=2000)
    assert len({outcome.expected_finished for outcome in completed(grid, tmp_path / "store")}) == 1


def test_progress_counts_every_trial_that_was_missing(tmp_path: Path) -> None:
    told, totals = list[int](), list[int]()

    def start(work: SweepWork) -> object:
        totals.append(work.trials)
        return told.append

    with Store(tmp_path / "store") as store, executor(2) as pool:
        complete(small_grid(tmp_path, CYCLES), store, pool, start)  # type: ignore[arg-type]
    assert sum(told) == totals[0] == 27_000


def test_a_worker_with_other_code_is_refused(tmp_path: Path) -> None:
    (piece,) = [piece for _, piece in sweeping.pieces_of(next(iter(small_grid(tmp_path, CYCLES)))[1])][:1]
    with pytest.raises(RunError, match=r"the worker on .* has n1trial .* where this machine has 0.0.9\+0"):
        sweeping._simulate(("0.0.9+0", (piece,)))
    assert sweeping._simulate((engine(), (piece,)))[1] > 0
