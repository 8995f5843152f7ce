from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.errors import RunError
from n1trial.pack.freeze import history
from n1trial.pack.older_logs import append, in_time, join_lines, lines_in_time

FIRST = "2027-04-01T10:00:00+02:00  first"
SECOND = "2027-04-01T09:30:00+00:00  second"
THIRD = "2027-04-02T10:00:00+02:00  third"
LINES = st.lists(st.sampled_from([FIRST, SECOND, THIRD, "no time", "2027-04-01T10:00:00  of this place"]))


def lines_of(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines()


@given(held=LINES, brought=LINES)
def test_joining_changes_no_line_and_adds_each_once(
    tmp_path_factory: pytest.TempPathFactory, held: list[str], brought: list[str]
) -> None:
    log = tmp_path_factory.mktemp("logs") / "analysis.log"
    log.write_text("\n".join(held), encoding="utf-8")
    for _ in range(2):
        join_lines(log, brought)
        assert lines_of(log) == [*held, *dict.fromkeys(line for line in brought if line not in held)]
    timed = [line for line in lines_in_time(log) if line in (FIRST, SECOND, THIRD)]
    assert timed == sorted(timed, key=[FIRST, SECOND, THIRD].index)
    assert sorted(in_time(held)) == sorted(held)


def test_nothing_brought_makes_no_log(tmp_path: Path) -> None:
    join_lines(tmp_path / "analysis.log", ["", ""])
    assert list(tmp_path.iterdir()) == []
    assert lines_in_time(tmp_path / "analysis.log") == []


def test_lines_written_while_copies_are_joined_are_all_there(tmp_path: Path) -> None:
    log = tmp_path / "analysis.log"
    with ThreadPoolExecutor(4) as threads:
        written = [threads.submit(append, log, f"written {number}") for number in range(40)]
        brought = [threads.submit(join_lines, log, [FIRST, SECOND, f"brought {number}"]) for number in range(40)]
    for each in brought:
        each.result()
    lines = [each.result() for each in written] + [f"brought {number}" for number in range(40)]
    assert sorted(lines_of(log)) == sorted([*lines, FIRST, SECOND])


def test_the_first_opening_is_the_first_in_time_whichever_copy_told_it(tmp_path: Path) -> None:
    first, second = (json.dumps({"event": "opened", "sha256": digest}) for digest in ("a", "b"))
    log = tmp_path / "analysis.log"
    log.write_text(f"2027-04-02T10:00:00+02:00  {second}\n", encoding="utf-8")
    join_lines(log, [f"2027-04-01T10:00:00+02:00  {first}"])
    assert history(tmp_path, "b").first_sha256 == "a"
    assert history(tmp_path, "b").is_changed_after_opening


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    for work in (lambda: append(tmp_path, "a line"), lambda: join_lines(tmp_path, [FIRST])):
        with pytest.raises(RunError, match="cannot be written"):
            work()
