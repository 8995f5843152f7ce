"""A diary file as rows and columns of text, the way people and spreadsheet programs write it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from n1trial.diary.wording import FAULTS, OF_FILES, note
from n1trial.errors import InputError
from n1trial.files.source import Source, content_of, place_of
from n1trial.texts import strip_refused
from n1trial.wording import Finding, nearest

MOST_BYTES = 32 * 1024 * 1024
"""Of a diary: many years of one with long notes take less."""
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

MOST_LINES = 100_000
LONGEST_LINE = 100_000
"""Bytes of one line at most."""
LONG_LINE = re.compile(rb"[^\r\n]{%d}" % (LONGEST_LINE + 1))
MOST_COLUMNS = 200
MOST_FAULTS = 1000
"""Faults that are told one by one."""
MOST_NAMED = 3
"""Kinds of characters that a note names."""


@dataclass(frozen=True)
class LineFault(Finding):
    """A fault of a line of the file; its place is the column, where it is about one."""

    WORDS, FORMATS = FAULTS, OF_FILES


@dataclass(eq=False)
class Sheet:
    """Text of a file in columns, and what was found while reading it.

    Attributes
    ----------
    place : str
        The file, as faults name it.
    header_line : int
        Line of the header, from 1.
    line : list of int
        Line in which each row begins.
    columns : dict of str to list of str
        Cells by the name of their column: lower case, underscores for spaces, no blanks around.
    faults : list of tuple (int, Fault)
        What is wrong, with its line.
    notes : list of str
        What was read although it is not as it should be, and what was not read.
    """

    place: str
    header_line: int = 1
    line: list[int] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    faults: list[tuple[int, LineFault]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, at_line: int, kind: str, column: str = "", **facts: object) -> None:
        """Note that a line is at fault."""
        self.faults.append((at_line, LineFault(kind, column, facts)))

    def note(self, kind: str, **facts: object) -> None:
        """Note what was read although it is not as it should be, or what was not read."""
        self.notes.append(note(kind, **facts))

    def check_columns(self, mandatory: Iterable[str], names: Collection[str]) -> None:
        """Find columns that are missing, dates standing in for days, and note those that are left out."""
        unknown = [name for name in self.columns if name not in names]
        for name in mandatory:
            if name not in self.columns and not (name == "day" and "date" in self.columns):
                kind = "no_day" if name == "day" else "no_column"
                self.fault(self.header_line, kind, name=name, meant=nearest(name, unknown))
        if unknown:
            self.note("unused", names=unknown)

    def raise_faults(self) -> None:
        """Tell all faults at once, from the top of the file down; nothing if there are none."""
        if self.faults:
            ordered = sorted(self.faults, key=lambda fault: fault[0])
            told = [f"{self.place}: line {line}: {fault}" for line, fault in ordered[:MOST_FAULTS]]
            more = len(ordered) - len(told)
            raise InputError(told + ([f"{self.place}: and {more:,} faults more"] if more else []))


def read_sheet(path: Source, columns: Collection[str]) -> Sheet:
    """Read a file into columns.

    Parameters
    ----------
    path : str, path or MemoryFile
        A text file with a header and columns separated by commas, semicolons or tabs.
    columns : collection of str
        Names of columns, by which the header and its separator are known.

    Returns
    -------
    Sheet
        With faults of its shape, rows that do not fit the header left out.

    Raises
    ------
    InputError
        If there is no such file, it is no text, or it has no header or no rows.
    """
    sheet = Sheet(place_of(path))
    text = _text(sheet, path)
    header, rows = _rows(sheet, text, columns)
    if not rows:
        raise InputError(f"{sheet.place}: has no rows below its header")
    names = _names(sheet, header)
    sheet.columns = {name: [] for name in names}
    for line, cells in rows:
        if len(cells) != len(names):
            sheet.fault(
                line, "more_cells" if len(cells) > len(names) else "cells", cells=len(cells), columns=len(names)
            )
            continue
        sheet.line.append(line)
        for name, cell in zip(names, cells, strict=True):
            sheet.columns[name].append(cell)
    return sheet


def _text(sheet: Sheet, path: Source) -> str:
    """Return the text of a file, whatever mark it begins with."""
    content = content_of(path, what="a diary file", most=MOST_BYTES)
    _check_lines(sheet, content)
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    if encoding != "utf-8":
        sheet.note("byte_order_mark")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f'{sheet.place}: line {line}: not UTF-8; save it as "CSV UTF-8"') from None
    if "\0" in text:
        raise InputError(f"{sheet.place}: is no text file; save it as CSV")
    return _visible(sheet, text.replace("\r\n", "\n").replace("\r", "\n"))


def _check_lines(sheet: Sheet, content: bytes) -> None:
    """Refuse more lines, or longer ones, than a diary can have, before any is read."""
    lines = 1 + content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")
    if lines > MOST_LINES:
        raise InputError(f"{sheet.place}: has {lines:,} lines, more than the {MOST_LINES:,} that are read")
    if long := LONG_LINE.search(content):
        line = 1 + content.count(b"\n", 0, long.start())
        raise InputError(f"{sheet.place}: line {line}: is longer than the {LONGEST_LINE:,} bytes that are read")


def _visible(sheet: Sheet, text: str) -> str:
    """Return text without characters that hide, reorder or command; note what was left out."""
    clean, taken = strip_refused(text, allow="\n\t")
    if taken:
        first = {each.character: each for each in reversed(taken)}
        places = sorted((each.position, str(each)) for each in first.values())
        named = [f"{name} (line {text.count(chr(10), 0, at - 1) + 1})" for at, name in places[:MOST_NAMED]]
        more = len(places) - MOST_NAMED
        kind = "unseen_one" if len(taken) == 1 else "unseen_kinds" if more > 0 else "unseen"
        sheet.note(kind, count=len(taken), named=named, more=more)
    return clean


def _rows(sheet: Sheet, text: str, names: Collection[str]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read the cells of the header, and line and cells of every row that is not empty."""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip(" ,;\t")), None)
    if start is None:
        raise InputError(f"{sheet.place}: is empty")
    stated = lines[start].lower().removeprefix("sep=") if lines[start].lower().startswith("sep=") else ""
    start += bool(stated)
    header = lines[start] if start < len(lines) else ""

    def known_with(separator: str) -> int:
        return len(set(names).intersection(map(_plain, header.split(separator))))

    separator = stated if stated in SEPARATORS else max(SEPARATORS, key=known_with)
    if not known_with(separator):
        raise InputError(
            f"{sheet.place}: line {start + 1}: no header: the first line must name the columns, as in "
            "day,period,cycle,treatment,score"
        )
    if separator != ",":
        sheet.note("separator", separator=SEPARATORS[separator])
    try:
        (sheet.header_line, cells), *records = _records("\n".join(lines[start:]), separator, start)
    except csv.Error as error:
        raise InputError(f"{sheet.place}: cannot be read as CSV ({error}); is a quotation mark not closed?") from None
    while not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise InputError(f"{sheet.place}: has {len(cells):,} columns, more than the {MOST_COLUMNS} that are read")
    return cells, [(line, _trim(row, len(cells))) for line, row in records if any(row)]


def _records(text: str, separator: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the line in which each record begins, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = before + 1
    for record in reader:
        yield line, [cell.strip() for cell in record]
        line = before + reader.line_num + 1


def _trim(cells: list[str], width: int) -> list[str]:
    """Return cells without the empty ones beyond the header."""
    return cells[:width] if not any(cells[width:]) else cells


def _plain(name: str) -> str:
    """Return the name of a column as it is looked up."""
    return "_".join(name.strip().strip('"').lower().split())


def _names(sheet: Sheet, header: list[str]) -> list[str]:
    """Return the names of the columns, each different."""
    names: list[str] = []
    for number, cell in enumerate(header, start=1):
        name = _plain(cell) or f"column {number}"
        if name in names:
            sheet.fault(sheet.header_line, "column_twice", name=name)
            name = f"column {number}"
        names.append(name)
    return names
