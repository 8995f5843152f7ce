from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from n1trial.diary.file.read_returned import read_returned
from n1trial.diary.file.returned_diary import DiaryFormat
from n1trial.errors import InputError
from n1trial.pack.trial.read import read_trial
from n1trial.pack.trial.trial import Trial
from n1trial.pack.visit.check import Stop, check
from n1trial.pack.visit.diary_format import kit_fault
from n1trial.pack.visit.terminal import check_in_words
from n1trial.scenario.scenario import Scenario
from tests.pack.kept import Rows, blank, filled, lived, read, scenario_of, text_of, trial_of, write_pack
from tests.pack.make.test_assemble import another, pack_of
from tests.pack.packable import packables, secrets_of

PERFECT = {"conduct__missing": 0.0, "conduct__adherence": 1.0, "conduct__dropout_per_week": 0.0}


def scored(trial: Trial, run_in: float, later: dict[int, float], usual: float = 5.0) -> Rows:
    """Rows with one score throughout the run-in, another from day 0 on, and others in some weeks of the diary."""
    rows = blank(trial)
    for row in rows:
        day, week = int(row["day"]), int(row["week"])
        row["score"] = str(run_in if day < 0 else later.get(week, usual))
    return rows


def stop_of(
    folder: Path, run_in: float, later: dict[int, float], usual: float = 5.0, scenario: Scenario | None = None
) -> Stop:
    trial = trial_of(scenario or scenario_of())
    return check(read(scored(trial, run_in, later, usual), trial, folder), trial).stop


UP: dict[str, Any] = {
    "outcome__better": "higher", "treatment__effect": 1.0, "placebo__response": 1.5,
    "treatment__established_effect": 1.5, "treatment__further_effects": (0.75, 0.5),
}  # fmt: skip


def test_two_weeks_much_worse_than_the_run_in_meet_the_rule(tmp_path: Path) -> None:
    cases: tuple[tuple[dict[int, float], tuple[tuple[int, int], ...]], ...] = (
        ({}, ()),
        ({4: 7, 6: 7}, ()),
        ({4: 7, 5: 6}, ()),
        ({4: 7, 5: 7}, ((7, 20),)),
        ({4: 6, 5: 8}, ((7, 20),)),
        ({4: 7, 5: 7, 6: 7}, ((7, 27),)),
        ({3: 7, 4: 7, 8: 7, 9: 7}, ((0, 13), (35, 48))),
    )
    for weeks, stretches in cases:
        stop = stop_of(tmp_path, 5, weeks)
        assert (stop.stretches, stop.is_met) == (stretches, bool(stretches))
    # the run-in itself is compared with, and never compared
    assert stop_of(tmp_path, 5, {}, usual=7).stretches == ((0, 55),)


def test_the_stop_rule_heeds_the_direction_of_the_scale(tmp_path: Path) -> None:
    assert stop_of(tmp_path, 5, {4: 7, 5: 7}, scenario=scenario_of(**UP)).is_met is False
    assert stop_of(tmp_path, 5, {4: 3, 5: 3}, scenario=scenario_of(**UP)).stretches == ((7, 20),)


def test_the_stop_rule_says_yes_or_no_and_when(tmp_path: Path) -> None:
    trial = trial_of(scenario_of())

    def words(rows: Rows) -> str:
        return " ".join(check_in_words(check(read(rows, trial, tmp_path), trial)).split())

    rule = "the mean score of 14 days in a row is 2 points or more above the mean of the run-in"
    said = words(scored(trial, 5, {3: 7, 4: 7, 8: 7, 9: 7}))
    assert f"Stop rule YES, it is met: look at this patient. The rule: {rule}." in said
    assert "from 2027-01-18 to 2027-01-31; from 2027-02-22 to 2027-03-07. The rule asks to stop; you decide." in said
    assert f"Stop rule NO, it is not met. The rule: {rule}." in words(scored(trial, 5, {}))
    half = [row | {"score": row["score"] if int(row["day"]) < 10 else ""} for row in scored(trial, 5, {})]
    assert "Not yet: 14 days of the blinded part have not passed." in words(half)


@pytest.mark.parametrize(
    ("better", "run_in", "has_room"),
    [("lower", 8, True), ("lower", 8.1, False), ("lower", 9, False), ("higher", 2, True), ("higher", 1.9, False)],
)
def test_a_stop_rule_without_room_on_the_scale_does_not_reassure(
    better: str, run_in: float, has_room: bool, tmp_path: Path
) -> None:
    trial = trial_of(scenario_of(**(UP if better == "higher" else {})))
    worst = 10 if better == "lower" else 0
    found = check(read(scored(trial, run_in, {}, worst), trial, tmp_path), trial)
    assert found.stop.state == ("met" if has_room else "no room")
    assert found.stop.is_met is (True if has_room else None)
    words = " ".join(check_in_words(found).split())
    cannot = f"CANNOT BE MET on this scale, which ends at {worst}: the run-in leaves no room for it. Ask the patient"
    assert (cannot in words) == (not has_room)
    assert "NO, it is not met" not in words


