"""A group of commands that loads each one when it is called, and ends with the same exit codes however it is called."""

from __future__ import annotations

import io
import os
import select
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from n1trial.cli.echo import open_streams, say
from n1trial.errors import InputError, N1trialError, RunError

DONE, RUN_FAILED, INTERRUPTED = 0, 3, 130
KEPT = "n1trial.kept"
"""Where a command notes, in the context's `meta`, what an interruption would leave behind."""

OUR_FAULT = (
    "This is a fault of n1trial and not of your input. Please report it to the developers, with the lines above and "
    "the command that you gave."
)


class Commands(click.Group):
    """Commands, each in a module of its own that is imported only when it is called.

    Parameters
    ----------
    *args, **kwargs
        As for `click.Group`.
    verbs : mapping of str to tuple of str
        For each command, in the order of the help, its module within `n1trial.cli` and its short help.
    """

    def __init__(self, *args: Any, verbs: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verbs = verbs
        # Stand-ins, for the hint that click gives on a command that is misspelled.
        self.commands = {name: click.Command(name) for name in verbs}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name commands in the order of work, not of the alphabet."""
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in self.verbs:
            return None
        command: click.Command = import_module(f"n1trial.cli.{self.verbs[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_help) for name, (_, short_help) in self.verbs.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and say what is left when it is interrupted."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say(f"interrupted; {ctx.meta.get(KEPT, 'nothing was written')}", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError as error:
            if not _reader_is_gone():
                raise RunError("a worker process was ended from outside; try again, with fewer --workers") from error
            ctx.exit(DONE)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and, unless told otherwise, end the process with its exit code."""

        def run() -> Any:
            return super(Commands, self).main(args, prog_name or self.name, complete_var, False, **extra)

        if not standalone_mode:
            return run()
        try:
            open_streams()
            code = run()
        except BaseException as error:
            code = report_error(error)
        # Where Ctrl-C came within code made of a text, as that of dataclasses is, Python would end by the signal even
        # though it was heeded; running another text makes it forget.
        exec("")
        sys.exit(code if isinstance(code, int) else DONE)


def _option(argument: str) -> str:
    return f"--{argument.replace('_', '-')}"


def report_error(error: BaseException) -> int:
    """Say on standard error why a command did not end well, and give its exit code.

    Returns
    -------
    int
        0 where only the reader has gone, 2 the user's input is at fault, 3 a run failed, 130 interrupted.

    Raises
    ------
    SystemExit
        Any other end that was asked for, as it is.
    """
    match error:
        case SystemExit(code=1):
            # how click itself ends where the reader of its help has gone
            return DONE
        case SystemExit():
            raise error
        case click.exceptions.Abort() | KeyboardInterrupt():
            return INTERRUPTED
        case click.ClickException():
            words = io.StringIO()
            error.show(words)
            say(words.getvalue(), nl=False, err=True)
            return InputError.exit_code
        case N1trialError():
            say(error.in_words(_option), err=True)
            return error.exit_code
        case MemoryError():
            say("the memory of this computer does not suffice; try fewer replicates or workers", err=True)
            return RUN_FAILED
        case OSError(strerror=str(reason)):
            say(f"{error.filename or 'output'}: {reason}", err=True)
            return RUN_FAILED
    say("".join(traceback.format_exception(error)), nl=False, err=True)
    say(OUR_FAULT, err=True)
    return RUN_FAILED


def _reader_is_gone() -> bool:
    """Return True if standard output is a pipe whose reader was closed, as by ``| head``; then turn it to nowhere."""
    if sys.stdout is None:
        return True
    output = sys.stdout.fileno()
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(output, 0)
        if not poll.poll(0):
            return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), output)
    return True
