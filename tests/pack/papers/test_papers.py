from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.pack.papers.context import facts
from n1trial.pack.papers.markup import parse
from n1trial.pack.papers.papers import BLINDED, blinded_papers
from n1trial.pack.papers.protocol_context import of_the_protocol
from n1trial.pack.trial.columns import asked_columns
from n1trial.pack.trial.commitment import NO_COMMITMENT, in_groups, without_commitment
from n1trial.pack.trial.trial import Trial, blinded_trial
from n1trial.pack.trial.visits import LEAD_DAYS, handout_dates, is_open, visit_dates, visit_days
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate
from tests.conftest import CHROMIUM
from tests.pack.crowded import CROWDED
from tests.pack.packable import PLANNED, START, packables, shipped, short
from tests.patience import PATIENCE_SECONDS

COMMITMENT = "0123456789abcdef" * 4


def trial_of(scenario: Scenario, *, is_rehearsal: bool = False) -> Trial:
    return blinded_trial(scenario, START, bytes(16), is_rehearsal=is_rehearsal)


def papers_of(scenario: Scenario) -> dict[str, bytes]:
    return blinded_papers(trial_of(scenario), PLANNED, COMMITMENT)


def text_of(html: bytes) -> str:
    """Running text of a paper, as it is read."""
    return " ".join(re.sub(r"<(style|title).*?</\1>|<[^>]+>", " ", html.decode(), flags=re.DOTALL).split())


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@settings(max_examples=10)
@given(packables())
def test_every_paper_is_whole_and_asks_nothing_of_the_network(scenario: Scenario) -> None:
    for path, content in papers_of(scenario).items():
        if path.endswith(".html"):
            text = content.decode()
            parse(text)  # every element is closed
            assert not re.search(r"<script|https?:|src=|@import|url\((?!data:)", text), path
            assert in_groups(COMMITMENT) in text
            assert "<strange>" not in text
            assert not re.search(r"built-in|Undefined|None\b|\bat 0x", text_of(content)), path


@settings(max_examples=10)
@given(packables())
def test_the_diary_file_has_every_day_and_its_kit_and_no_word_of_the_treatment(scenario: Scenario) -> None:
    trial = trial_of(scenario)
    rows = rows_of(papers_of(scenario)["patient/diary.csv"])
    assert [int(row["day"]) for row in rows] == scenario.layout().days.tolist()
    for row in rows:
        day = int(row["day"])
        kit = trial.kit_of(day)
        assert date.fromisoformat(row["date"]) == trial.date_of(day)
        assert row["kit"] == (kit.code if kit else "")
        assert int(row["week"]) == trial.week_of(day)
        assert {text for name, text in row.items() if name not in ("day", "date", "week", "kit")} == {""}
    assert not {"period", "cycle", "treatment"} & set(rows[0])


@settings(max_examples=10)
@given(packables())
def test_kits_of_the_clinic(scenario: Scenario) -> None:
    trial = trial_of(scenario)
    rows = rows_of(papers_of(scenario)["clinician/kits.csv"])
    assert [(row["kit"], row["replacement"]) for row in rows] == [kit.codes for kit in trial.kits]
    assert [int(row["first_day"]) for row in rows] == [kit.first_day for kit in trial.kits]
    assert [row["last_date"] for row in rows] == [trial.date_of(kit.last_day).isoformat() for kit in trial.kits]


def test_the_scenario_of_the_clinic_is_the_one_planned(tmp_path: Path) -> None:
    from n1trial.scenario.file.load import load_scenario

    (tmp_path / "scenario.toml").write_bytes(papers_of(short())["clinician/scenario.toml"])
    assert load_scenario(tmp_path / "scenario.toml") == short()


