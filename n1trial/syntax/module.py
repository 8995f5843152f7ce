"""A module as units that may stand in any file: definitions, and what each refers to."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from n1trial.syntax.writer import ImportedName, StatementGroup, Writer, is_without_effect

IsModule = Callable[[str], bool]
"""Whether there is a module of a dotted name in the house."""


@dataclass
class Module:
    """A module, read.

    Attributes
    ----------
    imports : dict of str to tuple of str
        What it imports, for types alone too, by the name it has here.
    units : list of StatementGroup
    homes : dict of str to StatementGroup
        Unit that binds a name.
    """

    imports: dict[str, ImportedName]
    units: list[StatementGroup] = field(default_factory=list)
    homes: dict[str, StatementGroup] = field(default_factory=dict)


def read(source: str, name: str, *, is_package: bool, is_module: IsModule) -> Module:
    """Read the syntax of a module.

    Parameters
    ----------
    source : str
        Its text.
    name : str
        Its dotted name.
    is_package : bool
        Whether it is the ``__init__`` of a package of that name.
    is_module : callable
        Tells modules from what is in them.
    """
    tree = ast.parse(source)
    module = Module(dict(_imports(tree, name if is_package else name.rpartition(".")[0], is_module)))
    for statement in tree.body:
        if not is_without_effect(statement):
            _add(module, statement)
    return module


def _add(module: Module, statement: ast.stmt) -> None:
    """Add a statement to the unit that binds the same names, else as a unit of its own."""
    bound = set(_bindings(statement))
    unit = next((module.homes[name] for name in sorted(bound) if name in module.homes), None)
    if unit is None:
        unit = StatementGroup()
        module.units.append(unit)
    module.homes |= dict.fromkeys(bound, unit)
    Writer(unit, module.imports).write(statement)


def _bindings(statement: ast.stmt) -> Iterator[str]:
    """Yield names of the module that a statement binds, or whose values it changes."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", statement)]
    for node in (node for target in targets for node in ast.walk(target)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name | ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            name = node if isinstance(node, ast.Name) else node.value
            if isinstance(name, ast.Name):
                yield name.id


def _imports(tree: ast.Module, package: str, is_module: IsModule) -> Iterator[tuple[str, ImportedName]]:
    """Yield all that a module imports, anywhere."""
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, (alias.name, "")
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                yield alias.asname or alias.name, (inner, "") if is_module(inner) else (origin, alias.name)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all statements below a node, in it or in what these hold."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        below = getattr(node, name, None)
        for each in below if isinstance(below, list) else ():
            yield each
            yield from _statements(each)
