"""Whether the code of now gives the figures that the code of the pack gave, for a diary that the key holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from n1trial.pack.end.check_diary import conclusion_of, figures_of, join_check
from n1trial.pack.sealed.check_diary import CheckDiary, digests_of
from n1trial.pack.sealed.key import Key
from n1trial.provenance import Provenance, provenance

CONCLUSION = "conclusion"
RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""Largest differences that are none. Another processor differs in the last bits of a score; scores changed by 1e-13 of
themselves change no figure of a method by more than 5e-12 of itself, and what a reader sees ends at 1e-4."""


@dataclass(frozen=True)
class FigureDifference:
    """A figure that is another one now.

    Attributes
    ----------
    method, figure : str
    then, now : float, str or None
        None where there is none.
    failure : str or None
        Name of the exception with which the code of now could not calculate the method; None where it could.
    """

    method: str
    figure: str
    then: float | str | None
    now: float | str | None
    failure: str | None = None


@dataclass(frozen=True)
class Reproduction:
    """Outcome of computing the figures of a pack's check diary again.

    Attributes
    ----------
    kind : {"same", "different", "none"}
        None: the key holds no check diary, as those of the first release.
    then, now : dict
        Provenance of the pack and of the analysis; `then` is empty where the key holds none.
    differences : tuple of FigureDifference
    program : tuple of str
        Files that bring the code of the pack back, by path: those that are beside the key as they were sealed.
    """

    kind: Literal["same", "different", "none"]
    then: Provenance
    now: Provenance
    differences: tuple[FigureDifference, ...] = ()
    program: tuple[str, ...] = ()


def reproduce(key: Key, home: Path) -> Reproduction:
    """Analyze a pack's check diary with the code of now."""
    beside = {path: (home / path).read_bytes() for path in key.program if (home / path).is_file()}
    intact = tuple(path for path, digest in digests_of(beside).items() if digest == key.program[path])
    if key.check is None:
        return Reproduction("none", key.provenance, provenance(), (), intact)
    differences = tuple(_differences(key.check, key))
    return Reproduction("different" if differences else "same", key.provenance, provenance(), differences, intact)


def _differences(check: CheckDiary, key: Key) -> Iterator[FigureDifference]:
    """Find figures that differ; a new figure is no difference, and what fails or is gone is one."""
    found = [each for method in check.figures for each in _of_method(check, key, method)]
    yield from found
    # The conclusion rests on the methods: where one fails it fails for the same cause.
    if check.conclusion and not any(each.failure for each in found):
        yield from _compare((), check.conclusion, lambda: conclusion_of(join_check(check, key)))


def _of_method(check: CheckDiary, key: Key, method: str) -> Iterator[FigureDifference]:
    return _compare((method,), check.figures[method], lambda: figures_of(join_check(check, key), method))


def _compare(
    place: tuple[str, ...], then: dict[str, Any], reckon: Callable[[], dict[str, Any]]
) -> Iterator[FigureDifference]:
    try:
        now = dict(_leaves(reckon()))
    except Exception as error:
        # Other code may fail in any way, and the key has opened: that must be said and not end in a traceback.
        yield FigureDifference(
            place[0] if place else CONCLUSION, "status", then.get("status", "ok"), None, type(error).__name__
        )
        return
    for leaf, before in _leaves(then):
        if not is_same(before, now.get(leaf)):
            *above, name = (*place, *leaf)
            yield FigureDifference(", ".join(reversed(above)), name, before, now.get(leaf))


def _leaves(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield values without parts in a document, each with its place; of a list the number of its items too."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, (*place, name))
    elif isinstance(value, list):
        yield (*place, "number"), len(value)
        for number, part in enumerate(value, start=1):
            yield from _leaves(part, (*place, f"{number}"))
    else:
        yield place, value


def is_same(then: object, now: object) -> bool:
    """Whether two figures are the same to the last digits that processors agree on."""
    if isinstance(then, int | float) and isinstance(now, int | float):
        return math.isclose(then, now, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return then == now
