from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from n1trial.analysis.estimates import Estimates, Status
from n1trial.diary.methods import METHODS
from n1trial.evaluation.ending import Ending
from n1trial.pack.conclusion import pages as pages_of
from n1trial.pack.conclusion.context import kits, periods, view
from n1trial.pack.conclusion.pages import pages
from n1trial.pack.conclusion.terminal import terminal
from n1trial.pack.end.conclude import Final, conclude
from n1trial.pack.end.trail import Trail
from n1trial.pack.end.trial_diary import join
from n1trial.pack.freeze.history import History
from n1trial.pack.papers.markup import as_text, parse
from n1trial.pack.trial.trial import Move
from n1trial.pack.visit.check import check
from n1trial.pack.visit.terminal import check_in_words as checked_in_words
from n1trial.report.rounding import size
from n1trial.scenario.scenario import Scenario
from tests.pack.kept import Rows, blank, filled, key_of, lived, read, scenario_of
from tests.pack.packable import packables

MADE = Trail("ab" * 32, "cd" * 32, "2027-12-01T10:00:00+01:00", History())
CALM = {"conduct__dropout_per_week": 0.0}
UNCLEAR = "This does not show that it does not work for you."


def final_of(
    folder: Path, scenario: Scenario, seed: int = 2, effect: float | None = None, rows: Rows | None = None
) -> Final:
    diaries, key = lived(scenario, seed, effect)
    return conclude(join(read(rows or filled(diaries, key.trial), key.trial, folder), key))


def words_of(text: str) -> str:
    return " ".join(as_text(parse(text)).split())


ENDINGS: dict[str, tuple[Ending, tuple[str, str], tuple[str, ...]]] = {
    # ending; words of both letters; words of neither
    "benefit": (
        Ending("benefit", True, False, 1.0, 1.0),
        ("A benefit is shown.", "Your diary shows that Vitamin B12 helped you."),
        (UNCLEAR, "unlikely", "worse"),
    ),
    "small benefit": (
        Ending("unlikely", True, False, 1.0, 1.0),
        ("A benefit is shown, but a small one", "It did help a little"),
        (UNCLEAR, "worse"),
    ),
    "unlikely": (
        Ending("unlikely", False, False, 1.0, 1.0),
        ("A worthwhile benefit is unlikely.", "It is unlikely that Vitamin B12 helps you enough to be worthwhile."),
        (UNCLEAR, "worse", "A benefit is shown", "It did help"),
    ),
    "harm": (
        Ending("unlikely", False, True, 1.0, 1.0),
        ("harm, not benefit", "With Vitamin B12 your score was worse."),
        (UNCLEAR, "A benefit is shown", "helped you"),
    ),
    "unclear": (
        Ending("unclear", False, False, 1.0, 1.0),
        ("This does not show that Vitamin B12 does not work for this patient", UNCLEAR),
        ("A benefit is shown", "unlikely", "worse", "helped"),
    ),
}


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("name", ENDINGS)
def test_each_ending_has_its_words_and_no_others(name: str, tmp_path: Path) -> None:
    ending, (for_physician, for_patient), not_said = ENDINGS[name]
    final = replace(final_of(tmp_path, scenario_of(**CALM)), ending=ending)
    files = pages(final, MADE)
    physician, patient = words_of(files["letter-physician.html"]), words_of(files["letter-patient.html"])
    assert for_physician in physician
    assert for_physician in words_of(files["analysis.html"]).replace("Score is", "")
    assert for_patient in patient
    for words in not_said:
        assert words not in patient
        assert words not in physician
    assert "What we decided: ____" in patient
    assert "Decided with the patient: ____" in physician


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(
    ("effect", "rows"),
    [
        (-1.0, ("An effect of 1 point, just worthwhile, would be shown in",)),
        (-1.5, ("An effect of 1.5 points would be shown in", "A just worthwhile effect (1 point) in")),
        (1.0, ("An effect of 1 point would be shown in", "A just worthwhile effect (1 point) in")),
    ],
)
def test_each_effect_that_was_planned_for_has_one_row(effect: float, rows: tuple[str, ...], tmp_path: Path) -> None:
    page = pages(final_of(tmp_path, scenario_of(**CALM, treatment__effect=effect)), MADE)["analysis.html"]
    table = page[page.index("<h2>Planned, and what happened") : page.index("<h2>Every day")]
    heads = re.findall(r"<tr><td>(.*?)</td>", table)
    assert tuple(heads[: len(rows)]) == rows
    assert heads[len(rows)].startswith("A false alarm")
    assert len(heads) == len(set(heads)) == len(rows) + 3


