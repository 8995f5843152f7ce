"""The Python face: what is public is listed, has an example that runs, and refuses what is wrong in words."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import n1trial
from n1trial.design.assignment import Assignment
from n1trial.design.schedule import lay_out
from n1trial.diary.methods import METHODS
from n1trial.scenario.scenario import MAIN_KEYS

pytestmark = pytest.mark.usefixtures("one_look")

EXPLAINED = [name for name in n1trial.__all__ if name not in ("METHODS", "formulas")]
OWN_TEXTS = runpy.run_path(str(Path(__file__).parents[1] / "docs" / "api.py"))["OWN_TEXTS"]


def test_the_docstring_lists_what_is_public() -> None:
    lines = [line for line in (n1trial.__doc__ or "").splitlines() if line.startswith("    ")]
    assert sorted(name.strip() for line in lines for name in line.split(", ")) == sorted(n1trial.__all__)


def test_every_public_name_can_be_had() -> None:
    assert {name for name in n1trial.__all__ if getattr(n1trial, name, None) is None} == set()
    assert dir(n1trial) == sorted([*n1trial.__all__, "__version__"])
    assert dir(n1trial.formulas) == sorted(n1trial.formulas.__all__)


def examples(of: Any) -> list[doctest.Example]:
    return [each for test in doctest.DocTestFinder(recurse=False).find(of) for each in test.examples]


@pytest.mark.parametrize("name", [*EXPLAINED, *(f"formulas.{name}" for name in n1trial.formulas.__all__)])
def test_every_public_name_has_an_example_that_runs(name: str) -> None:
    of: Any = n1trial
    for part in name.split("."):
        of = getattr(of, part)
    assert examples(of)
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    runner, said = doctest.DocTestRunner(optionflags=flags), list[str]()
    for test in doctest.DocTestFinder(recurse=inspect.isclass(of)).find(of, name, globs={}):
        runner.run(test, out=said.append)
    assert runner.failures == 0, "".join(said)


def test_the_methods_have_an_example_that_runs() -> None:
    said = list[str]()
    test = doctest.DocTestParser().get_doctest(OWN_TEXTS["METHODS"], {}, "METHODS", None, None)
    assert test.examples
    assert doctest.DocTestRunner().run(test, out=said.append).failed == 0, "".join(said)


def test_a_scenario_shows_no_names_of_pydantic() -> None:
    scenario = n1trial.load_scenario("minimal")
    for held in (scenario, scenario.design):
        assert not [name for name in dir(held) if re.match(r"_|model_|parse_|json$|copy$|dict$|schema|construct", name)]
        assert all(hasattr(held, name) for name in dir(held))
    assert {"replace", "layout", "plan", "design"} <= set(dir(scenario))
    assert {"of", "replace", "layout", "plan"} <= set(dir(n1trial.Scenario)) <= set(dir(scenario))
    assert all(hasattr(n1trial.Scenario, name) for name in dir(n1trial.Scenario))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: n1trial.Plan(alpha=3, mcid=-1), "alpha: must be a number above 0 and below 1, and is 3"),
        (lambda: n1trial.Plan(methods="paired"), "methods: must be a tuple of names"),  # type: ignore[arg-type]
        (lambda: n1trial.Layout("crossover", 14, "open", 3, 28, 0, None), "randomization: must be a Randomization"),
        (lambda: n1trial.Layout("open-label", -1, "open", 0, 28, 0, None), "run_in_days: must be 0 or more, and is -1"),
        (lambda: n1trial.simulate("minimal", 0), "replicates: must be 1 or more, and is 0"),
        (lambda: n1trial.run("minimal", 0), "simulation.replicates"),
        (lambda: n1trial.simulate("minimol"), "did you mean minimal"),
        (lambda: n1trial.run("minimol"), "did you mean minimal"),
        (lambda: n1trial.simulate(3), "scenario: must be a Scenario"),  # type: ignore[arg-type]
        (lambda: n1trial.run(3), "scenario: must be a Scenario"),  # type: ignore[arg-type]
        (lambda: n1trial.run("minimal", workers=0), "workers: must be 1 or more, and is 0"),
        (lambda: n1trial.analyze(3), "diary: must be a Diary or Diaries, and is int"),  # type: ignore[arg-type]
        (lambda: n1trial.plot(3), "plot: must be given a Diary"),  # type: ignore[arg-type]
        (lambda: n1trial.sweep("minimal", {"design.cycle": [2]}), "design.cycle"),
        (lambda: n1trial.sweep("minimal", {}), "vary: must make"),
        (lambda: n1trial.Diary.from_frame(pd.DataFrame({"day": [1]})), "frame: has no column period"),
    ],
)
def test_nonsense_is_refused_with_argument_rule_and_value(make: Any, words: str) -> None:
    with pytest.raises(n1trial.InputError) as caught:
        make()
    assert words in str(caught.value)


def test_a_diary_of_wrong_arrays_is_refused() -> None:
    diary = n1trial.simulate("minimal", replicates=2).observed
    with pytest.raises(n1trial.InputError) as caught:
        replace(diary, day=diary.day[::-1], cycle=diary.cycle[:-1], treatment=np.ones((350, 1)))  # type: ignore[arg-type]
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["day", "cycle", "treatment"]


def test_tables_go_both_ways() -> None:
    diary = n1trial.simulate("b12-8-week", replicates=3, seed=2).observed
    again = n1trial.Diary.from_frame(diary.to_frame(), diary.plan)
    for name in ("day", "score", "doses_taken"):
        assert_array_equal(getattr(again, name), getattr(diary, name))
    for name in ("period", "cycle", "treatment", "day_of_period"):
        assert (getattr(again, name) == getattr(diary, name)).all()
    frame = n1trial.analyze(diary, "ar1").to_frame()
    assert len(frame) == 3
    assert {"estimate", "p_value", "status", "n", "autocorrelation"} <= set(frame.columns)


def test_days_without_a_row_are_days_without_an_entry() -> None:
    diary = n1trial.simulate("b12-8-week", replicates=3, seed=2).observed
    whole = diary.to_frame()
    lost = whole.replicate.gt(0) & (np.random.default_rng(1).random(len(whole)) < 0.3)
    lost |= whole.replicate.eq(1) & whole.day.between(50, 60)  # over the planned start of its second period, on day 56
    diary.score[lost.to_numpy().reshape(3, -1).T] = np.nan
    some = n1trial.Diary.from_frame(whole[~lost], diary.plan)
    assert (some.day == diary.day).all()
    assert_array_equal(some.score, diary.score)
    is_entry = ~np.isnan(diary.score)
    for name in ("period", "cycle", "treatment", "day_of_period"):
        assert (getattr(some, name) == getattr(diary, name))[is_entry].all()
    assert any("it is taken to begin on day 56, as planned" in note for note in some.notes)
    assert some.is_dose_said is not None
    assert_array_equal(some.is_dose_said, ~lost.to_numpy().reshape(3, -1).T)
    for method in ("paired", "ar1", "ols"):
        assert_array_equal(n1trial.analyze(some, method).estimate, n1trial.analyze(diary, method).estimate)


def test_a_table_with_missing_days_is_the_diary_that_its_file_is(tmp_path: Path) -> None:
    whole = n1trial.simulate("minimal", replicates=1, seed=3).observed
    table = whole.to_frame().drop(columns=["replicate", "doses_taken"], errors="ignore").iloc[::3]
    table.to_csv(tmp_path / "diary.csv", index=False)
    read, made = n1trial.read_diary(tmp_path / "diary.csv", whole.plan), n1trial.Diary.from_frame(table, whole.plan)
    for name in ("day", "period", "cycle", "treatment", "day_of_period", "score"):
        assert_array_equal(getattr(made, name), getattr(read, name))
    assert made.notes == read.notes


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"period": [1, np.nan]}, "frame: must hold a number in every row of period"),
        ({"score": ["five", 6]}, "frame: must hold numbers"),
        ({"day": [0, 0]}, "frame: must have one row a patient and day"),
    ],
)
def test_a_table_that_is_no_diary_is_refused(changes: dict[str, Any], fault: str) -> None:
    table = {"day": [0, 1], "period": 1, "cycle": 1, "treatment": 1, "score": [4, 5], **changes}
    with pytest.raises(n1trial.InputError) as caught:
        n1trial.Diary.from_frame(pd.DataFrame(table))
    assert fault in str(caught.value)


def test_what_a_notebook_shows_is_short() -> None:
    diaries = n1trial.simulate("minimal", replicates=40)
    scenario = n1trial.load_scenario("minimal")
    for shown in (diaries, diaries.observed, n1trial.analyze(diaries), scenario, n1trial.run("minimal", 20)):
        assert len(repr(shown)) < 120
        assert "&lt;" in shown._repr_html_()
        assert len(shown._repr_html_()) < 20_000


def test_a_notebook_shows_the_main_keys_of_a_scenario() -> None:
    html = n1trial.load_scenario("minimal")._repr_html_()
    assert html.count("<tr>") == len(MAIN_KEYS)
    assert "<th>design.cycles</th><td>3</td>" in html


def test_a_notebook_shows_the_periods_of_a_schedule_and_no_treatment() -> None:
    layout = n1trial.load_scenario("minimal").layout()
    orders = np.array([[True, False] * 3, [False, True] * 3]).T
    shown = []
    for column in range(2):
        shown.append(lay_out(layout, Assignment(orders[:, [column]], np.zeros((3, 1), dtype=np.int16)))._repr_html_())
    assert shown[0] == shown[1]
    first, length = shown[0].index("<td>0</td>"), layout.period_days
    assert shown[0][first:].split("<td>")[1:4] == [f"{cell}</td>\n      " for cell in (0, length - 1)] + [
        f"{length}</td>\n    </tr>\n    <tr>\n      "
    ]


def test_pictures_are_figures() -> None:
    diaries = n1trial.simulate("minimal", replicates=2)
    for of in (diaries, diaries.observed, n1trial.run("minimal", 20)):
        assert isinstance(n1trial.plot(of), matplotlib.figure.Figure)
    with pytest.raises(n1trial.InputError, match="replicate: must be 0 to 1, and is 2"):
        n1trial.plot(diaries, replicate=2)


def one_patient(diary: n1trial.Diary) -> tuple[float, float, float, float]:
    """Analyze one patient, and fail for some."""
    score = diary.score[:, 0]
    if diary.replicates != 1 or np.isnan(score[20]):
        raise ValueError("too much, or too little")
    found = n1trial.analyze(diary, "paired")
    return tuple(float(value[0]) for value in (found.estimate, found.ci_low, found.ci_high, found.p_value))  # type: ignore[return-value]


class TestOwnAnalyses:
    def test_ours_under_another_name_is_ours(self) -> None:
        result = n1trial.run("minimal", 30, methods={"mine": lambda diary: n1trial.analyze(diary, "paired")})
        for truth, figures in result.figures["paired"].items():
            for metric, figure in figures.items():
                assert result.figures["mine"][truth][metric] == figure or metric == "coverage"
        assert "mine" in result.characteristics["method"].unique()
        assert "mine" in result.smallest_detectable

    def test_a_function_for_one_patient_is_given_one_at_a_time_and_its_failures_are_counted(self) -> None:
        diaries = n1trial.simulate("minimal", replicates=40, seed=3)
        found, ours = n1trial.analyze(diaries, one_patient), n1trial.analyze(diaries, "paired")
        is_read = ~np.isnan(diaries.score[20]) & ours.is_estimable
        assert 0 < is_read.sum() < 40
        assert_array_equal(found.is_estimable, is_read)
        assert_array_equal(found.p_value[is_read], ours.p_value[is_read])
        assert_array_equal(found.estimate[is_read], ours.estimate[is_read])

    def test_workers_change_nothing(self) -> None:
        one, two = (n1trial.run("minimal", 30, workers=workers, methods={"mine": one_patient}) for workers in (1, 2))
        assert one.figures == two.figures

    @pytest.mark.parametrize(
        ("function", "words"),
        [
            (lambda _: 1 / 0, "raised ZeroDivisionError for every diary: division by zero"),
            (lambda _: 3, "it returned int"),
            (lambda _: (1, 2), "it returned tuple"),
            (lambda _: {"estimate": 1.0}, "it returned estimate"),
            (lambda _: {"estimate": "x", "standard_error": 1}, "it returned what is no number"),
            (lambda _: {"estimate": [1, 2, 3], "standard_error": 1}, "it returned estimate of shape (3,)"),
        ],
    )
    def test_what_is_no_estimate_is_refused_in_words(self, function: Any, words: str) -> None:
        with pytest.raises(n1trial.InputError) as caught:
            n1trial.analyze(n1trial.simulate("minimal", 2), function)
        assert words in str(caught.value)

    def test_not_a_number_is_a_failed_fit(self) -> None:
        found = n1trial.analyze(
            n1trial.simulate("minimal", 3), lambda _: {"estimate": [1, np.nan, 2], "standard_error": [1, 1, 0]}
        )
        assert [n1trial.Status(status).word for status in found.status] == ["ok", "not_converged", "not_converged"]

    @pytest.mark.parametrize("name", ["paired", "", "two words", 3])
    def test_a_name_is_its_own(self, name: Any) -> None:
        with pytest.raises(n1trial.InputError, match="methods: "):
            n1trial.run("minimal", 10, methods={name: one_patient})

    def test_what_cannot_be_sent_to_workers_says_what_to_do(self) -> None:
        with pytest.raises(n1trial.InputError, match="use workers=1"):
            n1trial.run("minimal", 10, workers=2, methods={"mine": lambda diary: n1trial.analyze(diary)})

    def test_it_is_never_the_primary_one_of_a_scenario(self) -> None:
        with pytest.raises(n1trial.InputError, match="no method"):
            n1trial.load_scenario("minimal").replace(**{"analysis.primary": "mine"})

    def test_a_result_with_it_is_saved_and_read(self, tmp_path: Any) -> None:
        result = n1trial.run("minimal", 20, methods={"mine": one_patient})
        again = n1trial.load_result(result.save(tmp_path / "run"))
        assert again.figures == result.figures
        assert "an analysis of one&#39;s own" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_the_page_of_the_interface_is_as_the_docstrings_are() -> None:
    docs = Path(__file__).parents[1] / "docs"
    made = runpy.run_path(str(docs / "api.py"))["page"]()
    assert (docs / "api.md").read_text(encoding="utf-8") == made, "python docs/api.py makes it anew"


def test_the_index_names_every_page() -> None:
    docs = Path(__file__).parents[1] / "docs"
    linked = set(re.findall(r"\]\(([\w/-]+\.md)\)", (docs / "README.md").read_text(encoding="utf-8")))
    assert linked == {path.name for path in docs.glob("*.md") if path.name != "README.md"} | {"example/README.md"}


def test_methods_are_public() -> None:
    assert n1trial.METHODS is METHODS
    assert importlib.import_module("n1trial.analysis.analyze").ANALYSES.keys() == METHODS.keys()
