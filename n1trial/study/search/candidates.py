"""Every design worth a look within limits: run-in, rounds, periods, change-over, scheme, settling-in, analysis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from n1trial.design.layout import Layout
from n1trial.design.randomization import MAX_CYCLES, Randomization
from n1trial.diary.methods import METHODS
from n1trial.errors import InputError
from n1trial.evaluation.screening.candidate import SCREENED_METHODS, Candidate
from n1trial.scenario.scenario import Scenario
from n1trial.study.search.limits import Limits

RunIn = Literal["open", "placebo"]

FEWEST_CYCLES = 2
"""One cycle gives one difference, from which nothing can be said of chance."""
WASHOUT_KITS = (0, 1, 2, 4)
JITTER_KITS = (1, 2, 4)
"""Kits by which the change-over is moved, besides not at all."""
OPEN_RUN_IN_DAYS = 14
"""Shortest run-in that a pack is made with, since the stop rules compare with it."""
PLACEBO_RUN_IN_DAYS = (14, 28)
"""Length of a run-in on blinded placebo, in whole kits that hold so many days."""
DISCARD_DAYS = (0, 1, 3, 7, 14, 21, 28, 42, 56)
"""Settling-in days that are tried, besides the scenario's own."""
SCHEMES = ("pairs", "counterbalanced", "alternating", "balanced", "constrained", "blocks")
"""Schemes that leave something to chance, in the order in which equals are preferred."""
MAX_RUN, BLOCK_CYCLES = 2, 2


def candidates(scenario: Scenario, limits: Limits, methods: Sequence[str] = SCREENED_METHODS) -> Iterator[Candidate]:
    """Go through all designs within limits.

    Parameters
    ----------
    scenario : Scenario
        A crossover. Its kits and the entries that a period needs stay as they are.
    limits : Limits
    methods : sequence of str
        Analyses to choose between.

    Yields
    ------
    Candidate
        Those that differ in the run-in or the analysis alone follow each other. Periods, washouts and steps of the
        change-over are whole kits. Settling-in days are varied where the analysis leaves them out; where it does not
        they are the scenario's, or as many of them as there is room for.
    """
    for layout in layouts(scenario, limits):
        room = layout.shortest_period_days - scenario.analysis.minimum_days
        own = min(scenario.analysis.discard_days, room)
        varied = sorted({own, *(days for days in DISCARD_DAYS if days <= room)})
        is_own = (layout.run_in_days, layout.run_in) == (scenario.design.run_in_days, scenario.design.run_in)
        for method in methods:
            if layout.placebo_run_in_days and not (is_own or METHODS[method].reads_placebo_run_in):
                continue
            for discard_days in varied if METHODS[method].discards_days else [own]:
                yield Candidate(layout, discard_days, method)


def check_searchable(scenario: Scenario, limits: Limits) -> None:
    """Refuse what cannot be searched.

    Raises
    ------
    InputError
        If the layout is open-label, or no design keeps the limits.
    """
    if scenario.design.layout == "open-label":
        raise InputError(
            'design.layout: "open-label" compares the drug with nothing, so there is no design to choose; begin from a'
            ' scenario whose layout is "crossover"'
        )
    if next(candidates(scenario, limits), None) is None:
        raise no_design(scenario, limits)


def check_methods(methods: Sequence[str]) -> None:
    """Refuse analyses without a closed form, by which designs are screened.

    Raises
    ------
    InputError
        If there is one among them, or none at all.
    """
    if not methods or not set(methods) <= set(SCREENED_METHODS):
        known = ", ".join(SCREENED_METHODS)
        raise InputError(f"methods: must be one or more of {known}, which alone have a closed form, and is {methods!r}")