def test_the_stop_rule_is_the_one_of_the_plan(tmp_path: Path) -> None:
    wide = scenario_of(outcome__scale=(0, 100), outcome__mcid=10.0)
    for scenario, limit in ((scenario_of(), 2.0), (wide, 20.0), (scenario_of(stopping__worse_by=3.0), 3.0)):
        stop = stop_of(tmp_path, 5, {4: 5 + limit, 5: 5 + limit}, scenario=scenario)
        assert stop.rule == trial_of(scenario).stop_rule
        assert (limit, stop.stretches) == (trial_of(scenario).stop_rule.worse_by, ((7, 20),))
        assert stop_of(tmp_path, 5, {4: 5 + limit, 5: 4 + limit}, scenario=scenario).stretches == ()
    short = scenario_of(stopping__days=3)
    assert stop_of(tmp_path, 5, {4: 7}, scenario=short).stretches == ((7, 13),)


def test_a_pack_made_before_the_rule_had_keys_goes_by_its_papers(tmp_path: Path) -> None:
    scenario = scenario_of(outcome__scale=(0, 100))
    folder = write_pack(trial_of(scenario), tmp_path / "pack")
    assert read_trial(folder).stop_rule.worse_by == 2
    path = folder / "clinician/scenario.toml"
    resolved = path.read_text(encoding="utf-8")
    path.write_text(resolved.replace("[stopping]\ndays = 14\n", ""), encoding="utf-8")
    assert resolved != path.read_text(encoding="utf-8")
    older = read_trial(folder).stop_rule
    assert (older.worse_by, older.days) == (20, 14)


def test_too_few_entries_say_neither_yes_nor_no(tmp_path: Path) -> None:
    trial = trial_of(scenario_of())

    def stop(rows: Rows) -> tuple[Stop, str]:
        found = check(read(rows, trial, tmp_path), trial)
        return found.stop, " ".join(check_in_words(found).split())

    rows = scored(trial, 5, {}, 9)
    for row in rows:
        if int(row["day"]) >= 0 and int(row["day"]) % 14 > 5:
            row |= {"score": "", "doses_taken": "1"}
    found, words = stop(rows)
    assert (found.state, found.is_met, found.stretches) == ("too few", None, ())
    assert "CANNOT BE JUDGED yet: no 14 days in a row have 7 scores. Ask the patient whether the last 14 days" in words
    rows = scored(trial, 5, {})
    for row in rows:
        if int(row["day"]) > 40:
            row |= {"score": "", "doses_taken": "1"}
    found, words = stop(rows)
    assert (found.state, found.latest_is_judged) == ("not met", False)
    assert "The last 14 days have too few scores to be judged: ask the patient." in words
    for row in rows:
        if int(row["day"]) < -6:
            row["score"] = ""
    found, words = stop(rows)
    assert (found.state, found.run_in_mean, found.run_in_entries) == ("no run-in", None, 6)
    assert "CANNOT BE JUDGED: the run-in has 6 scores, and the rule compares with 7 or more. Ask the patient" in words


def test_days_to_come_are_not_missing(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 3)
    rows = filled(diaries, key.trial)
    for row in rows:
        if int(row["day"]) > 9:
            row |= {"score": "", "doses_taken": "", "guess": "", "irls_total": ""}
    found = check(read(rows, key.trial, tmp_path), key.trial)
    assert found.last_day == 9
    assert [(week.days, week.entries) for week in found.weeks] == [(7, 7), (7, 7), (7, 7), (3, 3)]
    assert found.deviations == ()
    words = " ".join(check_in_words(found).split())
    assert "Written up to 2027-01-27 (day 9). 24 of the 24 days up to then have an entry" in words
    assert "46 days of the plan lie ahead, or were not kept." in words


def test_completeness_lateness_and_doses_by_week(tmp_path: Path) -> None:
    trial = trial_of(scenario_of(treatment__every_days=1))
    rows = scored(trial, 5, {}, 4)
    changes = {0: {"score": ""}, 1: {"late": "1"}, 2: {"doses_taken": "0"}, 3: {"doses_taken": "1"}}
    changes[4] = {"new_complaints": "numb, tingling feet", "other_medicines": "aspirin"}
    rows = [row | changes.get(int(row["day"]), {}) for row in rows]
    found = check(read(rows, trial, tmp_path), trial)
    third = found.weeks[2]
    assert (third.number, third.days, third.entries, third.late, third.mean) == (3, 7, 6, 1, 4.0)
    assert (third.doses_due, third.doses_taken, third.doses_missed, third.doses_not_said) == (7, 1, 1, 5)
    lines = check_in_words(found).splitlines()
    assert "New complaints  2027-01-22: numb, tingling feet." in lines
    assert "Other medicines 2027-01-22: aspirin." in lines
    kit = trial.kits[0].code
    assert [line.split() for line in lines if line.startswith("   3")] == [
        ["3", "2027-01-18", kit, *["6", "of", "7"], "1", "1", "1", "5"]
    ]
    assert "  in all                    doses missed on 1 day" in lines


