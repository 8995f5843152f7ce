"""Reading a scenario file: where it is, what is wrong with it, and what the command line changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from n1trial.errors import InputError
from n1trial.scenario.file import library
from n1trial.scenario.file.load import load_scenario, parse_value
from n1trial.texts import visible

MINIMAL = Path(__file__).parents[2] / "cases" / "valid" / "minimal.toml"
EVERYTHING = MINIMAL.with_name("everything.toml")


def faults(source: str | Path, overrides: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        load_scenario(source, overrides or {})
    return caught.value.faults


def written(folder: Path, content: bytes) -> str:
    path = folder / "my.toml"
    path.write_bytes(content)
    return str(path)


class TestWhere:
    def test_path_as_text_or_path(self) -> None:
        assert load_scenario(str(MINIMAL)) == load_scenario(MINIMAL)

    @pytest.mark.parametrize("shipped", library.shipped_scenarios(), ids=lambda shipped: shipped.name)
    def test_shipped_scenario_by_name(self, shipped: library.ShippedScenario) -> None:
        scenario = load_scenario(shipped.name)
        assert (scenario.name, scenario.title) == (shipped.name, shipped.title)
        assert scenario == load_scenario(shipped.path)

    def test_file_goes_before_shipped_scenario(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        name = library.shipped_scenarios()[0].name
        (tmp_path / name).write_text(MINIMAL.read_text(encoding="utf-8"), encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        assert load_scenario(name).name == "case"

    def test_folder_does_not_hide_shipped_scenario(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        name = library.shipped_scenarios()[0].name
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path)
        assert load_scenario(name).name == name

    def test_near_miss_of_a_shipped_name(self) -> None:
        assert faults("minimul") == (
            "minimul: no such file, and no shipped scenario of that name (did you mean minimal?)",
        )

    def test_no_near_miss_lists_what_there_is(self) -> None:
        names = ", ".join(shipped.name for shipped in library.shipped_scenarios())
        assert faults("zzz.toml") == (
            f"zzz.toml: no such file, and no shipped scenario of that name (shipped scenarios: {names})",
        )

    def test_folder(self, tmp_path: Path) -> None:
        assert faults(tmp_path) == (f"{tmp_path}: is a folder, not a scenario file",)

    def test_unreadable(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("n1trial.files.read._without_waiting", refuse)
        assert faults(tmp_path / "my.toml") == (f"{tmp_path / 'my.toml'}: cannot be read (Permission denied)",)

    @pytest.mark.parametrize("place", ["a\0b", "a" * 5000])
    def test_impossible_path(self, place: str) -> None:
        (fault,) = faults(place)
        assert fault.startswith(f"{visible(place)}: cannot be read (")


class TestText:
    @pytest.mark.parametrize(
        ("mark", "encoding"), [(b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")]
    )
    def test_byte_order_mark(self, tmp_path: Path, mark: bytes, encoding: str) -> None:
        place = written(tmp_path, mark + MINIMAL.read_bytes())
        assert faults(place) == (f"{place}: starts with a byte-order mark ({encoding}); save it as UTF-8 without one",)

    def test_not_utf8(self, tmp_path: Path) -> None:
        place = written(tmp_path, 'name = "case"\ntitle = "Müdigkeit"\n'.encode("latin-1"))
        assert faults(place) == (f"{place}: line 2: not UTF-8; save it as UTF-8",)

    def test_line_ends_of_windows(self, tmp_path: Path) -> None:
        place = written(tmp_path, MINIMAL.read_bytes().replace(b"\n", b"\r\n"))
        assert load_scenario(place) == load_scenario(MINIMAL)

    def test_nested_too_deeply(self, tmp_path: Path) -> None:
        place = written(tmp_path, b"name = " + 5000 * b"[" + 5000 * b"]")
        assert faults(place) == (f"{place}: tables or lists are nested too deeply",)

    def test_number_too_long(self, tmp_path: Path) -> None:
        place = written(tmp_path, b"name = " + 5000 * b"9")
        (fault,) = faults(place)
        assert fault.startswith(f"{place}: cannot be read as TOML: Exceeds the limit")

    def test_very_large_number(self, tmp_path: Path) -> None:
        place = written(tmp_path, MINIMAL.read_bytes() + b"[simulation]\nseed = " + 400 * b"9")
        (fault,) = faults(place)
        assert fault.endswith("seed: must be a whole number from 0 to 9223372036854775807, but is a very large number")

    def test_long_values_are_cut_short(self, tmp_path: Path) -> None:
        place = written(tmp_path, MINIMAL.read_bytes() + b'[design]\nlayout = "' + 500 * b"x" + b'"\n')
        (fault,) = faults(place)
        assert fault == f'{place}: design.layout: must be "crossover" or "open-label", but is "{55 * "x"} ...'


class TestOverrides:
    def test_values_are_toml_or_else_text(self) -> None:
        scenario = load_scenario(
            EVERYTHING,
            {
                "design.washout_days": "14",
                "treatment.effect": "-2",
                "outcome.better": "higher",
                "title": "Two words",
                "outcome.scale": "[0, 20]",
                "trigger.alc. 2 units.effect": "1e-1",
                "treatment.abrupt_stop_safe": "false",
                "analysis.methods": '["ols"]',
                "secondary": "[]",
            },
        )
        assert (scenario.design.washout_days, scenario.treatment.effect, scenario.outcome.better) == (
            14,
            -2.0,
            "higher",
        )
        assert (scenario.title, scenario.outcome.scale) == ("Two words", (0.0, 20.0))
        assert scenario.trigger[0].effect == 0.1
        assert (scenario.analysis.methods, scenario.secondary) == (("ols",), ())

    def test_an_empty_value_takes_a_key_back_to_its_default(self) -> None:
        changes = {"design.sequence": "", "design.randomization": "", "design.cycles": ""}
        assert load_scenario(EVERYTHING, changes).design.cycles == 3

    def test_what_is_overridden_is_given(self) -> None:
        assert "design.cycles" not in dict(load_scenario(MINIMAL, {"design.cycles": "3"}).assumed)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("4", 4), ("-1.5", -1.5), ("true", True), ("[1, 2]", [1, 2]), ('"4"', "4"), ("lower", "lower"),
            ("1\nb = 2", "1\nb = 2"), ("", None), ("'", "'"), (5000 * "[", 5000 * "["),
        ],
    )  # fmt: skip
    def test_parsed(self, text: str, value: object) -> None:
        assert parse_value(text) == value

    def test_faults_name_the_override(self) -> None:
        assert faults(MINIMAL, {"design.cycles": "0", "design.cycels": "4", "desing": "1"}) == (
            "set design.cycles=0: must be a whole number from 1 to 26, but is 0",
            "set design.cycels=4: unknown key (did you mean cycles?)",
            "set desing=1: unknown key (did you mean design?)",
        )

    def test_faults_across_keys_name_the_override(self) -> None:
        assert faults(MINIMAL, {"analysis.discard_days": "50"}) == (
            "set analysis.discard_days=50: design.period_days: must be at least analysis.discard_days + "
            "analysis.minimum_days = 50 + 14 = 64 days, but is 56",
        )

    def test_faults_within_an_overridden_section_name_it(self) -> None:
        assert faults(MINIMAL, {"design": "{cycles = 0}"}) == (
            "set design={cycles = 0}: design.cycles: must be a whole number from 1 to 26, but is 0",
        )

    def test_other_faults_name_the_file(self, tmp_path: Path) -> None:
        place = written(tmp_path, MINIMAL.read_bytes().replace(b"baseline = 6.0", b"baseline = 60"))
        assert faults(place, {"design.cycles": "0"}) == (
            f"{place}: patient.baseline: must be on the scale from 0 to 10, but is 60",
            "set design.cycles=0: must be a whole number from 1 to 26, but is 0",
        )

    def test_no_such_table(self) -> None:
        assert faults(EVERYTHING, {"trigger.cafeine.effect": "1", "theory.x.onset_days": "1"}) == (
            'set trigger.cafeine.effect=1: no trigger "cafeine"; there are alc. 2 units, caffeine '
            "(did you mean caffeine?)",
            'set theory.x.onset_days=1: no theory "x"; there are body stores',
        )

    def test_a_misspelled_section_is_seen_in_the_override(self) -> None:
        assert faults(MINIMAL, {"desing.cycles": "4"}) == (
            "set desing.cycles=4: desing: unknown key (did you mean design?)",
        )

    @pytest.mark.parametrize("key", ["", ".", "design.", ".cycles", "design.cycles.x", "name.x", "trigger", "x.y.z"])
    def test_odd_keys_are_refused_in_plain_words(self, key: str) -> None:
        (fault, *_) = faults(MINIMAL, {key: "5"})
        assert fault.startswith(f"set {key}=5: ")
