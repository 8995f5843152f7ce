"""`n1trial report`: the page of a run, from its folder."""

from __future__ import annotations

import json
from pathlib import Path

import click

from n1trial.cli.echo import say, say_json
from n1trial.cli.options import OUT
from n1trial.errors import InputError


@click.command("report")
@click.argument("folder", metavar="[RESULTS_DIR]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path),
    help="Write the page to this file.  [default: report.html within the folder]",
)  # fmt: skip
@click.option("--schema", is_flag=True, help="Print the JSON Schema of run.json, for other programs.")
@click.pass_context
def command(ctx: click.Context, folder: Path | None, out: Path | None, schema: bool) -> None:
    """Write the page of a run, one self-contained HTML file.

    RESULTS_DIR is a folder that n1trial run has written, which leaves the page there itself; --schema needs none.
    """
    if schema:
        from n1trial.report.run.parts import RUN

        if folder is not None or out is not None:
            raise click.UsageError("--schema goes alone", ctx)
        say_json(json.dumps(RUN.schema, indent=2, ensure_ascii=False))
        return
    if folder is None:
        raise click.UsageError("Missing argument 'RESULTS_DIR'.", ctx)
    _write_page(folder, out)


def _write_page(folder: Path, out: Path | None) -> None:
    from n1trial.cli.options import settle_place
    from n1trial.files.write import replace_file
    from n1trial.report.run.page import PAGE, page
    from n1trial.report.run.read import read_run

    settle_place(folder)
    _refuse_other_results(folder)
    result = read_run(folder)
    path = folder / PAGE if out is None else out
    _check_place(path, is_within=out is None)
    _say_what_changed(folder)
    replace_file(path, page(result))
    if out is None:
        _renew_checksum(folder)
    say(f"Page: {path}")


def _say_what_changed(folder: Path) -> None:
    """Say on standard error which files a page is made of were changed since the run."""
    from n1trial.files.checksums import changed_files
    from n1trial.report.run.document import MARK, SCENARIO

    changed = changed_files(folder, (SCENARIO, MARK))
    if changed is None:
        say(f"{folder}: has no checksums, so nobody can say whether its files were changed", err=True)
    elif changed:
        what = " and ".join(changed)
        say(f"{folder}: {what} changed after n1trial run wrote the folder; the page shows the change", err=True)


def _renew_checksum(folder: Path) -> None:
    from n1trial.files.checksums import NAME, replace_checksum
    from n1trial.files.write import replace_file
    from n1trial.report.run.page import PAGE

    text = replace_checksum(folder, PAGE)
    if text is not None:
        replace_file(folder / NAME, text)


def _refuse_other_results(folder: Path) -> None:
    """Say what a folder of ours holds if that is no run."""
    from n1trial.report.run.document import MARK

    if (folder / MARK).exists():
        return
    for mark, what in _other_results().items():
        if (folder / mark).exists():
            raise InputError(f"{folder}: holds {what}; only n1trial run leaves what a page is made of")


def _other_results() -> dict[str, str]:
    """Name what else n1trial writes, by the file it is known by."""
    from n1trial.pack.conclusion.folder import MARK as ANALYSIS
    from n1trial.report.search.folder import MARK as SEARCH
    from n1trial.report.sweep.folder import DOCUMENT as SWEEP
    from n1trial.report.trace.folder import MARK as TRACE

    return {
        SWEEP: "a sweep, whose pictures are beside it",
        SEARCH: "a search: n1trial run with the --set of a design makes its page",
        TRACE: "one simulated patient, whose picture is diary.svg",
        ANALYSIS: "a final analysis, whose page is analysis.html",
    }


def _check_place(path: Path, *, is_within: bool) -> None:
    """Refuse a place where no page can be, before one is made."""
    from n1trial.files.folders import check_writable

    if path.is_dir():
        raise InputError(f"{path}: is a folder; --out takes a file")
    if not is_within and path.exists() and not _is_page(path):
        raise InputError(f"{path}: exists and is no page of n1trial, so it is not replaced; {OUT}")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.absolute().parent}")
    check_writable(path, OUT)


def _is_page(path: Path) -> bool:
    """Return True if a file is a report that may be replaced."""
    from n1trial.report.run.page import GENERATOR

    try:
        return GENERATOR in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
