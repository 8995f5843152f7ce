"""A scenario as a file: with every value explicit for machines, or commented for people to edit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby

from n1trial.scenario.check.matters import applies
from n1trial.scenario.check.wording import range_in_words
from n1trial.scenario.model.entries import Entry, entries
from n1trial.scenario.model.keys import ARRAYS, properties, section_type
from n1trial.scenario.model.section import Section
from n1trial.scenario.scenario import Scenario
from n1trial.wording import value_text

TO_EDIT = (
    "# A scenario of n1trial. Keys behind a # are not given: what they show is assumed, or an example where",
    "# optional. To give one, take the # away and change the value.",
    "# `n1trial check FILE` tells what is wrong with it or assumed, `n1trial run FILE` simulates the trial.",
)
"""Head of a file that people edit."""

OF_ANOTHER = (
    "#",
    "# [source] and [[evidence]] speak for the treatment, the outcome and the values that they state. A value that you",
    "# change is yours until its evidence states it. Where you change the name of the treatment or outcome, source,",
    "# evidence, answers, cautions and theories are left out: take them out, and write your own [source].",
)
"""What is put after it where there is a source to lose."""

FROM_A_DIARY = (
    "# Made from a patient's own diary: numbers with evidence of the status own-data are told by it, and those under",
    "# [[unsettled]] are not, so that a run tells the answer at both ends of their ranges. All else is as it was",
    "# before, or its evidence says why not, and the effect planned for is an assumption.",
    "#",
)
"""What is put before it where a diary has a part in it."""


def write_resolved(scenario: Scenario) -> str:
    """Write a scenario with every value explicit.

    Returns
    -------
    str
        A TOML file that loads to an equal scenario, none of whose values is then assumed. It is the same for equal
        scenarios.
    """
    lines: list[str] = []
    written: Section | None = None
    for entry in entries(scenario):
        if entry.value is None or not (applies(scenario, entry.path) or entry.value != entry.info.default):
            continue
        if entry.section and entry.table is not written:
            lines += ["", _header(entry.section)]
        written = entry.table
        lines.append(_line(entry.field, entry.value))
    return "\n".join(lines) + "\n"


def starter(name: str, base: Scenario) -> str:
    """Write a commented file to edit.

    Returns
    -------
    str
        A TOML file that loads to a scenario equal to `base` but for the name. What `base` leaves at a default is
        there as a comment, so that it stays assumed until it is given.

    Raises
    ------
    InputError
        If it is no name for a scenario.
    """
    of_another = OF_ANOTHER if base.source.treatment else ()
    return "\n".join([*TO_EDIT, *of_another, "", *_commented_file(base.replace(name=name))]) + "\n"


def write_calibrated(scenario: Scenario) -> str:
    """Write a commented file of a scenario that was made from a diary.

    Returns
    -------
    str
        A TOML file that loads to an equal scenario; what is not given in it stays assumed.
    """
    return "\n".join([*FROM_A_DIARY, *TO_EDIT, "", *_commented_file(scenario)]) + "\n"


def _commented_file(scenario: Scenario) -> Iterator[str]:
    """Write all keys of a scenario with comments."""
    yield from chain.from_iterable(_comment_lines(entry) for entry in entries(scenario) if not entry.section)
    for section in type(scenario).model_fields:
        kind = section_type(type(scenario), section)
        if kind is not None:
            yield from _commented_section(scenario, section, kind)


def _commented_section(scenario: Scenario, section: str, kind: type[Section]) -> Iterator[str]:
    """Write a section with comments, in an array on its first table; an example where an array has no tables."""
    described = type(scenario).model_fields[section].description
    held = [entry for entry in entries(scenario) if entry.section == section]
    yield from ("", f"# {described}")
    for number, (_, keys) in enumerate(groupby(held, key=lambda entry: id(entry.table))):
        if number:
            yield ""
        yield _header(section)
        for entry in keys:
            yield from _comment_lines(entry, is_explained=not number)
    if not held:
        yield f"# {_header(section)}"
        for field, info in kind.model_fields.items():
            example = info.examples[0] if info.examples else info.default
            yield f"# {_line(field, example)}  # {_comment(kind, field)}"


def _comment_lines(entry: Entry, is_explained: bool = True) -> Iterator[str]:
    """Write the line of a key with its comment; itself a comment where the value is not given."""
    info = entry.info
    comment = f"  # {_comment(type(entry.table), entry.field)}" if is_explained else ""
    if entry.value is None and info.examples:
        if is_explained:
            yield f"# {_line(entry.field, info.examples[0])}{comment.replace('# ', '# Optional. ', 1)}"
    else:
        line = f"{_line(entry.field, entry.value)}{comment}"
        yield line if entry.is_given else f"# {line}"


def _comment(table: type[Section], field: str) -> str:
    """Describe a key, with its range."""
    schema = properties(table)[field]
    described = str(table.model_fields[field].description)
    choices = [value_text(word) for word in schema.get("enum", ())]
    extra = ", ".join(choices) or range_in_words(schema).removeprefix("of ")
    return f"{described} ({extra})" if extra else described


def _header(section: str) -> str:
    return f"[[{section}]]" if section in ARRAYS else f"[{section}]"


def _line(field: str, value: object) -> str:
    return f"{field} = {value_text(value)}"
