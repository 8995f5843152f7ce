"""Values, not prose, inside: no code below the rooms that show sentences compares, splits, replaces or searches one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.imports import HOUSE, is_within, paths

SILENT = ("evaluation", "study", "scenario", "analysis", "diary", "design")
"""Rooms that show nothing: a sentence made or taken apart there is a value that was not given a name."""
TAKES_APART = frozenset(
    {
        "split", "rsplit", "partition", "rpartition", "replace", "removeprefix", "removesuffix", "startswith",
        "endswith", "find", "rfind", "index", "rindex", "count", "match", "search", "fullmatch", "findall", "sub",
        "compile",
    }
)  # fmt: skip
"""Methods of a text, or functions of `re`, that read what a text says."""
OTHERS = ("n1trial.scenario.file.load",)
"""Modules that read the sentences of a library, which gives nothing else: the one that tells what tomllib found."""
BLANKS = 2
"""A text with so many blanks, or more, is a sentence or a part of one."""


def is_sentence(node: ast.expr, named: dict[str, ast.expr]) -> bool:
    """Tell whether an expression is a sentence, or a name or collection of this module that holds one."""
    match node:
        case ast.Constant(value=str(text)):
            return text.strip().count(" ") >= BLANKS
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant)).count(" ") >= BLANKS
        case ast.Name(id=name):
            return name in named and is_sentence(named[name], {})
        case ast.Tuple(elts=held) | ast.List(elts=held) | ast.Set(elts=held):
            return any(is_sentence(each, named) for each in held)
        case ast.Dict(keys=keys):
            return any(key is not None and is_sentence(key, named) for key in keys)
        case _:
            return False


def prose_read(source: str) -> Iterator[int]:
    """Give the lines of a module that compare, search or take apart a sentence."""
    tree = ast.parse(source)
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                read: list[ast.expr] = [left, *others]
            case ast.Call(func=ast.Attribute(value=of, attr=attr), args=args) if attr in TAKES_APART:
                read = [of, *args]
            case ast.MatchValue(value=value):
                read = [value]
            case _:
                continue
        if any(is_sentence(each, named) for each in read):
            yield node.lineno


def test_no_sentence_is_read_below_the_rooms_that_show_it() -> None:
    silent = tuple(f"{HOUSE}.{room}" for room in SILENT)
    modules = {module: path for module, path in paths().items() if is_within(module, *silent) and module not in OTHERS}
    found = {
        module: lines
        for module, path in modules.items()
        if (lines := list(prose_read(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        'words == "This plan can never show an effect"',
        'NEVER = "This plan can never show an effect"\nwords == NEVER',
        'NEVER = "This plan can never show an effect"\nreason.removeprefix(f"{NEVER}: it is so")',
        '"is not a number" in fault',
        'fault.split(" but is given ")',
        'fault.replace("choose another with --out", "choose another name")',
        're.search("in [0-9]+ of 100 trials", reason)',
        'said in ("it works for you", "no")',
        'match said:\n    case "it works for you":\n        pass',
    ],
)
def test_a_sentence_that_is_read_is_found(source: str) -> None:
    assert list(prose_read(source))


@pytest.mark.parametrize(
    "source",
    [
        'answer == "misleading"',
        'raise ValueError("workers must be 1 or more")',
        'words.split(", ")',
        'text.count("  ")',
    ],
)
def test_what_is_no_sentence_or_only_said_is_none(source: str) -> None:
    assert not list(prose_read(source))
