"""What a command says where a key stays shut: why, and what opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from n1trial.errors import InputError

if TYPE_CHECKING:
    from n1trial.pack.end.shut import ShutError

REMEDIES = (
    "A trial that ended early is declared: n1trial freeze DIARY --pack DIR --ended DATE --reason TEXT; then the key "
    "opens.",
    "Anything else needs --early --reason TEXT, and stands in the log, on the page and in the physician's letter.",
)


def with_remedies(error: ShutError) -> InputError:
    """Say after why a key stays shut what opens it."""
    declared, early = REMEDIES
    remedies = [*([declared] if not error.gate.is_over else []), early]
    return InputError([*error.findings, *remedies])
