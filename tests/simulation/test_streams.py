"""Every quantity has a stream of its own."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from n1trial.simulation.streams import FEW, Streams

WIDTH = 4


def rows(streams: Streams, name: str, count: int = 3) -> list[list[float]]:
    draw = streams.normal(name)
    return [draw().tolist() for _ in range(count)]


def test_a_stream_goes_by_seed_name_and_batch_alone() -> None:
    first = rows(Streams(1, 0, WIDTH), "noise")
    assert rows(Streams(1, 0, WIDTH), "noise") == first
    others = [Streams(2, 0, WIDTH), Streams(1, 1, WIDTH)]
    found = [rows(other, "noise") for other in others] + [rows(Streams(1, 0, WIDTH), "drift")]
    assert all(other != first for other in found)
    assert found[0] != found[1]


def test_what_one_stream_gives_does_not_hang_on_others() -> None:
    streams = Streams(1, 0, WIDTH)
    noise, drift = streams.normal("noise"), streams.normal("drift")
    mixed = [(noise().tolist(), drift().tolist()) for _ in range(3)]
    assert [row for row, _ in mixed] == rows(Streams(1, 0, WIDTH), "noise")
    assert [row for _, row in mixed] == rows(Streams(1, 0, WIDTH), "drift")


def test_a_draw_of_many_is_one_full_row_into_the_same_array() -> None:
    draw = Streams(1, 0, FEW + 1).uniform("dose")
    first = draw()
    kept = first.copy()
    second = draw()
    assert first is second
    assert first.shape == (FEW + 1,)
    assert (first != kept).all()


@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_few_are_remembered_and_the_same_as_when_drawn_anew(kind: str) -> None:
    def drawn(first: int) -> list[list[float]]:
        draw = getattr(Streams(1, 0, 2 * FEW, first=first), kind)("dose")
        return [draw()[:FEW].tolist() for _ in range(4)]

    anew = drawn(FEW + 1)
    assert drawn(FEW) == anew
    half_way = getattr(Streams(1, 0, 2 * FEW, first=FEW), kind)("dose")
    assert [half_way().tolist() for _ in range(2)] == anew[:2]
    longer = getattr(Streams(1, 0, 2 * FEW, first=FEW), kind)("dose")
    assert [longer().tolist() for _ in range(6)][:4] == anew


def test_what_is_remembered_cannot_be_changed() -> None:
    row = Streams(1, 0, WIDTH).uniform("dose")()
    with pytest.raises(ValueError, match="read-only"):
        row += 1.0


def test_the_first_numbers_are_those_of_the_whole_row() -> None:
    whole, first = Streams(1, 0, WIDTH), Streams(1, 0, WIDTH, first=2, record=True)
    for kind in ("normal", "uniform"):
        all_of_it, some = getattr(whole, kind)(kind), getattr(first, kind)(kind)
        drawn = [(all_of_it()[:2].tolist(), some().tolist()) for _ in range(3)]
        assert all(ours == theirs for ours, theirs in drawn)
        assert [row.tolist() for row in first.drawn[kind]] == [ours for _, ours in drawn]


def test_what_is_drawn_is_kept_where_asked_for() -> None:
    streams = Streams(1, 0, WIDTH, record=True)
    draw = streams.uniform("dose")
    assert streams.drawn == {"dose": []}
    drawn = [draw().tolist() for _ in range(3)]
    assert [row.tolist() for row in streams.drawn["dose"]] == drawn
    plain = Streams(1, 0, WIDTH)
    again = plain.uniform("dose")
    assert [again().tolist() for _ in range(3)] == drawn
    assert plain.drawn == {}


@pytest.mark.parametrize(("kind", "law"), [("uniform", "uniform"), ("normal", "norm")])
def test_numbers_follow_their_law(kind: str, law: str) -> None:
    numbers = getattr(Streams(20261122, 0, 20_000), kind)("noise")()
    assert numbers.dtype == np.float64
    assert kstest(numbers, law).pvalue > 1e-4


def test_a_seed_is_not_negative() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        Streams(-1, 0, WIDTH).uniform("dose")
