from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from n1trial.syntax.module import read
from n1trial.syntax.writer import is_sentence
from tests.imports import paths

MODULES = ("analysis.reml.fit", "patient.drug", "simulation.simulate", "diary.file.scores", "evaluation.tally")
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Lt: ast.GtE, ast.Gt: ast.LtE}


def units(source: str) -> list[list[str]]:
    return [unit.parts for unit in read(source, "n1trial.made_up", is_package=False, is_module=lambda _: False).units]


class Mutation(ast.NodeTransformer):
    """Change the one number or operator of this position, counted from 0."""

    def __init__(self, position: int) -> None:
        self.position, self.met = position, -1

    def _is_met(self) -> bool:
        self.met += 1
        return self.met == self.position

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        is_number = isinstance(node.value, int | float)
        return ast.Constant(node.value + 1) if is_number and self._is_met() else node  # type: ignore[operator]

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = OPERATORS.get(type(node.op))
        return ast.BinOp(node.left, other(), node.right) if other and self._is_met() else node  # type: ignore[arg-type]

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        other = OPERATORS.get(type(node.ops[0]))
        return ast.Compare(node.left, [other()], node.comparators) if other and self._is_met() else node  # type: ignore[list-item]

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node  # what is shown

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        node.defaults = [self.visit(each) for each in node.defaults]
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return node


def mutants(source: str) -> Iterator[str]:
    position = 0
    while True:
        mutation = Mutation(position)
        tree = mutation.visit(ast.parse(source))
        if mutation.met < position:
            return
        yield ast.unparse(tree)
        position += 1


@pytest.mark.parametrize("name", MODULES)
def test_every_number_and_operator_of_a_module_counts(name: str) -> None:
    source = paths()[f"n1trial.{name}"].read_text(encoding="utf-8")
    before = units(source)
    all_mutants = list(mutants(source))
    assert all_mutants
    assert [mutant for mutant in all_mutants if units(mutant) == before] == []


@pytest.mark.parametrize("name", MODULES)
def test_layout_comments_and_docstrings_do_not_count(name: str) -> None:
    source = paths()[f"n1trial.{name}"].read_text(encoding="utf-8")
    assert units(ast.unparse(ast.parse(source))) == units(source)


@pytest.mark.parametrize(
    ("text", "is_shown"),
    [
        ("The fit did not converge: use another.", True),
        ("Not estimable.", True),
        ("Could go either way", True),
        ("period shift", False),
        ("full effect", False),
        ("A B B A B A", False),
        ("one.", False),
        (r"([0-9]{4}) (of the|to the) \d+ days", False),
        ("", False),
    ],
)
def test_a_sentence_is_told_from_a_word(text: str, is_shown: bool) -> None:
    assert is_sentence(text) is is_shown
