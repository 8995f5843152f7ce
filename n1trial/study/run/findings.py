"""What the cells of a run have shown, put together and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from n1trial import __version__
from n1trial.evaluation.attainable import why_never_positive
from n1trial.evaluation.attenuation import attenuation
from n1trial.evaluation.blinding import bang, correct_share, index_figure, james
from n1trial.evaluation.characteristics import (
    NO_FIGURE,
    EventCount,
    Figure,
    characterize,
    gain_beside,
    rate,
    rate_beside,
)
from n1trial.evaluation.prior_conflict import has_prior
from n1trial.evaluation.secondary.figures import figures_of
from n1trial.evaluation.stress import Stress
from n1trial.evaluation.tally import LIKELY
from n1trial.evaluation.verdict import Facts, differs, judge
from n1trial.provenance import provenance
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Measurement
from n1trial.study.run.beliefs import among_finished, answers, worth
from n1trial.study.run.bounds import time_courses
from n1trial.study.run.burden import burden
from n1trial.study.run.cells import (
    PLANNED,
    WORTHWHILE,
    Address,
    blinded_cell,
    course_cell,
    effect_cell,
    explored_effects,
    improvement_cell,
    unsettled_cell,
)
from n1trial.study.run.improvements import improvements, perfectly_blinded
from n1trial.study.run.result import (
    TRUTHS,
    BlindingResult,
    Improvement,
    PartialResult,
    Result,
    SensitivityRow,
    UnsettledEnds,
)

RATES = ("detect", "detect_right", "adopt", "right_decision", "not_estimable")
"""Metrics that are rates over all trials."""
ENTRIES = ("detect", "detect_right", "adopt")
"""Those of them that a curve shows."""
SEEN_SES = 2.0
"""Standard errors that a gain must come to."""
AT_FIXED_EFFECTS = ("null", "mcid", "planned")
NO_IMPROVEMENT: Mapping[str, Improvement] = {}


def _with_entries(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    return {metric: figures[metric] for metric in ENTRIES}


def _is_seen(gain: Figure) -> bool:
    """Whether a gain is more than chance."""
    return (gain.value or 0.0) > SEEN_SES * (gain.mcse or 0.0)


def facts_of(
    scenario: Scenario,
    primary: Mapping[str, Mapping[str, Figure]],
    attenuation: float | None,
    rows: Sequence[SensitivityRow],
    unsettled_ends: Sequence[UnsettledEnds],
    improvements: Mapping[str, Improvement] = NO_IMPROVEMENT,
) -> Facts:
    """Gather what the verdict on a run rests on; of `improvements` what gains more than chance."""
    plan = scenario.plan()
    ends = [row.detect for row in rows if row.is_end]
    ends += [figure for row in unsettled_ends for _, figure in (row.low, row.high)]
    return Facts(
        detect=primary["mcid"]["detect"],
        type_1=primary["null"]["detect"],
        alpha=plan.alpha,
        has_control=not scenario.layout().is_open_label,
        ends=ends,
        attenuation=attenuation,
        gains={name: one.gain.value or 0.0 for name, one in improvements.items() if _is_seen(one.gain)},
        never=why_never_positive(plan),
    )


class Findings:
    """Findings of a run, put together from what its cells have shown."""

    def __init__(self, scenario: Scenario, measurements: Mapping[Address, Measurement]) -> None:
        self.scenario, self.measured, self.plan, self.layout = (
            scenario,
            measurements,
            scenario.plan(),
            scenario.layout(),
        )

    def result(self, detectable: Mapping[str, Mapping[float, Figure]], rows_under_stress: Sequence[Stress]) -> Result:
        """Return all findings, and the verdict on them."""
        effects = {"planned": self.scenario.treatment.effect, "null": 0.0,
                   "mcid": self.plan.benefit_sign * self.plan.mcid, "prior": None}  # fmt: skip
        seen = {truth: self.measured[Address(truth)] for truth in TRUTHS}
        figures = {
            method: {truth: characterize(seen[truth].tallies[method], effects[truth]) for truth in TRUTHS}
            for method in seen["planned"].tallies
        }
        primary, improved, rows = figures[self.plan.primary], self._improvements(), self._sensitivity()
        unsettled = self._ends()
        values, meanings = worth(self.scenario, self.measured), answers(self.scenario, self.measured)
        return Result(
            scenario=self.scenario,
            version=__version__,
            provenance=provenance(),
            burden=burden(self.scenario, self._finished_share()),
            attenuation=self.attenuation,
            figures=figures,
            reasons={method: self._reasons(method) for method in figures},
            smallest_detectable=detectable,
            effects={effect: self._further(effect) for effect in self.scenario.treatment.further_effects},
            curve=self._curve(figures[self.plan.primary]),
            improvements=improved,
            sensitivity=rows,
            unsettled=unsettled,
            blinding={truth: self._blinding_result(truth) for truth in ("planned", "null")},
            value=values[0],
            skeptical=values[1],
            means=meanings[0],
            skeptical_means=meanings[1],
            finished=among_finished(self.scenario, self.measured),
            prior_conflict={method: self._prior_conflict(method) for method in figures if has_prior(method)},
            adopt_at={method: self._adopt_at(method) for method in figures},
            verdict=judge(facts_of(self.scenario, primary, self.attenuation, rows, unsettled, improved)),
            stress=tuple(rows_under_stress),
            assumed=tuple(key for key, _ in self.scenario.assumed),
            measurements=seen,
            blind=self._blind_figures(),
            secondary=figures_of({truth: seen[truth].secondary for truth in ("planned", "null")}),
        )

    def partial_result(self) -> PartialResult:
        """Return what the cells of a glance have shown so far: at least those that its verdict comes from."""
        tallies = {truth: self.measured[Address(truth)].tallies[self.plan.primary] for truth in ("null", "mcid")}
        effects = {"null": 0.0, "mcid": self.plan.benefit_sign * self.plan.mcid}
        primary = {truth: characterize(tally, effects[truth]) for truth, tally in tallies.items()}
        rows, unsettled = self._sensitivity(ends_alone=True), self._ends()
        return PartialResult(
            scenario=self.scenario,
            burden=burden(self.scenario, self._finished_share()),
            attenuation=self.attenuation,
            figures={
                self.plan.primary: {
                    truth: {metric: found[metric] for metric in RATES} for truth, found in primary.items()
                }
            },
            curve=self._curve(primary),
            sensitivity=rows,
            unsettled=unsettled,
            verdict=judge(facts_of(self.scenario, primary, self.attenuation, rows, unsettled)),
            is_whole=all(effect_cell(effect) in self.measured for effect in explored_effects(self.scenario)),
            blind=self._blind_figures(),
        )

    def _count(self, cell: Address, metric: str) -> EventCount:
        """Count trials in which something happens, by the primary method."""
        return self.measured[cell].count(self.plan.primary, metric)

    def _rate(self, cell: Address, metric: str = "detect", truth: Address = WORTHWHILE) -> Figure:
        """Return how often something happens in a cell, which all trials of a truth sharpen."""
        return rate_beside(self._count(cell, metric), self._count(truth, metric))

    def _detect_again(self, cell: Address) -> Figure | None:
        """Return the share that the second analysis of a cell detects; None where there is none."""
        seen, method = self.measured[cell], self.plan.primary
        if method not in seen.second:
            return None
        return rate_beside(seen.count_again(method, "detect"), self._count(WORTHWHILE, "detect"))

    def _finished_share(self) -> Figure:
        """Return the share of trials that nobody leaves early."""
        stayed = self.measured[PLANNED]
        return rate(stayed.finished, stayed.tallies[self.plan.primary].replicates)

    def _reasons(self, method: str) -> dict[str, dict[str, float]]:
        """Return the share of trials without an estimate by reason, at each truth."""
        tallies = {truth: self.measured[Address(truth)].tallies[method] for truth in TRUTHS}
        return {
            truth: {reason: count / tally.replicates for reason, count in sorted(tally.reasons.items())}
            for truth, tally in tallies.items()
        }

    def _further(self, effect: float) -> dict[str, Figure]:
        rates = {metric: self._rate(effect_cell(effect), metric) for metric in ENTRIES}
        return rates | ({"detect_right": NO_FIGURE} if effect == 0 else {})

    def _curve(self, primary: Mapping[str, Mapping[str, Figure]]) -> dict[float, dict[str, Figure]]:
        """Say how often effects are seen by their benefit, those of the truths as they were seen there."""
        treatment, sign = self.scenario.treatment, self.plan.benefit_sign
        known = (effect for effect in explored_effects(self.scenario) if effect_cell(effect) in self.measured)
        seen = {sign * effect: self._further(effect) for effect in known}
        planned = self.measured[PLANNED].tallies[self.plan.primary]
        seen[sign * treatment.effect + 0.0] = _with_entries(characterize(planned, treatment.effect))
        seen |= {0.0: _with_entries(primary["null"]), self.plan.mcid: _with_entries(primary["mcid"])}
        return dict(sorted(seen.items()))

    @property
    def attenuation(self) -> float | None:
        """Share of the full effect that a plain comparison sees; None in the open-label layout."""
        treatment = self.scenario.treatment
        return attenuation(self.layout, treatment.onset_days, treatment.offset_days, self.plan.discard_days)

    def _improvements(self) -> dict[str, Improvement]:
        metric = "adopt" if self.plan.decision_rule == "probability" else "detect"
        before, found = self._count(WORTHWHILE, metric), {}
        for name, changed in improvements(self.scenario).items():
            cell = improvement_cell(name)
            gain = gain_beside(self._count(cell, metric), before)
            found[name] = Improvement(self._rate(cell, metric), gain, changed.layout().weeks - self.layout.weeks)
        return found

    def _sensitivity(self, *, ends_alone: bool = False) -> tuple[SensitivityRow, ...]:
        return tuple(
            SensitivityRow(
                name,
                onset_days,
                offset_days,
                self._rate(course_cell(onset_days, offset_days)),
                attenuation(self.layout, onset_days, offset_days, self.plan.discard_days),
                is_end,
                self._detect_again(course_cell(onset_days, offset_days)),
            )
            for name, onset_days, offset_days, is_end in time_courses(self.scenario)
            if is_end or not ends_alone
        )

    def _ends(self) -> tuple[UnsettledEnds, ...]:
        before, found = self._rate(WORTHWHILE), []
        for key, (low, high) in ((each.key, each.range) for each in self.scenario.unsettled):
            at_low, at_high = (self._rate(unsettled_cell(key, end)) for end in (low, high))
            is_decisive = differs(at_low, at_high) or differs(before, at_low) or differs(before, at_high)
            found.append(UnsettledEnds(key, (low, at_low), (high, at_high), is_decisive))
        return tuple(found)

    def _blinding_result(self, truth: str) -> BlindingResult:
        guesses = self.measured[Address(truth)].guesses
        indices = (lambda guesses: bang(guesses)[0], lambda guesses: bang(guesses)[1], james, correct_share)
        figures = [index_figure(index, guesses) for index in indices]
        return BlindingResult(*(each.value for each in figures), *(each.mcse for each in figures))

    def _blind_figures(self) -> dict[str, Figure]:
        """Return how often effects are shown where nobody can guess, as far as it was simulated."""
        if self.layout.is_open_label:
            return {}
        is_blinded = perfectly_blinded(self.scenario).blinding == self.scenario.blinding
        cells = {truth: Address(truth) if is_blinded else blinded_cell(truth) for truth in ("planned", "mcid")}
        is_null = {"planned": self.scenario.treatment.effect == 0, "mcid": False}
        return {
            truth: NO_FIGURE if is_null[truth] else self._rate(cell, "detect_right", Address(truth))
            for truth, cell in cells.items()
            if cell in self.measured
        }

    def _prior_conflict(self, method: str) -> dict[str, Figure]:
        """Return how often prior and diary contradict each other, at the planned effect and at none."""
        tallies = {truth: self.measured[Address(truth)].tallies[method] for truth in ("planned", "null")}
        return {truth: rate(seen.prior_conflicts, seen.replicates) for truth, seen in tallies.items()}

    def _adopt_at(self, method: str) -> dict[str, dict[str, Figure]]:
        """Return how often the drug would be continued, by the probability asked for and by truth."""
        tallies = {truth: self.measured[Address(truth)].tallies[method] for truth in AT_FIXED_EFFECTS}
        return {
            str(least): {truth: rate(seen.likely[str(least)], seen.replicates) for truth, seen in tallies.items()}
            for least in LIKELY
        }
