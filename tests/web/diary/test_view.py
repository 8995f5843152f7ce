from __future__ import annotations

import html
import re
from dataclasses import replace

import numpy as np
import pytest

import n1trial
from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Status
from n1trial.report.diary.calibration import NumberRow, PatientSummary, calibration_in_words, patient_of
from n1trial.report.diary.parts import AnalysisRow, Conclusions
from n1trial.report.diary.terminal import conclusions
from n1trial.report.diary.words import conclude
from n1trial.study.calibration.calibrate import Calibration
from n1trial.study.calibration.finding import as_range, as_stated, doubt, from_diary
from n1trial.web.diary.view import conclusions_view, patient_view
from tests.report.diary.test_terminal import NAMES, diary_of

BASE = n1trial.load_scenario("minimal")
METHODS = ("paired", "exposure", "bayes", "randomization", "ols")
FOUND = Calibration(
    BASE,
    (
        from_diary("patient.daily_sd", (1.7, 1.3, 1.9), ""),
        doubt("placebo.response_sd", 0.6, "How far it is usually off."),
        as_range("patient.autocorrelation", (0.4, 0.1, 0.7), 0.3, ""),
        as_stated("patient.diary_sd", 0.0, "", (0.5, 0.0, 0.9)),
        as_stated("patient.trend_per_week", 0.02, ""),
    ),
    26,
    28,
    "finished",
    ("Mind <this>.", "And this: that is what the analysis is for."),
)


