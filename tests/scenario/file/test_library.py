"""The shipped scenarios and cautions are found, in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from n1trial.errors import InputError
from n1trial.scenario.file import library
from n1trial.scenario.file.load import load_scenario


def test_shipped_scenarios_have_the_names_of_their_files() -> None:
    assert library.shipped()
    for shipped in library.shipped():
        assert shipped.path.stem == shipped.name == load_scenario(shipped.path).name
        assert shipped.title == load_scenario(shipped.path).title
        assert library.paths()[shipped.name] == shipped.path


def test_shipped_scenarios_are_sorted() -> None:
    names = [shipped.name for shipped in library.shipped()]
    assert names == sorted(names)


def test_checkout_has_them_beside_the_package() -> None:
    assert library.folder() == Path(__file__).parents[3] / "scenarios"


def test_installed_package_has_them_within(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "n1trial"
    (package / "scenarios" / "cautions").mkdir(parents=True)
    (tmp_path / "scenarios").mkdir()
    (package / "scenarios" / "one.toml").write_text('name = "one"\ntitle = "One"\n', encoding="utf-8")
    monkeypatch.setattr(library, "PACKAGE", package)
    library.shipped.cache_clear()
    try:
        found = library.shipped()
    finally:
        library.shipped.cache_clear()
    assert found == (library.Shipped("one", "One", package / "scenarios" / "one.toml"),)


@pytest.mark.parametrize("block", ["", *library.caution_blocks()])
def test_cautions(block: str) -> None:
    cautions = library.cautions(block)
    assert len(cautions.first.splitlines()) == 2
    assert cautions.text
    assert all(paragraph.strip() for paragraph in cautions.text)
    assert cautions.call
    assert all(sign[0].islower() and sign[-1] not in ".;" for sign in cautions.call)  # each goes on after an "if"


def test_no_block_is_the_general_one() -> None:
    assert library.cautions("") == library.cautions("general")


def test_cautions_of_no_block() -> None:
    with pytest.raises(InputError, match=r"^generel: no shipped block .* \(did you mean general\?\)$"):
        library.cautions("generel")


@pytest.mark.parametrize("block", library.caution_blocks())
def test_what_is_asked_before_planning(block: str) -> None:
    asked = library.cautions(block).asked
    assert len({each.question for each in asked}) == len(asked)
    for each in asked:
        assert each.question.endswith("?")
        assert {*each.against, *each.stops} <= {*each.answers}
        assert set(each.stops) <= set(each.against), "whoever is stopped must be told why"
        assert bool(each.answers) != each.decides
        assert not each.answers or len(each.against) < len(each.answers), "some answer must let the trial be"


def test_whom_the_cautions_exclude_is_asked_for() -> None:
    asked = library.cautions("b12-restless-legs").asked
    excluding, changing = (next(each for each in asked if word in each.question) for word in ("Leber", "kidney"))
    for named in ("Leber's optic neuropathy", "cobalamin", "megaloblastic anemia", "nitrous oxide"):
        assert named in excluding.question
    assert excluding.stops == ("yes", "not known")
    for named in ("pregnancy", "kidney disease", "neuropathy", "antidepressant", "antihistamine", "dopamine drug"):
        assert named in changing.question
    assert changing.stops == ()
    assert "think of augmentation. No other medicine" in changing.against["yes"]
