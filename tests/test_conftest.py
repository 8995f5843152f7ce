"""Where nothing may be left out, what would be skipped fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = """
import pytest

def test_that_runs():
    pass

@pytest.mark.skip(reason="by its mark")
def test_marked():
    pass

def test_that_gives_up():
    pytest.skip("halfway")

@pytest.mark.xfail(reason="known")
def test_known_to_fail():
    assert False
"""
SKIPPED_WHOLE = "import pytest\n\npytest.importorskip('no_such_module')\n"


@pytest.mark.parametrize(
    ("require", "counts"),
    [("", ["1 passed", "1 xfailed", "3 skipped"]), ("1", ["1 passed", "1 xfailed", "1 failed", "2 errors"])],
)
def test_nothing_is_skipped_where_all_is_required(tmp_path: Path, require: str, counts: list[str]) -> None:
    (tmp_path / "conftest.py").write_text(Path(__file__).with_name("conftest.py").read_text())
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    (tmp_path / "test_skipped_whole.py").write_text(SKIPPED_WHOLE)
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", tmp_path, "-p", "no:cacheprovider",
         "--continue-on-collection-errors", tmp_path],
        env=os.environ | {"N1TRIAL_REQUIRE": require}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = finished.stdout.splitlines()[-1]
    assert all(count in told for count in counts), finished.stdout
    assert finished.returncode == (1 if require else 0)
    if require:
        assert "halfway" in finished.stdout
        assert "by its mark" in finished.stdout
        assert "no_such_module" in finished.stdout
