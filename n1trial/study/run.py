"""The main job: simulate a scenario at every truth that matters and judge it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from n1trial import __version__
from n1trial.evaluation.attenuation import attenuation
from n1trial.evaluation.blinding import bang, correct_share, james
from n1trial.evaluation.characteristics import Figure, characterize, rate
from n1trial.evaluation.value import Prior, Value, value_of
from n1trial.evaluation.verdict import Facts, judge
from n1trial.scenario.check import warnings
from n1trial.study import workers as pools
from n1trial.study.detectable import STEPS, TARGETS, smallest_detectable
from n1trial.study.measure import Cell, Measured, Progress, measure
from n1trial.study.relief import moved, reliefs
from n1trial.study.result import TRUTHS, Blinding, Burden, Relief, Result, SensitivityRow
from n1trial.study.stress import Stress, departures, stress

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario

KEPT = 10_000
"""Replicates of each truth whose estimates are written out one by one."""
EXPLORED = 10_000
"""Most replicates for what is explored beside the main figures: reliefs, time courses, further effects."""
SEARCHED = 2_500
"""Most replicates at each step of the search for the smallest detectable effect."""
STRESSED = 5_000
"""Most replicates of each departure from the plan."""


def run(
    scenario: Scenario,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], Progress] | None = None,
    *,
    under_stress: bool = False,
) -> Result:
    """Say how often the planned analysis of a scenario would be right, and judge the trial by it.

    Parameters
    ----------
    scenario : Scenario
    replicates : int, optional
        Simulated trials at each truth, 1 or more; the scenario's by default.
    seed : int, optional
        Seed, 0 or more; the scenario's by default.
    workers : int
        Processes to use, 1 or more. It changes nothing in the result.
    progress : callable, optional
        Told how many trials are to be simulated, at most; gives a function that is told how many more were.
    under_stress : bool
        Whether every method is also put to departures from the plan (`Result.stress`). Not in the open-label layout.

    Returns
    -------
    Result
    """
    replicates = scenario.simulation.replicates if replicates is None else replicates
    seed = scenario.simulation.seed if seed is None else seed
    scenario = scenario.replace(**{"simulation.replicates": replicates, "simulation.seed": seed})
    cells = _cells(scenario)
    unique = list(dict.fromkeys(cells.values()))
    methods, stressed = cells["planned"].methods, min(replicates, STRESSED)
    is_stressed = under_stress and scenario.design.layout == "crossover"
    trials = sum(cell.replicates for cell in unique) + _most_looks(methods) * min(replicates, SEARCHED)
    trials += is_stressed * 2 * len(departures(scenario)) * stressed
    advance = progress(trials) if progress is not None else None
    with pools.executor(workers) as pool:
        seen = dict(zip(unique, measure(unique, seed, pool, advance), strict=True))
        measured = {name: seen[cell] for name, cell in cells.items()}
        detectable = _detectable(scenario, methods, seed, pool, advance)
        rows = stress(scenario, methods, stressed, seed, pool, advance) if is_stressed else ()
    return _Findings(scenario, measured).result(detectable, rows)


def _cells(scenario: Scenario) -> dict[str, Cell]:
    """Everything that a run simulates, by name; cells that are the same trials are simulated once."""
    settings, plan = scenario.simulation, scenario.plan()
    methods = tuple(dict.fromkeys((plan.primary, *plan.methods)))
    explored = min(settings.replicates, EXPLORED)

    def cell(effect: float | None) -> Cell:
        return Cell(scenario, effect, methods, settings.replicates, KEPT)

    def explore(changed: Scenario, effect: float | None) -> Cell:
        return Cell(changed, effect, (plan.primary,), explored)

    treatment, worthwhile = scenario.treatment, plan.benefit_sign * plan.mcid
    is_certain = treatment.effect_sd == 0 and treatment.responders == 1
    cells = {
        "planned": cell(treatment.effect),
        "null": cell(0.0),
        "mcid": cell(worthwhile),
        "prior": cell(treatment.effect if is_certain else None),
        "explored": explore(scenario, worthwhile),
    }
    cells |= {f"effect {effect:g}": explore(scenario, effect) for effect in treatment.further_effects}
    cells |= {f"relief {name}": explore(changed, worthwhile) for name, changed in reliefs(scenario).items()}
    own = (treatment.onset_days, treatment.offset_days)
    for name, *days, _ in time_courses(scenario):
        cells[f"course {name}"] = explore(scenario if tuple(days) == own else moved(scenario, *days), worthwhile)
    if treatment.skeptical_responders is not None:
        doubted = scenario.replace(**{"treatment.responders": treatment.skeptical_responders})
        cells["skeptical"] = explore(doubted, None)
    return cells


def time_courses(scenario: Scenario) -> list[tuple[str, float, float, bool]]:
    """Name, onset and offset in days of the time courses to look at, and whether each is an end of a range.

    None in the open-label layout, which cannot tell the drug from time whatever its course.
    """
    treatment = scenario.treatment
    if scenario.design.layout == "open-label":
        return []
    onset, offset = treatment.onset_days, treatment.offset_days
    onsets, offsets = treatment.onset_range or (onset, onset), treatment.offset_range or (offset, offset)
    courses = {(onset, offset): ("as assumed", False)}
    for name, low_high in (("fast", (onsets[0], offsets[0])), ("slow", (onsets[1], offsets[1])),
                           ("fades fast", (onset, offsets[0])), ("fades slowly", (onset, offsets[1]))):  # fmt: skip
        courses.setdefault(low_high, (name, True))
    rows = [(name, *days, is_end) for days, (name, is_end) in courses.items()]
    return rows + [(theory.name, theory.onset_days, theory.offset_days, False) for theory in scenario.theory]


def _most_looks(methods: Sequence[str]) -> int:
    """About the most cells that the search for the smallest detectable effects comes to."""
    return 2 + 2 * STEPS * len(methods)


def _detectable(
    scenario: Scenario, methods: Sequence[str], seed: int, pool: Executor | None, progress: Progress | None
) -> dict[str, dict[float, float | None]]:
    """Smallest detectable effects by method; none in the open-label layout, where any change is detected."""
    plan = scenario.plan()
    if scenario.design.layout == "open-label":
        return {method: dict.fromkeys(TARGETS) for method in methods}
    replicates = min(scenario.simulation.replicates, SEARCHED)

    def powers_at(wanted: Mapping[float, Sequence[str]]) -> dict[float, Mapping[str, float]]:
        cells = [
            Cell(scenario, plan.benefit_sign * benefit, tuple(asked), replicates) for benefit, asked in wanted.items()
        ]
        return {
            benefit: {method: tally.detected / tally.replicates for method, tally in seen.tallies.items()}
            for benefit, seen in zip(wanted, measure(cells, seed, pool, progress), strict=True)
        }

    low, high = scenario.outcome.scale
    return smallest_detectable(powers_at, methods, plan.mcid, high - low)


class _Findings:
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
        seen = self._attenuation(self.scenario)
        facts = Facts(
            detect=primary["mcid"]["detect"],
            type_1=primary["null"]["detect"],
            alpha=self.plan.alpha,
            has_control=not self.layout.is_open_label,
            ends=[row.detect for row in rows if row.is_end],
            attenuation=seen,
            relief={name: one.gain.value or 0.0 for name, one in relief.items()},
        )
        skeptical = self.scenario.treatment.skeptical_responders
        return Result(
            scenario=self.scenario,
            version=__version__,
            burden=self._burden(),
            attenuation=seen,
            figures=figures,
            smallest_detectable=detectable,
            effects={effect: self._further(effect) for effect in self.scenario.treatment.further_effects},
            relief=relief,
            sensitivity=rows,
            blinding={truth: self._blinding(truth) for truth in ("planned", "null")},
            value=self._value("prior", self.scenario.treatment.responders),
            skeptical=None if skeptical is None else self._value("skeptical", skeptical),
            verdict=judge(facts, warnings(self.scenario)),
            stress=tuple(rows_under_stress),
            measured={truth: self.measured[truth] for truth in TRUTHS},
        )

    def _detect(self, cell: str) -> Figure:
        tally = self.measured[cell].tallies[self.plan.primary]
        return rate(tally.detected, tally.replicates)

    def _further(self, effect: float) -> dict[str, Figure]:
        found = characterize(self.measured[f"effect {effect:g}"].tallies[self.plan.primary], effect)
        return {metric: found[metric] for metric in ("detect", "detect_right", "adopt")}

    def _attenuation(self, scenario: Scenario) -> float | None:
        treatment = scenario.treatment
        return attenuation(self.layout, treatment.onset_days, treatment.offset_days, self.plan.discard_days)

    def _relief(self) -> dict[str, Relief]:
        before, found = self._detect("explored"), {}
        for name, changed in reliefs(self.scenario).items():
            detect = self._detect(f"relief {name}")
            found[name] = Relief(detect, detect - before, changed.layout().weeks - self.layout.weeks)
        return found

    def _sensitivity(self) -> tuple[SensitivityRow, ...]:
        return tuple(
            SensitivityRow(
                name,
                onset_days,
                offset_days,
                self._detect(f"course {name}"),
                attenuation(self.layout, onset_days, offset_days, self.plan.discard_days),
                is_end,
            )
            for name, onset_days, offset_days, is_end in time_courses(self.scenario)
        )

    def _blinding(self, truth: str) -> Blinding:
        guesses = self.measured[truth].guesses
        on_drug, on_control = bang(guesses)
        return Blinding(on_drug, on_control, james(guesses), correct_share(guesses))

    def _value(self, cell: str, responders: float) -> Value:
        treatment = self.scenario.treatment
        prior = Prior(self.plan.benefit_sign * treatment.effect, treatment.effect_sd, responders)
        return value_of(self.measured[cell].tallies[self.plan.primary], prior, self.plan.decision_benefit)

    def _burden(self) -> Burden:
        layout, scheme = self.layout, self.layout.randomization
        # reversing all treatments flips the statistic's sign exactly only where exposure follows the dose at once
        # and no washout leaves both treatments without it
        at_once = self.plan.assumed_onset_days == self.plan.assumed_offset_days == layout.washout_days == 0
        mirrored = self.plan.statistic == "cycle" or at_once
        planned = self.measured["planned"]
        return Burden(
            weeks=layout.weeks,
            periods=layout.periods,
            diary_entries=len(layout.days),
            kits=-(-layout.treated_days // self.scenario.pack.kit_days),
            weeks_on_placebo=layout.weeks_on_control(),
            assignments=1 if scheme is None else scheme.assignments,
            smallest_p={
                name: None if scheme is None else scheme.smallest_p(sides, mirrored)
                for name, sides in (("one_sided", 1), ("two_sided", 2))
            },
            expected_finished=planned.finished / planned.tallies[self.plan.primary].replicates,
        )
