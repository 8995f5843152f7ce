"""What every module of the house imports, read from its text and not by running it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import n1trial

HOUSE = "n1trial"
"""The package; its lazy `__init__`, behind which everything is, goes by the same name and is exempt from all laws."""
UNREADABLE = "what cannot be read"


@dataclass(frozen=True)
class Import:
    """One import: of what, and in which line; those within functions, or for types alone, are imports too."""

    target: str
    line: int


Imports = Mapping[str, list[Import]]
"""Imports of every module, by its dotted name."""


def is_within(module: str, *places: str) -> bool:
    """Tell whether a module is one of some packages or modules, or in one of them."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


@cache
def paths() -> dict[str, Path]:
    """Give the file of every module of the house; a package is its `__init__`."""
    root = Path(n1trial.__file__).parent
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = [HOUSE, *path.relative_to(root).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def house() -> Imports:
    """Read what every module of the house imports, the exempt one apart."""
    return {
        module: imports_in(path.read_text(encoding="utf-8"), module, path.name == "__init__.py")
        for module, path in paths().items()
        if module != HOUSE
    }


def imports_in(source: str, module: str, is_package: bool = False) -> list[Import]:
    """Read the imports of one module, those within functions and those for types alone included."""
    reader = _Reader(module if is_package else module.rpartition(".")[0])
    reader.visit(ast.parse(source))
    return reader.found


class _Reader(ast.NodeVisitor):
    def __init__(self, package: str) -> None:
        self.found: list[Import] = []
        self._package = package.split(".")

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            self._add(name.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        above = self._package[: len(self._package) - node.level + 1] if node.level else []
        origin = ".".join([*above, *([node.module] if node.module else [])])
        for name in node.names:
            inner = f"{origin}.{name.name}"
            if inner != f"{HOUSE}.__version__":
                self._add(inner if inner in paths() or origin == HOUSE else origin, node)

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("import_module", "__import__"):
            named = node.args[0] if node.args else None
            self._add(str(named.value) if isinstance(named, ast.Constant) else UNREADABLE, node)
        self.generic_visit(node)

    def _add(self, target: str, node: ast.Import | ast.ImportFrom | ast.Call) -> None:
        self.found.append(Import(target, node.lineno))
