"""What it would take: more weeks, a larger effect, a faster drug, better blinding; each looked for in turn."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from n1trial.diary.methods import METHODS
from n1trial.evaluation.screening.candidate import Candidate
from n1trial.evaluation.verdict import LIKELY
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.improvements import changed_or_none, perfectly_blinded
from n1trial.study.search.candidates import candidates
from n1trial.study.search.limits import Limits
from n1trial.study.search.screen import screen_all
from n1trial.study.search.simulate import SUSPECT, Announce, DesignTallies, in_haste, try_out

LONGER = (1.5, 2.0, 3.0)
LARGER = (1.5, 2.0, 3.0, 4.0)
FASTER = (0.5, 0.25, 0.0)
REPLICATES = 2500
KINDS = 10
PLAIN_SCHEMES, PLAIN_DISCARDS = ("pairs", "balanced", "counterbalanced"), (0, 7, 21)
KNOWN = 2
"""Designs found within the limits that are simulated at each step, so that it never falls behind them by chance."""
TRIED = 1
"""Designs of each analysis that are simulated at each step: those that the screen holds for the strongest."""
LONGEST_WEEKS = 520.0


@dataclass(frozen=True)
class Way:
    """A thing that would have to be otherwise.

    Attributes
    ----------
    name : {"weeks", "effect", "faster", "nobody_leaves", "blinded"}
    is_enough : bool
        Whether a design was found that shows the effect in 80 of 100 trials, and a standard error more.
    value : float
        The smallest step that is enough, else the largest that was tried: weeks allowed; the effect, in points; the
        factor of onset and offset; the hazard of leaving, or of finding out, 0.
    weeks : float
        Length of the strongest design found there.
    detect : float
        What that design shows, in trials that had no part in picking it.
    mcse : float
        Its Monte Carlo standard error.
    """

    name: str
    is_enough: bool
    value: float
    weeks: float
    detect: float
    mcse: float


def ways_out(
    scenario: Scenario,
    limits: Limits,
    designs: Sequence[DesignTallies],
    pool: Executor | None = None,
    announce: Announce | None = None,
) -> tuple[Way, ...]:
    """Find what would give a good chance of a clear answer, one thing changed at a time.

    Parameters
    ----------
    scenario : Scenario
    limits : Limits
    designs : sequence of DesignTallies
        Designs found within the limits; others of the kind of the strongest (run-in, analysis, scheme, change-over,
        washout, settling-in days) are looked at, with any number of cycles and length of periods, and the plain ones.
    pool : Executor, optional
    announce : callable, optional

    Returns
    -------
    tuple of Way
        One a thing that can be changed; none where no design was found.
    """
    strongest = sorted(designs, key=lambda tallies: -(tallies.detect.value or 0.0))[:KINDS]
    kinds = {_kind(seen.candidate) for seen in strongest}
    known = [seen.candidate for seen in strongest if not seen.is_suspect(scenario.analysis.alpha)][:KNOWN]
    if not kinds:
        return ()
    ways = []
    for name, steps in _steps(scenario, limits).items():
        way = None
        for value, changed, allowed in steps:
            way = _strongest(name, value, changed, allowed, kinds, known, pool, announce) or way
            if way is not None and way.is_enough:
                break
        if way is not None:
            ways.append(way)
    return tuple(ways)


def _steps(scenario: Scenario, limits: Limits) -> dict[str, list[tuple[float, Scenario, Limits]]]:
    """List the steps of each thing, from small to large: value, scenario and limits."""
    treatment, conduct = scenario.treatment, scenario.conduct
    weeks = [min(factor * limits.weeks, LONGEST_WEEKS) for factor in LONGER]
    low, high = scenario.outcome.scale
    steps: dict[str, list[tuple[float, Scenario, Limits]]] = {
        "weeks": [
            (value, scenario, replace(limits, weeks=value, weeks_on_placebo=None, entries=None))
            for value in dict.fromkeys(weeks)
            if value > limits.weeks
        ],
        "effect": [],
        "faster": [],
        "nobody_leaves": [],
        "blinded": [],
    }
    for factor in LARGER:
        benefit = factor * scenario.outcome.mcid
        if benefit <= high - low and (changed := changed_or_none(scenario, **{"outcome.mcid": benefit})):
            steps["effect"].append((benefit, changed, limits))
    if treatment.onset_days or treatment.offset_days:
        steps["faster"] = [(factor, _faster(scenario, factor), limits) for factor in FASTER]
    if conduct.dropout_per_week:
        steps["nobody_leaves"] = [(0.0, scenario.replace(**{"conduct.dropout_per_week": 0.0}), limits)]
    if (blinded := perfectly_blinded(scenario)).blinding != scenario.blinding:
        steps["blinded"] = [(0.0, blinded, limits)]
    return steps


def _faster(scenario: Scenario, factor: float) -> Scenario:
    """Make the drug of a scenario faster, with shorter time constants, which the analyst knows."""
    treatment = scenario.treatment
    return scenario.replace(
        **{
            "treatment.onset_days": factor * treatment.onset_days,
            "treatment.offset_days": factor * treatment.offset_days,
            "treatment.onset_range": None,
            "treatment.offset_range": None,
            "analysis.assumed_onset_days": None,
            "analysis.assumed_offset_days": None,
        }
    )


def _strongest(
    name: str,
    value: float,
    scenario: Scenario,
    limits: Limits,
    kinds: set[tuple[object, ...]],
    reference: Sequence[Candidate],
    pool: Executor | None,
    announce: Announce | None,
) -> Way | None:
    """Find the strongest design of these kinds, by the screen and then by simulation."""
    alike = [one for one in candidates(scenario, limits) if _kind(one) in kinds or (name != "weeks" and _is_plain(one))]
    alpha = scenario.analysis.alpha
    sound = [one for one in screen_all(scenario, alike, pool) if one.type_1 <= SUSPECT * alpha]
    # the screen may favor one analysis over another, so the strongest of each are simulated
    tried = []
    for method in dict.fromkeys(one.candidate.method for one in sound):
        mine = [one for one in sound if one.candidate.method == method]
        tried += [one.candidate for one in sorted(mine, key=lambda one: -one.power)[:TRIED]]
    tried = list(dict.fromkeys([*tried, *reference]))
    advance = announce("simulating", 2 * (len(tried) + 1) * REPLICATES) if announce is not None else None
    hasty, seed = in_haste(scenario), scenario.simulation.seed
    seen = try_out(hasty, tried, REPLICATES, seed, pool, advance)
    kept = [one for one in seen if not one.is_suspect(alpha)]
    if not kept:
        return None
    best = max(kept, key=lambda one: one.detect.value or 0.0).candidate
    # the best of several is the best by luck, too: it is told by trials of its own, with a seed that chose nothing
    (again,) = try_out(hasty, [best], REPLICATES, (seed + 2) % 2**63, pool, advance)
    detect, mcse = again.detect.value or 0.0, again.detect.mcse or 0.0
    return Way(name, detect >= LIKELY + mcse, value, best.layout.weeks, detect, mcse)


def _is_plain(design: Candidate) -> bool:
    """Whether a design is among those that are looked at beside the kinds that were found.

    What is best for one drug, effect or patient need not be so for another; longer trials are of the same kinds.
    """
    layout, randomization = design.layout, design.layout.randomization
    assert randomization is not None
    is_usual = layout.washout_days == 0 and randomization.scheme in PLAIN_SCHEMES
    is_usual = is_usual and not layout.placebo_run_in_days
    return is_usual and (not METHODS[design.method].discards_days or design.discard_days in PLAIN_DISCARDS)


def _kind(design: Candidate) -> tuple[object, ...]:
    """Return what stays when cycles and period length change."""
    layout, randomization = design.layout, design.layout.randomization
    assert randomization is not None
    return (
        design.method, design.discard_days, layout.washout_days, randomization.scheme, randomization.jitter_days,
        layout.run_in, layout.run_in_days,
    )  # fmt: skip
