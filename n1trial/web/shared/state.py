"""State of the page for one visitor, which all rooms share: the plan, what is known of it, and what is unsaved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from shiny import reactive

from n1trial.scenario.scenario import Scenario
from n1trial.study.run.result import PartialResult
from n1trial.web.shared.background import Background
from n1trial.web.shared.plan.designs import NamedDesign, keep
from n1trial.web.shared.plan.draft import Draft
from n1trial.web.shared.uploads import Uploads

Value = TypeVar("Value")

FIRST = "b12-6-to-8-week"
"""Scenario that the page opens with."""
REPLICATES = 2000
"""Simulated trials behind the figures that follow the inputs."""


def _first() -> reactive.Value[Draft]:
    return reactive.Value(Draft.begin(FIRST), name="draft")


@dataclass(frozen=True)
class PageState:
    """State of the page for one visitor.

    Attributes
    ----------
    background : Background
        Shared by all visitors.
    uploads : Uploads
        Where files of all visitors come in.
    draft : reactive.Value of Draft
        The open plan.
    loads : reactive.Value of int
        How often another plan was opened, which draws its questions and its form anew.
    download : reactive.Value of Draft or None
        The plan that was downloaded last.
    has_new_pack : reactive.Value of bool
        Whether a pack was made and is not downloaded yet.
    partial_result : reactive.Value of PartialResult or None
        What is known so far of the plan, or of the one before while nothing is; from the room that works it out.
    designs : reactive.Value of tuple of NamedDesign
        Designs put beside each other, at most three.
    """

    background: Background
    uploads: Uploads
    draft: reactive.Value[Draft] = field(default_factory=_first)
    loads: reactive.Value[int] = field(default_factory=lambda: reactive.Value(0, name="loads"))
    download: reactive.Value[Draft | None] = field(
        default_factory=lambda: reactive.Value[Draft | None](None, name="downloaded")
    )
    has_new_pack: reactive.Value[bool] = field(default_factory=lambda: reactive.Value(False, name="has_new_pack"))
    partial_result: reactive.Value[PartialResult | None] = field(
        default_factory=lambda: reactive.Value[PartialResult | None](None, name="partial_result")
    )
    designs: reactive.Value[tuple[NamedDesign, ...]] = field(
        default_factory=lambda: reactive.Value[tuple[NamedDesign, ...]]((), name="designs")
    )

    @property
    def unsaved_work(self) -> tuple[str, ...]:
        """Things that would be lost if the page were closed now."""
        draft = self.draft()
        is_edited = bool(draft.changes or draft.answers) and draft != self.download()
        return (*(["plan"] if is_edited else []), *(["pack"] if self.has_new_pack() else []))

    def load_plan(self, draft: Draft) -> None:
        """Open another plan."""
        self.draft.set(draft)
        with reactive.isolate():
            self.loads.set(self.loads() + 1)

    def edit(self, typed: Mapping[str, str]) -> None:
        """Change values of the plan, as typed in its form."""
        with reactive.isolate():
            self.draft.set(self.draft().edit(typed))

    def keep_design(self, draft: Draft, name: str = "") -> str:
        """Keep a design for comparison and return its name; InputError where it cannot be kept."""
        with reactive.isolate():
            self.designs.set(keep(self.designs(), draft, name))
            return self.designs()[-1].name

    def scenario(self) -> Scenario | None:
        """Return the plan as a scenario, with as many simulated trials as the page uses; None if anything is wrong."""
        scenario = self.draft().scenario
        return None if scenario is None else scenario.replace(**{"simulation.replicates": REPLICATES})


async def set_and_flush(place: reactive.Value[Value], what: Value) -> None:
    """Set a value and flush at once, as in a download, where nothing reacts by itself."""
    async with reactive.lock():
        place.set(what)
        await reactive.flush()
