"""The log of a trial: whatever is changed in it shows, whatever a mail program does to it does not."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.errors import RunError
from n1trial.pack.log.chain import BEGINNING, BY, Break, ChainFault, chain_of
from n1trial.pack.log.log import LOG, first_line, join, read_log, record, record_if_possible

TEXTS = st.text(max_size=20)


def begun(folder: Path, *events: str, commitment: str = "ab" * 32) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOG).write_bytes(first_line("pack", commitment=commitment))
    for number, event in enumerate(events):
        record(folder, event, note=number)  # type: ignore[arg-type]
    return folder


def texts_of(folder: Path) -> list[str]:
    return (folder / LOG).read_text(encoding="utf-8").splitlines()


def write(folder: Path, texts: list[str]) -> None:
    (folder / LOG).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")


def test_a_line_says_what_when_who_and_bears_the_hash_of_the_one_before(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    line = record(folder, "kit", "Dr. Å. Öst", kit="H7K-3M0", reason="fell ill", day=date(2027, 1, 4))
    document = json.loads(texts_of(folder)[1])
    assert list(document) == ["time", "event", BY, "kit", "reason", "day", "n1trial", "previous"]
    assert document[BY] == "Dr. Å. Öst"
    assert "not verified" in BY
    assert (line.number, line.event, line.by, line.facts["day"]) == (2, "kit", "Dr. Å. Öst", "2027-01-04")
    chain = read_log(folder)
    assert chain.lines[0].previous == (BEGINNING,)
    assert chain.lines[1].previous == (chain.lines[0].digest,)
    assert (chain.head, chain.faults) == (line.digest, ())


def test_who_is_left_out_where_nobody_was_named(tmp_path: Path) -> None:
    record(begun(tmp_path), "kit", None)
    assert BY not in texts_of(tmp_path)[1]


@settings(max_examples=30)
@given(by=TEXTS, reason=TEXTS)
def test_every_text_stays_one_printable_line_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, by: str, reason: str
) -> None:
    folder = begun(tmp_path_factory.mktemp("log"))
    record(folder, "kit", by, reason=reason)
    record(folder, "all")
    chain = read_log(folder)
    assert (len(chain.lines), chain.faults) == (3, ())
    assert chain.lines[1].facts["reason"] == reason
    assert chain.lines[1].by == (by or None)
    assert chain.lines[1].text.isprintable()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\r"),
        lambda content: content.rstrip(b"\n"),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\n\n"),
        lambda content: content.replace(b"\n", b" \n"),
    ],
    ids=["crlf", "cr", "no end", "mark", "free lines", "blanks"],
)
def test_what_a_mail_program_does_to_a_log_breaks_nothing(tmp_path: Path, spoil: object) -> None:
    folder = begun(tmp_path, "kit", "all")
    head = read_log(folder).head
    assert callable(spoil)
    (folder / LOG).write_bytes(spoil((folder / LOG).read_bytes()))
    assert (read_log(folder).head, read_log(folder).faults) == (head, ())
    record(folder, "check")
    assert [line.event for line in read_log(folder).lines] == ["pack", "kit", "all", "check"]
    assert read_log(folder).faults == ()


@settings(max_examples=30)
@given(data=st.data())
def test_any_line_that_is_changed_taken_out_or_put_in_is_named(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = begun(tmp_path_factory.mktemp("log"), "kit", "freeze", "open", "all")
    texts = texts_of(folder)
    where = data.draw(st.integers(0, len(texts) - 2), label="line")
    kind = data.draw(st.sampled_from(["changed", "taken out", "put in"]))
    if kind == "changed":
        texts[where] = texts[where].replace('"time": "2', '"time": "3')
        expected = [ChainFault(where + 2, Break.UNLINKED)]
    elif kind == "taken out":
        del texts[where]
        expected = [ChainFault(where + 1, Break.UNLINKED)]
    else:
        texts.insert(where + 1, texts[where].replace('"time": "2', '"time": "3'))
        expected = [ChainFault(where + 2, Break.ABANDONED)]
    write(folder, texts)
    assert list(read_log(folder).faults) == expected
    record(folder, "kit")
    assert list(read_log(folder).faults) == expected


@settings(max_examples=30)
@given(content=st.binary(max_size=200))
def test_no_content_is_a_traceback_and_a_line_can_always_be_added(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("log")
    (folder / LOG).write_bytes(content)
    before = len(read_log(folder).lines)
    line = record(folder, "kit")
    assert read_log(folder).lines[-1].text == line.text
    assert len(read_log(folder).lines) == before + 1


@pytest.mark.parametrize("text", ['{"previous": []}', "[1]", "null", "1e999", '{"time": 3}', "[" * 5000])
def test_a_line_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    folder = begun(tmp_path, "kit")
    write(folder, [*texts_of(folder), text])
    assert read_log(folder).faults == (ChainFault(3, Break.UNREADABLE),)


def test_copies_keep_their_chains_and_joining_adds_both_heads(tmp_path: Path) -> None:
    ours, theirs = begun(tmp_path / "ours"), tmp_path / "theirs"
    theirs.mkdir()
    (theirs / LOG).write_bytes((ours / LOG).read_bytes())
    heads = [record(ours, "freeze").digest, record(theirs, "kit", kit="A").digest]
    for _ in range(2):
        join(ours, (theirs / LOG).read_bytes())
        chain = read_log(ours)
        assert [line.event for line in chain.lines] == ["pack", "freeze", "kit", "merge"]
        assert list(chain.lines[-1].previous) == heads
        assert chain.faults == ()
    join(theirs, (ours / LOG).read_bytes())
    assert read_log(theirs).head == read_log(ours).head
    assert [line.event for line in read_log(theirs).lines] == ["pack", "kit", "freeze", "merge"]
    assert read_log(theirs).faults == ()


def test_a_copy_that_only_went_on_is_taken_as_it_is(tmp_path: Path) -> None:
    ours, theirs = begun(tmp_path / "ours"), tmp_path / "theirs"
    theirs.mkdir()
    (theirs / LOG).write_bytes((ours / LOG).read_bytes())
    record(theirs, "kit")
    join(ours, (theirs / LOG).read_bytes())
    assert texts_of(ours) == texts_of(theirs)


def test_a_line_of_one_branch_taken_out_after_joining_is_named(tmp_path: Path) -> None:
    ours, theirs = begun(tmp_path / "ours", "freeze"), begun(tmp_path / "theirs", "kit", "kit", commitment="cd" * 32)
    join(ours, (theirs / LOG).read_bytes())
    texts = texts_of(ours)
    assert [line.event for line in read_log(ours).lines] == ["pack", "freeze", "pack", "kit", "kit", "merge"]
    write(ours, texts[:4] + texts[5:])
    assert read_log(ours).faults[-1] == ChainFault(5, Break.UNLINKED)


def test_a_changed_copy_is_not_hidden_by_joining(tmp_path: Path) -> None:
    ours, theirs = begun(tmp_path / "ours", "kit", "all"), tmp_path / "theirs"
    theirs.mkdir()
    texts = texts_of(ours)
    write(theirs, [texts[0], texts[1].replace('"time": "2', '"time": "3'), texts[2]])
    join(ours, (theirs / LOG).read_bytes())
    assert read_log(ours).faults == (ChainFault(5, Break.COPY),)


def test_lines_written_while_copies_are_joined_are_all_there(tmp_path: Path) -> None:
    ours, theirs = begun(tmp_path / "ours"), begun(tmp_path / "theirs", "kit", commitment="cd" * 32)
    brought = (theirs / LOG).read_bytes()
    with ThreadPoolExecutor(4) as threads:
        written = [threads.submit(record, ours, "check", number=number) for number in range(20)]
        for each in [threads.submit(join, ours, brought) for _ in range(20)]:
            each.result()
    for line in written:
        line.result()
    chain = read_log(ours)
    assert sorted(line.facts["number"] for line in chain.of("check")) == list(range(20))
    assert len(chain.of("pack")) == 2
    assert chain.faults == ()


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / LOG).mkdir()
    for work in (lambda: record(tmp_path, "all"), lambda: join(tmp_path, first_line("pack"))):
        with pytest.raises(RunError, match=r"trial\.log: cannot be written .* nothing is shown"):
            work()
    assert record_if_possible(tmp_path, "kit") is None
    assert read_log(tmp_path).lines == ()


def test_nothing_brought_makes_no_log(tmp_path: Path) -> None:
    join(tmp_path, b"\n")
    assert list(tmp_path.iterdir()) == []
    assert chain_of(b"").head == BEGINNING
