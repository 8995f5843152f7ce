"""Lines of a terminal: text that is wrapped, with or without a label in front of it."""

from __future__ import annotations

import textwrap
from collections.abc import Container, Sequence

WIDTH = 100
"""Characters of a line."""
LABEL = 16
"""Characters that a label has for itself."""


def wrap(text: str, first: str = "", then: str | None = None, width: int = WIDTH) -> list[str]:
    """Break text into lines between words only: never within a code, a number or a word with a hyphen.

    Parameters
    ----------
    text : str
    first : str
        What the first line begins with.
    then : str, optional
        What each later line begins with; by default blanks, as many as `first` has characters.
    width : int
        Characters of a line.
    """
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=" " * len(first) if then is None else then,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def label_lines(label: str, text: str, width: int = LABEL, line: int = WIDTH) -> list[str]:
    """Set text beside a label that has the first `width` characters of lines of `line` characters for itself."""
    return wrap(text, label.ljust(width), " " * width, line)


def table(rows: Sequence[Sequence[str]], left: Container[int] = ()) -> list[str]:
    """Align the columns of rows, two blanks apart, numbers to the right.

    Parameters
    ----------
    rows : sequence of sequence of str
        The heading among them; each has the same columns.
    left : container of int
        Columns of words, which begin at the same place.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            text.ljust(width) if column in left else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