@pytest.mark.usefixtures("no_pictures")
def test_a_contrast_says_how_much_it_can_see(tmp_path: Path) -> None:
    final = final_of(tmp_path, scenario_of(**CALM, analysis__primary="paired"))
    assert 0 < final.ending.share_seen < 0.9
    share = f"about {100 * final.ending.share_seen:.0f}% of the full effect"
    files = pages(final, MADE)
    for name in ("analysis.html", "letter-physician.html"):
        assert share in words_of(files[name])
    limit = f"1 point or more, of which these periods can see {view(final)['ends']['worthwhile']} points"
    assert limit in " ".join(terminal(final, view(final)).split())
    assert limit in words_of(files["letter-physician.html"])


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(("away", "has_ends"), [(-0.5, True), (-0.5, False), (0.01, True)])
def test_two_nearly_equal_numbers_are_one_and_a_patient_reads_one_only(
    away: float, has_ends: bool, tmp_path: Path
) -> None:
    final = final_of(tmp_path, scenario_of(**CALM, analysis__primary="mixed", analysis__discard_days=3))
    seen, end = view(final)["seen"], np.array([-1.0 if has_ends else -np.inf])
    primary = replace(final.primary, estimate=np.array([seen + away]), ci_low=end - 2.0, ci_high=-end)
    files = files_of(final, primary, Ending("unclear", False, False, 1.0, 1.0))
    physician, patient = (words_of(files[f"letter-{name}.html"]) for name in ("physician", "patient"))
    of_analysis, is_one = (seen + away, away == 0.01)
    first = of_analysis if is_one else seen
    assert (
        f"On Vitamin B12 the score, without the first 3 days of each period, was {direction(first)} than on placebo"
        in physician
    )
    assert (f"By the planned analysis it was {direction(of_analysis)} in these periods" in physician) != is_one
    number = of_analysis if has_ends else seen
    assert f"In the weeks that were compared, your score was about {direction(number)} on Vitamin B12" in patient
    assert len(re.findall(r"about [\d.]+ points", patient)) == 1


def direction(difference: float) -> str:
    return f"{size(difference)} points {'lower' if difference < 0 else 'higher'}"


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(("primary", "is_told"), [("randomization", False), ("paired", False), ("bayes", True)])
def test_a_patient_reads_a_chance_of_the_planned_analysis_alone(primary: str, is_told: bool, tmp_path: Path) -> None:
    final = final_of(tmp_path, scenario_of(**CALM, analysis__primary=primary), effect=-3.0)
    patient = words_of(pages(final, MADE)["letter-patient.html"])
    assert ("The chance that Vitamin B12 helps you at all is" in patient) == is_told
    assert "In other words" not in patient


def files_of(final: Final, primary: Estimates, ending: Ending) -> dict[str, str]:
    """Files of the same trial with another result of its planned analysis."""
    return pages(replace(final, estimates={**final.estimates, primary.method: primary}, ending=ending), MADE)


@pytest.mark.usefixtures("no_pictures")
def test_an_interval_without_ends_has_no_level_and_no_sureness(tmp_path: Path) -> None:
    final = final_of(tmp_path, scenario_of(**CALM, analysis__primary="randomization"))
    unclear = Ending("unclear", False, False, 1.0, 1.0)
    for low, high, has_end in ((-2.0, 1.0, True), (-np.inf, 1.0, True), (-np.inf, np.inf, False)):
        primary = replace(final.primary, ci_low=np.array([low]), ci_high=np.array([high]))
        files = files_of(final, primary, unclear)
        for name in ("analysis.html", "letter-physician.html"):
            words = words_of(files[name])
            assert "Confidence in a benefit" not in words
            assert ("% interval, p = " in words) == has_end
            assert ("so the interval has no ends (p = " in words) != has_end


