"""What the cells of a run have shown, put together and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from n1trial import __version__
from n1trial.evaluation.attenuation import attenuation
from n1trial.evaluation.blinding import bang, correct_share, james
from n1trial.evaluation.characteristics import Figure, characterize, rate
from n1trial.evaluation.reach import why_never_positive
from n1trial.evaluation.stress import Stress
from n1trial.evaluation.value import Prior, Value, value_of
from n1trial.evaluation.verdict import Facts, Verdict, differs, judge
from n1trial.provenance import provenance
from n1trial.scenario.check.remarks import warnings
from n1trial.study.run.burden import burden
from n1trial.study.run.improvements import reliefs
from n1trial.study.run.result import TRUTHS, Blinding, Glance, Relief, Result, SensitivityRow, UnsettledEnds
from n1trial.study.work.measure import Measured

if TYPE_CHECKING:
    from n1trial.scenario.scenario import Scenario

CURVE = (0.25, 0.5, 0.75, 1.5, 2.0, 3.0)
"""Benefits at which the chance to see them is shown, in smallest worthwhile ones."""
RATES = ("detect", "detect_right", "adopt", "right_decision", "not_estimable")
"""Metrics that are rates over all trials."""
SEEN_SES = 2.0
"""Standard errors that a gain must come to."""


def course_cell(onset_days: float, offset_days: float) -> str:
    """Name of the cell of a time course; two of the same days are one."""
    return f"course {onset_days} {offset_days}"


def unsettled_cell(key: str, end: float) -> str:
    """Name of the cell of an end of what is not known."""
    return f"unsettled {key} {end}"


def effect_cell(effect: float) -> str:
    """Name of the cell of an effect besides those of the truths."""
    return f"effect {effect}"


def explored_effects(scenario: Scenario) -> tuple[float, ...]:
    """Effects that are looked at besides the truths: the scenario's own, and those of the curve."""
    worthwhile = -scenario.sign * scenario.outcome.mcid
    own = scenario.treatment.further_effects
    curve = (worthwhile * times for times in CURVE)
    return (*own, *(effect for effect in curve if effect not in (*own, scenario.treatment.effect)))


