from __future__ import annotations

import itertools
import lzma
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from n1trial.errors import InputError, RunError
from n1trial.files.beside import recover
from n1trial.files.source import MemoryFile
from n1trial.pack.log.log import LOG, first_line, read_log, record
from n1trial.pack.trial.read import read_trial
from n1trial.web.diary import unzip as pack_unzip
from n1trial.web.diary.unzip import FRESH, KNOWN, LOGS, PDFS, SEALED, sealed_keys, unzip_pack
from tests.killed import killed_at_each
from tests.pack.conftest import Sealed
from tests.pack.conftest import sealed_pack as sealed_pack  # the fixture
from tests.pack.kept import blinded_files, scenario_of, trial_of

COMMITMENT = "c" * 64
FIRST = "2027-04-01T10:00:00+02:00  first"
SECOND = "2027-04-01T09:30:00+00:00  second"
THIRD = "2027-04-02T10:00:00+02:00  third"


def pack_files() -> dict[str, str]:
    return dict(blinded_files(trial_of(scenario_of()), COMMITMENT))


def zipped(folder: Path, files: Mapping[str, str | bytes], top: str = "small-pack/") -> Path:
    path = folder / "pack.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as held:
        for name, text in files.items():
            held.writestr(f"{top}{name}", text)
    return path


def put(path: Path, name: str, packs: Path) -> Path:
    """Open a zip as it comes from a browser."""
    return unzip_pack(MemoryFile(name, path.read_bytes()), packs)


@pytest.mark.parametrize("top", ["", "small-pack/", "what I called it/"])
def test_a_pack_goes_into_a_folder_of_its_own(tmp_path: Path, top: str) -> None:
    left = {"__MACOSX/._small": "x", ".DS_Store": "x", "patient/Thumbs.db": "x"}
    path = zipped(tmp_path, pack_files(), top)
    with zipfile.ZipFile(path, "a") as held:
        held.mkdir("small-pack/empty")
        for name, text in left.items():
            held.writestr(name, text)
    folder = put(path, "pack.zip", tmp_path / "packs")
    assert folder == tmp_path / "packs" / COMMITMENT[:12]
    assert read_trial(folder).patient_code == trial_of(scenario_of()).patient_code
    assert sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()) == sorted(pack_files())
    assert [each.name for each in (tmp_path / "packs").iterdir()] == [folder.name]


def test_all_that_a_pack_holds_is_known(sealed_pack: Sealed) -> None:
    assert {*sealed_pack.files, *PDFS, *LOGS} == KNOWN


