"""What every text and list of a scenario is held to."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from n1trial.errors import InputError
from n1trial.scenario.check.key_faults import MOST_FAULTS
from n1trial.scenario.check.validate import validate
from n1trial.scenario.file.load import MOST_BYTES, load_scenario
from n1trial.scenario.model import limits
from n1trial.scenario.model.keys import ARRAYS, section_type
from n1trial.scenario.model.limits import AS_MADE, MOST_TABLES, CellName
from n1trial.scenario.model.section import Section
from n1trial.scenario.scenario import Scenario

EVERYTHING = Path(__file__).parents[2] / "cases" / "valid" / "everything.toml"
OVERRIDE = "\u202e"


def holds_text(annotation: Any) -> bool:
    """Whether a type is text, or a list of texts."""
    return annotation is str or any(map(holds_text, get_args(annotation)))


def text_fields() -> Iterator[tuple[str, str]]:
    """Section and key of every field of the model that takes any text."""
    for section in ("", *Scenario.model_fields):
        table = section_type(Scenario, section) if section else Scenario
        if table is not None and issubclass(table, Section):
            yield from ((section, key) for key, info in table.model_fields.items() if holds_text(info.annotation))


def tables() -> dict[str, Any]:
    """Tables of a valid scenario that has one of every array."""
    values = tomllib.loads(EVERYTHING.read_text(encoding="utf-8"))
    values.setdefault("unsettled", [{"key": "conduct.missing", "range": [0.1, 0.2]}])
    values.setdefault("considered", [{"question": "Is it safe?", "answer": "yes"}])
    return values


def with_text(section: str, key: str, text: str) -> dict[str, Any]:
    """Tables of a valid scenario, but for one text."""
    values = tables()
    holder = values if not section else values[section][0] if section in ARRAYS else values.setdefault(section, {})
    is_list = "tuple" in str((section_type(Scenario, section) if section else Scenario).model_fields[key].annotation)  # type: ignore[union-attr]
    holder[key] = ["fine", text] if is_list else text
    return values


TEXTS = list(text_fields())


def test_the_texts_of_the_model_are_found() -> None:
    assert {("", "title"), ("treatment", "name"), ("cautions", "own"), ("trigger", "name")} <= set(TEXTS)
    assert len(TEXTS) > 25


@pytest.mark.parametrize("character", [OVERRIDE, "\x1b", "\x00", "\u2028", "\t"])
@pytest.mark.parametrize(("section", "key"), TEXTS)
def test_no_text_takes_a_character_that_hides_or_commands(section: str, key: str, character: str) -> None:
    faults = validate(Scenario, with_text(section, key, f"fine{character}x")).faults
    told = [str(fault) for fault in faults if fault.place.rpartition(".")[2] == key]
    assert any(f"U+{ord(character):04X}" in fault and "(character 5)" in fault for fault in told), faults
    assert not any(character in fault.rule for fault in faults)


@pytest.mark.parametrize(("section", "key"), TEXTS)
def test_every_text_has_an_end(section: str, key: str) -> None:
    faults = validate(Scenario, with_text(section, key, "x" * (limits.LONGEST_TEXT + 1))).faults
    assert any("characters long" in fault.rule or "at most 100" in fault.rule for fault in faults)


@pytest.mark.parametrize(
    "key",
    [
        "treatment.name",
        "control.name",
        "outcome.name",
        "outcome.places",
        "outcome.also_asked",
        "trigger.name",
        "secondary.name",
        "theory.name",
        "pack.times_of_day",
    ],
)
@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\uff1d"])
def test_names_do_not_begin_like_a_formula(key: str, begin: str) -> None:
    section, _, field = key.partition(".")
    faults = validate(Scenario, with_text(section, field, f"{begin}1+PWN")).faults
    assert any("spreadsheet programs" in fault.rule for fault in faults)


def test_texts_that_fill_no_cell_may_begin_so() -> None:
    values = with_text("source", "note", "- as reported\n- not verified")
    assert not validate(Scenario, values).faults


@pytest.mark.parametrize("section", MOST_TABLES)
def test_the_limit_of_tables_is_named(section: str) -> None:
    values = tables()
    values[section] = [copy.deepcopy(values[section][0]) for _ in range(MOST_TABLES[section] + 1)]
    told = [str(fault) for fault in validate(Scenario, values).faults if fault.place == section]
    most = MOST_TABLES[section]
    assert told == [f"{section}: must hold at most {most:,} [[{section}]] tables, and holds {most + 1:,}"]


def test_the_limit_of_a_list_is_named() -> None:
    with pytest.raises(InputError, match="must hold at most 100 entries, and holds 101"):
        load_scenario(EVERYTHING, {"treatment.further_effects": str([-0.001 * number for number in range(101)])})


def test_of_very_many_faults_the_rest_is_counted() -> None:
    values = tables()
    values["patient"] |= {f"unknown{number}": 1 for number in range(MOST_FAULTS + 900)}
    faults = validate(Scenario, values).faults
    assert len(faults) == MOST_FAULTS + 1
    assert str(faults[-1]) == "and besides: 900 keys are at fault as well"


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(InputError, match="is larger than 1 MB"):
        load_scenario(path)


def test_what_was_made_before_opens_for_good() -> None:
    values = with_text("treatment", "name", f"=a{OVERRIDE}")
    made = Scenario.of(values, AS_MADE)
    assert made.treatment.name == f"=a{OVERRIDE}"
    assert made.replace(**{"simulation.seed": 1}).simulation.seed == 1
    with pytest.raises(InputError, match=r"source\.note: must not hold U\+202E"):
        made.replace(**{"source.note": OVERRIDE})
    with pytest.raises(InputError, match=r"treatment\.name"):
        Scenario.of(values)


@pytest.mark.parametrize("key", ["\ud800", "treatment.\udc80x", "trigger.\ud800.effect"])
def test_half_a_character_in_a_key_is_told(key: str) -> None:
    with pytest.raises(InputError, match=r"<U\+D[8C][08]0>"):
        load_scenario(EVERYTHING, {key: "1"})


def test_names_are_marked() -> None:
    assert CellName in limits._marks(section_type(Scenario, "treatment").model_fields["name"])  # type: ignore[union-attr]
