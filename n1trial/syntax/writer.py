"""Syntax as text: without docstrings, types and sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

ImportedName = tuple[str, str]
"""Module and the name in it; no name where the module itself is imported."""
Texts = Literal["code", "keys", "messages"]
"""What texts at a place are: of the code, sentences apart; keys, all kept; or messages, none kept."""

KEYED = frozenset(
    {"normal", "uniform", "generator", "get", "pop", "setdefault", "getattr", "startswith", "endswith", "removeprefix",
     "removesuffix", "split", "partition", "replace", "strip"}
)  # fmt: skip
"""Functions whose texts decide on something; of the first three on the stream of random numbers."""
SHOWN = frozenset({"description", "title", "help", "examples"})
"""Keywords whose texts are only shown."""
FAULTS = re.compile(r"(Error|Warning|Exception|Exit|Fault)$")
"""Callables whose texts are only shown, by the end of their names."""
WORD = re.compile(r"[^\W\d_]{2,}")
PATTERN = re.compile(r"\\|\[[^\]]*-[^\]]*\]")
"""What regular expressions hold and sentences do not."""
WITHOUT_MEANING = frozenset({"annotation", "returns", "type_comment", "type_params", "ctx", "kind", "simple"})
KEYS = {"Dict": ("keys",), "Compare": ("left", "comparators"), "Subscript": ("slice",), "MatchValue": ("value",)}
"""Fields of syntax in which a text is a key."""


@dataclass
class StatementGroup:
    """Top-level statements of a module that belong together, as text.

    Attributes
    ----------
    parts : list of str
        Words of the text, in order.
    names : list of tuple
        What it refers to, in order: the name that it has here, and module and name where it was imported from.
    """

    parts: list[str] = field(default_factory=list)
    names: list[tuple[str, ImportedName | None]] = field(default_factory=list)


def is_sentence(text: str) -> bool:
    """Whether a text is only shown: four words or more, or two with a full stop; no regular expression."""
    if " " not in text or PATTERN.search(text):
        return False
    return len(WORD.findall(text)) > (1 if text.rstrip()[-1:] in (".", "?", "!") else 3)


def is_without_effect(node: ast.AST) -> bool:
    """Whether a statement computes nothing: imports, docstrings, what is for types alone, lists of public names."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), orelse=[]):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return False


