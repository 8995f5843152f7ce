"""Names of the house: one class of each name, and nouns or verbs rather than participles, fields and parameters too."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.imports import is_within, paths

TWICE = {
    "Result": "what `n1trial.run` returns adds methods that write to the values of a run",
}
"""Classes that share a name, each with the reason."""
DOCUMENTS = ("n1trial.report.run.parts", "n1trial.pack.sealed.key_document")
"""Modules whose classes are parts of JSON documents, named as what they hold."""
IRREGULAR = frozenset(
    {
        "asked", "begun", "bound", "broken", "brought", "chosen", "done", "drawn", "forgotten", "found", "given",
        "gone", "heard", "held", "hidden", "kept", "known", "lost", "made", "meant", "said", "seen", "shown", "told",
        "taken",
        "thought", "written", "wrong",
    }
)  # fmt: skip
REGULAR = re.compile(r".{3,}([^e]ed|ing)")
TERMS = {
    "adopted": "a count of stored batches",
    "assumed": "`assumed` of run.json",
    "backfilled": "a key of scenario files",
    "blinding": "a noun of the field",
    "considered": "[[considered]] of scenario files",
    "covered": "a count of stored batches",
    "crossing": "a noun: where one assignment overtakes another",
    "detected": "a count of stored batches",
    "drawn": "a field of `Tally`, whose fields are those of stored batches",
    "ending": "a noun: one of the three endings of a trial",
    "everything": "a noun",
    "finding": "a noun: what a check or a diary says of one thing",
    "finished": "`finished` of run.json and of stored batches",
    "heading": "a noun",
    "inflated": "a verdict's kind: more false alarms than agreed",
    "learning": "a key of scenario files",
    "matching": "of `n1trial.report.documents`: a document held against its types",
    "meaning": "a noun: what a figure says",
    "missing": "a key of scenario files, and a term of the field",
    "mixed": "an analysis, of mixed models",
    "observed": "`observed` of simulated diaries",
    "paired": "an analysis, by the paired t test",
    "planned": "`planned` of run.json: the truth that the plan assumes",
    "randomized": "closed forms of the randomization test",
    "recommended": "`recommended` of run.json",
    "resolved": "an option of `n1trial check`",
    "rounding": "a noun: to how many digits",
    "screened": "`screened` of search.json",
    "ceiling": "a noun: the best that could be",
    "screening": "a noun of the field: designs looked at by closed form",
    "sealed": "what is sealed, and its room",
    "setting": "a noun: a way to set a sheet",
    "shared": "what rooms of the page share",
    "simulated": "`simulated` of search.json",
    "stopped": "a figure of sealed keys",
    "stopping": "[stopping] of scenario files",
    "unsettled": "[[unsettled]] of scenario files",
    "wording": "a noun: words that readers see",
}
"""Terms of the field, of files and documents, and nouns that end like a participle."""
KEYS = "n1trial.scenario.model"
"""Room whose fields are named as the keys of scenario files."""


@cache
def trees() -> dict[str, ast.Module]:
    return {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in paths().items()}


def classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))


def names(tree: ast.Module, *, has_own_fields: bool = True) -> Iterator[str]:
    """Give names of classes, functions, methods, parameters and, unless they are fixed, fields."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.ClassDef(name=name, body=body):
                if has_own_fields:
                    yield name
                    fields = (each.target for each in body if isinstance(each, ast.AnnAssign))
                    yield from (field.id for field in fields if isinstance(field, ast.Name))


def is_participle(name: str) -> bool:
    """Whether a name is a participle and nothing else."""
    word = name.lower().strip("_")
    if sum(map(str.isupper, name)) > 1:
        return False
    return word not in TERMS and (word in IRREGULAR or REGULAR.fullmatch(word) is not None) and "_" not in word


def test_no_two_classes_have_one_name() -> None:
    inside = [tree for module, tree in trees().items() if module not in DOCUMENTS]
    count = Counter(node.name for tree in inside for node in classes(tree))
    assert {name for name, times in count.items() if times > 1} == set(TWICE)


def test_nothing_is_named_by_a_participle() -> None:
    """Neither module, class, function, method, field nor parameter."""
    named = {
        (module, name)
        for module, tree in trees().items()
        for name in (*names(tree, has_own_fields=module not in DOCUMENTS and not is_within(module, KEYS)), module)
    }
    assert sorted((module, name) for module, name in named if is_participle(name.rpartition(".")[2])) == []


@pytest.mark.parametrize("name", ["told", "Chosen", "Made", "freezing", "Unblinded", "found"])
def test_a_participle_is_known(name: str) -> None:
    assert is_participle(name)


@pytest.mark.parametrize("name", ["planned_row", "FinishedPack", "seed", "speed", "Finding", "move", "open_key"])
def test_other_names_are_none(name: str) -> None:
    assert not is_participle(name)


def test_every_term_that_is_exempt_is_in_use() -> None:
    used = {part for module in paths() for part in module.split(".")}
    used |= {name.lower().strip("_") for tree in trees().values() for name in names(tree)}
    assert set(TERMS) <= used
