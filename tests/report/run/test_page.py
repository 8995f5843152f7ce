from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import n1trial
from n1trial.evaluation.characteristics import Figure
from n1trial.report import rates, verdict
from n1trial.report.plot.calendar import stretches
from n1trial.report.plot.diary import as_svg
from n1trial.report.plot.rates import RateRow, draw_rates
from n1trial.report.rates import in_100
from n1trial.report.run.page import PAGE, page
from n1trial.report.run.terminal.full import answer
from n1trial.report.run.tiles import dots_path, tiles
from n1trial.report.run.what_if import what_if
from n1trial.report.verdict import HEADLINES
from n1trial.scenario.check.cautions import cautions
from n1trial.scenario.check.evidence import beliefs
from n1trial.scenario.file.library import shipped_scenarios
from n1trial.scenario.file.write import write_resolved
from tests.report.pages import Read, fresh, read, result_of

NAMES = [scenario.name for scenario in shipped_scenarios()]
OPEN_LABEL = "b12-6-month-open-label"
UNUSUAL: dict[str, dict[str, Any]] = {
    "one trial": {"replicates": 1},
    "one trial without a control": {"name": OPEN_LABEL, "replicates": 1},
    "stress": {"under_stress": True},
    "nobody can analyze": {"design__cycles": 1},
    "a probability decides": {"decision__rule": "probability", "analysis__primary": "bayes"},
    "a harm is planned": {"treatment__effect": 1.0},
    "nothing is planned": {"treatment__effect": 0.0},
    "higher is better": {"outcome__better": "higher", "treatment__effect": 0.5},
    "a prior": {"treatment__effect_sd": 0.5, "treatment__responders": 0.5},
    "one side": {"analysis__sides": 1},
    "washouts": {"design__washout_days": 7, "design__run_in_days": 0},
    "everybody leaves": {"conduct__dropout_per_week": 5.0},
    "nothing holds it back": {
        "treatment__onset_days": 0.0, "treatment__offset_days": 0.0, "conduct__missing": 0.0,
        "conduct__adherence": 1.0, "conduct__dropout_per_week": 0.0,
    },
}  # fmt: skip


SHORT = {"design__period_days": 28, "design__run_in_days": 7}
"""As whole as a long trial is, and sooner made."""


def arguments(case: str) -> dict[str, Any]:
    return UNUSUAL[case] if "name" in UNUSUAL[case] else {"name": "minimal"} | SHORT | UNUSUAL[case]


def unusual(case: str) -> Read:
    return read(**arguments(case))


def checked(seen: Read) -> None:
    """What holds for every page."""
    assert seen.open == []
    assert len(seen.ids) == len(set(seen.ids))
    assert set(" ".join(seen.names).split()) <= set(seen.ids)
    assert {asked[1:] for asked in seen.asked} <= set(seen.ids)
    assert all(asked.startswith("#") for asked in seen.asked)
    assert not re.search(r"<script|@import|url\((?!#)|<iframe|<object|<link", seen.source)
    assert seen.headings[0] == 1
    assert seen.headings.count(1) == 1
    assert all(deeper - before <= 1 for before, deeper in zip(seen.headings, seen.headings[1:], strict=False))
    assert not re.search(r"\bNone\b|\b(nan|NaN)\b|\binf\b|Undefined|\{\{|\bat 0x|\bbuilt-in\b", seen.text)
    assert not re.search(r"\d\.\d{4,}", seen.text.partition("The whole scenario, every value explicit")[0])
    assert [table.caption for table in seen.tables.values() if not table.rows[1:]] == []
    assert [
        row for table in seen.tables.values() for row in table.rows if not all(cell.strip() for cell in row[1:])
    ] == []
    assert seen.source.count("<svg") == seen.source.count("</svg>") == seen.source.count('role="img"')
    pictures = seen.source.count("<figure>")
    assert seen.source.count("</title><desc id=") == pictures >= 4


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scenario_has_a_whole_page(name: str) -> None:
    seen, result = read(name), result_of(name)
    checked(seen)
    assert HEADLINES[result.verdict.answer] in seen.text
    for sentence in (*what_if(result), verdict.reason(result.verdict), *verdict.warnings(result.verdict)):
        assert " ".join(sentence.split()) in seen.text
    for text in (*cautions(result.scenario.cautions.block).text, *result.scenario.cautions.own):
        assert " ".join(text.split()) in seen.text
    source = result.scenario.source
    for text in (source.citation, source.reported, source.note, result.scenario.title):
        assert " ".join(text.split()) in seen.text
    assert write_resolved(result.scenario).splitlines()[0] in seen.source.replace("&#34;", '"')


