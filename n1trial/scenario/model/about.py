"""Where a scenario's numbers come from, which are not known, what to be careful about, and rival beliefs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from n1trial.scenario.model.section import Days, Label, Name, Range, Section, Texts


class Source(Section):
    """Where the numbers come from; shown on every report."""

    citation: str = Field("", title="Source of the plan", description="The study or text that the plan starts from")
    reported: str = Field("", title="What that source says", description="What that source says, in one sentence")
    status: Literal["published", "reported-unverified", "own-data", "assumption"] = Field(
        "assumption",
        title="How far the source can be trusted",
        description="How far the source can be trusted: published; reported by others and not verified; "
        "the clinic's own data; or an assumption",
    )
    note: str = Field(
        "",
        title="Rationale, and what else a reader must know",
        description="Anything a reader must know about the source",
    )
    treatment: str = Field(
        "",
        title="Treatment that the source is on",
        description="The treatment that source, evidence, answers, cautions and theories were written for; where the "
        "trial's is another, they are left out. Empty: that of this file",
        examples=["Vitamin B12"],
    )
    outcome: str = Field(
        "",
        title="Outcome that the source is on",
        description="The outcome that they were written for, likewise",
        examples=["Leg complaints at their worst"],
    )
    started_from: str = Field(
        "",
        title="Scenario that the numbers started from",
        description="Treatment and outcome of the scenario that the numbers started from, where these were others: "
        "what it said of them was left out",
    )


class Evidence(Section):
    """Where one number of this file comes from."""

    key: Label = Field(
        title="Number spoken of",
        description="The number spoken of, as a dotted key of this file",
        examples=["patient.daily_sd"],
    )
    value: float | None = Field(
        None,
        title="Value that it speaks for",
        description="The value that it speaks for: of another value it says nothing. Left out: the value of this file",
        examples=[1.4],
    )
    range: Range | None = Field(
        None, title="Believable range", description="Lowest and highest believable value", examples=[[0.8, 2.2]]
    )
    status: Literal["published", "derived", "own-data", "unchecked", "assumption"] = Field(
        "assumption",
        title="How well the number is known",
        description="Published: seen in the cited text; derived: arithmetic from published numbers; "
        "own-data: from this patient's own diary; unchecked: said from general knowledge; assumption: without a source",
    )
    note: str = Field(
        "", title="Citation, or reason of an assumption", description="The citation, or the reason for the assumption"
    )


class Unsettled(Section):
    """One number of this file that is not known: a run tells the answer at both ends of its range."""

    key: Label = Field(
        title="Number that is not known",
        description="The number that is not known, as a dotted key of patient, trigger, placebo, blinding or conduct",
        examples=["patient.autocorrelation"],
    )
    range: Range = Field(
        title="Range that it may have",
        description="Lowest and highest value that it may have; the answer is given at both",
        examples=[[0.0, 0.7]],
    )
    note: str = Field("", title="Why it is not known", description="Why it is not known")


class Considered(Section):
    """One question that was thought about before planning, with its answer."""

    question: Label = Field(
        title="Question",
        description="What was asked: whether a trial makes sense at all",
        examples=["Do complaints come on most nights, about five a week or more?"],
    )
    answer: Label = Field(title="Answer", description="What was answered", examples=["yes"])


class Cautions(Section):
    """What must be said beside every answer: who must not be in such a trial, and when it is stopped."""

    block: str = Field(
        "",
        title="Block of cautions",
        description="Name of a shipped block of cautions; empty: the general one",
        examples=["b12-restless-legs"],
    )
    own: Texts = Field(
        (),
        title="Further cautions",
        description="Further sentences of your own",
        examples=[["Ask the kidney clinic first."]],
    )


class Theory(Section):
    """One belief on how the drug acts, as a time course; a row of the sensitivity table."""

    name: Name = Field(title="Theory", description="What the theory is called", examples=["body stores"])
    onset_days: Days = Field(
        title="How slowly the effect builds up",
        description="Time constant of the rise of the effect, in days",
        examples=[28.0],
    )
    offset_days: Days = Field(
        title="How slowly the effect fades", description="Time constant of its fading, in days", examples=[769.0]
    )
