"""Rules across the keys of the design: what must fit into a period, and what each randomization needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from n1trial.scenario.check.fault import Fault, shown
from n1trial.scenario.model.tables import Tables

LONGEST_DAYS = 3660
"""Days of the longest trial, run-in included: ten years."""

NEEDED_BY = {"block_cycles": "blocks", "max_run": "constrained", "sequence": "fixed"}
"""Keys that one randomization needs and all others refuse."""


def trial_is_not_endless(scenario: Tables) -> Iterator[Fault]:
    """Let the whole trial take ten years at most."""
    design = scenario.design
    washout_days = 0 if design.layout == "open-label" else design.washout_days
    periods = 2 * design.cycles
    days = design.run_in_days + periods * design.period_days + (periods - 1) * washout_days
    if days > LONGEST_DAYS:
        rule = (
            f"{periods} periods of {design.period_days} days, with run-in and washouts, take {days} days; a trial must "
            f"take at most {LONGEST_DAYS}"
        )
        yield Fault("design.cycles", rule, ("design.period_days", "design.washout_days", "design.run_in_days"))


def periods_hold_enough_days(scenario: Tables) -> Iterator[Fault]:
    """Let the shortest period hold the settling-in days and the entries that it needs."""
    design, analysis = scenario.design, scenario.analysis
    if design.layout == "open-label":
        return
    parts = {
        "analysis.discard_days": analysis.discard_days,
        "analysis.minimum_days": analysis.minimum_days,
        "design.switch_jitter_days": design.switch_jitter_days,
    }
    needed = {key: days for key, days in parts.items() if days > 0}
    if sum(needed.values()) > design.period_days:
        total = f"{' + '.join(needed)} = {' + '.join(map(str, needed.values()))} = {sum(needed.values())}"
        rule = f"must be at least {total} days, but is {design.period_days}"
        yield Fault("design.period_days", rule, tuple(parts))


def treated_days_hold_enough_days(scenario: Tables) -> Iterator[Fault]:
    """Let an open-label trial hold the settling-in days and the entries that it needs."""
    design, analysis = scenario.design, scenario.analysis
    if design.layout == "crossover":
        return
    days, needed = 2 * design.cycles * design.period_days, analysis.discard_days + analysis.minimum_days
    if needed > days:
        rule = (
            f"must be longer: 2 x design.cycles x design.period_days = {days} days on the drug do not hold "
            f"analysis.discard_days + analysis.minimum_days = {needed}"
        )
        others = ("design.cycles", "analysis.discard_days", "analysis.minimum_days")
        yield Fault("design.period_days", rule, others)


def run_in_is_what_it_says(scenario: Tables) -> Iterator[Fault]:
    """Give a placebo run-in its days, and an open-label trial an untreated run-in to compare with."""
    design = scenario.design
    if design.layout == "open-label":
        if design.run_in_days == 0:
            rule = (
                'must be at least 1 where design.layout is "open-label": it is all there is to compare with, but is 0'
            )
            yield Fault("design.run_in_days", rule, ("design.layout",))
        if design.run_in == "placebo":
            rule = 'must be "open" where design.layout is "open-label", but is "placebo"'
            yield Fault("design.run_in", rule, ("design.layout",))
    elif design.run_in == "placebo" and design.run_in_days == 0:
        rule = 'must be at least 1 where design.run_in is "placebo", but is 0'
        yield Fault("design.run_in_days", rule, ("design.run_in",))


def randomization_has_what_it_needs(scenario: Tables) -> Iterator[Fault]:
    """Ask for the keys of one randomization alone with it, and only with it."""
    chosen = scenario.design.randomization
    for key, randomization in NEEDED_BY.items():
        value = getattr(scenario.design, key)
        if randomization == chosen and value is None:
            rule = f'required key is missing where design.randomization is "{chosen}"'
            yield Fault(f"design.{key}", rule, ("design.randomization",))
        if randomization != chosen and value is not None:
            rule = f'is only for design.randomization = "{randomization}", which is {shown(chosen)}: leave it out'
            yield Fault(f"design.{key}", rule, ("design.randomization",))


def blocks_fill_the_cycles(scenario: Tables) -> Iterator[Fault]:
    """Fill the cycles with whole blocks."""
    design = scenario.design
    if design.block_cycles is not None and design.cycles % design.block_cycles:
        rule = f"must be a divisor of design.cycles, {design.cycles}, but is {design.block_cycles}"
        yield Fault("design.block_cycles", rule, ("design.cycles",))


def sequence_has_every_period(scenario: Tables) -> Iterator[Fault]:
    """Let a stated sequence give each treatment as often as there are cycles."""
    cycles, sequence = scenario.design.cycles, scenario.design.sequence
    if sequence is not None and sorted(sequence) != ["A"] * cycles + ["B"] * cycles:
        rule = (
            f"must have {cycles} A and {cycles} B for {cycles} cycles, but has {sequence.count('A')} A and "
            f"{sequence.count('B')} B: {shown(sequence)}"
        )
        yield Fault("design.sequence", rule, ("design.cycles",))


def switch_can_move(scenario: Tables) -> Iterator[Fault]:
    """Move a change-over by whole steps, and only within a cycle that holds both treatments."""
    design = scenario.design
    if design.switch_jitter_days == 0:
        return
    if not _each_cycle_holds_both(design.randomization, design.sequence):
        rule = (
            f"must be 0 where a cycle need not hold both treatments (design.randomization = "
            f"{shown(design.randomization)}), but is {design.switch_jitter_days}"
        )
        yield Fault("design.switch_jitter_days", rule, ("design.randomization", "design.sequence"))
    if design.switch_jitter_days < design.switch_jitter_step_days:
        rule = (
            f"must be 0, or at least one step of design.switch_jitter_step_days, {design.switch_jitter_step_days}, "
            f"but is {design.switch_jitter_days}"
        )
        yield Fault("design.switch_jitter_days", rule, ("design.switch_jitter_step_days",))


def _each_cycle_holds_both(randomization: str, sequence: str | None) -> bool:
    if randomization == "fixed" and sequence is not None:
        return all(set(sequence[start : start + 2]) == {"A", "B"} for start in range(0, len(sequence), 2))
    return randomization in ("pairs", "alternating", "counterbalanced")


RULES: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    trial_is_not_endless,
    periods_hold_enough_days,
    treated_days_hold_enough_days,
    run_in_is_what_it_says,
    randomization_has_what_it_needs,
    blocks_fill_the_cycles,
    sequence_has_every_period,
    switch_can_move,
)
"""Rules of the design."""
