"""Where text leaves for the terminal: the one place of the commands that writes."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TextIO

import click

from n1trial.texts import escape, escaped_json, visible

VISIBLY = "n1trial.visibly"
"""Way of writing a character that the encoding of the output lacks: as its escape, ``\\u2192``."""


def say(text: object, *, nl: bool = True, err: bool = False) -> None:
    """Write words to standard output or standard error; what cannot be seen in them is shown as ``<U+202E>``.

    Parameters
    ----------
    text : object
        Words of several lines, or anything that reads as one.
    nl : bool
        Whether a line ends after it.
    err : bool
        Whether it goes to standard error.
    """
    click.echo(visible(str(text)), nl=nl, err=err)


def say_json(document: str) -> None:
    """Write a JSON document to standard output, exact in every encoding.

    Parameters
    ----------
    document : str
        Its text; without a line's end, one is added.
    """
    exact = escaped_json(document)
    click.echo(exact if _is_unicode(sys.stdout) else _in_ascii(exact), nl=not document.endswith("\n"))


def say_toml(document: str) -> None:
    """Write a scenario file to standard output, exact in every encoding; its texts are in quotation marks.

    Parameters
    ----------
    document : str
        Its text, with the end of its last line.
    """
    exact = visible(document)
    click.echo(exact if _is_unicode(sys.stdout) else _in_ascii(exact, is_toml=True), nl=False)


def open_streams() -> None:
    """Let no closed stream, and no character that the encoding of an output lacks, stop a command."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, _nowhere(number))
    codecs.register_error(VISIBLY, _escape)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=VISIBLY)


def _nowhere(number: int) -> TextIO:
    """Put something in place of a stream that was closed: no file that is opened later may come to stand there."""
    opened = os.open(os.devnull, os.O_RDWR)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    return open(number, "r" if number == 0 else "w", encoding="utf-8")


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(escape, error.object[error.start : error.end])), error.end


def _in_ascii(document: str, *, is_toml: bool = False) -> str:
    return "".join(
        character if character.isascii()
        else f"\\U{ord(character):08x}" if is_toml
        else escape(character)
        for character in document
    )  # fmt: skip


def _is_unicode(stream: TextIO | None) -> bool:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        return codecs.lookup(encoding).name.startswith("utf")
    except LookupError:
        return False
