"""Rules across the keys of the design: what must fit into a period, and what each randomization needs."""

from __future__ import annotations

from collections.abc import Iterator

from n1trial.scenario.check.fault import Fault, shown
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
        words = (
            f"{periods} periods of {period_days} days, with run-in and washouts, take {days} days; a trial must "
            f"take at most {LONGEST_DAYS}"
        )
        yield Fault("design.cycles", words)


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
        total = f"{' + '.join(needed)} = {' + '.join(map(str, needed.values()))} = {sum(needed.values())}"
        yield Fault("design.period_days", f"must be at least {total} days, but is {period_days}")


@rule("design.period_days", "design.cycles", "analysis.discard_days", "analysis.minimum_days", "design.layout")
def treated_days_hold_enough_days(
    period_days: int, cycles: int, discard_days: int, minimum_days: int, layout: str
) -> Iterator[Fault]:
    """Let an open-label trial hold the settling-in days and the entries that it needs."""
    days, needed = 2 * cycles * period_days, discard_days + minimum_days
    if layout == "open-label" and needed > days:
        words = (
            f"must be longer: 2 x design.cycles x design.period_days = {days} days on the drug do not hold "
            f"analysis.discard_days + analysis.minimum_days = {needed}"
        )
        yield Fault("design.period_days", words)


@rule("design.run_in_days", "design.layout")
def before_has_days(run_in_days: int, layout: str) -> Iterator[Fault]:
    """Give an open-label trial a run-in to compare with."""
    if layout == "open-label" and run_in_days == 0:
        words = 'must be at least 1 where design.layout is "open-label": it is all there is to compare with, but is 0'
        yield Fault("design.run_in_days", words)


@rule("design.run_in", "design.layout")
def before_is_untreated(run_in: str, layout: str) -> Iterator[Fault]:
    """Give an open-label trial an untreated run-in."""
    if layout == "open-label" and run_in == "placebo":
        yield Fault("design.run_in", 'must be "open" where design.layout is "open-label", but is "placebo"')


@rule("design.run_in_days", "design.run_in", "design.layout")
def placebo_run_in_has_days(run_in_days: int, run_in: str, layout: str) -> Iterator[Fault]:
    """Give a placebo run-in its days."""
    if layout == "crossover" and run_in == "placebo" and run_in_days == 0:
        yield Fault("design.run_in_days", 'must be at least 1 where design.run_in is "placebo", but is 0')


def _only_for(randomization: str, key: str) -> Rule:
    """Ask for a key of one randomization with it, and only with it."""

    def judge(value: object, chosen: str) -> Iterator[Fault]:
        if randomization == chosen and value is None:
            yield Fault(key, f'required key is missing where design.randomization is "{chosen}"')
        if randomization != chosen and value is not None:
            words = f'is only for design.randomization = "{randomization}", which is {shown(chosen)}: leave it out'
            yield Fault(key, words)

    return Rule((key, "design.randomization"), judge)


@rule("design.block_cycles", "design.cycles")
def blocks_fill_the_cycles(block_cycles: int | None, cycles: int) -> Iterator[Fault]:
    """Fill the cycles with whole blocks."""
    if block_cycles is not None and cycles % block_cycles:
        yield Fault("design.block_cycles", f"must be a divisor of design.cycles, {cycles}, but is {block_cycles}")


@rule("design.sequence", "design.cycles")
def sequence_has_every_period(sequence: str | None, cycles: int) -> Iterator[Fault]:
    """Let a stated sequence give each treatment as often as there are cycles."""
    if sequence is not None and sorted(sequence) != ["A"] * cycles + ["B"] * cycles:
        words = (
            f"must have {cycles} A and {cycles} B for {cycles} cycles, but has {sequence.count('A')} A and "
            f"{sequence.count('B')} B: {shown(sequence)}"
        )
        yield Fault("design.sequence", words)


@rule("design.switch_jitter_days", "design.randomization", "design.sequence")
def switch_can_move(jitter_days: int, randomization: str, sequence: str | None) -> Iterator[Fault]:
    """Move a change-over only within a cycle that holds both treatments."""
    if jitter_days > 0 and not _each_cycle_holds_both(randomization, sequence):
        words = (
            f"must be 0 where a cycle need not hold both treatments (design.randomization = "
            f"{shown(randomization)}), but is {jitter_days}"
        )
        yield Fault("design.switch_jitter_days", words)


@rule("design.switch_jitter_days", "design.switch_jitter_step_days")
def switch_moves_by_steps(jitter_days: int, step_days: int) -> Iterator[Fault]:
    """Move a change-over by at least one step, if at all."""
    if 0 < jitter_days < step_days:
        words = f"must be 0, or at least one step of design.switch_jitter_step_days, {step_days}, but is {jitter_days}"
        yield Fault("design.switch_jitter_days", words)


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
