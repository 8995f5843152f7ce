"""Values that a search gives: designs from light to heavy, the one to recommend, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from n1trial.evaluation.attainable import why_never_positive
from n1trial.evaluation.attenuation import attenuation
from n1trial.evaluation.characteristics import FEWEST_TRIALS, Figure, rate
from n1trial.evaluation.front import Objectives
from n1trial.evaluation.screening.candidate import Candidate, ScreenResult
from n1trial.evaluation.verdict import Facts, Verdict, differs, judge
from n1trial.scenario.scenario import Scenario
from n1trial.study.search.candidates import changes
from n1trial.study.search.limits import Limits
from n1trial.study.search.requirements import Way
from n1trial.study.search.simulate import DesignTallies, objectives_of
from n1trial.study.search.stress import FailingRow, UnsafeDesign

Kind = Literal["good", "unsure", "closest", "none"]
"""A good chance of a clear answer; one by the figures that are shown only, not by those of the choice; the best there
is, that could go either way; nothing to recommend."""


@dataclass(frozen=True)
class FinalDesign:
    """A design that is shown; all figures are from trials that had no part in choosing it.

    Attributes
    ----------
    candidate : Candidate
    set : mapping of str to object
        Keys of the scenario that are another, with their values; None takes a key back to its default.
    weeks, weeks_on_placebo, diary_entries : float, tuple of float, int
        Run-in included; fewest and most weeks on placebo.
    detect, type_1 : Figure
        Chance to detect the smallest worthwhile effect, and an effect where there is none.
    right_decision, right_decision_null : Figure
        At the smallest worthwhile effect, and at none.
    not_estimable : Figure
        Share of trials without a result, at the smallest worthwhile effect.
    verdict : Verdict
    depends_on : tuple of str
        What is not known and leads to another answer: `COURSE`, or keys of the scenario.
    screened_power : float or None
        Power that the screen expected; None where it does not know the analysis.
    ceiling, blind : Figure
        Chance to show the smallest worthwhile effect in patients who cannot guess: that of the best unbiased analysis,
        and that of the design's own, in its true direction.
    failures : tuple of FailingRow
        Departures from the plan under which its analysis raises too many false alarms.
    """

    candidate: Candidate
    set: Mapping[str, object]
    weeks: float
    weeks_on_placebo: tuple[float, float]
    diary_entries: int
    detect: Figure
    type_1: Figure
    right_decision: Figure
    right_decision_null: Figure
    not_estimable: Figure
    verdict: Verdict
    depends_on: tuple[str, ...]
    screened_power: float | None
    ceiling: Figure
    blind: Figure
    failures: tuple[FailingRow, ...]

    @property
    def objectives(self) -> Objectives:
        """What the design is compared by."""
        return objectives_of(self.candidate, self.detect.value or 0.0)


@dataclass(frozen=True)
class Counts:
    """Designs that were screened, simulated, and expected to raise more false alarms than agreed."""

    screened: int
    simulated: int
    inflated: int


@dataclass(frozen=True)
class InflatedDesign:
    """Of several designs that were left out for their false alarms, the one that showed the effect most often.

    Its figures are those it was picked by, the luckiest of several: about, and rather above, what it would show anew.
    """

    candidate: Candidate
    detect: float
    type_1: float

    @classmethod
    def of(cls, suspects: Sequence[DesignTallies], designs: Sequence[FinalDesign]) -> InflatedDesign | None:
        """Find it among designs left out before and after the choice."""
        left_out: list[DesignTallies | FinalDesign] = [*suspects, *designs]
        if not left_out:
            return None
        loudest = max(left_out, key=lambda one: one.detect.value or 0.0)
        return cls(loudest.candidate, loudest.detect.value or 0.0, loudest.type_1.value or 0.0)


def design_of(
    scenario: Scenario,
    tallies: DesignTallies,
    ends: Mapping[str, Sequence[Figure]],
    screened_power: float | None,
    ceiling: Figure,
    blind: Figure,
    failures: tuple[FailingRow, ...] = (),
) -> FinalDesign:
    """Judge a design by its simulated trials.

    Parameters
    ----------
    scenario : Scenario
        Of which the design changes some keys.
    tallies : DesignTallies
    ends : mapping of str to sequence of Figure
        Chance to detect at the ends of what is not known: `COURSE`, what is believable of onset and offset, and keys.
    screened_power : float or None
    ceiling, blind : Figure
    failures : tuple of FailingRow
    """
    layout, treatment = tallies.candidate.layout, scenario.treatment
    worthwhile, nothing = tallies.worthwhile, tallies.null
    facts = Facts(
        detect=tallies.detect,
        type_1=tallies.type_1,
        alpha=scenario.analysis.alpha,
        has_control=True,
        ends=[figure for figures in ends.values() for figure in figures],
        attenuation=attenuation(layout, treatment.onset_days, treatment.offset_days, tallies.candidate.discard_days),
        gains={},
        never=why_never_positive(replace(scenario.plan(), layout=layout, primary=tallies.candidate.method)),
    )
    verdict = judge(facts)
    return FinalDesign(
        candidate=tallies.candidate,
        set=changes(scenario, tallies.candidate),
        weeks=layout.weeks,
        weeks_on_placebo=layout.weeks_on_control(),
        diary_entries=layout.days.size,
        detect=tallies.detect,
        type_1=tallies.type_1,
        right_decision=rate(worthwhile.decided_right, worthwhile.replicates),
        right_decision_null=rate(nothing.decided_right, nothing.replicates),
        not_estimable=rate(worthwhile.replicates - worthwhile.estimable, worthwhile.replicates),
        verdict=verdict,
        depends_on=_decisive(tallies.detect, ends) if verdict.depends else (),
        screened_power=screened_power,
        ceiling=ceiling,
        blind=blind,
        failures=failures,
    )


def _decisive(detect: Figure, ends: Mapping[str, Sequence[Figure]]) -> tuple[str, ...]:
    """Name what leads to another answer by itself; where nothing does, all that is not known."""
    alone = [
        name
        for name, figures in ends.items()
        if any(differs(one, other) for one in (detect, *figures) for other in figures)
    ]
    return tuple(alone or ends)


@dataclass(frozen=True, eq=False)
class SearchResult:
    """Result of a search.

    Attributes
    ----------
    scenario : Scenario
        With the replicates and the seed of the figures that are shown.
    version : str
    limits : Limits
    counts : Counts
    designs : tuple of FinalDesign
        From light to heavy; none that another beats in every respect.
    present : FinalDesign
        The scenario's own.
    recommended : int or None
        Place of a design.
    kind : {"good", "unsure", "closest", "none"}
    inflated : InflatedDesign or None
    unsafe : UnsafeDesign or None
    needs : tuple of Way
        What it would take, where none of the designs has a good chance.
    screened : tuple of ScreenResult
        Every design that was screened.
    left_out : tuple of DesignTallies
        Designs that were simulated and left out for their false alarms.
    """

    scenario: Scenario
    version: str
    limits: Limits
    counts: Counts
    designs: tuple[FinalDesign, ...]
    present: FinalDesign
    recommended: int | None
    kind: Kind
    inflated: InflatedDesign | None
    unsafe: UnsafeDesign | None
    needs: tuple[Way, ...]
    screened: tuple[ScreenResult, ...]
    left_out: tuple[DesignTallies, ...]

    @property
    def is_few(self) -> bool:
        """Whether so few trials were simulated of each design that its figures are nothing to go by."""
        return self.scenario.simulation.replicates < FEWEST_TRIALS

    def scenario_of(self, design: FinalDesign) -> Scenario:
        """Return the scenario with a design in place of its own."""
        return self.scenario.replace(**design.set)