def _shown(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    return {metric: figures[metric] for metric in ("detect", "detect_right", "adopt")}


def time_courses(scenario: Scenario) -> list[tuple[str, float, float, bool]]:
    """Name, onset and offset in days of the time courses to look at, and whether each is an end of a range.

    None in the open-label layout, which cannot tell the drug from time whatever its course.
    """
    treatment = scenario.treatment
    if scenario.design.layout == "open-label":
        return []
    onset, offset = treatment.onset_days, treatment.offset_days
    onsets, offsets = treatment.onset_range or (onset, onset), treatment.offset_range or (offset, offset)
    ends = {
        (onset, offsets[1]): "fades slowly",
        (onset, offsets[0]): "fades fast",
        (onsets[1], offsets[1]): "slow",
        (onsets[0], offsets[0]): "fast",
    }
    has_range = treatment.onset_range is not None or treatment.offset_range is not None
    named = {(onset, offset): "as assumed"}
    named |= {days: name for days, name in reversed(ends.items()) if days not in named}
    rows = [(name, *days, has_range and days in ends) for days, name in named.items()]
    return rows + [(theory.name, theory.onset_days, theory.offset_days, False) for theory in scenario.theory]


def _is_seen(gain: Figure) -> bool:
    """Whether a gain is more than chance."""
    return (gain.value or 0.0) > SEEN_SES * (gain.mcse or 0.0)


class Findings:
    """Puts together what the cells of a run have shown."""

    def __init__(self, scenario: Scenario, measured: Mapping[str, Measured]) -> None:
        self.scenario, self.measured, self.plan, self.layout = scenario, measured, scenario.plan(), scenario.layout()

    def result(
        self, detectable: Mapping[str, Mapping[float, float | None]], rows_under_stress: Sequence[Stress]
    ) -> Result:
        """All findings, and the verdict on them."""
        effects = {"planned": self.scenario.treatment.effect, "null": 0.0,
                   "mcid": self.plan.benefit_sign * self.plan.mcid, "prior": None}  # fmt: skip
        figures = {
            method: {truth: characterize(self.measured[truth].tallies[method], effects[truth]) for truth in TRUTHS}
            for method in self.measured["planned"].tallies
        }
        primary, relief, rows = figures[self.plan.primary], self._relief(), self._sensitivity()
        unsettled = self._unsettled()
        skeptical = self.scenario.treatment.skeptical_responders
        return Result(
            scenario=self.scenario,
            version=__version__,
            provenance=provenance(),
            burden=burden(self.scenario, self._finished()),
            attenuation=self.attenuation,
            figures=figures,
            reasons={method: self._reasons(method) for method in figures},
            smallest_detectable=detectable,
            effects={effect: self._further(effect) for effect in self.scenario.treatment.further_effects},
            curve=self._curve(figures[self.plan.primary]),
            relief=relief,
            sensitivity=rows,
            unsettled=unsettled,
            blinding={truth: self._blinding(truth) for truth in ("planned", "null")},
            value=self._value("prior", self.scenario.treatment.responders),
            skeptical=None if skeptical is None else self._value("skeptical", skeptical),
            verdict=self._verdict(primary, rows, unsettled, relief),
            stress=tuple(rows_under_stress),
            assumed=tuple(key for key, _ in self.scenario.assumed),
            measured={truth: self.measured[truth] for truth in TRUTHS},
        )

    def glance(self) -> Glance:
        """What the cells of a glance have shown so far: at least those that its verdict comes from."""
        tallies = {truth: self.measured[truth].tallies[self.plan.primary] for truth in ("null", "mcid")}
        effects = {"null": 0.0, "mcid": self.plan.benefit_sign * self.plan.mcid}
        primary = {truth: characterize(tally, effects[truth]) for truth, tally in tallies.items()}
        rows, unsettled = self._sensitivity(ends_alone=True), self._unsettled()
        return Glance(
            scenario=self.scenario,
            burden=burden(self.scenario, self._finished()),
            attenuation=self.attenuation,
            figures={
                self.plan.primary: {
                    truth: {metric: found[metric] for metric in RATES} for truth, found in primary.items()
                }
            },
            curve=self._curve(primary),
            sensitivity=rows,
            unsettled=unsettled,
            verdict=self._verdict(primary, rows, unsettled, {}),
            is_whole=all(effect_cell(effect) in self.measured for effect in explored_effects(self.scenario)),
        )

    def _verdict(
        self,
        primary: Mapping[str, Mapping[str, Figure]],
        rows: Sequence[SensitivityRow],
        unsettled: Sequence[UnsettledEnds],
        relief: Mapping[str, Relief],
    ) -> Verdict:
        ends = [row.detect for row in rows if row.is_end]
        ends += [figure for row in unsettled for _, figure in (row.low, row.high)]
        facts = Facts(
            detect=primary["mcid"]["detect"],
            type_1=primary["null"]["detect"],
            alpha=self.plan.alpha,
            has_control=not self.layout.is_open_label,
            ends=ends,
            attenuation=self.attenuation,
            relief={name: one.gain.value or 0.0 for name, one in relief.items() if _is_seen(one.gain)},
            never=why_never_positive(self.plan),
        )
        return judge(facts, warnings(self.scenario))

    def _detect(self, cell: str) -> Figure:
        tally = self.measured[cell].tallies[self.plan.primary]
        return rate(tally.detected, tally.replicates)

    def _counted(self, cell: str) -> Figure:
        """Share of trials that the plan's rule goes by: that detect, or after which the drug is continued."""
        if self.plan.decision_rule != "probability":
            return self._detect(cell)
        tally = self.measured[cell].tallies[self.plan.primary]
        return rate(tally.adopted, tally.replicates)

    def _finished(self) -> float:
        """Share of trials that nobody leaves early."""
        stayed = self.measured["planned"]
        return stayed.finished / stayed.tallies[self.plan.primary].replicates

    def _reasons(self, method: str) -> dict[str, dict[str, float]]:
        """Share of trials without an estimate by reason, at each truth."""
        tallies = {truth: self.measured[truth].tallies[method] for truth in TRUTHS}
        return {
            truth: {reason: count / tally.replicates for reason, count in sorted(tally.reasons.items())}
            for truth, tally in tallies.items()
        }

    def _further(self, effect: float) -> dict[str, Figure]:
        return _shown(characterize(self.measured[effect_cell(effect)].tallies[self.plan.primary], effect))

    def _curve(self, primary: Mapping[str, Mapping[str, Figure]]) -> dict[float, dict[str, Figure]]:
        """How often effects are seen by their benefit, those of the truths as they were seen there."""
        treatment, sign = self.scenario.treatment, self.plan.benefit_sign
        known = (effect for effect in explored_effects(self.scenario) if effect_cell(effect) in self.measured)
        seen = {sign * effect: self._further(effect) for effect in known}
        planned = self.measured["planned"].tallies[self.plan.primary]
        seen[sign * treatment.effect + 0.0] = _shown(characterize(planned, treatment.effect))
        seen |= {0.0: _shown(primary["null"]), self.plan.mcid: _shown(primary["mcid"])}
        return dict(sorted(seen.items()))

    @property
    def attenuation(self) -> float | None:
        """Share of the full effect that a plain comparison sees; None in the open-label layout."""
        treatment = self.scenario.treatment
        return attenuation(self.layout, treatment.onset_days, treatment.offset_days, self.plan.discard_days)

    def _relief(self) -> dict[str, Relief]:
        before, found = self._counted("explored"), {}
        for name, changed in reliefs(self.scenario).items():
            detect = self._counted(f"relief {name}")
            found[name] = Relief(detect, detect - before, changed.layout().weeks - self.layout.weeks)
        return found

    def _sensitivity(self, *, ends_alone: bool = False) -> tuple[SensitivityRow, ...]:
        return tuple(
            SensitivityRow(
                name,
                onset_days,
                offset_days,
                self._detect(course_cell(onset_days, offset_days)),
                attenuation(self.layout, onset_days, offset_days, self.plan.discard_days),
                is_end,
            )
            for name, onset_days, offset_days, is_end in time_courses(self.scenario)
            if is_end or not ends_alone
        )

    def _unsettled(self) -> tuple[UnsettledEnds, ...]:
        before, found = self._detect("explored"), []
        for key, (low, high) in ((each.key, each.range) for each in self.scenario.unsettled):
            at_low, at_high = (self._detect(unsettled_cell(key, end)) for end in (low, high))
            is_decisive = differs(at_low, at_high) or differs(before, at_low) or differs(before, at_high)
            found.append(UnsettledEnds(key, (low, at_low), (high, at_high), is_decisive))
        return tuple(found)

    def _blinding(self, truth: str) -> Blinding:
        guesses = self.measured[truth].guesses
        on_drug, on_control = bang(guesses)
        return Blinding(on_drug, on_control, james(guesses), correct_share(guesses))

    def _value(self, cell: str, responders: float) -> Value:
        treatment = self.scenario.treatment
        prior = Prior(self.plan.benefit_sign * treatment.effect, treatment.effect_sd, responders)
        return value_of(self.measured[cell].tallies[self.plan.primary], prior, self.plan.decision_benefit)