@settings(max_examples=10)
@given(packables())
def test_the_calendar_file_has_every_kit_and_neutral_titles(scenario: Scenario) -> None:
    trial = trial_of(scenario)
    calendar = icalendar.Calendar.from_ical(papers_of(scenario)["patient/calendar.ics"])
    events = [(event.decoded("dtstart"), str(event["summary"])) for event in calendar.walk("VEVENT")]
    assert len({str(event["uid"]) for event in calendar.walk("VEVENT")}) == len(events)
    for kit in trial.kits:
        assert (trial.date_of(kit.first_day), f"Open pack {kit.code}") in events
    (diary,) = (event for event in calendar.walk("VEVENT") if "rrule" in event)
    morning_after = trial.start + timedelta(days=1)
    assert (diary.decoded("dtstart"), diary["summary"]) == (morning_after, "Fill in the diary: the line of yesterday")
    assert diary["rrule"] == {"FREQ": ["DAILY"], "COUNT": [len(scenario.layout().days)]}  # a morning for each line
    assert (trial.date_of(trial.last_day) + timedelta(days=1), "Last line of the diary") in events
    visits = sorted(day for day, title in events if title.startswith("Visit"))
    assert tuple(visits) == visit_dates(trial)
    titles = " ".join(title for _, title in events)
    assert scenario.treatment.name not in titles
    assert scenario.control.name not in titles


def test_the_leaflet_tells_the_patient_the_signs_to_stop() -> None:
    text = text_of(papers_of(shipped())["patient/leaflet.html"])
    signs = text[text.index("Call at once if") : text.index("In an emergency")]
    for sign in ("numbness", "unsteady", "tongue", "killing yourself", "pregnant", "depression", "laughing gas"):
        assert sign in signs
    assert "it has been clearly worse than before the capsules for 2 weeks;" in signs
    general = text_of(papers_of(short(**{"cautions.block": "general"}))["patient/leaflet.html"])
    assert "Call at once if it has been clearly worse than before the capsules for 2 weeks;" in general
    soon = text_of(papers_of(short(**{"cautions.block": "general", "stopping.days": 7}))["patient/leaflet.html"])
    assert "two weeks" not in soon
    assert "clearly worse than before the capsules for 1 week;" in soon


def test_a_page_of_the_diary() -> None:
    trial = trial_of(shipped())
    html = papers_of(shipped())["patient/diary.html"].decode()
    sheets = re.findall(r'<section class="sheet diary">.*?</section>', html, re.DOTALL)
    assert len(sheets) == len(trial.sheets) == 44
    run_in, third = text_of(sheets[0].encode()), text_of(sheets[2].encode())
    assert "No capsules yet." in run_in
    assert "capsule," not in run_in
    assert not re.search(r"\byes\b", run_in)
    assert "These capsules were" not in run_in
    assert f"Pack 1 , code {trial.kits[0].code} ." in third
    assert third.count("Capsule yes no") == 7
    assert third.count("written late") == 7
    for words in (
        "Mon 18 Jan to Sun 24 Jan 2027 Sheet 3 of 44.",
        "How bad were your leg complaints at their worst?",
        "It is about yesterday 6 p.m. until you got up. 0 is no complaint, 10 is the worst you can imagine.",
        "On getting up, before today’s capsule, fill in the line of yesterday .",
        "Missed a day? Leave it empty.",
        "0 1 2 3 4 5 6 7 8 9 10",
        "Sleep disturbed, 0-10",
        "When did it start?",
        "Where was it felt? feet calves thighs arms elsewhere",
        "New complaints?",
        "Capsules left in the pack:",
        "These capsules were: Vitamin B12 Placebo cannot tell",
    ):
        assert words in third.replace(" ,", ","), words
    assert third.count("Other medicines") == 7
    assert third.count("stress short sleep caffeine") == 7


