from __future__ import annotations

import re
from pathlib import Path

import pytest

from n1trial.pack.log.log import read_log
from tests.cli.files import call, names
from tests.pack.conftest import quick as quick  # the fixture

pytestmark = pytest.mark.usefixtures("quick")
KEY, PHARMACY, COPY = "the key's own words", "the pharmacist's words", "the copy's own words"
SMALL = (
    "--set", "simulation.replicates=200", "--set", "design.cycles=2", "--set", "design.period_days=14",
    "--set", "design.switch_jitter_days=0", "--set", "analysis.discard_days=0", "--set", "analysis.minimum_days=1",
    "--set", "analysis.primary=paired",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("N1TRIAL_PASSPHRASE", "N1TRIAL_PHARMACY_PASSPHRASE", "N1TRIAL_SECOND_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A rehearsal's folder, and what was said when it was made."""
    folder = tmp_path_factory.mktemp("pack") / "rehearsal"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("n1trial.study.batches.workers.available", lambda: 1)
        patch.setenv("N1TRIAL_PASSPHRASE", KEY)
        patch.setenv("N1TRIAL_PHARMACY_PASSPHRASE", PHARMACY)
        patch.setenv("N1TRIAL_SECOND_PASSPHRASE", COPY)
        result = call(
            "pack", "b12-6-to-8-week", "--start-date", "2199-01-07", "--out", str(folder), "--seed", "3",
            "--second-passphrase", *SMALL,
        )  # fmt: skip
    assert (result.exit_code, result.stderr) == (0, "")
    return folder, result.stdout


def test_a_pack_is_made_and_told(packed: tuple[Path, str]) -> None:
    folder, told = packed
    assert names(folder) == [
        "clinician", "code-break.age", "commitment.txt", "key-copy.age", "key.age", "patient", "pharmacy.age",
        "program", "trial.log",
    ]  # fmt: skip
    (beginning,) = read_log(folder).lines
    assert (beginning.event, beginning.facts["commitment"]) == ("pack", (folder / "commitment.txt").read_text()[:64])
    assert beginning.facts["is_rehearsal"] is True
    assert told.startswith("EXAMPLE - NOT FOR A PATIENT")
    commitment = (folder / "commitment.txt").read_text().split("\n")[0]
    assert commitment in "".join(told.split())
    assert "2199-01-07 to 2199-03-17, 10 weeks; the first of 8 kits is opened on 2199-01-21" in " ".join(told.split())


def test_a_key_is_proven_without_being_shown(packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = packed
    for name, passphrase in (("key.age", KEY), ("key-copy.age", COPY)):
        monkeypatch.setenv("N1TRIAL_PASSPHRASE", passphrase)
        result = call("reveal", str(folder / name), "--check")
        assert result.exit_code == 0
        assert "The blinded papers beside it are those that were handed out with it." in result.stdout
        assert "Vitamin B12" not in result.stdout
        assert "Placebo" not in result.stdout
    assert [line.event for line in read_log(folder).lines[-2:]] == ["check", "check"]


def test_one_kit_is_revealed_and_the_reason_kept(packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = packed
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", KEY)
    every = call("reveal", str(folder / "key.age"), "--all").stdout
    rows = re.findall(r"^ +\d+  (\S+) +(\S+) +\S+  \S+  (.+)$", every, re.MULTILINE)
    assert len(rows) == 8
    code, replacement, name = rows[3]
    for typed in (code.lower().replace("-", ""), replacement):
        result = call("reveal", str(folder / "key.age"), "--kit", typed, "--reason", "fell ill")
        assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"Kit {replacement} holds {name}.\n"
    assert "Vitamin B12 1000 mcg" in {held for _, _, held in rows}
    shown = [line for line in read_log(folder).lines if line.event in ("all", "kit")]
    assert [line.facts.get("kit") for line in shown] == [None, code, replacement]
    assert [line.facts.get("opened_with") for line in shown] == [None, "key", "key"]
    assert [line.facts["reason"] for line in shown] == [None, "fell ill", "fell ill"]
    assert not any(held in line.text for line in read_log(folder).lines for held in ("Vitamin", "Placebo"))


def test_the_labels_of_a_fill_come_out_alone_with_the_earlier_use_by_date(
    packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sealed, out = str(packed[0] / "pharmacy.age"), tmp_path / "labels"
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", PHARMACY)
    refused = call("open-pharmacy", sealed, "--out", str(out), "--use-by", "2199-12-31")
    assert (refused.exit_code, out.exists()) == (2, False)
    assert "--use-by: needs --fill" in refused.stderr
    dates = ("--use-by", "2199-12-31", "--use-by", "2199-06-30")
    result = call("open-pharmacy", sealed, "--out", str(out), "--fill", "1", *dates)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "use by 2199-06-30. They show nothing of what a kit holds" in result.stdout
    (page,) = (path for path in out.iterdir() if path.suffix == ".html")
    assert page.name == "labels-of-fill-1.html"
    assert "Use by <strong>30 Jun 2199</strong>" in page.read_text()
    assert "31 Dec 2199" not in page.read_text()


def test_a_slip_of_the_pharmacy_opens_its_kit(
    packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, _ = packed
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", PHARMACY)
    result = call("open-pharmacy", str(folder / "pharmacy.age"), "--out", str(tmp_path / "opened"))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "they show what each kit holds" in result.stdout
    assert call("open-pharmacy", str(folder / "pharmacy.age"), "--out", str(tmp_path / "opened")).exit_code == 2
    text = " ".join(path.read_text() for path in (tmp_path / "opened").rglob("*.html"))
    kit = (folder / "clinician/kits.csv").read_text().splitlines()[1].split(",")[1]
    phrases = re.findall(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", text)
    opened = []
    for phrase in dict.fromkeys(phrases):
        monkeypatch.setenv("N1TRIAL_PASSPHRASE", phrase)
        result = call("reveal", str(folder / "code-break.age"), "--kit", kit, "--reason", "test")
        opened.append((result.exit_code, result.stdout))
    assert len(opened) == 16  # kits and their replacements
    assert [exit_code for exit_code, _ in opened].count(0) == 1
    assert [exit_code for exit_code, _ in opened].count(4) == 15
    assert {told for exit_code, told in opened if exit_code} == {""}


@pytest.mark.parametrize("what", [("--all",), ("--check",), ("--kit", "CODE", "--reason", "x")])
def test_a_wrong_passphrase_is_told_nothing(
    packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, what: tuple[str, ...]
) -> None:
    folder, _ = packed
    kit = (folder / "clinician/kits.csv").read_text().splitlines()[1].split(",")[1]
    before = len(read_log(folder).lines)
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", "a guess of mine")
    result = call("reveal", str(folder / "key.age"), *(kit if part == "CODE" else part for part in what))
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.endswith("does not open: the passphrase is not the right one, or the file is damaged\n")
    (failure,) = read_log(folder).lines[before:]
    assert (failure.event, failure.facts["why"], failure.facts["file"]) == ("failure", "phrase", "key.age")


def test_a_key_of_another_pack(packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = packed
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", KEY)
    result = call("reveal", str(folder / "key.age"), "--all", "--commitment", "0" * 64)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "is not the key of this pack" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("key.age",), "choose one of --kit CODE, --all and --check"),
        (("key.age", "--all", "--check"), "choose one of"),
        (("key.age", "--kit", "DYR-34C"), "--kit needs --reason TEXT"),
        (("key.age", "--kit", "DYR-34C", "--reason", "  "), "--kit needs --reason TEXT"),
        (("key.age", "--all", "--early"), "--early needs --reason TEXT"),
        (("key.age", "--kit", "DYR-34C", "--reason", "x", "--early"), "--early belongs to --all"),
        (("key.age", "--check", "--yes"), "--yes belongs to --all"),
        (("key.age", "--check", "--reason", "x"), "--reason does not belong to it"),
        (
            ("key.age", "--kit", "DYR-34D", "--reason", "x"),
            "--kit DYR-34D: is no code of a kit, by its check character",
        ),
        (("none.age", "--all"), "none.age: no such file"),
        (("commitment.txt", "--all"), "commitment.txt: is not a file sealed by age"),
        (("code-break.age", "--all"), "code-break.age holds each kit apart"),
        (("code-break.age", "--kit", "XTN-F6W", "--reason", "x"), "no kit of this pack"),
        (("key.age", "--kit", "XTN-F6W", "--reason", "x"), "no kit of this pack"),
        (("patient", "--all"), "is a folder; name the sealed file in it"),
    ],
)
def test_what_cannot_be_revealed(
    packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", KEY)
    name, *rest = arguments
    result = call("reveal", str(packed[0] / name), *rest)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_nothing_is_shown_where_the_log_cannot_be_written(
    packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("key.age", "commitment.txt"):
        (tmp_path / name).write_bytes((packed[0] / name).read_bytes())
    (tmp_path / "trial.log").mkdir()
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", KEY)
    result = call("reveal", str(tmp_path / "key.age"), "--all", "--yes")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "trial.log: cannot be written" in result.stderr


def test_every_fault_at_once(here: Path) -> None:
    (here / "taken").mkdir()
    (here / "taken/file").touch()
    result = call(
        "pack", "b12-8-week", "--start-date", "2027-02-30", "--out", "taken", "--set", "design.run_in_days=7",
        "--set", "pack.kit_days=6",
    )  # fmt: skip
    assert (result.exit_code, result.stdout) == (2, "")
    faults = result.stderr.splitlines()
    assert len(faults) == 4
    for fault, words in zip(
        faults,
        ("--start-date 2027-02-30: must be a date", "design.period_days: must be whole kits", "design.run_in_days",
         "--out taken: holds files already"),
        strict=True,
    ):  # fmt: skip
        assert words in fault
    assert names(here) == ["taken"]


def test_nobody_to_ask_for_a_passphrase(here: Path) -> None:
    result = call("pack", "b12-8-week", "--start-date", "2199-01-07", "--out", "pack")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the passphrase of the key is asked for on a terminal, or taken from N1TRIAL_PASSPHRASE" in result.stderr
    assert names(here) == []


@pytest.mark.parametrize(
    ("key", "copy", "told"),
    [
        ("short", "longer than that", "the passphrase of the key must have at least 12 characters, but has 5; take 6"),
        ("passwordpassword", "longer than that", "the passphrase of the key is easily guessed (Repeats like"),
        ("the key's own words", "qwertyuiop12", "the passphrase of the second copy of the key is easily guessed"),
        ("long and enough", "long and enough", "has the same passphrase as the first, and so is of no use"),
    ],
)
def test_passphrases_that_seal_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, key: str, copy: str, told: str
) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", key)
    monkeypatch.setenv("N1TRIAL_SECOND_PASSPHRASE", copy)
    result = call("pack", "b12-8-week", "--start-date", "2199-01-07", "--out", "pack", "--second-passphrase")
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert names(here) == []


@pytest.mark.parametrize("date", ["0001-01-01", "1999-12-31", "9999-12-31"])
def test_a_diary_of_another_age(here: Path, date: str) -> None:
    result = call("pack", "b12-8-week", "--start-date", date, "--out", "pack")
    assert (result.exit_code, names(here)) == (2, [])
    assert f"--start-date {date}: must be in the years 2000 to 2200" in result.stderr


def test_a_place_where_nothing_can_be_made(here: Path) -> None:
    (here / "file").touch()
    result = call("pack", "b12-8-week", "--start-date", "2199-01-07", "--out", "file/pack")
    assert result.exit_code == 2
    assert "is a file and no folder" in result.stderr


@pytest.mark.parametrize(("effect", "told"), [("nan", "must be a number"), ("11", "the width of the scale, 10")])
def test_an_effect_that_nobody_has(
    packed: tuple[Path, str], here: Path, monkeypatch: pytest.MonkeyPatch, effect: str, told: str
) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", KEY)
    result = call("rehearse", str(packed[0] / "key.age"), "--out", "d.csv", "--effect", effect)
    assert (result.exit_code, names(here)) == (2, [])
    assert told in result.stderr


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("reveal", "pharmacy.age", "--check"), "holds the pharmacist's papers, which n1trial open-pharmacy opens"),
        (("reveal", "pharmacy.age", "--kit", "46W-6H7", "--reason", "x"), "which n1trial open-pharmacy opens"),
        (("rehearse", "pharmacy.age", "--out", "new"), "which n1trial open-pharmacy opens; the key is key.age"),
        (("rehearse", "code-break.age", "--out", "new"), "which n1trial reveal --kit opens; the key is key.age"),
        (("open-pharmacy", "key.age", "--out", "new"), "is the key; the pharmacist's papers are in pharmacy.age"),
        (("open-pharmacy", "code-break.age", "--out", "new"), "holds what each kit contains, which n1trial reveal"),
    ],
)
def test_another_file_of_the_pack_says_what_it_is_and_what_opens_it(
    packed: tuple[Path, str], here: Path, command: tuple[str, ...], told: str
) -> None:
    name, path, *options = command
    result = call(name, str(packed[0] / path), *options)
    assert (result.exit_code, result.stdout, names(here)) == (2, "", [])
    assert told in result.stderr


def test_a_file_under_another_name_is_known_when_it_opens(
    packed: tuple[Path, str], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("key.age", "pharmacy.age", "commitment.txt"):
        (here / f"my-{name}" if name.endswith("age") else here / name).write_bytes((packed[0] / name).read_bytes())
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", PHARMACY)
    result = call("reveal", "my-pharmacy.age", "--check")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr == (
        "my-pharmacy.age: opens, but is no key of a pack; the pharmacist's papers need n1trial open-pharmacy\n"
    )
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", KEY)
    result = call("open-pharmacy", "my-key.age", "--out", "new")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "opens, but is the key; nothing of it was shown" in result.stderr
    assert not (here / "new").exists()


def test_an_empty_passphrase_is_named(packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", "")
    result = call("reveal", str(packed[0] / "key.age"), "--check")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "N1TRIAL_PASSPHRASE: is empty; set it to the passphrase of the key, or unset it to be asked\n"
    )


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("open-pharmacy", "x", "--out", "new", "--fill", "0"), "--fill 0: must be a whole number, 1 or more"),
        (
            ("open-pharmacy", "x", "--out", "new", "--fill", "1", "--use-by", "31.12.2025"),
            "--use-by 31.12.2025: must be a date such as 2027-01-04",
        ),
        (("freeze", "x", "--pack", ".", "--ended", "31.12.2025"), "--ended 31.12.2025: must be a date such as"),
        (
            ("reissue", ".", "--from-date", "1/2/27", "--reason", "x"),
            "--from-date 1/2/27: must be a date such as 2027-01-04",
        ),
        (("rehearse", "x", "--out", "new", "--effect", "inf"), "--effect inf: must be a number"),
        (("rehearse", "x", "--out", "new", "--seed", "-1"), "--seed -1: must be a whole number, 0 or more"),
        (("web", "--port", "99999"), "--port 99999: must be a whole number from 0 to 65535"),
    ],
)
def test_a_number_or_a_date_that_is_none_is_told_with_its_rule(here: Path, command: tuple[str, ...], told: str) -> None:
    result = call(*command)
    assert (result.exit_code, result.stdout, names(here)) == (2, "", [])
    assert result.stderr.startswith(told)
