"""The end of a trial: nobody is asked for the passphrase before the diary is read without a fault and frozen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from n1trial.errors import InputError
from n1trial.pack.conclusion.finish import EndRequest, finish
from n1trial.pack.log.log import read_log
from tests.pack.conftest import Sealed

AT_THE_END = EndRequest(today=date(2200, 1, 1))


class AskedError(Exception):
    """The passphrase was asked for."""


def ask() -> str:
    raise AskedError


def test_the_passphrase_is_asked_for_when_the_diary_is_frozen(sealed_pack: Sealed, tmp_path: Path) -> None:
    pack = sealed_pack.write(tmp_path / "pack")
    wanted: list[str] = []

    def folder_for(name: str) -> Path:
        wanted.append(name)
        return tmp_path / name

    with pytest.raises(AskedError):
        finish(pack / "patient" / "diary.csv", pack / "key.age", ask, folder_for, request=AT_THE_END)
    assert [line.event for line in read_log(pack).lines] == ["pack", "freeze"]
    trial = sealed_pack.pack.trial
    assert wanted == [f"{trial.scenario.name}-{trial.patient_code}-analysis"]


def test_a_diary_at_fault_is_not_frozen_and_nobody_is_asked(sealed_pack: Sealed, tmp_path: Path) -> None:
    pack = sealed_pack.write(tmp_path / "pack")
    diary = tmp_path / "diary.csv"
    diary.write_text("day,kit,score\n0,,99\n", encoding="utf-8")
    with pytest.raises(InputError, match="99"):
        finish(diary, pack / "key.age", ask, tmp_path.joinpath, request=AT_THE_END)
    assert [line.event for line in read_log(pack).lines] == ["pack"]


def test_a_place_that_cannot_be_is_told_before_anything_is_frozen(sealed_pack: Sealed, tmp_path: Path) -> None:
    pack = sealed_pack.write(tmp_path / "pack")

    def refuse(name: str) -> Path:
        raise InputError(f"{name}: no")

    with pytest.raises(InputError, match="-analysis: no"):
        finish(pack / "patient" / "diary.csv", pack / "key.age", ask, refuse, request=AT_THE_END)
    assert [line.event for line in read_log(pack).lines] == ["pack"]
