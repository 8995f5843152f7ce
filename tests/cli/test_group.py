from __future__ import annotations

import errno
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest

from n1trial import __version__
from n1trial.cli import main
from n1trial.cli.group import OUR_FAULT, Commands
from n1trial.errors import InputError, RunError
from n1trial.provenance import in_words, provenance
from tests.cli.files import call, call_apart
from tests.patience import PATIENCE_SECONDS

HEAVY = (
    "numpy",
    "scipy",
    "pandas",
    "pydantic",
    "matplotlib",
    "simpy",
    "tqdm",
    "sqlite3",
    "distributed",
    "jinja2",
)
COMMANDS = (
    "scenarios", "init", "check", "run", "report", "sweep", "search", "trace", "calibrate", "pack",
    "open-pharmacy", "reissue", "check-diary", "freeze", "rehearse", "reveal", "analyze", "web",
)  # fmt: skip


def loaded_by(code: str) -> set[str]:
    """Names of the modules that a fresh interpreter has loaded after some code."""
    program = f"{code}\nimport sys\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "code",
    ["import n1trial.cli", "from n1trial.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"],
    ids=["import", "help"],
)
def test_help_loads_no_command_and_nothing_heavy(code: str) -> None:
    modules = loaded_by(code)
    assert {name for name in modules if name.split(".")[0] in HEAVY} == set()
    assert {name for name in modules if name.startswith("n1trial.")} <= {
        "n1trial.cli", "n1trial.cli.echo", "n1trial.cli.group", "n1trial.errors", "n1trial.texts",
            "n1trial.wording",
    }  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_loads_nothing_heavy(name: str) -> None:
    modules = loaded_by(
        f"from n1trial.cli import main\ntry:\n    main(['{name}', '--help'])\nexcept SystemExit:\n    pass"
    )
    assert {module for module in modules if module.split(".")[0] in HEAVY} == set()


def test_the_list_of_commands_says_what_the_commands_say() -> None:
    assert isinstance(main, Commands)
    context = click.Context(main)
    assert tuple(main.list_commands(context)) == COMMANDS
    for name, (_, short_help) in main.verbs.items():
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.get_short_help_str(limit=200) == short_help


def test_help_lists_every_command_in_the_order_of_work() -> None:
    result = call("--help")
    assert result.exit_code == 0
    listed = result.stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert call("-h").stdout == result.stdout


def test_version() -> None:
    shown = call("--version").stdout
    assert shown == f"{in_words(provenance())}\n"
    assert re.fullmatch(rf"n1trial {__version__} \(code [0-9a-f]{{12}}\), Python 3\.\S+, NumPy \S+, SciPy \S+\n", shown)


def test_an_unknown_command_is_told_with_a_hint() -> None:
    result = call("chekc")
    assert result.exit_code == 2
    assert "No such command 'chekc'" in result.stderr


WAYS: dict[str, Callable[[Path], list[str]]] = {
    "python -m": lambda _: [sys.executable, "-m", "n1trial"],
    "script": lambda _: [str(Path(sys.executable).with_name("n1trial"))],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("args", "code"), [(["scenarios"], 0), (["check", "nosuch"], 2), (["check", "--nosuch"], 2)])
def test_exit_codes_are_the_same_however_it_is_called(way: str, args: list[str], code: int, tmp_path: Path) -> None:
    command = WAYS[way](tmp_path)
    if shutil.which(command[0]) is None:
        pytest.skip("not installed")
    apart = subprocess.run(
        [*command, *args], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    within = call(*args)
    assert (apart.returncode, apart.stdout, apart.stderr) == (code, within.stdout, within.stderr)
    assert within.exit_code == code


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Any:
    """Let the command `scenarios` end by an error."""

    def fail() -> NoReturn:
        raise error

    monkeypatch.setattr("n1trial.scenario.file.library.shipped_scenarios", fail)
    return call("scenarios")


def test_faults_of_the_input_are_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    result = fail_with(monkeypatch, InputError(["a: must be 1, but is 2", "b: must be 3, but is 4"]))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "a: must be 1, but is 2\nb: must be 3, but is 4\n"


def test_a_failed_run_is_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    result = fail_with(monkeypatch, RunError("a worker process was ended from outside"))
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "a worker process was ended from outside\n"


def test_a_fault_of_the_program_is_told_as_one_and_with_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    result = fail_with(monkeypatch, ZeroDivisionError("division by zero"))
    assert result.exit_code == 3
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.endswith(f"ZeroDivisionError: division by zero\n{OUR_FAULT}\n")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), "the memory of this computer does not suffice; try fewer replicates or workers\n"),
        (OSError(errno.ENOSPC, "No space left on device"), "output: No space left on device\n"),
        (PermissionError(errno.EACCES, "Permission denied", "some/file"), "some/file: Permission denied\n"),
    ],
)
def test_what_the_computer_lacks_is_told_plainly(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, told: str
) -> None:
    result = fail_with(monkeypatch, error)
    assert (result.exit_code, result.stderr) == (3, told)


def test_an_interrupted_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    result = fail_with(monkeypatch, KeyboardInterrupt())
    assert (result.exit_code, result.stderr) == (130, "interrupted; nothing was written\n")


def test_an_interruption_within_code_made_of_a_text_ends_with_the_same_code(tmp_path: Path) -> None:
    code = (
        "import n1trial.scenario.file.library as library\n"
        "def interrupted():\n    exec('raise KeyboardInterrupt')\n"
        "library.shipped_scenarios = interrupted\n"
        "from n1trial.cli import main\nmain(['scenarios'])"
    )
    (tmp_path / "called.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "called"], cwd=tmp_path, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "interrupted; nothing was written\n")


def test_called_as_a_function_errors_pass_through() -> None:
    with pytest.raises(InputError, match="no such file"):
        main(["check", "nosuch"], standalone_mode=False)
    assert main(["scenarios"], standalone_mode=False) is None


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
@pytest.mark.parametrize("args", [["check", "minimal"], ["--help"], ["run", "--help"]])
def test_a_closed_pipe_ends_quietly(args: list[str], tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "n1trial", *args], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=PATIENCE_SECONDS), told) == (0, b"")


def test_python_m_calls_itself_by_the_same_name(tmp_path: Path) -> None:
    assert call_apart("--help", cwd=tmp_path).stdout.startswith("Usage: n1trial [OPTIONS] COMMAND")
