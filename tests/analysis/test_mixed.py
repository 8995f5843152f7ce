from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from n1trial.analysis.daily.stretch_model import AUTOCORRELATIONS, PRIOR, SHIFT_RATIOS
from n1trial.analysis.estimates import AnalysisRequest, Status
from n1trial.analysis.methods import mixed
from n1trial.diary.diary import Diary
from tests.analysis.diaries import of_periods, side_by_side

NAN = float("nan")
FIGURES = ("estimate", "standard_error", "df", "ci_low", "ci_high", "p_value", "p_benefit", "p_worthwhile", "n")


def noisy(replicates: int = 1, seed: int = 1, order: str = "ABBA", effect: float = -1.0, **plan: Any) -> Diary:
    """Diaries of four periods of ten days with independent noise."""
    rng = np.random.default_rng(seed)
    on_drug = np.repeat([letter == "A" for letter in order], 10)
    scores = 6 + effect * on_drug + rng.normal(size=(replicates, 40))
    return side_by_side(*scores, cycles=2, period_days=10, order=order, **plan)


def test_the_prior_is_uniform_over_its_range() -> None:
    assert PRIOR.sum() == pytest.approx(1)
    assert_allclose(PRIOR.sum(axis=0), [0.1, 0.2, 0.2, 0.2, 0.2, 0.1])
    assert_allclose(PRIOR.sum(axis=1) * 0.95, [0.05, *[0.1] * 8, 0.075, 0.025])
    assert PRIOR.sum(axis=1) @ AUTOCORRELATIONS == pytest.approx(0.475)
    assert PRIOR.sum(axis=0) @ SHIFT_RATIOS == pytest.approx(0.5)


def test_finds_the_difference_and_what_the_noise_is_like() -> None:
    found = mixed.analyze(noisy(replicates=200))
    assert found.method == "mixed"
    assert found.estimand == "contrast"
    assert_array_equal(found.df, 38)
    assert_array_equal(found.n, 40)
    assert found.estimate.mean() == pytest.approx(-1, abs=4 * found.estimate.std() / 200**0.5)
    assert found.details["autocorrelation"].mean() < 0.2
    assert found.details["shift_ratio"].mean() < 0.4


def test_settling_in_days_are_left_out() -> None:
    diary = noisy(discard_days=3)
    changed = diary.score.copy()
    changed[diary.day_of_period < 3] = 99.0
    assert mixed.analyze(diary).n[0] == 28
    assert mixed.analyze(replace(diary, score=changed)).p_value == mixed.analyze(diary).p_value


def test_p_value_is_twice_the_lesser_tail_or_the_tail_against_benefit() -> None:
    two = mixed.analyze(noisy(20))
    one = mixed.analyze(noisy(20, sides=1))
    assert_allclose(two.p_value, 2 * np.minimum(two.p_benefit, 1 - two.p_benefit))
    assert_allclose(one.p_value, 1 - one.p_benefit)
    assert (one.p_benefit > 0.5).mean() > 0.9


def test_worth_is_weighed_where_the_plan_says() -> None:
    diary = noisy(5)
    found = mixed.analyze(diary.with_plan(replace(diary.plan, mcid=0.5, decision_benefit=0.25)))
    assert (found.p_benefit > found.p_decision).all()
    assert (found.p_decision > found.p_worthwhile).all()
    shifted = replace(diary, score=diary.score + 0.5 * (diary.treatment == 1))
    assert_allclose(found.p_worthwhile, mixed.analyze(shifted).p_benefit, rtol=1e-9)


@pytest.mark.parametrize("sides", [1, 2])
def test_coverage_without_the_ends_is_what_the_ends_say(sides: int) -> None:
    diary, truth = noisy(300, sides=sides, alpha=0.2), np.random.default_rng(3).normal(-1, 0.4, 300)
    found = mixed.analyze(diary, AnalysisRequest(truth=truth))
    assert found.covers is not None
    assert_array_equal(found.covers, (found.ci_low <= truth) & (truth <= found.ci_high))
    assert 0.3 < found.covers.mean() < 0.95
    assert mixed.analyze(diary).covers is None


def test_ends_are_found_for_as_many_replicates_as_asked() -> None:
    diary = noisy(700)
    every, some = mixed.analyze(diary), mixed.analyze(diary, AnalysisRequest(intervals=650))
    assert np.isfinite(every.ci_low).all()
    assert_array_equal(np.isfinite(some.ci_high), np.arange(700) < 650)
    assert_array_equal(some.ci_low[:650], every.ci_low[:650])
    assert_array_equal(some.p_value, every.p_value)


def test_without_a_layout_periods_are_the_stretches() -> None:
    diary = noisy(3)
    bare = diary.with_plan(replace(diary.plan, layout=None))
    for name in FIGURES:
        assert_array_equal(getattr(mixed.analyze(bare), name), getattr(mixed.analyze(diary), name))