@pytest.mark.parametrize("case", UNUSUAL)
def test_what_is_unusual_has_a_whole_page_too(case: str) -> None:
    checked(unusual(case))


def test_a_plan_that_can_never_show_an_effect_is_headed_by_that() -> None:
    seen = unusual("nobody can analyze")
    assert "This plan can never show an effect One round gives a single difference" in " ".join(seen.text.split())
    assert HEADLINES["unlikely"] not in seen.text


def test_the_layout_beside_the_title_is_that_of_the_plan() -> None:
    seen = " ".join(read("b12-8-week", 5, design__cycles=6, analysis__methods=()).text.split())
    head = seen[seen.index("Could this trial in one patient") : seen.index("On this page")]
    assert "after an 8-week study Vitamin B12 1000 mcg or Placebo, 6 rounds, periods of 8 weeks" in head
    assert "3 rounds" not in head


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("b12")])
def test_a_reader_on_b12_learns_first_that_the_effect_is_an_assumption(name: str) -> None:
    before = read(name).text.partition("On this page")[0]
    assert "Reported by others, not verified" in before
    assert "The effect planned for (−1 point) is an assumption" in before
    assert "If it did nothing" in before


@pytest.mark.parametrize("name", NAMES)
def test_tables_hold_the_figures_of_the_document(name: str) -> None:
    seen, told = read(name), json.loads(result_of(name).to_json())

    def of_100(figure: dict[str, float]) -> str:
        return in_100(figure["value"]).removesuffix(" of 100")

    curve = [row for row in told["curve"] if row["benefit"] != 0]
    rows = [row for row in seen.table("Of 100 simulated trials with each effect") if row[0] != "none"]
    assert [row[1] for row in rows] == [of_100(row["detect_right"]) for row in curve]
    assert [row[3] for row in rows] == [of_100(row["adopt"]) for row in curve]
    by_method = {row[0].removesuffix(", fixed in advance"): row for row in seen.table("Of 100 simulated trials, with")}
    assert set(by_method) == set(told["methods"])
    for method, truths in told["methods"].items():
        shown, alarms, without = by_method[method][1:]
        assert shown.split(" (")[0] == of_100(truths["mcid"]["detect"])
        assert alarms.split(" (")[0] == of_100(truths["null"]["detect"])
        assert without == of_100(truths["mcid"]["not_estimable"])
        assert (method == told["primary"]) == (f"{method}, fixed in advance" in seen.text)
    if told["relief"]:
        rows = seen.table("Of 100 simulated trials; as it is planned")
        assert sorted(row[1] for row in rows) == sorted(of_100(figure) for figure in told["relief_detect"].values())
        assert len(rows) == len(told["relief"])
    if len(told["sensitivity"]) > 1:
        rows = seen.table("If the truth is one of these")
        assert [row[1] for row in rows] == [of_100({"value": row["detect"]}) for row in told["sensitivity"]]
        assert [row[-1] for row in rows] == [f"{round(100 * row['attenuation'])}%" for row in told["sensitivity"]]


def test_both_answers_stand_beside_each_other_with_as_many_dots() -> None:
    result = result_of("b12-6-to-8-week")
    works, nothing = tiles(result)
    primary = result.figures[result.primary]
    assert works.figure == primary["mcid"]["detect_right"]
    assert nothing.figure == primary["null"]["adopt"]
    text = read("b12-6-to-8-week").text
    for tile in (works, nothing):
        assert f"If it {tile.condition} {rates.count(tile.figure)} of 100 trials {tile.words}" in text
    assert dots_path(8, 11) == "M85 5h0M95 5h0M5 15h0"


def test_a_probability_that_decides_is_said_so() -> None:
    text = unusual("a probability decides").text
    assert "trials continue the drug " in text
    assert "continue it all the same" in text
    assert "“Shown” means here that the drug is continued." in text
    assert "Trials after which the drug is continued count, as the plan’s rule has it." in text


