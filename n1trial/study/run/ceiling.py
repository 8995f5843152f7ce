"""Ceiling of a scenario's trial: its diaries simulated as if nobody could guess, and what they tell at best."""

from __future__ import annotations

import numpy as np

from n1trial.arrays import Flags, Floats, Integers
from n1trial.diary.diary import Diary
from n1trial.evaluation.ceiling.chance import Ceiling, chance_to_show
from n1trial.evaluation.ceiling.information import information
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate_batch
from n1trial.study.run.improvements import perfectly_blinded, without_secondaries

MOST_TRIALS = 400
"""Simulated diaries at most: the chance differs so little between them that it is known to a percent."""


def ceiling_of(scenario: Scenario) -> Ceiling:
    """Find the best that an unbiased analysis could do at the planned effect and at the smallest worthwhile one.

    Parameters
    ----------
    scenario : Scenario
        Simulated with its own seed, so in the first trials of its run; each is taken as if nobody could guess.
    """
    if scenario.design.layout == "open-label":
        return Ceiling(reason="no_control")
    blinded, plan = perfectly_blinded(without_secondaries(scenario)), scenario.plan()
    effects = (scenario.treatment.effect, plan.benefit_sign * plan.mcid)
    known = {effect: _information(blinded, effect) for effect in dict.fromkeys(effects)}
    if all(np.isnan(each).all() for each in known.values()):
        return Ceiling(reason="not_estimable")
    planned, mcid = (chance_to_show(known[effect], effect, plan) for effect in effects)
    return Ceiling(planned, mcid)


def _information(scenario: Scenario, effect: float) -> Floats:
    diary, dropout_day = _simulate(scenario, effect)
    if scenario.conduct.backfilled == 0:
        return information(scenario, diary, _is_written(diary))
    # entries made up later are no entries, and are lost in the same trials kept without making any up
    honest, _ = _simulate(scenario.replace(**{"conduct.backfilled": 0.0, "conduct.dropout_per_week": 0.0}), effect)
    stays = diary.day[:, np.newaxis] < dropout_day
    return information(scenario, diary, _is_written(honest) & stays)


def _simulate(scenario: Scenario, effect: float) -> tuple[Diary, Integers]:
    """Return diaries, and the first day on which nothing is recorded any more."""
    first = min(scenario.simulation.replicates, MOST_TRIALS)
    seen = simulate_batch(scenario, 0, scenario.simulation.seed, effect, first=first).diaries
    return seen.observed, seen.dropout_day


def _is_written(diary: Diary) -> Flags:
    written: Flags = ~np.isnan(diary.score)
    return written