@pytest.mark.usefixtures("no_pictures")
def test_an_unclear_ending_tells_the_patient_what_was_seen_and_no_effect_of_the_drug(tmp_path: Path) -> None:
    final = final_of(tmp_path, scenario_of(**CALM))
    unclear = Ending("unclear", False, False, 1.0, 1.0)
    ends = replace(final.primary, ci_low=np.array([-2.0]), ci_high=np.array([1.0]))
    endless = replace(final.primary, ci_low=np.array([-np.inf]), ci_high=np.array([np.inf]))

    def patient(primary: Estimates, ending: Ending) -> str:
        return words_of(files_of(final, primary, ending)["letter-patient.html"])

    for primary in (ends, endless):
        words = patient(primary, unclear)
        assert UNCLEAR in words
        assert "In the weeks that were compared, your score was about " in words
        for claim in ("makes your score", "made your score", "helped you", "we reckon with", "chance that"):
            assert claim not in words
    assert "Your diary fits anything from 2 points lower to 1 point higher" in patient(ends, unclear)
    assert "That means harm, no difference or a benefit that matters." in patient(ends, unclear)
    assert "How large a difference is, your diary cannot tell." in patient(endless, unclear)


@pytest.mark.usefixtures("no_pictures")
def test_what_was_seen_comes_before_what_is_reckoned_back(tmp_path: Path) -> None:
    final = final_of(tmp_path, scenario_of(**CALM, analysis__primary="exposure"))
    diary = final.trial_diary.as_randomized
    usable, on_drug = diary.is_usable()[:, 0], diary.treatment[:, 0] == 1
    seen = diary.score[usable & on_drug, 0].mean() - diary.score[usable & ~on_drug, 0].mean()
    assert view(final)["seen"] == pytest.approx(seen)
    plain = f"On Vitamin B12 the score was {size(seen)} points {'lower' if seen < 0 else 'higher'} than on Placebo"
    reckoned, unsure, unknown = "Reckoned back from the entries", "cannot be relied on", "cannot be reckoned back"
    for low, high, said, not_said in (
        (-2.0, 1.0, (reckoned,), (unsure, unknown)),
        (-np.inf, 1.0, (reckoned, f"{unsure}: its interval has no end on one side"), (unknown,)),
        (-np.inf, np.inf, (unknown,), (reckoned, unsure, "is estimated to make the score")),
    ):
        primary = replace(final.primary, ci_low=np.array([low]), ci_high=np.array([high]))
        changed = replace(final, estimates={**final.estimates, "exposure": primary})
        files = pages(changed, MADE)
        printed = " ".join(terminal(changed, view(changed)).split())
        for words in (words_of(files["analysis.html"]), words_of(files["letter-physician.html"]), printed):
            assert words.lower().index(plain.lower()) < words.index(said[0])
            assert all(each in words for each in said)
            assert not any(each in words for each in not_said)


@pytest.mark.usefixtures("no_pictures")
def test_an_estimate_at_a_boundary_is_not_to_be_relied_on(tmp_path: Path) -> None:
    final = final_of(tmp_path, scenario_of(**CALM, analysis__primary="ar1"))
    status = np.array([Status.AT_BOUNDARY], dtype=np.int8)
    changed = replace(final, estimates={**final.estimates, "ar1": replace(final.primary, status=status)})
    files = pages(changed, MADE)
    for name in ("analysis.html", "letter-physician.html", "letter-patient.html"):
        assert "cannot be relied on: days hardly differ" in words_of(files[name])
    assert "cannot be relied on. The autocorrelation ran" in " ".join(terminal(changed, view(changed)).split())


@pytest.mark.usefixtures("no_pictures")
def test_an_end_that_the_scale_has_no_room_for_is_not_shown_without_saying_so(tmp_path: Path) -> None:
    final = final_of(tmp_path, scenario_of(**CALM))
    said = "Where an interval reaches beyond, the diary says next to nothing"
    within = {name: replace(each, ci_low=np.zeros(1), ci_high=np.zeros(1)) for name, each in final.estimates.items()}
    final = replace(final, estimates=within, constants={}, as_taken={}, taken_if_missed={}, in_time=None)
    assert said not in words_of(pages(final, MADE)["analysis.html"])
    other = next(name for name in within if name != final.primary.method)
    beyond = within | {other: replace(within[other], ci_low=np.array([-40.0]))}
    assert said in words_of(pages(replace(final, estimates=beyond), MADE)["analysis.html"])


