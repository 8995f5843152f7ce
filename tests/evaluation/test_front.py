"""Which designs are worth choosing between."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from n1trial.evaluation.front import VISIBLE, Objectives, front, shortfalls, thin, visible_front

objectives = st.lists(
    st.builds(Objectives, st.integers(0, 20).map(lambda i: i / 20), st.integers(4, 12).map(float),
              st.integers(2, 6).map(float)),
    max_size=25,
)  # fmt: skip


@given(objectives)
def test_none_of_the_front_is_beaten_and_all_others_are(found: list[Objectives]) -> None:
    places = front(found)
    kept = [found[place] for place in places]
    assert not any(one.beats(other) for one in found for other in kept)
    for standing in found:
        assert standing in kept or any(one.beats(standing) for one in kept)
    assert len(set(kept)) == len(kept)
    assert [(one.weeks, one.weeks_on_placebo) for one in kept] == sorted(
        (one.weeks, one.weeks_on_placebo) for one in kept
    )


@given(objectives)
def test_shortfalls_are_0_on_the_front(found: list[Objectives]) -> None:
    behind = shortfalls(found)
    assert all(behind[place] == 0 for place in front(found))
    assert all(0 <= one <= 1 for one in behind)


@given(objectives, st.integers(1, 6))
def test_what_is_shown_is_of_the_front_told_apart_and_holds_the_strongest(found: list[Objectives], most: int) -> None:
    places = visible_front(found)
    assert set(places) <= set(front(found))
    for place in places:
        mine = found[place]
        lighter = [found[p] for p in places if p != place and found[p].is_lighter(mine)]
        assert all(mine.power >= one.power + VISIBLE for one in lighter)
    few = thin(places, found, most)
    assert len(few) <= most
    assert [place for place in places if place in few] == few
    if places:
        strongest = max(one.power for one in found)
        assert max(found[place].power for place in few) == max(found[place].power for place in places)
        assert max(found[place].power for place in few) > strongest - VISIBLE


def test_of_equals_the_first_is_taken() -> None:
    assert front([Objectives(0.5, 10, 5), Objectives(0.5, 10, 5), Objectives(0.5, 11, 5)]) == [0]
