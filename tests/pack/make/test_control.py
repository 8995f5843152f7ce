"""A control is a placebo or a drug; what is neither stated nor evident lets no pack be made."""

from __future__ import annotations

from typing import Any

import pytest

from n1trial.pack.make.rules import faults_of_control
from n1trial.scenario.check.cautions import cautions_of, paragraphs
from n1trial.scenario.check.remarks import remarks
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import write_resolved
from n1trial.scenario.scenario import Scenario

DRUG: dict[str, Any] = {
    "name": "Ibuprofen", "kind": "active", "dose": "400 mg", "abrupt_stop_safe": True,
    "cautions": ["Not with a stomach ulcer."],
}  # fmt: skip


def sentences(scenario: Scenario) -> tuple[str, ...]:
    return tuple(map(str, remarks(scenario)))


def scenario(**control: Any) -> Scenario:
    return load_scenario("fast-drug-2-week").replace(**{f"control.{key}": value for key, value in control.items()})


@pytest.mark.parametrize(
    ("control", "words"),
    [
        ({}, ()),
        ({"name": "Placebo capsule"}, ()),
        ({"name": "Plazebo"}, ()),
        ({"name": "Starch", "kind": "placebo"}, ()),
        (DRUG, ()),
        (DRUG | {"name": "Ibuprofen 400 mg", "dose": ""}, ()),
        (DRUG | {"route": "by mouth"}, ()),
        (
            {"name": "Ibuprofen"},
            ('must be "placebo" or "active" where the control is not called a placebo but "Ibuprofen"',),
        ),
        ({"name": "Ibuprofen 400 mg"}, ('is named "Ibuprofen 400 mg", as a drug does: set control.kind = "active"',)),
        ({"name": "Saline 0.9 %", "kind": "placebo"}, ('is named "Saline 0.9 %", as a drug does',)),
        ({"dose": "400 mg"}, ("has a dose or cautions, as a drug does",)),
        (
            {"name": "Ibuprofen", "kind": "active", "route": "as a patch"},
            (
                "control.dose: must be given, since Ibuprofen is a drug",
                "control.cautions: must say what must be known of Ibuprofen",
                "control.abrupt_stop_safe: must be true, stated by someone who knows that Ibuprofen may be stopped",
                'control.route: must be the same as treatment.route, "by mouth", but is "as a patch"',
            ),
        ),
    ],
)
def test_what_no_pack_can_be_made_with_is_named_all_at_once(control: dict[str, Any], words: tuple[str, ...]) -> None:
    faults = list(faults_of_control(scenario(**control).replace(**{"treatment.route": "by mouth"})))
    assert len(faults) == len(words)
    for fault, said in zip(faults, words, strict=True):
        assert said in fault


def test_a_drug_as_control_fills_no_washout_and_no_run_in() -> None:
    changed = scenario(**DRUG).replace(**{"design.washout_days": 7, "design.run_in": "placebo"})
    run_in, washout = faults_of_control(changed)
    assert run_in.endswith('must be "open", but is "placebo": the run-in would be on Ibuprofen, a drug')
    assert washout.startswith("design.washout_days: must be 0, but is 7")


def test_cautions_follow_the_kind_of_control() -> None:
    drug, placebo = scenario(**DRUG), scenario()
    assert (drug.control.is_active, placebo.control.is_active) == (True, False)
    assert cautions_of(drug) != cautions_of(placebo)
    assert [asked.question for asked in cautions_of(drug).questions] == [
        asked.question for asked in cautions_of(placebo).questions
    ]
    assert "placebo" not in " ".join(paragraphs(drug)).lower()
    assert "Ibuprofen. Not with a stomach ulcer." in paragraphs(drug)


def test_what_the_simulation_takes_for_the_effect_is_said() -> None:
    assert any(
        "Ibuprofen is a drug; the simulation takes treatment.effect" in said for said in sentences(scenario(**DRUG))
    )
    said = sentences(scenario(dose="400 mg"))
    assert 'control.dose: has no meaning where control.kind is not "active"' in said


def test_a_resolved_file_has_the_keys_of_a_drug_only_where_it_is_one(tmp_path: Any) -> None:
    assert "kind" not in write_resolved(scenario()).partition("[control]")[2].partition("[")[0]
    path = tmp_path / "drug.toml"
    path.write_text(write_resolved(scenario(**DRUG)), encoding="utf-8")
    assert load_scenario(str(path)) == scenario(**DRUG)