@pytest.mark.parametrize(
    ("case", "metric", "says"),
    [
        ("one side", "detect", "gives a false alarm"),
        ("a probability decides", "adopt", "continues the drug all the same"),
    ],
)
def test_bars_of_hardships_count_what_the_rule_counts_and_false_alarms_stand_beside(
    case: str, metric: str, says: str
) -> None:
    seen, result = unusual(case), result_of(**arguments(case))
    primary = result.figures[result.primary]
    planned = f"as it is planned: {rates.count(primary['mcid'][metric])}"
    assert f"Of 100 simulated trials; {planned}" in seen.text
    alarms = in_100(primary["null"][metric].value)
    assert f"Without an effect the plan as it is {says} in {alarms} trials; how often it would" in seen.text
    assert ("whatever the plan’s rule would do" in seen.text) == (metric == "adopt")


def test_what_is_assumed_is_listed() -> None:
    result, seen = result_of("b12-6-to-8-week"), read("b12-6-to-8-week")
    known = beliefs(result.scenario)
    assert len(seen.table("Numbers that describe drug, patient and conduct")) == len(known)
    assert f"Of {len(known)}: " in seen.text
    rows = seen.table("Values that were not given")
    assert len(rows) == len(result.assumed)
    for key in (*known, *result.assumed):
        assert f'<span class="key">{key}</span>' in seen.source
    assert f"leaves {len(result.assumed)} values out" in seen.text


def test_what_is_not_known_is_told_at_both_ends() -> None:
    name, key = "minimal", "patient.autocorrelation"
    result = fresh(name, 60, {"unsettled": [{"key": key, "range": [0.0, 0.7]}]})
    seen = Read.of(page(result))
    checked(seen)
    (row,) = result.unsettled
    rows = seen.table("If the truth is one of these")[1:]
    assert [cells[1] for cells in rows] == [rates.count(row.low[1]), rates.count(row.high[1])]
    assert seen.source.count(f'<span class="key">{key}</span>') >= 2


def test_stress_is_told_by_departure_and_method() -> None:
    result = result_of(**arguments("stress"))
    rows = unusual("stress").table("False alarms / worthwhile effects shown")
    assert [row[0] for row in rows] == list(dict.fromkeys(row.departure for row in result.stress))
    first = {row.method: row for row in result.stress if row.departure == rows[0][0]}
    assert rows[0][1:] == [f"{rates.count(row.type_1)} / {rates.count(row.detect)}" for row in first.values()]
    assert "n1trial run scenario.toml --stress" in unusual("stress").text


def test_further_outcomes_are_described_with_what_they_say_of_a_drug_that_does_nothing() -> None:
    result, seen = result_of(OPEN_LABEL, 60), read(OPEN_LABEL, 60)
    checked(seen)
    assert result.secondary is not None
    rows = seen.table("Further outcomes by the planned analysis: drug minus run-in")
    described = [
        [name, *map(rates.with_error, (each.estimate, each.half_width)),
         *(f"{rates.count(one)} ({rates.interval(one)})" for one in (each.coverage, each.detect, each.not_estimable))]
        for name, truths in result.secondary.outcomes.items() for each in truths.values()
    ]  # fmt: skip
    assert [row[0] for row in rows][::2] == ["IRLS total", "Sleep duration", "Sleep efficiency", "Sleep quality"]
    assert rows == described
    by_chance = in_100(result.secondary.any_detect["null"].value)
    words = f"the interval of at least one of them would exclude no difference in {by_chance} trials."
    assert words in " ".join(answer(result).split())
    assert words in seen.text
    assert "No interval is adjusted for there being several outcomes." in seen.text
    assert "Further outcomes" not in unusual("stress").text


def test_an_error_too_small_to_write_is_said_to_be() -> None:
    assert rates.with_error(Figure(-0.631, 0.016)) == "\N{MINUS SIGN}0.63 ± 0.02"
    assert rates.with_error(Figure(0.63, 0.0039)) == "0.63 ± less than 0.01"
    assert rates.with_error(Figure()) == "not known"


