from __future__ import annotations

import re
import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from n1trial.pack.log.log import read_log
from n1trial.pack.make.assemble import make_pack
from n1trial.pack.make.rehearse import fill_in, live_through
from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.open_key import open_key
from n1trial.pack.trial.commitment import commitment_of
from tests.pack.kept import scenario_of
from tests.pack.packable import PLANNED, START, secrets_of
from tests.web.conftest import PATIENCE_MS, Served
from tests.web.rooms import barriers, begin_with, begin_with_file, download, enter, is_within, write_plan
from tests.web.test_pack_room import PASSPHRASE, begin


def open_files(page: Page, diary: Path, pack: Path | None = None) -> None:
    enter(page, "Diary")
    if pack is not None:
        page.set_input_files("#diary-pack", pack)
        expect(page.get_by_text("is kept in")).to_be_visible()
    page.set_input_files("#diary-file", diary)


def brought_back(pack: Path, folder: Path) -> Path:
    """The diary of a rehearsal, as a simulated patient brings it back."""
    with zipfile.ZipFile(pack) as held:
        top = held.namelist()[0].partition("/")[0]
        sealed, blank = (held.read(f"{top}/{name}") for name in ("key.age", "patient/diary.csv"))
        commitment = held.read(f"{top}/commitment.txt").decode().split("\n")[0]
    key = open_key(sealed, PASSPHRASE, commitment, folder / "key.age", folder).key
    path = folder / "brought back.csv"
    path.write_text(fill_in(blank.decode(), key, live_through(key, 4, -3.0)), encoding="utf-8")
    return path


