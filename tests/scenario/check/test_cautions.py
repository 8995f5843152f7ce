"""Blocks of cautions are whole, and found by name."""

from __future__ import annotations

import pytest

from n1trial.errors import InputError
from n1trial.scenario.check import cautions


@pytest.mark.parametrize("block", ["", *cautions.caution_blocks()])
def test_cautions(block: str) -> None:
    named = cautions.cautions(block)
    assert len(named.first.splitlines()) == 2
    assert named.text
    assert all(paragraph.strip() for paragraph in named.text)
    assert named.call
    assert all(sign[0].islower() and sign[-1] not in ".;" for sign in named.call)  # each goes on after an "if"


def test_no_block_is_the_general_one() -> None:
    assert cautions.cautions("") == cautions.cautions("general")


def test_cautions_of_no_block() -> None:
    with pytest.raises(InputError, match=r"^generel: no shipped block .* \(did you mean general\?\)$"):
        cautions.cautions("generel")


@pytest.mark.parametrize("block", cautions.caution_blocks())
def test_what_is_asked_before_planning(block: str) -> None:
    asked = cautions.cautions(block).questions
    assert len({each.question for each in asked}) == len(asked)
    for each in asked:
        assert each.question.endswith("?")
        assert {*each.against, *each.stops} <= {*each.answers}
        assert set(each.stops) <= set(each.against), "whoever is stopped must be told why"
        assert bool(each.answers) != each.decides
        assert not each.answers or len(each.against) < len(each.answers), "some answer must let the trial be"


def test_whom_the_cautions_exclude_is_asked_for() -> None:
    asked = cautions.cautions("b12-restless-legs").questions
    excluding, changing = (next(each for each in asked if word in each.question) for word in ("Leber", "kidney"))
    for named in ("Leber's optic neuropathy", "cobalamin", "megaloblastic anemia", "nitrous oxide"):
        assert named in excluding.question
    assert excluding.stops == ("yes", "not known")
    for named in ("pregnancy", "kidney disease", "neuropathy", "antidepressant", "antihistamine", "dopamine drug"):
        assert named in changing.question
    assert changing.stops == ()
    assert "think of augmentation. No other medicine" in changing.against["yes"]
