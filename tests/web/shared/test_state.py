from __future__ import annotations

from shiny import reactive

from n1trial.web.report.room import TRIALS
from n1trial.web.shared.background import Background
from n1trial.web.shared.state import REPLICATES, PageState
from n1trial.web.shared.uploads import Uploads


def test_figures_of_the_page_rest_on_2000_simulated_trials() -> None:
    with reactive.isolate():
        scenario = PageState(Background(1), Uploads()).scenario()
    assert scenario is not None
    assert scenario.simulation.replicates == REPLICATES == 2000
    assert TRIALS["2000"] == "2,000 simulated trials: some seconds"
