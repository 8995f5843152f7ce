"""A rule is given what it declares, is passed over where that is at fault, and fails loudly where it has a slip."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.rules.across import RULES
from n1trial.scenario.check.rules.rule import Rule, faults_of_rules, rule
from n1trial.scenario.check.rules.sound_values import NUMBERS, sound_values
from n1trial.scenario.check.validate import validate
from n1trial.scenario.file.library import paths
from n1trial.scenario.scenario import Scenario


def tables(**changes: Any) -> dict[str, Any]:
    """Tables of the smallest scenario, with two triggers and further outcomes."""
    found = tomllib.loads(paths()["minimal"].read_text(encoding="utf-8"))
    found["trigger"] = [{"name": "caffeine", "effect": 0.5}, {"name": "stress", "effect": 2.0}]
    return found | changes


def test_a_rule_is_given_what_it_reads_in_its_order() -> None:
    seen = []

    @rule("patient.baseline", "outcome.scale", "design.cycles", "trigger[*].effect")
    def look(*values: object) -> Iterator[Fault]:
        seen.append(values)
        yield Fault("missing", "design.cycles")

    (fault,) = look.faults(sound_values(tables(patient={"baseline": 4}, outcome={"scale": [0, 10]}), set()))
    assert seen == [(4, (0, 10), 3, (0.5, 2.0))]
    assert fault.others == ("patient.baseline", "outcome.scale")


def test_a_rule_that_takes_more_than_it_declared_fails_loudly() -> None:
    @rule("outcome.scale")
    def takes_more(scale: tuple[float, float], baseline: float) -> Iterator[Fault]:
        yield Fault("off_scale", "patient.baseline", {"scale": scale, "value": baseline})

    @rule("outcome.scale")
    def reads_more(scale: tuple[float, float]) -> Iterator[Fault]:
        yield Fault("missing", "outcome.scale", {"value": scale.cyclez})  # type: ignore[attr-defined]

    for bad in (set(), {("patient", "baseline"), ("design", "cycles")}):
        with pytest.raises(TypeError, match="baseline"):
            faults_of_rules([takes_more], sound_values(tables(), bad))
        with pytest.raises(AttributeError, match="cyclez"):
            faults_of_rules([reads_more], sound_values(tables(), bad))


@pytest.mark.parametrize("key", ["outcome.scael", "outcom.scale", "scale", "trigger[].effekt", "trigger.effect[]"])
def test_a_rule_cannot_read_what_no_scenario_has(key: str) -> None:
    with pytest.raises(ValueError, match="reads what no scenario has"):
        Rule((key,), iter)


@pytest.mark.parametrize(
    ("bad", "judged"),
    [
        (("outcome", "scale"), []),
        (("outcome",), []),
        (("trigger", 1, "effect"), ["trigger.caffeine.effect"]),
        (("trigger", 1), ["trigger.caffeine.effect"]),
        (("trigger",), []),
        (("patient",), ["trigger.caffeine.effect", "trigger.stress.effect"]),
    ],
)
def test_a_rule_is_passed_over_where_what_it_reads_is_at_fault(bad: tuple[str | int, ...], judged: list[str]) -> None:
    @rule("outcome.scale", "trigger[].effect")
    def effects(*values: object) -> Iterator[Fault]:
        yield Fault("missing", "trigger[].effect", {"value": values})

    assert [fault.place for fault in effects.faults(sound_values(tables(), {bad}))] == judged


def test_keys_of_numbers_are_known_where_every_table_can_be_named() -> None:
    @rule(NUMBERS)
    def look(numbers: tuple[str, ...]) -> Iterator[Fault]:
        assert {"patient.baseline", "trigger.stress.effect", "design.cycles"} <= set(numbers)
        assert not {"name", "outcome.scale", "treatment.name"} & set(numbers)
        yield Fault("missing", "evidence")

    assert len(list(look.faults(sound_values(tables(), {("trigger", 0, "effect"), ("patient",)})))) == 1
    assert not list(look.faults(sound_values(tables(), {("trigger", 0, "name")})))


def test_every_rule_across_keys_is_given_what_a_sound_scenario_has() -> None:
    for path in paths().values():
        assert not faults_of_rules(RULES, sound_values(tomllib.loads(path.read_text(encoding="utf-8")), set()))


def test_a_fault_of_one_key_hides_no_fault_across_others() -> None:
    values = tables(design={"cycles": "three", "block_cycles": 2})
    values["patient"] = {**values["patient"], "baseline": 99}
    keys = [fault.place for fault in validate(Scenario, values).faults]
    assert keys == ["patient.baseline", "design.cycles", "design.block_cycles"]
