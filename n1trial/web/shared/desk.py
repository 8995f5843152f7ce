"""What the rooms of the page share while one visitor plans: the draft, and where to work in the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from shiny import reactive

from n1trial.scenario.scenario import Scenario
from n1trial.study.run.result import PartialResult
from n1trial.web.shared.background import Background
from n1trial.web.shared.plan.designs import Kept, keep
from n1trial.web.shared.plan.draft import Draft
from n1trial.web.shared.uploads import Uploads

Noted = TypeVar("Noted")

FIRST = "b12-6-to-8-week"
"""Scenario that the page opens with."""
REPLICATES = 2000
"""Simulated trials behind the figures that follow the inputs."""


def _first() -> reactive.Value[Draft]:
    return reactive.Value(Draft.begun(FIRST), name="draft")


@dataclass(frozen=True)
class Desk:
    """The desk of one visitor.

    Attributes
    ----------
    background : Background
        Shared by all visitors.
    uploads : Uploads
        Where files of all visitors come in.
    draft : reactive.Value of Draft
        The plan on the desk.
    opened : reactive.Value of int
        How often another plan was laid on the desk, which draws its questions and its form anew.
    saved : reactive.Value of Draft or None
        The plan that was downloaded last.
    has_new_pack : reactive.Value of bool
        Whether a pack was made and is not downloaded yet.
    known : reactive.Value of PartialResult or None
        What is known so far of the plan, or of the one before while nothing is; from the room that works it out.
    kept : reactive.Value of tuple of Kept
        Designs put beside each other, at most three.
    """

    background: Background
    uploads: Uploads
    draft: reactive.Value[Draft] = field(default_factory=_first)
    opened: reactive.Value[int] = field(default_factory=lambda: reactive.Value(0, name="opened"))
    saved: reactive.Value[Draft | None] = field(
        default_factory=lambda: reactive.Value[Draft | None](None, name="saved")
    )
    has_new_pack: reactive.Value[bool] = field(default_factory=lambda: reactive.Value(False, name="has_new_pack"))
    known: reactive.Value[PartialResult | None] = field(
        default_factory=lambda: reactive.Value[PartialResult | None](None, name="known")
    )
    kept: reactive.Value[tuple[Kept, ...]] = field(
        default_factory=lambda: reactive.Value[tuple[Kept, ...]]((), name="kept")
    )

    @property
    def would_be_lost(self) -> tuple[str, ...]:
        """What is nowhere but on the page, and goes with it."""
        draft = self.draft()
        is_edited = bool(draft.changes or draft.answers) and draft != self.saved()
        return (*(["plan"] if is_edited else []), *(["pack"] if self.has_new_pack() else []))

    def lay_out(self, draft: Draft) -> None:
        """Put another plan on the desk."""
        self.draft.set(draft)
        with reactive.isolate():
            self.opened.set(self.opened() + 1)

    def edit(self, typed: Mapping[str, str]) -> None:
        """Change values of the plan, as typed in its form."""
        with reactive.isolate():
            self.draft.set(self.draft().edited(typed))

    def keep(self, draft: Draft, name: str = "") -> str:
        """Put a design beside others, and give the name that it goes by; InputError where that cannot be."""
        with reactive.isolate():
            self.kept.set(keep(self.kept(), draft, name))
            return self.kept()[-1].name

    def scenario(self) -> Scenario | None:
        """The plan as a scenario, with as many simulated trials as the page uses; None where anything is wrong."""
        scenario = self.draft().scenario
        return None if scenario is None else scenario.replace(**{"simulation.replicates": REPLICATES})


async def note(place: reactive.Value[Noted], what: Noted) -> None:
    """Note something while a file is being downloaded, where nothing follows by itself."""
    async with reactive.lock():
        place.set(what)
        await reactive.flush()
