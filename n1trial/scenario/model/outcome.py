"""What is measured: the primary diary score, and further outcomes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from n1trial.scenario.model.section import (
    Correlation,
    CountedDays,
    LineOfText,
    Name,
    Names,
    Points,
    PositivePoints,
    Scale,
    Section,
    ShortLabel,
    Size,
    Unit,
)


class Outcome(Section):
    """The primary diary score."""

    name: Name = Field(
        title="What is rated", description="What the patient rates", examples=["Restless legs last night"]
    )
    scale: Annotated[Scale, Unit("points")] = Field(
        title="Lowest and highest score", description="Lowest and highest score possible", examples=[[0.0, 10.0]]
    )
    step: Size = Field(
        1.0, title="Steps of the score", description="Scores are written in steps of this many points; 0: not rounded"
    )
    better: Literal["lower", "higher"] = Field(
        title="Which way is better", description="Which way the score improves", examples=["lower"]
    )
    mcid: PositivePoints = Field(
        title="Smallest worthwhile difference", description="Smallest worthwhile difference, in points", examples=[1.0]
    )
    unit: ShortLabel = Field(
        "points",
        title="Scores are counted in",
        description="What readers see scores counted in: points, minutes, mmHg, attacks",
    )
    entry: Literal["morning", "evening"] = Field(
        "morning",
        title="When a day's line is written",
        description="When the line of a day is written: in the evening of that day, or in the morning after, so that "
        "the night is part of it",
    )
    question: str = Field(
        "",
        title="Question on the diary",
        description="The question on the patient's diary",
        examples=["How bad were your legs?"],
    )
    window: LineOfText = Field(
        "",
        title="Time the question is about",
        description="The time that one entry is about",
        examples=["yesterday 6 p.m. until you got up"],
    )
    lowest_means: LineOfText = Field(
        "", title="The lowest score means", description="What the lowest score stands for", examples=["no complaint"]
    )
    highest_means: LineOfText = Field(
        "",
        title="The highest score means",
        description="What the highest score stands for",
        examples=["the worst imaginable"],
    )
    places: Names = Field(
        (),
        title="Parts of the body",
        description="Parts of the body that the diary asks about once a week",
        examples=[["calves", "thighs"]],
    )
    also_asked: Names = Field(
        (),
        title="Also asked",
        description="Further short questions of every diary day; noted down, not analyzed",
        examples=[["Sleep disturbed, 0-10"]],
    )


class Secondary(Section):
    """A further outcome, shown and not tested; it shares drug, belief, triggers and dropout with the primary."""

    name: Name = Field(
        title="Further outcome", description="What is measured; its column in the diary", examples=["IRLS total"]
    )
    scale: Scale = Field(
        title="Lowest and highest value", description="Lowest and highest value possible", examples=[[0.0, 40.0]]
    )
    step: Size = Field(
        1.0, title="Steps", description="Values are written in steps of this many points; 0: not rounded"
    )
    better: Literal["lower", "higher"] = Field(
        title="Which way is better", description="Which way it improves", examples=["lower"]
    )
    mcid: PositivePoints = Field(
        title="Smallest worthwhile difference", description="Smallest worthwhile difference, in points", examples=[3.0]
    )
    every_days: CountedDays = Field(
        1, title="Days from one to the next", description="Days from one measurement to the next; 1 is daily"
    )
    baseline: Points = Field(title="Usual value", description="Usual value without treatment", examples=[24.0])
    daily_sd: Size = Field(
        title="Ups and downs",
        description="How much it goes up and down, as a standard deviation in points",
        examples=[3.0],
    )
    autocorrelation: Annotated[Correlation, Unit("0 to 1")] = Field(
        0.0, title="How alike one day and the next are", description="How much one day's value resembles the next day's"
    )
    diary_sd: Size = Field(
        0.0, title="Inexact measuring", description="Inexactness of measuring, as a standard deviation in points"
    )
    effect: Points = Field(
        0.0, title="Effect of the drug on it", description="Effect of the drug on it, once fully built up, in points"
    )
    placebo_response: Points = Field(
        0.0, title="Placebo response", description="Placebo response under blinding, in points"
    )
    trigger_scale: Annotated[float, Unit("points a point")] = Field(
        0.0,
        title="What triggers move it by",
        description="Points that it moves for each point by which triggers move the primary",
    )
    correlation: Annotated[float, Unit("-1 to 1")] = Field(
        0.0,
        title="Correlation with the score",
        description="Correlation of its daily ups and downs with the primary's",
        ge=-1,
        le=1,
    )
