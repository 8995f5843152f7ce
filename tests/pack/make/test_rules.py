from __future__ import annotations

import re

import pytest

from n1trial.errors import InputError
from n1trial.pack.make.rules import check_packable
from n1trial.scenario.check.cautions import Question, cautions
from n1trial.scenario.file import library
from n1trial.scenario.file.load import load_scenario
from tests.pack.packable import shipped, short

REFUSED = {
    "b12-6-month-open-label": ["nothing to blind"],
    "fast-drug-2-week": ["abrupt_stop_safe: must be true"],
    "iron-12-week": ["abrupt_stop_safe: must be true", "blinding.leak: must be below 0.5, but is 0.8"],
    "minimal": ["abrupt_stop_safe: must be true"],
}


@pytest.mark.parametrize("name", library.paths())
def test_shipped_scenarios(name: str) -> None:
    scenario = load_scenario(name)
    if name not in REFUSED:
        check_packable(scenario)
        return
    with pytest.raises(InputError) as refused:
        check_packable(scenario)
    assert len(refused.value.faults) == len(REFUSED[name])
    for fault, words in zip(refused.value.faults, REFUSED[name], strict=True):
        assert fault.startswith(f"{name}: no pack is made: ")
        assert words in fault


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"design.run_in_days": 13}, "design.run_in_days: must be at least 14, but is 13"),
        ({"design.period_days": 50}, "design.period_days: must be whole kits of 7 days (pack.kit_days), but is 50"),
        ({"design.washout_days": 3}, "design.washout_days: must be whole kits of 7 days (pack.kit_days), but is 3"),
        ({"treatment.every_days": 2}, "pack.kit_days: must be a multiple of treatment.every_days, 2, but is 7"),
        ({"design.run_in": "placebo", "design.run_in_days": 15}, "design.run_in_days: must be whole kits of 7 days"),
        ({"design.randomization": "fixed", "design.sequence": "ABBA"}, '"fixed" states the order for all to read'),
        ({"pack.shelf_life_days": 6}, "pack.shelf_life_days: must be at least pack.kit_days, 7, but is 6: a kit that"),
        (
            {"outcome.also_asked": [f"how long{' so long' * 20} {n}" for n in range(9)]},
            "outcome.also_asked: a week of the diary must fit on one page",
        ),
        (
            {"outcome.also_asked": [f"it {n}" for n in range(27)]},
            "outcome.also_asked: a week of the diary must fit on one page",
        ),
        ({"pack.kit_days": 5}, "design.period_days: must be whole kits of 5 days (pack.kit_days), but is 14"),
    ],
)
def test_what_no_pack_can_be_made_of(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as refused:
        check_packable(short(**changes))
    (fault,) = refused.value.faults
    assert words in fault


def test_a_switch_within_a_kit() -> None:
    scenario = shipped().replace(**{"design.switch_jitter_step_days": 6, "design.switch_jitter_days": 6})
    with pytest.raises(InputError, match=r"design\.switch_jitter_step_days: must be whole kits of 7 days"):
        check_packable(scenario)


def test_all_reasons_are_told_at_once() -> None:
    with pytest.raises(InputError) as refused:
        check_packable(short(**{"design.run_in_days": 0, "pack.kit_days": 4, "treatment.abrupt_stop_safe": False}))
    assert len(refused.value.faults) == 3


FORBIDDING = [asked for asked in cautions("b12-restless-legs").questions if "yes" in asked.stops]


@pytest.mark.parametrize("stops", FORBIDDING, ids=["deficient", "excluded"])
def test_answers_that_forbid_a_trial(stops: Question) -> None:
    for answer, is_refused in (("no", False), ("not known", True), ("yes", True)):
        scenario = load_scenario("b12-8-week").replace(considered=[{"question": stops.question, "answer": answer}])
        if not is_refused:
            check_packable(scenario)
            continue
        with pytest.raises(InputError, match=re.escape(f"{stops.question} {answer}: {stops.against[answer]}")):
            check_packable(scenario)
