"""What the papers say of a trial, as plain values for the wording to speak of; nothing here knows the allocation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from n1trial import __version__
from n1trial.evaluation.verdict import in_100
from n1trial.pack.key import in_groups
from n1trial.pack.planned import Planned
from n1trial.report.words import control_in_words, days_or_weeks, drug_in_words, effect_in_words, points
from n1trial.scenario.entries import applies
from n1trial.scenario.fault import plain, shown
from n1trial.scenario.ledger import published
from n1trial.scenario.library import cautions

if TYPE_CHECKING:
    from n1trial.pack.trial import Kit, Sheet, Trial
    from n1trial.scenario.model import Scenario

Facts = dict[str, Any]
VISIT_DAYS = 49
MOST_MARKS = 11
"""Scores that are printed to be circled; a finer scale gets a blank."""
STOP_POINTS = 2
"""Points worse than the run-in, for two weeks, at which the trial stops."""


def facts(trial: Trial, commitment: str) -> Facts:
    """What every paper may speak of.

    Parameters
    ----------
    trial : Trial
    commitment : str

    Returns
    -------
    dict
    """
    scenario, layout = trial.scenario, trial.layout
    pack, treatment, outcome = scenario.pack, scenario.treatment, scenario.outcome
    least, most = layout.weeks_on_control()
    return {
        "version": __version__,
        "name": scenario.name,
        "title": scenario.title or scenario.name,
        "patient_code": trial.patient_code,
        "commitment": in_groups(commitment),
        "drug": drug_in_words(scenario),
        "drug_name": treatment.name,
        "control": scenario.control.name,
        "control_in_words": control_in_words(scenario),
        "route": treatment.route,
        "every_days": treatment.every_days,
        "units_per_dose": pack.units_per_dose,
        "times_of_day": pack.times_of_day,
        "kit_days": pack.kit_days,
        "outcome": outcome.name,
        "question": outcome.question or f"{outcome.name}?",
        "window": outcome.window,
        "low": plain(outcome.scale[0]),
        "high": plain(outcome.scale[1]),
        "lowest_means": outcome.lowest_means,
        "highest_means": outcome.highest_means,
        "places": outcome.places,
        "also_asked": outcome.also_asked,
        "triggers": [trigger.name for trigger in scenario.trigger],
        "marks": _marks(scenario),
        "start": trial.start,
        "end": trial.date_of(trial.last_day),
        "first_kit_date": trial.date_of(trial.first_kit_day),
        "before_first_kit": trial.date_of(trial.first_kit_day - 1),
        "weeks": plain(round(layout.weeks, 1)),
        "kit_weeks": days_or_weeks(trial.last_day - trial.first_kit_day + 1),
        "weeks_on_control": _span(least, most),
        "kits": [_kit(trial, kit) for kit in trial.kits],
        "sheets": [_sheet(trial, sheet) for sheet in trial.sheets],
        "mcid": points(outcome.mcid),
    }


def of_the_protocol(trial: Trial, planned: Planned) -> Facts:
    """What the clinic's papers speak of besides."""
    scenario, layout, plan = trial.scenario, trial.layout, trial.scenario.plan()
    visit_outcomes = [one.name for one in scenario.secondary if one.every_days > 1]
    known, asked = published(scenario)
    return {
        "source_sentence": _source(scenario),
        "better_sentence": f"{scenario.outcome.better.capitalize()} is better.",
        "worse_word": "above" if scenario.outcome.better == "lower" else "below",
        "stop_points": STOP_POINTS,
        "run_in_days": layout.run_in_days,
        "has_placebo_run_in": layout.run_in == "placebo",
        "rounds": layout.cycles,
        "washout_days": layout.washout_days,
        "treated_weeks": plain(round(layout.treated_days / 7, 1)),
        "period_sentence": _periods(scenario),
        "entries": len(layout.days),
        "windows": list(_windows(trial)),
        "scheme": scenario.design.randomization,
        "assignments": f"{layout.randomization.assignments:,}" if layout.randomization else "1",
        "secondary": [
            {"name": one.name, "low": plain(one.scale[0]), "high": plain(one.scale[1]), "every_days": one.every_days}
            for one in scenario.secondary
        ],
        "replicates": f"{planned.replicates:,}",
        "planned_effect_in_words": effect_in_words(scenario.treatment.effect),
        "shown_planned": in_100(planned.detect_planned),
        "shown_worthwhile": in_100(planned.detect_worthwhile),
        "shown_null": in_100(planned.false_alarms),
        "answer": planned.answer,
        "primary": plan.primary,
        "others": [method for method in plan.methods if method != plan.primary],
        "sides": plan.sides,
        "alpha": f"{plan.alpha:g}",
        "discard_days": plan.discard_days,
        "minimum_days": plan.minimum_days,
        "course_sentence": _course(scenario),
        "carryover_sentence": _carryover(scenario),
        "decision": _decision(scenario),
        "missing": round(100 * scenario.conduct.missing),
        "dropout": scenario.conduct.dropout_per_week > 0,
        "cautions": [" ".join(text.split()) for text in _cautions(scenario)],
        "evidence": list(_evidence(scenario)),
        "evidence_sentence": f"{known} of {asked} values rest on published numbers. The others are assumed, or are"
        " general knowledge that was not checked.",
        "visits": list(_visits(trial)),
        "visit_outcomes": visit_outcomes,
    }


