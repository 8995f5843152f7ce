from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files

import numpy
import pytest
import scipy

from n1trial import __version__, provenance
from n1trial.provenance import HOUSE, ROOTS, code_digest, digest_of, engine
from n1trial.provenance import provenance as current
from tests.imports import house, paths
from tests.test_laws import reach

Sources = dict[str, str]


@pytest.fixture(scope="module")
def real() -> Sources:
    return dict(provenance._sources(files(HOUSE), HOUSE))


MEASURE = '''
"""Measures."""
from __future__ import annotations
from typing import TYPE_CHECKING
import numpy as np
from n1trial.analysis import fit
from n1trial.analysis.fit import SCALE, fitted
from n1trial.errors import InputError

if TYPE_CHECKING:
    from n1trial.analysis.types import Kind

LIMIT = 3.5
"""What is allowed."""
WORDS = {"a b c d": "This is what readers see of it.", "e": "Another of these sentences here."}


def measure(x: float, kind: Kind, draws: object) -> float:
    """Measure."""
    if x > LIMIT:
        raise InputError(f"x: must be at most {LIMIT}, and is {x}")
    noise = draws.normal("noise of the very second outcome")
    return fitted(x - SCALE, 2) + np.sqrt(noise) + fit.other(x)
'''
FIT = '''
"""Fits."""
import math

SCALE = 2.0


def fitted(x: float, power: int) -> float:
    """Fit."""
    total: float = x**power
    total = total + math.log(power)
    return total / SCALE


def other(x):
    return -x
'''
EMPTY: Sources = {f"{root}": "" for root in ROOTS} | {
    f"n1trial.{room}.__init__": "" for room in ("study", "diary", "analysis", "evaluation")
}
SMALL: Sources = EMPTY | {
    "n1trial.__init__": '__version__ = "1"',
    "n1trial.errors": "class InputError(Exception):\n    exit_code = 2\n",
    "n1trial.study.batches.measure": MEASURE,
    "n1trial.analysis.fit": FIT,
    "n1trial.analysis.types": "class Kind:\n    number = 4\n",
    "n1trial.cli.show": "print(1)",
}


def changed(name: str, old: str, new: str) -> Sources:
    assert old in SMALL[name]
    return {**SMALL, name: SMALL[name].replace(old, new)}


def moved() -> Sources:
    """Fitting lies in another room, under another name, and its scale in a file of its own."""
    others = {name: text.replace("n1trial.analysis.fit", "n1trial.model.line") for name, text in SMALL.items()}
    text = others.pop("n1trial.analysis.fit").replace("SCALE = 2.0", "from n1trial.model.scales import SCALE")
    others["n1trial.study.batches.measure"] = others["n1trial.study.batches.measure"].replace(
        "from n1trial.analysis import fit", "from n1trial.model import line as fit"
    )
    return others | {
        "n1trial.model.__init__": "", "n1trial.model.line": text, "n1trial.model.scales": "SCALE = 2.0"
    }  # fmt: skip


SAME: dict[str, Callable[[], Sources]] = {
    "a file moved, and a definition": moved,
    "a comment": lambda: changed("n1trial.analysis.fit", "SCALE = 2.0", "SCALE = 2.0  # why"),
    "a docstring": lambda: changed("n1trial.analysis.fit", '"""Fit."""', '"""Fit it all again."""'),
    "a docstring of a value": lambda: changed(
        "n1trial.study.batches.measure", '"""What is allowed."""', '"""A limit."""'
    ),
    "a type": lambda: changed("n1trial.analysis.fit", "total: float", "total: Score"),
    "no type": lambda: changed(
        "n1trial.study.batches.measure", "(x: float, kind: Kind, draws: object)", "(x, kind, draws)"
    ),
    "the layout": lambda: changed("n1trial.analysis.fit", "x**power", "(\n        x ** power\n    )"),
    "the way a number is written": lambda: changed("n1trial.study.batches.measure", "3.5", "35e-1"),
    "an error's words": lambda: changed(
        "n1trial.study.batches.measure", "x: must be at most {LIMIT}, and", "too much: {x} it"
    ),
    "a sentence": lambda: changed("n1trial.study.batches.measure", "This is what readers see", "Here is what all see"),
    "the order of definitions": lambda: {
        **SMALL,
        "n1trial.analysis.fit": FIT.replace("SCALE = 2.0", "") + "SCALE = 2.0",
    },
    "the way it is imported": lambda: (
        changed("n1trial.study.batches.measure", "import numpy as np", "import numpy as numbers")
        | {"n1trial.study.batches.measure": MEASURE.replace("as np", "as numbers").replace("np.sqrt", "numbers.sqrt")}
    ),
    "a module that makes no figure": lambda: {**SMALL, "n1trial.cli.show": "print(2)"},
    "the version": lambda: changed("n1trial.__init__", "1", "2"),
}
OTHER: dict[str, Callable[[], Sources]] = {
    "a number": lambda: changed("n1trial.analysis.fit", "2.0", "2.5"),
    "a number in what is called": lambda: changed("n1trial.study.batches.measure", "SCALE, 2)", "SCALE, 3)"),
    "a number of a type alone": lambda: changed("n1trial.analysis.types", "4", "5"),
    "an operator": lambda: changed("n1trial.analysis.fit", "total / SCALE", "total * SCALE"),
    "a comparison": lambda: changed("n1trial.study.batches.measure", "x > LIMIT", "x >= LIMIT"),
    "a sign": lambda: changed("n1trial.analysis.fit", "return -x", "return x"),
    "arguments swapped": lambda: changed("n1trial.study.batches.measure", "(x - SCALE, 2)", "(2, x - SCALE)"),
    "a line less": lambda: changed("n1trial.analysis.fit", "    total = total + math.log(power)\n", ""),
    "another function of that name": lambda: changed("n1trial.analysis.fit", "import math", "import cmath as math"),
    "a definition that another replaces": lambda: {**SMALL, "n1trial.analysis.fit": f"{FIT}\nSCALE = 3.0\n"},
    "two lines swapped": lambda: {
        **SMALL, "n1trial.analysis.fit": FIT.replace("SCALE = 2.0", "SCALE = 3.0\nSCALE = 2.0")
    },
    "a stream of random numbers": lambda: changed("n1trial.study.batches.measure", "very second", "very first"),
    "a key": lambda: changed("n1trial.study.batches.measure", "a b c d", "a b c e"),
    "an exit code": lambda: changed("n1trial.errors", "2", "3"),
}  # fmt: skip


