"""The form of a plan: each input with its slider, its number box, its sentence, and room for what is wrong with it."""

from __future__ import annotations

import re

from htmltools import HTML
from shiny import ui

from n1trial.scenario.check.evidence import YOURS
from n1trial.scenario.scenario import Scenario
from n1trial.web.plan.fields import NO_SOURCE, STATUS, Field, Origin, first_fields, folded_fields

MOVED_ALIKE = (
    "How slowly the effect builds up and fades: these sliders move the patient (the truth) and what the planned"
    " analysis assumes alike, unless that is stated apart under “The analysis and the decision”; the report's rows for"
    " a slower or faster drug move the truth alone."
)
KNOWN = {"": NO_SOURCE, **{status: words for status, words in STATUS.items() if status != YOURS}}
STATUS_MEANS = "How far the number can be trusted; of another value it says nothing"
NOTE_MEANS = "It is printed beside the number, on the report and in the protocol"
TagAttrs = dict[str, str | float | bool | HTML | None]


def form(scenario: Scenario, edits: str) -> ui.Tag:
    """Lay out the inputs of a plan.

    Parameters
    ----------
    scenario : Scenario
    edits : str
        Name of the input that tells what is edited.
    """
    return ui.tags.form(
        ui.tags.h3("What matters first"),
        ui.tags.p(MOVED_ALIKE, class_="hint") if scenario.design.layout == "crossover" else None,
        *(_input(field) for field in first_fields(scenario)),
        ui.tags.h3("All the rest"),
        *(_fold(title, tables) for title, tables in folded_fields(scenario).items()),
        {"data-edits": edits, "autocomplete": "off"},
        class_="plan-form",
        aria_label="The plan",
    )


def _fold(title: str, tables: dict[str, list[Field]]) -> ui.Tag:
    held: list[ui.Tag] = []
    for name, fields in tables.items():
        inputs = [_input(field) for field in fields]
        held += [ui.tags.fieldset(ui.tags.legend(name), *inputs)] if name else inputs
    count = sum(map(len, tables.values()))
    summary = ui.tags.summary(title, ui.tags.span(f" {count}", class_="count"), id=_id(f"fold {title}"))
    return ui.tags.details(summary, *held)


def _input(field: Field) -> ui.Tag:
    """Draw one input, and where its value comes from."""
    return _alone(field) if field.origin is None else ui.div(_alone(field), _origin(field, field.origin))


def _origin(field: Field, origin: Origin) -> ui.Tag:
    """Draw where a number comes from, for whoever knows to say."""
    asked = (
        Field(f"{origin.key}.status", "How well it is known", "", STATUS_MEANS, "choice", origin.status, None, KNOWN),
        Field(f"{origin.key}.note", "Its source, or the reason for it", "", NOTE_MEANS, "text", origin.note, None, {}),
    )
    summary = ui.tags.summary(
        "Source: ", ui.tags.span(origin.words, {"data-origin": origin.key}), id=_id(f"origin {field.key}")
    )
    return ui.tags.details(summary, *map(_alone, asked), class_="origin")


def _alone(field: Field) -> ui.Tag:
    """Draw one input: label and unit, control, sentence, fault."""
    name = _id(field.key)
    # edits go out together (n1trial.js), so Shiny is not to send each input by itself
    described: TagAttrs = {"aria-describedby": f"{name}-hint {name}-fault", "data-shiny-no-bind-input": ""}
    unit = ui.tags.span(f" {field.unit}", class_="unit") if field.unit else None
    return ui.div(
        ui.tags.label(field.label, unit, {"for": name}),
        ui.div(_slider(field, name), _box(field, name, described), class_="controls"),
        ui.tags.p(f"{field.sentence}. ", ui.tags.code(field.key), class_="hint", id=f"{name}-hint"),
        ui.tags.p(class_="fault", id=f"{name}-fault", role="status"),
        {"data-key": field.key},
        class_=f"field {field.kind}",
    )


def _id(name: str) -> str:
    """Name a control for when the form is drawn anew (n1trial.js)."""
    return f"plan-{re.sub(r'[^A-Za-z0-9]+', '-', name)}"


def _slider(field: Field, name: str) -> ui.Tag | None:
    if field.reach is None:
        return None
    low, high, step = (f"{number:.10g}" for number in field.reach)
    return ui.tags.input(
        {"aria-label": f"{field.label}, slider", "min": low, "max": high, "step": step, "data-shiny-no-bind-input": ""},
        type="range", value=field.text, class_="slider", id=f"{name}-slider",
    )  # fmt: skip


def _box(field: Field, name: str, attributes: TagAttrs) -> ui.Tag:
    match field.kind:
        case "choice":
            options = (
                ui.tags.option(words, {"selected": ""} if value == field.text else {}, value=value)
                for value, words in field.choices.items()
            )
            return ui.tags.select(*options, attributes, class_="box", id=name)
        case "flag":
            checked: TagAttrs = {"checked": ""} if field.text == "true" else {}
            return ui.tags.input(attributes, checked, type="checkbox", class_="box", id=name)
    mode: TagAttrs = {"inputmode": "decimal"} if field.kind == "number" else {}
    return ui.tags.input(attributes, mode, type="text", value=field.text, class_="box", id=name)
