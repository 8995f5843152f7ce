from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from multiprocessing import active_children

import pytest

from n1trial.errors import InputError, RunError
from n1trial.scenario.file.load import load_scenario
from n1trial.study.batches.batch_json import encode
from n1trial.study.batches.measure import Cell, Measurement, measure
from n1trial.web.shared.background import Background, DroppedError, Memory, run_in_thread
from tests.web.reactions import PATIENCE_SECONDS, run


@pytest.fixture(scope="module")
def cells() -> dict[str, Cell]:
    scenario = load_scenario("minimal")
    cell = Cell(scenario, -1.0, ("paired",), 50)
    return {"one": cell, "none": Cell(scenario, 0.0, ("paired",), 50), "again": cell}


@pytest.mark.parametrize("count", [1, 2])
def test_what_others_simulate_is_what_is_simulated_here(cells: dict[str, Cell], count: int) -> None:
    background = Background(count)

    async def all_of_them() -> dict[str, Measurement]:
        return {name: seen async for name, seen in background.simulate(cells, 3)}

    try:
        found = run(all_of_them())
    finally:
        background.end()
    for name, seen in zip(cells, measure([*cells.values()], 3), strict=True):
        assert encode(found[name]) == encode(seen)
    assert list(found) == list(cells)


@pytest.mark.parametrize("count", [1, 2])
def test_what_was_simulated_is_not_simulated_again(
    cells: dict[str, Cell], count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    background = Background(count)

    async def all_of_them(seed: int) -> dict[str, str]:
        return {name: encode(seen) async for name, seen in background.simulate(cells, seed)}

    try:
        found = run(all_of_them(3))
        with monkeypatch.context() as patch:
            patch.setattr("n1trial.web.shared.background.measure_batch", None)  # nor could it be
            assert run(all_of_them(3)) == found
        assert run(all_of_them(4)) != found
    finally:
        background.end()


def test_what_was_asked_for_longest_ago_is_forgotten_first(cells: dict[str, Cell]) -> None:
    (measured,) = measure([cells["one"]], 3)
    memory, tasks = Memory(2), [(cells["one"], 3, batch) for batch in range(3)]
    for task in tasks[:2]:
        memory.remember(task, measured)
    assert memory.recall(tasks[0]) is measured
    memory.remember(tasks[2], measured)
    assert [memory.recall(task) for task in tasks] == [measured, None, measured]


def test_what_is_not_wanted_any_more_is_dropped(cells: dict[str, Cell]) -> None:
    background = Background(2)
    many = {str(effect): Cell(cells["one"].scenario, effect / 1000, ("paired",), 50) for effect in range(400)}

    async def some_of_them() -> int:
        seen = 0
        async for _ in background.simulate(many, 3):
            seen += 1
            if seen == 2:
                break
        # work that comes later is done at once, not after all that was dropped
        async for _ in background.simulate({"one": cells["one"]}, 3):
            seen += 1
        return seen

    try:
        assert run(some_of_them()) == 3
    finally:
        background.end()


def test_work_is_followed_to_its_end() -> None:
    told: list[int] = []

    def work(advance: Callable[[int], None]) -> str:
        for _ in range(3):
            advance(2)
        return threading.current_thread().name

    async def follow() -> str:
        name = await run_in_thread(work, told.append)
        await asyncio.sleep(0)
        return name

    assert run(follow()) != threading.main_thread().name
    assert told == [2, 4, 6]


def test_work_that_is_canceled_ends_at_its_next_step() -> None:
    ended, begun = threading.Event(), threading.Event()

    def work(advance: Callable[[int], None]) -> None:
        try:
            while True:
                begun.set()
                advance(1)
        except DroppedError:
            ended.set()
            raise

    async def cancel() -> None:
        task = asyncio.create_task(run_in_thread(work, lambda _: None))
        await asyncio.to_thread(begun.wait, PATIENCE_SECONDS)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(ended.wait, PATIENCE_SECONDS)

    run(cancel())


@pytest.mark.parametrize("count", [1, 2])
def test_work_apart_is_done_by_another_process_where_there_is_one(count: int) -> None:
    background = Background(count)
    try:
        assert (run(background.run_apart(os.getpid)) == os.getpid()) == (count == 1)
    finally:
        background.end()


def test_work_apart_tells_its_faults_and_the_end_of_its_process() -> None:
    background = Background(2)
    try:
        with pytest.raises(InputError, match="nothing-of-that-name"):
            run(background.run_apart(load_scenario, "nothing-of-that-name"))
        with pytest.raises(RunError, match="a worker process ended before its work was done; try again"):
            run(background.run_apart(os._exit, 1))
        assert run(background.run_apart(os.getpid)) != os.getpid()
    finally:
        background.end()


def test_simulations_tell_the_end_of_their_process(cells: dict[str, Cell], capfd: pytest.CaptureFixture[str]) -> None:
    background = Background(2)

    async def kill_and_wait() -> None:
        async for _ in background.simulate(cells | more, 3):
            for process in active_children():
                process.kill()

    more = {str(effect): Cell(cells["one"].scenario, effect / 1000, ("paired",), 2000) for effect in range(40)}
    try:
        with pytest.raises(RunError, match="a worker process ended before its work was done; try again"):
            run(kill_and_wait())
        assert run(first_of(background, {"anew": Cell(cells["one"].scenario, -2.0, ("paired",), 50)}))
    finally:
        background.end()
    assert "never retrieved" not in capfd.readouterr().err


async def first_of(background: Background, cells: dict[str, Cell]) -> str:
    return await anext(name async for name, _ in background.simulate(cells, 3))
