"""Types of a run's document: what a program finds in it, and what a reader of it checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from n1trial.evaluation.ceiling.chance import Ceiling
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.secondary.figures import SecondaryCharacteristics, SecondaryFigures
from n1trial.evaluation.stress import Stress
from n1trial.evaluation.tally import LIKELY
from n1trial.evaluation.value.finished import Finished
from n1trial.evaluation.value.meaning import GroupShare, Meaning
from n1trial.evaluation.value.worth import TrialValue
from n1trial.report import verdict as words
from n1trial.report.documents import BOTH, Count, DocumentType, Error, Gain, Narrow, Number, OneOf, Share
from n1trial.study.run.detectable import TARGETS
from n1trial.study.run.endings.without_result import WithoutResult
from n1trial.study.run.overall.overall import Influence, Overall, Spread
from n1trial.study.run.result import TRUTHS, BlindingResult, Burden

Rate = Annotated[Figure, Narrow("Rate", value=Share, mcse=Error)]
RateOrNone = Annotated[Figure, Narrow("RateOrNone", value=Share | None, mcse=Error | None)]
FigureOrNone = Annotated[Figure, Narrow("FigureOrNone", value=Number | None, mcse=Error | None)]
Asked = Annotated[Burden, Narrow("Design", expected_finished=Share)]
INDICES = ("bang_drug", "bang_control", "james", "correct")
Indices = Annotated[BlindingResult, Narrow("Blinding", **dict.fromkeys(INDICES, Gain | None))]
Best = Annotated[Ceiling, Narrow("Ceiling", planned=RateOrNone, mcid=RateOrNone)]
RateSpread = Annotated[Spread, Narrow("Spread", mean=Rate, low=Rate, high=Rate)]
InfluenceRow = Annotated[Influence, Narrow("Influence", correlation=Gain)]
OverallRates = Annotated[
    Overall,
    Narrow(
        "Overall", detect=RateSpread, type_1=RateSpread, influences=tuple[InfluenceRow, ...], sets=Count, trials=Count,
        redrawn=Count,
    ),
]  # fmt: skip
Compared = Annotated[str, OneOf("planned", "null")]
Described = Annotated[
    SecondaryCharacteristics,
    Narrow(
        "SecondaryCharacteristics",
        estimate=FigureOrNone,
        half_width=FigureOrNone,
        coverage=RateOrNone,
        detect=Rate,
        not_estimable=Rate,
    ),
]
AllDescribed = Annotated[
    SecondaryFigures,
    Narrow(
        "Secondary", outcomes=Mapping[str, Annotated[Mapping[Compared, Described], BOTH]],
        any_detect=Annotated[Mapping[Compared, Rate], BOTH],
    ),
]  # fmt: skip
StressRow = Annotated[Stress, Narrow("Stress", type_1=Rate, detect=Rate)]
IMPROVEMENTS = (
    "carryover_gone", "one_more_cycle", "half_daily_noise", "no_missing_entries", "all_doses_taken",
    "nobody_stops_early", "perfect_blinding", "placebo_run_in", "no_run_in",
)  # fmt: skip
Name = Annotated[str, OneOf(*IMPROVEMENTS)]
Power = Annotated[str, OneOf(*map(str, TARGETS))]
Truth = Annotated[str, OneOf(*TRUTHS)]
Effect = Annotated[str, OneOf("planned", "mcid")]
Planned = Annotated[str, OneOf("planned", "null")]
WORTHS = tuple(name for name in TrialValue.__dataclass_fields__ if name != "reason")
Group = Annotated[
    GroupShare,
    Narrow("GroupShare", value=Share | None, mcse=Error | None, low=Share | None, high=Share | None, trials=Count),
]
GROUPS = tuple(name for name in Meaning.__dataclass_fields__ if name != "reason")
Means = Annotated[Meaning, Narrow("Means", **dict.fromkeys(GROUPS, Group | None))]
FINISHED_RATES = tuple(name for name in Finished.__dataclass_fields__ if name not in ("share", "means"))
AmongFinished = Annotated[
    Finished, Narrow("Finished", share=Rate, **dict.fromkeys(FINISHED_RATES, RateOrNone), means=Means)
]  # fmt: skip
CAUSES = (
    "early_stopping", "missing_entries", "missed_doses", "guessing", "discard_days", "minimum_days", "few_rounds",
)  # fmt: skip
Cause = Annotated[str, OneOf(*CAUSES)]
Lost = Annotated[WithoutResult, Narrow("WithoutResult", trials=Count, cases=Count, causes=Mapping[Cause, Rate])]
Probability = Annotated[str, OneOf(*map(str, LIKELY))]
Fixed = Annotated[str, OneOf("null", "mcid", "planned")]


@dataclass(frozen=True)
class FalseAlarms:
    """How often an effect is detected where there is none, and whether that is above alpha beyond chance."""

    value: Share
    mcse: Error
    inflated: bool


@dataclass(frozen=True)
class NotEstimable:
    """Share of trials without an estimate, and that share by reason."""

    value: Share
    mcse: Error
    reasons: Mapping[str, Share]
    reasons_mcse: Mapping[str, Error] = field(default_factory=dict)


@dataclass(frozen=True)
class AtTruth:
    """Operating characteristics of an analysis at one truth."""

    detect: Rate
    detect_right: FigureOrNone
    adopt: Rate
    right_decision: Rate
    not_estimable: NotEstimable
    bias: FigureOrNone
    rmse: FigureOrNone
    coverage: FigureOrNone
    empirical_sd: FigureOrNone
    model_se: FigureOrNone
    half_width: FigureOrNone
    type_s: FigureOrNone
    exaggeration: FigureOrNone


@dataclass(frozen=True)
class AtNull(AtTruth):
    """Operating characteristics of an analysis where there is no effect."""

    detect: FalseAlarms  # type: ignore[assignment]


@dataclass(frozen=True)
class Truths:
    """Operating characteristics of an analysis at each truth."""

    planned: AtTruth
    null: AtNull
    mcid: AtTruth
    prior: AtTruth


@dataclass(frozen=True)
class AtEffect:
    """How often the primary analysis detects an effect, in its direction, and adopts the drug."""

    effect: Number
    detect: Rate
    detect_right: RateOrNone
    adopt: Rate


@dataclass(frozen=True)
class AtBenefit:
    """The same by the benefit, which is positive where better."""

    benefit: Number
    detect: Rate
    detect_right: RateOrNone
    adopt: Rate


@dataclass(frozen=True)
class TimeCourse:
    """Detection of the smallest worthwhile effect under another time course, assumed otherwise or planned on it."""

    name: str
    onset_days: Number
    offset_days: Number
    detect: Share
    mcse: Error
    attenuation: Number | None
    is_end: bool
    detect_if_known: Rate | None = None


@dataclass(frozen=True)
class End:
    """Detection of the smallest worthwhile effect at one end of a number that is not known."""

    value: Number
    detect: Share
    mcse: Error


@dataclass(frozen=True)
class Unsettled:
    """A number that is not known, at both ends of its range."""

    key: str
    low: End
    high: End
    decisive: bool


@dataclass(frozen=True)
class Worth:
    """What the trial is worth under a prior."""

    assurance: Share | None
    gain: Number | None
    evsi: Number | None
    evpi: Number | None
    mcse: Mapping[Annotated[str, OneOf(*WORTHS, "positive_means", "negative_means")], Error]
    reason: Literal["certain", "no_harm"] | None = None


@dataclass(frozen=True)
class Recommended:
    """Analysis that the stresses speak for."""

    method: str
    reason: str


@dataclass(frozen=True)
class Stopping:
    """Stop rule, and how often it stops a patient to whom the drug does nothing."""

    worse_by: Number
    days: Count
    null: Rate


@dataclass(frozen=True, kw_only=True)
class Document:
    """Everything that a run found; docs/results.md says what each figure is."""

    scenario: str
    seed: Count
    replicates: Count
    version: str
    provenance: Mapping[str, str | None] = field(default_factory=dict)
    design: Asked
    attenuation: Number | None
    primary: str
    own: tuple[str, ...] = ()
    methods: Mapping[str, Truths]
    smallest_detectable: Mapping[str, Annotated[Mapping[Power, Number | None], BOTH]]
    smallest_detectable_mcse: Mapping[str, Annotated[Mapping[Power, Error | None], BOTH]] = field(default_factory=dict)
    effects: tuple[AtEffect, ...]
    curve: tuple[AtBenefit, ...]
    relief: Mapping[Name, Gain]
    relief_mcse: Mapping[Name, Error]
    relief_detect: Mapping[Name, Rate]
    relief_weeks: Mapping[Name, Number]
    sensitivity: tuple[TimeCourse, ...]
    unsettled: tuple[Unsettled, ...]
    blinding: Mapping[Truth, Indices]
    value: Worth
    skeptical: Worth | None
    assumed: tuple[str, ...]
    verdict: words.VerdictDocument
    stress: tuple[StressRow, ...]
    recommended: Recommended | None
    stopping: Stopping | None = None
    ceiling: Best | None = None
    blind: Mapping[Effect, RateOrNone] = field(default_factory=dict)
    means: Means | None = None
    skeptical_means: Means | None = None
    adopt_at: Mapping[str, Mapping[Probability, Mapping[Fixed, Rate]]] = field(default_factory=dict)
    overall: OverallRates | None = None
    secondary: AllDescribed | None = None
    finished: AmongFinished | None = None
    prior_conflict: Mapping[str, Mapping[Planned, Rate]] = field(default_factory=dict)
    without_result: Lost | None = None


RUN = DocumentType(Document, "n1trial run")
