"""Words of the command line as the page says them: options are fields here, and a temporary place is a file's name."""

from __future__ import annotations

from collections.abc import Iterable

FIELDS = {
    "--pdf: ": "PDF too: ",
    "make the pack without --pdf": "make the pack without PDFs",
    "choose another with --out": "put it elsewhere, and try again",
    "choose another folder with --out": "put it elsewhere, and try again",
    "--pack tells": "the pack's zip tells",
    " (n1trial analyze --key)": "",
}
"""What the command line calls a thing, with what the page calls it."""


def in_page_words(fault: str) -> str:
    """A sentence of the command line for whoever reads it on the page."""
    for said, here in FIELDS.items():
        fault = fault.replace(said, here)
    return fault


def with_names(faults: Iterable[str], names: dict[str, str]) -> tuple[str, ...]:
    """Sentences with files called by the names that they were given.

    Parameters
    ----------
    faults : iterable of str
    names : dict of str to str
        Name of each file by the place where it was put.
    """
    return tuple(_with_names(in_page_words(fault), names) for fault in faults)


def _with_names(fault: str, names: dict[str, str]) -> str:
    for place, name in names.items():
        fault = fault.replace(place, name)
    return fault
