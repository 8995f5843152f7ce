"""A trial that is no rehearsal, at its end: blinded files, a key that opens at once, and the diary that came back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from n1trial.pack.log.chain import LogLine
from n1trial.pack.log.log import LOG, first_line, read_log
from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.seal import SealError
from n1trial.pack.trial.commitment import commitment_of
from tests.pack.kept import Rows, filled, lived, scenario_of, text_of, write_pack

PASSPHRASE = "the key's own words"
HEADER = b"age-encryption.org/v1\n-> X25519 a\nb\n--- " + b"c" * 43 + b"\n"
"""Of an age file, which is looked at before it is opened."""
DIARY, PACK, SEALED = "diary.csv", "pack", "pack/key.age"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ending:
    """What a test has in the current folder.

    Attributes
    ----------
    key : Key
    rows : list of dict
        Of the diary.
    set_today : callable
        Sets the date of this machine.
    """

    key: Key
    rows: Rows
    set_today: Callable[[date], None]

    @property
    def last_day(self) -> date:
        return self.key.trial.date_of(self.key.trial.last_day)

    @property
    def log(self) -> tuple[LogLine, ...]:
        return read_log(Path(PACK)).lines

    @property
    def events(self) -> list[str]:
        return [line.event for line in self.log]

    def write(self, rows: Rows | None = None) -> None:
        Path(DIARY).write_text(text_of(self.rows if rows is None else rows), encoding="utf-8")

    def changed(self, day: int, **cells: str) -> Rows:
        """Rows of the diary with other cells on a day."""
        return [row | cells if row["day"] == str(day) else row for row in self.rows]


def make_ending(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Ending:
    """Write it, without what is slow: opening for real, and drawing; the trial has ended the day before."""
    diaries, key = lived(scenario_of(conduct__dropout_per_week=0.0), 3)
    text = key.to_bytes()
    pack = write_pack(key.trial, folder / PACK, commitment_of(text))
    (pack / "key.age").write_bytes(HEADER)
    (pack / LOG).write_bytes(first_line("pack", commitment=commitment_of(text)))

    def unsealed(sealed: bytes, passphrase: str, place: str) -> bytes:  # noqa: ARG001
        if passphrase != PASSPHRASE:
            raise SealError(f"{place}: does not open", "phrase")
        return text

    def set_today(day: date) -> None:
        when = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        monkeypatch.setattr("n1trial.pack.log.log.now", lambda: when)

    monkeypatch.setattr("n1trial.pack.sealed.open_key.unseal", unsealed)
    monkeypatch.setattr(
        "n1trial.pack.conclusion.pages._pictures", lambda *_: dict.fromkeys(("course", "rounds", "analyses"), "")
    )
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", PASSPHRASE)
    ending = Ending(key, filled(diaries, key.trial), set_today)
    ending.write()
    set_today(ending.last_day + DAY)
    return ending


def deviations_in(folder: Path) -> list[dict[str, str]]:
    with next(folder.glob("*/deviations.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
