"""Dates of a trial move, and nothing else does: papers, calendar, log, diary, kits and the pharmacy follow."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Literal

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.diary.file.read_returned import read_returned
from n1trial.errors import InputError, RunError
from n1trial.files.folders import write_new_folder
from n1trial.pack.log.log import LOG, read_log, record
from n1trial.pack.papers.papers import blinded_papers
from n1trial.pack.pharmacy.papers import pharmacy_papers, with_newest_dates
from n1trial.pack.sealed.open_key import _changed_later
from n1trial.pack.trial.commitment import stated_commitment
from n1trial.pack.trial.fills import fills, in_the_house, overdue
from n1trial.pack.trial.moves import move_dates
from n1trial.pack.trial.read import read_trial
from n1trial.pack.trial.trial import Move, Trial
from n1trial.pack.trial.visits import handout_dates, is_open, visit_dates, visit_days
from n1trial.pack.visit.check import check
from n1trial.pack.visit.deviation_words import in_words
from n1trial.pack.visit.deviations import deviations
from n1trial.pack.visit.diary_format import diary_format
from n1trial.pack.visit.reissue import NOTICE, reissue
from n1trial.pack.visit.reissue_words import reissue_in_words
from n1trial.scenario.scenario import Scenario
from tests.killed import killed_at_each
from tests.pack.kept import START, blank, scenario_of, trial_of
from tests.pack.packable import PLANNED, packables
from tests.pack.papers.test_papers import COMMITMENT, text_of

LATE, PAUSED, RESUMED = START + timedelta(days=21), date(2027, 2, 3), date(2027, 2, 14)


def pack_of(trial: Trial) -> dict[str, bytes]:
    """Blinded files of a pack."""
    head = f"{COMMITMENT}\n\nPatient code {trial.patient_code}, kits from ...\n".encode()
    return blinded_papers(trial, PLANNED, COMMITMENT) | {"commitment.txt": head}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    write_new_folder(tmp_path / "pack", pack_of(trial_of(scenario_of())))
    return tmp_path / "pack"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def days_of(trial: Trial) -> list[date]:
    return [trial.date_of(day) for day in range(trial.first_day, trial.last_day + 1)]


@settings(max_examples=30)
@given(packables(), st.data())
def test_dates_stay_in_order_and_only_what_follows_moves(scenario: Scenario, data: st.DataObject) -> None:
    trial = trial_of(scenario)
    for _ in range(data.draw(st.integers(1, 3))):
        days = days_of(trial)
        after = data.draw(st.sampled_from(days[:-1]))
        resumed = after + timedelta(days=data.draw(st.integers(1, 60)))
        try:
            now = move_dates(trial, resumed, after)
        except InputError as error:
            assert "nothing moves" in str(error)  # noqa: PT017
            continue
        new = days_of(now)
        assert new == sorted(set(new))
        assert [day for day in days if day <= after] == [day for day in new if day <= after]
        assert min(day for day in new if day > after) == resumed
        assert now.version == trial.version + 1
        assert visit_days(now) == visit_days(trial)
        assert all(is_open(now, day) for day in visit_dates(now))
        before = zip(handout_dates(trial), handout_dates(now), strict=True)
        assert all(was == new for was, new in before if was <= after)
        assert [number for fill in fills(now) for number in range(fill.first, fill.last + 1)] == [
            kit.number for kit in now.kits
        ]
        trial = now


def test_a_start_moves_everything_and_back_again() -> None:
    trial = trial_of(scenario_of())
    late = move_dates(trial, LATE)
    assert (late.moves, late.version) == ((Move(-14, 21),), 2)
    assert [day - timedelta(days=21) for day in days_of(late)] == days_of(trial)
    again = move_dates(late, START)
    assert (again.moves, again.version, days_of(again)) == ((), 3, days_of(trial))


def test_a_pause_that_went_on_is_made_longer_and_not_doubled() -> None:
    trial = move_dates(trial_of(scenario_of()), RESUMED, PAUSED)
    longer = move_dates(trial, RESUMED + timedelta(days=4), PAUSED)
    assert [move.days for move in trial.moves] == [10]
    assert [move.days for move in longer.moves] == [14]


@pytest.mark.parametrize(
    ("from_date", "paused_after", "told"),
    [
        (START, None, "is on that date already; nothing moves"),
        (START + timedelta(days=400), None, "must be at most 366 days from the planned start"),
        (RESUMED, date(2026, 1, 1), "paused_after 2026-01-01: must be a date of the diary before its last"),
        (PAUSED, PAUSED, "must be 1 to 180 days after paused_after"),
        (date(2027, 12, 1), PAUSED, "a trial that pauses for longer has ended"),
        (PAUSED + timedelta(days=1), PAUSED, "nothing moves"),
    ],
)
def test_dates_that_do_not_go_together_are_refused(from_date: date, paused_after: date | None, told: str) -> None:
    with pytest.raises(InputError, match=told):
        move_dates(trial_of(scenario_of()), from_date, paused_after)


def test_a_start_is_refused_after_a_pause() -> None:
    with pytest.raises(InputError, match="its start cannot move"):
        move_dates(move_dates(trial_of(scenario_of()), RESUMED, PAUSED), LATE)


def test_papers_are_made_again_and_what_was_handed_out_stays(pack: Path) -> None:
    before = contents(pack)
    found = reissue(pack, RESUMED, PAUSED, "flu", "A. Nurse")
    after = contents(pack)
    assert {path: after[path] for path in before} == before
    assert {path for path in after if path not in before} == {LOG, *(f"papers-2/{path}" for path in found.papers)}
    (line,) = read_log(pack).of("reissue")
    assert (line.by, line.facts["reason"], line.facts["version"]) == ("A. Nurse", "flu", 2)
    assert line.facts["last_day"] == str(found.now.date_of(found.now.last_day))
    assert read_trial(pack).moves == found.now.moves
    for path in found.papers:
        if path.endswith(".html"):
            text = after[f"papers-2/{path}"].decode()
            assert "paper version 2, page" in text
            assert "paper version 1, page" in before.get(path, b"paper version 1, page").decode()
    notice = text_of(after[f"papers-2/{NOTICE}"])
    assert "The trial pauses after Wed 3 Feb 2027 and continues on Sun 14 Feb 2027 : 10 days without diary" in notice
    assert "Reason: flu. Entered by A. Nurse (not verified)." in notice
    assert "patient/calendar.html" in notice
    assert not {"clinician/protocol.html", "clinician/deviations.html"} & set(found.papers)


def test_the_same_again_gives_the_next_version_of_the_same_dates(pack: Path) -> None:
    reissue(pack, LATE, None, "the drug came late", None)
    with pytest.raises(InputError, match="nothing moves"):
        reissue(pack, LATE, None, "the drug came late", None)
    found = reissue(pack, LATE + timedelta(days=50), LATE + timedelta(days=39), "flu", None)
    assert found.folder.name == "papers-3"
    assert [move.days for move in read_trial(pack).moves] == [21, 10]


def test_nothing_is_left_where_the_log_cannot_be_written(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RunError("trial.log: cannot be written")

    monkeypatch.setattr("n1trial.pack.visit.reissue.record", refuse)
    before = contents(pack)
    with pytest.raises(RunError):
        reissue(pack, RESUMED, PAUSED, "flu", None)
    assert contents(pack) == before


def test_a_sheet_begins_on_the_day_on_which_the_trial_goes_on(pack: Path) -> None:
    found = reissue(pack, RESUMED, PAUSED, "flu", None)
    diary = text_of((found.folder / "patient/diary.html").read_bytes())
    assert diary.index("Sun 14 Feb") < diary.index("Mon 15 Feb")
    assert "3 Feb" not in diary.replace("23 Feb", "")
    rows = list(csv.DictReader(io.StringIO((found.folder / "patient/diary.csv").read_text())))
    assert [row["date"] for row in rows] == [str(day) for day in days_of(found.now)]


def events_of(folder: Path) -> dict[str, Any]:
    calendar = icalendar.Calendar.from_ical((folder / "patient/calendar.ics").read_bytes())
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_calendars_move_their_events(pack: Path) -> None:
    before, found = events_of(pack), reissue(pack, RESUMED, PAUSED, "flu", None)
    after = events_of(found.folder)
    assert before.keys() == after.keys()
    assert all("sequence" not in event for event in before.values())
    assert {int(event["sequence"]) for event in after.values()} == {1}
    assert all(str(before[uid]["summary"]) == str(after[uid]["summary"]) for uid in before)
    for kit in found.now.kits:
        (event,) = (event for event in after.values() if str(event["summary"]) == f"Open pack {kit.code}")
        assert event.decoded("dtstart") == found.now.date_of(kit.first_day)
    (diary,) = (event for event in after.values() if "rrule" in event)
    first, (count,) = diary.decoded("dtstart"), diary["rrule"]["COUNT"]
    off = {each.dt for each in diary["exdate"].dts}
    mornings = {first + timedelta(days=number) for number in range(count)} - off
    assert mornings == {day + timedelta(days=1) for day in days_of(found.now)}


def kept(trial: Trial, folder: Path, *left_out: str) -> Any:
    """A diary of a trial, filled in on every day, without some columns."""
    rows = [
        {name: cell for name, cell in {**row, "score": "4"}.items() if name not in left_out} for row in blank(trial)
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, [*rows[0]])
    writer.writeheader()
    writer.writerows(rows)
    (folder / "back.csv").write_text(text.getvalue(), encoding="utf-8")
    return read_returned(folder / "back.csv", diary_format(read_trial(folder)))


def test_a_diary_is_checked_by_the_newest_dates(pack: Path) -> None:
    now = reissue(pack, RESUMED, PAUSED, "flu", None).now
    returned = kept(now, pack)
    trial = read_trial(pack)
    kinds = [each.kind for each in deviations(trial, returned, is_over=True) if each.kind in DATES]
    assert kinds == ["agreed pause"]
    assert [returned.date_of(day) for day in range(trial.first_day, trial.last_day + 1)] == days_of(now)
    assert check(returned, trial).last_day == trial.last_day


DATES = ("late start", "early start", "moved", "back", "new start", "agreed pause", "pause")


def test_a_diary_with_the_dates_of_older_papers_is_told_and_counted_by_its_days(pack: Path) -> None:
    before = read_trial(pack)
    reissue(pack, RESUMED, PAUSED, "flu", None)
    returned = kept(before, pack)
    found = [each for each in deviations(read_trial(pack), returned, is_over=True) if each.kind in DATES]
    assert [(each.kind, each.facts.get("days")) for each in found] == [("agreed pause", 10), ("back", 10)]


def test_a_diary_that_has_dates_alone_knows_the_pause(pack: Path) -> None:
    now = reissue(pack, RESUMED, PAUSED, "flu", None).now
    returned = kept(now, pack, "day")
    assert returned.day.tolist() == list(range(now.first_day, now.last_day + 1))
    lines = (pack / "back.csv").read_text().replace(str(RESUMED), str(RESUMED - timedelta(days=2)))
    (pack / "back.csv").write_text(lines)
    with pytest.raises(InputError, match="date: 2027-02-12 is in a pause of the trial, by its newest papers"):
        read_returned(pack / "back.csv", diary_format(read_trial(pack)))


def test_a_new_start_moves_the_dates_that_a_diary_is_held_to(pack: Path) -> None:
    now = reissue(pack, LATE, None, "late", None).now
    found = [each for each in deviations(read_trial(pack), kept(now, pack), is_over=True) if each.kind in DATES]
    assert [in_words(each) for each in found] == [
        "the trial began 21 days later than planned, and its dated papers were made again"
    ]


def test_papers_made_again_are_not_told_as_changed_until_they_are(pack: Path) -> None:
    found = reissue(pack, RESUMED, PAUSED, "flu", None)
    assert list(_changed_later(pack, stated_commitment(pack))) == []
    (found.folder / "patient/diary.csv").write_text("filled in")
    assert list(_changed_later(pack, stated_commitment(pack))) == []
    (found.folder / "clinician/schedule.html").write_text("other")
    assert list(_changed_later(pack, stated_commitment(pack))) == ["papers-2/clinician/schedule.html"]


def test_kits_that_outlive_their_shelf_life_and_those_in_the_house_are_named() -> None:
    scenario = scenario_of(pack__shelf_life_days=70)
    trial = trial_of(scenario)
    now = move_dates(trial, RESUMED + timedelta(days=30), PAUSED)
    (first, *_) = fills(trial)
    good = first.ready_by + timedelta(days=70 - 1 - 7)
    named = dict(overdue(trial, now))
    for kit in trial.kits[: first.last]:
        assert (kit in named) == (now.date_of(kit.last_day) > good), kit
    assert set(named.values()) == {good}
    assert list(in_the_house(trial, now)) == [
        kit for kit, day in zip(trial.kits, handout_dates(trial), strict=True)
        if day <= PAUSED and trial.date_of(kit.last_day) > PAUSED
    ]  # fmt: skip
    assert not list(overdue(trial_of(scenario_of()), move_dates(trial_of(scenario_of()), RESUMED, PAUSED)))


def test_a_use_by_date_of_the_pack_counts() -> None:
    trial = trial_of(scenario_of(pack__use_by="2027-03-20"))
    named = dict(overdue(trial, move_dates(trial, RESUMED, PAUSED)))
    assert set(named.values()) == {date(2027, 3, 20)}


def test_the_pharmacy_prints_the_newest_dates(pack: Path) -> None:
    trial = trial_of(scenario_of())
    held = {code: number % 2 == 0 for number, kit in enumerate(trial.kits) for code in kit.codes}
    sealed = pharmacy_papers(trial, held, dict.fromkeys(held, "PHRASE"), COMMITMENT)
    assert with_newest_dates(sealed, pack) == sealed
    now = reissue(pack, RESUMED, PAUSED, "flu", None).now
    papers = with_newest_dates(sealed, pack)
    assert rows(papers) == [
        {**row, "first_date": str(now.date_of(kit.first_day)), "last_date": str(now.date_of(kit.last_day))}
        for row, kit in zip(rows(sealed), now.kits, strict=True)
    ]
    assert "paper version 2" in papers["labels.html"].decode()
    for slips in ("code-breaks.html", "code-breaks-if-lost.html"):
        assert papers[slips] == sealed[slips]
    other = pharmacy_papers(trial_of(scenario_of(), codes=2), dict.fromkeys(other_codes(), True), PHRASES, COMMITMENT)
    with pytest.raises(InputError, match="is another pack than that of these papers"):
        with_newest_dates(other, pack)
    plan = pack / "clinician/scenario.toml"
    name = trial.scenario.control.name
    plan.write_text(plan.read_text(encoding="utf-8").replace(f'"{name}"', '"sugar pill"'), encoding="utf-8")
    with pytest.raises(InputError, match="names other treatments than these papers"):
        with_newest_dates(sealed, pack)


class _Phrases(dict[str, str]):
    def __missing__(self, code: str) -> str:
        return "PHRASE"


PHRASES = _Phrases()


def other_codes() -> list[str]:
    return [code for kit in trial_of(scenario_of(), codes=2).kits for code in kit.codes]


def rows(papers: Mapping[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(papers["contents.csv"].decode())))


def test_a_log_that_makes_no_sense_moves_nothing(pack: Path) -> None:
    beyond = [{"version": 2, "moves": moves} for moves in ("x", [[1, 1e9]], [[day, 99_999] for day in range(40)])]
    senseless: list[dict[str, Any]] = [{}, {"version": "2", "moves": []}, *beyond]
    for facts in senseless:
        record(pack, "reissue", None, **facts)
    assert (read_trial(pack).version, read_trial(pack).moves) == (1, ())


def test_words_name_what_to_print_and_to_destroy(pack: Path) -> None:
    text = reissue_in_words(reissue(pack, RESUMED, PAUSED, "flu", None))
    assert text.startswith("Paper version 2 of patient code ")
    assert "Destroy" in text
    assert max(map(len, text.splitlines()[1:])) <= 100


@pytest.mark.parametrize("paused", [PAUSED, None])
def test_papers_made_again_depend_on_blinded_files_alone(pack: Path, tmp_path: Path, paused: date | None) -> None:
    """The sealed files of the pack may be anything, or not there."""
    write_new_folder(tmp_path / "other", pack_of(replace(trial_of(scenario_of()))))
    (tmp_path / "other" / "key.age").write_text("anything")
    folders = [reissue(place, RESUMED, paused, "flu", None).folder for place in (pack, tmp_path / "other")]
    assert contents(folders[0]) == contents(folders[1])


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
def test_killed_at_any_operation_the_dates_are_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stand-in for the papers, which take long. Papers that the log does not know are named."""
    monkeypatch.setattr("n1trial.pack.visit.reissue._papers", lambda *_: {"patient/diary.csv": b"day"})
    files = pack_of(trial_of(scenario_of()))

    def places() -> Iterator[Path]:
        for number in count():
            write_new_folder(tmp_path / str(number), files)
            yield tmp_path / str(number)

    versions = []
    for place in killed_at_each(lambda place: reissue(place, RESUMED, PAUSED, "flu", None), places()):
        versions.append(read_trial(place).version)
        papers = place / "papers-2"
        if versions[-1] == 2 or papers.exists():
            assert [path.name for path in papers.rglob("*") if path.is_file()] == ["diary.csv"]
        if versions[-1] == 1 and papers.exists():
            with pytest.raises(InputError, match=r"papers-2: is there, but trial\.log knows nothing of it"):
                reissue(place, RESUMED, PAUSED, "flu", None)
        elif versions[-1] == 1:
            assert reissue(place, RESUMED, PAUSED, "flu", None).now.version == 2
            assert {path.name for path in place.iterdir() if path.name.startswith(".")} == set()
    assert len(versions) > 5


@pytest.mark.parametrize("event", ["freeze", "open"])
def test_no_date_moves_once_the_trial_is_over(pack: Path, event: Literal["freeze", "open"]) -> None:
    facts = {"ended": "2027-02-01", "reason": "moved away"} if event == "freeze" else {}
    record(pack, event, None, **facts)
    lines = (pack / LOG).read_text(encoding="utf-8")
    (pack / LOG).write_text(re.sub(r'"time": "\d{4}', '"time": "2039', lines), encoding="utf-8")
    with pytest.raises(InputError, match=r"no date moves"):
        reissue(pack, LATE, None, "sick", None)
    assert not (pack / "papers-2").exists()