def test_doses_of_several_times_of_day_and_of_every_other_day() -> None:
    scenario = short(**{
        "pack.times_of_day": ["morning", "night"], "treatment.every_days": 2, "pack.kit_days": 14,
    })  # fmt: skip
    html = papers_of(scenario)["patient/diary.html"]
    sheet = re.findall(rb'<section class="sheet diary">.*?</section>', html, re.DOTALL)[2]
    days = re.findall(rb'<table class="day".*?</table>', sheet, re.DOTALL)
    taken = [text_of(day).count("morning yes no night yes no") for day in days]
    assert taken == [1, 0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("scale", "step", "better", "shown"),
    [([-5, 5], 1, "higher", "-5 -4 -3 -2 -1 0 1 2 3 4 5"), ([0, 2], 0.5, "lower", "0 0.5 1 1.5 2"),
     ([0, 100], 1, "lower", "points, 0 to 100"), ([0, 1], 0, "higher", "points, 0 to 1")],
)  # fmt: skip
def test_a_score_is_circled_where_there_are_few_and_written_where_there_are_many(
    scale: list[float], step: float, better: str, shown: str
) -> None:
    changes = {
        "outcome.scale": scale, "outcome.step": step, "outcome.better": better, "outcome.mcid": 0.25,
        "patient.baseline": 1.0, "patient.daily_sd": 0.2, "treatment.effect": -0.5, "treatment.further_effects": [],
        "treatment.established_effect": None, "placebo.response": 0.0, "secondary": (), "evidence": (),
    }  # fmt: skip
    html = papers_of(short(**changes))["patient/diary.html"]
    assert shown in text_of(re.findall(rb'<td class="scale">.*?</td>', html)[0])


def test_the_protocol_says_what_a_protocol_must() -> None:
    text = text_of(papers_of(shipped())["clinician/protocol.html"])
    for title in (
        "Background and rationale", "Question", "The patient: diagnosis", "Trial design", "What is given",
        "Randomization and concealment", "Blinding", "Outcomes", "How large, how long: simulation",
        "Analysis, fixed beforehand", "Missing data", "What the answer will say", "Harms, and when to stop",
        "What must be known before, during and after", "Signatures",
        "Appendix A: assumptions, and where they come from", "Appendix B: further headings of SPENT 2019",
    ):  # fmt: skip
        assert title in text
    assert "60 of 100 trials" in text
    assert "55 of 100 trials" in text
    assert "did nothing (false alarms, for better or worse) 5 of 100 trials" in text
    assert "May well miss a worthwhile benefit." in text
    assert "216 assignments are equally likely" in text
    assert "1 Mon 1 Mar 2027 to Mon 15 Mar 2027 7 to 9 of the round" in text
    assert "Primary: randomization, an exact test" in text
    assert "This does not show that it does not work for you." in text
    assert "would be continued in 3 of 100 trials although it does nothing" in text
    assert "14 days in a row is 2 points or more above the mean of the run-in" in text
    assert "5 of 27 rest on published numbers" in text
    assert "A B12 deficiency or pernicious anemia is treated and never put on placebo." in text
    assert "studies not located, effect size not reported: the effect planned for is an assumption" in text


@pytest.mark.parametrize("name", ["b12-6-to-8-week", "b12-8-week", "b12-6-week-apnea", "b12-skeptical"])
def test_no_item_of_a_protected_questionnaire_is_reproduced(name: str) -> None:
    everything = " ".join(text_of(content) for content in papers_of(shipped(name)).values()).lower()
    for words in (
        "how severe is your", "need to move around", "how would you rate", "during the past week",
        "over the past month", "daytime sleepiness", "subjective sleep quality", "how worried", "how noticeable",
    ):  # fmt: skip
        assert words not in everything
    assert "irls total" in everything


def test_questions_of_ones_own_get_columns_of_their_own() -> None:
    assert asked_columns(["Sleep disturbed, 0-10", "When did it start?", "Score", "when did it start", "?!"]) == [
        "sleep_disturbed_0_10", "when_did_it_start", "score_2", "when_did_it_start_2", "asked",
    ]  # fmt: skip