@pytest.mark.usefixtures("no_pictures")
def test_an_early_stop_is_told_as_one(tmp_path: Path) -> None:
    scenario = scenario_of(**CALM, conduct__missing=0.0)
    diaries, key = lived(scenario, 2)
    whole = final_of(tmp_path, scenario)
    emptied = blank(key.trial)
    rows = [
        full if int(full["day"]) <= 20 else none for full, none in zip(filled(diaries, key.trial), emptied, strict=True)
    ]
    stopped = final_of(tmp_path, scenario, rows=rows)
    assert sum(view(whole)["treated_weeks"].values()) == 8
    assert sum(view(stopped)["treated_weeks"].values()) == 3
    sentence = "The trial stopped early: the diary ends on 7 February 2027, and 35 days of the plan were not kept."
    for name, text in pages(stopped, MADE).items():
        assert sentence in words_of(text), name
        assert "4 January 2027 to 7 February 2027" in words_of(text), name
    for name, text in pages(whole, MADE).items():
        assert "stopped early" not in words_of(text), name
    nothing = final_of(tmp_path, scenario, rows=emptied)
    assert view(nothing)["treated_weeks"] == {"drug": 0, "control": 0}
    assert "nothing is written in the diary, and 70 days" in words_of(pages(nothing, MADE)["letter-patient.html"])


@pytest.mark.usefixtures("no_pictures")
def test_dates_are_those_of_the_diary_after_a_pause(tmp_path: Path) -> None:
    scenario = scenario_of(**CALM)
    diaries, key = lived(scenario, 2)
    rows = filled(diaries, key.trial)
    for row in rows:
        day = int(row["day"])
        row["date"] = key.trial.date_of(day + (21 if day >= 20 else 0)).isoformat()
    rows[54] |= {"new_complaints": "numb feet"}
    date = rows[54]["date"]
    assert date == "2027-03-20"
    final = final_of(tmp_path, scenario, rows=rows)
    seen = view(final)
    assert seen["complaints"][0]["date"].isoformat() == date
    assert seen["end"].isoformat() == rows[-1]["date"]
    assert seen["periods"][-1]["last"].isoformat() == seen["kits"][-1]["last"].isoformat() == rows[-1]["date"]
    assert f"numb feet ({date}," in words_of(pages(final, MADE)["letter-physician.html"])
    returned = final.trial_diary.as_returned
    words = checked_in_words(check(returned, key.trial))
    assert f"New complaints  {date}: numb feet." in words
    moved = rows[34]["date"]
    assert f"  {moved}" in words


@pytest.mark.usefixtures("no_pictures")
def test_an_empty_diary_has_its_letters_too(tmp_path: Path) -> None:
    scenario = scenario_of(**CALM)
    _, key = lived(scenario, 2)
    final = final_of(tmp_path, scenario, rows=blank(key.trial))
    files = pages(final, MADE)
    assert UNCLEAR in words_of(files["letter-patient.html"])
    assert "The diary did not have enough to compare." in words_of(files["letter-patient.html"])
    assert "The planned analysis has no answer: there are not enough entries" in words_of(
        files["letter-physician.html"]
    )
    assert "NOT CLEAR" in terminal(final, view(final))


