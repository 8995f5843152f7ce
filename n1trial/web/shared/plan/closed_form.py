"""What closed forms expect of a plan: at once, before anything is simulated."""

from __future__ import annotations

import math

from n1trial.evaluation.attainable import why_never_positive
from n1trial.evaluation.attenuation import attenuation
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.screen import screen
from n1trial.evaluation.screening.candidate import SCREENED_METHODS, Candidate
from n1trial.evaluation.verdict import Facts, judge
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.bounds import time_courses
from n1trial.study.run.burden import burden
from n1trial.study.run.cells import explored_effects
from n1trial.study.run.improvements import with_time_course
from n1trial.study.run.result import PartialResult, SensitivityRow


def expect(scenario: Scenario) -> PartialResult | None:
    """Expect by closed form what a simulation would find.

    Returns
    -------
    PartialResult or None
        Its figures are good to some hundredths and have no Monte Carlo error; what the scenario calls unsettled is not
        looked at. None where there is no closed form: in the open-label layout, and for methods that have none.
    """
    analysis, plan = scenario.analysis, scenario.plan()
    if scenario.design.layout != "crossover" or analysis.primary not in SCREENED_METHODS:
        return None
    layout, treatment = scenario.layout(), scenario.treatment
    candidate = Candidate(layout, analysis.discard_days, analysis.primary)

    def chances(truly: Scenario, benefit: float) -> tuple[float, float]:
        seen = next(iter(screen(truly, [candidate], benefit)))
        return seen.power, seen.type_1

    worthwhile, nothing = chances(scenario, plan.mcid)
    rows = []
    for name, onset, offset, is_end in time_courses(scenario):
        if is_end:
            power, _ = chances(with_time_course(scenario, onset, offset), plan.mcid)
            share = attenuation(layout, onset, offset, analysis.discard_days)
            rows.append(SensitivityRow(name, onset, offset, Figure(power), share, is_end))
    seen = attenuation(layout, treatment.onset_days, treatment.offset_days, analysis.discard_days)
    facts = Facts(
        detect=Figure(worthwhile),
        type_1=Figure(nothing),
        alpha=plan.alpha,
        has_control=True,
        ends=[row.detect for row in rows],
        attenuation=seen,
        gains={},
        never=why_never_positive(plan),
    )
    effects = (*explored_effects(scenario), treatment.effect)
    benefits = sorted({plan.mcid, *(benefit for effect in effects if (benefit := plan.benefit_sign * effect) > 0)})
    null = _shares(nothing, nothing / plan.sides)  # half of what a two-sided test finds speaks for a benefit
    curve = {benefit: _shares(power, power) for benefit in benefits for power, _ in [chances(scenario, benefit)]}
    return PartialResult(
        scenario=scenario,
        burden=burden(scenario, Figure(math.exp(-scenario.conduct.dropout_per_week * layout.treated_days / 7))),
        attenuation=seen,
        figures={analysis.primary: {"null": null, "mcid": curve[plan.mcid]}},
        curve={0.0: null, **curve},
        sensitivity=tuple(rows),
        unsettled=(),
        verdict=judge(facts),
        is_simulated=False,
    )


def _shares(detect: float, in_favor: float) -> dict[str, Figure]:
    """Return rates as a simulation names them."""
    return {"detect": Figure(detect), "detect_right": Figure(in_favor), "adopt": Figure(in_favor)}
