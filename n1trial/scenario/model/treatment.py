"""What is compared: the drug under test, and the control."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict

from n1trial.scenario.model.section import (
    CountedDays,
    Days,
    DaysRange,
    LineOfText,
    Name,
    Points,
    Section,
    Share,
    Size,
    Texts,
    Unit,
)


class Treatment(Section):
    """The drug under test: what it is, how much it may do, how fast it acts and fades."""

    name: Name = Field(title="Drug", description="Name of the drug, as readers see it", examples=["Vitamin B12"])
    dose: LineOfText = Field("", title="Dose", description="One dose, in words", examples=["1000 mcg"])
    route: LineOfText = Field("", title="Route", description="How it is taken", examples=["by mouth"])
    every_days: CountedDays = Field(
        1, title="Days from dose to dose", description="Days from one dose to the next; 1 is daily"
    )
    effect: Points = Field(
        title="Effect of the drug",
        description="Effect planned for, once fully built up, in points of the outcome; negative lowers the score, "
        "0 is no effect",
        examples=[-1.0],
    )
    effect_sd: Size = Field(
        0.0,
        title="Doubt about the effect",
        description="How unsure that effect is among those who respond, as a standard deviation in points",
    )
    responders: Share = Field(
        1.0,
        title="Chance that the drug does anything",
        description="Probability that the drug does anything at all in this patient",
    )
    onset_days: Days = Field(
        title="How slowly the effect builds up",
        description="Time constant of the rise: days until 63% of the effect has built up; 0 is at once",
        examples=[21.0],
    )
    offset_days: Days = Field(
        title="How slowly the effect fades",
        description="Time constant of the fading: days after the last dose until 63% of the effect is gone "
        "(half-life divided by 0.69); 0 is at once",
        examples=[45.0],
    )
    onset_range: DaysRange | None = Field(
        None,
        title="Believable build-up",
        description="Shortest and longest believable onset_days; the verdict is given at both ends",
        examples=[[7.0, 42.0]],
    )
    offset_range: DaysRange | None = Field(
        None,
        title="Believable fading",
        description="Shortest and longest believable offset_days; the verdict is given at both ends",
        examples=[[9.0, 770.0]],
    )
    established_effect: Points | None = Field(
        None,
        title="Established treatments achieve",
        description="What established treatments achieve on average, in points; a planned effect at or beyond it "
        "is said so",
        examples=[-0.75],
    )
    further_effects: Annotated[tuple[float, ...], Strict(False), Unit("points")] = Field(
        (),
        title="Further effects to tell",
        description="Other effects whose chance to be shown is told beside the planned one, in points",
        examples=[[-0.75, -0.5]],
    )
    skeptical_responders: Share | None = Field(
        None,
        title="A skeptic's chance that the drug does anything",
        description="Probability, as a skeptic sees it, that the drug does anything at all; what a positive result "
        "would then mean is told beside the answer",
        examples=[0.1],
    )
    abrupt_stop_safe: bool = Field(
        False,
        title="The drug may be stopped from one day to the next",
        description="Whether the drug may be stopped abruptly; must be true before a pack is made",
    )


class Control(Section):
    """What the drug is compared with."""

    name: Name = Field("Placebo", title="Control", description="Name of the control, as readers see it")
    kind: Literal["placebo", "active"] | None = Field(
        None,
        title="What the control is",
        description="Whether the control does nothing by itself, or is a drug of its own; may be left out where the "
        "control is called a placebo",
        examples=["active"],
    )
    dose: str = Field(
        "",
        title="Dose of the control",
        description="Where the control is a drug: one dose of it, in words",
        examples=["400 mg"],
    )
    route: str = Field(
        "",
        title="Route of the control",
        description="Where the control is a drug: how it is taken; empty: as the treatment",
        examples=["by mouth"],
    )
    abrupt_stop_safe: bool = Field(
        False,
        title="The control may be stopped from one day to the next",
        description="Where the control is a drug: whether it may be stopped abruptly, which a pack needs",
    )
    cautions: Texts = Field(
        (),
        title="What must be known of the control",
        description="Where the control is a drug: what must be known of it, a sentence each, said beside every answer",
        examples=[["Not with a stomach ulcer, kidney disease or blood thinners."]],
    )

    @property
    def is_active(self) -> bool:
        """Whether the control is stated to be a drug of its own."""
        return self.kind == "active"
