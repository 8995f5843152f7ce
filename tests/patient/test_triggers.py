"""How a trigger hits and fades."""

from __future__ import annotations

import pytest

from n1trial.patient import hours
from n1trial.patient.state import State
from n1trial.patient.triggers import pull_trigger
from tests.patient.stories import script, story
from tests.reference.cases import HALVES


def test_a_trigger_fades_and_is_never_more_than_full() -> None:
    state = State.at_start(2, triggers=2)
    draws = script([0.2, 0.3], [0.3, 0.29], [0.9, 0.9], [0.0, 0.9])
    process = pull_trigger(state, [-1, 0, 1, 2], 1, chance=0.3, effect=4.0, fade_days=HALVES, uniform=draws)
    hour = hours.TRIGGER + hours.BETWEEN_TRIGGERS
    assert story(process, lambda: state.trigger_loads[1].tolist()) == [
        (-1 + hour, [1, 0]),
        (0 + hour, pytest.approx([1 / 2, 1])),
        (1 + hour, pytest.approx([1 / 4, 1 / 2])),
        (2 + hour, pytest.approx([1, 1 / 4])),
    ]
    assert state.latent.tolist() == pytest.approx([4 * 2.75, 4 * 1.75])
    assert state.trigger_loads[0].tolist() == [0, 0]


def test_without_fading_it_is_that_day_only() -> None:
    state = State.at_start(1, triggers=1)
    process = pull_trigger(state, [0, 1, 2], 0, 0.5, -1.0, 0.0, script([0.4], [0.6], [0.5]))
    assert [load for _, load in story(process, lambda: float(state.trigger_loads[0][0]))] == [1, 0, 0]
    assert state.latent.tolist() == [-1]
