from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest
from shiny import reactive
from shiny.reactive._reactives import Effect_

from n1trial.web.server.sources import LOOKUPS, do_without_sources


async def work() -> int:
    return 0


MADE: dict[str, tuple[Callable[[], object], list[str]]] = {
    "value": (lambda: reactive.Value(0), []),
    "task": (lambda: reactive.ExtendedTask(work), ["getsourcelines"]),
    "calc": (lambda: reactive.calc(lambda: 0), []),
    "effect": (lambda: Effect_(lambda: None, session=None), []),
}
"""Ways to make something reactive, each with what Shiny still looks up for it."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is looked up in sources; what is done without is put back at the end."""
    calls = list[str]()

    def note(name: str, look_up: Callable[..., object]) -> Callable[..., object]:
        def noted(*args: object) -> object:
            calls.append(name)
            return look_up(*args)

        return noted

    for owner, name, _ in LOOKUPS:
        assert callable(vars(owner)[name]), "Shiny looks up sources in another way"
        monkeypatch.setattr(owner, name, vars(owner)[name])
    for name in ("stack", "getsourcelines"):
        monkeypatch.setattr(inspect, name, note(name, getattr(inspect, name)))
    return calls


@pytest.mark.parametrize("way", MADE)
def test_shiny_does_not_look_up_who_makes_something_reactive(way: str, asked: list[str]) -> None:
    do_without_sources()
    make, still_looked_up = MADE[way]
    make()
    assert asked == still_looked_up
