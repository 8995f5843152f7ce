"""The limits of a search as fields: drawn for a plan, read when it is asked for, with what is wrong beside each."""

from __future__ import annotations

from collections.abc import Mapping

from shiny import Inputs, Outputs, module, reactive, render, ui

from n1trial.web.search.request import LIMIT_FIELDS, REPLICATES, TRIALS, LimitField, first_values
from n1trial.web.shared.state import PageState

FIELDS: Mapping[str, LimitField] = {**LIMIT_FIELDS, REPLICATES: TRIALS}


def panel() -> ui.Tag:
    """Lay out the fields of the limits."""
    return ui.output_ui("limits")


def draw(output: Outputs, state: PageState, faults: reactive.Value[Mapping[str, str]]) -> None:
    """Draw the fields, anew for another plan only, and tell what is wrong beside each."""
    source: reactive.Value[str] = reactive.Value("", name="source")

    @reactive.effect
    def _() -> None:
        source.set(state.draft().source)  # a plan that was only changed leaves the limits as they were typed

    @output(suspend_when_hidden=False)
    @render.ui
    def limits() -> ui.TagChild:
        source()
        with reactive.isolate():
            scenario = state.draft().scenario
        values = {} if scenario is None else first_values(scenario)
        fields = (_field(name, asked, values.get(name, "")) for name, asked in FIELDS.items())
        return ui.div(*fields, class_="side-by-side limits")

    for name in FIELDS:
        output(id=f"wrong_{_id(name)}")(_wrong_text(faults, name))


def read_fields(input: Inputs) -> dict[str, str]:  # noqa: A002
    """Read the fields, by the name of the limit."""
    return {name: str(input[_id(name)]()) for name in FIELDS}


def _wrong_text(faults: reactive.Value[Mapping[str, str]], name: str) -> render.text:
    @render.text
    def text() -> str:
        return faults().get(name, "")

    return text


def _id(name: str) -> str:
    """Name an input."""
    return name.replace(".", "_")


def _field(name: str, field: LimitField, text: str) -> ui.Tag:
    """Draw one limit: label and unit, box, sentence, fault."""
    place = module.resolve_id(_id(name))
    return ui.div(
        ui.tags.label(field.label, ui.tags.span(f" {field.unit}", class_="unit"), {"for": place}),
        ui.tags.input(
            {"aria-describedby": f"{place}-hint {place}-wrong", "inputmode": "decimal"},
            type="text", value=text, id=place, class_="box shiny-input-text", autocomplete="off",
        ),
        ui.tags.p(f"{field.sentence} ", ui.tags.code(field.option), class_="hint", id=f"{place}-hint"),
        ui.div(ui.output_text(f"wrong_{_id(name)}"), class_="fault", id=f"{place}-wrong", role="status"),
        class_="field number",
    )  # fmt: skip
