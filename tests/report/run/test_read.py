import json
import shutil
from pathlib import Path

import pytest

import n1trial
from n1trial.errors import InputError
from n1trial.report.run.page import PAGE
from n1trial.report.run.read import read_run
from n1trial.report.run.result import Result, load_result, run
from n1trial.report.run.terminal.full import answer

pytestmark = pytest.mark.usefixtures("one_look")


@pytest.fixture(
    scope="module",
    params=["b12-6-to-8-week", "b12-6-month-open-label", "b12-skeptical", "fast-drug-2-week", "minimal"],
)
def result(request: pytest.FixtureRequest) -> Result:
    return run(
        n1trial.load_scenario(request.param),
        replicates=40,
        under_stress=request.param == "minimal",
        over_all=request.param == "b12-skeptical",
    )


@pytest.fixture(scope="module")
def saved(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder, for reading alone."""
    return result.save(tmp_path_factory.mktemp("saved") / "run")


def test_a_saved_result_is_read_back_as_it_was(result: Result, saved: Path, tmp_path: Path) -> None:
    read = load_result(saved)
    assert read.to_json() == result.to_json()
    assert answer(read) == answer(result)
    assert read.measurements == {}
    again = read.save(tmp_path / "again")
    for name in ("run.json", PAGE):
        assert (again / name).read_bytes() == (saved / name).read_bytes()
    with pytest.raises(InputError, match="estimates: a result that was read back holds none"):
        read.save(tmp_path / "more", estimates=True)
    assert not (tmp_path / "more").exists()


def test_the_curve_holds_every_effect_that_was_looked_at(result: Result) -> None:
    treatment, plan, figures = result.scenario.treatment, result.scenario.plan(), result.figures[result.primary]
    benefits = list(result.curve)
    assert benefits == sorted(set(benefits))
    assert result.curve[0.0]["detect"] == figures["null"]["detect"]
    assert result.curve[plan.mcid]["adopt"] == figures["mcid"]["adopt"]
    assert result.curve[plan.benefit_sign * treatment.effect]["detect_right"] == figures["planned"]["detect_right"]
    assert benefits[-1] >= 3 * plan.mcid
    for effect, seen in result.effects.items():
        assert result.curve[plan.benefit_sign * effect] == seen


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda folder: (folder / "run.json").unlink(), "holds no results of n1trial run"),
        (lambda folder: (folder / "run.json").write_text("{"), "holds no results of n1trial run"),
        (lambda folder: (folder / "scenario.toml").unlink(), "scenario.toml"),
        (lambda folder: _without(folder, "curve"), "was written by another version of n1trial, or changed"),
        (lambda folder: _without(folder, "verdict"), "was written by another version of n1trial, or changed"),
        (lambda folder: _instead(folder, "cycles = 3", "cycles = 4"), "is not of the scenario.toml beside it"),
        (lambda folder: _instead(folder, "replicates = 40", "replicates = 99"), "is not of the scenario.toml beside"),
        (lambda folder: _instead(folder, "mcid = 1.0", "mcid = 1.125"), "is not of the scenario.toml beside it"),
    ],
)
def test_a_damaged_folder_is_told(saved: Path, tmp_path: Path, damage: object, told: str) -> None:
    folder = shutil.copytree(saved, tmp_path / "run")
    assert callable(damage)
    damage(folder)
    with pytest.raises(InputError) as caught:
        read_run(folder)
    assert told in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such folder"):
        read_run(tmp_path / "nothing")


def _instead(folder: Path, old: str, new: str) -> None:
    file = folder / "scenario.toml"
    text = file.read_text(encoding="utf-8")
    changed = text.replace(old, new, 1)
    file.write_text(changed if changed != text else text.replace('name = "', 'name = "not-', 1), encoding="utf-8")


def _without(folder: Path, key: str) -> None:
    mark = folder / "run.json"
    found = json.loads(mark.read_text(encoding="utf-8"))
    del found[key]
    mark.write_text(json.dumps(found), encoding="utf-8")
