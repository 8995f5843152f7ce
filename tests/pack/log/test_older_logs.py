from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.errors import RunError
from n1trial.pack.freeze.history import history
from n1trial.pack.log.older_logs import in_time, join_lines, lines_in_time

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


def test_the_first_opening_is_the_first_in_time_whichever_copy_told_it(tmp_path: Path) -> None:
    first, second = (json.dumps({"event": "opened", "sha256": digest}) for digest in ("a", "b"))
    log = tmp_path / "analysis.log"
    log.write_text(f"2027-04-02T10:00:00+02:00  {second}\n", encoding="utf-8")
    join_lines(log, [f"2027-04-01T10:00:00+02:00  {first}"])
    found = history([tmp_path], "b", None, "c" * 64)
    assert (found.first_sha256, found.is_changed_after_opening) == ("a", True)
    assert not history([tmp_path], "a", None, "c" * 64).is_changed_after_opening


def test_what_was_revealed_is_counted_by_kit(tmp_path: Path) -> None:
    (tmp_path / "reveals.log").write_text(
        "2027-03-01T10:00:00+00:00  kit ABC by its slip. Reason: all\n"
        "2027-03-02T10:00:00+00:00  kit ABC by the key. Reason: again\nno time\n",
        encoding="utf-8",
    )
    found = history([tmp_path], "a", None, "c" * 64)
    assert [(each.kit, each.opened_with, each.reason) for each in found.kits] == [
        ("ABC", "slip", "all"), ("ABC", "key", "again"),
    ]  # fmt: skip
    assert (found.is_key_shown_before, found.begins_with_pack) == (False, False)
    with (tmp_path / "reveals.log").open("a", encoding="utf-8") as log:
        log.write("2027-03-03T10:00:00+00:00  all\n")
    assert history([tmp_path], "a", None, "c" * 64).is_key_shown_before


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be written"):
        join_lines(tmp_path, [FIRST])
