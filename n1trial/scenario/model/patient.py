"""What the simulated patient is like: ups and downs, placebo response, belief, conduct."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from n1trial.scenario.model.section import (
    Correlation,
    CountedDays,
    Days,
    Fraction,
    Name,
    Nonnegative,
    Points,
    Section,
    Share,
    Size,
    Steepness,
    Unit,
)


class Patient(Section):
    """The patient's complaint without the drug: its level and its ups and downs."""

    baseline: Points = Field(
        title="Usual score", description="Usual score without treatment, in points", examples=[6.0]
    )
    daily_sd: Size = Field(
        title="How much the score swings from day to day",
        description="How much the score goes up and down from day to day, as a standard deviation in points",
        examples=[1.4],
    )
    autocorrelation: Annotated[Correlation, Unit("0 none, near 1 strong")] = Field(
        title="How alike one day and the next are",
        description="How much one day's score resembles the next day's: 0 not at all, near 1 very much",
        examples=[0.3],
    )
    diary_sd: Size = Field(
        0.0,
        title="Inexact entries",
        description="Inexactness of writing a score down, as a standard deviation in points",
    )
    period_sd: Size = Field(
        0.0,
        title="Shifts between periods",
        description="Shifts from one stretch of the patient's life to the next (illness, season, work), as a "
        "standard deviation in points",
    )
    period_shift_follows: Literal["nature", "calendar", "switch"] = Field(
        "nature",
        title="What shifts between periods follow",
        description="Whether those shifts follow the patient's own life, the planned periods or, as a stress case, "
        "the true change-over",
    )
    shift_days: CountedDays = Field(
        49,
        title="How long a shift lasts",
        description="For shifts that follow the patient's own life: how long each lasts, in days",
    )
    drift_sd: Annotated[Nonnegative, Unit("points per square root of a day")] = Field(
        0.0, title="Slow wandering", description="Slow wandering of the level, in points per square root of a day"
    )
    trend_per_week: Annotated[float, Unit("points a week")] = Field(
        0.0, title="Steady change", description="Steady change of the level, in points a week"
    )
    weekly_amplitude: Points = Field(
        0.0,
        title="Weekly ups and downs",
        description="Weekly ups and downs: points added on Saturday, the highest day (taken away if negative)",
    )
    enrolled_when_worse: Annotated[float, Unit("standard deviations")] | None = Field(
        None,
        title="Enters on a bad day",
        description="If the patient enters on a bad day: worse than usual by at least this many standard deviations",
        examples=[0.5],
        ge=-5,
        le=5,
    )


class Trigger(Section):
    """Something that makes single days worse (or better): stress, short sleep, caffeine, alcohol."""

    name: Name = Field(title="Trigger", description="What it is", examples=["caffeine"])
    days_per_week: Annotated[float, Unit("days a week")] = Field(
        1.0, title="How often", description="How often, in days a week", ge=0, le=7
    )
    effect: Points = Field(0.5, title="What it adds", description="What it adds to the score, in points")
    fade_days: Days = Field(
        0.0, title="How slowly it fades", description="Time constant of its fading, in days; 0: that day only"
    )
    treatment_can_move: bool = Field(
        True,
        title="Whether the treatment can move it",
        description="Whether the treatment can change how often it happens; only what it cannot is adjusted for",
    )


class Placebo(Section):
    """The response to being treated, whatever is in the capsule."""

    response: Points = Field(
        0.0,
        title="Placebo response",
        description="Placebo response under blinding, in points; negative lowers the score",
    )
    response_sd: Size = Field(
        0.0, title="Doubt about the placebo response", description="How unsure it is, as a standard deviation in points"
    )
    onset_days: Days = Field(
        10.0, title="How slowly the placebo response builds up", description="Time constant of its rise, in days"
    )
    fade_days: Days = Field(
        0.0,
        title="How slowly the placebo response wears off",
        description="Time constant of its wearing off, in days; 0: never",
    )
    shape: Literal["exponential", "gompertz"] = Field(
        "exponential",
        title="Course of the placebo response",
        description="Course of its rise: fastest at first, or S-shaped (gompertz)",
    )
    displacement: float = Field(
        5.0,
        title="How late the placebo response rises",
        description="For gompertz: how late the rise begins",
        gt=0,
        le=50,
    )
    rate_per_week: Annotated[float, Unit("a week")] = Field(
        0.35,
        title="How fast the placebo response rises",
        description="For gompertz: how fast it rises, per week",
        gt=0,
        le=50,
    )


class Blinding(Section):
    """How well the patient is kept from knowing what is taken."""

    leak: Share = Field(
        0.0,
        title="What kits give away",
        description="How much kits give away: 0 nothing, 1 the patient knows from the first day of each period",
    )
    side_effect: Annotated[Fraction, Unit("chance in a period on the drug")] = Field(
        0.0, title="Tell-tale side effect", description="Probability of a tell-tale side effect in a period on the drug"
    )
    nocebo: Annotated[Fraction, Unit("chance in a period on placebo")] = Field(
        0.0, title="One believed on placebo", description="Probability that one is believed in a period on placebo"
    )
    learning: Annotated[Fraction, Unit("share a day")] = Field(
        0.0,
        title="Learning from the scores",
        description="How fast the patient learns from the scores what is being taken, as a share a day; 0: not at all",
    )


class Conduct(Section):
    """How well the trial is kept; realistic by default, 0 and 1 make a perfect patient."""

    adherence: Share = Field(0.9, title="Doses taken", description="Share of doses taken")
    adherence_weekend_drop: Share = Field(
        0.0, title="Fewer at weekends", description="How much lower that share is on Saturday and Sunday"
    )
    missing: Annotated[float, Unit("share, 0 to 1")] = Field(
        0.15, title="Entries missing", description="Share of diary entries not made", ge=0, lt=1
    )
    missing_growth_per_week: Annotated[Steepness, Unit("log odds a week")] = Field(
        0.0, title="Growth of missing entries", description="Growth of that share with time, in log odds a week"
    )
    missing_when_worse: Annotated[Steepness, Unit("log odds a standard deviation")] = Field(
        0.0,
        title="More missing on bad days",
        description="More missing on bad days: in log odds per daily standard deviation worse",
    )
    gaps_per_month: Annotated[float, Unit("in 30 days")] = Field(
        0.0,
        title="Gaps, as holidays",
        description="Holidays and the like without entries: how often, per 30 days",
        ge=0,
        le=30,
    )
    gap_days: Annotated[float, Unit("days")] = Field(
        3.0, title="Length of a gap", description="Their mean length in days", ge=1, le=366
    )
    backfilled: Share = Field(
        0.0,
        title="Entries made up later",
        description="Share of missing entries made up later as a copy of the last one",
    )
    dropout_per_week: Annotated[float, Unit("hazard a week")] = Field(
        0.01, title="Stopping early", description="Hazard of stopping early, per week", ge=0, le=10
    )
    dropout_when_worse: Annotated[Steepness, Unit("log hazard a standard deviation")] = Field(
        0.0,
        title="Stopping when worse",
        description="More dropout when worse: in log hazard per daily standard deviation worse",
    )
