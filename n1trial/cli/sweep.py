"""`n1trial sweep`: which of many designs could give an answer?"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

import click

from n1trial.cli.echo import say, say_json
from n1trial.cli.group import KEPT
from n1trial.cli.numbers import Whole
from n1trial.cli.options import OUT_FOLDER, REPLICATES, SEED, results_folder, seed_option, set_option, with_options
from n1trial.cli.progress import progress_of_trials
from n1trial.errors import RunError, WorkersError

if TYPE_CHECKING:
    from n1trial.study.batches.wording import ClusterFault
    from n1trial.study.sweep.sweep import SweepWork

LONG_SECONDS = 30.0
"""A sweep that is likely to take longer is said to."""


def _pairs(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Split every KEY=VALUES."""
    for value in values:
        if "=" not in value:
            raise click.BadParameter(f"{value!r} is not of the form KEY=VALUES, as in design.cycles=2,3,4", ctx, param)
    return [(key.strip(), text) for key, _, text in (value.partition("=") for value in values)]


@click.command("sweep")
@click.argument("source", metavar="SCENARIO")
@click.option(
    "--vary", "vary", metavar="KEY=VALUES", multiple=True, required=True, callback=_pairs,
    help="A key and its values: a,b,c or start:stop:step. Any number of times, for all combinations.",
)  # fmt: skip
@set_option
@click.option("--replicates", metavar="N", help="Simulated trials at each truth.  [default: the scenario's]")
@seed_option
@click.option("--skip-invalid", is_flag=True, help="Leave out combinations that break a rule of the scenario.")
@click.option(
    "--workers", metavar="N", type=Whole(1),
    help="Processes to use; the results are the same.  [default: all processors]",
)  # fmt: skip
@click.option("--cluster", metavar="ADDRESS", help="Use a Dask cluster instead: its scheduler, as tcp://HOST:PORT.")
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path),
    help="Folder for the results, which keeps what is finished.  [default: results/NAME-sweep]",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of the answer in words.")
@click.pass_context
def command(
    ctx: click.Context,
    source: str,
    vary: list[tuple[str, str]],
    changes: dict[str, str],
    replicates: str | None,
    seed: str | None,
    skip_invalid: bool,
    workers: int | None,
    cluster: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Say which of many designs could give an answer.

    All combinations of the values are simulated with the same random numbers. What is finished is kept in the folder,
    whatever ends the program, and the same command goes on from there. SCENARIO is a file or the name of a shipped
    scenario.
    """
    if workers and cluster:
        raise click.UsageError("--workers is for this machine, and --cluster for others; choose one", ctx)
    from n1trial.scenario.file.grid import read_grid
    from n1trial.study.sweep.store import NAME, Store

    overrides, options = with_options(changes, {REPLICATES: replicates, SEED: seed})
    grid = read_grid(source, vary, overrides, options, skip_invalid=skip_invalid)
    folder = results_folder(out, f"{grid.base.name}-sweep", NAME, Path.is_file)
    from n1trial.provenance import engine
    from n1trial.study.sweep.sweep import complete, describe

    # The pool first: where there is none nothing is left in the folder.
    with _and_what_is_kept(ctx), _pool(workers, cluster) as (pool, count), Store(folder, OUT_FOLDER) as store:
        ctx.meta[KEPT] = f"what was finished is kept in {folder}; the same command goes on from there"
        if store.begin(describe(grid)):
            say(f"{folder} holds another sweep as well. What it finished stays there,", err=True)
            say("its table and pictures are replaced; its own command brings them back.", err=True)
        if unchecked := store.count_unchecked(engine()):
            say(f"{unchecked:,} batches were kept without a checksum, and are taken as they are", err=True)
        with progress_of_trials() as progress:

            def start(work: SweepWork) -> Callable[[int], object] | None:
                _announce(len(grid), work, count)
                return progress(work.trials) if progress is not None and work.trials else None

            complete(grid, store, pool, start)
        from n1trial.report.sweep.folder import DOCUMENT, save_sweep
        from n1trial.report.sweep.terminal import sweep_answer

        points = save_sweep(grid, store, folder)
    ctx.meta[KEPT] = f"the results are in {folder}"
    if as_json:
        with (folder / DOCUMENT).open(encoding="utf-8") as document:
            for line in document:
                say_json(line)
    else:
        say(sweep_answer(grid, points), nl=False)
    say(f"Results: {folder}", err=True)


@contextlib.contextmanager
def _and_what_is_kept(ctx: click.Context) -> Iterator[None]:
    """Say of workers that cannot go on what is kept, and how to go on."""
    try:
        yield
    except WorkersError as error:
        if KEPT not in ctx.meta:
            raise
        raise RunError([*error.findings, ctx.meta[KEPT]]) from error


def _say_left_out(worker: ClusterFault) -> None:
    same = "install the same n1trial, numpy, scipy and Python there, and start it again"
    say(f"{worker.rule}; it is left out, and the sweep goes on. {same}", err=True)


@contextlib.contextmanager
def _pool(workers: int | None, cluster: str | None) -> Iterator[tuple[Executor | None, int]]:
    """Start the workers, and say how many tasks they take at a time."""
    from n1trial.study.batches import workers as pools

    if cluster is not None:
        from n1trial.study.batches.cluster import cluster as cluster_at

        with cluster_at(cluster, _say_left_out) as pool:
            yield pool, pool.workers
    else:
        count = workers or pools.available()
        with pools.executor(count) as processes:
            yield processes, count


def _announce(combinations: int, work: SweepWork, workers: int) -> None:
    """Say what is there already and, where it is long, about how long the rest takes."""
    if work.stored_batches:
        say(f"{work.stored_batches:,} of {work.pieces:,} batches are there already", err=True)
    seconds = work.seconds / max(workers, 1)
    if seconds >= LONG_SECONDS:
        say(
            f"{combinations:,} combinations, {work.trials:,} simulated trials to go: about {_duration(seconds)} with"
            f" {workers} worker{'s' if workers > 1 else ''}. Ctrl-C keeps what is finished.",
            err=True,
        )


def _duration(seconds: float) -> str:
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 1.5 * length:
            return f"{math.ceil(seconds / length)} {unit}s"
    return "a minute"
