from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.errors import InputError, RunError
from n1trial.pack.blinded import read_trial
from n1trial.web import pack_unzip
from n1trial.web.pack_unzip import KNOWN, LOGS, PDFS, joined, sealed_keys, unzipped
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


@pytest.mark.parametrize("top", ["", "small-pack/", "what I called it/"])
def test_a_pack_goes_into_a_folder_of_its_own(tmp_path: Path, top: str) -> None:
    left = {"__MACOSX/._small": "x", ".DS_Store": "x", "patient/Thumbs.db": "x"}
    path = zipped(tmp_path, pack_files(), top)
    with zipfile.ZipFile(path, "a") as held:
        held.mkdir("small-pack/empty")
        for name, text in left.items():
            held.writestr(name, text)
    folder = unzipped(path, "pack.zip", tmp_path / "packs")
    assert folder == tmp_path / "packs" / COMMITMENT[:12]
    assert read_trial(folder).patient_code == trial_of(scenario_of()).patient_code
    assert sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()) == sorted(pack_files())
    assert [each.name for each in (tmp_path / "packs").iterdir()] == [folder.name]


def test_all_that_a_pack_holds_is_known(sealed_pack: Sealed) -> None:
    assert {*sealed_pack.files, *PDFS, *LOGS} == KNOWN


def test_logs_of_all_visits_stay(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    folder = unzipped(zipped(tmp_path, pack_files()), "pack.zip", packs)
    (folder / "analysis.log").write_text(f"{SECOND}\n", encoding="utf-8")
    unzipped(zipped(tmp_path, pack_files()), "pack.zip", packs)
    assert (folder / "analysis.log").read_text(encoding="utf-8") == f"{SECOND}\n"
    logs = {"analysis.log": f"{FIRST}\n{SECOND}\n{THIRD}", "reveals.log": f"{THIRD}\r\n"}
    for _ in range(2):
        unzipped(zipped(tmp_path, pack_files() | logs), "pack.zip", packs)
    assert (folder / "analysis.log").read_text(encoding="utf-8").splitlines() == [FIRST, SECOND, THIRD]
    assert (folder / "reveals.log").read_text(encoding="utf-8") == f"{THIRD}\n"


def test_papers_are_those_of_the_last_zip_and_keys_are_never_lost(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    earlier = {
        "key.age": "old",
        "key-copy.age": "old",
        "clinician/protocol.html": "old",
        "clinician/opening.html": "old",
    }
    folder = unzipped(zipped(tmp_path, pack_files() | earlier), "pack.zip", packs)
    unzipped(zipped(tmp_path, pack_files() | {"key.age": "new", "clinician/protocol.html": "new"}), "pack.zip", packs)
    assert sealed_keys(folder) == ("key.age", "key-copy.age")
    assert [(folder / name).read_text() for name in (*sealed_keys(folder), "clinician/protocol.html")] == [
        "new", "old", "new",
    ]  # fmt: skip
    assert not (folder / "clinician/opening.html").exists()


LINES = st.lists(st.sampled_from([FIRST, SECOND, THIRD, "no time", "2027-04-01T10:00:00  of this place"]))


@given(LINES, LINES)
def test_joining_loses_and_repeats_no_line(held: list[str], brought: list[str]) -> None:
    both = joined(held, brought)
    assert sorted(both) == sorted({*held, *brought})
    assert joined(both, brought) == joined(both, []) == both or "no time" in both
    timed = [line for line in both if line in (FIRST, SECOND, THIRD)]
    assert timed == [line for line in (FIRST, SECOND, THIRD) if line in timed]


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
        unzipped(zipped(tmp_path, pack_files() | {name: "x"}, ""), "mine.zip", tmp_path / "packs")
    (fault,) = caught.value.faults
    assert fault.startswith("mine.zip: ")
    assert fault.endswith(BAD[name])
    assert not (tmp_path / "packs").exists()


def test_a_member_beside_the_folder_of_the_pack_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, pack_files())
    with zipfile.ZipFile(path, "a") as held:
        held.writestr("../../escaped", "x")
    with pytest.raises(InputError, match=r"holds '\.\./\.\./escaped'"):
        unzipped(path, "pack.zip", tmp_path / "packs")


def test_everything_wrong_with_a_zip_is_told(tmp_path: Path) -> None:
    files = {f"{number}.txt": "x" for number in range(12)} | {"commitment.txt": "x"}
    with pytest.raises(InputError) as caught:
        unzipped(zipped(tmp_path, files), "pack.zip", tmp_path / "packs")
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
        unzipped(big, "pack.zip", tmp_path / "packs")
    many = zipped(tmp_path, {f"{number}": "" for number in range(201)})
    with pytest.raises(InputError, match="holds 201 files, and a pack at most 200"):
        unzipped(many, "pack.zip", tmp_path / "packs")


def test_a_file_that_is_no_zip_or_spoilt_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, pack_files())
    content = bytearray(path.read_bytes())
    content[200:400] = bytes(200)
    for spoilt in (b"", b"day,score\n", bytes(content)):
        path.write_bytes(spoilt)
        with pytest.raises(InputError, match=r"^pack\.zip: is no zip file, or is damaged$"):
            unzipped(path, "pack.zip", tmp_path / "packs")


def test_a_commitment_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        unzipped(zipped(tmp_path, pack_files() | {"commitment.txt": "abc\n"}), "pack.zip", tmp_path / "packs")
    assert caught.value.faults == ("pack.zip: commitment.txt: must be 64 of the characters 0-9 and a-f, and is 'abc'",)


def test_two_packs_never_share_a_folder(tmp_path: Path) -> None:
    files, packs = pack_files(), tmp_path / "packs"
    unzipped(zipped(tmp_path, files), "pack.zip", packs)
    other = files | {"commitment.txt": files["commitment.txt"].replace("c" * 64, "c" * 63 + "d")}
    with pytest.raises(InputError, match="is the folder of another pack"):
        unzipped(zipped(tmp_path, other), "pack.zip", packs)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "packs").write_text("a file")
    with pytest.raises(RunError, match="cannot be written"):
        unzipped(zipped(tmp_path, pack_files()), "pack.zip", tmp_path / "packs")
