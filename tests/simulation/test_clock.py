"""The clock wakes processes side by side, each when it asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from n1trial.simulation.clock import run

Log = list[tuple[float, str]]


def process(name: str, log: Log, *times: float) -> Iterator[float]:
    for time in times:
        yield time
        log.append((time, name))


def test_processes_take_turns_by_time() -> None:
    log: Log = []
    run([process("weekly", log, -7.5, -0.5, 6.5), process("daily", log, -1.25, -0.25, 0.75)], start=-8.0)
    assert log == [
        (-7.5, "weekly"), (-1.25, "daily"), (-0.5, "weekly"), (-0.25, "daily"), (0.75, "daily"), (6.5, "weekly"),
    ]  # fmt: skip


def test_what_comes_first_does_not_hang_on_who_is_named_first() -> None:
    logs: list[Log] = [[], []]
    for log, order in zip(logs, (("noon", "night"), ("night", "noon")), strict=True):
        hours = {"noon": 0.5, "night": 0.875}
        run([process(name, log, *(day + hours[name] for day in range(3))) for name in order], start=0.0)
    assert logs[0] == logs[1]


def test_dyadic_times_are_exact_after_years() -> None:
    log: Log = []
    times = [day + 51 / 64 for day in range(-366, 3660)]
    run([process("entry", log, *times)], start=-366.0)
    assert [time for time, _ in log] == times


def test_a_process_without_days_is_done() -> None:
    log: Log = []
    run([process("nothing", log), process("something", log, 1.0)], start=0.0)
    assert log == [(1.0, "something")]
    run([], start=0.0)


@pytest.mark.parametrize("times", [(-0.25,), (0.5, 0.25)])
def test_nobody_can_ask_for_what_has_passed(times: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="Negative delay"):
        run([process("late", [], *times)], start=0.0)
