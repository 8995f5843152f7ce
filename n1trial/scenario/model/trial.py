"""What is planned: the design, the analysis, the decision, the pack, and how much is simulated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, WithJsonSchema

from n1trial.design.randomization import MAX_CYCLES
from n1trial.diary.methods import METHODS, PAIRED, methods_for
from n1trial.scenario.model.section import (
    CountedDays,
    DateOrNone,
    Days,
    Names,
    OpenFraction,
    Positive,
    Section,
    ShortLabel,
    WholeDays,
)

Method = Annotated[str, WithJsonSchema({"type": "string", "enum": list(METHODS)})]
Methods = Annotated[tuple[Method, ...], Strict(False)]
Scheme = Literal["pairs", "alternating", "counterbalanced", "blocks", "balanced", "constrained", "fixed"]
Weekdays = Annotated[tuple[Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], ...], Strict(False)]
Terms = Annotated[tuple[Literal["trend", "cycle"], ...], Strict(False)]


class Design(Section):
    """How the trial is laid out on the calendar."""

    layout: Literal["crossover", "open-label"] = Field(
        "crossover",
        description="A blinded crossover; or open-label: the drug alone after a run-in, which cannot tell the drug "
        "from anything else",
    )
    run_in_days: WholeDays = Field(14, description="Days of diary before the first blinded day")
    run_in: Literal["open", "placebo"] = Field(
        "open", description="Whether the run-in is untreated, or placebo without the patient knowing"
    )
    cycles: int = Field(
        3, description="Rounds (cycles), each with one period on the drug and one on control", ge=1, le=MAX_CYCLES
    )
    period_days: CountedDays = Field(
        56, description="Length of a period in days; with a randomized switch, its mean length"
    )
    washout_days: WholeDays = Field(0, description="Days of blinded placebo between periods")
    randomization: Scheme = Field(
        "pairs",
        description="How the order is drawn. pairs: a coin for each cycle; alternating: one coin, all cycles alike; "
        "counterbalanced: one coin, each cycle the reverse of the one before; blocks: any order with equal numbers "
        "in each block of cycles; balanced: any order with equal numbers; constrained: these without long runs; "
        "fixed: the stated sequence",
    )
    switch_jitter_days: WholeDays = Field(
        0, description="The change-over within a cycle is moved at random by up to this many days; 0: not moved"
    )
    switch_jitter_step_days: CountedDays = Field(7, description="The change-over moves by multiples of this many days")
    block_cycles: int | None = Field(
        None, description="For blocks: cycles in a block; a divisor of cycles", ge=1, le=MAX_CYCLES, examples=[2]
    )
    max_run: int | None = Field(
        None, description="For constrained: most periods in a row on one treatment", ge=1, le=2 * MAX_CYCLES,
        examples=[2],
    )  # fmt: skip
    sequence: str | None = Field(
        None,
        description="For fixed: a letter a period, A the treatment and B the control",
        pattern="^[AB]+$",
        examples=["ABBAAB"],
    )


class Analysis(Section):
    """The analysis, fixed before the first entry."""

    primary: Method = Field(
        PAIRED.name, description="The method that decides; always run. For the open-label layout before_after"
    )
    methods: Methods = Field(
        methods_for("crossover"), description="All methods to run. For the open-label layout before_after alone"
    )
    alpha: float = Field(0.05, description="Accepted probability of a false alarm", gt=0, le=0.5)
    sides: int = Field(2, description="Sides of the test; 1: only a benefit counts", ge=1, le=2)
    discard_days: WholeDays = Field(14, description="Settling-in days left out at the start of every period")
    minimum_days: CountedDays = Field(14, description="Entries that a period needs to count")
    terms: Terms = Field((), description="Further terms of the daily models: trend, cycle", examples=[["trend"]])
    df: Literal["satterthwaite", "residual"] = Field(
        "satterthwaite", description="Degrees of freedom of the method ar1"
    )
    assumed_onset_days: Days | None = Field(
        None, description="What the analyst takes for the onset, in days; left out: treatment.onset_days",
        examples=[21.0],
    )  # fmt: skip
    assumed_offset_days: Days | None = Field(
        None, description="What the analyst takes for the offset, in days; left out: treatment.offset_days",
        examples=[45.0],
    )  # fmt: skip
    statistic: Literal["exposure", "cycle"] = Field(
        "exposure", description="What the randomization test compares: predicted exposure, or cycle differences"
    )
    max_assignments: int = Field(
        5000, description="Most assignments that a simulated randomization test goes through", ge=1, le=100_000
    )
    prior_mean: float = Field(0.0, description="For bayes: prior mean of the effect, in points", ge=-1e6, le=1e6)
    prior_sd: float = Field(2.0, description="For bayes: prior standard deviation of it", gt=0, le=1e6)
    sd_scale: float = Field(
        1.0, description="For bayes: prior scale of the standard deviation of cycle differences", gt=0, le=1e6
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
        "detected", description="Adopt when an effect in the drug's favor is detected, or when it is probable enough"
    )
    benefit: float = Field(0.0, description="The benefit that the decision is about, in points; above it counts")
    threshold: OpenFraction = Field(0.8, description="For the rule probability: how probable that benefit must be")


class Pack(Section):
    """The blinded kits that the pharmacy fills."""

    kit_days: CountedDays = Field(7, description="Days that one numbered kit lasts; 7 hides the change-over day")
    units_per_dose: int = Field(1, description="Capsules or tablets in a dose", ge=1, le=100)
    times_of_day: Names = Field(("morning",), description="When doses are taken", min_length=1)
    spare_fraction: float = Field(0.1, description="Spare doses, as a share of those needed", ge=0, le=10)
    shelf_life_days: int = Field(180, description="Days that a filled kit keeps", ge=1, le=36_500)
    form: ShortLabel = Field("capsule", description="What the kits hold, one of it: capsule, tablet, eye drop")
    form_plural: str = Field("", description="Several of it, where that is not formed as usual", max_length=30)
    reference: str = Field(
        "", description="Reference of the trial on labels and protocol; empty: the patient code", max_length=60
    )
    investigator: str = Field("", description="Who is responsible, on labels; empty: a blank", max_length=60)
    contact: str = Field("", description="Whom to call, on labels and cards; empty: a blank on the card", max_length=90)
    legal_text: str = Field(
        "", description="Words that the country asks for on labels; empty: for clinical trial use only", max_length=120
    )
    storage: str = Field("", description="How kits are stored, on labels; empty: a blank", max_length=60)
    batch: str = Field(
        "", description="Batch on labels, before the fill's number; empty: the patient code", max_length=30
    )
    visit_days: Weekdays = Field(
        ("Mon", "Tue", "Wed", "Thu", "Fri"), description="Weekdays on which the clinic is open", min_length=1
    )
    visit_every_days: int = Field(49, description="Days from one visit to the next", ge=7, le=366)
    use_by: DateOrNone = Field(
        "",
        description="Use-by date of all kits, where it is known before they are filled: YYYY-MM-DD; else each fill's "
        "labels are printed with open-pharmacy --fill N --use-by DATE",
    )


class Stopping(Section):
    """When the trial stops because the patient got worse; the rule stands on the protocol and in check-diary."""

    worse_by: Positive | None = Field(
        None,
        description="The trial stops when the mean score of some days in a row is this much worse than the mean of "
        "the run-in: above it where lower is better, below it where higher is; left out: twice outcome.mcid",
        examples=[2.0],
    )
    days: CountedDays = Field(14, description="Days in a row that are compared with the run-in; half need an entry")


class Simulation(Section):
    """How much is simulated."""

    replicates: int = Field(10_000, description="Number of simulated trials", ge=1, le=10_000_000)
    seed: int = Field(20261122, description="Seed of the random numbers; never used for a pack", ge=0, le=2**63 - 1)
