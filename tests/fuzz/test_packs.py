"""Packs, their logs, diaries and the text of their keys, damaged: refused in words, or read; nothing half done."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from n1trial.pack.make.assemble import make_pack
from n1trial.pack.make.folder import Passphrases, sealed_files
from n1trial.pack.sealed.seal import seal
from n1trial.pack.trial.commitment import commitment_of
from tests.fuzz.mutants import changed, damaged, draws, safe, table_changed
from tests.pack.packable import PLANNED, START, secrets_of, short
from tests.pack.quick import quick_passphrases

PASSPHRASE = "the words of a rehearsal"
BLINDED = ("commitment.txt", "clinician/kits.csv", "clinician/scenario.toml", "patient/diary.csv", "trial.log")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A rehearsal's pack, and the text of its key."""
    folder = tmp_path_factory.mktemp("made")
    pack = make_pack(short(), START, secrets_of(7), PLANNED, is_rehearsal=True)
    with quick_passphrases():
        for name, content in sealed_files(pack, Passphrases(PASSPHRASE, PASSPHRASE, None)).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    return folder, pack.key_text


def commands(folder: Path, kit: str) -> dict[str, tuple[str, ...]]:
    """What is done with a pack, and changes nothing but its log."""
    key = str(folder / "key.age")
    return {
        "check": ("reveal", key, "--check"),
        "kit": ("reveal", key, "--kit", kit, "--reason", "fuzz"),
        "look": ("check-diary", str(folder / "patient" / "diary.csv"), "--pack", str(folder)),
        "rehearse": ("rehearse", key, "--out", str(folder.parent / "rehearsed.csv")),
        "pharmacy": ("open-pharmacy", str(folder / "pharmacy.age"), "--out", str(folder.parent / "pharmacy")),
    }


def kit_of(text: bytes) -> str:
    return str(json.loads(text.decode().split("\n", 1)[1])["kits"][0]["code"])


def copied(made: Path, to: Path) -> Path:
    """A fresh copy of a pack, and nothing beside it."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    shutil.copytree(made, to / "pack")
    return to / "pack"


def test_packs_with_damaged_files(made: tuple[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", PASSPHRASE)
    with quick_passphrases():
        for draw in draws("pack", 40):
            folder = copied(made[0], tmp_path / "copy")
            path = folder / draw.choice((*BLINDED, *BLINDED, "key.age", "pharmacy.age", "code-break.age"))
            if path.is_file() and draw.random() < 0.9:
                is_table = path.suffix == ".csv" and draw.random() < 0.7
                content = path.read_bytes()
                if is_table:
                    content = table_changed(draw, content.decode()).encode("utf-8", "surrogatepass")
                path.write_bytes(content if is_table else damaged(draw, content))
            else:
                path.unlink(missing_ok=True)
            name = draw.choice(["check", "kit", "look", "look", "rehearse", "pharmacy"])
            safe(*commands(folder, kit_of(made[1]))[name], within=folder.parent)


def test_keys_rewritten(made: tuple[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", PASSPHRASE)
    nonce, document = made[1].decode().split("\n", 1)
    with quick_passphrases():
        for draw in draws("key", 40):
            folder = copied(made[0], tmp_path / "copy")
            text = f"{nonce}\n{json.dumps(changed(draw, json.loads(document)))}\n".encode()
            if draw.random() < 0.2:
                text = damaged(draw, made[1])
            (folder / "key.age").write_bytes(seal(text, PASSPHRASE))
            stated = (folder / "commitment.txt").read_text().replace(commitment_of(made[1]), commitment_of(text))
            (folder / "commitment.txt").write_text(stated)
            safe(*commands(folder, kit_of(made[1]))[draw.choice(["check", "kit", "rehearse"])], within=folder.parent)