class _Checker(HTMLParser):
    """Finds tags that are not closed, or closed in another order."""

    EMPTY = ("meta", "br", "link", "img", "hr", "path", "use", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


@given(
    scenario=packables(),
    seed=st.integers(0, 1000),
    changes=st.fixed_dictionaries(
        {
            "analysis.primary": st.sampled_from(list(METHODS)[:-1]),
            "analysis.sides": st.sampled_from([1, 2]),
            "decision.rule": st.sampled_from(["detected", "probability"]),
            "conduct.missing": st.sampled_from([0.0, 0.4, 0.95]),
        }
    ),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("no_pictures")
def test_there_are_words_for_whatever_comes(
    scenario: Scenario, seed: int, changes: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    scenario = scenario.replace(**changes)
    diaries, key = lived(scenario, seed)
    rows = filled(diaries, key.trial)
    rows[-1] |= {"new_complaints": "<b>numb</b> & sore", "kit": key.trial.kits[0].code}
    rows[0] |= {"late": "yes", "score": "4.5"}
    final = final_of(tmp_path_factory.mktemp("diary"), scenario, seed, rows=rows)
    for name, text in pages(final, MADE).items():
        assert "Undefined" not in text, name
        assert "{" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL), name
        if name.endswith(".html"):
            checker = _Checker()
            checker.feed(text)
            assert checker.open == []
            assert "<b>numb</b>" not in text
            assert "&lt;strange&gt;" in text or "<strange>" not in scenario.treatment.name
    assert all(len(line) <= 100 for line in terminal(final, view(final)).splitlines() if " " in line.strip()[1:])


def test_pictures_show_every_kit_and_period(tmp_path: Path) -> None:
    final = final_of(tmp_path, scenario_of(**CALM))
    page = pages(final, MADE)["analysis.html"]
    assert page.count("<svg") == page.count("</svg>") == page.count("<desc id=") == 3
    assert pages(final, MADE)["analysis.html"] == page
    assert '<title id="course-title">Every day, kit and period</title><desc id="course-desc">' in page
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert f"1, {final.trial_diary.key.trial.scenario.control.name}, " in page or "1, Vitamin B12, " in page
    first = page[page.index("<svg") : page.index("</svg>")]
    for kit in range(1, len(final.trial_diary.key.trial.kits) + 1):
        assert re.search(rf">{kit}</text>", first), kit
    assert len(re.findall(r">Vitamin B12</text>", first)) >= 2


def test_tables_hold_every_kit_and_period(tmp_path: Path) -> None:
    scenario = scenario_of(**CALM, conduct__missing=0.0)
    final = final_of(tmp_path, scenario)
    diary = final.trial_diary.as_randomized
    table = periods(final.trial_diary)
    assert [row["number"] for row in table] == [1, 2, 3, 4]
    for row in table:
        held = diary.period[:, 0] == row["number"]
        assert row["mean"] == pytest.approx(diary.score[held, 0].mean())
        assert row["content"] == ("Vitamin B12" if diary.treatment[held, 0][0] else "Placebo")
    by_kit = kits(final.trial_diary)
    assert [row["code"] for row in by_kit] == [kit.code for kit in final.trial_diary.key.trial.kits]
    assert np.mean([row["mean"] for row in by_kit]) == pytest.approx(np.mean([row["mean"] for row in table]))


def test_every_method_and_status_has_its_words() -> None:
    module: Any = pages_of._environment().get_template("analysis.en.jinja").module
    assert {method.role for method in METHODS.values()} <= set(module.ROLES)
    assert set(module.STATUS) == {status.word for status in Status}


@pytest.mark.parametrize(
    ("number", "shown"), [(-0.04, "0.04"), (1.0, "1"), (-12.34, "12"), (123.4, "123"), (0, "0"), (1e-9, "0")]
)
def test_sizes_have_two_digits(number: float, shown: str) -> None:
    assert size(number) == shown


def test_a_letter_as_text_is_what_a_reader_sees() -> None:
    letter = (
        "<html><head><title>No</title><style>p { }</style></head><body><p>One <b>two</b></p><ul><li>a &amp; b</li></ul>"
    )
    assert as_text(parse(letter + "<p>x<br>y</p></body></html>")) == "One two\n\na & b\n\nx\ny\n"


def test_a_rehearsal_says_so_everywhere(tmp_path: Path) -> None:
    scenario = scenario_of(**CALM)
    diaries, key = lived(scenario, 2)
    trial = replace(key.trial, is_rehearsal=True)
    key = key_of(trial, key.allocation)
    final = conclude(join(read(filled(diaries, trial), trial, tmp_path), key))
    for name, text in pages(final, MADE).items():
        assert "EXAMPLE - NOT FOR A PATIENT" in text, name
    assert terminal(final, view(final)).startswith("EXAMPLE - NOT FOR A PATIENT\n")


@pytest.mark.usefixtures("no_pictures")
def test_an_agreed_pause_stands_on_the_page_and_in_both_letters(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**CALM), 2)
    trial = replace(key.trial, moves=(Move(14, 10),), version=2)
    final = conclude(join(read(filled(diaries, trial), trial, tmp_path), key_of(trial, key.allocation)))
    resumed = trial.date_of(14)
    said = f"The trial paused for 10 days before {resumed.day} {resumed:%B %Y}, as agreed."
    assert all(said in words_of(text) for name, text in pages(final, MADE).items() if name.endswith(".html"))
    assert "pauses: 1, each with its days on the page" in words_of(pages(final, MADE)["letter-physician.html"])


@pytest.mark.usefixtures("no_pictures")
def test_a_control_that_is_a_drug_is_named_where_nothing_is_gained(tmp_path: Path) -> None:
    changes = {"control__name": "Iron", "control__kind": "active", "control__dose": "100 mg"}
    page = words_of(pages(final_of(tmp_path, scenario_of(**CALM, **changes)), MADE)["analysis.html"])
    assert "A false alarm, if Vitamin B12 did as much as Iron, in" in page
    assert "did nothing" not in page
