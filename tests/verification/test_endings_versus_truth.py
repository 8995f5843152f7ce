"""The three endings versus the truth: what is worthwhile is hardly ever written off, nothing seldom a benefit."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from functools import lru_cache

import numpy as np
import pytest

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Estimates
from n1trial.diary.diary import Diary
from n1trial.evaluation import ending
from n1trial.evaluation.ending import effect_share, ending_of
from n1trial.scenario.file.load import load_scenario
from n1trial.simulation.simulate import simulate

REPLICATES = 600
STANDARD_ERRORS = 3
SEED = 20270104


def diary_of(diary: Diary, replicate: int) -> Diary:
    """One replicate of a batch."""
    columns = {
        name: getattr(diary, name)[:, [min(replicate, getattr(diary, name).shape[1] - 1)]]
        for name in ("period", "cycle", "treatment", "day_of_period", "score")
    }
    return replace(diary, doses_taken=None, **columns)


def estimates_of(found: Estimates, replicate: int) -> Estimates:
    arrays = {
        field.name: getattr(found, field.name)[[replicate]]
        for field in fields(found)
        if isinstance(getattr(found, field.name), np.ndarray)
    }
    return replace(found, **arrays, details={})


def endings(name: str, effect_over_mcid: float) -> Counter[str]:
    """How often each ending comes, the drug working to a certain degree of what is worthwhile."""
    scenario = load_scenario(name)
    effect = effect_over_mcid * scenario.plan().benefit_sign * scenario.outcome.mcid
    diary = simulate(scenario, REPLICATES, SEED, effect).observed
    found = analyze(diary)
    return Counter(
        ending_of(estimates_of(found, replicate), diary_of(diary, replicate)).kind for replicate in range(REPLICATES)
    )


@lru_cache
def of_half_an_effect() -> list[tuple[Estimates, Diary]]:
    """Trials of a steady patient that see less than half of a slow drug's worthwhile effect, the constants known."""
    scenario = load_scenario("fast-drug-2-week").replace(
        **{
            "treatment.onset_days": 7.0,
            "treatment.offset_days": 12.0,
            "patient.daily_sd": 0.5,
            "patient.period_sd": 0.0,
            "conduct.adherence": 1.0,
            "conduct.dropout_per_week": 0.0,
            "analysis.primary": "paired",
        }
    )
    diary = simulate(scenario, REPLICATES, SEED, -scenario.outcome.mcid).observed
    found = analyze(diary)
    return [(estimates_of(found, replicate), diary_of(diary, replicate)) for replicate in range(REPLICATES)]


seen = lru_cache(maxsize=REPLICATES)(effect_share)


def is_nominal() -> bool:
    """Whether as many of these trials call a worthwhile benefit unlikely as a 95% interval allows, no more or fewer."""
    unlikely = sum(ending_of(*trial).kind == "unlikely" for trial in of_half_an_effect())
    return abs(unlikely - REPLICATES * 0.025) <= doubt(0.025)


def doubt(rate: float) -> float:
    """How far a count may be from what goes with a rate, by so many standard errors."""
    return STANDARD_ERRORS * float(np.sqrt(REPLICATES * rate * (1 - rate)))


def most(rate: float) -> float:
    """Largest count that goes with a rate."""
    return REPLICATES * rate + doubt(rate)


@pytest.mark.parametrize("name", ["b12-6-to-8-week", "b12-8-week", "fast-drug-2-week"])
def test_a_worthwhile_benefit_is_seldom_called_unlikely(name: str) -> None:
    """An interval of 95% leaves it out on the wrong side in 2.5 of 100, contrasts held against what they can see."""
    assert endings(name, 1.0)["unlikely"] <= most(0.025)


@pytest.mark.parametrize("name", ["b12-6-to-8-week", "b12-8-week", "fast-drug-2-week"])
def test_nothing_is_seldom_called_a_benefit(name: str) -> None:
    """At most the false alarms of the test, 5 of 100; a placebo response that rises puts most of them on one side."""
    assert endings(name, 0.0)["benefit"] <= most(0.05)


def test_a_fast_drug_is_told_from_nothing() -> None:
    """A good trial comes to the right ending: most of those without an effect exclude a worthwhile one."""
    without, large = endings("fast-drug-2-week", 0.0), endings("fast-drug-2-week", 2.0)
    assert without["unlikely"] > 0.8 * REPLICATES
    assert large["benefit"] > 0.9 * REPLICATES
    assert large["unlikely"] == 0


def test_a_contrast_is_held_against_what_it_can_see() -> None:
    """The full effect being just worthwhile, the interval of 95% leaves it out on the wrong side in 2.5 of 100."""
    assert 0.4 < np.mean([seen(diary) for _, diary in of_half_an_effect()]) < 0.5
    assert is_nominal()


@pytest.mark.parametrize(("slope", "constant"), [(0.0, 1.0), (1.5, 0.0), (0.5, 0.0)])
def test_a_wrong_share_would_be_noticed(slope: float, constant: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """No scaling (that calls 386 of 600 unlikely), half as much again (104) and half as much (none) fail."""
    monkeypatch.setattr(ending, "effect_share", lambda diary: constant + slope * seen(diary))
    assert not is_nominal()
