"""Compare: up to three designs side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError
from n1trial.scenario.model import Scenario
from n1trial.study.cells import cells_of_a_curve, cells_of_a_verdict
from n1trial.study.findings import Findings
from n1trial.study.measure import Cell
from n1trial.study.result import Glance
from n1trial.web.compared import NOT_YET, Row, Shown, Simulated, curve_rows, how_sure_differences_are, picture, rows
from n1trial.web.desk import REPLICATES, Desk
from n1trial.web.job import faults_in
from n1trial.web.kept import MOST, Difference, Kept, differences, remove, rename, trial_of
from n1trial.web.quick import expect
from n1trial.web.tags import faults_list, lead, scrolling, table


@module.ui
def panel() -> ui.TagList:
    """The room's content."""
    return ui.TagList(
        lead("Compare", f"Up to {MOST} designs side by side, their power curves in one picture."),
        ui.div(ui.input_action_button("keep", "Keep this plan", class_="btn-primary"), class_="buttons"),
        ui.output_ui("faults"),
        ui.div(ui.output_text("said"), role="status", class_="said"),
        ui.output_ui("held"),
        ui.div(ui.output_text("doing"), role="status"),
        ui.output_ui("beside"),
    )


@module.server
def server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:  # noqa: A002
    """Keep designs, simulate what is not known of them, and show them side by side."""
    faults: reactive.Value[tuple[str, ...]] = reactive.Value((), name="faults")
    said_last: reactive.Value[str] = reactive.Value("", name="said_last")
    simulated: reactive.Value[Simulated] = reactive.Value(Simulated(), name="simulated")
    under_way = list[Scenario]()

    @reactive.effect
    @reactive.event(input.keep)
    def _() -> None:
        faults.set(())
        said_last.set("")
        try:
            said_last.set(f"Kept as {desk.keep(desk.draft())}.")
        except InputError as error:
            faults.set(error.faults)

    def handle(place: int) -> None:
        def design() -> Kept | None:
            kept = desk.kept()
            return kept[place] if place < len(kept) else None

        @reactive.effect
        @reactive.event(input[f"plan_{place}"])
        def _() -> None:
            one = design()
            if one is not None:
                desk.lay_out(one.draft)
                ui.update_navset("room", selected="plan", session=session.root_scope())

        @reactive.effect
        @reactive.event(input[f"remove_{place}"])
        def _() -> None:
            one = design()
            if one is not None:
                faults.set(())
                said_last.set(f"{one.name} was removed.")
                desk.kept.set(remove(desk.kept(), one.name))

        @reactive.effect
        @reactive.event(input[f"rename_{place}"])
        def _() -> None:
            one = design()
            if one is not None:
                faults.set(())
                try:
                    desk.kept.set(rename(desk.kept(), one.name, str(input[f"name_{place}"]())))
                    said_last.set(f"{one.name} is now called {desk.kept()[place].name}.")
                except InputError as error:
                    faults.set(error.faults)

    for place in range(MOST):
        handle(place)

    @reactive.calc
    def scenarios() -> tuple[Scenario, ...]:
        return tuple(_simulated(one) for one in desk.kept())

    @reactive.extended_task
    async def glance(scenario: Scenario) -> Glance:
        cells = await asyncio.to_thread(_cells, scenario)
        seen = {name: seen async for name, seen in desk.background.measured(cells, scenario.simulation.seed)}
        return await asyncio.to_thread(Findings(scenario, seen).glance)

    session.on_ended(glance.cancel)

    @reactive.effect
    def _() -> None:
        wanted, status = scenarios(), glance.status()
        with reactive.isolate():
            now = simulated()
            if status == "success":
                now = now.seen(glance.value())
            elif status == "error" and under_way:  # once: what failed can be wanted again
                now = now.failed(under_way.pop(), faults_in(glance.error()))
            now = now.forgiving(wanted)
            simulated.set(now)
            left = now.left(wanted)
            if status == "running":
                if not set(under_way) <= set(wanted):
                    glance.cancel()
            elif left:
                under_way[:] = left[:1]
                glance(left[0])

    @reactive.calc
    def shown() -> tuple[Shown, ...]:
        known = simulated().known
        return tuple(
            Shown(one.name, known.get(scenario) or expected(scenario), scenario in known)
            for one, scenario in zip(desk.kept(), scenarios(), strict=True)
        )

    @render.ui
    def faults_() -> ui.TagChild:
        told = simulated().faults
        failed = [
            f"{one.name}: {fault}"
            for one, scenario in zip(desk.kept(), scenarios(), strict=True)
            for fault in told.get(scenario, ())
        ]
        return ui.TagList(faults_list(faults()), faults_list(failed, NOT_SIMULATED))

    output(id="faults")(faults_)

    @render.text
    def said() -> str:
        return said_last()

    @render.text
    def doing() -> str:
        left = len(simulated().left(scenarios()))
        if not left:
            return ""
        return f"Figures marked “about” are by closed forms; {left} of {len(scenarios())} designs being simulated ..."

    @render.ui
    def held() -> ui.TagChild:
        kept = desk.kept()
        if not kept:
            return ui.tags.p(
                "Nothing is kept yet. “Keep this plan” puts the plan that you are at beside others; change the plan,"
                " and keep it again."
            )
        return ui.div(*(_card(place, one) for place, one in enumerate(kept)), class_="side-by-side kept")

    @render.ui
    def beside() -> ui.TagChild:
        designs = shown()
        if not designs:
            return None
        names = [one.name for one in designs]
        found = differences(scenarios())
        return ui.TagList(
            ui.tags.h3("What differs"),
            _differences(found, names),
            ui.tags.h3("What each shows and asks for"),
            _side_by_side(f"Designs by {REPLICATES:,} simulated trials each", "", rows(designs), names),
            ui.tags.p(how_sure_differences_are(scenarios())) if len(designs) > 1 else None,
            ui.tags.h3("How often an effect is shown, by its size"),
            _curves(designs),
        )


