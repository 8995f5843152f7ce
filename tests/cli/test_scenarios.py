from __future__ import annotations

from n1trial.scenario.library import shipped
from tests.cli.files import call


def test_a_line_each_with_name_and_title() -> None:
    result = call("scenarios")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.partition(" ") for line in result.stdout.splitlines()]
    assert [(name, title.strip()) for name, _, title in lines] == [(one.name, one.title) for one in shipped()]
