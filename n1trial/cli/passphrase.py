"""Passphrases: from the environment, or asked for on the terminal and not shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from n1trial.cli.echo import say
from n1trial.errors import InputError

VARIABLE, OF_THE_PHARMACY = "N1TRIAL_PASSPHRASE", "N1TRIAL_PHARMACY_PASSPHRASE"
OF_THE_COPY = "N1TRIAL_SECOND_PASSPHRASE"


def ask(confirm: bool, what: str, *variables: str, is_rehearsal: bool = False) -> str:
    """Ask for the passphrase of something.

    Parameters
    ----------
    confirm : bool
        Whether it seals: then six random words are offered, it is asked for twice, and it must not be easily guessed.
    what : str
        What it is the passphrase of, as the question says it.
    *variables : str
        Environment variables that it is taken from, by the first that is set; `VARIABLE` by default.
    is_rehearsal : bool
        Whether nothing is sealed that anybody would want to open, so that any passphrase will do.

    Raises
    ------
    InputError
        If there is none and nobody to ask, or it is too weak to seal with.
    """
    variables = variables or (VARIABLE,)
    name = next((name for name in variables if name in os.environ), None)
    given = _ask(confirm, what, variables, is_rehearsal=is_rehearsal) if name is None else os.environ[name]
    if not given:
        raise InputError(f"{name}: is empty; set it to the passphrase of {what}, or unset it to be asked")
    if confirm:
        from n1trial.pack.sealed.passphrases import check_passphrase

        check_passphrase(given, what, is_rehearsal=is_rehearsal)
    return given


def _ask(confirm: bool, what: str, variables: Sequence[str], *, is_rehearsal: bool) -> str:
    """Ask for a passphrase on the terminal."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise InputError(f"the passphrase of {what} is asked for on a terminal, or taken from {' or '.join(variables)}")
    if confirm and not is_rehearsal:
        _offer(what)
    typed: str = click.prompt(
        f"Passphrase of {what}", hide_input=True, confirmation_prompt="The same once more" if confirm else False,
        err=True, type=str,
    )  # fmt: skip
    return typed


def _offer(what: str) -> None:
    from n1trial.pack.sealed.passphrases import SHORTEST, offered_words

    say(
        f"Six random words for {what}, never shown again:\n\n    {offered_words()}\n\n"
        f"Write them on paper and type them, or type your own: {SHORTEST} characters or more, hard to guess.",
        err=True,
    )