def test_a_column_of_a_question_is_never_taken_for_the_treatment() -> None:
    assert asked_columns(["Treatment?", "period", "Cycle", "sleep disturbed", "sleep"]) == [
        "treatment_2", "period_2", "cycle_2", "sleep_disturbed", "sleep",
    ]  # fmt: skip


def test_papers_say_the_stop_rule_and_how_often_it_stops_by_chance() -> None:
    scenario = short(**{"stopping.worse_by": 2.5, "stopping.days": 7})
    papers = papers_of(scenario)
    protocol, leaflet = (text_of(papers[name]) for name in ("clinician/protocol.html", "patient/leaflet.html"))
    assert "the mean score of 7 days in a row is 2.5 points or more above the mean of the run-in" in protocol
    assert "the patient calls when it has been clearly worse for 1 week" in protocol
    assert "would still stop" not in protocol  # PLANNED was made before that was known
    assert "it has been clearly worse than before the capsules for 1 week" in leaflet
    planned = replace(PLANNED, stopped=0.021, stopped_mcse=0.003)
    known = blinded_papers(trial_of(scenario), planned, "c" * 64)["clinician/protocol.html"]
    assert "the rule would still stop 2 of 100 such patients (simulated, give or take 1)" in text_of(known)


@pytest.mark.parametrize(("better", "side", "worst"), [("lower", "above", 8), ("higher", "below", 2)])
def test_the_protocol_says_where_the_stop_rule_cannot_be_met(better: str, side: str, worst: float) -> None:
    changes = {
        "outcome.better": better, "treatment.effect": 1.0 if better == "higher" else -1.0, "evidence": (),
        "treatment.further_effects": [], "treatment.established_effect": None, "placebo.response": 0.0,
    }  # fmt: skip
    text = text_of(papers_of(short(**changes))["clinician/protocol.html"])
    assert f"2 points or more {side} the mean of the run-in" in text
    assert f"cannot be met where the mean of the run-in is {side} {worst}: the scale ends before" in text


@pytest.mark.parametrize(("primary", "is_probability"), [("bayes", True), ("paired", False), ("randomization", False)])
def test_only_a_posterior_is_called_a_probability(primary: str, is_probability: bool) -> None:
    changes = {
        "decision.rule": "probability", "decision.threshold": 0.9, "decision.benefit": 0.5, "analysis.primary": primary,
    }  # fmt: skip
    text = text_of(papers_of(short(**changes))["clinician/protocol.html"])
    assert ("a benefit above 0.5 points has a probability of 90 of 100 or more" in text) is is_probability
    assert ("the confidence in a benefit above 0.5 points, as a test has it" in text) is not is_probability
    assert "has a chance" not in text


def test_an_on_call_desk_finds_the_slip_without_the_pack() -> None:
    text = text_of(papers_of(short())["clinician/opening.html"])
    assert "No pack at hand? The newest schedule by kit has the code whose dates include today" in text
    assert "Do not go by the dates on slips: after a pause they are old." in text


def test_where_higher_is_better_worse_is_below() -> None:
    changes = {
        "outcome.better": "higher", "treatment.effect": 1.0, "treatment.further_effects": [], "evidence": (),
        "treatment.established_effect": None, "placebo.response": 1.0,
    }  # fmt: skip
    text = text_of(papers_of(short(**changes))["clinician/protocol.html"])
    assert "Higher is better." in text
    assert "raised the score by 1 point (the effect planned for)" in text
    assert "14 days in a row is 2 points or more below the mean of the run-in" in text


def test_a_protocol_without_a_window_says_that_the_change_over_is_no_secret() -> None:
    text = text_of(papers_of(short())["clinician/protocol.html"])
    assert "Periods have one length, so that whoever reads this knows the days of the change-overs" in text
    assert "the first 0 days" not in text


@settings(max_examples=10)
@given(packables())
def test_no_paper_of_the_patient_says_when_a_round_or_change_over_is(scenario: Scenario) -> None:
    for path, content in papers_of(scenario).items():
        if path.startswith("patient/"):
            assert not re.search(r"change-over|\bround\b|\bperiod\b|\bcycle\b", text_of(content), re.IGNORECASE), path


WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@settings(max_examples=30)
@given(packables(), st.sets(st.sampled_from(WEEKDAYS), min_size=1), st.integers(7, 60), st.integers(0, 6))
def test_visits_are_on_days_that_the_clinic_is_open_and_never_close_together(
    scenario: Scenario, open_days: set[str], every: int, later: int
) -> None:
    changes = {"pack.visit_days": sorted(open_days), "pack.visit_every_days": every}
    trial = replace(trial_of(scenario.replace(**changes)), start=START + timedelta(days=later))
    visits, planned = visit_dates(trial), [trial.date_of(day) for day in visit_days(trial)]
    assert facts(trial, COMMITMENT)["visits"] == visits
    assert all(is_open(trial, day) and f"{day:%a}" in open_days for day in visits)
    assert list(visits) == sorted(set(visits))
    assert planned[0] - timedelta(days=6) <= visits[0] <= planned[0]
    assert planned[-1] <= visits[-1] <= planned[-1] + timedelta(days=6)
    assert planned[0] == trial.date_of(trial.first_kit_day) - timedelta(days=LEAD_DAYS)
    assert planned[-1] == trial.date_of(trial.last_day) + timedelta(days=1)
    gaps = [(after - before).days for before, after in pairwise(planned)]
    assert gaps[:-1] == [every] * (len(gaps) - 1)
    assert len(gaps) == 1 or gaps[-1] >= min(14, every // 2)
    for at, day in list(zip(planned, visits, strict=True))[1:-1]:
        nearest = min(abs(days) for days in range(-6, 7) if is_open(trial, at + timedelta(days=days)))
        assert abs((day - at).days) == nearest


def test_a_visit_for_a_single_kit_before_the_last_is_merged_with_the_one_before() -> None:
    for weeks, visits in ((15, 2), (17, 3)):
        changes = {"design.cycles": 1, "design.period_days": 7 * weeks, "pack.visit_every_days": 98}
        trial = trial_of(short(**{**changes, "pack.shelf_life_days": 300}))
        assert len(visit_dates(trial)) - 1 == visits, weeks
    # a kit that would not keep from the visit before is a reason to come
    trial = trial_of(short(**{"design.cycles": 1, "design.period_days": 105, "pack.visit_every_days": 196}))
    assert len(visit_dates(trial)) == 3


@settings(max_examples=30)
@given(packables(), st.integers(0, 6))
def test_every_kit_is_in_the_house_before_it_is_opened_and_keeps_until_it_is_used_up(
    scenario: Scenario, later: int
) -> None:
    trial = replace(trial_of(scenario), start=START + timedelta(days=later))
    days, visits, pack = handout_dates(trial), visit_dates(trial), scenario.pack
    assert list(days) == sorted(days)
    for kit, day in zip(trial.kits, days, strict=True):
        assert day <= trial.date_of(kit.first_day)
        assert (trial.date_of(kit.last_day) - day).days < pack.shelf_life_days
        if day in visits:
            assert day <= trial.date_of(kit.first_day - LEAD_DAYS)
    handouts = [numbers for numbers in of_the_protocol(trial, PLANNED)["handouts"] if numbers]
    numbers = [number for first, last in handouts for number in range(first, last + 1)]
    assert numbers == [kit.number for kit, day in zip(trial.kits, days, strict=True) if day in visits]
    if pack.shelf_life_days == 180:  # keeps from any visit to the next: so one kit more than lasts until then
        assert set(days) <= set(visits)
        for visit, following in pairwise(visits):
            held = [kit for kit, day in zip(trial.kits, days, strict=True) if day <= visit]
            assert held[-1] == trial.kits[-1] or trial.date_of(held[-1].first_day) > following


def test_the_visits_of_the_flagship_hand_out_all_kits() -> None:
    schedule = text_of(papers_of(shipped())["clinician/schedule.html"])
    assert "1 Fri 15 Jan 2027 1 to 8 2 Fri 5 Mar 2027 9 to 15" in schedule
    assert "fetches" not in schedule
    calendar = text_of(papers_of(shipped())["patient/calendar.html"])
    assert (
        "You get the packs at your visits, each time enough to last past the next one. Visits: Fri 15 Jan" in calendar
    )


def test_kits_that_do_not_keep_are_fetched_between_visits() -> None:
    papers = papers_of(short(**{"pack.shelf_life_days": 14}))
    assert "fetches each of these from the pharmacy" in text_of(papers["clinician/schedule.html"])
    assert "you fetch these from the pharmacy in between" in text_of(papers["patient/calendar.html"])


def test_the_commitment_stands_on_papers_in_the_two_forms_that_can_be_blanked() -> None:
    blank = blinded_papers(trial_of(short()), PLANNED, NO_COMMITMENT)
    for path, content in papers_of(short()).items():
        assert without_commitment(content, COMMITMENT) == blank[path], path


def test_every_page_of_a_rehearsal_is_marked_by_a_line_and_behind_the_text() -> None:
    for path, content in blinded_papers(trial_of(short(), is_rehearsal=True), PLANNED, COMMITMENT).items():
        if path.endswith(".html"):
            assert '@top-center { content: "EXAMPLE - NOT FOR A PATIENT"' in content.decode()
            assert '<div class="watermark">EXAMPLE - NOT FOR A PATIENT</div>' in content.decode()
    protocol = blinded_papers(trial_of(short(), is_rehearsal=True), PLANNED, COMMITMENT)["clinician/protocol.html"]
    assert "the assignment came from a seed, and anybody can draw it again" in text_of(protocol)
    assert "came from a seed" not in text_of(papers_of(short())["clinician/protocol.html"])


FULL = {
    "as shipped": short(),
    "many things asked": short(**{
        "outcome.also_asked": [f"A question that goes on for some time, number {n}" for n in range(7)],
    }),
    "four times of day": short(**{"pack.times_of_day": ["morning", "noon", "evening", "night"]}),
    "crowded": CROWDED,
    "minutes in the evening": short(**{
        "outcome.scale": [0, 600], "outcome.step": 5, "outcome.unit": "minutes", "outcome.entry": "evening",
        "outcome.better": "higher", "outcome.mcid": 30.0, "patient.baseline": 300.0, "patient.daily_sd": 40.0,
        "treatment.effect": 30.0, "treatment.further_effects": [], "treatment.established_effect": None, "evidence": (),
        "secondary": [{"name": "Dry mouth", "scale": [0, 10], "step": 1, "better": "lower", "mcid": 1.0,
                       "baseline": 2.0, "daily_sd": 1.0, "every_days": 7}],
    }),
}  # fmt: skip
"""Diaries of which each sheet has to be set in another way."""


def on_paper(content: bytes, size: str) -> bytes:
    return content.replace(b"@page {", f"@page {{ size: {size};".encode(), 1)


def printed(content: bytes, folder: Path) -> Path:
    """A paper as a browser prints it."""
    assert CHROMIUM is not None
    (folder / "paper.html").write_bytes(content)
    subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
         f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'paper.pdf'}",
         (folder / "paper.html").as_uri()],
        check=True, capture_output=True, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    return folder / "paper.pdf"


