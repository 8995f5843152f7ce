from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from n1trial.analysis.analyze import ANALYSES, analyze
from n1trial.analysis.estimates import AnalysisRequest, Estimates
from n1trial.diary.diary import Diary
from n1trial.pack.end import reproduction_words
from n1trial.pack.end.check_diary import COMPLETE, join_check, make_check_diary, planned_methods
from n1trial.pack.end.reproduction import FigureDifference, Reproduction, is_same, reproduce
from n1trial.pack.make.assemble import make_pack
from n1trial.pack.sealed.allocation import Allocation
from n1trial.pack.sealed.check_diary import CheckDiary, digests_of
from n1trial.pack.sealed.key import Key
from n1trial.pack.trial.trial import Move, blinded_trial
from n1trial.provenance import Provenance, provenance
from n1trial.report.diary.terminal import figures
from n1trial.simulation.simulate import simulate_batch
from tests.pack.packable import PLANNED, START, secrets_of, short

PROGRAM = {"program/requirements.txt": b"numpy==2.1.0\n", "program/n1trial-0.1.0-py3-none-any.whl": b"PK"}


@pytest.fixture(scope="module")
def check() -> CheckDiary:
    return make_check_diary(short())


def compared(check: CheckDiary | None, home: Path = Path("nowhere")) -> Reproduction:
    return reproduce(key_of(check, provenance(), digests_of(PROGRAM)), home)


def key_of(check: CheckDiary | None, then: Provenance, program: dict[str, str]) -> Key:
    """Key of a real trial, on another allocation than that of its check diary, with dates of its own."""
    scenario, secrets = short(), secrets_of(5, 6)
    trial = blinded_trial(scenario, START, secrets.codes, is_rehearsal=False)
    trial = replace(trial, moves=(Move(7, 10),), version=2)
    return Key(trial, Allocation.draw(scenario, secrets.assignment), secrets, PLANNED, {}, "0.1", then, check, program)


def spoiled(check: CheckDiary, factor: float) -> CheckDiary:
    """The same with scores that are all a little larger, as another processor reckons them."""
    scores = tuple(None if score is None else score * factor for score in check.scores)
    return replace(check, scores=scores)


def test_it_is_a_diary_to_the_end_with_the_figures_of_every_planned_method(check: CheckDiary) -> None:
    scenario = short()
    assert list(check.figures) == list(planned_methods(scenario))
    assert next(iter(check.figures)) == scenario.analysis.primary
    assert all(figures["estimate"] is not None for figures in check.figures.values())
    assert len(check.scores) == len(check.allocation.schedule(scenario).day)
    assert any(score is not None for score in check.scores[-7:])


def test_it_has_nothing_to_do_with_what_is_drawn_for_the_patient(check: CheckDiary) -> None:
    keys = [
        json.loads(
            make_pack(short(), START, secrets_of(number), PLANNED, is_rehearsal=False, check=check, program=PROGRAM)
            .key_text.split(b"\n", 1)[1]
        )
        for number in range(6)
    ]  # fmt: skip
    assert len({key["order"] for key in keys}) > 1
    assert len({json.dumps(key["check_diary"]) for key in keys}) == 1
    assert make_check_diary(short()) == check
    assert keys[0]["provenance"] == provenance()


def test_the_key_gives_it_back(check: CheckDiary) -> None:
    pack = make_pack(short(), START, secrets_of(1), PLANNED, is_rehearsal=False, check=check, program=PROGRAM)
    key = Key.from_bytes(pack.key_text, "key.age")
    assert (key.check, key.provenance, key.program) == (check, provenance(), digests_of(PROGRAM))
    assert key.to_bytes() == pack.key_text
    assert {path: pack.blinded_files[path] for path in PROGRAM} == PROGRAM


def test_the_code_of_now_gives_the_same(check: CheckDiary) -> None:
    found = compared(check)
    assert (found.kind, found.differences) == ("same", ())
    assert "the same figures as with the code and libraries that made the pack" in reproduction_words.footer(found)
    assert (reproduction_words.difference_in_words(found), reproduction_words.remedy(found)) == (None, ())


def test_the_last_digits_that_processors_differ_in_are_no_difference(check: CheckDiary) -> None:
    assert compared(spoiled(check, 1 + 1e-13)).kind == "same"
    assert compared(spoiled(check, 1 + 1e-6)).kind == "different"


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        (1.0, 1.0 + 1e-11, True),
        (1.0, 1.0 + 1e-7, False),
        (0.0, 1e-14, True),
        (None, None, True),
        (None, 0.0, False),
        ("ok", "ok", True),
        ("ok", "few cycles", False),
        (3, 4, False),
    ],
)
def test_figures_are_the_same_or_not(then: object, now: object, same: bool) -> None:
    assert is_same(then, now) is same


def test_an_analysis_that_reckons_otherwise_is_found(check: CheckDiary, monkeypatch: pytest.MonkeyPatch) -> None:
    paired = ANALYSES["paired"]

    def larger(diary: Diary, request: AnalysisRequest) -> Estimates:
        found = paired(diary, request)
        return replace(found, estimate=found.estimate * 1.001)

    monkeypatch.setitem(ANALYSES, "paired", larger)
    found = compared(check)
    # Further outcomes are described by the planned analysis, which is another.
    assert [(each.method, each.figure) for each in found.differences] == [("paired", "estimate")]
    warning = reproduction_words.difference_in_words(found)
    assert warning is not None
    assert "GIVE OTHER FIGURES" in warning
    assert "1 figure differs today. The first is estimate by paired: " in warning


