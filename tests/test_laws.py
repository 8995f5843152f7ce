"""The laws of the house, read from its imports: one way, no circle, small rooms, one door, and who sees what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.imports import HOUSE, UNREADABLE, Imports, house, imports_in, is_within, paths

Law = Callable[[Imports], Iterator[str]]

STANDS_AFTER: Mapping[str, tuple[str, ...]] = {
    "arrays": (),
    "texts": (),
    "wording": ("texts",),
    "errors": ("wording",),
    "files": ("errors",),
    "syntax": (),
    "provenance": ("syntax",),
    "extras": (),
    "exposure": ("errors", "arrays"),
    "formulas": ("exposure",),
    "design": ("exposure",),
    "diary": ("formulas", "design", "files"),
    "analysis": ("diary",),
    "scenario": ("diary",),
    "patient": ("scenario",),
    "simulation": ("patient",),
    "evaluation": ("analysis", "simulation"),
    "study": ("evaluation", "provenance", "extras"),
    "report": ("study",),
    "pack": ("report",),
    "web": ("pack",),
    "cli": ("web",),
    "__main__": ("cli",),
}
PAGE = ("start", "plan", "compare", "search", "report", "pack", "diary")
"""Rooms of the page; none knows another."""
WITHIN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "diary": {"file": ()},
    "analysis": {
        "reml": (),
        "daily": (),
        "randomized": (),
        "methods": ("reml", "daily", "randomized"),
        "analyze": ("methods",),
    },
    "scenario": {"model": (), "check": ("model",), "scenario": ("check",), "file": ("scenario",)},
    "study": {"batches": (), "run": ("batches",), "search": ("run",), "sweep": ("run",), "calibration": ("run",)},
    "report": {
        "plot": (),
        "run": ("plot",),
        "search": ("plot",),
        "sweep": ("plot",),
        "trace": ("plot",),
        "diary": ("plot",),
    },
    "pack": {
        "log": (),
        "trial": ("log",),
        "sealed": ("trial",),
        "papers": ("trial",),
        "pharmacy": ("papers",),
        "visit": ("papers",),
        "make": ("sealed", "pharmacy"),
        "freeze": ("visit",),
        "end": ("make", "freeze"),
        "conclusion": ("end",),
    },
    "web": {"shared": (), **dict.fromkeys(PAGE, ("shared",)), "app": PAGE, "server": ("app",)},
}
"""Rooms and modules within a room, each with those that it stands after; all that is not named stands before them."""
MOST_MODULES = 12
LONG = ("n1trial.cli",)
"""Folders that may hold more modules: one a command."""
UNSEEN = ("scenario", "patient", "simulation")
BLIND: Mapping[str, tuple[str, ...]] = {
    "n1trial.pack.trial": (),
    "n1trial.pack.log": (),
    "n1trial.pack.papers": (),
    "n1trial.pack.visit": (),
    "n1trial.web": (
        "n1trial.web.app", "n1trial.web.server.serve", "n1trial.web.pack", "n1trial.web.diary.room",
        "n1trial.web.diary.unzip", "n1trial.web.diary.freeze", "n1trial.web.diary.analyze",
        "n1trial.web.diary.end_view", "n1trial.web.diary.end_trial",
    ),
}  # fmt: skip
"""Rooms whose work is seen before the end of a trial, each with the modules in it that are exempt."""
SEALED = ("n1trial.pack.sealed", "n1trial.pack.make", "n1trial.pack.end")
"""Rooms that know or open an allocation."""
DOORS: Mapping[str, tuple[str, ...]] = {
    "simpy": ("n1trial.simulation.clock",),
    "click": ("n1trial.cli",),
    "shiny": ("n1trial.web",),
    "htmltools": ("n1trial.web",),
    "starlette": ("n1trial.web",),
    "uvicorn": ("n1trial.web",),
    "tomllib": ("n1trial.scenario",),
    "pydantic": ("n1trial.scenario", "n1trial.report.documents"),
    "pydantic_core": ("n1trial.scenario", "n1trial.report.documents"),
    "jinja2": ("n1trial.report.templates",),
    "matplotlib": ("n1trial.report", "n1trial.pack"),
    "pyrage": ("n1trial.pack.sealed.seal",),
    "bech32": ("n1trial.pack.sealed.seal",),
    "zxcvbn": ("n1trial.pack.sealed.passphrases",),
    "xkcdpass": ("n1trial.pack.sealed.passphrases",),
    "icalendar": ("n1trial.pack.papers.calendar",),
    "typst": ("n1trial.pack.papers.pdf",),
    "packaging": ("n1trial.pack.make.program",),
    "sqlite3": ("n1trial.study.sweep.store",),
    "distributed": ("n1trial.study.batches.cluster",),
}


def room_of(module: str) -> str:
    """Room that a module of the house is in: the part after the first dot."""
    return module.split(".")[1] if "." in module else module


def before(room: str) -> set[str]:
    """All rooms that stand before a room."""
    nearest = STANDS_AFTER[room]
    return set(nearest).union(*map(before, nearest))


def against_the_flow(imports: Imports) -> Iterator[str]:
    """First law: a module imports only from what stands before it."""
    for module, found in imports.items():
        room = room_of(module)
        if room not in STANDS_AFTER:
            yield f"{module} is in no room of the house"
            continue
        for each in found:
            if is_within(each.target, HOUSE) and room_of(each.target) not in before(room) | {room}:
                yield f"{module}:{each.line} imports {each.target}, which does not stand before {room}"
            elif each.target == UNREADABLE and room != "cli":  # where all may be imported, and late
                yield f"{module}:{each.line} imports {UNREADABLE}"


def inner_room(module: str) -> str | None:
    """Room within its room that a module of the house is in; None where it is in none."""
    inner = module.split(".")[2:3]
    return inner[0] if inner and inner[0] in WITHIN.get(room_of(module), {}) else None


def inner_before(room: str, inner: str) -> set[str]:
    """All rooms that stand before one within the same room."""
    nearest = WITHIN[room][inner]
    return set(nearest).union(*(inner_before(room, each) for each in nearest))


def against_the_flow_within(imports: Imports) -> Iterator[str]:
    """First law, within a room: a module imports only from inner rooms that stand before its own."""
    for module, found in imports.items():
        room, mine = room_of(module), inner_room(module)
        allowed = inner_before(room, mine) | {mine} if mine else set()
        for each in found:
            theirs = inner_room(each.target) if room_of(each.target) == room else None
            if theirs is not None and theirs not in allowed:
                yield f"{module}:{each.line} imports {each.target}, which does not stand before {room}.{mine}"


def sights_of_the_truth(imports: Imports) -> Iterator[str]:
    """Second law: nothing that the analysis imports, directly or through others, is of the patient."""
    for start in imports:
        if room_of(start) == "analysis":
            yield from (f"{start} sees {seen}" for seen in sorted(reach(start, imports)) if room_of(seen) in UNSEEN)


def sights_of_the_allocation(imports: Imports) -> Iterator[str]:
    """Third law: nothing that a blind room imports, directly or through others, knows or opens an allocation."""
    for start in imports:
        if any(is_within(start, room) and not is_within(start, *exempt) for room, exempt in BLIND.items()):
            seen = sorted(module for module in reach(start, imports) if is_within(module, *SEALED))
            yield from (f"{start} sees {module}" for module in seen)


def reach(start: str, imports: Imports) -> set[str]:
    """All modules of the house that a module imports, directly or through others."""
    seen, ahead = {start}, [start]
    while ahead:
        module = ahead.pop()
        targets = {each.target for each in imports.get(module, ())}
        packages = {target.rpartition(".")[0] for target in targets if target.count(".") > 1}
        behind_the_front_door = set(imports) if module not in imports else set()
        new = {name for name in targets | packages | behind_the_front_door if is_within(name, HOUSE)} - seen
        seen |= new
        ahead += new
    return seen


def strange_doors(imports: Imports) -> Iterator[str]:
    """Fourth law: each dependency comes in by one door."""
    for module, found in imports.items():
        for each in found:
            doors = DOORS.get(each.target.partition(".")[0])
            if doors is not None and not is_within(module, *doors):
                yield f"{module}:{each.line} imports {each.target}, which comes in by {' or '.join(doors)} alone"


def cycles(imports: Imports) -> Iterator[str]:
    """Find a circle of modules, with imports counted that are late or for types alone."""
    graph = {module: {each.target for each in found if each.target != module} for module, found in imports.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield " imports ".join(reversed(error.args[1]))


def crowded_rooms(imports: Imports) -> Iterator[str]:
    """Find folders with more modules, besides `__init__`, than one takes in from a listing."""
    packages = {module.rpartition(".")[0] for module in imports}
    folders = Counter(module.rpartition(".")[0] for module in imports if module not in packages)
    for folder, modules in folders.items():
        if modules > MOST_MODULES and folder not in LONG:
            yield f"{folder} holds {modules} modules, more than {MOST_MODULES}"


LAWS: tuple[Law, ...] = (
    against_the_flow,
    against_the_flow_within,
    sights_of_the_truth,
    strange_doors,
    sights_of_the_allocation,
    cycles,
    crowded_rooms,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Law) -> None:
    assert list(law(house())) == []


def test_the_house_was_read() -> None:
    assert len(house()) > 50
    outside = {each.target.partition(".")[0] for found in house().values() for each in found}
    assert {"simpy", "tomllib", "pydantic", "click"} <= outside
    assert "n1trial.simulation.simulate" in reach("n1trial.study.batches.measure", house())
    assert not [module for module in paths() if module.endswith(".utils")]


TYPES_ALONE = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "
LATE = "def analyze():\n    "
NOT_BEFORE = "which does not stand before scenario"
BROKEN: dict[str, list[tuple[str, Law, str]]] = {
    "scenario.made_up": [
        ("from n1trial.analysis import METHODS", against_the_flow, f"n1trial.analysis, {NOT_BEFORE}"),
        ("from n1trial import analysis", against_the_flow, f"n1trial.analysis, {NOT_BEFORE}"),
        ("from .. import study", against_the_flow, f"n1trial.study, {NOT_BEFORE}"),
        ("from ..study.run import run", against_the_flow, f"n1trial.study.run.run, {NOT_BEFORE}"),
        ("import n1trial.study.run.run", against_the_flow, f"n1trial.study.run.run, {NOT_BEFORE}"),
        ("from n1trial import analyze", against_the_flow, f"n1trial.analyze, {NOT_BEFORE}"),
        ("import n1trial", against_the_flow, f"n1trial, {NOT_BEFORE}"),
        (
            TYPES_ALONE + "from n1trial.study.run.run import run",
            against_the_flow,
            "made_up:3 imports n1trial.study.run.run",
        ),
        (LATE + "from n1trial.study.run.run import run", against_the_flow, "made_up:2 imports n1trial.study.run.run"),
        ("from importlib import import_module\nimport_module('n1trial.study')", against_the_flow, "made_up:2 imports"),
        ("import importlib\nimportlib.import_module(name)", against_the_flow, f"made_up:2 imports {UNREADABLE}"),
        ("import simpy", strange_doors, "simpy, which comes in by n1trial.simulation.clock alone"),
        (
            "from matplotlib import pyplot",
            strange_doors,
            "matplotlib, which comes in by n1trial.report or n1trial.pack",
        ),
        (LATE + "import click.testing", strange_doors, "click.testing, which comes in by n1trial.cli alone"),
    ],
    "analysis.made_up": [
        ("from n1trial.patient.drug import absorb", sights_of_the_truth, "made_up sees n1trial.patient.drug"),
        (
            TYPES_ALONE + "from n1trial.scenario import scenario",
            sights_of_the_truth,
            "sees n1trial.scenario.scenario",
        ),
        (LATE + "from n1trial.study.batches import measure", sights_of_the_truth, "sees n1trial.simulation.simulate"),
        ("from n1trial import simulate", sights_of_the_truth, "sees n1trial.simulation.simulate"),
        (
            "import pydantic",
            strange_doors,
            "pydantic, which comes in by n1trial.scenario or n1trial.report.documents alone",
        ),
    ],
    "diary.plan": [
        ("from n1trial.diary.diary import Diary", cycles, "n1trial.diary.diary imports n1trial.diary.plan"),
        ("from n1trial.diary import diary", cycles, "n1trial.diary.diary imports n1trial.diary.plan"),
        (TYPES_ALONE + "from n1trial.diary.diary import Diary", cycles, "n1trial.diary.diary imports"),
        (LATE + "from n1trial.diary.diary import Diary", cycles, "n1trial.diary.diary imports"),
    ],
    "study.run.made_up": [
        (
            "from n1trial.study.search.limits import Limits",
            against_the_flow_within,
            "n1trial.study.search.limits, which does not stand before study.run",
        ),
        (LATE + "from n1trial.study.sweep import store", against_the_flow_within, "sweep.store, which does not stand"),
    ],
    "study.made_up": [
        (
            TYPES_ALONE + "from n1trial.study.batches.measure import Cell",
            against_the_flow_within,
            "does not stand before",
        ),
    ],
    "pack.papers.made_up": [
        (
            "from n1trial.pack.sealed.allocation import contents",
            sights_of_the_allocation,
            "made_up sees n1trial.pack.sealed.allocation",
        ),
        (
            TYPES_ALONE + "from n1trial.pack.sealed.key import Key",
            sights_of_the_allocation,
            "made_up sees n1trial.pack.sealed.key",
        ),
        (
            LATE + "from n1trial.pack.end.reveal import reveal",
            sights_of_the_allocation,
            "sees n1trial.pack.end.reveal",
        ),
        ("from n1trial.pack.make import summary", sights_of_the_allocation, "sees n1trial.pack.sealed.key"),
    ],
    "simulation.store": [("import sqlite3", strange_doors, "comes in by n1trial.study.sweep.store alone")],
    "web.plan.made_up": [
        ("from n1trial.pack.make.rules import RULES", sights_of_the_allocation, "sees n1trial.pack.make.rules"),
        (
            LATE + "from n1trial.pack.conclusion.finish import finish",
            sights_of_the_allocation,
            "sees n1trial.pack.sealed.key",
        ),
        (
            TYPES_ALONE + "from n1trial.web.pack.make import FinishedPack",
            sights_of_the_allocation,
            "sees n1trial.pack.sealed.seal",
        ),
        (
            "from n1trial.web.search.view import picture_of",
            against_the_flow_within,
            "made_up:1 imports n1trial.web.search.view, which does not stand before web.plan",
        ),
        ("from n1trial.web.app import make_app", against_the_flow_within, "n1trial.web.app, which does not stand"),
    ],
    "web.shared.made_up": [
        ("from n1trial.web.plan import fields", against_the_flow_within, "plan.fields, which does not stand before"),
        (LATE + "from n1trial.web.server.gate import Gate", against_the_flow_within, "before web.shared"),
    ],
    "pack.visit.made_up": [
        ("from n1trial.pack.freeze.freeze import freeze", against_the_flow_within, "not stand before pack.visit"),
        ("from n1trial.pack.pharmacy import stock", against_the_flow_within, "not stand before pack.visit"),
    ],
    "pack.end.made_up": [
        ("from n1trial.pack.conclusion import folder", against_the_flow_within, "not stand before pack.end"),
    ],
    "diary.made_up": [
        ("from n1trial.diary.file.sheet import Sheet", against_the_flow_within, "file.sheet, which does not stand"),
    ],
    "utils": [("", against_the_flow, "n1trial.utils is in no room of the house")],
}


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, cases in BROKEN.items() for case in cases])
def test_a_broken_law_is_found(name: str, case: tuple[str, Law, str]) -> None:
    source, law, fault = case
    module = f"{HOUSE}.{name}"
    found = list(law({**house(), module: imports_in(source, module)}))
    assert any(fault in each for each in found), found


@pytest.mark.parametrize(
    "source",
    [
        "from n1trial import __version__, formulas",
        "from n1trial.diary.diary import Diary",
        "from . import verdict",
        "from ..errors import InputError",
        TYPES_ALONE + "from n1trial.simulation.simulate import Diaries",
        "import numpy",
    ],
)
def test_what_the_laws_allow_is_no_fault(source: str) -> None:
    module = "n1trial.evaluation.front"
    assert [fault for law in LAWS for fault in law({**house(), module: imports_in(source, module)})] == []


def test_a_crowded_room_is_found() -> None:
    modules: Imports = {f"n1trial.patient.made_up_{number}": [] for number in range(MOST_MODULES + 1)}
    assert any(fault.startswith("n1trial.patient holds ") for fault in crowded_rooms({**house(), **modules}))
