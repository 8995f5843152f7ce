"""`n1trial analyze --key`: the end of a blinded trial, frozen first and opened second."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from n1trial.cli.echo import say, say_json
from n1trial.cli.group import KEPT
from n1trial.cli.options import results_folder
from n1trial.cli.passphrase import ask

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario


def analyze_with_key(
    ctx: click.Context,
    path: Path,
    sealed: Path,
    *,
    pack: Path | None,
    commitment: str | None,
    plan: Scenario | None,
    methods: Sequence[str],
    out: Path | None,
    as_json: bool,
) -> None:
    """Analyze the diary of a blinded trial as its sealed plan says.

    Parameters
    ----------
    ctx : click.Context
    path, sealed : Path
        The diary and the sealed key.
    pack : Path or None
        Folder of the pack; that of the key by default.
    commitment : str or None
        As typed from a paper.
    plan : Scenario or None
        That must be the sealed one.
    methods : sequence of str
        Analyses besides the primary one; those of the plan by default.
    out : Path or None
        Folder for the results.
    as_json : bool
        Whether one JSON document is printed instead of words.
    """
    from n1trial.pack.final_folder import MARK, document
    from n1trial.pack.final_folder import as_json as in_json
    from n1trial.pack.final_words import told
    from n1trial.pack.finish import finish, frozen_in
    from n1trial.pack.view import view

    def ask_passphrase() -> str:
        ctx.meta[KEPT] = f"the diary is frozen in {frozen_in(sealed)}"
        return ask(False, "the key")

    finished = finish(
        path, sealed, ask_passphrase, lambda name: results_folder(out, name, MARK),
        pack=pack, commitment=commitment, plan=plan, methods=methods,
    )  # fmt: skip
    final, made = finished.final, finished.made
    ctx.meta[KEPT] = f"the analysis is in {finished.folder}"
    if as_json:
        say_json(in_json(document(final, made)))
        for sentence in (*made.warnings, *final.completed.returned.notes):
            say(sentence, err=True)
    else:
        say(told(final, view(final), made), nl=False)
    say(f"Analysis: {finished.folder} (frozen in {finished.log})", err=True)
