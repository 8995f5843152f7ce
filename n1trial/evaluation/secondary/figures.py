"""How often, and how near the truth, simulated trials would describe secondary outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates
from n1trial.arrays import Floats
from n1trial.diary.diary import Diary
from n1trial.evaluation.characteristics import Figure, characterize, mean, rate
from n1trial.evaluation.tally import Tally, detects, tally


@dataclass
class SecondaryTallies:
    """Tally of each secondary outcome, by name, over the same trials; and those in which any interval excludes none."""

    outcomes: dict[str, Tally] = field(default_factory=dict)
    any_detected: int = 0

    @classmethod
    def total(cls, parts: Iterable[SecondaryTallies]) -> SecondaryTallies:
        """Add up the tallies of batches, in the order given."""
        held = list(parts)
        outcomes = {name: Tally.total(part.outcomes[name] for part in held) for name in held[0].outcomes}
        return cls(outcomes, sum(part.any_detected for part in held))


@dataclass(frozen=True)
class SecondaryCharacteristics:
    """Operating characteristics of a secondary outcome at one truth.

    Attributes
    ----------
    estimate : Figure
        Mean of the estimates.
    half_width : Figure
        Median half width of the interval.
    coverage : Figure
        Share of intervals that hold the outcome's own full effect.
    detect : Figure
        Share of all trials whose interval excludes no difference.
    not_estimable : Figure
    """

    estimate: Figure
    half_width: Figure
    coverage: Figure
    detect: Figure
    not_estimable: Figure


@dataclass(frozen=True)
class SecondaryFigures:
    """Figures of all secondary outcomes of a plan.

    Attributes
    ----------
    outcomes : dict of str to dict of str to SecondaryCharacteristics
        By outcome and truth ("planned", "null").
    any_detect : dict of str to Figure
        By truth, share of trials in which the interval of at least one of them excludes no difference.
    """

    outcomes: Mapping[str, Mapping[str, SecondaryCharacteristics]]
    any_detect: Mapping[str, Figure]


def tally_all(diaries: Mapping[str, tuple[Diary, Floats]], request: AnalysisRequest = EVERYTHING) -> SecondaryTallies:
    """Count one batch of trials.

    Parameters
    ----------
    diaries : mapping of str to (Diary, ndarray of float)
        By outcome: its diary, made by `diary_of`, and its full effect in each replicate.
    request : AnalysisRequest
        How many intervals are asked for.
    """
    estimates = {
        name: analyze(diary, request=replace(request, truth=truth)) for name, (diary, truth) in diaries.items()
    }
    tallies = {name: tally(estimates[name], diary.plan, truth) for name, (diary, truth) in diaries.items()}
    return SecondaryTallies(tallies, _any_detected(estimates, diaries))


def figures_of(tallies: Mapping[str, SecondaryTallies]) -> SecondaryFigures | None:
    """Compute figures from the tallies of each truth; None where the plan has no secondary outcome."""
    by_truth = {truth: seen.outcomes for truth, seen in tallies.items()}
    names = next(iter(by_truth.values()))
    if not names:
        return None
    outcomes = {name: {truth: _characteristics(seen[name]) for truth, seen in by_truth.items()} for name in names}
    replicates = next(iter(names.values())).replicates
    return SecondaryFigures(outcomes, {truth: rate(seen.any_detected, replicates) for truth, seen in tallies.items()})


def _characteristics(tally: Tally) -> SecondaryCharacteristics:
    known = characterize(tally, None) | {"estimate": mean(tally.estimate, tally.estimate_2, tally.estimable)}
    return SecondaryCharacteristics(**{metric.name: known[metric.name] for metric in fields(SecondaryCharacteristics)})


def _any_detected(estimates: Mapping[str, Estimates], diaries: Mapping[str, tuple[Diary, Floats]]) -> int:
    if not estimates:
        return 0
    return int(np.any([detects(each, diaries[name][0].plan) for name, each in estimates.items()], axis=0).sum())
