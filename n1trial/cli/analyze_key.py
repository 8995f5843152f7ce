"""`n1trial analyze --key`: the end of a blinded trial, frozen first and opened second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from n1trial.cli.echo import say, say_json
from n1trial.cli.group import KEPT
from n1trial.cli.options import by_option, line_of_text, results_folder
from n1trial.cli.passphrase import ask

if TYPE_CHECKING:
    from n1trial.pack.conclusion.finish import TrialEnd
    from n1trial.scenario.scenario import Scenario

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class EndOptions:
    """Options of the command line for the end of a trial.

    Parameters
    ----------
    diary, sealed : Path
        The diary and the sealed key.
    pack : Path or None
        Folder of the pack; that of the key by default.
    commitment : str or None
        As typed from a paper.
    receipt : Path or None
        The receipt that was signed.
    by : str or None
        Who it is, as entered.
    early : str or None
        Why the key is opened before the end of the trial.
    plan : Scenario or None
        That must be the sealed one.
    methods : sequence of str
        Analyses besides the primary one; those of the plan by default.
    out : Path or None
        Folder for the results.
    as_json : bool
        Whether one JSON document is printed instead of words.
    """

    diary: Path
    sealed: Path
    pack: Path | None
    commitment: str | None
    receipt: Path | None
    by: str | None
    early: str | None
    plan: Scenario | None
    methods: Sequence[str]
    out: Path | None
    as_json: bool


def key_options(function: Function) -> Function:
    """Add ``--key`` and what belongs to it."""
    path = click.Path(path_type=Path)
    options = (
        click.option(
            "--key", metavar="SEALED", type=path,
            help="The sealed key of the pack that the diary belongs to; it is opened after the diary has been frozen.",
        ),
        click.option("--pack", metavar="DIR", type=path, help="Folder of the pack.  [default: that of the key]"),
        click.option(
            "--commitment", metavar="HEX", help="As it stands on any blinded paper, where the pack is not at hand."
        ),
        click.option(
            "--receipt", metavar="FILE", type=path,
            help="With --key: the signed receipt of n1trial freeze, which diary and log are compared with.",
        ),
        by_option,
        click.option(
            "--early", "is_early", is_flag=True,
            help="With --key and --reason: open it before the planned end, and without a declared one.",
        ),
        click.option("--reason", metavar="TEXT", callback=line_of_text, help="Why it is opened early, for the log."),
        click.option(
            "--out", metavar="DIR", type=path,
            help="With --key: folder for page, letters and figures.  [default: results/NAME-PATIENT-analysis]",
        ),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def early_of(ctx: click.Context, *, is_early: bool, reason: str | None) -> str | None:
    """Say why the key is opened before the end; None where it is not to be."""
    given = (reason or "").strip() or None
    if is_early and given is None:
        raise click.UsageError("--early needs --reason TEXT", ctx)
    if given is not None and not is_early:
        raise click.UsageError("--reason says why the key is opened early, and belongs to --early", ctx)
    return given


def analyze_with_key(ctx: click.Context, end: EndOptions) -> None:
    """Analyze the diary of a blinded trial as its sealed plan says."""
    finished = _finish(ctx, end)
    ctx.meta[KEPT] = f"the analysis is in {finished.folder}"
    _show(finished, as_json=end.as_json)
    say(f"Analysis: {finished.folder} (frozen in {finished.log})", err=True)


def _finish(ctx: click.Context, end: EndOptions) -> TrialEnd:
    from n1trial.cli.shut import with_remedies
    from n1trial.pack.conclusion.finish import EndRequest, finish
    from n1trial.pack.conclusion.folder import MARK
    from n1trial.pack.end.shut import ShutError
    from n1trial.pack.log.log import LOG

    def ask_passphrase() -> str:
        ctx.meta[KEPT] = f"the diary is frozen in {(end.pack or end.sealed.parent) / LOG}"
        return ask(False, "the key")

    try:
        return finish(
            end.diary, end.sealed, ask_passphrase, lambda name: results_folder(end.out, name, MARK),
            pack=end.pack, commitment=end.commitment, plan=end.plan, methods=end.methods,
            request=EndRequest(end.by, end.early, end.receipt),
        )  # fmt: skip
    except ShutError as error:
        raise with_remedies(error) from None


def _show(end: TrialEnd, *, as_json: bool) -> None:
    from n1trial.pack.conclusion.context import view
    from n1trial.pack.conclusion.folder import as_json as in_json
    from n1trial.pack.conclusion.folder import document
    from n1trial.pack.conclusion.terminal import terminal

    final, trail = end.final, end.trail
    if not as_json:
        say(terminal(final, view(final), trail), nl=False)
        return
    say_json(in_json(document(final, trail)))
    for sentence in (*trail.warnings, *final.trial_diary.as_returned.notes):
        say(sentence, err=True)
