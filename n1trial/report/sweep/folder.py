"""A sweep as files: one table for R and Excel, one document for programs, and the pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from n1trial import __version__
from n1trial.errors import RunError
from n1trial.evaluation.characteristics import Figure
from n1trial.files.beside import NEW, beside
from n1trial.files.checksums import NAME as CHECKSUMS
from n1trial.files.checksums import add_checksums
from n1trial.files.tables import append_rows
from n1trial.provenance import provenance
from n1trial.report.plot.diary import save
from n1trial.report.sweep.pictures import draw_sweep
from n1trial.scenario.file.grid import Grid
from n1trial.scenario.file.write import write_resolved
from n1trial.study.sweep.combination import CombinationResult, Point, combination_results
from n1trial.study.sweep.store import Store
from n1trial.study.sweep.sweep import TRUTHS

TABLE, DOCUMENT, SCENARIO = "sweep.csv", "sweep.json", "scenario.toml"
METRICS = ("detect", "detect_right", "adopt", "right_decision", "not_estimable")
"""Rates in the document."""
SHARES = {
    "detect_planned": ("planned", "detect"),
    "detect_mcid": ("mcid", "detect"),
    "type_1": ("null", "detect"),
    "right_decision_planned": ("planned", "right_decision"),
    "right_decision_mcid": ("mcid", "right_decision"),
    "right_decision_null": ("null", "right_decision"),
    "not_estimable_mcid": ("mcid", "not_estimable"),
}
"""Rates in the table, each followed by its Monte Carlo standard error, with truth and metric."""
BESIDE = (
    "weeks", "weeks_on_placebo_least", "weeks_on_placebo_most", "diary_entries", "attenuation", "expected_finished",
)  # fmt: skip


def save_sweep(grid: Grid, store: Store, folder: Path) -> tuple[Point, ...]:
    """Write table, document and pictures of a complete sweep beside its store, each file whole or not at all.

    Parameters
    ----------
    grid : Grid
    store : Store
        Holds every batch of the sweep.
    folder : Path
        That of the store. Files of an earlier sweep are replaced; others are left alone.

    Returns
    -------
    tuple of Point
        What each combination has shown, in the order of the grid.

    Raises
    ------
    RunError
        If a file cannot be written.
    """
    try:
        with beside(folder / TABLE) as place:
            fresh = place / NEW
            fresh.mkdir()
            (fresh / SCENARIO).write_text(write_resolved(grid.base), encoding="utf-8")
            with (
                (fresh / TABLE).open("w", encoding="utf-8", newline="") as table,
                (fresh / DOCUMENT).open("w", encoding="utf-8") as document,
            ):
                points = tuple(_write(grid, store, table, document))
            for name, figure in draw_sweep(grid, points).items():
                save(figure, fresh / name)
            add_checksums(fresh)
            _put_in_place(fresh, folder)
    except OSError as error:
        raise RunError(
            f"{folder}: table and pictures cannot be written ({error.strerror}); all batches are kept, and the same"
            " command writes them"
        ) from error
    return points


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Move files to where they belong, checksums last, and take away pictures that only an earlier sweep had."""
    names = sorted((path.name for path in fresh.iterdir()), key=lambda name: (name == CHECKSUMS, name))
    for name in names:
        (fresh / name).replace(folder / name)
    for ending in ("svg", "png"):
        for path in folder.glob(f"sweep*.{ending}"):
            if path.name not in names:
                path.unlink()


def _write(grid: Grid, store: Store, table: TextIO, document: TextIO) -> Iterator[Point]:
    """Write table and document combination by combination, so that many take no memory."""
    append_rows(table, [columns(grid)])
    opening = json.dumps(_heading(grid), indent=2, ensure_ascii=False, allow_nan=False)
    document.write(opening.removesuffix("\n}") + ',\n  "cells": [')
    for number, outcome in enumerate(combination_results(grid, store)):
        append_rows(table, rows(outcome))
        document.write(f"{',' if number else ''}\n    ")
        document.write(json.dumps(_cell(outcome), ensure_ascii=False, allow_nan=False))
        yield outcome.point()
    document.write("\n  ]\n}\n")


def columns(grid: Grid) -> tuple[str, ...]:
    """Name the columns of the table."""
    shares = (name for share in SHARES for name in (share, f"{share}_mcse"))
    return (*(axis.key for axis in grid.axes), "method", "is_primary", "verdict", *shares, *BESIDE)


def rows(outcome: CombinationResult) -> Iterator[Sequence[object]]:
    """Yield a row a method; cells are empty where there is no figure."""
    layout = outcome.scenario.layout()
    least, most = layout.weeks_on_control()
    beside = (layout.weeks, least, most, len(layout.days), outcome.attenuation, outcome.expected_finished)
    for method, truths in outcome.figures.items():
        shares = (truths[truth][metric] for truth, metric in SHARES.values())
        yield (
            *(_plain(value) for value in outcome.changes.values()),
            method,
            _plain(method == outcome.primary),
            outcome.answers[method],
            *(number for share in shares for number in (_number(share.value), _number(share.mcse, 6))),
            *(_number(value, 8) for value in beside),
        )


def _number(value: float | None, digits: int = 12) -> str:
    return "" if value is None else f"{value:.{digits}g}"


def _plain(value: object) -> str:
    """Write a value as R and Excel know it."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return value
        case list() | tuple():
            return json.dumps(list(value), ensure_ascii=False)
    return str(value)


def _heading(grid: Grid) -> dict[str, Any]:
    settings = grid.base.simulation
    return {
        "scenario": grid.base.name,
        "seed": settings.seed,
        "replicates": settings.replicates,
        "version": __version__,
        "provenance": provenance(),
        "varied": {axis.key: list(axis.values) for axis in grid.axes},
        "idle": {remark.place: remark.kind for remark in grid.idle},
        "left_out": [{"set": one.changes, "faults": [str(fault) for fault in one.faults]} for one in grid.left_out],
    }


def _cell(outcome: CombinationResult) -> dict[str, Any]:
    layout = outcome.scenario.layout()
    return {
        "set": outcome.changes,
        "weeks": layout.weeks,
        "weeks_on_placebo": layout.weeks_on_control(),
        "diary_entries": len(layout.days),
        "attenuation": outcome.attenuation,
        "expected_finished": outcome.expected_finished,
        "primary": outcome.primary,
        "methods": {method: _method(outcome, method) for method in outcome.figures},
    }


def _method(outcome: CombinationResult, method: str) -> dict[str, Any]:
    truths = outcome.figures[method]
    found: dict[str, Any] = {
        truth: {metric: _figure(truths[truth][metric]) for metric in METRICS} for truth in TRUTHS
    }  # fmt: skip
    return {**found, "verdict": outcome.answers[method]}


def _figure(figure: Figure) -> dict[str, float | None]:
    return asdict(figure)
