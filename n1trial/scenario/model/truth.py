"""What the simulated patient is like: drug, outcome, ups and downs, placebo response, belief, conduct."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict

from n1trial.scenario.model.section import (
    Correlation,
    CountedDays,
    Days,
    DaysRange,
    Fraction,
    LineOfText,
    Name,
    Names,
    Nonnegative,
    Positive,
    Scale,
    Section,
    ShortLabel,
    Steepness,
    Texts,
)


class Treatment(Section):
    """The drug under test: what it is, how much it may do, how fast it acts and fades."""

    name: Name = Field(description="Name of the drug, as readers see it", examples=["Vitamin B12"])
    dose: LineOfText = Field("", description="One dose, in words", examples=["1000 mcg"])
    route: LineOfText = Field("", description="How it is taken", examples=["by mouth"])
    every_days: CountedDays = Field(1, description="Days from one dose to the next; 1 is daily")
    effect: float = Field(
        description="Effect planned for, once fully built up, in points of the outcome; negative lowers the score, "
        "0 is no effect",
        examples=[-1.0],
    )
    effect_sd: Nonnegative = Field(
        0.0, description="How unsure that effect is among those who respond, as a standard deviation in points"
    )
    responders: Fraction = Field(1.0, description="Probability that the drug does anything at all in this patient")
    onset_days: Days = Field(
        description="Time constant of the rise: days until 63% of the effect has built up; 0 is at once",
        examples=[21.0],
    )
    offset_days: Days = Field(
        description="Time constant of the fading: days after the last dose until 63% of the effect is gone "
        "(half-life divided by 0.69); 0 is at once",
        examples=[45.0],
    )
    onset_range: DaysRange | None = Field(
        None, description="Shortest and longest believable onset_days; the verdict is given at both ends",
        examples=[[7.0, 42.0]],
    )  # fmt: skip
    offset_range: DaysRange | None = Field(
        None, description="Shortest and longest believable offset_days; the verdict is given at both ends",
        examples=[[9.0, 770.0]],
    )  # fmt: skip
    established_effect: float | None = Field(
        None,
        description="What established treatments achieve on average, in points; a planned effect at or beyond it "
        "is said so",
        examples=[-0.75],
    )
    further_effects: Annotated[tuple[float, ...], Strict(False)] = Field(
        (), description="Other effects whose chance to be shown is told beside the planned one, in points",
        examples=[[-0.75, -0.5]],
    )  # fmt: skip
    skeptical_responders: Fraction | None = Field(
        None,
        description="Probability, as a skeptic sees it, that the drug does anything at all; what a positive result "
        "would then mean is told beside the answer",
        examples=[0.1],
    )
    abrupt_stop_safe: bool = Field(
        False, description="Whether the drug may be stopped abruptly; must be true before a pack is made"
    )


class Control(Section):
    """What the drug is compared with."""

    name: Name = Field("Placebo", description="Name of the control, as readers see it")
    kind: Literal["placebo", "active"] | None = Field(
        None,
        description="Whether the control does nothing by itself, or is a drug of its own; may be left out where the "
        "control is called a placebo",
        examples=["active"],
    )
    dose: str = Field("", description="Where the control is a drug: one dose of it, in words", examples=["400 mg"])
    route: str = Field(
        "",
        description="Where the control is a drug: how it is taken; empty: as the treatment",
        examples=["by mouth"],
    )
    abrupt_stop_safe: bool = Field(
        False, description="Where the control is a drug: whether it may be stopped abruptly, which a pack needs"
    )
    cautions: Texts = Field(
        (),
        description="Where the control is a drug: what must be known of it, a sentence each, said beside every answer",
        examples=[["Not with a stomach ulcer, kidney disease or blood thinners."]],
    )

    @property
    def is_active(self) -> bool:
        """Whether the control is stated to be a drug of its own."""
        return self.kind == "active"


class Outcome(Section):
    """The primary diary score."""

    name: Name = Field(description="What the patient rates", examples=["Restless legs last night"])
    scale: Scale = Field(description="Lowest and highest score possible", examples=[[0.0, 10.0]])
    step: Nonnegative = Field(1.0, description="Scores are written in steps of this many points; 0: not rounded")
    better: Literal["lower", "higher"] = Field(description="Which way the score improves", examples=["lower"])
    mcid: Positive = Field(description="Smallest worthwhile difference, in points", examples=[1.0])
    unit: ShortLabel = Field("points", description="What readers see scores counted in: points, minutes, mmHg, attacks")
    entry: Literal["morning", "evening"] = Field(
        "morning",
        description="When the line of a day is written: in the evening of that day, or in the morning after, so that "
        "the night is part of it",
    )
    question: str = Field("", description="The question on the patient's diary", examples=["How bad were your legs?"])
    window: LineOfText = Field(
        "", description="The time that one entry is about", examples=["yesterday 6 p.m. until you got up"]
    )
    lowest_means: LineOfText = Field("", description="What the lowest score stands for", examples=["no complaint"])
    highest_means: LineOfText = Field(
        "", description="What the highest score stands for", examples=["the worst imaginable"]
    )
    places: Names = Field(
        (), description="Parts of the body that the diary asks about once a week", examples=[["calves", "thighs"]]
    )
    also_asked: Names = Field(
        (), description="Further short questions of every diary day; noted down, not analyzed",
        examples=[["Sleep disturbed, 0-10"]],
    )  # fmt: skip


class Patient(Section):
    """The patient's complaint without the drug: its level and its ups and downs."""

    baseline: float = Field(description="Usual score without treatment, in points", examples=[6.0])
    daily_sd: Nonnegative = Field(
        description="How much the score goes up and down from day to day, as a standard deviation in points",
        examples=[1.4],
    )
    autocorrelation: Correlation = Field(
        description="How much one day's score resembles the next day's: 0 not at all, near 1 very much",
        examples=[0.3],
    )
    diary_sd: Nonnegative = Field(
        0.0, description="Inexactness of writing a score down, as a standard deviation in points"
    )
    period_sd: Nonnegative = Field(
        0.0,
        description="Shifts from one period's place on the calendar to the next (illness, season, work), as a "
        "standard deviation in points",
    )
    period_shift_follows: Literal["calendar", "switch"] = Field(
        "calendar",
        description="Whether those shifts follow the calendar or, as a stress case, the true change-over",
    )
    drift_sd: Nonnegative = Field(0.0, description="Slow wandering of the level, in points per square root of a day")
    trend_per_week: float = Field(0.0, description="Steady change of the level, in points a week")
    weekly_amplitude: float = Field(
        0.0, description="Weekly ups and downs: points added on Saturday, the highest day (taken away if negative)"
    )
    enrolled_when_worse: float | None = Field(
        None,
        description="If the patient enters on a bad day: worse than usual by at least this many standard deviations",
        examples=[0.5],
        ge=-5,
        le=5,
    )


