"""Which code makes the figures, and what it computes with: stands on every result, log and key."""

from __future__ import annotations

import gc
import platform
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from n1trial import __version__
from n1trial.syntax.module import Module, read
from n1trial.syntax.writer import ImportedName, StatementGroup

HOUSE = "n1trial"
ROOTS = (
    "n1trial.study.batches.measure",
    "n1trial.study.batches.batch_json",
    "n1trial.diary.file.read",
    "n1trial.diary.file.read_returned",
)
"""What simulates, analyzes and sums up; and what reads a diary. What they import makes figures, too."""
ROOMS = ("n1trial.evaluation",)
"""Rooms that make figures with every module in them."""
WITHOUT_FIGURES = ("workers", "processes", "wording")
"""Modules, by the last part of their names, that say where the work is done, or what is said of it, and not what is."""
SHORT = 12
"""Characters of a digest that are shown."""

Provenance = dict[str, str | None]


def provenance() -> Provenance:
    """Give what a figure of now depends on.

    Returns
    -------
    dict
        ``version`` of n1trial; ``code``, a digest of the modules that make figures (`code_digest`), None where their
        source is not at hand; and the versions of ``python``, ``numpy`` and ``scipy``, None where one is not there.
    """
    return {
        "version": __version__,
        "code": code_digest(),
        "python": platform.python_version(),
        "numpy": _version("numpy"),
        "scipy": _version("scipy"),
    }


def in_words(of: Provenance) -> str:
    """Name code and libraries for a reader, as in ``n1trial 0.1.0 (code 3f0c5a9d2b1e), Python 3.13.1, NumPy 2.3.5``."""
    code = f"code {of['code'][:SHORT]}" if of["code"] else "code not known: its source is not installed"
    libraries = (("Python", "python"), ("NumPy", "numpy"), ("SciPy", "scipy"))
    versions = (f"{title} {of[name] or 'unknown'}" for title, name in libraries)
    return ", ".join((f"n1trial {of['version']} ({code})", *versions))


def engine() -> str:
    """Name the code and libraries that a kept batch is of: it is used again under the very same name only.

    Returns
    -------
    str
        As in ``0.1.0+3f0c5a9d2b1e python 3.13 numpy 2.3.5 scipy 1.16.3 simpy 4.1.1``.
    """
    code = (code_digest() or "unknown")[:SHORT]
    python = platform.python_version().rpartition(".")[0]
    libraries = " ".join(f"{name} {_version(name)}" for name in ("numpy", "scipy", "simpy"))
    return f"{__version__}+{code} python {python} {libraries}"


@cache  # every batch of a sweep asks
def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


@cache
def code_digest() -> str | None:
    """Digest the modules that make figures; see `digest_of`. None where a source file is not at hand."""
    is_collecting = gc.isenabled()
    gc.disable()  # a syntax tree is many small objects, and none of them is garbage before the end
    try:
        return digest_of(dict(_sources(files(HOUSE), HOUSE)))
    except OSError:
        return None
    finally:
        if is_collecting:
            gc.enable()


def digest_of(sources: dict[str, str]) -> str | None:
    """Digest what the modules of a house compute that make figures.

    Parameters
    ----------
    sources : dict of str to str
        Text of every module by its dotted name, that of a package with ``.__init__`` behind it.

    Returns
    -------
    str or None
        SHA-256 in hexadecimal. The same where a file or a definition is moved, an import or the layout of the text is
        written otherwise, a sentence is reworded, a comment, docstring or type is changed; another where a number, an
        operator, a name, an argument or a statement is. None if a root is not among the sources.
    """
    modules = _closure(sources)
    return None if modules is None else _digest(modules)


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, str]]:
    """Yield the source of each module below a folder of the package, by its dotted name."""
    for path in folder.iterdir():
        if path.name.endswith(".py"):
            yield f"{name}.{path.name[:-3]}", path.read_text(encoding="utf-8")
        elif path.is_dir() and path.joinpath("__init__.py").is_file():
            yield from _sources(path, f"{name}.{path.name}")


def _closure(sources: dict[str, str]) -> dict[str, Module] | None:
    """Find modules that the roots import, directly or through others, for types alone too; the front door apart."""
    ahead = [*ROOTS, *(name for name in sources if name.startswith(tuple(f"{room}." for room in ROOMS)))]
    if not all(_place(root, sources) for root in ahead):
        return None
    modules: dict[str, Module] = {}
    while ahead:
        name = ahead.pop().removesuffix(".__init__")
        place = _place(name, sources)
        if place and name not in modules and name != HOUSE and name.rpartition(".")[2] not in WITHOUT_FIGURES:
            is_module = lambda each: _place(each, sources) is not None  # noqa: E731
            modules[name] = read(sources[place], name, is_package=place != name, is_module=is_module)
            ahead += [name.rpartition(".")[0], *(module for module, _ in modules[name].imports.values())]
    return modules


def _place(name: str, sources: dict[str, str]) -> str | None:
    """Find where the source of a module or package is among all."""
    return next((place for place in (name, f"{name}.__init__") if place in sources), None)


def _digest(modules: dict[str, Module]) -> str:
    """Digest the units of modules: each by its text, and by those that it refers to, until nothing more differs."""
    units = [(unit, _links(unit, module, modules)) for module in modules.values() for unit in module.units]
    digests = {id(unit): _hash(unit.parts) for unit, _ in units}
    kinds = 0
    while kinds < len(set(digests.values())):
        kinds = len(set(digests.values()))
        digests = {
            id(unit): _hash(
                [
                    digests[id(unit)],
                    *(digests[id(link)] if isinstance(link, StatementGroup) else link for link in links),
                ]
            )
            for unit, links in units
        }
    return _hash(sorted(digests.values()))


def _links(unit: StatementGroup, module: Module, modules: dict[str, Module]) -> list[StatementGroup | str]:
    """List what a unit refers to, in order: units of these modules, else the full name of what is from elsewhere."""
    return [
        module.homes.get(name, "") if imported is None else _import(imported, modules) for name, imported in unit.names
    ]


def _import(target: ImportedName, modules: dict[str, Module]) -> StatementGroup | str:
    """Find the unit that binds an imported name, through modules that only pass it on."""
    for _ in modules:
        module = modules.get(target[0])
        if module is None:
            return "" if target[0].partition(".")[0] == HOUSE else ".".join(target)
        if target[1] in module.homes or target[1] not in module.imports:
            return module.homes.get(target[1], "")
        target = module.imports[target[1]]
    return ""


def _hash(parts: Iterable[str]) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()