def of_the_pharmacy(trial: Trial, held: Mapping[str, bool], phrases: Mapping[str, str]) -> Facts:
    """What the pharmacy's papers speak of besides: the allocation is in it."""
    scenario, pack = trial.scenario, trial.scenario.pack
    names = (scenario.control.name, drug_in_words(scenario))
    units, needed = trial.units_per_kit, trial.doses_per_kit * pack.units_per_dose
    stock, fills = stock_kits(trial), list(_fills(trial))

    def slip(code: str) -> Facts:
        return {"code": code, "holds": names[held[code]], "phrase": phrases[code]}

    return {
        "units": units,
        "doses_per_kit": trial.doses_per_kit,
        "spare": next(iter(units.values())) - needed,
        "substances": (names[1], names[0]),
        "stock_kits": stock,
        "stock_units": f"{stock * sum(units.values()):,}",
        "shelf_life_days": pack.shelf_life_days,
        "fills": fills,
        "kits": [
            _kit(trial, kit)
            | {
                "holds": names[held[kit.code]],
                "fill": next(n for n, fill in enumerate(fills, start=1) if kit.number <= fill["last"]),
            }
            for kit in trial.kits
        ],
        "slips": [slip(kit.code) for kit in trial.kits],
        "slips_if_lost": [slip(kit.replacement) for kit in trial.kits],
    }


