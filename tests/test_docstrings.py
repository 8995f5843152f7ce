"""First lines of docstrings: a function's begins with what it does, by a verb that the house knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.imports import paths

VERBS = frozenset(
    {
        "Add", "Align", "Allow", "Analyze", "Answer", "Append", "Apply", "Ask", "Average", "Begin", "Break", "Bring",
        "Build", "Calibrate", "Call", "Center", "Change", "Choose", "Collect", "Compare", "Compose", "Compute",
        "Conclude", "Connect", "Copy", "Count", "Cut", "Decrypt", "Descend", "Describe", "Digest", "Divide",
        "Do", "Draw", "Drop", "Encrypt", "End", "Escape", "Estimate", "Evaluate", "Exchange", "Expect",
        "Explain", "Explore", "Fill", "Find", "Finish", "Fit", "Follow", "Forget", "Free", "Freeze", "Gather",
        "Give", "Go", "Hand", "Hint", "Hold", "Import", "Join", "Judge", "Keep", "Label", "Lay", "Leave", "Let",
        "List", "Load", "Lock", "Log", "Look", "Lose", "Make", "Mark", "Move", "Multiply", "Name", "Note",
        "Number", "Offer", "Open", "Pack", "Pass", "Place", "Plan", "Predict", "Print", "Put", "Raise", "Read",
        "Reduce", "Refuse", "Regress", "Remark", "Remember", "Remove", "Repeat", "Report", "Return", "Round",
        "Run", "Save", "Say", "Screen", "Seal", "Search", "Serve", "Set", "Shade", "Show", "Simulate", "Sort",
        "Split", "Spread", "Start", "Subtract", "Sum", "Sweep", "Tabulate", "Take", "Tell", "Test", "Turn",
        "Use", "Wait", "Whether", "Word", "Work", "Write", "Yield",
    }
)  # fmt: skip
"""First words of functions' docstrings; a verb is added here when none of these says it. A predicate says Whether."""
NOT_CALLED = ("property", "cached_property", "setter")
"""Decorators of what is read like a value, and named as one."""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield functions and methods that are called, those within classes and within functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = (ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list)
            if not any(name in NOT_CALLED for name in names):
                yield node


def nouns_first(source: str) -> Iterator[str]:
    """Find functions whose docstring does not begin with a verb: ``Sum of all`` does not, although ``Sum`` is one."""
    for function in functions(ast.parse(source)):
        first, second, *_ = [*(ast.get_docstring(function) or "Return").split(), ""]
        if first.rstrip(",;:.") not in VERBS or (second == "of" and first not in ("Say", "Tell", "Write")):
            yield f"{function.lineno} {function.name}: {first} {second}".rstrip()


def test_a_functions_docstring_says_first_what_it_does() -> None:
    found = {module: list(nouns_first(path.read_text(encoding="utf-8"))) for module, path in paths().items()}
    assert {module: lines for module, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "docstring", ["A share of all.", "The share.", "Two shares.", "Share of all.", "Sum of all.", "Shares.", "returns."]
)
def test_another_first_word_is_found(docstring: str) -> None:
    assert list(nouns_first(f'class Plan:\n    def share(self):\n        """{docstring}"""'))


@pytest.mark.parametrize("decorator", ["property", "functools.cached_property", "share.setter"])
def test_what_is_read_like_a_value_is_named_as_one(decorator: str) -> None:
    assert not list(nouns_first(f'class Plan:\n    @{decorator}\n    def share(self):\n        """Share of all."""'))


def test_a_verb_first_is_none() -> None:
    assert not list(nouns_first('def share():\n    """Return the share."""\n\ndef bare():\n    pass'))
