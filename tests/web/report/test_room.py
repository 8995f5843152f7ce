from __future__ import annotations

import threading

import pytest

from n1trial.report.run import result as results
from n1trial.report.run.document import to_json
from n1trial.report.run.page import page
from n1trial.scenario.file.load import load_scenario
from n1trial.study.batches import workers
from n1trial.study.run.result import Result
from n1trial.web.report import room as report
from n1trial.web.shared.job import Steps
from tests.web.reactions import run

pytestmark = pytest.mark.usefixtures("one_look")


def test_a_report_is_that_of_a_run_and_starts_no_workers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, steps, drawn = load_scenario("minimal"), Steps(), list[str]()

    def draw(result: Result) -> str:
        drawn.append(threading.current_thread().name)
        return page(result)

    expected = results.run(scenario, 40)
    monkeypatch.setattr(report, "page", draw)
    monkeypatch.delattr(workers, "Processes")
    found = run(report._worked_out(scenario, 40, None, steps))
    assert to_json(found.result) == to_json(expected)
    assert found.page == page(found.result)
    assert len(drawn) == 1
    assert drawn[0].startswith("asyncio_"), "not in the thread of the page itself"
    assert steps.state == ("Writing the page ...", None)
