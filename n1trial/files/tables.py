"""Tables as CSV: nothing in a cell is hidden, and no spreadsheet program takes a text for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TextIO

from n1trial.texts import cell


def append_rows(file: TextIO, rows: Iterable[Sequence[object]]) -> None:
    """Write rows to an open file, one a line; see `n1trial.texts.cell` for what is changed in texts."""
    csv.writer(file, lineterminator="\n").writerows(map(cell, row) for row in rows)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write the text of a CSV file with a header."""
    text = io.StringIO()
    append_rows(text, [columns])
    append_rows(text, rows)
    return text.getvalue()
