from __future__ import annotations

import re

from n1trial.scenario.file.library import shipped_scenarios
from tests.cli.files import call


def test_a_line_each_with_name_layout_and_title() -> None:
    result = call("scenarios")
    assert (result.exit_code, result.stderr) == (0, "")
    rows = [re.split(r" {2,}", line) for line in result.stdout.splitlines()]
    assert [(name, "".join(title)) for name, _, *title in rows] == [
        (one.name, one.title) for one in shipped_scenarios()
    ]
    layouts = {name: layout for name, layout, *_ in rows}
    assert layouts["b12-6-to-8-week"] == "3 rounds, periods of 6, 7 or 8 weeks"
    assert layouts["b12-6-month-open-label"] == "26 weeks openly, no control"
