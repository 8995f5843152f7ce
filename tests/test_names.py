"""Names of the house: one class of each name, and nouns or verbs rather than participles."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.imports import paths

TWICE = {
    "Result": "what `n1trial.run` returns adds methods that write to the values of a run",
    "Fault": "of a cell of a diary file, and of a key of a scenario file",
    "Remark": "on a verdict, and on a scenario",
    "Finding": "what a check has to say, and what a diary says of one number",
    "Columns": "of the model that `reml` fits, and of the model with wandering that `daily` averages",
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
    "mixed": "an analysis, of mixed models",
    "paired": "an analysis, by the paired t test",
    "randomized": "closed forms of the randomization test",
    "considered": "[[considered]] of scenario files",
    "unsettled": "[[unsettled]] of scenario files",
    "stopping": "[stopping] of scenario files",
    "sealed": "the room of what is sealed",
    "shared": "what rooms of the page share",
    "filled": "of `n1trial.wording`: a sentence with its blanks filled, as `sorted` is a list in order",
    "joined": "of `n1trial.wording`: words joined, as `sorted` is a list in order",
    "listed": "of `n1trial.wording`: values listed, as `sorted` is a list in order",
    "shown": "of `n1trial.wording`: a value as it is shown, as `sorted` is a list in order",
    "worded": "of calibration: a note in words, as `sorted` is a list in order",
    "everything": "a noun",
    "matching": "of `n1trial.report.documents`: a document held against its types",
    "recommended": "`recommended` of run.json",
    "blinding": "a noun of the field",
    "ceiling": "a noun: the best that could be",
    "screening": "a noun of the field: designs looked at by closed form",
    "wording": "a noun: words that readers see",
    "ending": "a noun: one of the three endings of a trial",
    "finding": "a noun: what a diary says of one number",
    "meaning": "a noun: what a figure says",
    "rounding": "a noun: to how many digits",
    "setting": "a noun: a way to set a sheet",
    "wandering": "a noun of the field: slow noise, as a random walk",
    "warning": "a noun: what is said first",
}
"""Terms of the field, of scenario files, and nouns that end like a participle."""


@cache
def trees() -> dict[str, ast.Module]:
    return {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in paths().items()}


def public(tree: ast.Module) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def is_participle(name: str) -> bool:
    """Whether a name is a participle and nothing else."""
    word = name.lower()
    if sum(map(str.isupper, name)) > 1:
        return False
    return word not in TERMS and (word in IRREGULAR or REGULAR.fullmatch(word) is not None) and "_" not in word


def test_no_two_classes_have_one_name() -> None:
    inside = [tree for module, tree in trees().items() if module not in DOCUMENTS]
    classes = Counter(node.name for tree in inside for node in public(tree) if isinstance(node, ast.ClassDef))
    assert {name for name, times in classes.items() if times > 1} == set(TWICE)


def test_no_module_class_or_function_is_named_by_a_participle() -> None:
    named = {f"{module}.{node.name}": node.name for module, tree in trees().items() for node in public(tree)}
    named |= {module: module.rpartition(".")[2] for module in paths()}
    assert [place for place, name in named.items() if is_participle(name)] == []


@pytest.mark.parametrize("name", ["told", "Planned", "Made", "freezing", "Unblinded", "found"])
def test_a_participle_is_known(name: str) -> None:
    assert is_participle(name)


@pytest.mark.parametrize("name", ["planned_row", "FinishedPack", "seed", "speed", "Finding", "move", "open_key"])
def test_other_names_are_none(name: str) -> None:
    assert not is_participle(name)


def test_every_term_that_is_exempt_is_in_use() -> None:
    used = {module.rpartition(".")[2] for module in paths()}
    used |= {node.name.lower() for tree in trees().values() for node in public(tree)}
    assert set(TERMS) <= used
