from __future__ import annotations

import pytest

from n1trial.errors import InputError, RunError
from n1trial.pack.seal import SealError
from n1trial.web.job import UNFORESEEN, Job, Outcome, Steps
from tests.web.test_background import run


def outcome_of(failure: Exception | None) -> Outcome[str]:
    """How work ends that fails so, or not."""

    async def work(steps: Steps) -> str:
        steps.begin("Working ...", 4)
        steps.reach(3)
        if failure is not None:
            raise failure
        return f"{steps.words} {steps.done} of {steps.total}"

    job: Job[str] = Job()
    return run(job._done(work))


def test_what_was_found_is_given_back() -> None:
    outcome = outcome_of(None)
    assert (outcome.found, outcome.faults) == ("Working ... 3 of 4", ())


@pytest.mark.parametrize(
    ("failure", "faults", "is_shut"),
    [
        (InputError(["one", "two"]), ("one", "two"), False),
        (RunError("nothing can be written"), ("nothing can be written",), False),
        (SealError("key.age: does not open"), ("key.age: does not open",), True),
    ],
)
def test_faults_are_told(failure: Exception, faults: tuple[str, ...], is_shut: bool) -> None:
    outcome = outcome_of(failure)
    assert (outcome.found, outcome.faults, outcome.is_shut) == (None, faults, is_shut)


def test_a_fault_of_the_program_is_told_to_who_started_it_alone(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = outcome_of(KeyError("a secret of the inside"))
    assert outcome.faults == (UNFORESEEN,)
    assert "KeyError: 'a secret of the inside'" in capsys.readouterr().err
