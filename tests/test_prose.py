"""Values, not prose, inside: below the rooms that show sentences none is made but in `wording`, and none is read."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from n1trial.diary import wording as of_files
from n1trial.scenario.check import wording as of_scenarios
from n1trial.study.calibration import wording as of_calibration
from n1trial.syntax.writer import is_sentence as is_worded
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
WORDLESS = ("evaluation", "study", "scenario.check", "analysis", "diary", "design")
"""Rooms that make no sentence but in their modules `wording`; errors, which are only raised, apart."""
DESCRIBING: Mapping[str, str] = {
    "n1trial.diary.methods": "words of each method stand on it",
    "n1trial.analysis.estimates": "advice on each status stands on it",
    "n1trial.evaluation.stress": "names of what a trial is put under stress by",
    "n1trial.diary.plan": "rules of arguments, for errors",
    "n1trial.design.layout": "rules of arguments, for errors",
    "n1trial.design.randomization": "rules of arguments, for errors",
    "n1trial.analysis.own": "what a function must return, for errors",
    "n1trial.study.sweep.store": "SQL, and what a database says, for errors",
}
"""Modules that may hold sentences for another reason."""
SHOWING = ("__repr__", "__str__", "_repr_html_")
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


def words_of(node: ast.AST) -> str | None:
    """Words that stand in a text; None for what is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return " ".join(str(part.value) if isinstance(part, ast.Constant) else "" for part in parts)
    return None


def is_raised(node: ast.AST, *, among_faults: bool) -> bool:
    """Tell whether a node is for an error alone: raised, made to be, or a fault of a function that raises."""
    match node:
        case ast.Raise() | ast.Expr(value=ast.Constant()):  # docstrings are nobody's words
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name.endswith(("Error", "BrokenProcessPool"))
        case ast.Assign(targets=[ast.Name(id="faults")]) | ast.Call(func=ast.Attribute(value=ast.Name(id="faults"))):
            return among_faults
    return False


def prose_made(node: ast.AST, *, raises: bool = False) -> Iterator[int]:
    """Give the lines of syntax that make a sentence, errors and what shows a value to programmers apart."""
    if isinstance(node, ast.FunctionDef):
        raises = any(isinstance(each, ast.Raise) for each in ast.walk(node))
    if is_raised(node, among_faults=raises) or (isinstance(node, ast.FunctionDef) and node.name in SHOWING):
        return
    if (text := words_of(node)) is not None:
        if is_worded(text):
            yield node.lineno  # type: ignore[attr-defined]
        return
    for each in ast.iter_child_nodes(node):
        yield from prose_made(each, raises=raises)


def test_no_sentence_is_made_below_the_rooms_that_show_it_but_in_their_wording() -> None:
    rooms = tuple(f"{HOUSE}.{room}" for room in WORDLESS)
    found = {}
    for module, path in paths().items():
        is_exempt = module.endswith(".wording") or module in DESCRIBING
        if is_within(module, *rooms) and not is_exempt:
            found[module] = list(prose_made(ast.parse(path.read_text(encoding="utf-8"))))
    assert {module: lines for module, lines in found.items() if lines} == {}
    assert len(found) > 50


def test_every_exemption_is_needed() -> None:
    for module in DESCRIBING:
        assert list(prose_made(ast.parse(paths()[module].read_text(encoding="utf-8")))), module


@pytest.mark.parametrize(
    "source",
    [
        'def remark(s):\n    yield "source.citation: no source is named at all"',
        'def remark(s):\n    return f"{s.key}: {s.days} days are longer than the trial"',
        'def remark(s):\n    words = f"must be at most {s.most}, but it is {s.value}"\n    yield Fault(s.key, words)',
        'NEVER = "This plan can never show an effect"',
        'WORDS = {"never": "This plan can never show an effect"}',
        'class Never:\n    words = "This plan can never show an effect"',
        'def check(s):\n    faults = []\n    faults.append("every entry is the same here")\n    return faults',
        'def note(sheet):\n    sheet.notes.append("Rows were not in order.")',
        'def told(s):\n    return " ".join(["what was not read", s])',
    ],
)
def test_a_sentence_that_is_made_is_found(source: str) -> None:
    assert list(prose_made(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        '"""What a module is about, in a sentence."""',
        'def f(x):\n    """Say what it does, and to what."""\n    return Fault("off_scale", x, {"value": x})',
        'def f(x):\n    raise InputError(f"{x}: must be at most 3, and is more than that")',
        'def f(x):\n    return InputError(f"{x}: must be at most 3, and is more than that")',
        'def f(x):\n    faults = [f"{x}: must be at most 3 or so"]\n    if faults:\n        raise InputError(faults)',
        'class A:\n    def __repr__(self):\n        return "<A diary of a patient and more>"',
        'names = ("trend", "cycle", "rule of three")',
    ],
)
def test_what_makes_no_sentence_or_an_error_is_none(source: str) -> None:
    assert not list(prose_made(ast.parse(source)))


KIND_AT = {"Fault": 0, "Remark": 0, "note": 0, "word": 0, "LineFault": 0, "fault": 1}
"""Which argument is the kind, by the name of what is called."""
TABLES = {
    "scenario.check faults": ("scenario.check", of_scenarios.FAULTS),
    "scenario.check remarks": ("scenario.check", of_scenarios.REMARKS),
    "diary faults": ("diary", of_files.FAULTS),
    "diary notes": ("diary", of_files.NOTES),
    "study.calibration": ("study.calibration", of_calibration.WORDS),
}


def syntax_of(room: str) -> Iterator[ast.AST]:
    """Go through all syntax of a room but its wording."""
    for module, path in paths().items():
        if is_within(module, f"{HOUSE}.{room}") and path.stem != "wording":
            yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def kinds_in(node: ast.AST) -> set[str]:
    """Kinds that a call names, or a variable of that name is given, outright or by a condition."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in KIND_AT:
            named = args[KIND_AT[name] :][:1]
        case ast.Assign(targets=[ast.Name(id="kind")], value=value):
            named = [value]
        case _:
            return set()
    chosen = [each.body if isinstance(each, ast.IfExp) else each for each in named]
    chosen += [each.orelse for each in named if isinstance(each, ast.IfExp)]
    return {each.value for each in chosen if isinstance(each, ast.Constant) and isinstance(each.value, str)}


@pytest.mark.parametrize("table", TABLES)
def test_every_template_is_used(table: str) -> None:
    room, templates = TABLES[table]
    used = {words_of(node) for node in syntax_of(room)}
    computed = {"citation_run-in", "citation_blinded", "citation_finished"}
    assert set(templates) - used - (computed if room == "study.calibration" else set()) == set()


@pytest.mark.parametrize("room", sorted({room for room, _ in TABLES.values()}))
def test_every_kind_has_a_template(room: str) -> None:
    kinds = set[str]().union(*map(kinds_in, syntax_of(room)))
    assert len(kinds) > 15
    assert kinds - set[str]().union(*(templates for of, templates in TABLES.values() if of == room)) == set()