def test_what_was_thought_about_is_told() -> None:
    asked = [{"question": "Is it worth it?", "answer": "<b>yes</b>"}]
    seen = Read.of(page(fresh("minimal", 5, {"considered": asked})))
    assert "Thought about before planning Is it worth it? <b>yes</b>" in seen.text
    assert "Thought about" not in read("minimal").text


def test_the_wrong_contrast_is_called_so() -> None:
    assert "which they are not: the wrong contrast, for comparison only" in read("minimal").text


def test_too_few_trials_are_said_to_be() -> None:
    assert "Too few to go by: only 1 trial was simulated." in unusual("one trial").text


HOSTILE = "<script>alert(1)</script>\"'&{{ 7 * 911 }}{% x %} $x_1$ --> \\"


def test_no_text_of_a_scenario_becomes_markup() -> None:
    texts = (
        "title", "treatment.name", "treatment.dose", "control.name", "outcome.name", "outcome.question",
        "source.citation", "source.note",
    )  # fmt: skip
    tables: dict[str, object] = {
        "theory": [{"name": HOSTILE, "onset_days": 3.0, "offset_days": 4.0}],
        "evidence": [{"key": "patient.daily_sd", "note": HOSTILE}],
        "cautions.own": [HOSTILE],
    }
    result = fresh("b12-6-to-8-week", 5, dict.fromkeys(texts, HOSTILE) | {"control.name": f"not {HOSTILE}"} | tables)
    seen = Read.of(page(result))
    assert seen.open == []
    assert "<script" not in seen.source
    assert "6377" not in seen.text
    assert seen.text.count(HOSTILE) > len(texts)
    assert all(asked.startswith("#") for asked in seen.asked)


def test_margins_are_of_100_and_never_none() -> None:
    assert rates.about(Figure(0.1634, 0.0037)) == "16 of 100, give or take 1"
    assert rates.interval(Figure(0.1634, 0.0037)) == "15 to 17"
    assert rates.interval(Figure(0.0, 0.02)) == "0 to 4"
    assert rates.interval(Figure(1.0, 0.5)) == "0 to 100"
    assert rates.count(Figure(0.001, 0.001)) == "fewer than 1"
    assert rates.about(Figure()) == rates.count(Figure()) == rates.interval(Figure()) == rates.UNKNOWN


@pytest.mark.parametrize("name", NAMES)
def test_the_calendar_is_without_a_gap_and_without_an_order(name: str) -> None:
    layout = n1trial.load_scenario(name).layout()
    parts = list(stretches(layout))
    assert [part.first_day for part in parts[1:]] == [part.after_day for part in parts[:-1]]
    assert (parts[0].first_day, parts[-1].after_day) == (-layout.run_in_days, layout.treated_days)
    windows = [part for part in parts if part.kind == "change_over"]
    jitter = 0 if layout.randomization is None else layout.randomization.jitter_days
    assert {part.after_day - part.first_day for part in windows} <= {2 * jitter}
    assert len(windows) == (layout.cycles if jitter else 0)


def test_pictures_of_one_page_share_no_names_and_say_what_they_show() -> None:
    rows = [
        RateRow("one & two", Figure(0.2, 0.01), Figure(0.05, 0.01), is_first=True),
        RateRow("three", Figure(0.4, 0.02)),
    ]
    words = {"of_100": "of 100", "shown": "shown", "alarms": "alarms"}
    figure = draw_rates(rows, words, {0.05: "alpha"})
    one, other = (as_svg(figure, name, "A <title>", "What & how") for name in ("one", "other"))
    names = [set(re.findall(r' id="([^"]*)"', svg)) for svg in (one, other)]
    assert not names[0] & names[1]
    for svg, name in ((one, "one"), (other, "other")):
        used = set(re.findall(r'(?:href="#|url\(#)([^")]*)', svg))
        assert used
        assert used <= set(re.findall(r' id="([^"]*)"', svg))
        assert f'<title id="{name}-title">A &lt;title&gt;</title>' in svg
        assert "<style" not in svg
    assert ">one &amp; two</text>" in one
    assert as_svg(figure, "one", "A <title>", "What & how") == one


def test_a_page_is_the_same_each_time(tmp_path: Path) -> None:
    saved = (result_of("minimal").save(tmp_path / "a") / PAGE).read_text(encoding="utf-8")
    assert saved == read("minimal").source
