"""Compare: up to three designs side by side."""

from __future__ import annotations

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError
from n1trial.web.compare import shown as compare_shown
from n1trial.web.compare.follow import Following
from n1trial.web.shared.desk import Desk
from n1trial.web.shared.pictures import drawn
from n1trial.web.shared.plan.designs import MOST, Kept, remove, rename, seated
from n1trial.web.shared.tags import faults_list, lead

NOT_SIMULATED = "a design could not be simulated (remove it and keep it again to try once more)"


@module.ui
def panel() -> ui.TagList:
    """The room's content."""
    return ui.TagList(
        lead("Compare", f"Up to {MOST} designs side by side, their power curves in one picture."),
        ui.div(ui.input_action_button("keep", "Keep this plan", class_="btn-primary"), class_="buttons"),
        ui.output_ui("faults"),
        ui.div(ui.output_text("said"), role="status", class_="said"),
        ui.output_ui("none"),
        ui.div(*(ui.output_ui(f"card_{place}") for place in range(MOST)), class_="side-by-side kept"),
        ui.div(ui.output_text("doing"), role="status"),
        ui.output_ui("figures"),
        ui.output_ui("curves"),
        ui.output_ui("differing"),
    )


@module.server
def server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:  # noqa: A002
    """Keep designs, follow them till they are simulated, and show them side by side."""
    shelf = Shelf(desk)
    _seat(desk, shelf, session)
    _keep_when_asked(input, shelf)
    for place in range(MOST):
        _show_card(output, shelf, place)
        _handle(input, session, shelf, place)
    following = Following(desk.kept, desk.background)
    session.on_ended(following.end)
    _tell(shelf, following)
    _show_that_there_is_none(desk)
    _show_figures(following)
    _show_curves(following, session)
    _show_what_differs(desk, following)


class Shelf:
    """The designs of a visitor, and what came of what was last asked to be done with them.

    Attributes
    ----------
    seats : reactive.Value of tuple of (Kept or None)
        Designs by the place that the card of each stands at.
    faults : reactive.Value of tuple of str
        Why it was not done.
    said : reactive.Value of str
        That it was done.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.seats = reactive.Value[tuple[Kept | None, ...]]((None,) * MOST, name="seats")
        self.faults = reactive.Value[tuple[str, ...]]((), name="faults")
        self.said = reactive.Value("", name="said")

    def at(self, place: int) -> Kept | None:
        """The design at a place."""
        return self.seats()[place]

    def keep(self) -> None:
        """Keep the plan that is on the desk."""
        self.faults.set(())
        self.said.set("")
        try:
            self.said.set(f"Kept as {self._desk.keep(self._desk.draft())}.")
        except InputError as error:
            self.faults.set(error.faults)

    def lay_out(self, one: Kept) -> None:
        """Lay a design on the desk."""
        self._desk.lay_out(one.draft)

    def remove(self, one: Kept) -> None:
        """Keep a design no longer."""
        self.faults.set(())
        self.said.set(f"{one.name} was removed.")
        self._desk.kept.set(remove(self._desk.kept(), one.name))

    def rename(self, one: Kept, name: str) -> None:
        """Call a design by another name."""
        self.faults.set(())
        self.said.set("")
        before = self._desk.kept()
        try:
            kept = rename(before, one.name, name)
        except InputError as error:
            self.faults.set(error.faults)
            return
        self.said.set(f"{one.name} is now called {kept[before.index(one)].name}.")
        self._desk.kept.set(kept)


def _seat(desk: Desk, shelf: Shelf, session: Session) -> None:
    """Let each card stay where it is as others come and go: one may be typing in it. New ones come last."""

    @reactive.effect
    async def _() -> None:
        kept = desk.kept()
        with reactive.isolate():
            before = shelf.seats()
        shelf.seats.set(now := seated(before, kept))
        for one in kept:
            place = now.index(one)
            if before[place] is None:
                await session.send_custom_message("n1trial-last", {"card": session.ns(f"card_{place}")})


def _keep_when_asked(input: Inputs, shelf: Shelf) -> None:  # noqa: A002
    @reactive.effect
    @reactive.event(input.keep)
    def _() -> None:
        shelf.keep()


def _handle(input: Inputs, session: Session, shelf: Shelf, place: int) -> None:  # noqa: A002
    """Do what the buttons of a card say, with whatever design stands at its place."""

    @reactive.effect
    @reactive.event(input[f"plan_{place}"])
    def _() -> None:
        one = shelf.at(place)
        if one is not None:
            shelf.lay_out(one)
            ui.update_navset("room", selected="plan", session=session.root_scope())

    @reactive.effect
    @reactive.event(input[f"remove_{place}"])
    def _() -> None:
        one = shelf.at(place)
        if one is not None:
            shelf.remove(one)

    @reactive.effect
    @reactive.event(input[f"rename_{place}"])
    def _() -> None:
        one = shelf.at(place)
        if one is not None:
            shelf.rename(one, str(input[f"name_{place}"]()))


def _tell(shelf: Shelf, following: Following) -> None:
    """Tell what was done, what went wrong, and what is still being simulated."""

    @render.ui
    def faults() -> ui.TagChild:
        return ui.TagList(faults_list(shelf.faults()), faults_list(following.faults(), NOT_SIMULATED))

    @render.text
    def said() -> str:
        return shelf.said()

    @render.text
    def doing() -> str:
        left, all_ = len(following.left()), len(following.scenarios())
        if not left:
            return ""
        return f"Figures marked “about” are by closed forms; {left} of {all_} designs being simulated ..."


def _show_that_there_is_none(desk: Desk) -> None:
    @render.ui
    def none() -> ui.TagChild:
        return None if desk.kept() else ui.tags.p(compare_shown.NOTHING_KEPT)


def _show_card(output: Outputs, shelf: Shelf, place: int) -> None:
    """Draw the card of a place anew only for another design or name: one may be typing in the cards beside it."""
    shown = reactive.Value[Kept | None](None, name=f"card {place}")

    @reactive.effect
    def _() -> None:
        one = shelf.at(place)
        with reactive.isolate():
            if one != shown():
                shown.set(one)

    @output(id=f"card_{place}")
    @render.ui
    def card() -> ui.TagChild:
        one = shown()
        return None if one is None else compare_shown.card(place, one)


def _show_figures(following: Following) -> None:
    @render.ui
    def figures() -> ui.TagChild:
        return compare_shown.figures(following.shown())


def _show_curves(following: Following, session: Session) -> None:
    picture = drawn("curves", following.shown, compare_shown.curves, session)

    @render.ui
    def curves() -> ui.TagChild:
        return picture()


def _show_what_differs(desk: Desk, following: Following) -> None:
    @render.ui
    def differing() -> ui.TagChild:
        return compare_shown.differing(following.scenarios(), [one.name for one in desk.kept()])
