from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Status
from n1trial.diary.file.read import read_diary
from n1trial.diary.methods import METHODS, methods_for
from n1trial.scenario.file.load import load_scenario
from n1trial.wording import join_words
from tests.cli.files import SMALL, call

CASES = Path(__file__).parents[1] / "cases" / "diaries"
ORACLE = Path(__file__).parents[1] / "verification" / "data" / "ar1" / "diaries" / "d01.csv"
ALL_DAYS = ("--discard-days", "0", "--minimum-days", "1")
FIGURES = {
    "estimate", "standard_error", "df", "ci_low", "ci_high", "p_value", "p_benefit", "p_worthwhile", "status", "n",
}  # fmt: skip


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A diary kept as planned in the small scenario."""
    folder = tmp_path_factory.mktemp("traced")
    (folder / "small.toml").write_text(SMALL, encoding="utf-8")
    assert call("trace", str(folder / "small.toml"), "--out", str(folder / "trace")).exit_code == 0
    return (folder / "trace" / "diary.csv").read_text(encoding="utf-8")


@pytest.fixture
def kept(traced: str, here: Path) -> str:
    """A diary kept as planned in the small scenario, with another outcome beside it."""
    header, *rows = traced.splitlines()
    (here / "kept.csv").write_text("\n".join([f"{header},steps", *(f"{row},900" for row in rows)]), encoding="utf-8")
    return "kept.csv"


def test_with_a_plan_the_primary_method_comes_first_and_decides(small: str, kept: str) -> None:
    result = call("analyze", kept, "--plan", small, "--method", "ols")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert all(len(line) <= 100 for line in lines)
    assert lines[0].startswith("Diary           ")
    assert "Note            Columns that are not used: steps." in lines
    assert any(line.startswith("Primary         paired. On Drug the score was ") for line in lines)
    assert any(
        line.startswith(
            "Decision        By the plan's rule (continue Drug if an effect in its favor is shown) it would "
        )
        for line in lines
    )
    table = [line.split() for line in lines if line.startswith(("paired  ", "ols  "))]
    assert [row[:2] for row in table][:2] == [["paired", "primary"], ["ols", "comparison"]]


def test_json_is_the_figures_alone_and_they_are_those_of_python(small: str, kept: str) -> None:
    result = call("analyze", kept, "--plan", small, "--json")
    assert (result.exit_code, result.stderr) == (0, "Columns that are not used: steps.\n")
    told = json.loads(result.stdout)
    assert set(told) == {"methods"}
    scenario = load_scenario(small)
    assert list(told["methods"]) == list(dict.fromkeys((scenario.analysis.primary, *scenario.analysis.methods)))
    assert set(told["methods"]["paired"]) == FIGURES
    diary = read_diary(kept, scenario.plan())
    for method, figures in told["methods"].items():
        found = analyze(diary, method)
        assert figures["estimate"] == found.estimate[0]
        assert figures["p_value"] == found.p_value[0]
        assert (figures["status"], figures["n"]) == ("ok", found.n[0])


def test_further_outcomes_of_the_plan_are_described_by_its_primary_method(small: str, kept: str, here: Path) -> None:
    outcome = '[[secondary]]\nname = "Steps"\nscale = [0, 2000]\nbetter = "higher"\nmcid = 100\n'
    planned = here / "steps.toml"
    planned.write_text(f"{Path(small).read_text()}{outcome}baseline = 900\ndaily_sd = 50\n", encoding="utf-8")
    told = json.loads(call("analyze", kept, "--plan", str(planned), "--json").stdout)
    (found,) = told["secondary"]
    assert (found["name"], found["mean_drug"], found["mean_control"]) == ("Steps", 900.0, 900.0)
    assert (found["method"], found["status"], found["difference"]) == ("paired", "no_variation", None)
    rows = (here / kept).read_text(encoding="utf-8").splitlines()
    rows[1:] = [f"{row.removesuffix('900')}{900 + number * number % 11}" for number, row in enumerate(rows[1:])]
    (here / kept).write_text("\n".join(rows), encoding="utf-8")
    (found,) = json.loads(call("analyze", kept, "--plan", str(planned), "--json").stdout)["secondary"]
    assert found["low"] < found["difference"] < found["high"]
    said = " ".join(call("analyze", kept, "--plan", str(planned)).stdout.split())
    assert "The further outcome is described and not tested: nothing is decided by it. Steps (higher is better)" in said
    assert f"difference by paired {found['difference']:+.2f}, interval {found['low']:+.2f} to" in said
    rows[3] = f"{rows[3]}9"
    (here / kept).write_text("\n".join(rows), encoding="utf-8")
    assert "steps: must be from 0 to 2000" in call("analyze", kept, "--plan", str(planned)).stderr


def test_without_a_plan_all_comparisons_are_made_and_none_decides() -> None:
    result = call("analyze", str(ORACLE), *ALL_DAYS)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "No plan         Nothing says which of these analyses was fixed in advance" in result.stdout
    assert "Primary" not in result.stdout
    told = json.loads(call("analyze", str(ORACLE), *ALL_DAYS, "--json").stdout)
    assert list(told["methods"]) == list(methods_for("crossover"))
    # lm(score ~ treatment) of R
    assert told["methods"]["ols"]["estimate"] == pytest.approx(-1.25883571429, abs=1e-10)


def test_a_diary_on_the_drug_alone_is_held_against_its_run_in(here: Path) -> None:
    rows = ["-2,,,,7", "-1,,,,6", "0,1,1,1,5", "1,1,1,1,4"]
    (here / "open.csv").write_text("\n".join(["day,period,cycle,treatment,score", *rows]), encoding="utf-8")
    result = call("analyze", "open.csv", *ALL_DAYS)
    assert result.exit_code == 0
    assert "On the drug the score was 2 points lower than in the run-in, from whatever cause." in " ".join(
        result.stdout.split()
    )
    assert list(json.loads(call("analyze", "open.csv", *ALL_DAYS, "--json").stdout)["methods"]) == ["before_after"]


def test_options_take_the_place_of_the_plan_and_that_is_said(small: str, kept: str) -> None:
    args = ("--plan", small, "--method", "ols", "--terms", "trend, cycle", "--discard-days", "1", "--df", "residual")
    result = call("analyze", kept, *args)
    assert result.exit_code == 0
    lines = [line for line in result.stdout.splitlines() if line.startswith("Not as planned")]
    assert lines == [
        "Not as planned  terms is trend, cycle, and was planned to be none.",
        "Not as planned  df is residual, and was planned to be satterthwaite.",
        "Not as planned  discard_days is 1, and was planned to be 0.",
    ]
    told = json.loads(call("analyze", kept, *args, "--json").stdout)["methods"]["ols"]
    expected = analyze(read_diary(kept, load_scenario(small).plan()), "ols", terms=("trend", "cycle"), discard_days=1)
    assert (told["estimate"], told["df"]) == (expected.estimate[0], expected.df[0])


def test_set_changes_the_plan(small: str, kept: str) -> None:
    args = ("analyze", kept, "--plan", small, "--set", "analysis.sides=1", "--set", "analysis.alpha=0.1", "--json")
    told = json.loads(call(*args).stdout)["methods"]["paired"]
    expected = analyze(read_diary(kept, load_scenario(small).plan()), sides=1, alpha=0.1)
    assert told["p_value"] == expected.p_value[0]
    assert told["ci_low"] == expected.ci_low[0]


def test_what_does_not_exist_is_null_and_what_a_method_adds_is_there(small: str, kept: str) -> None:
    args = ("--method", "ar1", "--method", "randomization", "--method", "paired")
    result = call("analyze", kept, *args, *ALL_DAYS, "--json")
    assert "NaN" not in result.stdout
    assert "Infinity" not in result.stdout
    told = json.loads(result.stdout)["methods"]
    assert set(told["ar1"]) == FIGURES | {"autocorrelation", "sigma", "log_likelihood"}
    assert told["randomization"] == dict.fromkeys(FIGURES) | {"status": "not_randomized", "n": 0}
    words = " ".join(call("analyze", kept, *args, *ALL_DAYS).stdout.split())
    assert f"Not randomized: {Status.NOT_RANDOMIZED.advice}" in words
    with_plan = json.loads(call("analyze", kept, "--plan", small, "--method", "randomization", "--json").stdout)
    assert with_plan["methods"]["randomization"]["status"] == "ok"


def test_too_few_entries_give_advice_and_no_figures(kept: str) -> None:
    result = call("analyze", kept)
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    assert f"paired No answer. {Status.TOO_FEW_CYCLES.advice}" in told
    assert json.loads(call("analyze", kept, "--json").stdout)["methods"]["paired"]["estimate"] is None


def test_all_faults_of_a_file_at_once_with_those_of_the_methods(here: Path) -> None:
    (here / "bad.csv").write_bytes((CASES / "invalid" / "points-and-commas.csv").read_bytes())
    result = call("analyze", "bad.csv", "--method", "pared")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"--method: 'pared' does not exist (did you mean paired?); there are {', '.join(METHODS)}",
        'bad.csv: line 3: score: "4,5" has a decimal comma, and line 2 a decimal point',
    ]


def test_the_scale_of_the_plan_holds(small: str, here: Path) -> None:
    (here / "bad.csv").write_text("day,period,cycle,treatment,score\n0,1,1,Drug,11\n", encoding="utf-8")
    result = call("analyze", "bad.csv", "--plan", small)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "bad.csv: line 2: score: must be from 0 to 10, and is 11\n"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["none.csv"], "none.csv: no such file"),
        (["--terms", "trend,circle"], "'trend,circle' is not made of trend and cycle"),
        (["--minimum-days", "0"], "--minimum-days 0: must be a whole number, 1 or more"),
        (["--discard-days", "-1"], "--discard-days -1: must be a whole number, 0 or more"),
        (["--df", "5"], "'5' is not one of 'satterthwaite', 'residual'"),
        (["--set", "analysis.alpha=0.1"], "--set changes keys of a scenario, and needs --plan"),
        (["--plan", "b12-8-weeks"], "did you mean b12-8-week?"),
        (["--plan", "minimal", "--set", "design.cycles=0"], "--set design.cycles=0: must be a whole number"),
    ],
)
def test_faults_of_the_command_line(args: list[str], told: str) -> None:
    diary = [] if args[0].endswith(".csv") else [str(ORACLE)]
    result = call("analyze", *diary, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_simulated_effect_comes_back(here: Path) -> None:
    """A diary of a large effect, its plan with names of its own: the answer says so in words."""
    text = SMALL.replace("effect = -1.0", "effect = -4.0").replace("cycles = 2", "cycles = 5")
    (here / "large.toml").write_text(text, encoding="utf-8")
    assert call("trace", "large.toml", "--out", "trace").exit_code == 0
    told = " ".join(call("analyze", "trace/diary.csv", "--plan", "large.toml").stdout.split())
    assert "points lower than on Placebo." in told
    assert "A difference is shown (p = " in told
    assert "it would be continued." in told
    figures = json.loads(call("analyze", "trace/diary.csv", "--plan", "large.toml", "--json").stdout)["methods"][
        "paired"
    ]
    assert np.sign(figures["ci_high"]) == -1


def test_a_planned_trigger_is_adjusted_for_and_its_column_must_be_there(small: str, here: Path) -> None:
    planned = here / "coffee.toml"
    trigger = '[[trigger]]\nname = "Coffee"\ndays_per_week = 3\neffect = 2\ntreatment_can_move = false\n'
    text = Path(small).read_text().replace("[analysis]\n", '[analysis]\nadjust = ["Coffee"]\nprimary = "ols"\n')
    planned.write_text(f"{text}{trigger}", encoding="utf-8")
    assert call("trace", str(planned), "--out", "trace").exit_code == 0
    told = json.loads(call("analyze", "trace/diary.csv", "--plan", str(planned), "--json").stdout)["methods"]
    scenario = load_scenario(str(planned))
    diary = read_diary("trace/diary.csv", scenario.plan())
    assert set(np.unique(diary.columns["coffee"][~np.isnan(diary.columns["coffee"])])) == {0.0, 1.0}
    assert told["ols"]["estimate"] == analyze(diary, "ols").estimate[0]
    assert told["ols"]["estimate"] != analyze(diary, "ols", adjust=()).estimate[0]
    assert told["paired"]["estimate"] == analyze(diary, "paired", adjust=()).estimate[0]
    said = " ".join(call("analyze", "trace/diary.csv", "--plan", str(planned)).stdout.split())
    adjusting = [name for name in told if "adjust" in METHODS[name].settings and told[name]["status"] == "ok"]
    assert {"ols", "mixed", "ar1"} <= set(adjusting)
    words = f"Adjusted for coffee, as planned: {join_words(adjusting)}. An empty box counts as an average day."
    assert words in said
    rows = (here / "trace" / "diary.csv").read_text(encoding="utf-8")
    (here / "without.csv").write_text(rows.replace("coffee", "tea"), encoding="utf-8")
    assert "has no column coffee" in call("analyze", "without.csv", "--plan", str(planned)).stderr
    assert call("calibrate", "without.csv", "--from", str(planned), "--out", "own.toml").exit_code == 0
