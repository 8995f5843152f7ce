"""Rules across the keys of the design: what must fit into a period, and what each randomization needs."""

from __future__ import annotations

from collections.abc import Iterator

from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.rules.rule import Rule, rule

LONGEST_DAYS = 3660
"""Days of the longest trial, run-in included: ten years."""


@rule("design.cycles", "design.period_days", "design.washout_days", "design.run_in_days", "design.layout")
def trial_is_not_endless(
    cycles: int, period_days: int, washout_days: int, run_in_days: int, layout: str
) -> Iterator[Fault]:
    """Let the whole trial take ten years at most."""
    between = 0 if layout == "open-label" else washout_days
    periods = 2 * cycles
    days = run_in_days + periods * period_days + (periods - 1) * between
    if days > LONGEST_DAYS:
        facts = {"periods": periods, "period_days": period_days, "days": days, "most": LONGEST_DAYS}
        yield Fault("endless", "design.cycles", facts)


@rule(
    "design.period_days", "analysis.discard_days", "analysis.minimum_days", "design.switch_jitter_days",
    "design.layout",
)  # fmt: skip
def periods_hold_enough_days(
    period_days: int, discard_days: int, minimum_days: int, jitter_days: int, layout: str
) -> Iterator[Fault]:
    """Let the shortest period hold the settling-in days and the entries that it needs."""
    parts = {
        "analysis.discard_days": discard_days,
        "analysis.minimum_days": minimum_days,
        "design.switch_jitter_days": jitter_days,
    }
    needed = {key: days for key, days in parts.items() if days > 0}
    if layout == "crossover" and sum(needed.values()) > period_days:
        yield Fault("short_period", "design.period_days", {"needed": needed, "value": period_days})


@rule("design.period_days", "design.cycles", "analysis.discard_days", "analysis.minimum_days", "design.layout")
def treated_days_hold_enough_days(
    period_days: int, cycles: int, discard_days: int, minimum_days: int, layout: str
) -> Iterator[Fault]:
    """Let an open-label trial hold the settling-in days and the entries that it needs."""
    days, needed = 2 * cycles * period_days, discard_days + minimum_days
    if layout == "open-label" and needed > days:
        yield Fault("short_treatment", "design.period_days", {"days": days, "needed": needed})


@rule("design.run_in_days", "design.layout")
def before_has_days(run_in_days: int, layout: str) -> Iterator[Fault]:
    """Give an open-label trial a run-in to compare with."""
    if layout == "open-label" and run_in_days == 0:
        yield Fault("no_before", "design.run_in_days")


@rule("design.run_in", "design.layout")
def before_is_untreated(run_in: str, layout: str) -> Iterator[Fault]:
    """Give an open-label trial an untreated run-in."""
    if layout == "open-label" and run_in == "placebo":
        yield Fault("treated_before", "design.run_in")


@rule("design.run_in_days", "design.run_in", "design.layout")
def placebo_run_in_has_days(run_in_days: int, run_in: str, layout: str) -> Iterator[Fault]:
    """Give a placebo run-in its days."""
    if layout == "crossover" and run_in == "placebo" and run_in_days == 0:
        yield Fault("no_run_in", "design.run_in_days")


def _only_for(randomization: str, key: str) -> Rule:
    """Ask for a key of one randomization with it, and only with it."""

    def judge(value: object, scheme: str) -> Iterator[Fault]:
        if randomization == scheme and value is None:
            yield Fault("missing_for", key, {"chosen": scheme})
        if randomization != scheme and value is not None:
            yield Fault("only_for", key, {"randomization": randomization, "chosen": scheme})

    return Rule((key, "design.randomization"), judge)


@rule("design.block_cycles", "design.cycles")
def blocks_fill_the_cycles(block_cycles: int | None, cycles: int) -> Iterator[Fault]:
    """Fill the cycles with whole blocks."""
    if block_cycles is not None and cycles % block_cycles:
        yield Fault("no_divisor", "design.block_cycles", {"cycles": cycles, "value": block_cycles})


@rule("design.sequence", "design.cycles")
def sequence_has_every_period(sequence: str | None, cycles: int) -> Iterator[Fault]:
    """Let a stated sequence give each treatment as often as there are cycles."""
    if sequence is not None and sorted(sequence) != ["A"] * cycles + ["B"] * cycles:
        facts = {"cycles": cycles, "a": sequence.count("A"), "b": sequence.count("B"), "value": sequence}
        yield Fault("sequence", "design.sequence", facts)


@rule("design.switch_jitter_days", "design.randomization", "design.sequence")
def switch_can_move(jitter_days: int, randomization: str, sequence: str | None) -> Iterator[Fault]:
    """Move a change-over only within a cycle that holds both treatments."""
    if jitter_days > 0 and not _each_cycle_holds_both(randomization, sequence):
        facts = {"randomization": randomization, "value": jitter_days}
        yield Fault("fixed_switch", "design.switch_jitter_days", facts)


@rule("design.switch_jitter_days", "design.switch_jitter_step_days")
def switch_moves_by_steps(jitter_days: int, step_days: int) -> Iterator[Fault]:
    """Move a change-over by at least one step, if at all."""
    if 0 < jitter_days < step_days:
        yield Fault("small_switch", "design.switch_jitter_days", {"step": step_days, "value": jitter_days})


def _each_cycle_holds_both(randomization: str, sequence: str | None) -> bool:
    if randomization == "fixed" and sequence is not None:
        return all(set(sequence[start : start + 2]) == {"A", "B"} for start in range(0, len(sequence), 2))
    return randomization in ("pairs", "alternating", "counterbalanced")


RULES: tuple[Rule, ...] = (
    trial_is_not_endless,
    periods_hold_enough_days,
    treated_days_hold_enough_days,
    before_has_days,
    before_is_untreated,
    placebo_run_in_has_days,
    _only_for("blocks", "design.block_cycles"),
    _only_for("constrained", "design.max_run"),
    _only_for("fixed", "design.sequence"),
    blocks_fill_the_cycles,
    sequence_has_every_period,
    switch_can_move,
    switch_moves_by_steps,
)
"""Rules of the design."""
