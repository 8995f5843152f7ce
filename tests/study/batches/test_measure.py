"""Cells are measured alike whoever does the work, and batches add up."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Estimates
from n1trial.evaluation.tally import tally
from n1trial.simulation.simulate import BATCH_WIDTH, simulate
from n1trial.study.batches import workers
from n1trial.study.batches.measure import Cell, Measurement, measure
from tests.features import busy
from tests.reference.cases import plain

SEED = 20100309
METHODS = ("paired", "ols")


def assert_same(first: Measurement, second: Measurement) -> None:
    """Everything that was seen is the same, to the last bit."""
    assert first.finished == second.finished
    assert first.guesses.counts.tolist() == second.guesses.counts.tolist()
    assert list(first.tallies) == list(second.tallies)
    for method, ours in first.tallies.items():
        theirs = second.tallies[method]
        for item in fields(ours):
            one, other = getattr(ours, item.name), getattr(theirs, item.name)
            if item.name == "drawn":
                one, other = ([vars(trials) for trials in each] for each in (one, other))
            np.testing.assert_equal(one, other, err_msg=item.name)
    assert len(first.samples) == len(second.samples)
    for (truth, ours_kept), (their_truth, theirs_kept) in zip(first.samples, second.samples, strict=True):
        np.testing.assert_array_equal(truth, their_truth)
        for method in ours_kept:
            for item in fields(Estimates)[2:]:
                one, other = getattr(ours_kept[method], item.name), getattr(theirs_kept[method], item.name)
                np.testing.assert_equal(one, other, err_msg=item.name)


def test_any_number_of_workers_sees_the_same() -> None:
    cells = [
        Cell(busy(), 0.0, METHODS, 2 * BATCH_WIDTH + 300, sample_size=BATCH_WIDTH + 1),
        Cell(busy(), None, METHODS, 300),
        Cell(plain(design={"layout": "open-label", "run_in_days": 3}), -1.0, ("before_after",), 100),
    ]
    told: list[int] = []
    alone = measure(cells, SEED, progress=told.append)
    with workers.executor(2) as pool:
        together = measure(cells, SEED, pool)
    assert told == [BATCH_WIDTH, BATCH_WIDTH, 300, 300, 100]
    for first, second in zip(alone, together, strict=True):
        assert_same(first, second)


def test_batches_add_up_to_the_whole() -> None:
    replicates = BATCH_WIDTH + 300
    (measured,) = measure([Cell(busy(), -1.0, METHODS, replicates, sample_size=1)], SEED)
    diaries = simulate(busy(), replicates, SEED, effect=-1.0)
    for method in METHODS:
        whole = tally(analyze(diaries.observed, method), diaries.observed.plan, diaries.truth)
        found = measured.tallies[method]
        assert (found.replicates, found.estimable, found.detected) == (replicates, whole.estimable, whole.detected)
        assert found.reasons == whole.reasons
        assert found.estimate == pytest.approx(whole.estimate, rel=1e-12)
        np.testing.assert_array_equal(np.concatenate(found.half_widths), whole.half_widths[0])
    assert measured.finished == np.count_nonzero(diaries.dropout_day > diaries.observed.day[-1])
    assert [len(truth) for truth, _ in measured.samples] == [BATCH_WIDTH]


def test_cells_share_their_random_numbers() -> None:
    cells = [Cell(plain(design={"cycles": 3}), effect, ("paired",), 50, sample_size=1) for effect in (0.0, -1.0)]
    without, with_effect = (measured.samples[0][1]["paired"] for measured in measure(cells, SEED))
    np.testing.assert_allclose(with_effect.estimate - without.estimate, -1.0, rtol=1e-12)


@pytest.mark.parametrize(("replicates", "batches"), [(1, 1), (BATCH_WIDTH, 1), (BATCH_WIDTH + 1, 2)])
def test_the_last_batch_may_be_a_part(replicates: int, batches: int) -> None:
    assert Cell(plain(), 0.0, METHODS, replicates).batches == batches


def test_who_stays_until_the_last_day_finished_and_who_leaves_before_did_not() -> None:
    scenario = plain(conduct={"dropout_per_week": 2.0})
    written = ~np.isnan(simulate(scenario, 400, SEED, 0.0).observed.score[-1])
    (seen,) = measure([Cell(scenario, 0.0, METHODS, 400)], SEED)
    assert 20 < written.sum() < 380
    assert seen.finished == written.sum()
