"""Words that readers took wrongly, or that only their authors understand, are on no terminal, page, paper or letter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
Text = tuple[str, str]
"""Where a text stands, and the text."""
DIALECT = (
    r"would still say that it works",
    r"however large, would",
    r"times as large as it is",
    r"plain comparison then sees",
    r"Could go either way",
    r"the assumptions matter more",
    r"it helps only \d+",
    r"whose trial does not",
    r"Leaks break",
    r"goes? with anything",
    r"of other content than drawn",
    r"One thing is wrong, and nothing was done",
    r"on the desk",
    r"in each stretch",
    r"\banew\b",
    r"\bas meant\b",
    r"in the eyes of",
)
"""Each was tried on a reader, or is no English that one says to a patient."""


def shown_by_code() -> Iterator[Text]:
    """Yield texts of modules that are no docstrings, by place; parts of one f-string together."""
    for path in sorted((ROOT / "n1trial").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = (each.value if isinstance(each, ast.Constant) else "0" for each in node.values)
                yield f"{path.name}:{node.lineno}", "".join(map(str, parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | bare:
                yield f"{path.name}:{node.lineno}", node.value


def shown_by_templates() -> Iterator[Text]:
    """Yield templates, and shipped scenarios with their cautions, by name."""
    for path in sorted([*(ROOT / "n1trial").rglob("*.jinja"), *(ROOT / "scenarios").rglob("*.toml")]):
        yield path.name, " ".join(path.read_text(encoding="utf-8").split())


def shown_by_docs() -> Iterator[Text]:
    """Yield pages for readers, by name."""
    for path in sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "scenarios").rglob("*.md")]):
        yield path.name, " ".join(path.read_text(encoding="utf-8").split())


@cache
def texts() -> tuple[Text, ...]:
    """All that readers may meet."""
    return (*shown_by_code(), *shown_by_templates(), *shown_by_docs())


@pytest.mark.parametrize("dialect", DIALECT)
def test_nobody_reads_it(dialect: str) -> None:
    found = [(place, match[0]) for place, text in texts() for match in re.finditer(dialect, text)]
    assert found == []


@pytest.mark.parametrize("words", ["simulated trial", "Does ", "planning tool for professionals"])
def test_code_templates_and_docs_are_all_read(words: str) -> None:
    assert any(words in text for _, text in texts())
