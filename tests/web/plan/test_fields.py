from __future__ import annotations

import pytest

from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.matters import applies
from n1trial.scenario.file import library
from n1trial.scenario.file.load import load_scenario, parse_value
from n1trial.scenario.model.entries import entries
from n1trial.study.run.improvements import with_time_course
from n1trial.web.plan.fields import FOLDS, HIDDEN, STATUS, first_fields, folded_fields, labels, origins, values
from n1trial.web.plan.form import form
from n1trial.web.shared.plan.sliders import FIRST, SLIDERS

DESCRIPTIVE = ("source", "evidence", "unsettled", "considered", "theory", "cautions")


@pytest.mark.parametrize("name", library.paths())
def test_every_key_is_an_input_once(name: str) -> None:
    scenario = load_scenario(name)
    shown = [field.key for field in first_fields(scenario)]
    shown += [field.key for tables in folded_fields(scenario).values() for held in tables.values() for field in held]
    wanted = [
        entry.path
        for entry in entries(scenario)
        if (entry.section == "source" or entry.section not in DESCRIPTIVE)
        and entry.path not in HIDDEN
        and not (entry.section in ("trigger", "secondary") and entry.field == "name")
        and applies(scenario, entry.path)
    ]
    assert sorted(shown) == sorted(wanted)


def test_inputs_at_fault_are_called_as_the_form_calls_them() -> None:
    keys = ("design.cycles", "trigger.caffeine.effect", "design.cycles", "name", "design.nothing", "trigger")
    told = labels(Fault("missing", key) for key in keys)
    assert told == ("Rounds", "What it adds (caffeine)", "Short name", "design.nothing", "trigger")


def test_it_is_said_that_the_sliders_move_the_truth_and_what_the_analysis_assumes() -> None:
    scenario = load_scenario("minimal")
    said = str(form(scenario, "edits"))
    assert "move the patient (the truth) and what the planned analysis assumes alike" in said
    slid, row = (
        scenario.replace(**{"treatment.onset_days": 9.0}),
        with_time_course(scenario, 9.0, scenario.treatment.offset_days),
    )
    assert slid.treatment.onset_days == slid.plan().assumed_onset_days == row.treatment.onset_days == 9.0
    assert row.plan().assumed_onset_days == scenario.plan().assumed_onset_days
    openly = load_scenario("b12-6-month-open-label")
    assert "the planned analysis" not in str(form(openly, "edits"))


@pytest.mark.parametrize("name", library.paths())
def test_each_has_a_label_a_sentence_and_a_value_on_its_slider(name: str) -> None:
    scenario = load_scenario(name)
    fields = [*first_fields(scenario)]
    fields += [field for tables in folded_fields(scenario).values() for held in tables.values() for field in held]
    for field in fields:
        assert field.label
        assert field.sentence
        assert field.unit or field.kind != "number" or field.key in UNITLESS, field.key
        if field.reach is not None:
            low, high, step = field.reach
            assert low < high
            assert 0 < step <= (high - low) / 4
            if field.text:
                assert low - 1e-9 <= float(field.text) <= high + 1e-9, field.key
        if field.kind == "choice":
            assert field.text in field.choices


UNITLESS = (
    "placebo.displacement", "design.cycles", "design.block_cycles", "analysis.sides", "analysis.max_assignments",
    "simulation.seed",
)  # fmt: skip


def test_nothing_is_called_that_is_not_there() -> None:
    scenario = load_scenario("b12-6-to-8-week")
    known = {f"{entry.section}.{entry.field}".lstrip(".") for entry in entries(scenario)}
    assert set(SLIDERS) <= known
    assert set(FIRST) <= set(SLIDERS)
    sections = {section for held in FOLDS.values() for section in held}
    assert {key.rpartition(".")[0] for key in SLIDERS} <= sections


def test_values_are_as_one_types_them() -> None:
    scenario = load_scenario("b12-6-to-8-week")
    typed = values(scenario)
    assert typed["treatment.dose"] == "1000 mcg"
    assert parse_value(typed["outcome.scale"]) == [0.0, 10.0]
    assert typed["patient.enrolled_when_worse"] == ""


def test_the_form_escapes_what_a_file_says() -> None:
    hostile = "<script>alert(1)</script>"
    scenario = load_scenario("minimal").replace(**{"treatment.name": hostile, "title": f'"{hostile}'})
    html = str(form(scenario, "edits"))
    assert hostile not in html
    assert "&lt;script&gt;" in html


def test_each_number_says_where_it_comes_from() -> None:
    scenario = load_scenario("b12-8-week")
    known = {origin.key: origin for origin in origins(scenario)}
    assert known["evidence.patient.daily_sd"].words == STATUS[known["evidence.patient.daily_sd"].status]
    assert values(scenario)["evidence.patient.daily_sd.note"] == known["evidence.patient.daily_sd"].note != ""
    changed = load_scenario("b12-8-week", {"patient.daily_sd": "1.75"})
    (own,) = [origin for origin in origins(changed) if origin.key == "evidence.patient.daily_sd"]
    assert (own.words, own.status, own.note) == ("yours, no source given", "", "")
    assert values(changed)["evidence.patient.daily_sd.note"] == ""
    assert 'data-key="evidence.patient.daily_sd.note"' in str(form(changed, "edits"))
    assert "evidence.design.cycles" not in str(form(changed, "edits"))