NOT_SIMULATED = "a design could not be simulated (remove it and keep it again to try once more)"


def _cells(scenario: Scenario) -> dict[str, Cell]:
    """All that is simulated of a design."""
    return cells_of_a_verdict(scenario) | cells_of_a_curve(scenario)


expected = lru_cache(maxsize=2 * MOST)(expect)


def _simulated(one: Kept) -> Scenario:
    """The design as it is simulated: known again whatever it is called."""
    return trial_of(one.scenario).replace(**{"simulation.replicates": REPLICATES})


def _card(place: int, one: Kept) -> ui.Tag:
    hidden = ui.tags.span(f" {one.name}", class_="visually-hidden")
    return ui.div(
        ui.tags.h3(one.name),
        ui.input_text(f"name_{place}", ui.TagList("Name", hidden), one.name, width="100%"),
        ui.div(
            ui.input_action_button(f"rename_{place}", ui.TagList("Rename", hidden)),
            ui.input_action_button(f"plan_{place}", ui.TagList("Plan with this", hidden)),
            ui.input_action_button(f"remove_{place}", ui.TagList("Remove", hidden)),
            class_="buttons",
        ),
        class_="card-of-design",
    )


def _differences(found: Sequence[Difference], names: Sequence[str]) -> ui.Tag:
    if len(names) < 2:
        return ui.tags.p("Keep a second design to see what differs.")
    if not found:
        return ui.tags.p("Nothing that the simulated trials depend on.")
    told = [Row(f"{row.label} ({row.key})", row.values) for row in found]
    return _side_by_side("Only what is not the same in all of them", "Key", told, names)


def _curves(designs: Sequence[Shown]) -> ui.Tag:
    drawn = picture(designs)
    if not drawn:
        return ui.tags.p(f"{NOT_YET}: there is no closed form for this analysis.".capitalize())
    names = [one.name for one in designs if one.glance is not None]
    return ui.div(
        ui.tags.figure(scrolling(ui.HTML(drawn), "Power curves"), class_="curves"),
        _side_by_side("The figures of the picture", "Benefit", curve_rows(designs), names),
    )


def _side_by_side(caption: str, corner: str, told: Sequence[Row], names: Sequence[str]) -> ui.Tag:
    return table(caption, (corner, *names), [(row.label, *row.values) for row in told], class_="figures")
