"""What is planned: the design, the analysis, the decision, the pack, and how much is simulated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, WithJsonSchema

from n1trial.design.randomization import MAX_CYCLES
from n1trial.diary.methods import METHODS, PAIRED, methods_for
from n1trial.scenario.model.section import (
    CountedDays,
    Days,
    Names,
    OpenFraction,
    Points,
    PositivePoints,
    Section,
    Unit,
    WholeDays,
)

MethodName = Annotated[str, WithJsonSchema({"type": "string", "enum": list(METHODS)})]
Methods = Annotated[tuple[MethodName, ...], Strict(False)]
Scheme = Literal["pairs", "alternating", "counterbalanced", "blocks", "balanced", "constrained", "fixed"]
Terms = Annotated[tuple[Literal["trend", "cycle"], ...], Strict(False)]


class Design(Section):
    """How the trial is laid out on the calendar."""

    layout: Literal["crossover", "open-label"] = Field(
        "crossover",
        title="Layout",
        description="A blinded crossover; or open-label: the drug alone after a run-in, which cannot tell the drug "
        "from anything else",
    )
    run_in_days: WholeDays = Field(14, title="Run-in", description="Days of diary before the first blinded day")
    run_in: Literal["open", "placebo"] = Field(
        "open",
        title="Kind of run-in",
        description="Whether the run-in is untreated, or placebo without the patient knowing",
    )
    cycles: int = Field(
        3,
        title="Rounds",
        description="Rounds (cycles), each with one period on the drug and one on control",
        ge=1,
        le=MAX_CYCLES,
    )
    period_days: CountedDays = Field(
        56,
        title="Length of a period",
        description="Length of a period in days; with a randomized switch, its mean length",
    )
    washout_days: WholeDays = Field(0, title="Washout", description="Days of blinded placebo between periods")
    randomization: Scheme = Field(
        "pairs",
        title="How the order is drawn",
        description="How the order is drawn. pairs: a coin for each cycle; alternating: one coin, all cycles alike; "
        "counterbalanced: one coin, each cycle the reverse of the one before; blocks: any order with equal numbers "
        "in each block of cycles; balanced: any order with equal numbers; constrained: these without long runs; "
        "fixed: the stated sequence",
    )
    switch_jitter_days: WholeDays = Field(
        0,
        title="Change-over moved by up to",
        description="The change-over within a cycle is moved at random by up to this many days; 0: not moved",
    )
    switch_jitter_step_days: CountedDays = Field(
        7, title="Change-over moved in steps of", description="The change-over moves by multiples of this many days"
    )
    block_cycles: int | None = Field(
        None,
        title="Rounds in a block",
        description="For blocks: cycles in a block; a divisor of cycles",
        ge=1,
        le=MAX_CYCLES,
        examples=[2],
    )
    max_run: Annotated[int, Unit("periods")] | None = Field(
        None,
        title="Longest run of one treatment",
        description="For constrained: most periods in a row on one treatment",
        ge=1,
        le=2 * MAX_CYCLES,
        examples=[2],
    )
    sequence: str | None = Field(
        None,
        title="Stated sequence",
        description="For fixed: a letter a period, A the treatment and B the control",
        pattern="^[AB]+$",
        examples=["ABBAAB"],
    )


class Analysis(Section):
    """The analysis, fixed before the first entry."""

    primary: MethodName = Field(
        PAIRED.name,
        title="Analysis that decides",
        description="The method that decides; always run. For the open-label layout before_after",
    )
    methods: Methods = Field(
        methods_for("crossover"),
        title="All analyses",
        description="All methods to run. For the open-label layout before_after alone",
    )
    alpha: Annotated[float, Unit("chance")] = Field(
        0.05, title="Accepted false alarms", description="Accepted probability of a false alarm", gt=0, le=0.5
    )
    sides: int = Field(
        2, title="Sides of the test", description="Sides of the test; 1: only a benefit counts", ge=1, le=2
    )
    discard_days: WholeDays = Field(
        14, title="Settling-in days", description="Settling-in days left out at the start of every period"
    )
    minimum_days: CountedDays = Field(
        14, title="Entries that a period needs", description="Entries that a period needs to count"
    )
    terms: Terms = Field(
        (),
        title="Further terms of the analysis",
        description="Further terms of the daily models: trend, cycle",
        examples=[["trend"]],
    )
    adjust: Names = Field(
        (),
        title="Triggers adjusted for",
        description="Triggers that the diary asks about every day and the daily models adjust for",
        examples=[["caffeine"]],
    )
    df: Literal["satterthwaite", "residual"] = Field(
        "satterthwaite", title="Degrees of freedom", description="Degrees of freedom of the method ar1"
    )
    assumed_onset_days: Days | None = Field(
        None,
        title="Build-up the analyst assumes",
        description="What the analyst takes for the onset, in days; left out: treatment.onset_days",
        examples=[21.0],
    )
    assumed_offset_days: Days | None = Field(
        None,
        title="Fading the analyst assumes",
        description="What the analyst takes for the offset, in days; left out: treatment.offset_days",
        examples=[45.0],
    )
    statistic: Literal["exposure", "cycle"] = Field(
        "exposure",
        title="What the exact test compares",
        description="What the randomization test compares: predicted exposure, or cycle differences",
    )
    max_assignments: int = Field(
        5000,
        title="Most assignments",
        description="Most assignments that a simulated randomization test goes through",
        ge=1,
        le=100_000,
    )
    prior_mean: Points = Field(
        0.0, title="Prior mean", description="For bayes: prior mean of the effect, in points", ge=-1e6, le=1e6
    )
    prior_sd: Points | None = Field(
        None,
        title="Prior standard deviation",
        description="For bayes: prior standard deviation of it; left out: twice outcome.mcid",
        examples=[2.0],
        gt=0,
        le=1e6,
    )
    sd_scale: Points | None = Field(
        None,
        title="Prior scale of differences",
        description="For bayes: prior scale of the standard deviation of cycle differences; left out: outcome.mcid",
        examples=[1.0],
        gt=0,
        le=1e6,
    )

    def of_layout(self, layout: object) -> Self:
        """Return the analysis with the defaults that a layout calls for."""
        return self.with_defaults(**OF_LAYOUT.get(str(layout), {}))


OF_LAYOUT: Mapping[str, Mapping[str, object]] = {
    "open-label": {"primary": methods_for("open-label")[0], "methods": methods_for("open-label")}
}
"""Defaults of the analysis that a layout calls for."""


class Decision(Section):
    """When the treatment is adopted, that is continued after the trial."""

    rule: Literal["detected", "probability"] = Field(
        "detected",
        title="The drug is continued when",
        description="Adopt when an effect in the drug's favor is detected, or when it is probable enough",
    )
    benefit: Points = Field(
        0.0,
        title="Benefit that the drug must have",
        description="The benefit that the decision is about, in points; above it counts",
    )
    threshold: Annotated[OpenFraction, Unit("chance")] = Field(
        0.8,
        title="How probable a benefit must be",
        description="For the rule probability: how probable that benefit must be",
    )


class Stopping(Section):
    """When the trial stops because the patient got worse; the rule stands on the protocol and in check-diary."""

    worse_by: PositivePoints | None = Field(
        None,
        title="Worse than the run-in by",
        description="The trial stops when the mean score of some days in a row is this much worse than the mean of "
        "the run-in: above it where lower is better, below it where higher is; left out: twice outcome.mcid",
        examples=[2.0],
    )
    days: CountedDays = Field(
        14,
        title="For so many days in a row",
        description="Days in a row that are compared with the run-in; half need an entry",
    )


class Simulation(Section):
    """How much is simulated."""

    replicates: int = Field(
        10_000, title="Simulated trials", description="Number of simulated trials", ge=1, le=10_000_000
    )
    seed: int = Field(
        20261122,
        title="Seed of the random numbers",
        description="Seed of the random numbers; never used for a pack",
        ge=0,
        le=2**63 - 1,
    )
