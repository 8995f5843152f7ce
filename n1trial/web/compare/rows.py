"""Designs side by side: what each shows and asks for, as rows of a table and as curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from n1trial.evaluation.characteristics import Figure
from n1trial.report import verdict as verdicts
from n1trial.report.plot.curves import draw_curves
from n1trial.report.plot.diary import as_svg
from n1trial.report.rates import UNKNOWN, about, count, in_100
from n1trial.report.run.what_if import false_alarms, positive
from n1trial.report.search.terminal import span
from n1trial.report.words import POINTS, layout_in_words, points
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.result import PartialResult
from n1trial.web.shared.plan.designs import differences

WORDS = {"of_100": "shown, of 100 trials", "benefit": "Benefit of the drug, in {unit}"}
WORTHWHILE = "smallest worthwhile"
SAME_SEED = (
    "All designs are simulated with the same random numbers: the same patients on the same days, as far as their"
    " layouts allow. So the differences between designs are more certain than the single figures."
)
OTHER_SEEDS = (
    "The designs have seeds of their own, so that the differences between them are less certain than the single"
    " figures; give them one seed (simulation.seed) to make them surer."
)
OTHER_PATIENTS = (
    "These plans are not of the same drug, patient and score: what lies between their figures is not the doing of the"
    " layouts alone."
)
OF_THE_DESIGN = ("design.", "analysis.", "decision.", "pack.", "simulation.")
"""Sections in which plans for one patient may differ."""
NOT_YET = "not simulated yet"


@dataclass(frozen=True)
class DesignResult:
    """A design as it stands beside others.

    Attributes
    ----------
    name : str
    partial : PartialResult or None
        None where nothing is known of it yet.
    """

    name: str
    partial: PartialResult | None

    @property
    def is_simulated(self) -> bool:
        """Whether its figures are those of simulated trials."""
        return self.partial is not None and self.partial.is_simulated


@dataclass(frozen=True)
class Simulations:
    """Outcomes of simulating designs.

    Attributes
    ----------
    partials : mapping of Scenario to PartialResult
    faults : mapping of Scenario to tuple of str
        Why a design could not be simulated.
    """

    partials: Mapping[Scenario, PartialResult] = field(default_factory=dict)
    faults: Mapping[Scenario, tuple[str, ...]] = field(default_factory=dict)

    def left(self, scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
        """List designs that are still to be simulated."""
        return tuple(one for one in scenarios if one not in self.partials and one not in self.faults)

    def with_result(self, partial: PartialResult) -> Simulations:
        """Return the same, and what is known of one design more."""
        return replace(self, partials={**self.partials, partial.scenario: partial})

    def with_faults(self, scenario: Scenario, faults: tuple[str, ...]) -> Simulations:
        """Return the same, and why one design more could not be simulated."""
        return replace(self, faults={**self.faults, scenario: faults})

    def forgive(self, scenarios: Sequence[Scenario]) -> Simulations:
        """Forget faults of designs that nobody wants any more: wanted again, they are tried again."""
        return replace(self, faults={one: faults for one, faults in self.faults.items() if one in scenarios})


@dataclass(frozen=True)
class CompareRow:
    """A row of the table: what it tells, and that of each design."""

    label: str
    values: tuple[str, ...]


def rows(designs: Sequence[DesignResult]) -> list[CompareRow]:
    """Tabulate what each design shows and asks for."""
    return [CompareRow(label, tuple(_tell(one, tell) for one in designs)) for label, tell in TOLD.items()]


def _tell(one: DesignResult, tell: Callable[[PartialResult], str]) -> str:
    return NOT_YET if one.partial is None else tell(one.partial)


def share_in_words(figure: Figure, is_simulated: bool) -> str:
    """Word a share with what it rests on: "16 of 100, give or take 2", "about 16 of 100"."""
    if figure.value is None:
        return UNKNOWN
    return about(figure) if is_simulated else f"about {in_100(figure.value)}"


def _attenuation(partial: PartialResult) -> str:
    return "cannot be told" if partial.attenuation is None else f"{round(100 * partial.attenuation)}%"


TOLD: Mapping[str, Callable[[PartialResult], str]] = {
    "Drug": lambda partial: partial.scenario.treatment.name,
    "Layout": lambda partial: layout_in_words(partial.scenario),
    "Could it give an answer?": lambda partial: verdicts.words(partial.verdict),
    "Shown, where the effect is the smallest worthwhile one": lambda partial: share_in_words(
        positive(partial, partial.figures[partial.primary]["mcid"]), partial.is_simulated
    ),
    "False alarms, where the drug does nothing": lambda partial: share_in_words(
        false_alarms(partial), partial.is_simulated
    ),
    "Weeks": lambda partial: f"{partial.burden.weeks:g}",
    "Diary entries": lambda partial: f"{partial.burden.diary_entries:,}",
    "Weeks on placebo": lambda partial: span(partial.burden.weeks_on_placebo),
    "Periods": lambda partial: f"{partial.burden.periods}",
    "Possible orders and change-overs": lambda partial: f"{partial.burden.assignments:,}",
    "Share of the effect that a plain comparison sees": lambda partial: _attenuation(partial),
    "Stop early": lambda partial: in_100(1 - partial.burden.expected_finished),
}  # fmt: skip
"""What is told of each design, by its label."""


def how_sure_differences_are(scenarios: Sequence[Scenario]) -> str:
    """Say how certain the differences between designs are."""
    if not all(row.key.startswith(OF_THE_DESIGN) for row in differences(scenarios)):
        return OTHER_PATIENTS
    return SAME_SEED if len({scenario.simulation.seed for scenario in scenarios}) == 1 else OTHER_SEEDS


def curves(designs: Sequence[DesignResult]) -> dict[str, dict[float, Figure]]:
    """Return the chance to show effects by benefit, from 0 on, of each design of which something is known."""
    return {one.name: _curve(one.partial) for one in designs if one.partial is not None}


def _curve(partial: PartialResult) -> dict[float, Figure]:
    return {
        benefit: positive(partial, seen) if benefit else false_alarms(partial)
        for benefit, seen in partial.curve.items()
        if benefit >= 0
    }


def picture(designs: Sequence[DesignResult]) -> str:
    """Draw curves of all designs as SVG; empty where nothing is known."""
    drawn, unit = curves(designs), _unit_of(designs)
    if not drawn:
        return ""
    worthwhile = {one.name: one.partial.scenario.outcome.mcid for one in designs if one.partial is not None}
    most = max(worthwhile.values())
    marked = {mcid: WORTHWHILE if mcid == most else "" for mcid in worthwhile.values()}
    described = " ".join(
        f"{name}: {', '.join(f'{points(benefit, unit)}, {count(figure)}' for benefit, figure in curve.items())} of 100."
        for name, curve in drawn.items()
    )
    if len(marked) > 1:
        drawn = {f"{name}; {WORTHWHILE}: {points(worthwhile[name], unit)}": curve for name, curve in drawn.items()}
    figure = draw_curves(drawn, marked, WORDS | {"benefit": WORDS["benefit"].format(unit=unit)})
    return as_svg(figure, "curves", "How often each design shows an effect, by its size", described)


def _unit_of(designs: Sequence[DesignResult]) -> str:
    """Name what the scores of designs are counted in; points where they differ in it."""
    units = {one.partial.scenario.outcome.unit for one in designs if one.partial is not None}
    return units.pop() if len(units) == 1 else POINTS


def curve_rows(designs: Sequence[DesignResult]) -> list[CompareRow]:
    """Return the figures of the picture: a row a benefit, the first of false alarms."""
    drawn, unit, known = curves(designs), _unit_of(designs), {one.name: one.is_simulated for one in designs}
    benefits = sorted({benefit for curve in drawn.values() for benefit in curve})
    return [
        CompareRow(
            f"{points(benefit, unit)}{': false alarms' if benefit == 0 else ''}",
            tuple(
                share_in_words(curve[benefit], known[name]) if benefit in curve else "-"
                for name, curve in drawn.items()
            ),
        )
        for benefit in benefits
    ]
