from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Status
from n1trial.analysis.methods import ols
from n1trial.diary.diary import Diary
from tests.analysis.diaries import diaries, of_periods

NAN = float("nan")


def test_worked_by_hand() -> None:
    # Drug 5, 7; control 2, 3, 4: means 6 and 3, RSS 2 + 2, df 3, SE = √(4/3·(1/2 + 1/3)).
    diary = of_periods("AB", [[5, NAN, 7], [2, 3, 4]])
    found = analyze(diary, "ols")
    assert found.estimate[0] == pytest.approx(3)
    assert found.standard_error[0] == pytest.approx(np.sqrt(4 / 3 * 5 / 6))
    assert found.df[0] == 3
    assert found.n[0] == 5
    assert ols.fit(diary).sigma[0] == pytest.approx(np.sqrt(4 / 3))


def test_cycle_levels_are_taken_out() -> None:
    # Cycle 2 lies 10 higher; within each cycle the drug is 1 higher: ±.5 about it, RSS 4·(1/2), df 8 − 3.
    scores: list[list[float]] = [[1, 2], [0, 1], [10, 11], [11, 12]]
    found = analyze(of_periods("ABBA", scores), "ols", terms=("cycle",))
    assert found.estimate[0] == pytest.approx(1)
    assert found.standard_error[0] == pytest.approx(np.sqrt(2 / 5 * (1 / 4 + 1 / 4)))
    assert found.df[0] == 5


def test_a_cycle_without_entries_costs_no_degree_of_freedom() -> None:
    scores: list[list[float]] = [[1, 2], [0, 1], [10, 11], [11, 12], [NAN, NAN], [NAN, NAN]]
    assert analyze(of_periods("ABBAAB", scores), "ols", terms=("cycle",)).df[0] == 5


def test_a_straight_line_is_taken_out() -> None:
    noise = np.array([0.5, -0.5, -0.5, 0.5] * 2)
    scores = 3 * np.repeat([1, 0, 0, 1], 2) + 2 * np.arange(8) + noise
    found = analyze(of_periods("ABBA", scores.reshape(4, 2).tolist()), "ols", terms=("trend",))
    assert found.estimate[0] == pytest.approx(_by_lstsq(scores, np.repeat([1, 0, 0, 1], 2), np.arange(8))[0])
    assert found.df[0] == 5


def test_one_treatment_only_says_so() -> None:
    assert analyze(of_periods("AB", [[1, 2, 4], [NAN]]), "ols").status[0] == Status.ONE_TREATMENT


def test_a_treatment_that_is_a_cycle_is_confounded_with_it() -> None:
    scores: list[list[float]] = [[1, 2, 3], [NAN], [NAN], [4, 5, 7]]
    assert analyze(of_periods("ABAB", scores), "ols", terms=("cycle",)).status[0] == Status.CONFOUNDED
    assert analyze(of_periods("ABAB", scores), "ols").status[0] == Status.OK


def test_too_few_entries_say_so() -> None:
    assert analyze(of_periods("AB", [[1], [2]]), "ols").status[0] == Status.TOO_FEW_ENTRIES
    assert analyze(of_periods("AB", [[NAN], [NAN]]), "ols").status[0] == Status.TOO_FEW_ENTRIES


def test_a_perfect_fit_keeps_the_estimate_but_has_no_p() -> None:
    found = analyze(of_periods("AB", [[0.3, 0.3, 0.3], [0.1, 0.1, 0.1]]), "ols")
    assert found.status[0] == Status.NO_VARIATION
    assert found.estimate[0] == pytest.approx(0.2)
    assert np.isnan(found.p_value[0])


def test_residuals_survive_a_large_offset() -> None:
    scores = np.array([[1.0, 2, 4], [0, 3, 1]])
    plain, high = (
        analyze(of_periods("AB", (scores + offset).tolist()), "ols", terms=("trend",)) for offset in (0, 2.0**20)
    )
    assert high.standard_error[0] == pytest.approx(plain.standard_error[0], rel=1e-9)


def _by_lstsq(
    score: NDArray[np.float64], treatment: NDArray[np.int_], *others: NDArray[np.generic]
) -> tuple[float, float, int]:
    """Coefficient of treatment, its standard error and df from a dense design; NaN where it has none."""
    rest = np.column_stack([np.ones(score.size), *others])
    design = np.column_stack([treatment, rest])
    rank = int(np.linalg.matrix_rank(design))
    if rank == np.linalg.matrix_rank(rest):
        return NAN, NAN, score.size - rank
    coefficient = np.linalg.lstsq(design, score, rcond=None)[0]
    df = score.size - rank
    rss = float(((score - design @ coefficient) ** 2).sum())
    variance = np.linalg.pinv(design.T @ design)[0, 0]
    return float(coefficient[0]), float(np.sqrt(rss / df * variance)) if df > 0 else NAN, df


@settings(max_examples=100, deadline=None)
@given(diary=diaries())
def test_agrees_with_a_dense_design(diary: Diary) -> None:
    found = analyze(diary, "ols")
    usable = diary.is_usable()
    for replicate in range(diary.replicates):
        days = usable[:, replicate]
        cycle, treatment = (
            np.broadcast_to(column, usable.shape)[days, replicate] for column in (diary.cycle, diary.treatment)
        )
        others: list[NDArray[np.generic]] = []
        if "trend" in diary.plan.terms:
            others.append(diary.day[days])
        if "cycle" in diary.plan.terms:
            others += [cycle == number for number in np.unique(cycle)]
        if not days.any():
            assert found.status[replicate] == Status.TOO_FEW_ENTRIES
            continue
        estimate, standard_error, df = _by_lstsq(diary.score[days, replicate], treatment, *others)
        if np.isnan(estimate):
            assert found.status[replicate] in (Status.ONE_TREATMENT, Status.CONFOUNDED, Status.TOO_FEW_ENTRIES)
        elif df < 1:
            assert found.status[replicate] == Status.TOO_FEW_ENTRIES
        elif found.status[replicate] == Status.NO_VARIATION:
            assert standard_error < 1e-9
        else:
            assert found.status[replicate] == Status.OK
            assert found.df[replicate] == df
            np.testing.assert_allclose(found.estimate[replicate], estimate, rtol=1e-8, atol=1e-10)
            np.testing.assert_allclose(found.standard_error[replicate], standard_error, rtol=1e-8)
