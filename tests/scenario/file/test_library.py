"""The shipped scenarios and cautions are found, in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from n1trial.files.scenarios_folder import scenarios_folder
from n1trial.scenario.file import library
from n1trial.scenario.file.load import load_scenario


def test_shipped_scenarios_have_the_names_of_their_files() -> None:
    assert library.shipped_scenarios()
    for shipped in library.shipped_scenarios():
        assert shipped.path.stem == shipped.name == load_scenario(shipped.path).name
        assert shipped.title == load_scenario(shipped.path).title
        assert library.paths()[shipped.name] == shipped.path


def test_shipped_scenarios_are_sorted() -> None:
    names = [shipped.name for shipped in library.shipped_scenarios()]
    assert names == sorted(names)


def test_checkout_has_them_beside_the_package() -> None:
    assert scenarios_folder() == Path(__file__).parents[3] / "scenarios"


def test_installed_package_has_them_within(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "n1trial"
    (package / "scenarios" / "cautions").mkdir(parents=True)
    (tmp_path / "scenarios").mkdir()
    (package / "scenarios" / "one.toml").write_text('name = "one"\ntitle = "One"\n', encoding="utf-8")
    monkeypatch.setattr("n1trial.files.scenarios_folder.PACKAGE", package)
    library.shipped_scenarios.cache_clear()
    try:
        found = library.shipped_scenarios()
    finally:
        library.shipped_scenarios.cache_clear()
    assert found == (library.ShippedScenario("one", "One", package / "scenarios" / "one.toml"),)
