"""Long work of a room: one piece at a time, shown while it is done, dropped at wish."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shiny import reactive

from n1trial.errors import InputError, N1trialError

Output = TypeVar("Output")

LOOK_SECONDS = 0.3
"""How often the page looks how far the work has come."""
UNFORESEEN = (
    "This should not happen: a fault of n1trial itself. What is known of it stands where n1trial web was started."
)


@dataclass
class Steps:
    """Progress of work.

    Attributes
    ----------
    words : str
        What is being done.
    count, total : int
        Of it; a total of 0 is one that nobody knows.
    can_cancel : bool
        Whether it leaves nothing behind when it is dropped.
    """

    words: str = ""
    count: int = 0
    total: int = 0
    can_cancel: bool = True

    def begin(self, words: str, total: int = 0, *, can_cancel: bool = True) -> None:
        """Begin with another part of the work."""
        self.words, self.count, self.total, self.can_cancel = words, 0, total, can_cancel

    @property
    def state(self) -> tuple[str, float | None]:
        """What is being done, and which share of it is done; None where nobody knows."""
        return self.words, round(self.count / self.total, 2) if self.total else None

    def reach(self, count: int) -> None:
        """Tell how much was done in all."""
        self.count = count


@dataclass(frozen=True, eq=False)
class JobResult(Generic[Output]):
    """Outcome of work.

    Attributes
    ----------
    output : object or None
        What came of it; None where it failed.
    faults : tuple of str
        Why it failed.
    failure : Exception or None
        What it failed by.
    """

    output: Output | None = None
    faults: tuple[str, ...] = ()
    failure: Exception | None = None


Work = Callable[[Steps], Awaitable[Output]]


@dataclass(eq=False)
class Job(Generic[Output]):
    """The one piece of long work that a room may have under way.

    Attributes
    ----------
    outcome : reactive.Value of JobResult or None
        How the last one ended; None before, and while another is under way.
    steps : Steps
        How far it is.
    state : reactive.Value of tuple
        The same, as it was last looked at.
    """

    outcome: reactive.Value[JobResult[Output] | None] = field(
        default_factory=lambda: reactive.Value(None, name="outcome")
    )
    steps: Steps = field(default_factory=Steps)
    state: reactive.Value[tuple[str, float | None]] = field(
        default_factory=lambda: reactive.Value(("", None), name="reached")
    )

    def __post_init__(self) -> None:
        # What was dropped may end all the same, so that an outcome counts only under the number of the last piece.
        self._number = 0
        self._is_awaited = False
        self._task: reactive.ExtendedTask[[Work[Output], Steps, int], tuple[int, JobResult[Output]]] = (
            reactive.ExtendedTask(self._with_number)
        )

    def begin(self, work: Work[Output], *, can_cancel: bool = True) -> bool:
        """Begin anew, and drop what is under way.

        Parameters
        ----------
        work : callable
        can_cancel : bool
            Whether it can be dropped before it says so itself.

        Returns
        -------
        bool
            Whether it has begun; not while what is under way cannot be dropped.
        """
        if not self.drop():
            return False
        self.steps = Steps(can_cancel=can_cancel)
        self.state.set(self.steps.state)
        self._is_awaited = True
        self._task(work, self.steps, self._number)
        return True

    def refuse(self, faults: tuple[str, ...]) -> None:
        """Do nothing, for these reasons."""
        if self.drop():
            self.outcome.set(JobResult(faults=faults))

    def drop(self) -> bool:
        """Drop what is under way, and forget how the last one ended; False, and nothing, where it cannot be dropped."""
        if self.is_bound:
            return False
        self.end()
        self._number += 1
        self._is_awaited = False
        self.outcome.set(None)
        return True

    def end(self) -> None:
        """Drop what is under way, for nobody is there any more; what cannot be dropped goes on to its end."""
        if not self.is_bound:
            self._task.cancel()

    @property
    def is_bound(self) -> bool:
        """Whether something is under way that leaves something behind, or its outcome was not seen yet."""
        return self._is_awaited and not self.steps.can_cancel

    def output(self) -> Output | None:
        """Return the result of the last work; None where it failed, and before it ends."""
        outcome = self.outcome()
        return None if outcome is None else outcome.output

    def faults(self) -> tuple[str, ...]:
        """List why the last work failed; empty where it did not."""
        outcome = self.outcome()
        return () if outcome is None else outcome.faults

    def is_under_way(self) -> bool:
        """Return True while work is under way; what asks is asked again once that changes."""
        return self._task.status() == "running"

    def take(self) -> None:
        """Take over what has come of the work."""
        if self._task.status() != "success":
            return
        number, outcome = self._task.result()
        if number == self._number:
            self._is_awaited = False
            self.outcome.set(outcome)

    async def _with_number(self, work: Work[Output], steps: Steps, number: int) -> tuple[int, JobResult[Output]]:
        return number, await self._do(work, steps)

    async def _do(self, work: Work[Output], steps: Steps) -> JobResult[Output]:
        looking = asyncio.create_task(self._look())
        try:
            return JobResult(await work(steps))
        except Exception as error:
            return JobResult(faults=faults_in(error), failure=error)
        finally:
            looking.cancel()

    async def _look(self) -> None:
        """Tell how far the work is, until canceled; `reactive.invalidate_later` would tell of its own end as well."""

        async def tell() -> None:
            async with reactive.lock():
                self.state.set(self.steps.state)
                await reactive.flush()

        while True:
            await asyncio.shield(tell())
            await asyncio.sleep(LOOK_SECONDS)


def faults_in(error: BaseException) -> tuple[str, ...]:
    """List the faults of an error, a sentence each; print one that nobody foresaw, and say that it was one."""
    if isinstance(error, InputError):
        return error.faults
    if isinstance(error, N1trialError):
        return (str(error),)
    traceback.print_exception(error, file=sys.stderr)  # a page shows no traceback; it is for who started it
    return (UNFORESEEN,)