def test_it_has_confused_kits_empty_boxes_missed_doses_late_entries_and_guesses(check: CheckDiary) -> None:
    joined = join_check(check, key_of(check, {}, {}))
    assert joined.is_other_content.sum() == 7
    assert all(days.any() for days in (joined.is_missed, joined.is_not_said, joined.is_late))
    assert joined.guesses.counts.sum() == 4
    parts = ("join", "ending", "as_taken", "as_taken_if_missed", "without_late_entries", "blinding", "secondary")
    assert all(check.conclusion[part] for part in parts)


def test_a_join_of_diary_and_key_that_counts_otherwise_is_found(
    check: CheckDiary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("n1trial.pack.end.trial_diary._treatment_taken", lambda *arguments: arguments[-1].copy())
    found = compared(check)
    assert found.differences[0] == FigureDifference("join", "other_content_days", 7, 0)
    assert {each.method.rpartition(", ")[2] for each in found.differences} == {"join", "as_taken", "as_taken_if_missed"}


def test_an_ending_that_is_another_is_found(check: CheckDiary, monkeypatch: pytest.MonkeyPatch) -> None:
    now = check.conclusion["ending"]["kind"]
    monkeypatch.setitem(check.conclusion["ending"], "kind", "benefit")
    assert compared(check).differences == (FigureDifference("ending", "kind", "benefit", now),)


def test_a_conclusion_that_fails_is_a_difference(check: CheckDiary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("n1trial.pack.end.conclude.ending_of")
    assert compared(check).differences == (FigureDifference("conclusion", "status", "ok", None, "NameError"),)


def test_a_key_made_before_the_check_went_through_the_join_is_compared_as_far_as_it_goes() -> None:
    scenario = short()
    diaries = simulate_batch(scenario.replace(**COMPLETE), seed=1, first=1, width=1).diaries
    assert diaries.assignment is not None
    assert diaries.observed.doses_taken is not None
    allocation = Allocation.of(diaries.assignment)
    taken = np.broadcast_to(diaries.observed.doses_taken, diaries.score.shape)
    diary = Diary.of(allocation.schedule(scenario), diaries.score, scenario.plan(), taken)
    found = figures({method: analyze(diary, method) for method in planned_methods(scenario)})
    older: dict[str, Any] = {
        "order": allocation.order, "shifts": list(allocation.shifts),
        "scores": [None if math.isnan(score) else score for score in diaries.score[:, 0].tolist()],
        "doses": "".join("01"[is_taken] for is_taken in taken[:, 0].tolist()), "figures": found,
    }  # fmt: skip
    assert compared(CheckDiary.from_dict(older)).kind == "same"
    larger = {**older, "figures": {**found, "paired": {**found["paired"], "estimate": 1.0}}}
    (difference,) = compared(CheckDiary.from_dict(larger)).differences
    assert (difference.method, difference.figure, difference.then) == ("paired", "estimate", 1.0)


def test_a_method_that_is_gone_is_a_difference(check: CheckDiary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ANALYSES, "bayes")
    found = compared(check)
    assert [(each.method, each.figure, each.now) for each in found.differences] == [("bayes", "status", None)]


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), KeyError("x"), RuntimeError("x"), AttributeError("x")])
def test_code_that_fails_is_a_difference(check: CheckDiary, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_diary: Diary, _request: AnalysisRequest) -> Estimates:
        raise error

    monkeypatch.setitem(ANALYSES, "paired", fail)
    found = compared(check)
    name = type(error).__name__
    assert (found.kind, found.differences) == ("different", (FigureDifference("paired", "status", "ok", None, name),))
    warning = reproduction_words.difference_in_words(found)
    assert warning is not None
    assert f"status by paired: ok when the pack was made, impossible to calculate ({name}) today." in warning
    assert reproduction_words.remedy(found)


def test_a_key_of_the_first_release_has_none() -> None:
    found = reproduce(key_of(None, {}, {}), Path())
    assert found.kind == "none"
    assert "older than check diaries" in reproduction_words.footer(found)
    assert reproduction_words.difference_in_words(found) is None


def test_other_code_that_gives_the_same_is_named_and_no_alarm(check: CheckDiary) -> None:
    then = {**provenance(), "code": "ab" * 32, "numpy": "2.1.0"}
    found = reproduce(key_of(check, then, {}), Path())
    assert found.kind == "same"
    assert "the same figures as with n1trial 0.1.0 (code abababababab)" in reproduction_words.footer(found)


def test_the_way_back_is_by_the_files_that_were_sealed(check: CheckDiary, tmp_path: Path) -> None:
    for path, content in PROGRAM.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    other = spoiled(check, 1.01)
    steps = reproduction_words.remedy(compared(other, tmp_path))
    assert "sealed/bin/pip install -r program/requirements.txt" in steps
    assert "sealed/bin/pip install --no-deps program/n1trial-0.1.0-py3-none-any.whl" in steps
    (tmp_path / "program/n1trial-0.1.0-py3-none-any.whl").write_bytes(b"PK, and more")
    (step,) = reproduction_words.remedy(compared(other, tmp_path))
    assert "not beside the key as they were" in step