def test_from_a_plan_to_a_pack_to_its_analysis(page: Page, served: Served, tmp_path: Path) -> None:
    begin_with_file(page, write_plan(tmp_path))
    enter(page, "Pack")
    page.get_by_label("A rehearsal").check()
    begin(page)
    expect(page.get_by_role("heading", name="The pack is made")).to_be_visible()
    pack = download(page, "Download the pack", tmp_path)
    assert pack.name.startswith("small-")
    assert pack.name.endswith("-pack.zip")

    diary = brought_back(pack, tmp_path)
    open_files(page, diary, pack)
    expect(page.get_by_text("brought back.csv: no fault in the file")).to_be_visible()
    expect(page.get_by_role("table", name="Week by week").get_by_role("row")).to_have_count(11)
    page.get_by_label("Your name, for the log").first.fill("Dr. B")
    page.get_by_role("button", name="Freeze the diary", exact=True).click()
    expect(page.get_by_text("RECEIPT OF A FROZEN DIARY")).to_be_visible()
    receipt = download(page, "Download the receipt", tmp_path)
    page.get_by_role("button", name="Open the key ...").click()
    expect(page.get_by_role("heading", name="After this nobody is blind any more.")).to_be_visible()
    page.set_input_files("#diary-analyze-receipt", receipt)
    assert barriers(page) == []
    word = page.locator("#diary-analyze-passphrase")
    word.fill("a guess of mine")
    page.get_by_role("button", name="Yes: freeze").click()
    fault = page.get_by_role("alert")
    expect(fault).to_contain_text("does not open: the passphrase is not the right one")
    expect(fault).to_contain_text("The key did not open with this passphrase. Type it again")
    expect(fault).to_contain_text("nobody knows more than before")
    expect(word).to_have_value("")
    word.fill(PASSPHRASE)
    page.get_by_role("button", name="Yes: freeze").dblclick()
    expect(page.get_by_text("Freezing the diary")).to_be_visible()
    expect(word).to_have_count(0)
    another = tmp_path / "another.csv"
    another.write_bytes(diary.read_bytes())
    page.set_input_files("#diary-file", another)  # the end of the first goes on
    results = page.get_by_role("link", name="Download page, letters and figures")
    expect(results).to_be_visible()

    analysis = page.frame_locator("iframe[title='The analysis']")
    expect(analysis.get_by_text("EXAMPLE - NOT FOR A PATIENT").first).to_be_visible()
    (folder,) = served.folder.glob("results/packs/*")
    lines = read_log(folder).lines
    assert [line.event for line in lines] == ["pack", "freeze", "freeze", "failure", "freeze", "open"]
    assert {line.facts["diary"] for line in lines if line.event == "freeze"} == {"brought back.csv"}
    assert [line.by for line in lines if line.by] == ["Dr. B"]
    expect(page.get_by_text("This is the analysis of brought back.csv.")).to_be_visible()
    expect(page.get_by_text("This diary is the file of the receipt")).to_be_visible()
    assert folder.name == lines[-1].facts["commitment"][:12]
    with zipfile.ZipFile(download(page, "Download page, letters and figures", tmp_path)) as held:
        letters = [name.rpartition("/")[2] for name in held.namelist()]
    assert {"analysis.html", "letter-patient.html", "letter-physician.txt", "analysis.json"} <= set(letters)
    assert barriers(page) == []
    assert is_within(page, 390)

    (written,) = served.folder.glob("results/small-*-analysis/analysis.json")
    before = written.stat().st_mtime_ns
    page.get_by_role("button", name="Open the key ...").click()
    word.fill(PASSPHRASE)
    page.get_by_role("button", name="Yes: freeze").click()
    expect(page.get_by_text("Freezing the diary")).to_be_visible()
    page.goto("about:blank")  # whoever closes the page then does not end the end
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until and not (written.exists() and written.stat().st_mtime_ns != before):
        time.sleep(0.1)
    assert [line.event for line in read_log(folder).lines][-4:] == ["freeze", "open", "freeze", "open"]


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A diary that came back from a pack that is not at hand."""
    made = make_pack(scenario_of(), START, secrets_of(3), PLANNED, is_rehearsal=True)
    key = Key.from_bytes(made.key_text, "key")
    assert commitment_of(made.key_text) == made.commitment
    path = tmp_path_factory.mktemp("diary") / "came-back.csv"
    path.write_text(
        fill_in(made.blinded_files["patient/diary.csv"].decode(), key, live_through(key, 4)), encoding="utf-8"
    )
    return path


def test_faults_are_listed_by_line_and_nothing_is_analyzed(page: Page, diary: Path, tmp_path: Path) -> None:
    lines = diary.read_text(encoding="utf-8").splitlines()
    cells = lines[20].split(",")
    cells[3], cells[4] = "H7K-3M0", "eleven"
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("\n".join([*lines[:20], ",".join(cells), *lines[21:]]), encoding="utf-8")
    open_files(page, wrong)
    faults = page.get_by_role("alert").get_by_role("listitem")
    expect(faults).to_have_count(2)
    assert [fault.split(": ")[:3] for fault in faults.all_text_contents()] == [
        ["wrong.csv", "line 21", "score"], ["wrong.csv", "line 21", "kit"],
    ]  # fmt: skip
    expect(page.get_by_text("The file has faults, listed above; nothing is analyzed.")).to_be_visible()
    assert page.get_by_role("button", name="Open the key ...").count() == 0
    page.set_input_files("#diary-file", diary)
    expect(page.get_by_text("came-back.csv: no fault in the file")).to_be_visible()
    expect(page.get_by_text("When the diary is complete, open its pack above.")).to_be_visible()
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as held:
        held.writestr("../evil", "x")
    page.set_input_files("#diary-pack", bad)
    expect(page.get_by_role("alert")).to_contain_text("bad.zip: holds '../evil', which no pack has; take it out")


def test_a_file_of_whatever_name_ends_no_visit(page: Page, diary: Path) -> None:
    enter(page, "Diary")
    content = diary.read_bytes()
    for name in ("x" * 300 + ".csv", "a\0b.csv", "..", "a\nb.csv"):
        page.set_input_files("#diary-file", {"name": name, "mimeType": "text/csv", "buffer": content})
        expect(page.get_by_text("no fault in the file")).to_be_visible()
    page.set_input_files("#diary-pack", {"name": "x" * 300, "mimeType": "application/zip", "buffer": b"PK"})
    expect(page.get_by_role("alert")).to_contain_text(f"{'x' * 60}: is no zip file, or is damaged")
    page.set_input_files("#diary-file", diary)
    expect(page.get_by_text("came-back.csv: no fault in the file")).to_be_visible()


def test_a_patient_is_laid_on_the_desk(page: Page, diary: Path, tmp_path: Path) -> None:
    begin_with_file(page, write_plan(tmp_path))
    enter(page, "Diary")
    page.get_by_role("button", name="Calibrate").click()
    expect(page.get_by_text("Open a diary first.").first).to_be_visible()
    page.set_input_files("#diary-file", diary)
    expect(page.get_by_text("came-back.csv: no fault in the file")).to_be_visible()
    page.get_by_role("button", name="Calibrate").click()
    found = page.get_by_role("table", name=re.compile("entries on 70 days: a blinded diary, treatments not known"))
    expect(found.get_by_role("rowheader", name="Usual score")).to_be_visible()
    expect(page.get_by_role("heading", name="Mind", exact=True)).to_be_visible()
    assert barriers(page) == []
    assert is_within(page, 390)
    file = download(page, "Download the scenario file", tmp_path)
    assert file.name == "small-calibrated.toml"
    begin_with(page, "minimal")
    enter(page, "Diary")
    changed = page.get_by_text("This patient was put into the plan as it was; the plan has been changed since")
    expect(changed).to_be_visible()
    expect(page.get_by_role("button", name="Plan with this patient")).to_have_count(0)
    assert barriers(page) == []
    begin_with_file(page, write_plan(tmp_path))
    enter(page, "Diary")
    page.get_by_role("button", name="Plan with this patient").click()
    expect(page.locator(".tab-pane.active[data-value=plan]")).to_be_visible()
    enter(page, "Diary")
    expect(page.get_by_role("button", name="Plan with this patient")).to_be_visible()
    expect(changed).to_have_count(0)
    enter(page, "Pack")
    begin(page, "short", "short")
    expect(page.get_by_role("alert")).to_contain_text("the passphrase of the key must have")


def test_a_diary_with_treatments_is_analyzed_as_planned(page: Page, tmp_path: Path) -> None:
    rows = ["day,period,cycle,treatment,score"]
    for day in range(56):
        period = day // 14 + 1
        on_drug = period in (1, 4)
        rows.append(f"{day},{period},{(period + 1) // 2},{int(on_drug)},{3 + day % 2 + 3 * (not on_drug)}")
    known = tmp_path / "known.csv"
    known.write_text("\n".join(rows), encoding="utf-8")
    begin_with_file(page, write_plan(tmp_path))
    open_files(page, known)
    page.get_by_role("button", name="Analyze", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Not clear"))).to_be_visible()
    expect(page.get_by_text("On Vitamin B12 the score was 3 points lower than on Placebo.")).to_be_visible()
    expect(page.get_by_text("No effect, however large, could have been shown: with 4 possible orders")).to_be_visible()
    expect(page.get_by_role("table", name="All analyses").get_by_role("row").nth(1)).to_contain_text("primary")
    page.get_by_text("What they are").click()
    assert barriers(page) == []
    assert is_within(page, 390)
    changed = page.get_by_text("This diary was analyzed by the plan as it was; the plan has been changed since.")
    expect(changed).to_have_count(0)
    begin_with(page, "minimal")
    enter(page, "Diary")
    expect(changed).to_be_visible()
