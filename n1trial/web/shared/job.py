"""Long work of a room: one piece at a time, shown while it is done, dropped at wish."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError, N1trialError

Found = TypeVar("Found")

LOOK_SECONDS = 0.3
"""How often the page looks how far the work has come."""
UNFORESEEN = (
    "This should not happen: a fault of n1trial itself. What is known of it stands where n1trial web was started."
)


@dataclass
class Steps:
    """How far work has come.

    Attributes
    ----------
    words : str
        What is being done.
    done, total : int
        Of it; a total of 0 is one that nobody knows.
    can_cancel : bool
        Whether it leaves nothing behind when it is dropped.
    """

    words: str = ""
    done: int = 0
    total: int = 0
    can_cancel: bool = True

    def begin(self, words: str, total: int = 0, *, can_cancel: bool = True) -> None:
        """Begin with another part of the work."""
        self.words, self.done, self.total, self.can_cancel = words, 0, total, can_cancel

    @property
    def reached(self) -> tuple[str, float | None]:
        """What is being done, and which share of it is done; None where nobody knows."""
        return self.words, round(self.done / self.total, 2) if self.total else None

    def reach(self, done: int) -> None:
        """Tell how much was done in all."""
        self.done = done


@dataclass(frozen=True, eq=False)
class Outcome(Generic[Found]):
    """How work ended.

    Attributes
    ----------
    found : object or None
        What came of it; None where it failed.
    faults : tuple of str
        Why it failed.
    failure : Exception or None
        What it failed by.
    """

    found: Found | None = None
    faults: tuple[str, ...] = ()
    failure: Exception | None = None


Work = Callable[[Steps], Awaitable[Found]]


@dataclass(eq=False)
class Job(Generic[Found]):
    """The one piece of long work that a room may have under way.

    Attributes
    ----------
    outcome : reactive.Value of Outcome or None
        How the last one ended; None before, and while another is under way.
    steps : Steps
        How far it is.
    reached : reactive.Value of tuple
        The same, as it was last looked at.
    """

    outcome: reactive.Value[Outcome[Found] | None] = field(default_factory=lambda: reactive.Value(None, name="outcome"))
    steps: Steps = field(default_factory=Steps)
    reached: reactive.Value[tuple[str, float | None]] = field(
        default_factory=lambda: reactive.Value(("", None), name="reached")
    )

    def __post_init__(self) -> None:
        # What was dropped may end all the same, so that an outcome counts only under the number of the last piece.
        self._number = 0
        self._is_awaited = False
        self._task: reactive.ExtendedTask[[Work[Found], Steps, int], tuple[int, Outcome[Found]]] = (
            reactive.ExtendedTask(self._numbered)
        )

    def begin(self, work: Work[Found], *, can_cancel: bool = True) -> bool:
        """Begin, and drop what is under way.

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
        self.reached.set(self.steps.reached)
        self._is_awaited = True
        self._task(work, self.steps, self._number)
        return True

    def refuse(self, faults: tuple[str, ...]) -> None:
        """Do nothing, for these reasons."""
        if self.drop():
            self.outcome.set(Outcome(faults=faults))

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

    def found(self) -> Found | None:
        """What came of the last one; None where nothing did, or nothing yet."""
        outcome = self.outcome()
        return None if outcome is None else outcome.found

    def faults(self) -> tuple[str, ...]:
        """Why the last one failed; none where it did not."""
        outcome = self.outcome()
        return () if outcome is None else outcome.faults

    def is_under_way(self) -> bool:
        """Whether anything is; what asks is asked again once that changes."""
        return self._task.status() == "running"

    def take(self) -> None:
        """Take over what has come of the work."""
        if self._task.status() != "success":
            return
        number, outcome = self._task.result()
        if number == self._number:
            self._is_awaited = False
            self.outcome.set(outcome)

    async def _numbered(self, work: Work[Found], steps: Steps, number: int) -> tuple[int, Outcome[Found]]:
        return number, await self._done(work, steps)

    async def _done(self, work: Work[Found], steps: Steps) -> Outcome[Found]:
        looking = asyncio.create_task(self._look())
        try:
            return Outcome(await work(steps))
        except Exception as error:
            return Outcome(faults=faults_in(error), failure=error)
        finally:
            looking.cancel()

    async def _look(self) -> None:
        """Tell how far the work is, until canceled; `reactive.invalidate_later` would tell of its own end as well."""

        async def tell() -> None:
            async with reactive.lock():
                self.reached.set(self.steps.reached)
                await reactive.flush()

        while True:
            await asyncio.shield(tell())
            await asyncio.sleep(LOOK_SECONDS)


def faults_in(error: BaseException) -> tuple[str, ...]:
    """What an error has to tell, a sentence each; of one that nobody foresaw, the page tells that it was one."""
    if isinstance(error, InputError):
        return error.faults
    if isinstance(error, N1trialError):
        return (str(error),)
    traceback.print_exception(error, file=sys.stderr)  # a page shows no traceback; it is for who started it
    return (UNFORESEEN,)


@module.ui
def panel() -> ui.Tag:
    """Where it is shown how far the work has come."""
    return ui.div(ui.div(ui.output_ui("words"), role="status"), ui.output_ui("bar"), class_="job")


@module.server
def server(
    input: Inputs,  # noqa: A002
    output: Outputs,  # noqa: ARG001
    session: Session,
    job: Job[Found],
    when_done: str,
    *,
    has_cancel: bool = True,
) -> None:
    """Show how far the work has come, say that it is done, and drop it when it is canceled.

    Parameters
    ----------
    job : Job
    when_done : str
    has_cancel : bool
        Whether work that can be canceled has a button for it here, and not elsewhere in its room.
    """
    session.on_ended(job.end)

    @reactive.effect
    def _() -> None:
        job.take()

    @reactive.effect
    @reactive.event(input.cancel)
    def _() -> None:
        job.drop()

    _show(job, when_done, has_cancel=has_cancel)


def _show(job: Job[Found], when_done: str, *, has_cancel: bool) -> None:
    @reactive.calc
    def doing() -> str:
        return job.reached()[0] if job.is_under_way() else ""

    @render.ui
    def words() -> ui.TagChild:
        outcome = job.outcome()
        said = doing() or (when_done if outcome is not None and outcome.found is not None else "")
        return ui.tags.p(said) if said else None

    @render.ui
    def bar() -> ui.TagChild:
        if not doing():
            return None
        share = job.reached()[1]
        how_far = {} if share is None else {"value": f"{share:g}"}
        return ui.div(
            ui.tags.progress(max="1", aria_label="How far it has come", **how_far),
            ui.input_action_button("cancel", "Cancel") if has_cancel and job.steps.can_cancel else None,
            class_="working",
        )