def stock_kits(trial: Trial) -> int:
    """Kits of either substance to have in the house: enough for any assignment of the scheme, and for losses.

    Losses are allowed for by as many kits again as the share that is planned as spare, at least one.
    """
    layout, pack = trial.layout, trial.scenario.pack
    least, most = (round(7 * weeks) // pack.kit_days for weeks in layout.weeks_on_control())
    # Balanced in time or not, at most so many kits hold the one or the other.
    most_of_either = max(most, len(trial.kits) - least)
    return most_of_either + max(1, math.ceil(round(pack.spare_fraction * most_of_either, 9)))


def _fills(trial: Trial) -> Iterator[Facts]:
    """Kits that are filled together, so that each is used within its shelf life."""
    length = trial.scenario.pack.kit_days
    together = max(1, trial.scenario.pack.shelf_life_days // length)
    for first in range(0, len(trial.kits), together):
        last = min(first + together, len(trial.kits))
        begins = trial.date_of(trial.kits[first].first_day)
        ends = trial.date_of(trial.kits[last - 1].last_day)
        earliest = max(ends - timedelta(days=trial.scenario.pack.shelf_life_days - 1), begins - timedelta(days=28))
        yield {"first": first + 1, "last": last, "not_before": min(earliest, begins)}


def _kit(trial: Trial, kit: Kit) -> Facts:
    return {
        "number": kit.number,
        "code": kit.code,
        "replacement": kit.replacement,
        "first_day": kit.first_day,
        "last_day": kit.last_day,
        "first": trial.date_of(kit.first_day),
        "last": trial.date_of(kit.last_day),
    }


def _sheet(trial: Trial, sheet: Sheet) -> Facts:
    return {
        "number": sheet.number,
        "first": trial.date_of(sheet.first_day),
        "last": trial.date_of(sheet.last_day),
        "code": sheet.kit.code if sheet.kit else "",
        "ends_kit": sheet.ends_kit,
        "days": [{"date": trial.date_of(day), "has_dose": trial.takes_dose(day)} for day in sheet.days],
    }


def _marks(scenario: Scenario) -> list[str]:
    """All scores, where they are few enough to be circled."""
    (low, high), step = scenario.outcome.scale, scenario.outcome.step
    count = math.floor((high - low) / step + 1e-9) + 1 if step > 0 else MOST_MARKS + 1
    return [plain(round(low + number * step, 9)) for number in range(count)] if count <= MOST_MARKS else []


def _span(least: float, most: float) -> str:
    shown_least, shown_most = plain(round(least, 1)), plain(round(most, 1))
    return shown_least if shown_least == shown_most else f"{shown_least} to {shown_most}"


def _source(scenario: Scenario) -> str:
    source = scenario.source
    said = [text.strip() for text in (source.citation, source.reported, source.note) if text.strip()]
    return ". ".join(text.rstrip(".") for text in said) + "." if said else "No source is named."


def _periods(scenario: Scenario) -> str:
    scheme = scenario.layout().randomization
    lengths = [scenario.design.period_days + shift for shift in (scheme.switches if scheme else (0,))]
    if len(lengths) == 1:
        return f"Each period lasts {days_or_weeks(lengths[0])}."
    return f"A period lasts from {days_or_weeks(lengths[0])} to {days_or_weeks(lengths[-1])}."


def _windows(trial: Trial) -> Iterator[Facts]:
    """Days between which the change-over of each round is drawn."""
    layout, scheme = trial.layout, trial.layout.randomization
    if scheme is None or len(scheme.switches) == 1:
        return
    for cycle in range(layout.cycles):
        middle = cycle * layout.cycle_days + layout.period_days
        first, last = middle + scheme.switches[0], middle + scheme.switches[-1]
        yield {"round": cycle + 1, "first": trial.date_of(first), "last": trial.date_of(last)}


def _course(scenario: Scenario) -> str:
    plan = scenario.plan()
    if not {"exposure", "randomization"} & {plan.primary, *plan.methods}:
        return ""
    return (
        f"The effect is assumed to build up with a time constant of {plan.assumed_onset_days:g} days and to fade with"
        f" one of {plan.assumed_offset_days:g} days."
    )


def _carryover(scenario: Scenario) -> str:
    plan = scenario.plan()
    if plan.primary == "exposure" or (plan.primary == "randomization" and plan.statistic == "exposure"):
        return "the analysis follows the effect as it builds up and fades, on all blinded days."
    return (
        f"what is left over from the period before is not modeled; the first {plan.discard_days} days of each period"
        " are left out for it."
    )


def _decision(scenario: Scenario) -> str:
    decision = scenario.decision
    if decision.rule == "detected":
        return "an effect in its favor is shown by the primary analysis"
    return f"a benefit above {points(decision.benefit)} has a probability of {decision.threshold:.0%} or more"


def _cautions(scenario: Scenario) -> tuple[str, ...]:
    return (*cautions(scenario.cautions.block).text, *scenario.cautions.own)


def _evidence(scenario: Scenario) -> Iterator[Facts]:
    for one in scenario.evidence:
        if applies(scenario, one.key):
            yield {"key": one.key, "value": shown(scenario.value(one.key)), "status": one.status, "note": one.note}


def _visits(trial: Trial) -> Iterator[date]:
    """Dates of the visits: before the first kit, every seven weeks, and after the last day."""
    for day in range(trial.first_kit_day, trial.last_day, VISIT_DAYS):
        yield trial.date_of(day)
    yield trial.date_of(trial.last_day + 1)
