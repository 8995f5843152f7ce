"""Passphrases: from the environment, or asked for on the terminal and not shown."""

from __future__ import annotations

import os
import sys

import click

from n1trial.errors import InputError

VARIABLE = "N1TRIAL_PASSPHRASE"


def ask(confirm: bool, what: str, variable: str = VARIABLE) -> str:
    """Passphrase of something.

    Parameters
    ----------
    confirm : bool
        Whether it seals, and so is asked for twice and must have a certain length.
    what : str
        What it is the passphrase of, as the question says it.
    variable : str
        Environment variable that it is taken from where it is set.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If there is none and nobody to ask, or it is too short to seal with.
    """
    from n1trial.pack.asked import check_passphrase

    given = os.environ.get(variable)
    if given is None:
        if not sys.stdin.isatty():
            raise InputError(f"the passphrase of {what} is asked for on a terminal, or taken from {variable}")
        given = click.prompt(
            f"Passphrase of {what}", hide_input=True, confirmation_prompt="The same once more" if confirm else False,
            err=True, type=str,
        )  # fmt: skip
    if confirm:
        check_passphrase(given, what)
    return given