class Writer:
    """A writer of syntax into a unit; a node with a method of its name is written by that.

    Parameters
    ----------
    unit : StatementGroup
    imported : mapping of str to tuple of str
        What the module imports, by the name it has there.
    """

    def __init__(self, unit: StatementGroup, names: Mapping[str, ImportedName]) -> None:
        self._unit, self._imported = unit, names
        self._texts: Texts = "code"
        self._own: set[str] | None = None

    def write(self, node: ast.AST) -> None:
        """Write a node and all below it."""
        kind = type(node)
        if special := _special(kind.__name__):
            special(self, node)
        elif not (isinstance(node, ast.stmt) and is_without_effect(node)):
            self._plainly(node, kind)

    def _plainly(self, node: ast.AST, kind: type[ast.AST]) -> None:
        self._unit.parts.append(f"({kind.__name__}")
        for name, texts in _fields(kind.__name__):
            value = getattr(node, name, None)
            if value is not None and value != []:
                self._unit.parts.append(name)
                self._all(value, texts)
        self._unit.parts.append(")")

    def _all(self, value: object, texts: Texts) -> None:
        """Write a field, texts in it as said; whatever is below a key is no key, and in a message all is shown."""
        before = self._texts
        if before != "messages":
            self._texts = texts
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, ast.AST):
                self.write(each)
            else:
                self._unit.parts.append(repr(each))
        self._texts = before

    def _Name(self, node: ast.Name) -> None:  # noqa: N802
        if self._own is not None and isinstance(node.ctx, ast.Store):
            self._own.add(node.id)
        self._refer(node.id, self._imported.get(node.id))

    def _arg(self, node: ast.arg) -> None:
        if self._own is not None:
            self._own.add(node.arg)
        self._unit.parts.append(f"arg {node.arg}")

    def _Attribute(self, node: ast.Attribute) -> None:  # noqa: N802
        module = self._imported.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if module is not None and not module[1]:
            self._refer(node.attr, (module[0], node.attr))
        else:
            self._plainly(node, ast.Attribute)

    def _refer(self, name: str, names: ImportedName | None) -> None:
        """Write a name as it is where it comes from; of which module, whoever reads all modules knows."""
        self._unit.parts.append(f"name {names[1] if names else name}")
        self._unit.names.append((name, names))

    def _FunctionDef(self, node: ast.FunctionDef) -> None:  # noqa: N802
        self._function(node)

    def _AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:  # noqa: N802
        self._function(node)

    def _Lambda(self, node: ast.Lambda) -> None:  # noqa: N802
        self._function(node)

    def _function(self, node: ast.AST) -> None:
        """Write a function; what it binds itself, or a function in it, is no name of the module."""
        if self._own is not None:
            self._plainly(node, type(node))
            return
        self._own, outside = set(), self._unit.names
        self._unit.names = []
        self._plainly(node, type(node))
        self._unit.names = [*outside, *(each for each in self._unit.names if each[0] not in self._own)]
        self._own = None

    def _AnnAssign(self, node: ast.AnnAssign) -> None:  # noqa: N802
        value = node.value or ast.Name("", ast.Load())
        self._plainly(ast.Assign(targets=[node.target], value=value), ast.Assign)

    def _Raise(self, node: ast.Raise) -> None:  # noqa: N802
        self._unit.parts.append("(Raise")
        self._all([each for each in (node.exc, node.cause) if each is not None], "messages")
        self._unit.parts.append(")")

    def _Assert(self, node: ast.Assert) -> None:  # noqa: N802
        self._plainly(ast.Assert(test=node.test), ast.Assert)

    def _Call(self, node: ast.Call) -> None:  # noqa: N802
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts: Texts = "messages" if FAULTS.search(called) else "keys" if called in KEYED else "code"
        self._unit.parts.append("(Call")
        self._all(node.func, "code")
        self._all(node.args[called == "cast" :], texts)  # the first argument of a cast is a type
        for keyword in node.keywords:
            self._unit.parts.append(f"keyword {keyword.arg}")
            self._all(keyword.value, "messages" if keyword.arg in SHOWN else texts)
        self._unit.parts.append(")")

    def _Tuple(self, node: ast.Tuple) -> None:  # noqa: N802
        self._collection(node.elts, "Tuple")

    def _List(self, node: ast.List) -> None:  # noqa: N802
        self._collection(node.elts, "List")

    def _Set(self, node: ast.Set) -> None:  # noqa: N802
        self._collection(node.elts, "Set")

    def _collection(self, elements: list[ast.expr], kind: str) -> None:
        """Write a collection; its texts are what it is itself."""
        self._unit.parts.append(f"({kind}")
        self._all(elements, self._texts)
        self._unit.parts.append(")")

    def _Constant(self, node: ast.Constant) -> None:  # noqa: N802
        value = node.value
        is_shown = isinstance(value, str) and (
            self._texts == "messages" or (self._texts == "code" and is_sentence(value))
        )
        self._unit.parts.append("sentence" if is_shown else f"value {value!r}")

    def _JoinedStr(self, node: ast.JoinedStr) -> None:  # noqa: N802
        """Write of a sentence what is computed for it, in whatever order; of a message nothing."""
        if self._texts == "keys" or not any(map(_has_words, node.values)):
            self._plainly(node, ast.JoinedStr)
            return
        self._unit.parts.append("sentence")
        if self._texts == "code":
            values = [self._apart(part.value) for part in node.values if isinstance(part, ast.FormattedValue)]
            for unit in sorted(values, key=lambda unit: unit.parts):
                self._unit.parts += unit.parts
                self._unit.names += unit.names

    def _apart(self, node: ast.AST) -> StatementGroup:
        """Write a node into a unit of its own."""
        before, self._unit = self._unit, StatementGroup()
        self.write(node)
        written, self._unit = self._unit, before
        return written


def _has_words(part: ast.expr) -> bool:
    value = part.value if isinstance(part, ast.Constant) else None
    return isinstance(value, str) and " " in value and WORD.search(value) is not None


@cache
def _special(kind: str) -> Callable[[Writer, ast.AST], None] | None:
    """Find how syntax of a kind is written, where not plainly."""
    return getattr(Writer, f"_{kind}", None)


@cache
def _fields(kind: str) -> tuple[tuple[str, Texts], ...]:
    """Return fields of a kind of syntax that mean something, each with what texts in it are."""
    keys, names = KEYS.get(kind, ()), getattr(ast, kind)._fields
    return tuple((name, "keys" if name in keys else "code") for name in names if name not in WITHOUT_MEANING)
