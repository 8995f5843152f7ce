from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from shiny import reactive

from n1trial.errors import InputError, RunError
from n1trial.pack.sealed.seal import SealError
from n1trial.web.shared.job import UNFORESEEN, Job, JobResult, Steps
from tests.web.reactions import run, until


def outcome_of(failure: Exception | None) -> JobResult[str]:
    """How work ends that fails so, or not."""

    async def work(steps: Steps) -> str:
        steps.begin("Working ...", 4)
        steps.reach(3)
        if failure is not None:
            raise failure
        return f"{steps.words} {steps.count} of {steps.total}"

    job: Job[str] = Job()
    return run(job._do(work, job.steps))


def test_what_was_found_is_given_back() -> None:
    outcome = outcome_of(None)
    assert (outcome.output, outcome.faults) == ("Working ... 3 of 4", ())


@pytest.mark.parametrize(
    ("failure", "faults"),
    [
        (InputError(["one", "two"]), ("one", "two")),
        (RunError("nothing can be written"), ("nothing can be written",)),
        (SealError("key.age: does not open"), ("key.age: does not open",)),
    ],
)
def test_faults_are_told(failure: Exception, faults: tuple[str, ...]) -> None:
    outcome = outcome_of(failure)
    assert (outcome.output, outcome.faults, outcome.failure) == (None, faults, failure)


def test_a_fault_of_the_program_is_told_to_who_started_it_alone(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = outcome_of(KeyError("a secret of the inside"))
    assert outcome.faults == (UNFORESEEN,)
    assert "KeyError: 'a secret of the inside'" in capsys.readouterr().err


def under_way(can_cancel: bool, then: Callable[[Job[str], asyncio.Event], Awaitable[None]]) -> Job[str]:
    """A job that waits for an event, and what is done meanwhile."""

    async def all_of_it() -> Job[str]:
        job, may_end = Job[str](), asyncio.Event()
        steps_seen = list[Steps]()

        async def work(steps: Steps) -> str:
            steps_seen.append(steps)
            await may_end.wait()
            return "what was asked first"

        with reactive.isolate():
            assert job.begin(work, can_cancel=can_cancel)
            await until(lambda: steps_seen == [job.steps])
            await then(job, may_end)
        return job

    return run(all_of_it())


async def the_last(steps: Steps) -> str:
    steps.begin("The last")
    return "what was asked last"


async def settled(job: Job[str]) -> None:
    """Let the job end, and the page take note."""
    await until(lambda: not job.is_under_way())


def test_what_leaves_something_behind_is_not_dropped_and_nothing_is_begun_meanwhile() -> None:
    async def then(job: Job[str], may_end: asyncio.Event) -> None:
        assert not job.drop()
        assert not job.begin(the_last)
        job.end()
        job.refuse(("not now",))
        assert job.is_under_way()
        assert job.outcome() is None
        may_end.set()
        await settled(job)
        assert not job.drop(), "it has ended, and nobody has seen how"
        job.take()

    outcome = under_way(False, then).outcome
    with reactive.isolate():
        found = outcome()
    assert found is not None
    assert found.output == "what was asked first"


def test_what_was_dropped_after_its_end_never_comes_up() -> None:
    async def then(job: Job[str], may_end: asyncio.Event) -> None:
        may_end.set()
        await settled(job)  # it has ended well, and its end was not taken over yet
        assert job.drop()
        job.take()
        assert job.outcome() is None
        assert job.begin(the_last)
        job.take()
        assert job.outcome() is None
        await settled(job)
        job.take()
        outcome = job.outcome()
        assert outcome is not None
        assert outcome.output == "what was asked last"

    under_way(True, then)


def test_every_piece_of_work_has_steps_of_its_own() -> None:
    async def then(job: Job[str], may_end: asyncio.Event) -> None:  # noqa: ARG001
        dropped = job.steps
        assert job.begin(the_last)
        await settled(job)
        dropped.begin("A thread that does not know that it was dropped", 7)
        assert job.steps.words == "The last"

    under_way(True, then)
