"""What a trial asks of the patient."""

from __future__ import annotations

from n1trial.evaluation.attainable import smallest_p
from n1trial.evaluation.characteristics import Figure
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.result import Burden


def burden(scenario: Scenario, finished: Figure) -> Burden:
    """Say what a trial asks of the patient.

    Parameters
    ----------
    scenario : Scenario
    finished : Figure
        Share of trials that nobody leaves early.
    """
    layout, plan = scenario.layout(), scenario.plan()
    scheme, blinded_days = layout.randomization, layout.treated_days
    if layout.run_in == "placebo":
        blinded_days += layout.run_in_days
    return Burden(
        weeks=layout.weeks,
        periods=layout.periods,
        diary_entries=len(layout.days),
        kits=-(-blinded_days // scenario.pack.kit_days),
        weeks_on_placebo=layout.weeks_on_control(),
        assignments=1 if scheme is None else scheme.assignments,
        smallest_p={name: smallest_p(plan, sides) for name, sides in (("one_sided", 1), ("two_sided", 2))},
        expected_finished=finished.value or 0.0,
        expected_finished_mcse=finished.mcse,
    )