def run_ins(scenario: Scenario, limits: Limits) -> tuple[tuple[int, RunIn], ...]:
    """Return the run-ins that are tried, days and kind: the scenario's own, an open one, blinded placebo.

    The open one is the shortest that a pack is made with, or that is allowed: with 0 days there is none. A control
    that is a drug itself cannot be given before the trial.
    """
    design, kit, least = scenario.design, scenario.pack.kit_days, limits.least_run_in_days
    found: list[tuple[int, RunIn]] = [(design.run_in_days, design.run_in)]
    found.append((OPEN_RUN_IN_DAYS if least is None else least, "open"))
    if not scenario.control.is_active:
        found += [(kit * -(-max(days, least or 0) // kit), "placebo") for days in PLACEBO_RUN_IN_DAYS]
    return tuple(dict.fromkeys(found))


def layouts(scenario: Scenario, limits: Limits) -> Iterator[Layout]:
    """Yield layouts within limits that leave room for the entries that a period needs."""
    kit, tried = scenario.pack.kit_days, run_ins(scenario, limits)
    for period_days in range(kit, int(7 * limits.weeks) // (2 * FEWEST_CYCLES) + 1, kit):
        for washout_kits in WASHOUT_KITS:
            for cycles in range(FEWEST_CYCLES, MAX_CYCLES + 1):
                for randomization in _randomizations(cycles, kit):
                    for run_in_days, run_in in tried:
                        layout = Layout(
                            "crossover", run_in_days, run_in, cycles, period_days, washout_kits * kit, randomization,
                        )  # fmt: skip
                        if layout.shortest_period_days >= scenario.analysis.minimum_days and limits.admit(layout):
                            yield layout


def no_design(scenario: Scenario, limits: Limits) -> InputError:
    """Return the error that no design keeps the limits, with what the shortest one asks for."""
    kit, needed = scenario.pack.kit_days, scenario.analysis.minimum_days
    period_days = kit * -(-needed // kit)
    pairs = Randomization("pairs", FEWEST_CYCLES)
    run_in_days, run_in = min(one for one in run_ins(scenario, limits) if one[0] >= (limits.least_run_in_days or 0))
    layout = Layout("crossover", run_in_days, run_in, FEWEST_CYCLES, period_days, 0, pairs)
    return InputError(
        "no design keeps the limits: the shortest,"
        f"{f' a run-in of {run_in_days} days and' if run_in_days else ''} {layout.periods} periods of"
        f" {period_days} days (whole kits of pack.kit_days, {kit}, that hold analysis.minimum_days, {needed}), takes"
        f" {layout.weeks:g} weeks, {layout.weeks_on_control()[1]:g} of them without the drug, and {layout.days.size}"
        " entries"
    )


def _randomizations(cycles: int, kit: int) -> Iterator[Randomization]:
    for scheme in SCHEMES:
        if scheme == "blocks" and (cycles % BLOCK_CYCLES or cycles == BLOCK_CYCLES):
            continue  # a single block is what "balanced" draws
        block_cycles = BLOCK_CYCLES if scheme == "blocks" else None
        max_run = MAX_RUN if scheme == "constrained" else None
        yield Randomization(scheme, cycles, block_cycles, max_run, jitter_step_days=kit)
        if scheme == "pairs":
            # with one coin for all cycles a moved change-over adds far less, and its screen is poor
            for kits in JITTER_KITS:
                yield Randomization(scheme, cycles, jitter_days=kits * kit, jitter_step_days=kit)


def changes(scenario: Scenario, candidate: Candidate) -> dict[str, object]:
    """Return the keys of a scenario that a design changes, with their values; None takes a key back to its default.

    Returns
    -------
    dict of str to object
        ``scenario.replace(**changes)`` is that design.
    """
    layout, randomization = candidate.layout, candidate.layout.randomization
    assert randomization is not None
    wanted: dict[str, object] = {
        "design.run_in": layout.run_in,
        "design.run_in_days": layout.run_in_days,
        "design.cycles": layout.cycles,
        "design.period_days": layout.period_days,
        "design.washout_days": layout.washout_days,
        "design.randomization": randomization.scheme,
        "design.switch_jitter_days": randomization.jitter_days,
        "design.block_cycles": randomization.block_cycles,
        "design.max_run": randomization.max_run,
        "design.sequence": None,
        "analysis.primary": candidate.method,
        "analysis.discard_days": candidate.discard_days,
    }
    if randomization.jitter_days:
        wanted["design.switch_jitter_step_days"] = randomization.jitter_step_days
    return {key: value for key, value in wanted.items() if scenario.value(key) != value}
