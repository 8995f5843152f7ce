"""What is shown of kept designs: a card each, what each shows and asks for, the curves, and what differs."""

from __future__ import annotations

from collections.abc import Sequence

from shiny import ui

from n1trial.report.words import count_of
from n1trial.scenario.scenario import Scenario
from n1trial.web.compare.rows import (
    NOT_YET,
    CompareRow,
    DesignResult,
    curve_rows,
    how_sure_differences_are,
    picture,
    rows,
)
from n1trial.web.shared.plan.designs import DesignDifference, NamedDesign, differences
from n1trial.web.shared.state import REPLICATES
from n1trial.web.shared.tags import scroll, table

BY_FORMULA = "Designs, by formula where it says “about”"
NOTHING_KEPT = (
    "Nothing is kept yet. “Keep this plan” puts the plan that you are at beside others; change the plan, and keep it"
    " again."
)
ALIKE = "What matters first, the layout and the analysis are the same in all of them."


def card(place: int, one: NamedDesign) -> ui.Tag:
    """Show a design that is kept, with what can be done with it."""
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


def figures(designs: Sequence[DesignResult]) -> ui.TagList | None:
    """Show what each design shows and asks for; None where none is kept."""
    if not designs:
        return None
    names, known = [one.name for one in designs], [one.partial.scenario for one in designs if one.partial is not None]
    is_simulated = all(one.is_simulated for one in designs)
    caption = f"Designs by {REPLICATES:,} simulated trials each" if is_simulated else BY_FORMULA
    return ui.TagList(
        ui.tags.h3("What each shows and asks for"),
        _side_by_side(caption, "", rows(designs), names),
        ui.tags.p(how_sure_differences_are(known)) if len(known) > 1 else None,
    )


def curves(designs: Sequence[DesignResult]) -> ui.TagList | None:
    """Show how often each design shows an effect, by its size: a picture, which takes a moment, and its figures."""
    if not designs:
        return None
    return ui.TagList(ui.tags.h3("How often an effect is shown, by its size"), _curves(designs))


def _curves(designs: Sequence[DesignResult]) -> ui.Tag:
    drawn = picture(designs)
    if not drawn:
        return ui.tags.p(f"{NOT_YET}: there is no closed form for this analysis.".capitalize())
    names = [one.name for one in designs if one.partial is not None]
    return ui.div(
        ui.tags.figure(scroll(ui.HTML(drawn), "Power curves"), class_="curves"),
        _side_by_side("The figures of the picture", "Benefit", curve_rows(designs), names),
    )


def differences_view(scenarios: Sequence[Scenario], names: Sequence[str]) -> ui.TagList | None:
    """Show the inputs in which designs differ: what matters first, the layout and the analysis; the rest folded."""
    if not scenarios:
        return None
    return ui.TagList(ui.tags.h3("What differs"), *_differences(scenarios, names))


def _differences(scenarios: Sequence[Scenario], names: Sequence[str]) -> list[ui.Tag]:
    if len(scenarios) < 2:
        return [ui.tags.p("Keep a second design to see what differs.")]
    found = differences(scenarios)
    if not found:
        return [ui.tags.p("Nothing that the simulated trials depend on.")]
    first = [row for row in found if row.is_first]
    others = [row for row in found if not row.is_first]
    told = [_keys("What matters first, the layout and the analysis", first, names) if first else ui.tags.p(ALIKE)]
    if others:
        caption = "All else that is not the same in all of them"
        title = f"{count_of(len(others), 'other input')} that {'differs' if len(others) == 1 else 'differ'}"
        told.append(ui.tags.details(ui.tags.summary(title), _keys(caption, others, names), class_="other-keys"))
    return told


def _keys(caption: str, differences: Sequence[DesignDifference], names: Sequence[str]) -> ui.Tag:
    body = [(ui.TagList(row.label, " ", ui.tags.code(row.key)), *row.values) for row in differences]
    return table(caption, ("Input", *names), body, class_="figures keys")


def _side_by_side(caption: str, corner: str, rows: Sequence[CompareRow], names: Sequence[str]) -> ui.Tag:
    return table(caption, (corner, *names), [(row.label, *row.values) for row in rows], class_="figures")
