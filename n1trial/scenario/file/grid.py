"""All combinations of some values of some keys: scenarios to compare, each checked before anything is simulated."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from n1trial.errors import InputError
from n1trial.scenario.check.changes import put_all
from n1trial.scenario.check.fault import Fault, Remark
from n1trial.scenario.check.matters import why_idle, why_not_simulated
from n1trial.scenario.check.validate import faults_of_keys, validate
from n1trial.scenario.file.load import NO_OVERRIDES, load_scenario, parse_value, read_tables
from n1trial.scenario.file.steps import values_of
from n1trial.scenario.file.wording import OverrideFault
from n1trial.scenario.scenario import Scenario
from n1trial.wording import Finding, show

MOST_CELLS = 10_000
"""Combinations that are compared at most."""
NOT_VARIED = {
    "simulation.replicates": "replicates",
    "name": "name",
}
"""Keys that do not make a scenario another one, each with the kind of its fault."""

Changes = dict[str, object]
"""Values by dotted key."""


@dataclass(frozen=True)
class Axis:
    """A key and the values that it takes in turn."""

    key: str
    values: tuple[object, ...]


@dataclass(frozen=True)
class LeftOut:
    """A combination that breaks rules of the scenario, and which."""

    changes: Changes
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Grid:
    """A scenario and the combinations of values to put into it.

    Attributes
    ----------
    base : Scenario
    axes : tuple of Axis
        The last one changes fastest.
    left_out : tuple of LeftOut
        Combinations that are not to be had.
    """

    base: Scenario
    axes: tuple[Axis, ...]
    left_out: tuple[LeftOut, ...] = ()

    def __len__(self) -> int:
        return math.prod(len(axis.values) for axis in self.axes) - len(self.left_out)

    def __iter__(self) -> Iterator[tuple[Changes, Scenario]]:
        """Go through the combinations; a scenario is made when its turn comes, so that many take no memory."""
        tables, missing = self.base.own_values(), [one.changes for one in self.left_out]
        for changes in combinations(self.axes):
            if missing and changes == missing[0]:
                del missing[0]
                continue
            yield changes, Scenario.model_validate(_change(tables, changes)[0])

    @property
    def idle(self) -> tuple[Remark, ...]:
        """Why keys change nothing in any combination, a remark a key; none of the others."""
        why = {axis.key: why_not_simulated(axis.key) for axis in self.axes}
        doubtful = [key for key, remark in why.items() if remark is None]
        for _, scenario in self if doubtful else ():
            why |= {key: why_idle(scenario, key) for key in doubtful}
            doubtful = [key for key in doubtful if why[key] is not None]
            if not doubtful:
                break
        return tuple(remark for remark in why.values() if remark is not None)


def combinations(axes: Sequence[Axis]) -> Iterator[Changes]:
    """Yield all combinations of values, as changes of a scenario."""
    for values in product(*(axis.values for axis in axes)):
        yield dict(zip((axis.key for axis in axes), values, strict=True))


def read_grid(
    source: str,
    vary: Sequence[tuple[str, str]],
    overrides: Mapping[str, str],
    options: Mapping[str, str] = NO_OVERRIDES,
    *,
    skip_invalid: bool = False,
) -> Grid:
    """Read a scenario and the combinations of values to put into it.

    Parameters
    ----------
    source : str
        A file, or the name of a shipped scenario.
    vary : sequence of tuple of str
        Keys with their values as written on the command line, see `values_of`.
    overrides, options : mapping of str to str
        As for `load_scenario`.
    skip_invalid : bool
        Whether combinations that break a rule are left out. Else they are faults. A value that is wrong by itself
        always is one.

    Raises
    ------
    InputError
        With all faults of the file, of the overrides and of the values, and of their combinations.
    """
    told: list[str | Finding] = []
    try:
        base = load_scenario(source, overrides, options)
    except InputError as error:
        base, told = None, list(error.findings)
    axes, faults = _axes(vary, overrides)
    tables = base.own_values() if base is not None else _tables(source, overrides)
    sound = []
    for axis in axes:
        wrong = _faults_alone(tables, axis) if tables is not None else {}
        faults += [
            _fault("broken", f"{axis.key}{'' if value is None else f'={show(value)}'}", fault=fault.rule)
            for value, fault in wrong
        ]
        if not wrong:
            sound.append(axis)
    if told or faults or base is None:
        if base is not None and sound and math.prod(len(axis.values) for axis in sound) <= MOST_CELLS:
            faults += _of_combinations(sound, _faults_of_combinations(base, sound))
        raise InputError([*told, *faults])
    count = math.prod(len(axis.values) for axis in axes)
    if count > MOST_CELLS:
        raise InputError(_fault("too_many", count=count, most=MOST_CELLS))
    broken = _faults_of_combinations(base, axes)
    if broken and (len(broken) == count or not skip_invalid):
        hint = OverrideFault("some_broken", "", {"broken": len(broken), "count": count})
        raise InputError([*_of_combinations(axes, broken), *([] if len(broken) == count else [hint])])
    left_out = tuple(
        LeftOut(changes, tuple(broken[number]))
        for number, changes in enumerate(combinations(axes)) if number in broken
    )  # fmt: skip
    return Grid(base, tuple(axes), left_out)


def _axes(options: Sequence[tuple[str, str]], overrides: Mapping[str, str]) -> tuple[list[Axis], list[OverrideFault]]:
    """Read the axes that can be read, and say what is wrong with the others."""
    axes: list[Axis] = []
    faults: list[OverrideFault] = []
    for key, text in options:
        if key in NOT_VARIED:
            faults.append(_fault(NOT_VARIED[key], f"{key}={text}"))
        elif key in [axis.key for axis in axes]:
            faults.append(_fault("twice", f"{key}={text}"))
        elif key in overrides:
            faults.append(_fault("also_set", f"{key}={text}", value=overrides[key]))
        else:
            try:
                axes.append(Axis(key, values_of(text)))
            except ValueError as error:
                faults.append(_fault("unreadable", f"{key}={text}", why=str(error)))
    return axes, faults


def _fault(kind: str, values: str = "", **facts: object) -> OverrideFault:
    return OverrideFault(kind, "vary", facts, values)


def _tables(source: str, overrides: Mapping[str, str]) -> dict[str, Any] | None:
    """Return tables of a scenario that may be at fault; None where there are none at all."""
    try:
        values = read_tables(source)
    except InputError:
        return None
    list(put_all(values, {key: parse_value(text) for key, text in overrides.items()}))
    return values


def _change(tables: Mapping[str, Any], changes: Changes) -> tuple[dict[str, Any], list[Fault]]:
    """Return tables with other values, and faults where there is no table to put one into."""
    values = {
        section: dict(held) if isinstance(held, dict)
        else [dict(one) if isinstance(one, dict) else one for one in held] if isinstance(held, list | tuple)
        else held
        for section, held in tables.items()
    }  # fmt: skip
    return values, list(put_all(values, changes))


def _faults_alone(tables: Mapping[str, Any], axis: Axis) -> list[tuple[object, Fault]]:
    """Find values that are wrong whatever else the scenario holds, with the fault; None for the value where all are."""
    wrong: list[tuple[object, Fault]] = []
    for value in axis.values:
        values, faults = _change(tables, {axis.key: value})
        faults += [fault for fault in faults_of_keys(values) if fault.place == axis.key]
        wrong += [(value, fault) for fault in faults]
    if len(wrong) == len(axis.values) > 0 and len({fault for _, fault in wrong}) == 1:
        return [(None, wrong[0][1])]
    return wrong


def _faults_of_combinations(base: Scenario, axes: Sequence[Axis]) -> dict[int, list[Fault]]:
    """Find faults of the combinations that have any, by number."""
    tables = base.own_values()
    found = {
        number: list(validate(Scenario, _change(tables, changes)[0]).faults)
        for number, changes in enumerate(combinations(axes))
    }
    return {number: faults for number, faults in found.items() if faults}


def _of_combinations(axes: Sequence[Axis], by_number: Mapping[int, Sequence[Fault]]) -> list[OverrideFault]:
    """Return every rule that is broken once, with the values that break it."""
    cells: dict[Fault, list[int]] = {}
    for number, faults in by_number.items():
        for fault in faults:
            cells.setdefault(fault, []).append(number)
    return [_fault("broken", _where(axes, numbers), fault=str(fault)) for fault, numbers in cells.items()]


def _where(axes: Sequence[Axis], numbers: Sequence[int]) -> str:
    """Word the values that some combinations have in common: ``design.cycles=5 or 6, design.period_days=98``."""
    sizes = [len(axis.values) for axis in axes]
    strides = [math.prod(sizes[index + 1 :]) for index in range(len(sizes))]
    seen = [
        sorted({number // stride % size for number in numbers}) for stride, size in zip(strides, sizes, strict=True)
    ]
    telling = [
        (axis, had) for axis, had, size in zip(axes, seen, sizes, strict=True) if len(had) < size
    ] or list(zip(axes, seen, strict=True))  # fmt: skip
    told = ", ".join(f"{axis.key}={' or '.join(show(axis.values[place]) for place in had)}" for axis, had in telling)
    whole = math.prod(map(len, seen))
    return told if whole == len(numbers) else f"{told} ({len(numbers)} of these {whole} combinations)"