def test_the_file_alone_tells_what_it_can(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 3)
    path = tmp_path / "diary.csv"
    path.write_text(text_of(filled(diaries, key.trial)), encoding="utf-8")
    found = check(read_returned(path, DiaryFormat(kit_fault=kit_fault)))
    words = " ".join(check_in_words(found).split())
    assert "The file alone was looked at; the pack tells kits, dates and the plan as well." in words
    assert [week.entries for week in found.weeks] == [7] * 10
    assert "Deviations" not in words
    slip = text_of(filled(diaries, key.trial)).replace(key.trial.kits[0].code, "H7K-3M0")
    path.write_text(slip, encoding="utf-8")
    with pytest.raises(InputError, match='check character says that "H7K-3M0" is none; look at the label'):
        read_returned(path, DiaryFormat(kit_fault=kit_fault))


@given(scenario=packables(), seed=st.integers(0, 1000))
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_of_the_allocation_is_in_it(
    scenario: Scenario, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two packs that differ in their allocation alone, and so in their commitment, give the same bytes."""
    diaries, _ = lived(scenario, seed)
    said = []
    for secrets in (secrets_of(3), another(scenario, secrets_of(3))):
        folder, pack = tmp_path_factory.mktemp("pack"), pack_of(scenario, secrets)
        for name, content in pack.blinded_files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        trial = read_trial(folder)
        rows = filled(diaries, trial)
        rows[len(rows) // 2]["kit"] = trial.kits[-1].code
        rows[len(rows) // 3] |= {"late": "yes", "new_complaints": "tired"}
        said.append(check_in_words(check(read(rows, trial, folder), trial)).replace(str(folder), "DIR"))
    assert said[0] == said[1]
    assert all(len(line) <= 100 for line in said[0].splitlines())
    assert scenario.treatment.name not in said[0]
    assert scenario.control.name not in said[0]


def test_faults_of_a_pack_are_told(tmp_path: Path) -> None:
    trial = trial_of(scenario_of())
    with pytest.raises(InputError, match="no such folder; name that of the pack"):
        read_trial(tmp_path / "none")
    with pytest.raises(InputError) as caught:
        read_trial(tmp_path)
    assert len(caught.value.faults) == 3
    folder = write_pack(trial, tmp_path / "pack")
    kits = (folder / "clinician/kits.csv").read_text(encoding="utf-8")
    for spoiled, words in (
        (kits.replace("number", "no"), "is not as a pack has it"),
        ("\n".join(kits.splitlines()[:-1]), "was changed: its kits are not those of"),
        (kits.replace(trial.kits[1].code, "346-779"), "was changed"),
        (kits.splitlines()[0] + "\n", "was changed"),
    ):
        (folder / "clinician/kits.csv").write_text(spoiled, encoding="utf-8")
        with pytest.raises(InputError, match=words):
            read_trial(folder)
    (folder / "clinician/kits.csv").write_text(kits, encoding="utf-8")
    facts = folder / "clinician/trial.json"
    for spoiled in ("", "[]", "[" * 10_000, facts.read_text(encoding="utf-8").replace("false", '"no"'),
                    facts.read_text(encoding="utf-8").replace(trial.patient_code, "346-778")):  # fmt: skip
        facts.write_text(spoiled, encoding="utf-8")
        with pytest.raises(InputError, match=r"trial\.json: is not as a pack has it: patient_code, and is_rehearsal"):
            read_trial(folder)
    facts.unlink()
    with pytest.raises(InputError, match="does not name the patient code"):
        read_trial(folder)


@pytest.mark.parametrize("is_rehearsal", [False, True])
def test_a_pack_made_before_its_facts_were_values_tells_them_in_words(is_rehearsal: bool, tmp_path: Path) -> None:
    trial = trial_of(scenario_of(), is_rehearsal=is_rehearsal)
    folder = write_pack(trial, tmp_path)
    (folder / "clinician/trial.json").unlink()
    banner = "EXAMPLE - NOT FOR A PATIENT\n" if is_rehearsal else ""
    words = f"{'c' * 64}\n\n{banner}Patient code {trial.patient_code}, kits from 2027-01-18 to 2027-03-14.\n"
    (folder / "commitment.txt").write_text(words, encoding="utf-8")
    found = read_trial(folder)
    assert (found.patient_code, found.is_rehearsal) == (trial.patient_code, is_rehearsal)
