"""The choice among simulated designs."""

from __future__ import annotations

from typing import Any

import pytest

from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.evaluation.characteristics import NO_FIGURE, rate
from n1trial.evaluation.screening.candidate import Candidate
from n1trial.evaluation.tally import Tally
from n1trial.report.search.rationale import reason
from n1trial.study.run.bounds import COURSE
from n1trial.study.search.limits import Limits
from n1trial.study.search.requirements import Way
from n1trial.study.search.result import Counts, FinalDesign, SearchResult, design_of
from n1trial.study.search.shortlist import Choice, choose
from n1trial.study.search.simulate import DesignTallies
from tests.study.searched import small_scenario

SCENARIO = small_scenario()


def seen(cycles: int, power: float, scheme: str = "balanced", type_1: float = 0.05) -> DesignTallies:
    layout = Layout("crossover", 7, "open", cycles, 14, 0, Randomization(scheme, cycles))
    tallies = [Tally(replicates=1000, estimable=1000, detected=round(1000 * share)) for share in (power, type_1)]
    return DesignTallies(Candidate(layout, 0, "mixed"), *tallies)


def design(one: DesignTallies, power: float) -> FinalDesign:
    fresh = DesignTallies(one.candidate, Tally(replicates=1000, detected=round(1000 * power)), one.null)
    return design_of(SCENARIO, fresh, {}, None, NO_FIGURE, NO_FIGURE)


def test_designs_that_are_not_visibly_stronger_or_far_too_weak_are_left_out() -> None:
    found = choose(SCENARIO, [seen(2, 0.2), seen(3, 0.5), seen(4, 0.51), seen(5, 0.7)], most=6, worth=0.5)
    assert [one.layout.cycles for one in found.designs] == [3, 5]


@pytest.mark.parametrize(("pairs", "taken"), [(0.695, "pairs"), (0.65, "alternating")])
def test_of_designs_alike_an_order_that_one_period_does_not_tell_is_taken(pairs: float, taken: str) -> None:
    found = choose(SCENARIO, [seen(4, 0.7, "alternating"), seen(4, pairs, "pairs")], most=6, worth=0.5)
    randomization = found.designs[0].layout.randomization
    assert randomization is not None
    assert randomization.scheme == taken


CASES: list[tuple[list[float], list[float], Any]] = [
    ([0.6, 0.82, 0.9], [0.6, 0.81, 0.9], (1, "good")),  # the lightest with a good chance
    ([0.803, 0.88], [0.795, 0.87], (1, "good")),  # the lightest fell short anew, a heavier one did not
    ([0.795, 0.88], [0.805, 0.87], (1, "good")),  # by both sets of figures, not by one
    ([0.7, 0.79, 0.83], [0.7, 0.81, 0.79], (1, "unsure")),  # by the new figures only
    ([0.6, 0.82, 0.9], [0.6, 0.78, 0.79], (1, "closest")),  # good when chosen, none anew
    ([0.3, 0.6, 0.64], [0.3, 0.6, 0.64], (1, "closest")),  # the lightest near the strongest
    ([0.3, 0.5, 0.54], [0.3, 0.495, 0.54], (2, "closest")),  # what could go either way, where the lighter could not
    ([0.2, 0.3, 0.4], [0.2, 0.3, 0.4], (None, "none")),
    ([], [], (None, "none")),
]


@pytest.mark.parametrize(("chosen_by", "shown", "wanted"), CASES)
def test_recommended(chosen_by: list[float], shown: list[float], wanted: Any) -> None:
    candidates = [seen(cycles, power) for cycles, power in enumerate(chosen_by, start=3)]
    choice = choose(SCENARIO, candidates, most=6, worth=0.1)
    designs = [design(one, power) for one, power in zip(candidates, shown, strict=True)]
    assert choice.recommend(designs) == wanted


@pytest.mark.parametrize(("chosen_by", "shown", "_wanted"), CASES)
def test_no_good_chance_is_said_only_where_no_design_of_the_list_has_one(
    chosen_by: list[float], shown: list[float], _wanted: Any
) -> None:
    candidates = [seen(cycles, power) for cycles, power in enumerate(chosen_by, start=3)]
    designs = tuple(design(one, power) for one, power in zip(candidates, shown, strict=True))
    recommended, kind = Choice(tuple(one.candidate for one in candidates), tuple(candidates)).recommend(designs)
    present = design(seen(2, 0.1), 0.1)
    counts = Counts(screened=9, simulated=3, inflated=0)
    found = SearchResult(
        SCENARIO, "0", Limits(52.0), counts, designs, present, recommended, kind, None, None, (), (), ()
    )
    told = reason(found)
    has_one = any(power >= 0.8 for power in shown)
    assert told.startswith("No design within the limits") is not has_one
    assert ("though not in those by which it was chosen" in told) is (kind == "unsure")
    if kind == "good":
        assert recommended is not None
        assert ("both in these trials" in told) is (max(shown[:recommended]) >= 0.8)


def test_what_is_too_near_to_tell_is_neither_enough_nor_too_little() -> None:
    only = design(seen(3, 0.6), 0.6)
    ways = (
        Way("weeks", is_enough=False, value=104.0, weeks=100.0, detect=0.804, mcse=0.008),
        Way("nobody_leaves", is_enough=False, value=0.0, weeks=50.0, detect=0.7, mcse=0.009),
    )
    counts = Counts(screened=9, simulated=3, inflated=0)
    told = reason(
        SearchResult(SCENARIO, "0", Limits(52.0), counts, (only,), only, 0, "closest", None, None, ways, (), ())
    )
    assert "Perhaps enough, too near to tell: up to 104 weeks (80 of 100)." in told
    assert "What would not do: nobody stopping early (70 of 100)." in told


def test_more_weeks_never_show_less_than_the_designs_that_they_contain() -> None:
    only, counts = design(seen(3, 0.6), 0.6), Counts(screened=9, simulated=3, inflated=0)
    told = {}
    for detect in (0.59, 0.65):
        way = Way("weeks", is_enough=False, value=156.0, weeks=100.0, detect=detect, mcse=0.008)
        told[detect] = reason(
            SearchResult(SCENARIO, "0", Limits(52.0), counts, (only,), only, 0, "closest", None, None, (way,), (), ())
        )
    assert "What would not do: up to 156 weeks (no more than within the limits)." in told[0.59]
    assert "What would not do: up to 156 weeks (65 of 100)." in told[0.65]


@pytest.mark.parametrize(("power", "place", "kind"), [(0.82, 0, "good"), (0.6, 0, "closest"), (0.3, None, "none")])
def test_what_the_answer_depends_on_is_said_in_words(power: float, place: int | None, kind: Any) -> None:
    """Named is what leads to another answer by itself: here the daily ups and downs, not the time course."""
    one = seen(3, power)
    ends = {COURSE: [one.detect, one.detect], "patient.daily_sd": [rate(990, 1000), rate(100, 1000)]}
    only = design_of(SCENARIO, one, ends, None, NO_FIGURE, NO_FIGURE)
    assert (only.verdict.depends, only.depends_on) == (True, ("patient.daily_sd",))
    counts = Counts(screened=9, simulated=3, inflated=0)
    told = reason(SearchResult(SCENARIO, "0", Limits(52.0), counts, (only,), only, place, kind, None, None, (), (), ()))
    assert "This depends on how much the score swings from day to day, which is not known." in told
