"""A page as a test reads it: its tags in order, its tables, its names, and what it would ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import n1trial
from n1trial.report.run.page import page
from n1trial.report.run.parts import RUN
from n1trial.report.run.read import result_of as result_of_document
from n1trial.report.run.result import Result
from tests.searched_once import searched_once

REFERENCE = Path(__file__).parents[2] / "results" / "reference"
FEW = 60
"""Replicates where nothing depends on their number."""
EMPTY = ("meta", "br", "link", "img", "hr", "path", "use", "rect", "circle", "line")


def fresh(name: str, replicates: int, changes: Mapping[str, object], *, under_stress: bool = False) -> Result:
    """Result of a shipped scenario with other values, by dotted key; one look for the smallest detectable effect."""
    scenario = n1trial.load_scenario(name).replace(**changes)
    with searched_once():
        return n1trial.run(scenario, replicates=replicates, under_stress=under_stress)


def result_of(name: str, replicates: int = 0, *, under_stress: bool = False, **changes: object) -> Result:
    """The same, made once; `a__b` stands for the key a.b. As it is shipped it is that of the reference results."""
    return _result_of(name, replicates, under_stress, tuple(sorted(changes.items())))


@cache
def _result_of(name: str, replicates: int, under_stress: bool, changes: tuple[tuple[str, object], ...]) -> Result:
    if replicates or changes or under_stress:
        dotted = {key.replace("__", "."): value for key, value in changes}
        return fresh(name, replicates or FEW, dotted, under_stress=under_stress)
    document = RUN.read((REFERENCE / name / "run.json").read_bytes())
    return Result.of(result_of_document(n1trial.load_scenario(name), document))


def read(name: str, replicates: int = 0, *, under_stress: bool = False, **changes: object) -> Read:
    """Page of that result, read."""
    return _read(result_of(name, replicates, under_stress=under_stress, **changes))


@cache
def _read(result: Result) -> Read:
    return Read.of(page(result))


@dataclass
class Table:
    """A table: its caption and rows of cells, notes within cells left out."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)


class Read(HTMLParser):
    """Reads a page and checks that every tag is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.source = ""
        self.open: list[str] = []
        self.ids: list[str] = []
        self.asked: list[str] = []
        self.names: list[str] = []
        self.headings: list[int] = []
        self.tables: dict[str, Table] = {}
        self.pieces: list[str] = []
        self._table = Table()
        self._note = 0

    @classmethod
    def of(cls, source: str) -> Read:
        read = cls()
        read.source = source
        read.feed(source)
        read.close()
        return read

    @property
    def text(self) -> str:
        """What a reader sees, on one line."""
        return " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.ids += [held["id"] or ""] if "id" in held else []
        self.asked += [held[name] or "" for name in ("src", "href", "srcset", "data", "action") if name in held]
        self.names += [held[name] or "" for name in ("aria-labelledby", "aria-describedby") if name in held]
        self.headings += [int(tag[1])] if tag in ("h1", "h2", "h3", "h4", "h5", "h6") else []
        if tag == "table":
            self._table = Table()
        if tag == "tr":
            self._table.rows.append([])
        if tag in ("td", "th"):
            assert held.get("scope") in (("row", "col") if tag == "th" else (None,))
            self._table.rows[-1].append("")
        if tag == "span" and held.get("class") in ("note", "key"):
            self._note += 1
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:
            return
        assert self.open.pop() == tag
        if tag == "span":
            self._note = max(0, self._note - 1)
        if tag == "table":
            self.tables[" ".join(self._table.caption.split())] = self._table

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.pieces.append(data)
        if "caption" in self.open:
            self._table.caption += data
        elif {"td", "th"} & set(self.open) and not self._note:
            self._table.rows[-1][-1] += data

    def table(self, begins: str) -> list[list[str]]:
        """Rows below the heading of the table whose caption begins so."""
        found = [table for caption, table in self.tables.items() if caption.startswith(begins)]
        assert len(found) == 1, list(self.tables)
        return [[" ".join(cell.split()) for cell in row] for row in found[0].rows[1:]]
