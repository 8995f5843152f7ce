from __future__ import annotations

import sys
from pathlib import Path

import pytest

from n1trial.errors import InputError
from n1trial.pack.make import folder as folders
from n1trial.pack.make.folder import Passphrases, open_pharmacy, write_pack
from n1trial.pack.sealed.files import sealed_content
from n1trial.pack.sealed.open_key import open_key
from n1trial.pack.sealed.seal import SealError
from n1trial.pack.trial.commitment import stated_commitment
from tests.pack.conftest import Sealed

pytestmark = pytest.mark.usefixtures("quick")


def test_what_a_pack_holds(sealed_pack: Sealed) -> None:
    beside = {path for path in sealed_pack.files if "/" not in path}
    assert beside == {"key.age", "key-copy.age", "pharmacy.age", "code-break.age", "commitment.txt", "trial.log"}
    assert {path.split("/")[0] for path in sealed_pack.files} - beside == {"patient", "clinician"}
    header = sealed_pack.files["patient/diary.csv"].decode().splitlines()[0].split(",")
    assert header[:5] == ["day", "date", "week", "kit", "score"]
    assert not set(header) & {"period", "cycle", "treatment"}


def test_the_pharmacy_is_open_where_asked_for(sealed_pack: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "seal", lambda content, _: content)
    files = folders.sealed_files(sealed_pack.pack, Passphrases("key", None))
    assert {path for path in files if path.endswith(".age")} == {"key.age", "code-break.age"}
    opened = {path.removeprefix("pharmacy/"): text for path, text in files.items() if path.startswith("pharmacy/")}
    assert opened == sealed_pack.pack.pharmacy


def test_the_pharmacist_opens_the_papers(sealed_pack: Sealed) -> None:
    sealed = sealed_pack.files["pharmacy.age"]
    assert open_pharmacy(sealed, str(sealed_pack.passphrases.pharmacy), "pharmacy.age") == sealed_pack.pack.pharmacy
    with pytest.raises(SealError, match=r"pharmacy\.age: does not open"):
        open_pharmacy(sealed, sealed_pack.passphrases.key, "pharmacy.age")


def test_something_else_under_the_pharmacist_s_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "unseal", lambda sealed, *_: sealed)
    with pytest.raises(SealError, match="holds no papers of a pharmacy"):
        open_pharmacy(b"something", "passphrase", "pharmacy.age")


def test_both_copies_of_the_key_open_and_nothing_was_changed(sealed_pack: Sealed, tmp_path: Path) -> None:
    pack = sealed_pack.write(tmp_path / "pack")
    for name, passphrase in (
        ("key.age", sealed_pack.passphrases.key),
        ("key-copy.age", str(sealed_pack.passphrases.copy)),
    ):
        content = sealed_content(pack / name)
        opened = open_key(content, passphrase, stated_commitment(pack), pack / name, pack)
        assert opened.key.to_bytes() == sealed_pack.pack.key_text
        assert (opened.changes, opened.missing) == ((), ())


def test_what_was_changed_after_sealing_is_told(sealed_pack: Sealed, tmp_path: Path) -> None:
    pack = sealed_pack.write(tmp_path / "pack")
    path, content = pack / "key.age", sealed_pack.files["key.age"]
    kept = [name for name in sealed_pack.files if name.startswith("clinician/")]
    diary = (pack / "patient/diary.csv").read_bytes()
    (pack / "patient/diary.csv").write_bytes(diary + b"filled in\n")
    (pack / kept[0]).write_bytes((pack / kept[0]).read_bytes() + b" ")
    (pack / kept[1]).unlink()
    opened = open_key(content, sealed_pack.passphrases.key, sealed_pack.pack.commitment, path, pack)
    assert (opened.changes, opened.missing) == ((kept[0],), (kept[1],))
    with pytest.raises(SealError, match="is not the key of this pack"):
        open_key(content, sealed_pack.passphrases.key, "0" * 64, path, pack)


def test_the_commitment_from_a_paper(tmp_path: Path) -> None:
    assert stated_commitment(tmp_path, " ".join(["ABCDEF01"] * 8)) == "abcdef01" * 8
    with pytest.raises(InputError, match="take the commitment from any blinded paper"):
        stated_commitment(tmp_path)
    for typed in ("abc", "x" * 64):
        with pytest.raises(InputError, match="commitment: must be 64 of the characters"):
            stated_commitment(tmp_path, typed)
    (tmp_path / "commitment.txt").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"commitment\.txt: must be 64"):
        stated_commitment(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are otherwise there")
def test_open_papers_of_the_pharmacy_are_for_their_owner_alone(sealed_pack: Sealed, tmp_path: Path) -> None:
    for passphrase, private in ((None, {"pharmacy"}), ("the pharmacist's words", set[str]())):
        folder = tmp_path / f"{len(private)}"
        write_pack(folder, sealed_pack.pack, Passphrases("the key's own words", passphrase))
        for path in (folder, *folder.rglob("*")):
            is_private = not private.isdisjoint(path.relative_to(folder).parts)
            assert bool(path.stat().st_mode & 0o077) != is_private, path
