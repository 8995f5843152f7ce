from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from n1trial.diary.returned import Expected, read_returned
from n1trial.errors import InputError
from n1trial.pack.blinded import kit_fault, read_trial
from n1trial.pack.check import Stop, check
from n1trial.pack.check_words import told
from n1trial.pack.facts import stop_points
from n1trial.pack.trial import Trial
from n1trial.scenario.model import Scenario
from tests.pack.kept import Rows, blank, filled, lived, read, scenario_of, text_of, trial_of, write_pack
from tests.pack.packable import packables, secrets_of
from tests.pack.test_assemble import another, pack_of

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


def test_two_weeks_much_worse_than_the_run_in_are_told(tmp_path: Path) -> None:
    assert stop_of(tmp_path, 5, {}).weeks == ()
    assert stop_of(tmp_path, 5, {4: 7, 6: 7}).weeks == ()
    assert stop_of(tmp_path, 5, {4: 7, 5: 6.9}).weeks == ()
    assert stop_of(tmp_path, 5, {4: 7, 5: 7}).weeks == (4,)
    assert stop_of(tmp_path, 5, {4: 7, 5: 7, 6: 9}).weeks == (4, 5)
    # the run-in itself is compared with, and never compared
    assert stop_of(tmp_path, 5, {}, usual=7).weeks == tuple(range(3, 10))


def test_the_stop_rule_heeds_the_direction_of_the_scale(tmp_path: Path) -> None:
    up: dict[str, Any] = {"outcome__better": "higher", "treatment__effect": 1.0, "placebo__response": 1.5}
    up |= {"treatment__established_effect": 1.5, "treatment__further_effects": (0.75, 0.5)}
    assert stop_of(tmp_path, 5, {4: 7, 5: 7}, scenario=scenario_of(**up)).weeks == ()
    assert stop_of(tmp_path, 5, {4: 3, 5: 3}, scenario=scenario_of(**up)).weeks == (4,)


def test_weeks_in_a_row_are_told_as_a_stretch(tmp_path: Path) -> None:
    trial = trial_of(scenario_of())
    for weeks, words in (((4, 5), "weeks 4 and 5."), ((3, 4, 5, 8, 9), "weeks 3 to 5; 8 and 9.")):
        found = check(read(scored(trial, 5, dict.fromkeys(weeks, 8.0)), trial, tmp_path), trial)
        assert words in " ".join(told(found).split())


@pytest.mark.parametrize(
    ("better", "run_in", "can_be_met"),
    [("lower", 8, True), ("lower", 8.1, False), ("lower", 9, False), ("higher", 2, True), ("higher", 1.9, False)],
)
def test_a_stop_rule_without_room_on_the_scale_does_not_reassure(
    better: str, run_in: float, can_be_met: bool, tmp_path: Path
) -> None:
    up: dict[str, Any] = {"treatment__effect": 1.0, "placebo__response": 1.5}
    up |= {"treatment__established_effect": 1.5, "treatment__further_effects": (0.75, 0.5)}
    trial = trial_of(scenario_of(**({"outcome__better": "higher"} | up if better == "higher" else {})))
    worst = 10 if better == "lower" else 0
    found = check(read(scored(trial, run_in, {}, worst), trial, tmp_path), trial)
    assert found.stop.can_be_met == can_be_met
    assert bool(found.stop.weeks) == can_be_met
    words = " ".join(told(found).split())
    assert ("CANNOT BE MET on this scale, which ends before: judge by other means" in words) == (not can_be_met)
    assert "There are no" not in words
    assert ("YES. LOOK AT THIS PATIENT" in words) == can_be_met


def test_the_stop_rule_is_the_one_on_the_papers(tmp_path: Path) -> None:
    wide = scenario_of(outcome__scale=(0, 100), outcome__mcid=10.0)
    for scenario, limit in ((scenario_of(), 2.0), (wide, 20.0)):
        assert stop_points(scenario) == limit
        assert stop_of(tmp_path, 5, {4: 5 + limit, 5: 5 + limit}, scenario=scenario).weeks == (4,)
        assert stop_of(tmp_path, 5, {4: 5 + limit, 5: 4 + limit}, scenario=scenario).weeks == ()


def test_weeks_with_few_entries_say_nothing(tmp_path: Path) -> None:
    trial = trial_of(scenario_of())
    rows = scored(trial, 5, {4: 9, 5: 9})
    for row in rows:
        if row["week"] == "5" and int(row["day"]) % 7 > 1:
            row["score"] = ""
    found = check(read(rows, trial, tmp_path), trial)
    assert (found.weeks[4].entries, found.stop.weeks) == (2, ())
    for row in rows:
        if int(row["day"]) < -2:
            row["score"] = ""
    found = check(read(rows, trial, tmp_path), trial)
    assert (found.stop.run_in_mean, found.stop.run_in_entries) == (None, 2)
    assert "Cannot be looked at: the run-in has 2 scores" in told(found)


def test_days_to_come_are_not_missing(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 3)
    rows = filled(diaries, key.trial)
    for row in rows:
        if int(row["day"]) > 9:
            row |= {"score": "", "doses_taken": "", "guess": "", "irls_total": ""}
    found = check(read(rows, key.trial, tmp_path), key.trial)
    assert found.reached == 9
    assert [(week.days, week.entries) for week in found.weeks] == [(7, 7), (7, 7), (7, 7), (3, 3)]
    assert found.deviations == ()
    words = " ".join(told(found).split())
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
    assert (third.doses_due, third.doses_noted, third.doses_taken) == (7, 2, 1)
    lines = told(found).splitlines()
    assert "New complaints  2027-01-22: numb, tingling feet." in lines
    assert "Other medicines 2027-01-22: aspirin." in lines
    kit = trial.kits[0].code
    assert [line.split() for line in lines if line.startswith("   3")] == [
        ["3", "2027-01-18", kit, *["6", "of", "7"], "1", *["1", "of", "2"]]
    ]
    assert "  in all                    doses missed on 1 day" in lines


def test_the_file_alone_tells_what_it_can(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 3)
    path = tmp_path / "diary.csv"
    path.write_text(text_of(filled(diaries, key.trial)), encoding="utf-8")
    found = check(read_returned(path, Expected(kit_fault=kit_fault)))
    words = " ".join(told(found).split())
    assert "The file alone was looked at; --pack tells kits, dates and the plan as well." in words
    assert [week.entries for week in found.weeks] == [7] * 10
    assert "Deviations" not in words
    slip = text_of(filled(diaries, key.trial)).replace(key.trial.kits[0].code, "H7K-3M0")
    path.write_text(slip, encoding="utf-8")
    with pytest.raises(InputError, match='check character says that "H7K-3M0" is none; look at the label'):
        read_returned(path, Expected(kit_fault=kit_fault))


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
        for name, content in pack.blinded.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        trial = read_trial(folder)
        rows = filled(diaries, trial)
        rows[len(rows) // 2]["kit"] = trial.kits[-1].code
        rows[len(rows) // 3] |= {"late": "yes", "new_complaints": "tired"}
        said.append(told(check(read(rows, trial, folder), trial)).replace(str(folder), "DIR"))
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
    (folder / "commitment.txt").write_text("c" * 64, encoding="utf-8")
    with pytest.raises(InputError, match="does not name the patient code"):
        read_trial(folder)