def printed_pages(content: bytes, folder: Path) -> str:
    """What `pdfinfo` says of a paper that a browser printed."""
    told = subprocess.run(["pdfinfo", str(printed(content, folder))], check=True, capture_output=True, text=True).stdout
    found = re.search(r"Pages: +(\d+)", told)
    assert found is not None
    return found[1]


@pytest.mark.skipif(CHROMIUM is None or shutil.which("pdfinfo") is None, reason="Chromium or pdfinfo is not installed")
@pytest.mark.parametrize(("path", "pages"), [("patient/leaflet.html", "1"), ("patient/wallet-card.html", "1")])
def test_a_browser_prints_leaflet_and_card_on_one_page(path: str, pages: str, tmp_path: Path) -> None:
    for scenario in (short(), FULL["many things asked"]):
        assert printed_pages(on_paper(papers_of(scenario)[path], "letter"), tmp_path) == pages


@pytest.mark.skipif(CHROMIUM is None or shutil.which("pdfinfo") is None, reason="Chromium or pdfinfo is not installed")
@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("name", FULL)
def test_a_browser_prints_one_sheet_a_page(name: str, paper: str, tmp_path: Path) -> None:
    content = papers_of(FULL[name])["patient/diary.html"]
    assert printed_pages(on_paper(content, paper), tmp_path) == str(len(trial_of(FULL[name]).sheets))


