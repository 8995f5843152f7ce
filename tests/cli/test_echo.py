"""What commands write, whatever the streams are and whatever is written."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import n1trial.cli
from n1trial.cli.echo import say_json
from n1trial.texts import refused_characters
from tests.cli.files import SMALL, call
from tests.patience import PATIENCE_SECONDS

HOSTILE = "a\x1b]0;title\x07\u202eb\u2028c"
FOREIGN = "\u7dad\u751f\u7d20 \u2192 \xe9 \U0001f600"


def apart(*args: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Call in a process of its own."""
    environment = {**os.environ, **variables}
    environment.pop("PYTHONUTF8", None)
    return subprocess.run(
        [sys.executable, "-m", "n1trial", *args], cwd=cwd, env=environment, capture_output=True,
        timeout=PATIENCE_SECONDS, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


TELLING = (["check", "foreign.toml"], ["check", "foreign.toml", "--resolved"], ["check", HOSTILE])


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("args", TELLING)
def test_no_encoding_stops_the_output(encoding: str, args: list[str], tmp_path: Path) -> None:
    (tmp_path / "foreign.toml").write_text(f'title = "{FOREIGN}"\n{SMALL}', encoding="utf-8")
    done = apart(*args, cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, b"Traceback" in done.stderr) == (2 if HOSTILE in args else 0, False)
    if "--resolved" in args:
        assert tomllib.loads(done.stdout.decode("utf-8"))["title"] == FOREIGN
    elif encoding == "cp1252" and HOSTILE not in args:
        assert b"\\u7dad\\u751f\\u7d20 \\u2192 \xe9" in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("text", [FOREIGN, HOSTILE, "\ud800"])
def test_json_is_exact_in_every_encoding(encoding: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output, encoding=encoding, write_through=True))
    say_json(json.dumps({"name": text}, ensure_ascii=False))
    assert json.loads(output.getvalue().decode("utf-8")) == {"name": text}


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed otherwise there")
@pytest.mark.parametrize(
    ("args", "code", "closing"),
    [
        ("scenarios", 0, "<&- >&- 2>&-"),
        ("run small.toml --replicates 20 --workers 1 --set 'analysis.methods=[]'", 0, "<&- 2>&-"),
        ("pack minimal --start-date 2027-01-04 --out pack --set treatment.abrupt_stop_safe=true", 2, "<&-"),
        ("reveal key.age --check", 2, ">&-"),
    ],
)
def test_no_closed_stream_stops_a_command(args: str, code: int, closing: str, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    environment = {name: text for name, text in os.environ.items() if not name.startswith("N1TRIAL_")}
    done = subprocess.run(
        ["sh", "-c", f"exec {sys.executable} -m n1trial {args} {closing}"], cwd=tmp_path, env=environment,
        capture_output=True, timeout=PATIENCE_SECONDS, check=False,
    )  # fmt: skip
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["check", HOSTILE],
        ["check", "minimal", "--set", f"{HOSTILE}=1"],
        ["check", "minimal", "--set", HOSTILE],
        ["sweep", "minimal", "--vary", f"{HOSTILE}=1,2"],
        ["sweep", "minimal", "--vary", f"design.cycles={HOSTILE}"],
        ["run", "minimal", "--seed", HOSTILE],
        ["run", "minimal", "--workers", HOSTILE],
        ["check-diary", HOSTILE],
        ["analyze", HOSTILE],
        ["report", HOSTILE],
        ["reveal", HOSTILE, "--check"],
        ["reveal", "key.age", "--kit", HOSTILE, "--reason", "x"],
        ["reveal", "key.age", "--kit", "A", "--reason", HOSTILE],
        ["init", HOSTILE],
        [HOSTILE],
        ["check", f"--{HOSTILE}"],
    ],
)
def test_nothing_raw_reaches_the_terminal(args: list[str], here: Path) -> None:
    result = call(*args)
    assert result.exit_code == 2
    assert not any(here.iterdir())
    assert refused_characters(result.stdout + result.stderr, allow="\n") == ()


def test_every_command_writes_by_the_one_door() -> None:
    for path in Path(n1trial.cli.__file__).parent.glob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        written = {ast.unparse(each.func) for each in calls}
        assert path.name == "echo.py" or not written & {"click.echo", "click.secho", "print"}, path.name