def test_logs_of_all_visits_stay(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    folder = put(zipped(tmp_path, pack_files()), "pack.zip", packs)
    (folder / "analysis.log").write_text(f"{SECOND}\n", encoding="utf-8")
    put(zipped(tmp_path, pack_files()), "pack.zip", packs)
    assert (folder / "analysis.log").read_text(encoding="utf-8") == f"{SECOND}\n"
    logs = {"analysis.log": f"{FIRST}\n{SECOND}\n{THIRD}", "reveals.log": f"{THIRD}\r\n"}
    for _ in range(2):
        put(zipped(tmp_path, pack_files() | logs), "pack.zip", packs)
    assert (folder / "analysis.log").read_text(encoding="utf-8").splitlines() == [SECOND, FIRST, THIRD]
    assert (folder / "reveals.log").read_text(encoding="utf-8") == f"{THIRD}\n"


def test_papers_are_those_of_the_last_zip_and_keys_are_never_lost(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    earlier = {
        "key.age": "old",
        "key-copy.age": "old",
        "clinician/protocol.html": "old",
        "clinician/opening.html": "old",
    }
    folder = put(zipped(tmp_path, pack_files() | earlier), "pack.zip", packs)
    brought = {"key.age": "old", "pharmacy.age": "new", "clinician/protocol.html": "new"}
    put(zipped(tmp_path, pack_files() | brought), "pack.zip", packs)
    assert sealed_keys(folder) == ("key.age", "key-copy.age")
    assert [(folder / name).read_text() for name in (*sealed_keys(folder), "clinician/protocol.html")] == [
        "old", "old", "new",
    ]  # fmt: skip
    assert not (folder / "clinician/opening.html").exists()
    assert (folder / "pharmacy.age").read_text() == "new"


def test_what_is_sealed_is_never_replaced_by_another(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    folder = put(zipped(tmp_path, pack_files() | dict.fromkeys(SEALED, "good")), "pack.zip", packs)
    other = dict.fromkeys(SEALED, "other") | {"clinician/kits.csv": "other", "analysis.log": FIRST}
    with pytest.raises(InputError) as caught:
        put(zipped(tmp_path, pack_files() | other), "other.zip", packs)
    assert caught.value.faults == tuple(
        f"other.zip: its {place} differs from the one of this pack in {folder / place}, which is kept; if that is not"
        f" the right one, move it away yourself, else take {place} out of the zip"
        for place in SEALED
    )
    assert {(folder / place).read_text() for place in SEALED} == {"good"}
    assert (folder / "clinician/kits.csv").read_text() == pack_files()["clinician/kits.csv"]
    assert not (folder / "analysis.log").exists()


def test_a_line_that_is_written_while_a_pack_is_opened_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packs = tmp_path / "packs"
    copy = {LOG: first_line("pack").decode()}
    folder = put(zipped(tmp_path, pack_files() | copy), "pack.zip", packs)
    write = pack_unzip._write

    def write_meanwhile(path: Path, content: bytes) -> None:
        if path.name == "kits.csv":
            record(folder, "all", reason="meanwhile")
        write(path, content)

    monkeypatch.setattr(pack_unzip, "_write", write_meanwhile)
    put(zipped(tmp_path, pack_files() | copy), "pack.zip", packs)
    assert [line.event for line in read_log(folder).lines] == ["pack", "all"]


def test_a_copy_of_the_log_that_comes_back_is_joined(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    beginning = first_line("pack").decode()
    folder = put(zipped(tmp_path, pack_files() | {LOG: beginning}), "pack.zip", packs)
    record(folder, "freeze")
    away = tmp_path / "away"
    away.mkdir()
    (away / LOG).write_text(beginning, encoding="utf-8")
    record(away, "kit", kit="H7K-3M0")
    copy = {LOG: (away / LOG).read_text(encoding="utf-8").replace("\n", "\r\n")}
    for _ in range(2):
        put(zipped(tmp_path, pack_files() | copy), "pack.zip", packs)
        assert [line.event for line in read_log(folder).lines] == ["pack", "freeze", "kit", "merge"]
        assert read_log(folder).faults == ()


BAD = {
    "../key.age": "holds '../key.age', which no pack has; take it out",
    "/etc/passwd": "holds '/etc/passwd', which no pack has; take it out",
    "patient/../../x": "holds 'patient/../../x', which no pack has; take it out",
    "patient\\diary.csv ": "which no pack has; take it out",
    "C:/key.age": "holds 'C:/key.age', which no pack has; take it out",
    "patient/evil.html": "holds 'patient/evil.html', which no pack has; take it out",
    "pharmacy/kits.html": "holds pharmacy/, which shows what each kit holds, and does not belong here; take it out",
}


@pytest.mark.parametrize("name", BAD)
def test_what_no_pack_has_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        put(zipped(tmp_path, pack_files() | {name: "x"}, ""), "mine.zip", tmp_path / "packs")
    (fault,) = caught.value.faults
    assert fault.startswith("mine.zip: ")
    assert fault.endswith(BAD[name])
    assert not (tmp_path / "packs").exists()


def test_a_member_beside_the_folder_of_the_pack_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, pack_files())
    with zipfile.ZipFile(path, "a") as held:
        held.writestr("../../escaped", "x")
    with pytest.raises(InputError, match=r"holds '\.\./\.\./escaped'"):
        put(path, "pack.zip", tmp_path / "packs")


def test_everything_wrong_with_a_zip_is_told(tmp_path: Path) -> None:
    files = {f"{number}.txt": "x" for number in range(12)} | {"commitment.txt": "x"}
    with pytest.raises(InputError) as caught:
        put(zipped(tmp_path, files), "pack.zip", tmp_path / "packs")
    faults = caught.value.faults
    assert len(faults) == 13
    assert faults[10:] == (
        "pack.zip: holds more files that no pack has",
        "pack.zip: holds no clinician/scenario.toml, and a pack has it",
        "pack.zip: holds no clinician/kits.csv, and a pack has it",
    )


def test_a_zip_that_is_too_large_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_unzip, "MOST_BYTES", 1024**2)
    big = zipped(tmp_path, pack_files() | {"pharmacy.age": bytes(1024**2)})
    assert big.stat().st_size < 100_000
    with pytest.raises(InputError, match="holds more than 1 MB, and so is no pack"):
        put(big, "pack.zip", tmp_path / "packs")
    many = zipped(tmp_path, {f"{number}": "" for number in range(201)})
    with pytest.raises(InputError, match="holds 201 files, and a pack at most 200"):
        put(many, "pack.zip", tmp_path / "packs")


def test_a_file_that_is_no_zip_or_spoilt_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, pack_files())
    content = bytearray(path.read_bytes())
    content[200:400] = bytes(200)
    for spoilt in (b"", b"day,score\n", bytes(content)):
        path.write_bytes(spoilt)
        with pytest.raises(InputError, match=r"^pack\.zip: is no zip file, or is damaged$"):
            put(path, "pack.zip", tmp_path / "packs")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_that_is_packed_in_a_rare_way_is_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w", method) as held:
        for name, text in pack_files().items():
            held.writestr(name, text)
    with pytest.raises(InputError, match=r"^pack\.zip: is packed in a way that not every system reads"):
        put(path, "pack.zip", tmp_path / "packs")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_whatever_is_damaged_is_told_in_words(tmp_path: Path, method: int) -> None:
    generator, path = np.random.default_rng(20_27), tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w", method) as held:
        for name, text in pack_files().items():
            held.writestr(name, text)
    whole = np.frombuffer(path.read_bytes(), np.uint8)
    listed = whole.tobytes().index(b"PK\1\2")  # what the zip tells of its files, and where damage does most
    faults = list[str]()
    for number in range(400):
        spoilt = whole.copy()
        places = generator.integers(listed if number % 2 else 0, len(whole), size=generator.integers(1, 6))
        spoilt[places] = generator.integers(0, 256, size=len(places))
        path.write_bytes(spoilt.tobytes())
        try:
            pack_unzip._files(MemoryFile("pack.zip", path.read_bytes()))
        except InputError as error:
            faults.extend(error.faults)
    assert len(faults) > 200
    assert {fault[:10] for fault in faults} == {"pack.zip: "}


@pytest.mark.parametrize(
    "failure",
    [lzma.LZMAError(), OSError(22, "Invalid argument"), ValueError(), RuntimeError(), zlib.error(), EOFError(),
     NotImplementedError(), struct.error()],
)  # fmt: skip
def test_whatever_a_zip_raises_is_told_in_words(
    tmp_path: Path, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise failure

    monkeypatch.setattr(zipfile.ZipFile, "read", fail)
    with pytest.raises(InputError, match=r"^pack\.zip: is no zip file, or is damaged$"):
        put(zipped(tmp_path, pack_files()), "pack.zip", tmp_path / "packs")


def test_a_commitment_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        put(zipped(tmp_path, pack_files() | {"commitment.txt": "abc\n"}), "pack.zip", tmp_path / "packs")
    assert caught.value.faults == ("pack.zip: commitment.txt: must be 64 of the characters 0-9 and a-f, and is 'abc'",)


def test_two_packs_never_share_a_folder(tmp_path: Path) -> None:
    files, packs = pack_files(), tmp_path / "packs"
    put(zipped(tmp_path, files), "pack.zip", packs)
    other = files | {"commitment.txt": files["commitment.txt"].replace("c" * 64, "c" * 63 + "d")}
    with pytest.raises(InputError, match="is the folder of another pack"):
        put(zipped(tmp_path, other), "pack.zip", packs)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "packs").write_text("a file")
    with pytest.raises(RunError, match="cannot be written"):
        put(zipped(tmp_path, pack_files()), "pack.zip", tmp_path / "packs")


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
def test_what_a_killed_page_left_beside_its_packs_is_settled_by_the_next(tmp_path: Path) -> None:
    path = zipped(tmp_path, pack_files())

    def places() -> Iterator[Path]:
        for number in itertools.count():
            (tmp_path / f"{number}").mkdir()
            yield tmp_path / f"{number}" / "packs"

    left = 0
    for number, packs in enumerate(killed_at_each(lambda packs: put(path, "pack.zip", packs), places())):
        left += packs.exists() and any(each.name.startswith(".") for each in packs.iterdir())
        if number % 8 == 0:
            put(path, "pack.zip", packs)
        else:
            recover(packs / FRESH)
        assert not packs.exists() or [each.name for each in packs.iterdir() if each.name.startswith(".")] == []
    assert left > 10