@pytest.mark.skipif(
    CHROMIUM is None or shutil.which("pdffonts") is None, reason="Chromium or pdffonts is not installed"
)
def test_the_flagship_is_44_sheets_whatever_fonts_the_machine_has(tmp_path: Path) -> None:
    content = papers_of(shipped())["patient/diary.html"]
    assert printed_pages(on_paper(content, "letter"), tmp_path) == "44"
    told = subprocess.run(
        ["pdffonts", "-l", "3", str(tmp_path / "paper.pdf")], check=True, capture_output=True, text=True
    )
    fonts = {line.split()[0].split("+")[-1] for line in told.stdout.splitlines()[2:]}
    assert fonts == {"n1trialPaper-Regular", "n1trialPaper-Bold"}


def test_every_blinded_paper_has_a_wording() -> None:
    papers = papers_of(short())
    assert set(BLINDED) == {path for path in papers if path.endswith(".html")}


def test_secondary_outcomes_have_a_column_and_daily_ones_a_place_on_the_page() -> None:
    daily = {"name": "Hours slept", "scale": [0, 12], "step": 0.5, "better": "higher", "mcid": 1.0, "baseline": 6.0,
             "daily_sd": 1.0}  # fmt: skip
    papers = papers_of(short(secondary=[daily, {**daily, "name": "Visit total", "every_days": 49}], evidence=()))
    header = papers["patient/diary.csv"].decode().splitlines()[0].split(",")
    assert header[-2:] == ["hours_slept", "visit_total"]
    sheet = text_of(papers["patient/diary.html"])
    assert "Hours slept, 0 to 12" in sheet
    assert "Visit total, 0 to 12" not in sheet


@pytest.mark.parametrize("every_days", [3, 7, 28])
def test_a_secondary_outcome_that_is_asked_now_and_then_stands_on_its_days(every_days: int) -> None:
    mouth = {"name": "Dry mouth", "scale": [0, 10], "step": 1, "better": "lower", "mcid": 1.0, "baseline": 2.0,
             "daily_sd": 1.0, "every_days": every_days}  # fmt: skip
    scenario = short(secondary=[mouth], evidence=())
    papers, trial = papers_of(scenario), trial_of(scenario)
    days = re.findall(r'<table class="day".*?</table>', papers["patient/diary.html"].decode(), re.DOTALL)
    asked = [day for day, shown in zip(trial.layout.days.tolist(), days, strict=True) if "Dry mouth, 0 to 10" in shown]
    assert asked == [day for day in trial.layout.days.tolist() if (day + 1) % every_days == 0]
    simulated, _ = simulate(scenario, 1, 1).secondary["Dry mouth"]
    assert asked == simulated.tolist()
    assert papers["patient/diary.csv"].decode().splitlines()[0].endswith(",dry_mouth")
    assert "Dry mouth" not in text_of(papers["clinician/schedule.html"])


