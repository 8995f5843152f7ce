"""The answer beside the form: verdict, what would be seen, power by size, calendar and burden."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from htmltools import HTML
from shiny import ui

from n1trial.design.layout import Layout
from n1trial.evaluation.characteristics import Figure
from n1trial.report import verdict as words
from n1trial.report.plot.calendar import draw_calendar
from n1trial.report.plot.diary import as_svg
from n1trial.report.plot.rates import draw_power
from n1trial.report.rates import count
from n1trial.report.run.tiles import Tile, dots_path, planned_tile, tiles
from n1trial.report.run.what_if import false_alarms, positive
from n1trial.report.sentences import burden_in_words, ceiling_in_words, is_open_label
from n1trial.report.words import points
from n1trial.scenario.check.answers import answers_speak_against, forbidden_by_answers
from n1trial.scenario.check.remarks import remarks as on_the_plan
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.result import PartialResult
from n1trial.web.shared.plan.verdict import BY_FORMULA, alarms_in_words, verdict_in_short
from n1trial.web.shared.tags import table

FORBIDDEN = "Not in this patient now."
BY_LOT = "The calendar. Which treatment comes when is drawn by lot; nobody knows it before the end."
OPENLY = "The calendar. The drug is given openly: nothing is drawn by lot, and nothing is blinded."
PICTURE = {
    "of_100": "of 100 trials", "benefit": "Benefit of the drug, in {unit}", "shown": "effect shown",
    "alarms": "false alarm", "good": "good\nchance", "weeks": "Weeks since the first day of treatment",
    "round": "Round {number}", "run_in": "run-in", "period": "period", "change_over": "change-over may fall here",
    "washout": "washout", "open": "on the drug, openly",
}  # fmt: skip


def verdict(result: PartialResult, faults: Sequence[str] = ()) -> ui.Tag:
    """Show the verdict in one line, with the two figures that belong to it.

    Parameters
    ----------
    result : PartialResult
    faults : sequence of str
        Inputs that are at fault now: all figures are then of the plan before.
    """
    is_forbidden = any(forbidden_by_answers(result.scenario))
    return ui.div(
        ui.tags.p(ui.tags.strong(FORBIDDEN)) if is_forbidden else None,
        verdict_in_short(result, "verdict"),
        ui.tags.p(ui.tags.b(of_the_plan_before(faults)), class_="mind") if faults else None,
        class_=f"verdict {'misleading' if is_forbidden else result.verdict.answer}",
    )


def of_the_plan_before(faults: Sequence[str]) -> str:
    """Say that figures are of the plan before a fault, and name the inputs at fault."""
    return f"These figures are of the plan before the fault{'s' if len(faults) > 1 else ''} in: {'; '.join(faults)}."


def against(scenario: Scenario) -> ui.Tag | None:
    """Show answers that forbid the trial or speak against it, before any figure."""
    forbidden, minded = [*forbidden_by_answers(scenario)], [*answers_speak_against(scenario)]
    told = [str(said) for said in minded if said not in forbidden]
    if not (forbidden or told):
        return None
    return ui.div(
        ui.tags.p(ui.tags.strong(FORBIDDEN), " ", " ".join(map(str, forbidden))) if forbidden else None,
        ui.tags.p(ui.tags.strong("Answers before planning speak against it."), " ", " ".join(told)) if told else None,
        class_="against",
    )


def shown_tiles(result: PartialResult) -> ui.Tag:
    """Draw what would be seen if the drug did the smallest worthwhile, what is planned, and nothing."""
    (worthwhile, nothing), planned = tiles(result), planned_tile(result)
    others = (_tile(tile) for tile in (planned, nothing) if tile is not None)
    return ui.div(_tile(worthwhile, is_worthwhile=True), *others, class_="tiles")


def _tile(tile: Tile, *, is_worthwhile: bool = False) -> ui.Tag:
    filled, empty = dots_path(0, tile.dots), dots_path(tile.dots, 100)
    svg = (
        f'<svg viewBox="0 0 100 100" role="img" aria-label="{tile.dots} of 100 dots filled">'
        f'<path class="filled" d="{filled}"/><path class="empty" d="{empty}"/><path class="hole" d="{empty}"/></svg>'
    )
    return ui.div(
        ui.tags.h4(f"If it {tile.condition}{', the smallest worthwhile' if is_worthwhile else ''}"),
        HTML(svg),
        ui.tags.p(ui.tags.span(count(tile.figure), class_="big"), " of 100 trials"),
        ui.tags.p(tile.words),
        class_="tile",
    )


def power_curve(result: PartialResult) -> ui.Tag:
    """Draw how often an effect is shown by its size, with false alarms, and tabulate the same.

    Parameters
    ----------
    result : PartialResult
        Whose curve is known.
    """
    curve = {benefit: positive(result, figures) for benefit, figures in result.curve.items() if benefit != 0}
    alarms, mcid, unit = false_alarms(result), result.scenario.outcome.mcid, result.scenario.outcome.unit
    svg = _curve_svg(tuple(curve.items()), alarms, mcid, unit)
    rows = [
        ("none", alarms, f" ({alarms_in_words(result)})"),
        *((points(benefit, unit), figure, "") for benefit, figure in curve.items()),
    ]
    return ui.tags.figure(
        HTML(svg),
        ui.tags.figcaption(
            "How often an effect is shown, by its size.", None if result.is_simulated else f" {BY_FORMULA}"
        ),
        None if (best := ceiling_in_words(result)) is None else ui.tags.p(f"At best: {best}"),
        ui.tags.details(
            ui.tags.summary("The same in figures"),
            table(
                f"Of 100 {'simulated ' if result.is_simulated else ''}trials with each effect",
                ("Benefit", "Shown"),
                [(benefit, f"{count(figure)}{note}") for benefit, figure, note in rows],
            ),
        ),
    )


@lru_cache(maxsize=64)
def _curve_svg(curve: tuple[tuple[float, Figure], ...], alarms: Figure, mcid: float, unit: str) -> str:
    picture = draw_power(
        dict(curve), alarms, {mcid: "smallest worthwhile"}, PICTURE | {"benefit": PICTURE["benefit"].format(unit=unit)}
    )
    told = " ".join(f"{points(benefit, unit)}: {count(figure)} of 100." for benefit, figure in curve)
    described = f"{told} Without an effect: {count(alarms)} of 100 false alarms."
    return as_svg(picture, "power", "How often an effect is shown, by its size", described)


def calendar(result: PartialResult) -> ui.Tag:
    """Show the calendar without any order, and what it asks of the patient."""
    burden, share = result.burden, result.attenuation
    sides = "one_sided" if result.scenario.analysis.sides == 1 else "two_sided"
    orders, p_value = burden.assignments, burden.smallest_p[sides]
    told = [burden_in_words(result)]
    if not is_open_label(result):
        smallest = "" if p_value is None else f"; the smallest p-value an exact test can reach is {p_value:.2g}"
        told.append(f"{orders:,} possible orders and change-overs{smallest}.")
    if share is not None:
        slowly = "As the effect builds up and fades slowly, a" if round(100 * share) < 100 else "A"
        told.append(f"{slowly} plain comparison of the periods sees {round(100 * share)}% of the effect.")
    return ui.tags.figure(
        HTML(_calendar_svg(result.scenario.layout())),
        ui.tags.figcaption(OPENLY if is_open_label(result) else BY_LOT),
        *map(ui.tags.p, told),
    )


@lru_cache(maxsize=64)
def _calendar_svg(layout: Layout) -> str:
    title = "The calendar of the trial, without any order"
    return as_svg(draw_calendar(layout, PICTURE), "calendar", title, title)


def remarks(result: PartialResult) -> ui.Tag | None:
    """List what is allowed and yet unwise; None where there is nothing."""
    told = (*words.warnings(result.verdict), *map(str, on_the_plan(result.scenario)))
    if not told:
        return None
    return ui.div(ui.tags.h3("Mind"), ui.tags.ul(*map(ui.tags.li, told)), class_="remarks")
