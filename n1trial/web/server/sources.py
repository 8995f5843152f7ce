"""What Shiny looks up for traces of its work, which the page does not record."""

from __future__ import annotations

from collections.abc import Callable

from shiny.reactive._reactives import Calc_, Effect_, Value

LOOKUPS: tuple[tuple[type, str, Callable[..., object]], ...] = (
    (Value, "_try_infer_name", lambda self: None),  # noqa: ARG005
    (Calc_, "_extract_otel_attrs", lambda self, function: {}),  # noqa: ARG005
    (Effect_, "_extract_otel_attrs", lambda self, function: {}),  # noqa: ARG005
)
"""Methods by their class and name, each with one that says, as they may, that nothing was found."""


def do_without_sources() -> None:
    """Keep Shiny from reading the source of all that calls it, whenever it makes a reactive value or effect.

    Names of values and places of functions serve traces alone. Two thirds of what opening the page took went there.
    """
    for owner, name, found_nothing in LOOKUPS:
        setattr(owner, name, found_nothing)
