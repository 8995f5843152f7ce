from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Status
from n1trial.analysis.methods.paired import cycle_differences
from n1trial.analysis.period_means import period_means
from n1trial.diary.diary import Diary
from tests.analysis.diaries import diaries, of_periods, side_by_side

NAN = float("nan")


@pytest.mark.parametrize(
    ("differences", "p_value"),
    [((-3.0, -6.88, -6.57), 0.0478722), ((1.14, -0.10, 2.60), 0.260199)],
    ids=["first", "second"],
)
def test_gabapentin_patients(differences: tuple[float, ...], p_value: float) -> None:
    # t.test(c(-3, -6.88, -6.57)); t.test(c(1.14, -.10, 2.60))
    scores = [[value] for difference in differences for value in (10 + difference, 10)]
    found = analyze(of_periods("ABABAB", scores))
    assert found.p_value[0] == pytest.approx(p_value, abs=5e-7)
    assert found.estimate[0] == pytest.approx(np.mean(differences))
    assert found.df[0] == 2


def test_worked_by_hand() -> None:
    # Drug minus control: 5 − 3 = 2, 4 − 4 = 0, 6 − 2 = 4: mean 2, variance 4, standard error 2/√3.
    found = analyze(of_periods("ABBAAB", [[4, 6], [3, 3], [NAN, 4, 4], [4], [6, 6, NAN], [1, 2, 3]]))
    assert found.status[0] == Status.OK
    assert found.estimate[0] == pytest.approx(2)
    assert found.standard_error[0] == pytest.approx(2 / np.sqrt(3))
    assert found.n[0] == 12
    # For df = 2: quantile(.975) = .95·√(2/(.975·.025))/2, F(t) = 1/2 + t/(2√(2 + t²)).
    critical = 0.95 * np.sqrt(2 / (0.975 * 0.025)) / 2
    t = np.sqrt(3)
    assert found.ci_high[0] - 2 == pytest.approx(critical * 2 / t)
    assert 2 - found.ci_low[0] == pytest.approx(critical * 2 / t)
    assert found.p_value[0] == pytest.approx(1 - t / np.sqrt(2 + t**2))
    assert found.p_benefit[0] == pytest.approx(found.p_value[0] / 2)  # lower is better, and the drug is higher


def test_a_period_with_too_few_entries_drops_its_cycle() -> None:
    scores: list[list[float]] = [[4, 4, 4], [3, 3, 3], [9, 9, NAN], [1, 1, 1], [6, 6, 6], [4, 4, 4]]
    found = analyze(of_periods("ABABAB", scores), minimum_days=3)
    assert found.df[0] == 1
    assert found.estimate[0] == pytest.approx(1.5)
    assert found.n[0] == 12


def test_settling_in_days_are_left_out() -> None:
    found = analyze(of_periods("ABAB", [[90, 4], [NAN, 3], [90, 7], [90, 2]]), discard_days=1)
    assert found.estimate[0] == pytest.approx(3)
    assert found.n[0] == 4


def test_periods_of_a_cycle_need_not_follow_each_other() -> None:
    # AABB of the balanced scheme: cycle 1 is periods 1 and 3, cycle 2 periods 2 and 4.
    means = period_means(of_periods("AABB", [[5], [7], [4], [1]], cycles="1212"))
    difference, is_pair, entries = cycle_differences(means, 1)
    assert difference[:, 0].tolist() == [1, 6]
    assert is_pair.all()
    assert entries[:, 0].tolist() == [2, 2]


@pytest.mark.parametrize("scores", [[[5], [4]], [[5], [4], [NAN], [3]], [[NAN], [NAN], [NAN], [NAN]]])
def test_fewer_than_two_pairs_say_so(scores: list[list[float]]) -> None:
    found = analyze(of_periods("ABAB"[: len(scores)], scores))
    assert found.status[0] == Status.TOO_FEW_CYCLES
    assert np.isnan(found.estimate[0])


def test_drug_alone_has_no_pairs() -> None:
    assert analyze(of_periods("AA", [[5, 4], [4, 3]])).status[0] == Status.TOO_FEW_CYCLES


def test_equal_differences_keep_the_estimate_but_have_no_p() -> None:
    found = analyze(of_periods("ABAB", [[5.1, 5.3], [4.1, 4.3], [2.1, 2.1], [1.1, 1.1]]))
    assert found.status[0] == Status.NO_VARIATION
    assert found.estimate[0] == pytest.approx(1)
    assert np.isnan([found.standard_error[0], found.p_value[0], found.ci_low[0], found.p_benefit[0]]).all()


def test_replicates_have_fates_of_their_own() -> None:
    complete, one_pair_left, constant = [4, 3, 6, 2.0], [4, 3, NAN, 2.0], [4, 3, 5, 4.0]
    found = analyze(side_by_side(complete, one_pair_left, constant, cycles=2, period_days=1, order="ABAB"))
    assert found.status.tolist() == [Status.OK, Status.TOO_FEW_CYCLES, Status.NO_VARIATION]
    np.testing.assert_allclose(found.estimate, [2.5, NAN, 1])


def _means_by_loops(diary: Diary, replicate: int) -> dict[tuple[int, int], list[float]]:
    """Period means of a replicate by (cycle, treatment), the slow and obvious way."""
    of_column: dict[str, Any] = {
        name: np.broadcast_to(getattr(diary, name), diary.score.shape)[:, replicate]
        for name in ("period", "cycle", "treatment", "day_of_period")
    }
    means: dict[tuple[int, int], list[float]] = {}
    for period in range(1, 1 + int(of_column["period"].max())):
        rows = of_column["period"] == period
        settled = rows & (of_column["day_of_period"] >= diary.plan.discard_days)
        entries = [value for value in diary.score[settled, replicate] if not np.isnan(value)]
        if len(entries) >= diary.plan.minimum_days:
            key = int(of_column["cycle"][rows][0]), int(of_column["treatment"][rows][0])
            means.setdefault(key, []).append(sum(entries) / len(entries))
    return means


@settings(max_examples=60, deadline=None)
@given(diary=diaries())
def test_agrees_with_scipy_on_period_means_found_one_by_one(diary: Diary) -> None:
    found = analyze(diary, "paired", sides=2)
    for replicate in range(diary.replicates):
        means = _means_by_loops(diary, replicate)
        cycles = [cycle for cycle, treatment in means if treatment == 1 and (cycle, 0) in means]
        assert (found.status[replicate] == Status.TOO_FEW_CYCLES) == (len(cycles) < 2)
        if found.status[replicate] == Status.OK:
            drug, control = ([np.mean(means[cycle, given]) for cycle in cycles] for given in (1, 0))
            expected = stats.ttest_rel(drug, control)
            assert found.estimate[replicate] == pytest.approx(np.mean(drug) - np.mean(control), abs=1e-12)
            assert found.p_value[replicate] == pytest.approx(expected.pvalue, rel=1e-9)