def test_a_day_that_is_not_in_the_diary_is_a_missing_entry() -> None:
    diary = noisy()
    days = np.delete(np.arange(40), [0, 7, 8, 20, 29, 30, 31])
    shorter = replace(
        diary,
        **{name: getattr(diary, name)[days] for name in ("day", "period", "cycle", "treatment", "day_of_period")},
        score=diary.score[days],
    )
    score = np.full_like(diary.score, NAN)
    score[days] = diary.score[days]
    for name in FIGURES:
        assert_array_equal(
            getattr(mixed.analyze(shorter), name), getattr(mixed.analyze(replace(diary, score=score)), name)
        )


def test_a_period_without_entries_is_passed_over() -> None:
    diary = noisy(3, order="ABAB")
    for period in (1, 2, 4):
        lost = replace(diary, score=np.where((diary.period == period) & (np.arange(3) == 1), NAN, diary.score))
        found, before = mixed.analyze(lost), mixed.analyze(diary)
        assert_array_equal(found.n, [40, 30, 40])
        assert found.status[1] == Status.OK
        assert_array_equal(found.p_value[[0, 2]], before.p_value[[0, 2]])


def test_terms_take_out_trend_and_cycles() -> None:
    diary = noisy(4, terms=("trend", "cycle"))
    rising = replace(diary, score=diary.score + 0.3 * diary.day[:, np.newaxis] + 2 * (diary.cycle == 2))
    found, plain = mixed.analyze(rising), mixed.analyze(diary)
    assert_array_equal(found.df, 36)
    assert_allclose(found.estimate, plain.estimate, rtol=1e-8)
    assert_allclose(found.p_value, plain.p_value, rtol=1e-8)


@pytest.mark.parametrize(
    ("order", "scores", "plan", "status"),
    [
        ("AB", [[1, 2], [3, 5]], {}, Status.TOO_FEW_ENTRIES),
        ("AB", [[1, 2, 1, 4], [NAN] * 4], {}, Status.ONE_TREATMENT),
        ("ABAB", [[1, 2, 1, 4], [NAN] * 4, [NAN] * 4, [2, 1, 3, 4]], {"terms": ("cycle",)}, Status.CONFOUNDED),
        ("AB", [[1, 1, 1, 1], [3, 3, 3, 3]], {}, Status.NO_VARIATION),
        ("AB", [[7.1] * 9, [7.1] * 9], {}, Status.NO_VARIATION),
        ("AB", [[1e200, 2e200, 0, 1e200], [1e200, 4e200, 0, 0]], {}, Status.NOT_CONVERGED),
        ("", [], {}, Status.TOO_FEW_ENTRIES),
    ],
)
def test_what_cannot_be_estimated_says_why(
    order: str, scores: list[list[float]], plan: dict[str, Any], status: Status
) -> None:
    found = mixed.analyze(of_periods(order, scores, run_in=[5.0], **plan), AnalysisRequest(truth=np.zeros(1)))
    assert found.status[0] == status
    assert np.isnan(found.p_value[0])
    assert np.isfinite(found.estimate[0]) == (status == Status.NO_VARIATION)
    assert found.covers is not None
    assert not found.covers[0]


def test_a_diary_without_days_has_too_few_entries() -> None:
    diary = of_periods("AB", [[1.0], [2.0]])
    names = ("day", "period", "cycle", "treatment", "day_of_period", "score")
    empty = replace(diary, **{name: getattr(diary, name)[:0] for name in names})
    assert mixed.analyze(empty).status[0] == Status.TOO_FEW_ENTRIES


def test_any_order_in_memory_and_any_split_give_the_same_bits() -> None:
    diary = noisy(1300)
    diary.score[np.random.default_rng(2).random(diary.score.shape) < 0.2] = NAN
    every = mixed.analyze(diary, AnalysisRequest(intervals=0))
    backward = mixed.analyze(
        replace(diary, score=diary.score[:, np.arange(1299, -1, -1)]), AnalysisRequest(intervals=0)
    )
    alone = mixed.analyze(replace(diary, score=diary.score[:, 1299:]), AnalysisRequest(intervals=0))
    assert_array_equal(backward.p_value[::-1], every.p_value)
    assert_array_equal(alone.p_value, every.p_value[-1:])


def test_a_cycle_that_nobody_wrote_in_takes_no_other_with_it() -> None:
    scores = [[5.0, 4.0, 6.0, 5.5], [3.0, 4.5, 3.5, 4.0]] * 2 + [[np.nan] * 4, [np.nan] * 4]
    whole, lacking = of_periods("ABABAB", [*scores[:4], [5, 6, 4, 7], [4, 3, 3, 5]]), of_periods("ABABAB", scores)
    for diary in (whole, lacking):
        terms = replace(diary.plan, terms=("cycle",))
        assert mixed.analyze(diary.with_plan(terms)).status[0] == Status.OK