def test_a_line_is_written_in_the_evening_or_the_morning_after() -> None:
    morning, evening = (papers_of(short(**{"outcome.entry": entry})) for entry in ("morning", "evening"))
    assert "fill in the line of yesterday" in text_of(morning["patient/diary.html"])
    assert "In the evening, before you go to bed, fill in the line of today" in text_of(evening["patient/diary.html"])
    for name in ("diary", "leaflet", "calendar"):
        assert "On getting up" not in text_of(evening[f"patient/{name}.html"])
        assert "yesterday ." not in text_of(evening[f"patient/{name}.html"])
    (diary,) = (
        one for one in icalendar.Calendar.from_ical(evening["patient/calendar.ics"]).walk("VEVENT") if "rrule" in one
    )
    assert (diary.decoded("dtstart"), diary["summary"]) == (START, "Fill in the diary: the line of today")


def test_papers_speak_of_what_kits_hold_and_of_what_scores_are_counted_in() -> None:
    changes = {
        "pack.form": "eye drop", "outcome.unit": "minutes", "pack.units_per_dose": 2, "cautions.block": "general",
        "source.note": "", "evidence": (),
    }  # fmt: skip
    everything = " ".join(text_of(content) for content in papers_of(short(**changes)).values() if b"<body" in content)
    assert "eye drops" in everything
    assert "capsule" not in everything.lower()
    assert not re.search(r"\d points?\b", everything)
    assert "1 minute" in everything


def test_the_log_of_adverse_events_and_the_appendix_have_room_for_what_a_protocol_must_say() -> None:
    papers = papers_of(short(**{"pack.reference": "RLS-7", "pack.investigator": "Dr. Roe"}))
    log = text_of(papers["clinician/adverse-events.html"])
    for words in ("Onset", "End", "Severity", "Serious", "Related", "Outcome", "within 24 hours", "Trial RLS-7"):
        assert words in log
    protocol = text_of(papers["clinician/protocol.html"])
    for words in (
        "RLS-7; version of", "Responsible clinician (investigator) Dr. Roe", "Registration", "Sponsor", "Funding",
        "Why there is no washout", "within 24 hours of a serious adverse event", "monitoring", "Personal data",
        "Insurance", "after the trial", "published", "Amendments", "Why periods of 2 weeks",
    ):  # fmt: skip
        assert words in protocol, words


def test_heads_of_columns_of_the_visits_are_letters() -> None:
    total = {"name": "daytime_fatigue_in_general", "scale": [0, 10], "step": 1, "better": "lower", "mcid": 1.0,
             "baseline": 2.0, "daily_sd": 1.0, "every_days": 49}  # fmt: skip
    html = papers_of(short(secondary=[total, total | {"name": "Müdigkeit"}], evidence=()))["clinician/schedule.html"]
    heads = re.findall(r"<th>(.*?)</th>", html.decode())
    assert heads[6:9] == ["A", "B", "Initials"]
    assert "A daytime_fatigue_in_general; B Müdigkeit ." in text_of(html).replace("Müdigkeit.", "Müdigkeit .")


def test_the_protocol_of_an_own_treatment_has_nothing_of_the_example() -> None:
    own = {"treatment.name": "Melatonin", "outcome.name": "Minutes awake", "secondary": None, "title": "Mine"}
    text = text_of(papers_of(short(**own))["clinician/protocol.html"])
    assert "No source is named. The numbers started from a scenario on Vitamin B12, Leg complaints" in text
    assert text.count("B12") == 1
    assert not [word for word in ("Silva", "IRLS", "web article", "cyanocobalamin") if word in text]
    assert "0 of 26 rest on published numbers" in text
    assert "yours, no source given" in text
    sourced = text_of(papers_of(short(**own, **{"source.citation": "Our own pilot"}))["clinician/protocol.html"])
    assert "Our own pilot." in sourced


def test_the_protocol_calls_a_changed_value_yours() -> None:
    text = text_of(papers_of(short(**{"patient.baseline": 7.5}))["clinician/protocol.html"])
    assert "(patient.baseline) 7.5 yours, no source given" in text
    assert "untreated IRLS" not in text
    assert "4 of 27 rest on published numbers" in text