class Trigger(Section):
    """Something that makes single days worse (or better): stress, short sleep, caffeine, alcohol."""

    name: Name = Field(description="What it is", examples=["caffeine"])
    days_per_week: float = Field(1.0, description="How often, in days a week", ge=0, le=7)
    effect: float = Field(0.5, description="What it adds to the score, in points")
    fade_days: Days = Field(0.0, description="Time constant of its fading, in days; 0: that day only")


class Placebo(Section):
    """The response to being treated, whatever is in the capsule."""

    response: float = Field(0.0, description="Placebo response under blinding, in points; negative lowers the score")
    response_sd: Nonnegative = Field(0.0, description="How unsure it is, as a standard deviation in points")
    onset_days: Days = Field(10.0, description="Time constant of its rise, in days")
    fade_days: Days = Field(0.0, description="Time constant of its wearing off, in days; 0: never")
    shape: Literal["exponential", "gompertz"] = Field(
        "exponential", description="Course of its rise: fastest at first, or S-shaped (gompertz)"
    )
    displacement: float = Field(5.0, description="For gompertz: how late the rise begins", gt=0, le=50)
    rate_per_week: float = Field(0.35, description="For gompertz: how fast it rises, per week", gt=0, le=50)


class Blinding(Section):
    """How well the patient is kept from knowing what is taken."""

    leak: Fraction = Field(
        0.0, description="How much kits give away: 0 nothing, 1 the patient knows from the first day of each period"
    )
    side_effect: Fraction = Field(0.0, description="Probability of a tell-tale side effect in a period on the drug")
    nocebo: Fraction = Field(0.0, description="Probability that one is believed in a period on placebo")
    learning: Fraction = Field(
        0.0,
        description="How fast the patient learns from the scores what is being taken, as a share a day; 0: not at all",
    )


class Conduct(Section):
    """How well the trial is kept; realistic by default, 0 and 1 make a perfect patient."""

    adherence: Fraction = Field(0.9, description="Share of doses taken")
    adherence_weekend_drop: Fraction = Field(0.0, description="How much lower that share is on Saturday and Sunday")
    missing: float = Field(0.15, description="Share of diary entries not made", ge=0, lt=1)
    missing_growth_per_week: Steepness = Field(0.0, description="Growth of that share with time, in log odds a week")
    missing_when_worse: Steepness = Field(
        0.0, description="More missing on bad days: in log odds per daily standard deviation worse"
    )
    gaps_per_month: float = Field(
        0.0, description="Holidays and the like without entries: how often, per 30 days", ge=0, le=30
    )
    gap_days: float = Field(3.0, description="Their mean length in days", ge=1, le=366)
    backfilled: Fraction = Field(0.0, description="Share of missing entries made up later as a copy of the last one")
    dropout_per_week: float = Field(0.01, description="Hazard of stopping early, per week", ge=0, le=10)
    dropout_when_worse: Steepness = Field(
        0.0, description="More dropout when worse: in log hazard per daily standard deviation worse"
    )


class Secondary(Section):
    """A further outcome, shown and not tested; it shares drug, belief, triggers and dropout with the primary."""

    name: Name = Field(description="What is measured; its column in the diary", examples=["IRLS total"])
    scale: Scale = Field(description="Lowest and highest value possible", examples=[[0.0, 40.0]])
    step: Nonnegative = Field(1.0, description="Values are written in steps of this many points; 0: not rounded")
    better: Literal["lower", "higher"] = Field(description="Which way it improves", examples=["lower"])
    mcid: Positive = Field(description="Smallest worthwhile difference, in points", examples=[3.0])
    every_days: CountedDays = Field(1, description="Days from one measurement to the next; 1 is daily")
    baseline: float = Field(description="Usual value without treatment", examples=[24.0])
    daily_sd: Nonnegative = Field(
        description="How much it goes up and down, as a standard deviation in points", examples=[3.0]
    )
    autocorrelation: Correlation = Field(0.0, description="How much one day's value resembles the next day's")
    diary_sd: Nonnegative = Field(0.0, description="Inexactness of measuring, as a standard deviation in points")
    effect: float = Field(0.0, description="Effect of the drug on it, once fully built up, in points")
    placebo_response: float = Field(0.0, description="Placebo response under blinding, in points")
    trigger_scale: float = Field(
        0.0, description="Points that it moves for each point by which triggers move the primary"
    )
    correlation: float = Field(
        0.0, description="Correlation of its daily ups and downs with the primary's", ge=-1, le=1
    )
