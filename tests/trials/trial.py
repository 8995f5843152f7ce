"""A trial carried through by commands alone, from a fresh file to the letters."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
from click.testing import CliRunner

from n1trial.cli import main

PASSPHRASES = {
    "N1TRIAL_PASSPHRASE": "violet harbor seldom tractor",
    "N1TRIAL_PHARMACY_PASSPHRASE": "gravel lantern oddly pumpkin",
}
LOCAL = re.compile(re.escape(str(Path(__file__).parents[2])))
Row = dict[str, str]


@dataclass
class Trial:
    """One trial in a folder of its own.

    Parameters
    ----------
    folder : Path
        Empty; the commands run in it.
    name : str
        Of the scenario.
    """

    folder: Path
    name: str
    said: dict[str, str] = field(default_factory=dict)
    """What each command printed last, standard output and error together."""

    def command(self, *words: str, ends: int = 0) -> str:
        """Run a command in the folder, hold it to its exit code, and give what it printed."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for variable, passphrase in PASSPHRASES.items():
                patch.setenv(variable, passphrase)
            result = CliRunner().invoke(main, words)
        assert result.exit_code == ends, f"{' '.join(words)}\n{result.output}"
        assert not LOCAL.search(result.output)
        self.said[words[0]] = result.output
        return result.output

    def plan(self, based_on: str, changes: Mapping[str, Any]) -> None:
        """Begin with a shipped scenario, and edit the file as a clinician would."""
        self.command("init", self.name, "--from", based_on)
        path = self.folder / f"{self.name}.toml"
        file: Any = tomlkit.parse(path.read_text(encoding="utf-8"))
        for key, value in changes.items():
            section, _, last = key.rpartition(".")
            holder = file.setdefault(section, tomlkit.table()) if section else file
            holder[last] = value
        path.write_text(tomlkit.dumps(file), encoding="utf-8")

    def pack(self, start: date, *more: str) -> str:
        """Make the pack, and open the pharmacy's papers."""
        said = self.command("pack", f"{self.name}.toml", "--start-date", str(start), "--out", "pack", *more)
        self.command("open-pharmacy", "pack/pharmacy.age", "--out", "pharmacy")
        return said

    def rows(self, path: str) -> list[Row]:
        """Rows of a CSV file of the pack or the pharmacy."""
        with (self.folder / path).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def kits(self) -> dict[str, str]:
        """What each kit holds, by its code, as the pharmacist knows."""
        return {row["kit"]: row["holds"] for row in self.rows("pharmacy/contents.csv")}

    def text(self, path: str) -> str:
        """Text of a file in the folder."""
        return (self.folder / path).read_text(encoding="utf-8")

    def keep_diary(self, name: str, entry: Callable[[Row, bool], Row], days: int | None = None) -> list[Row]:
        """Fill in the patient's file, and save it under another name.

        Parameters
        ----------
        name : str
        entry : callable
            Cells to fill in, from a row and whether its kit holds the drug.
        days : int or None
            How many rows; all by default.
        """
        kits = self.kits()
        drug = next(held for held in kits.values() if self.drug in held)
        rows = [row | entry(row, kits.get(row["kit"]) == drug) for row in self.rows("pack/patient/diary.csv")][:days]
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return rows

    @property
    def drug(self) -> str:
        """Name of the drug under test."""
        file: Any = tomlkit.parse(self.text(f"{self.name}.toml"))
        return str(file["treatment"]["name"])


def noisy(usual: float, effect: float, sd: float, lowest: float, highest: float, step: float) -> Callable[[bool], str]:
    """Scores around a usual level, moved by an effect on the drug; some lines stay empty. The seed is fixed."""
    random = np.random.default_rng(20261130)

    def score(is_on_drug: bool) -> str:
        value = usual + effect * is_on_drug + sd * random.standard_normal()
        is_missing = random.random() < 0.05
        return "" if is_missing else f"{np.clip(step * round(value / step), lowest, highest):g}"

    return score