def text_of(page: object) -> str:
    """What a reader of the page sees."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"\s*<wbr/>\s*", "", str(page)))).split())


def words_of(text: str) -> set[str]:
    """Words and figures, however they are laid out."""
    return set(re.findall(r"[^\s\[\],;:()]+", text.lower()))


def cells_of(page: object) -> list[list[str]]:
    """Cells of each row of the table."""
    rows = re.findall(r"<tr>(.*?)</tr>", str(page), re.DOTALL)
    return [[text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


def analyze_diary(*differences: float, has_plan: bool = True, **plan: object) -> tuple[Conclusions, str]:
    """What is said of a diary whose rounds differ by so much, and the lines of the terminal."""
    diary = replace(diary_of(*differences, **plan), notes=("A note.",))
    found = {method: analyze(diary, method) for method in METHODS}
    changed = ("df is 3, and was planned to be 2.",)
    return (
        conclude(diary, found, NAMES, has_plan=has_plan, changes=changed),
        conclusions(diary, found, NAMES, has_plan=has_plan, changes=changed),
    )


def test_a_patient_stands_beside_the_plan() -> None:
    shown = patient_view(patient_of(FOUND), BASE)
    planned = f"{BASE.value('patient.daily_sd'):g}"
    assert cells_of(shown) == [
        ["What it is", "As planned", "This patient"],
        ["Told by the diary (in brackets: 9 in 10 sure)"],
        ["How much the score swings from day to day patient.daily_sd", planned, "1.7 [1.3, 1.9]"],
        ["Doubt about what it tells: put in to plan with, and no estimate"],
        ["How far it is usually off. placebo.response_sd", f"{BASE.value('placebo.response_sd'):g}", "0.6"],
        ["Not known: a run tells the answer at both ends"],
        [
            "How alike one day and the next are; 0.3 is planned with patient.autocorrelation",
            f"{BASE.value('patient.autocorrelation'):g}", "0.1 to 0.7",
        ],
        ["Not told apart, and kept as it was"],
        ["Inexact entries patient.diary_sd", f"{BASE.value('patient.diary_sd'):g}", "0 [0, 0.9]"],
        ["Steady change patient.trend_per_week", f"{BASE.value('patient.trend_per_week'):g}", "0.02"],
    ]  # fmt: skip
    assert "<caption>26 entries on 28 days: a diary of a trial, with its treatments</caption>" in str(shown)
    assert str(shown).count('scope="rowgroup"') == 4
    assert "<li>Mind &lt;this&gt;.</li>" in str(shown)
    assert "<li>And this: that is what the analysis is for.</li>" in str(shown)


def test_all_that_the_terminal_tells_of_a_patient_is_on_the_page() -> None:
    lines = " ".join(calibration_in_words(FOUND).split())
    assert words_of(lines) - {"-"} <= words_of(text_of(patient_view(patient_of(FOUND), BASE)))


def test_a_group_or_a_list_without_anything_in_it_has_no_title() -> None:
    number = NumberRow("patient.daily_sd", "1.4", "", "ups and downs")
    shown = text_of(patient_view(PatientSummary("A run-in", (("Told", (number,)),), ()), BASE))
    assert "Told" in shown
    assert "Mind" not in shown
    assert patient_of(replace(FOUND, findings=FOUND.findings[:1])).groups[1:] == ()


def test_a_conclusion_comes_before_its_figures() -> None:
    said, _ = analyze_diary(-1.0, -1.25, -0.75, -1.0, assumed_onset_days=7.0)
    shown = text_of(conclusions_view(said))
    assert shown.startswith(
        "A difference is shown (p = 0.002). On Vitamin B12 the score was 1 point lower than on Placebo. The diary is"
        " compatible with anything from 1.3 points lower to 0.68 points lower (95% interval). All that the"
        " interval holds is worthwhile (1 point or more, of which these periods can see 0.13 points). Primary paired."
    )
    assert "Not as planned df is 3, and was planned to be 2." in shown
    heads, *rows = cells_of(conclusions_view(said))
    assert heads == ["Analysis", "Difference", "95% interval", "p", "Entries"]
    assert rows[0] == ["paired primary", "-1.00", "-1.32 to -0.68", "0.002", "8"]
    assert [row[0] for row in rows[1:3]] == ["exposure sensitivity", "onset x 0.5, offset x 0.5"]
    assert rows[-1][0] == "ols comparison"
    assert "The line under an interval is drawn from end to end of it; the upright stroke is no difference." in shown


@pytest.mark.parametrize("has_plan", [True, False])
@pytest.mark.parametrize("differences", [(-1.0, -1.25, -0.75, -1.0), (1.0, -2.0, 0.5), (-1.0,)])
def test_all_that_the_terminal_concludes_is_on_the_page(has_plan: bool, differences: tuple[float, ...]) -> None:
    said, lines = analyze_diary(*differences, has_plan=has_plan)
    assert words_of(lines) <= words_of(text_of(conclusions_view(said)))


def test_no_answer_is_told_first_and_has_no_figures() -> None:
    said, _ = analyze_diary(-1.0)
    shown = conclusions_view(said)
    assert text_of(shown).startswith(f"No answer. {Status.TOO_FEW_CYCLES.advice} Primary paired.")
    assert cells_of(shown)[1] == ["paired primary", "too few cycles", "", "", ""]
    assert str(shown).count('class="interval"') == sum(not row.gap for row in said.rows)


def test_intervals_are_lines_on_one_scale() -> None:
    said, _ = analyze_diary(-1.0, -1.25, -0.75)
    rows = (
        AnalysisRow("paired", is_variant=False, role="primary", ends=(-3.0, -1.0, 1.0)),
        AnalysisRow("bayes", is_variant=False, role="", ends=(-np.inf, -2.0, np.inf)),
    )
    lines = re.findall(r'class="(none|line|dot)" style="([^"]*)"', str(conclusions_view(replace(said, rows=rows))))
    assert lines == [
        ("none", "left: 75.0%"), ("line", "left: 0.0%; width: 100.0%"), ("dot", "left: 50.0%"),
        ("none", "left: 75.0%"), ("line", "left: 0.0%; width: 100.0%"), ("dot", "left: 25.0%"),
    ]  # fmt: skip
    same = replace(said, rows=(replace(rows[0], ends=(0.0, 0.0, 0.0)),))
    assert "left: 0.0%; width: 0.0%" in str(conclusions_view(same))
