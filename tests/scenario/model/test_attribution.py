"""A source speaks for the values, the treatment and the outcome that it was written for, and for no others."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.errors import InputError
from n1trial.report.check import account
from n1trial.scenario.check.evidence import YOURS, beliefs, count_published, evidence
from n1trial.scenario.check.remarks import remarks
from n1trial.scenario.file.grid import read_grid
from n1trial.scenario.file.library import paths
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import starter, write_resolved
from n1trial.scenario.scenario import Scenario

FLAGSHIP = "b12-6-to-8-week"
EMPTY: dict[str, object] = {"citation": "", "reported": "", "note": "", "status": "assumption"}


@cache
def sentences(scenario: Scenario) -> tuple[str, ...]:
    return tuple(map(str, remarks(scenario)))


@cache
def flagship() -> Scenario:
    return load_scenario(FLAGSHIP)


def numbers() -> list[str]:
    """Numbers with evidence that the answer rests on, and that may be a little other."""
    return [key for key in evidence(flagship()) if key in beliefs(flagship()) and _may_be(key, 1.001)]


def other(key: str, factor: float) -> float:
    value = flagship().value(key)
    assert isinstance(value, int | float)
    return value * factor if value else factor - 1


def _may_be(key: str, factor: float) -> bool:
    try:
        flagship().replace(**{key: other(key, factor)})
    except InputError:
        return False
    return True


NUMBERS = numbers()


def test_the_flagship_has_numbers_to_change() -> None:
    assert len(NUMBERS) > 15


@given(st.lists(st.tuples(st.sampled_from(NUMBERS), st.floats(1.0, 1.001)), min_size=1, max_size=5))
def test_a_value_that_is_changed_is_yours_until_it_is_set_back(changes: list[tuple[str, float]]) -> None:
    before, scenario = beliefs(flagship()), flagship()
    for key, factor in changes:
        scenario = scenario.replace(**{key: other(key, factor)})
    now = {key: scenario.value(key) for key, _ in changes}
    moved = {key for key, value in now.items() if value != flagship().value(key)}
    assert beliefs(scenario) == {key: YOURS if key in moved else status for key, status in before.items()}
    sourced = sum(before[key] in ("published", "derived") for key in moved)
    assert count_published(scenario)[0] == count_published(flagship())[0] - sourced
    back = scenario.replace(**{key: flagship().value(key) for key in now})
    assert back == flagship()
    assert Scenario.of(tomllib.loads(write_resolved(scenario))) == scenario


def test_it_is_so_by_every_way_to_change_a_value(tmp_path: Path) -> None:
    key = "patient.baseline"
    replaced = flagship().replace(**{key: 7.5})
    assert beliefs(replaced)[key] == YOURS
    assert load_scenario(FLAGSHIP, {key: "7.5"}) == replaced
    (cell,) = [scenario for _, scenario in read_grid(FLAGSHIP, [(key, "7.5")], {})]
    assert cell == replaced
    for text in (paths()[FLAGSHIP].read_text(encoding="utf-8"), starter(FLAGSHIP, flagship())):
        file = tmp_path / "mine.toml"
        file.write_text(text.replace("baseline = 6.0", "baseline = 7.5"), encoding="utf-8")
        assert load_scenario(str(file)) == replaced


def test_a_file_to_edit_says_what_its_source_speaks_for() -> None:
    assert "speak for the treatment, the outcome and the values" in starter("mine", flagship())
    assert "speak for the treatment" not in starter("mine", load_scenario("minimal"))


def test_the_count_and_the_words_follow() -> None:
    changed = flagship().replace(**{"patient.baseline": 7.5})
    assert count_published(changed) == (count_published(flagship())[0] - 1, count_published(flagship())[1])
    assert "yours, no source given: patient.baseline" in " ".join(account(changed).split())


def test_evidence_without_a_value_speaks_for_that_of_its_file() -> None:
    values = flagship().own_values()
    for row in values["evidence"]:
        del row["value"]
    assert Scenario.of(values) == flagship()


@pytest.mark.parametrize("key", ["treatment.name", "outcome.name"])
def test_what_was_written_for_another_trial_is_left_out(key: str) -> None:
    mine = flagship().replace(**{key: "Melatonin or sleep"})
    assert (mine.evidence, mine.theory, mine.considered, mine.cautions.block) == ((), (), (), "")
    assert {name: getattr(mine.source, name) for name in EMPTY} == EMPTY
    assert mine.source.started_from == "Vitamin B12, Leg complaints at their worst"
    assert set(beliefs(mine).values()) == {YOURS}
    assert mine.title == ""
    assert flagship().replace(**{"title": "My own", key: "Another"}).title == "My own"
    assert count_published(mine)[0] == 0
    (remark,) = [said for said in sentences(mine) if said.startswith("source")]
    assert "started from a scenario on Vitamin B12, Leg complaints at their worst" in remark
    assert load_scenario(FLAGSHIP, {key: '"Melatonin or sleep"'}) == mine
    assert Scenario.of(mine.own_values()) == mine


def test_a_copy_of_a_file_for_another_treatment_leaves_it_out_too(tmp_path: Path) -> None:
    text = paths()[FLAGSHIP].read_text(encoding="utf-8").replace('name = "Vitamin B12"', 'name = "Melatonin"')
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    mine = load_scenario(str(tmp_path / "mine.toml"))
    assert mine == flagship().replace(**{"treatment.name": "Melatonin", "title": mine.title})


def test_another_way_to_write_the_same_name_is_the_same() -> None:
    same = flagship().replace(**{"treatment.name": "vitamin  b12"})
    assert beliefs(same) == beliefs(flagship())
    assert same.source.citation == flagship().source.citation


def test_what_is_written_for_the_own_trial_stays() -> None:
    changes = {
        "treatment.name": "Melatonin",
        "source.citation": "Our own pilot",
        "evidence.patient.daily_sd.note": "her diary of March",
        "evidence.patient.daily_sd.status": "own-data",
        "considered": [{"question": "Was a doctor asked?", "answer": "yes"}],
    }
    for mine in (
        flagship().replace(**changes),
        flagship().replace(**dict(reversed(changes.items()))),
        flagship().replace(**{"treatment.name": "Melatonin"}).replace(**changes),
    ):
        assert (mine.source.citation, mine.source.reported) == ("Our own pilot", "")
        assert [(one.key, one.value, one.note) for one in mine.evidence] == [
            ("patient.daily_sd", flagship().patient.daily_sd, "her diary of March")
        ]
        assert beliefs(mine)["patient.daily_sd"] == "own-data"
        assert [one.answer for one in mine.considered] == ["yes"]
        assert not [said for said in sentences(mine) if said.startswith("source")]


def test_evidence_for_a_new_value_takes_nothing_from_the_old() -> None:
    mine = flagship().replace(**{"patient.baseline": 7.5, "evidence.patient.baseline.note": "last week's mean"})
    one = evidence(mine)["patient.baseline"]
    assert (one.value, one.range, one.status, one.note) == (7.5, None, "assumption", "last week's mean")


def test_a_scenario_without_any_source_says_nothing_of_one() -> None:
    minimal = load_scenario("minimal")
    assert "source" not in minimal.own_values()
    assert "source" not in minimal.replace(**{"treatment.name": "Another"}).own_values()


@pytest.mark.parametrize(
    "changes",
    [
        {"evidence": 3},
        {"evidence": [3]},
        {"evidence": [{"key": 3}]},
        {"evidence": [{"key": "patient.baseline", "value": "x"}]},
        {"source": 3},
        {"source": {"treatment": 3}},
        {"treatment": 3},
        {"outcome": {"name": []}},
        {"cautions": []},
        {"unsettled": [3]},
    ],
    ids=str,
)  # fmt: skip
def test_tables_at_fault_are_faults_and_no_traceback(changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Scenario.of(flagship().own_values() | changes)
