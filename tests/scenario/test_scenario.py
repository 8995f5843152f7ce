"""A scenario: its values, its plan and layout, its changes, and what is assumed."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.diary.methods import methods_for
from n1trial.diary.plan import Plan
from n1trial.errors import InputError
from n1trial.scenario.check.matters import matters
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.model.entries import entries
from n1trial.scenario.model.keys import ARRAYS, section_type
from n1trial.scenario.model.section import Section
from n1trial.scenario.scenario import Scenario

MINIMAL: dict[str, Any] = {
    "name": "case",
    "treatment": {"name": "Drug", "effect": -1.0, "onset_days": 2.0, "offset_days": 3.0},
    "outcome": {"name": "Complaint", "scale": [0, 10], "better": "lower", "mcid": 1.0},
    "patient": {"baseline": 6.0, "daily_sd": 1.4, "autocorrelation": 0.3},
}
TRIGGERS = [{"name": "caffeine"}, {"name": "alc. 2 units", "effect": 1.0}]


def scenario(**sections: Any) -> Scenario:
    return Scenario.of({**MINIMAL, **sections})


def faults_of(values: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        Scenario.of(values)
    return caught.value.faults


def test_sections_and_keys_are_attributes() -> None:
    given_triggers = scenario(trigger=TRIGGERS)
    assert given_triggers.design.cycles == 3
    assert given_triggers.outcome.scale == (0.0, 10.0)
    assert [trigger.name for trigger in given_triggers.trigger] == ["caffeine", "alc. 2 units"]
    assert given_triggers.secondary == ()


def test_scenario_is_frozen_in_all_its_parts() -> None:
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        scenario().name = "other"  # type: ignore[misc]
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        scenario().design.cycles = 4  # type: ignore[misc]


def test_scenarios_are_equal_by_values_whether_given_or_not() -> None:
    given_value = scenario(design={"cycles": 3})
    assert given_value == scenario()
    assert hash(given_value) == hash(scenario())
    assert given_value.assumed != scenario().assumed
    assert given_value != scenario(design={"cycles": 4})


def test_scenario_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(scenario(trigger=TRIGGERS)))
    assert copy == scenario(trigger=TRIGGERS)
    assert copy.assumed == scenario(trigger=TRIGGERS).assumed


@pytest.mark.parametrize(("better", "sign"), [("lower", 1), ("higher", -1)])
def test_sign_is_the_direction_of_worse(better: str, sign: int) -> None:
    assert scenario(outcome={**MINIMAL["outcome"], "better": better}).sign == sign


class TestReplace:
    def test_changes_keys_and_tables_of_arrays_by_name_and_by_number(self) -> None:
        before = scenario(trigger=TRIGGERS)
        after = before.replace(
            **{"design.cycles": 4, "trigger.alc. 2 units.effect": 2.0, "trigger.0.effect": 0.25, "title": "New"}
        )
        assert (after.design.cycles, after.title) == (4, "New")
        assert [trigger.effect for trigger in after.trigger] == [0.25, 2.0]
        assert [trigger.effect for trigger in before.trigger] == [0.5, 1.0]

    def test_name_goes_before_number(self) -> None:
        named_one = scenario(trigger=[{"name": "1"}, {"name": "b"}]).replace(**{"trigger.1.effect": 2.0})
        assert [trigger.effect for trigger in named_one.trigger] == [2.0, 0.5]

    def test_changes_whole_sections_and_arrays(self) -> None:
        after = scenario(trigger=TRIGGERS).replace(trigger=[], design={"cycles": 5})
        assert after.trigger == ()
        assert after.design.cycles == 5

    def test_none_takes_a_key_back_to_its_default(self) -> None:
        before = scenario(design={"cycles": 5}, treatment={**MINIMAL["treatment"], "onset_range": [1, 4]})
        after = before.replace(**{"design.cycles": None, "treatment.onset_range": None})
        assert after == scenario()
        assert after.assumed == scenario().assumed

    def test_numbers_of_numpy_will_do(self) -> None:
        after = scenario().replace(**{"design.cycles": np.int64(4), "patient.baseline": np.float64(5.0)})
        assert after == scenario(design={"cycles": 4}, patient={**MINIMAL["patient"], "baseline": 5.0})

    def test_assumed_survives(self) -> None:
        before, after = dict(scenario().assumed), dict(scenario().replace(**{"design.cycles": 4}).assumed)
        assert after == {key: value for key, value in before.items() if key != "design.cycles"}

    def test_defaults_follow_what_they_depend_on(self) -> None:
        after = scenario().replace(**{"design.layout": "open-label"})
        assert (after.analysis.primary, after.analysis.methods) == ("before_after", ("before_after",))
        assert after.replace(**{"design.layout": "crossover"}) == scenario()

    def test_tells_all_faults(self) -> None:
        with pytest.raises(InputError) as caught:
            scenario(trigger=TRIGGERS).replace(
                **{"trigger.cafeine.effect": 1.0, "design.cycels": 4, "design.cycles": 0, "patient.baseline": 11}
            )
        assert caught.value.faults == (
            'trigger.cafeine.effect: no trigger "cafeine"; there are caffeine, alc. 2 units (did you mean caffeine?)',
            "patient.baseline: must be on the scale from 0 to 10, but is 11",
            "design.cycles: must be a whole number from 1 to 26, but is 0",
            "design.cycels: unknown key (did you mean cycles?)",
        )

    def test_a_table_must_be_named(self) -> None:
        with pytest.raises(InputError, match=r"trigger\.effect: must name one trigger, as in trigger\.NAME\.KEY"):
            scenario(trigger=TRIGGERS).replace(**{"trigger.effect": 1.0})


def test_value_of_a_dotted_key() -> None:
    given_triggers = scenario(trigger=TRIGGERS)
    assert given_triggers.value("trigger.alc. 2 units.effect") == 1.0
    assert given_triggers.value("treatment.onset_range") is None
    with pytest.raises(InputError, match=r"design\.cycels: unknown key \(did you mean design\.cycles\?\)"):
        given_triggers.value("design.cycels")


class TestAssumed:
    def test_holds_what_was_not_given_with_its_value(self) -> None:
        assumed = dict(scenario(design={"cycles": 3}, trigger=[{"name": "stress"}]).assumed)
        assert assumed["design.period_days"] == 56
        assert assumed["trigger.stress.days_per_week"] == 1.0
        assert assumed["analysis.methods"] == methods_for("crossover")
        assert not {"design.cycles", "patient.baseline", "trigger.stress.name"} & assumed.keys()

    def test_leaves_out_what_is_only_said_or_left_out(self) -> None:
        assumed = dict(scenario().assumed)
        assert not {"title", "source.citation", "source.status", "treatment.dose"} & assumed.keys()
        assert not {"treatment.onset_range", "design.sequence", "analysis.terms"} & assumed.keys()

    @pytest.mark.parametrize(
        ("changes", "key"),
        [
            ({"placebo": {"shape": "gompertz", "response": -1.0}}, "placebo.displacement"),
            ({"placebo": {"response_sd": 0.5}}, "placebo.onset_days"),
            ({"conduct": {"gaps_per_month": 1.0}}, "conduct.gap_days"),
            ({"patient": {**MINIMAL["patient"], "period_sd": 0.4}}, "patient.period_shift_follows"),
            ({"patient": {**MINIMAL["patient"], "period_sd": 0.4}}, "patient.shift_days"),
            ({"design": {"switch_jitter_days": 7}}, "design.switch_jitter_step_days"),
            ({"decision": {"rule": "probability"}}, "decision.threshold"),
        ],
    )
    def test_holds_what_only_matters_beside_other_values_just_there(self, changes: dict[str, Any], key: str) -> None:
        assert key not in dict(scenario().assumed)
        assert key in dict(scenario(**changes).assumed)

    @pytest.mark.parametrize("follows", ["calendar", "switch"])
    def test_length_of_a_shift_matters_to_the_patients_own_alone(self, follows: str) -> None:
        patient = {**MINIMAL["patient"], "period_sd": 0.4, "period_shift_follows": follows}
        assert "patient.shift_days" not in dict(scenario(patient=patient).assumed)

    @pytest.mark.parametrize("key", ["blinding.leak", "control.name", "design.washout_days", "pack.kit_days"])
    def test_leaves_out_what_an_open_label_trial_does_not_have(self, key: str) -> None:
        assert key in dict(scenario().assumed)
        assert key not in dict(scenario(design={"layout": "open-label"}).assumed)


def test_a_key_that_does_not_matter_does_not_change_the_plan() -> None:
    idle = [entry.path for entry in entries(scenario()) if not matters(scenario(), entry.path)]
    assert {"placebo.displacement", "conduct.gap_days", "decision.threshold"} <= set(idle)


class TestLayout:
    def test_crossover(self) -> None:
        design = {"randomization": "constrained", "max_run": 2, "washout_days": 7, "run_in": "placebo", "cycles": 4}
        layout = scenario(design=design).layout()
        assert (layout.kind, layout.run_in, layout.run_in_days) == ("crossover", "placebo", 14)
        assert (layout.cycles, layout.period_days, layout.washout_days) == (4, 56, 7)
        assert layout.randomization is not None
        assert (layout.randomization.scheme, layout.randomization.max_run) == ("constrained", 2)
        assert layout.randomization.cycles == 4

    def test_random_switch(self) -> None:
        randomization = scenario(design={"switch_jitter_days": 14}).layout().randomization
        assert randomization is not None
        assert randomization.switches == (-14, -7, 0, 7, 14)

    @pytest.mark.parametrize(
        "design",
        [
            {"randomization": "pairs"},
            {"randomization": "alternating"},
            {"randomization": "counterbalanced"},
            {"randomization": "blocks", "block_cycles": 3},
            {"randomization": "balanced"},
            {"randomization": "constrained", "max_run": 1},
            {"randomization": "fixed", "sequence": "ABBAAB"},
        ],
    )
    def test_every_scheme(self, design: dict[str, Any]) -> None:
        randomization = scenario(design=design).layout().randomization
        assert randomization is not None
        assert randomization.scheme == design["randomization"]

    def test_open_label_has_nothing_to_randomize(self) -> None:
        layout = scenario(design={"layout": "open-label"}).layout()
        assert layout.is_open_label
        assert layout.randomization is None


class TestPlan:
    def test_says_what_was_fixed(self) -> None:
        plan = scenario(
            analysis={"primary": "ols", "alpha": 0.1, "sides": 1, "discard_days": 7, "terms": ["trend"]},
            decision={"rule": "probability", "benefit": 0.5, "threshold": 0.9},
        ).plan()
        assert (plan.primary, plan.alpha, plan.sides, plan.discard_days) == ("ols", 0.1, 1, 7)
        assert (plan.terms, plan.methods) == (("trend",), methods_for("crossover"))
        assert (plan.decision_rule, plan.decision_benefit, plan.decision_threshold) == ("probability", 0.5, 0.9)
        assert (plan.better, plan.mcid, plan.scale) == ("lower", 1.0, (0.0, 10.0))
        assert plan.layout == scenario().layout()

    def test_analyst_assumes_the_onset_and_offset_of_the_file(self) -> None:
        plan = scenario().plan()
        assert (plan.assumed_onset_days, plan.assumed_offset_days) == (2.0, 3.0)
        moved = scenario().replace(**{"treatment.onset_days": 9.0}).plan()
        assert (moved.assumed_onset_days, moved.assumed_offset_days) == (9.0, 3.0)

    def test_unless_the_analysis_says_otherwise(self) -> None:
        plan = scenario(analysis={"assumed_onset_days": 0.0, "assumed_offset_days": 7}).plan()
        assert (plan.assumed_onset_days, plan.assumed_offset_days) == (0.0, 7.0)

    def test_defaults_are_those_of_a_diary_without_a_plan(self) -> None:
        given_nothing = scenario().plan()
        unknown = ("layout", "scale", "assumed_onset_days", "assumed_offset_days")
        defaults = {name: value for name, value in vars(Plan()).items() if name not in unknown}
        assert {name: getattr(given_nothing, name) for name in defaults} == defaults


class TestModel:
    def test_arrays_of_tables_are_known_as_such(self) -> None:
        arrays = {name for name, field in Scenario.model_fields.items() if Section in _bases(field.annotation)}
        assert arrays == set(ARRAYS)

    def test_every_key_says_what_it_is(self) -> None:
        for name in Scenario.model_fields:
            kind = section_type(Scenario, name)
            for key, field in (kind.model_fields if kind else {name: Scenario.model_fields[name]}).items():
                description = field.description or ""
                assert len(description) >= 10, f"{name}.{key}"
                assert "\n" not in description
                if key.endswith("_days"):
                    assert "day" in description.lower() or key == "minimum_days", f"{name}.{key}"

    def test_direct_construction_obeys_the_rules_across_keys_too(self) -> None:
        with pytest.raises(pydantic.ValidationError, match="must be on the scale from 0 to 10"):
            Scenario.model_validate({**MINIMAL, "patient": {**MINIMAL["patient"], "baseline": 11}})


def _bases(annotation: object) -> tuple[type, ...]:
    arguments = get_args(annotation)
    return arguments[0].__mro__ if len(arguments) == 2 and isinstance(arguments[0], type) else ()


def every_key() -> list[tuple[str, str]]:
    sections = {name: section_type(Scenario, name) for name in Scenario.model_fields}
    return [(name, key) for name, kind in sections.items() if kind and name not in ARRAYS for key in kind.model_fields]


def test_every_fault_is_told_at_once() -> None:
    """A date is wrong for every key: each is told once, by its own rule."""
    wrong = datetime.date(2026, 1, 1)
    values: dict[str, Any] = {"name": wrong, "title": wrong}
    for section, key in every_key():
        values.setdefault(section, {})[key] = wrong
    faults = faults_of(values)
    expected = {"name", "title", *(f"{section}.{key}" for section, key in every_key())}
    assert sorted(fault.partition(":")[0] for fault in faults) == sorted(expected)
    assert all("must be" in fault and "but is 2026-01-01" in fault for fault in faults)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PLACES = st.sampled_from(every_key()) | st.tuples(st.sampled_from(list(Scenario.model_fields)), st.text(max_size=3))
SECTIONS = st.sampled_from(list(Scenario.model_fields)) | st.text(max_size=3)


def made_or_faults(values: dict[str, Any]) -> Scenario | tuple[str, ...]:
    try:
        return Scenario.of(values)
    except InputError as error:
        return error.faults


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(PLACES, JUNK, min_size=1, max_size=4), st.dictionaries(SECTIONS, JUNK, max_size=1))
def test_junk_leads_to_plain_words_or_to_a_scenario(
    junk: dict[tuple[str, str], object], sections: dict[str, object]
) -> None:
    values: dict[str, Any] = {key: dict(table) if isinstance(table, dict) else table for key, table in MINIMAL.items()}
    for (section, key), value in junk.items():
        table = values.setdefault(section, {})
        if isinstance(table, dict):
            table[key] = value
    values.update(sections)
    made = made_or_faults(values)
    if isinstance(made, Scenario):
        assert Scenario.of(made.own_values()) == made
    else:
        assert made
        for fault in made:
            assert ": " in fault
            assert not any(word in fault for word in ("Input should", "pydantic", "Extra inputs", "Field required"))


def test_minimal_file_is_the_minimal_of_these_tests() -> None:
    from n1trial.scenario.file.load import load_scenario

    assert load_scenario(Path(__file__).parents[1] / "cases" / "valid" / "minimal.toml") == scenario()


@pytest.mark.parametrize("name", ["Doses taken", "felt_where", "Units  left", "period"])
def test_no_further_outcome_takes_over_a_column_of_the_diary(name: str) -> None:
    own = {"name": name, "scale": [0, 10], "better": "lower", "mcid": 1.0, "baseline": 5.0, "daily_sd": 1.0}
    with pytest.raises(InputError, match="must not be a column that every diary has"):
        load_scenario("minimal").replace(secondary=[own])