@pytest.mark.parametrize("change", SAME)
def test_what_leaves_figures_alone_leaves_the_digest_alone(change: str) -> None:
    sources = SAME[change]()
    assert sources != SMALL
    assert digest_of(sources) == digest_of(SMALL)


@pytest.mark.parametrize("change", OTHER)
def test_what_may_change_a_figure_changes_the_digest(change: str) -> None:
    assert digest_of(OTHER[change]()) != digest_of(SMALL)


def test_equal_definitions_that_refer_to_others_are_told_apart() -> None:
    """Two modules have a scale and a function of the same text; which of them is called decides."""
    twins = {
        f"n1trial.analysis.{name}": f"SCALE = {scale}\ndef grow(x):\n    return SCALE * x\n"
        for name, scale in (("one", 1), ("two", 2))
    }
    texts = [f"from n1trial.analysis import one, two\nA = {first}.grow(1)\n" for first in ("one", "two")]
    first, second = (digest_of({**EMPTY, **twins, "n1trial.study.batches.measure": text}) for text in texts)
    assert first != second
    swapped = {
        **twins,
        "n1trial.analysis.one": twins["n1trial.analysis.two"],
        "n1trial.analysis.two": twins["n1trial.analysis.one"],
    }
    assert digest_of({**EMPTY, **swapped, "n1trial.study.batches.measure": texts[0]}) == second


def test_without_the_source_of_a_root_there_is_no_digest() -> None:
    assert digest_of({name: text for name, text in SMALL.items() if name != ROOTS[0]}) is None


def test_everything_that_a_batch_goes_through_is_part_of_it(real: Sources) -> None:
    modules = provenance._closure(real)
    assert modules is not None
    through = reach("n1trial.study.batches.measure", house()) | reach("n1trial.diary.file.read_returned", house())
    where = {"n1trial", "n1trial.study.batches.workers", "n1trial.study.batches.processes"} | reach(
        "n1trial.study.batches.workers", house()
    )
    where |= {name for name in through if name.endswith(".wording")}
    assert {name for name in through if name in paths()} - set(modules) <= where
    assert not {name for name in modules if name.split(".")[1] in ("report", "pack", "web", "cli")}


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("n1trial.analysis.estimates", "The analysis ran as planned.", "All went well with the analysis."),
        ("n1trial.diary.methods", "Least squares on days as if", "Least squares, on all days, as though"),
        ("n1trial.diary.wording", "Dates have the {first:s} first.", "The {first:s} first."),
        ("n1trial.scenario.check.wording", "required key is missing", "no key"),
        ("n1trial.scenario.check.wording", "no source is named", "name a source"),
        ("n1trial.wording", "did you mean", "do you mean"),
        ("n1trial.scenario.model.patient", "description=", "title='A title', description="),
    ],
)  # fmt: skip
def test_a_sentence_of_this_package_reworded_is_the_same(real: Sources, module: str, old: str, new: str) -> None:
    place = module if module in real else f"{module}.__init__"
    assert old in real[place]
    if old == "description=":
        old, new = 'description="', 'description="And so '
    assert digest_of({**real, place: real[place].replace(old, new)}) == code_digest()


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("n1trial.patient.patient", '"period shift"', '"shift of a period"'),
        ("n1trial.simulation.simulate", "BATCH_WIDTH = ", "BATCH_WIDTH = 1 + "),
        ("n1trial.diary.file.read_returned", "return ", "return not "),
    ],
)
def test_a_number_or_a_stream_of_this_package_changed_is_another(
    real: Sources, module: str, old: str, new: str
) -> None:
    assert old in real[module]
    assert digest_of({**real, module: real[module].replace(old, new, 1)}) != code_digest()


def test_the_engine_names_version_and_libraries_and_is_the_same_in_every_process() -> None:
    code = "from n1trial.provenance import engine; print(engine())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == engine()
    assert engine().startswith(f"{__version__}+{(code_digest() or '')[:12]} python {sys.version_info.major}.")
    assert f"numpy {numpy.__version__} scipy {scipy.__version__} simpy " in engine()


def test_provenance_is_plain_values() -> None:
    assert current() == {
        "version": __version__,
        "code": code_digest(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
    }


def test_help_needs_no_digest() -> None:
    code = "import sys; from n1trial.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "assert not {'n1trial.provenance', 'n1trial.syntax.module'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
