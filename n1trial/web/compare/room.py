"""Compare: up to three designs side by side."""

from __future__ import annotations

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError
from n1trial.web.compare import view as compare_view
from n1trial.web.compare.follow import DesignsFollower
from n1trial.web.shared.pictures import draw_in_thread
from n1trial.web.shared.plan.designs import MOST, NamedDesign, assign_slots, remove, rename
from n1trial.web.shared.state import PageState
from n1trial.web.shared.tags import faults_list, lead

NOT_SIMULATED = "a design could not be simulated (remove it and keep it again to try once more)"


@module.ui
def panel() -> ui.TagList:
    """Lay out the room's content."""
    return ui.TagList(
        lead("Compare", f"Up to {MOST} designs side by side, their power curves in one picture."),
        ui.div(ui.input_action_button("keep", "Keep this plan", class_="btn-primary"), class_="buttons"),
        ui.output_ui("faults"),
        ui.div(ui.output_text("notice"), role="status", class_="notice"),
        ui.output_ui("none"),
        ui.div(*(ui.output_ui(f"card_{place}") for place in range(MOST)), class_="side-by-side kept"),
        ui.div(ui.output_text("doing"), role="status"),
        ui.output_ui("figures"),
        ui.output_ui("curves"),
        ui.output_ui("differences"),
    )


@module.server
def server(input: Inputs, output: Outputs, session: Session, state: PageState) -> None:  # noqa: A002
    """Keep designs, follow them till they are simulated, and show them side by side."""
    cards = DesignCards(state)
    _seat(state, cards, session)
    _keep_when_asked(input, cards)
    for place in range(MOST):
        _show_card(output, cards, place)
        _handle(input, session, cards, place)
    following = DesignsFollower(state.designs, state.background)
    session.on_ended(following.end)
    _tell(cards, following)
    _show_that_there_is_none(state)
    _show_figures(following)
    _show_curves(following, session)
    _show_what_differs(state, following)


class DesignCards:
    """The designs of a visitor, and what came of what was last asked to be done with them.

    Attributes
    ----------
    slots : reactive.Value of tuple of (NamedDesign or None)
        Designs by the place that the card of each stands at.
    faults : reactive.Value of tuple of str
        Why it was not done.
    notice : reactive.Value of str
        That it was done.
    """

    def __init__(self, state: PageState) -> None:
        self._state = state
        self.slots = reactive.Value[tuple[NamedDesign | None, ...]]((None,) * MOST, name="slots")
        self.faults = reactive.Value[tuple[str, ...]]((), name="faults")
        self.notice = reactive.Value("", name="notice")

    def at(self, place: int) -> NamedDesign | None:
        """Return the design at a place."""
        return self.slots()[place]

    def keep(self) -> None:
        """Keep the open plan."""
        self.faults.set(())
        self.notice.set("")
        try:
            self.notice.set(f"Kept as {self._state.keep_design(self._state.draft())}.")
        except InputError as error:
            self.faults.set(error.faults)

    def load_plan(self, one: NamedDesign) -> None:
        """Open a design as the plan."""
        self._state.load_plan(one.draft)

    def remove(self, one: NamedDesign) -> None:
        """Keep a design no longer."""
        self.faults.set(())
        self.notice.set(f"{one.name} was removed.")
        self._state.designs.set(remove(self._state.designs(), one.name))

    def rename(self, one: NamedDesign, name: str) -> None:
        """Call a design by another name."""
        self.faults.set(())
        self.notice.set("")
        before = self._state.designs()
        try:
            kept = rename(before, one.name, name)
        except InputError as error:
            self.faults.set(error.faults)
            return
        self.notice.set(f"{one.name} is now called {kept[before.index(one)].name}.")
        self._state.designs.set(kept)


def _seat(state: PageState, cards: DesignCards, session: Session) -> None:
    """Let each card stay where it is as others come and go: one may be typing in it. New ones come last."""

    @reactive.effect
    async def _() -> None:
        kept = state.designs()
        with reactive.isolate():
            before = cards.slots()
        cards.slots.set(now := assign_slots(before, kept))
        for one in kept:
            place = now.index(one)
            if before[place] is None:
                await session.send_custom_message("n1trial-last", {"card": session.ns(f"card_{place}")})


def _keep_when_asked(input: Inputs, cards: DesignCards) -> None:  # noqa: A002
    @reactive.effect
    @reactive.event(input.keep)
    def _() -> None:
        cards.keep()


def _handle(input: Inputs, session: Session, cards: DesignCards, place: int) -> None:  # noqa: A002
    """Do what the buttons of a card say, with whatever design stands at its place."""

    @reactive.effect
    @reactive.event(input[f"plan_{place}"])
    def _() -> None:
        one = cards.at(place)
        if one is not None:
            cards.load_plan(one)
            ui.update_navset("room", selected="plan", session=session.root_scope())

    @reactive.effect
    @reactive.event(input[f"remove_{place}"])
    def _() -> None:
        one = cards.at(place)
        if one is not None:
            cards.remove(one)

    @reactive.effect
    @reactive.event(input[f"rename_{place}"])
    def _() -> None:
        one = cards.at(place)
        if one is not None:
            cards.rename(one, str(input[f"name_{place}"]()))


def _tell(cards: DesignCards, follower: DesignsFollower) -> None:
    """Tell what was done, what went wrong, and what is still being simulated."""

    @render.ui
    def faults() -> ui.TagChild:
        return ui.TagList(faults_list(cards.faults()), faults_list(follower.faults(), NOT_SIMULATED))

    @render.text
    def notice() -> str:
        return cards.notice()

    @render.text
    def doing() -> str:
        left, all_ = len(follower.left()), len(follower.scenarios())
        if not left:
            return ""
        return f"Figures marked “about” are by closed forms; {left} of {all_} designs being simulated ..."


def _show_that_there_is_none(state: PageState) -> None:
    @render.ui
    def none() -> ui.TagChild:
        return None if state.designs() else ui.tags.p(compare_view.NOTHING_KEPT)


def _show_card(output: Outputs, cards: DesignCards, place: int) -> None:
    """Draw the card of a place anew only for another design or name: one may be typing in the cards beside it."""
    shown = reactive.Value[NamedDesign | None](None, name=f"card {place}")

    @reactive.effect
    def _() -> None:
        one = cards.at(place)
        with reactive.isolate():
            if one != shown():
                shown.set(one)

    @output(id=f"card_{place}")
    @render.ui
    def card() -> ui.TagChild:
        one = shown()
        return None if one is None else compare_view.card(place, one)


def _show_figures(follower: DesignsFollower) -> None:
    @render.ui
    def figures() -> ui.TagChild:
        return compare_view.figures(follower.shown())


def _show_curves(follower: DesignsFollower, session: Session) -> None:
    picture = draw_in_thread("curves", follower.shown, compare_view.curves, session)

    @render.ui
    def curves() -> ui.TagChild:
        return picture()


def _show_what_differs(state: PageState, follower: DesignsFollower) -> None:
    @render.ui
    def differences() -> ui.TagChild:
        return compare_view.differences_view(follower.scenarios(), [one.name for one in state.designs()])
