"""Causes of trials without a result: each is taken away in turn, in the same trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import AnalysisRequest
from n1trial.arrays import Flags
from n1trial.diary.diary import Diary
from n1trial.diary.methods import method_of
from n1trial.evaluation.characteristics import Figure, rate
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate_batch
from n1trial.study.run.improvements import changed_or_none, one_more_cycle, perfectly_blinded, without_secondaries

MOST_TRIALS = 1_000
"""Simulated trials at most, among which those without a result are looked for."""
MOST = 0.5
WORTH_ASKING = 0.01
"""Share of trials without a result from which on their causes are looked for."""


@dataclass(frozen=True)
class WithoutResult:
    """Trials without a result by the primary method, and how many would have one without each of their causes.

    Attributes
    ----------
    trials, cases : int
        Simulated trials of the smallest worthwhile effect, and those of them without a result.
    causes : dict of str to Figure
        By cause, the share of the cases that have a result where it is taken away.
    """

    trials: int
    cases: int
    causes: Mapping[str, Figure]

    @property
    def by_share(self) -> list[str]:
        """The causes, that without which most have a result first."""
        return sorted(self.causes, key=lambda cause: -(self.causes[cause].value or 0.0))

    @property
    def main(self) -> str | None:
        """The first of them; None where none helps a single trial."""
        return next((cause for cause in self.by_share if self.causes[cause].value), None)

    def is_most(self, cause: str) -> bool:
        """Whether more than half of the cases have a result without a cause."""
        return (self.causes[cause].value or 0.0) > MOST


def without_cause(scenario: Scenario) -> dict[str, Scenario]:
    """List scenarios by the cause of missing results that is taken away; only those that change something."""
    settings = {"discard_days": 0, "minimum_days": 1}
    primary, statistic = method_of(scenario.analysis.primary), scenario.analysis.statistic
    changed = {
        "early_stopping": changed_or_none(scenario, **{"conduct.dropout_per_week": 0.0}),
        "missing_entries": changed_or_none(scenario, **{"conduct.missing": 0.0, "conduct.gaps_per_month": 0.0}),
        "missed_doses": changed_or_none(scenario, **{"conduct.adherence": 1.0, "conduct.adherence_weekend_drop": 0.0}),
        "guessing": perfectly_blinded(scenario),
        **{
            name: changed_or_none(scenario, **{f"analysis.{name}": least})
            for name, least in settings.items()
            if primary.uses(name, statistic)
        },
        "few_rounds": one_more_cycle(scenario),
    }
    return {cause: one for cause, one in changed.items() if one is not None and one != scenario}


def why_without_result(scenario: Scenario, share: float) -> WithoutResult | None:
    """Find why trials end without a result.

    Parameters
    ----------
    scenario : Scenario
        Its own seed is used, so these are the first trials of its run.
    share : float
        Of trials without a result at the smallest worthwhile effect.

    Returns
    -------
    WithoutResult or None
        None where fewer than `WORTH_ASKING` of the trials have none.
    """
    if share < WORTH_ASKING:
        return None
    bare, trials = without_secondaries(scenario), min(scenario.simulation.replicates, MOST_TRIALS)
    is_case = ~_has_result(_simulate(bare, trials))
    cases = int(np.count_nonzero(is_case))
    return WithoutResult(
        trials,
        cases,
        {
            cause: rate(int(np.count_nonzero(_has_result(_simulate(changed, trials).take(is_case)))), cases)
            for cause, changed in without_cause(bare).items()
            if cases
        },
    )


def _simulate(scenario: Scenario, trials: int) -> Diary:
    plan, seed = scenario.plan(), scenario.simulation.seed
    return simulate_batch(scenario, 0, seed, plan.benefit_sign * plan.mcid, first=trials).diaries.observed


def _has_result(diary: Diary) -> Flags:
    return analyze(diary, request=AnalysisRequest(intervals=0)).is_estimable
