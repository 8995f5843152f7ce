"""`n1trial reveal`: what a kit holds, for a reason; or all of it, at the end."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from n1trial.cli.echo import say
from n1trial.cli.options import by_option, line_of_text
from n1trial.cli.passphrase import ask
from n1trial.errors import InputError

if TYPE_CHECKING:
    from n1trial.pack.sealed.open_key import OpenKey
    from n1trial.pack.visit.gate import EndGate

WRITE_ON_SLIP = "The log could not be written. Write on the slip: {time}, your name, and why kit {kit} was opened."
NOT_COMPARED = "No commitment is at hand, so that nobody checked whether this is the key of this pack."
SHOWS_ALL = "This shows what every kit holds; whoever reads it is no longer blind."


@dataclass(frozen=True)
class RevealRequest:
    """Request on the command line to show what kits hold."""

    path: Path
    content: bytes
    commitment: str | None
    by: str | None
    reason: str | None

    @property
    def folder(self) -> Path:
        """Folder that holds the log."""
        return self.path.parent


@click.command("reveal")
@click.argument("path", metavar="KEY", type=click.Path(path_type=Path))
@click.option("--kit", metavar="CODE", help="Show what this one kit holds.")
@click.option(
    "--reason", metavar="TEXT", callback=line_of_text, help="Why it has to be known; it is written into the log."
)
@by_option
@click.option("--all", "is_all", is_flag=True, help="Show everything: the trial is over.")
@click.option(
    "--early", "is_early", is_flag=True,
    help="With --all and --reason: before the planned end, and without a declared one (n1trial freeze --ended).",
)  # fmt: skip
@click.option("--yes", "is_confirmed", is_flag=True, help="With --all: do not ask whether everybody may know now.")
@click.option(
    "--check", "is_check", is_flag=True, help="Show that the key opens and is the right one, and nothing else."
)
@click.option(
    "--commitment", metavar="HEX", help="As it stands on any blinded paper, where commitment.txt is not there."
)
@click.pass_context
def command(
    ctx: click.Context,
    path: Path,
    kit: str | None,
    reason: str | None,
    by: str | None,
    is_all: bool,
    is_early: bool,
    is_confirmed: bool,
    is_check: bool,
    commitment: str | None,
) -> None:
    """Break the code of one kit, or open the key.

    KEY is key.age of a pack, or its code-break.age, which opens for one kit by the one-time phrase on that kit's slip.
    What is shown is first written to trial.log beside it; so is what did not open. One kit is shown at any time, also
    where the log cannot be written. In an emergency care does not wait for this: treat as the card says.
    """
    reason = (reason or "").strip() or None
    _check_options(ctx, kit, reason, is_all=is_all, is_check=is_check, is_early=is_early, is_confirmed=is_confirmed)
    from n1trial.pack.end.reveal import checked_code
    from n1trial.pack.sealed.code_break import is_code_break_file
    from n1trial.pack.sealed.files import check_sealed, sealed_content

    code = checked_code(kit) if kit is not None else None
    request = RevealRequest(path, sealed_content(path), commitment, by, reason)
    if is_code_break_file(request.content):
        if commitment is not None:
            raise click.UsageError("--commitment belongs to the key; code-break.age has none", ctx)
        if code is None:
            raise click.UsageError(f"{path.name} holds each kit apart: --kit CODE --reason TEXT", ctx)
        _show_kit(request, code, _by_slip(request, code), "slip")
        return
    check_sealed(request.content, path)
    if code is not None:
        _show_kit(request, code, _by_key(request, code), "key")
    elif is_check:
        _check(request)
    else:
        _show_all(request, is_early=is_early, is_confirmed=is_confirmed)


def _check_options(
    ctx: click.Context, kit: str | None, reason: str | None, *, is_all: bool, is_check: bool, is_early: bool,
    is_confirmed: bool,
) -> None:  # fmt: skip
    """Refuse options that do not belong together."""
    if (kit is not None) + is_all + is_check != 1:
        raise click.UsageError("choose one of --kit CODE, --all and --check", ctx)
    if (is_early or is_confirmed) and not is_all:
        raise click.UsageError(f"{'--early' if is_early else '--yes'} belongs to --all", ctx)
    if reason is None and (kit is not None or is_early):
        raise click.UsageError(f"{'--early' if is_early else '--kit'} needs --reason TEXT", ctx)
    if reason is not None and is_check:
        raise click.UsageError("--check shows nothing, so that --reason does not belong to it", ctx)


def _by_slip(request: RevealRequest, code: str) -> str:
    """Say what a kit holds, by the one-time phrase on its slip."""
    from n1trial.pack.end.reveal import with_dose
    from n1trial.pack.sealed.code_break import broken_code
    from n1trial.pack.sealed.open_key import log_failure
    from n1trial.pack.sealed.seal import SealError

    phrase = ask(False, f"kit {code} (the one-time phrase on its slip)")
    try:
        name = broken_code(request.content, code, phrase, str(request.path))
    except SealError as error:
        log_failure(request.folder, request.path, error, "reveal --kit", request.by, kit=code)
        raise
    return with_dose(name, request.folder)


def _by_key(request: RevealRequest, code: str) -> str:
    """Say what a kit holds, by the key."""
    from n1trial.pack.end.reveal import one_kit

    return one_kit(_open(request, "reveal --kit", is_emergency=True).key, code)


def _show_kit(request: RevealRequest, code: str, name: str, opened_with: str) -> None:
    """Log what is shown of one kit if that can be, and show it in any case."""
    from n1trial.pack.log.log import now, record_if_possible

    line = record_if_possible(
        request.folder, "kit", request.by, kit=code, opened_with=opened_with, reason=request.reason
    )  # fmt: skip
    say(f"Kit {code} holds {name}.")
    if line is None:
        say(WRITE_ON_SLIP.format(time=f"{now():%Y-%m-%d %H:%M}", kit=code), err=True)
    _say_breaks(request)


def _check(request: RevealRequest) -> None:
    """Show that the key opens, and nothing of it."""
    from n1trial.pack.end.reveal import proof
    from n1trial.pack.log.log import record_if_possible

    opened = _open(request, "reveal --check")
    record_if_possible(request.folder, "check", request.by)
    say(proof(opened), nl=False)
    _say_breaks(request)


def _show_all(request: RevealRequest, *, is_early: bool, is_confirmed: bool) -> None:
    """Show everything, where the trial has ended or a reason is given to open it early."""
    from n1trial.pack.end.reveal import everything
    from n1trial.pack.freeze.history import EARLY
    from n1trial.pack.log.log import record, today
    from n1trial.pack.visit.gate import gate, gate_of
    from n1trial.pack.visit.gate_words import REHEARSAL_OPENS, declared_end_in_words

    early = request.reason if is_early else None
    known = gate_of(request.folder, today())
    declared = None
    if known is not None:
        _check_open(known, early, request)
        declared = declared_end_in_words(known)
    if declared is not None:
        say(declared, err=True)
    if not (is_confirmed or (known is not None and known.is_rehearsal)):
        _confirm()
    opened = _open(request, "reveal --all")
    # Blinded files can be edited, and the key cannot.
    found = gate(opened.key.trial, request.folder, today())
    was_early = _check_open(found, early, request)
    record(request.folder, "all", request.by, reason=request.reason, **({EARLY: request.reason} if was_early else {}))
    say(everything(opened), nl=False)
    if found.is_rehearsal:
        say(REHEARSAL_OPENS, err=True)
    _say_breaks(request)


def _open(request: RevealRequest, what: str, *, is_emergency: bool = False) -> OpenKey:
    """Open the key; where it does not open, that is logged."""
    from n1trial.pack.sealed.open_key import open_and_log
    from n1trial.pack.trial.commitment import COMMITMENT, stated_commitment

    if is_emergency and request.commitment is None and not (request.folder / COMMITMENT).is_file():
        say(NOT_COMPARED, err=True)
        stated = None
    else:
        stated = stated_commitment(request.folder, request.commitment)
    return open_and_log(
        request.content, lambda: ask(False, "the key"), stated, request.path, request.folder, what, request.by
    )  # fmt: skip


def _check_open(gate: EndGate, early: str | None, request: RevealRequest) -> bool:
    """Whether all is opened before the end of the trial; refused where no reason is given for that."""
    from n1trial.cli.shut import with_remedies
    from n1trial.pack.end.shut import ShutError, check_open

    try:
        return check_open(gate, early, request.folder, "reveal --all", request.by)
    except ShutError as error:
        raise with_remedies(error) from None


def _confirm() -> None:
    """Ask whether everybody may know now."""
    if not sys.stdin.isatty():
        raise InputError(f"{SHOWS_ALL} Where nobody can be asked whether that is meant, --yes says so")
    click.confirm(f"{SHOWS_ALL} Go on?", abort=True, err=True)


def _say_breaks(request: RevealRequest) -> None:
    """Say on standard error where the log is broken; nothing waits for it."""
    from n1trial.pack.freeze.history_words import break_in_words
    from n1trial.pack.log.log import LOG, read_log

    for fault in read_log(request.folder).faults:
        say(f"{request.folder / LOG}: {break_in_words(fault)}", err=True)
