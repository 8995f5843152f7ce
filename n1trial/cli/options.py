"""What several commands take: a scenario, values that differ from its file's, and a folder for results."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from n1trial.cli.echo import say
from n1trial.errors import InputError
from n1trial.texts import text_fault

if TYPE_CHECKING:
    from n1trial.scenario.scenario import Scenario

Function = TypeVar("Function", bound=Callable[..., Any])

SEED = ("simulation.seed", "seed")
REPLICATES = ("simulation.replicates", "replicates")
"""Keys of a scenario that have an option of their own."""
OUT, OUT_FOLDER = "choose another with --out", "choose another folder with --out"
"""What can be done where a place is not to be had, on the command line."""


def _pairs(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Split every KEY=VALUE; of a key given twice the last value counts."""
    for value in values:
        if "=" not in value:
            raise click.BadParameter(f"{value!r} is not of the form KEY=VALUE, as in design.cycles=4", ctx, param)
    return {key.strip(): text for key, _, text in (value.partition("=") for value in values)}


def line_of_text(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001
    """Refuse characters that hide, reorder or command, and new lines, in the text of an option.

    Raises
    ------
    InputError
        With the option, the characters and their places.
    """
    if value is not None and (rule := text_fault(value)):
        raise InputError(f"{param.opts[0]}: {rule}")
    return value


def _name(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    return (line_of_text(ctx, param, value) or "").strip() or None


def by_option(function: Function) -> Function:
    """Add ``--by NAME``, who does it, as the argument `by`."""
    return click.option(
        "--by",
        metavar="NAME",
        callback=_name,
        help="Who does it, for the log: as entered, not verified, and no signature.",
    )(function)


def set_option(function: Function) -> Function:
    """Add ``--set KEY=VALUE``, any number of times, as the argument `changes`."""
    return click.option(
        "--set",
        "changes",
        metavar="KEY=VALUE",
        multiple=True,
        callback=_pairs,
        help="Take another value for a key of the scenario, as in --set design.cycles=4. Any number of times.",
    )(function)


def seed_option(function: Function) -> Function:
    """Add ``--seed``."""
    return click.option("--seed", metavar="S", help="Seed of the random numbers.  [default: the scenario's]")(function)


def out_option(default: str) -> Callable[[Function], Function]:
    """Add ``--out``, a folder."""
    return click.option(
        "--out",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help=f"Folder for the results; one that holds earlier ones is replaced.  [default: {default}]",
    )


def load(
    source: str, changes: Mapping[str, str], options: Mapping[tuple[str, str], str | None] | None = None
) -> Scenario:
    """Read a scenario with the values of the command line.

    Parameters
    ----------
    source : str
        A file, or the name of a shipped scenario.
    changes : mapping of str to str
        Of ``--set``.
    options : mapping of tuple of str to (str or None), optional
        Values of keys that have an option of their own, by key and option; None where it was not given.

    Raises
    ------
    InputError
        With all faults, of the file and of the command line.
    """
    from n1trial.scenario.file.load import load_scenario

    return load_scenario(source, *with_options(changes, options or {}))


def with_options(
    changes: Mapping[str, str], options: Mapping[tuple[str, str], str | None]
) -> tuple[dict[str, str], dict[str, str]]:
    """Put the values of options to those of ``--set``.

    Parameters
    ----------
    changes, options
        As for `load`.

    Returns
    -------
    tuple of dict of str to str
        Values of the command line by key, and the options of those keys that were given by one of their own.
    """
    given = {key: (option, value) for (key, option), value in options.items() if value is not None}
    values = {key: value for key, (_, value) in given.items()}
    return {**changes, **values}, {key: option for key, (option, _) in given.items()}


def results_folder(out: Path | None, name: str, mark: str, is_ours: Callable[[Path], bool] | None = None) -> Path:
    """Return the folder that results go to, checked before anything is simulated.

    Parameters
    ----------
    out : Path or None
        As asked for; by default a folder of that name within ``results``.
    name : str
        Name of the results.
    mark : str
        File by which an earlier result of the same kind is known.
    is_ours : callable, optional
        Whether such a file is one of ours; by default whether it is the document of a result.

    Raises
    ------
    InputError
        If nothing can be written there, or something else would be lost.
    """
    from n1trial.files.folders import check_replaceable, check_writable, holds_results

    folder = Path("results") / name if out is None else out
    # unlike Path.resolve, realpath takes a link that leads back to itself
    if Path.cwd().is_relative_to(os.path.realpath(folder)):
        raise InputError(f"{folder}: is the folder you are in, or holds it; {OUT}")
    settle_place(folder)
    try:
        check_replaceable(folder, mark, is_ours or holds_results, OUT)
        check_writable(folder, OUT)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror}); {OUT}") from None
    return folder


def settle_place(place: Path) -> None:
    """Finish or take away what killed processes left beside a place; name on standard error what stays."""
    from n1trial.files.beside import recover

    for path in recover(place):
        say(f"{path}: left by an n1trial that was stopped; remove it, unless one is at work there", err=True)
