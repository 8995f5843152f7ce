"""What a search says on the terminal, and draws."""

from __future__ import annotations

import csv
import itertools
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from n1trial.errors import InputError
from n1trial.evaluation.characteristics import Figure
from n1trial.report.run.result import run
from n1trial.report.search.document import to_json
from n1trial.report.search.folder import save_search
from n1trial.report.search.picture import draw_designs
from n1trial.report.search.rationale import reason
from n1trial.report.search.terminal import found_in_words
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import write_resolved
from n1trial.study.search.limits import Limits
from n1trial.study.search.result import SearchResult
from n1trial.study.search.search import search
from tests.study.searched import few_trials, small_scenario

FILES = ["checksums.txt", "designs.csv", "designs.png", "designs.svg", "scenario.toml", "screened.csv", "search.json"]


@pytest.fixture(scope="module")
def found() -> SearchResult:
    with few_trials():
        return search(small_scenario(), Limits(weeks=12.0, entries=80), replicates=200, seed=5)


def test_designs_are_told_in_lines_that_fit(found: SearchResult) -> None:
    text = found_in_words(found)
    assert max(map(len, text.splitlines())) <= 100
    assert text.startswith("Example drug or Placebo: designs of up to 12 weeks, up to 80 entries\n")
    assert found.recommended is not None
    assert f"FIRST AMONG THESE: DESIGN {found.recommended + 1}. By too few simulated trials to go by (200" in text
    assert f"\n*{found.recommended + 1}  " in text
    assert "\n now " in text
    assert "200 simulated trials (too few to go by)" in text
    for word in ("replicate", "cycle", "power", "type I"):
        assert word not in re.sub(r"--set \S+", "", text)


def test_of_too_few_trials_none_is_recommended(found: SearchResult) -> None:
    few, enough = (
        replace(found, scenario=found.scenario.replace(**{"simulation.replicates": trials})) for trials in (999, 1000)
    )
    assert "recommended" not in found_in_words(few).lower()
    assert json.loads(to_json(few))["reason"].startswith("By too few simulated trials to go by (999 of each design): ")
    assert "RECOMMENDED: DESIGN" in found_in_words(enough)
    assert "too few" not in found_in_words(enough) + to_json(enough)


def test_where_the_plans_analysis_cannot_be_searched_it_is_said_why(found: SearchResult) -> None:
    """The designs are analyzed otherwise; what is known of the plan as it is now comes from its own analysis."""
    assert "cannot try" not in reason(found)
    with few_trials():
        by_ar1 = search(small_scenario(**{"analysis.primary": "ar1"}), Limits(weeks=8.0), replicates=50, seed=5)
    said = " ".join(found_in_words(by_ar1).split())
    for words in (
        "cannot try ar1, the plan's analysis: it judges designs by closed forms, and ar1 has none.",
        "analyzed by one of paired, randomization, mixed, exposure and course,",
        "The plan as it is now is simulated with ar1. To compare designs with ar1, use n1trial sweep.",
    ):
        assert words in said
        assert words in json.loads(to_json(by_ar1))["reason"]
    assert all(design.candidate.method != "ar1" for design in by_ar1.designs)
    present = by_ar1.present
    assert (present.candidate.method, present.screened_power) == ("ar1", None)
    result = run(by_ar1.scenario.replace(**{"analysis.methods": ["ar1"]}), 50, 5)
    assert present.detect == result.figures["ar1"]["mcid"]["detect"]
    assert present.type_1 == result.figures["ar1"]["null"]["detect"]


def test_commands_make_exactly_the_designs(found: SearchResult, tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(write_resolved(small_scenario()), encoding="utf-8")
    text = found_in_words(found, [str(path)]).replace("\\\n", " ")
    commands = [shlex.split(line) for line in text.splitlines() if line.strip().startswith("n1trial run")]
    assert len(commands) == len(found.designs)
    for command, design in zip(commands, found.designs, strict=True):
        assert command[:3] == ["n1trial", "run", str(path)]
        overrides = dict(part.split("=", 1) for part in command[4::2])
        scenario = load_scenario(path, overrides)
        assert scenario.layout() == design.candidate.layout
        assert scenario.analysis.primary == design.candidate.method
        assert scenario.analysis.discard_days == design.candidate.discard_days


def test_the_folder(found: SearchResult, tmp_path: Path) -> None:
    one, other = (save_search(found, tmp_path / name) for name in ("one", "other"))
    assert sorted(path.name for path in one.iterdir()) == FILES
    for name in FILES:
        assert (one / name).read_bytes() == (other / name).read_bytes()
    assert (one / "search.json").read_text(encoding="utf-8") == to_json(found)
    designs = list(csv.DictReader((one / "designs.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["design"] for row in designs] == [*(str(n + 1) for n in range(len(found.designs))), "present"]
    assert float(designs[-1]["detect"]) == found.present.detect.value
    screened = list(csv.DictReader((one / "screened.csv").read_text(encoding="utf-8").splitlines()))
    assert len(screened) == len(found.screened)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text('{"scenario": "small", "version": "0"}', encoding="utf-8")
    with pytest.raises(InputError, match="holds files"):
        save_search(found, tmp_path / "run")


@pytest.mark.parametrize(("trials", "name"), [(200, "first among these"), (1000, "recommended")])
def test_the_picture_shows_every_design_and_marks_the_one_that_stands_out(
    found: SearchResult, trials: int, name: str
) -> None:
    found = replace(found, scenario=found.scenario.replace(**{"simulation.replicates": trials}))
    figure = draw_designs(found)
    ax = figure.axes[0]
    numbers = {text.get_text() for text in ax.texts}
    assert {str(number + 1) for number in range(len(found.designs))} <= numbers
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    wanted = {"expected by closed forms", "now", name, "to choose between"}
    assert wanted <= set(labels) <= wanted | {"left out: false alarms"}


def test_nothing_written_in_the_picture_covers_anything_else(found: SearchResult) -> None:
    surest = replace(found.designs[-1], detect=Figure(0.999, 0.0005))
    figure = draw_designs(replace(found, designs=(*found.designs[:-1], surest)))
    ax = figure.axes[0]
    figure.draw_without_rendering()
    written = [each for each in ax.get_children() if isinstance(each, Text)] + ax.get_yticklabels()
    places = {each.get_text(): each.get_window_extent() for each in written if each.get_text()}
    assert ax.get_title(loc="left") in places
    for (one, here), (other, there) in itertools.combinations(places.items(), 2):
        assert not here.overlaps(there), (one, other)
    panel = ax.get_window_extent()
    for words in ("good\nchance", "could go\neither way", "probably\nno clear\nanswer"):
        assert places[words].x0 > panel.x1, words


def test_the_picture_needs_no_color(found: SearchResult) -> None:
    ax = draw_designs(found).axes[0]
    assert {"o", "*", "D"} <= {line.get_marker() for line in ax.lines}
    (dots,) = [each for each in ax.collections if each.get_label() == "expected by closed forms"]
    (shade,) = {float(shade) for shade in np.asarray(dots.get_facecolor())[:, :3].ravel()}
    assert shade < 0.55  # seen on paper
