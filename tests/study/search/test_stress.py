"""Designs under stress: which analyses hold their false alarms, and what becomes of a short list where they do not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import n1trial
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.evaluation.characteristics import rate
from n1trial.evaluation.screening.candidate import Candidate
from n1trial.evaluation.stress import Departure, fails
from n1trial.evaluation.tally import Tally
from n1trial.study.run.improvements import without_secondaries
from n1trial.study.run.stress import departures
from n1trial.study.search import stress
from n1trial.study.search.shortlist import choose_sound
from n1trial.study.search.simulate import DesignTallies
from n1trial.study.search.stress import MOST_FAILURES, FailingRow, failing_rows, is_sound
from tests.study.searched import small_scenario

ROW = (FailingRow(Departure.TREND, rate(200, 1000)),)


def design(method: str, cycles: int) -> Candidate:
    layout = Layout("crossover", 14, "open", cycles, 56, 0, Randomization("pairs", cycles, jitter_days=7))
    return Candidate(layout, 0, method)


def seen(method: str, cycles: int, power: float) -> DesignTallies:
    tallies = [Tally(replicates=1000, estimable=1000, detected=round(1000 * share)) for share in (power, 0.05)]
    return DesignTallies(design(method, cycles), *tallies)


def test_an_analysis_fails_a_row_beyond_one_and_a_half_alpha_and_a_standard_error() -> None:
    assert not fails(rate(75, 1000), 0.05)
    assert not fails(rate(83, 1000), 0.05)  # .083 less .0087 is not above .075
    assert fails(rate(85, 1000), 0.05)
    assert not fails(rate(85, 1000), 0.06)


def test_one_analysis_holds_under_a_trend_and_another_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two long rounds whose change-over is hardly moved: the daily model takes a trend for the drug."""
    monkeypatch.setattr(stress, "REPLICATES", 300)
    monkeypatch.setattr(
        stress, "departures", lambda scenario: {Departure.TREND: scenario.replace(**{"patient.trend_per_week": 0.14})}
    )
    scenario = without_secondaries(n1trial.load_scenario("b12-6-to-8-week"))
    layout = Layout("crossover", 14, "open", 2, 84, 0, Randomization("pairs", 2, jitter_days=28))
    mixed, exact = Candidate(layout, 21, "mixed"), Candidate(layout, 21, "randomization")
    rows = failing_rows(scenario, [mixed, exact], seed=1)
    assert rows[exact] == ()
    ((departure, type_1),) = [(row.departure, row.type_1) for row in rows[mixed]]
    assert departure is Departure.TREND
    assert (type_1.value or 0.0) > 0.15


def test_departures_of_the_drug_are_left_out_since_it_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(stress, "REPLICATES", 20)

    def announce(what: str, amount: int) -> object:
        assert what == "stressing"
        told.append(amount)
        return lambda _: None

    failing_rows(small_scenario(), [design("paired", 2)], 1, None, announce)  # type: ignore[arg-type]
    left = set(departures(small_scenario(**{"design.switch_jitter_days": 7}))) - stress.WITHOUT_EFFECT
    assert told == [20 * len(left)]


def test_an_exact_test_stands_and_an_analysis_that_failed_often_is_left_out() -> None:
    rows = {design("course", cycles): ROW for cycles in range(2, 2 + MOST_FAILURES)}
    assert is_sound(design("randomization", 2), {design("randomization", 2): ROW})
    assert not is_sound(design("course", 2), rows)
    assert not is_sound(design("course", 20), rows)
    assert is_sound(design("course", 20), dict(list(rows.items())[1:]))
    assert is_sound(design("paired", 20), {**rows, design("paired", 20): ()})


TALLIES = [
    seen("course", 3, 0.7), seen("randomization", 3, 0.5), seen("course", 2, 0.4), seen("randomization", 2, 0.3),
]  # fmt: skip


def chosen(failures: Sequence[Candidate], tallies: Sequence[DesignTallies] = TALLIES) -> tuple[list[Candidate], object]:
    choice, rows, unsafe = choose_sound(
        small_scenario(), tallies, 6, 0.5, lambda some: {one: ROW if one in failures else () for one in some}
    )
    assert set(choice.designs) <= set(rows)
    return list(choice.designs), unsafe and (unsafe.candidate, unsafe.detect, unsafe.failures)


def test_the_strongest_that_holds_takes_the_place_of_what_fails() -> None:
    course, exact = [design("course", 2), design("course", 3)], [design("randomization", 2), design("randomization", 3)]
    assert chosen([]) == (course, None)
    assert chosen(course[1:]) == ([course[0], exact[1]], (course[1], 0.7, ROW))
    assert chosen(course) == (exact, (course[1], 0.7, ROW))
    assert chosen([*course, *exact]) == (exact, (course[1], 0.7, ROW))


def test_where_nothing_holds_and_no_test_is_exact_designs_are_offered_with_what_they_fail_under() -> None:
    course = [design("course", 2), design("course", 3)]
    assert chosen(course, [one for one in TALLIES if one.candidate.method == "course"]) == (course, None)
