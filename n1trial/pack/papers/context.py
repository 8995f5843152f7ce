"""What the papers say of a trial, as plain values for the wording to speak of; nothing here knows the allocation."""

from __future__ import annotations

from datetime import date
from typing import Any

from n1trial import __version__
from n1trial.pack.papers.diary_page import marks, room
from n1trial.pack.trial.columns import asked_daily, asked_on, unusual
from n1trial.pack.trial.commitment import in_groups
from n1trial.pack.trial.trial import DiarySheet, Trial
from n1trial.pack.trial.visits import handout_dates, visit_dates
from n1trial.report.words import content_names, drug_in_words, plural, singular
from n1trial.scenario.check.cautions import cautions_of
from n1trial.scenario.scenario import Scenario
from n1trial.wording import plain

Facts = dict[str, Any]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Stand for further questions, where these do not fit on each day."""


def facts(trial: Trial, commitment: str, since: int | None = None) -> Facts:
    """Gather what every paper may speak of: the trial's frozen parts, and what is reckoned from them.

    Parameters
    ----------
    trial : Trial
    commitment : str
    since : int, optional
        First day of the plan that papers made again are about; by default all days are.
    """
    scenario = trial.scenario
    begun = trial.first_day if since is None else since
    parts = {
        "trial": trial, "scenario": scenario, "layout": trial.layout, "treatment": scenario.treatment,
        "control": scenario.control, "outcome": scenario.outcome, "pack": scenario.pack,
        "version": __version__, "commitment": in_groups(commitment),
    }  # fmt: skip
    return parts | _names(scenario, trial.patient_code) | _days(trial, begun) | _page_of_the_diary(scenario)


def _names(scenario: Scenario, patient_code: str) -> Facts:
    """Return names within sentences, and what stands in for those that the scenario leaves open."""
    pack, outcome = scenario.pack, scenario.outcome
    return {
        "title": scenario.title or scenario.name,
        "drug": drug_in_words(scenario),
        "control_full": content_names(scenario)[0],
        "is_control_active": scenario.control.is_active,
        "form": {"one": pack.form, "many": pack.form_plural or plural(pack.form)},
        "unit": {"one": singular(outcome.unit), "many": outcome.unit},
        "reference": pack.reference or patient_code,
        "batch": pack.batch or patient_code,
        "use_by": date.fromisoformat(pack.use_by) if pack.use_by else None,
        "question": outcome.question or f"{outcome.name}?",
        "call_if": cautions_of(scenario).call,
    }


def _days(trial: Trial, first_day: int) -> Facts:
    """Return dates, weeks, kits and visits; pages of the diary from the day on which it begins."""
    layout = trial.layout
    return {
        "begun": first_day,
        "resumes": None if first_day == trial.first_day else trial.date_of(first_day),
        "end": trial.date_of(trial.last_day),
        "first_kit_date": trial.date_of(trial.first_kit_day),
        "before_first_kit": trial.date_of(trial.first_kit_day - 1),
        "weeks": plain(round(layout.weeks, 1)),
        "weeks_on_control": [plain(round(weeks, 1)) for weeks in layout.weeks_on_control()],
        "days_on_kits": trial.last_day - trial.first_kit_day + 1,
        "kits": kits_facts(trial),
        "visits": visit_dates(trial),
        "are_fetched": _has_fetching(trial),
        "sheets": [_sheet(trial, sheet, first_day) for sheet in trial.sheets if sheet.last_day >= first_day],
        "sheets_in_all": len(trial.sheets),
    }


def _page_of_the_diary(scenario: Scenario) -> Facts:
    """Say what a page of the diary asks, and how it is set so that a week fits."""
    set_as = room(scenario)
    return {
        "also_asked": asked_daily(scenario),
        "triggers": unusual(scenario),
        "letters": LETTERS,
        "marks": marks(scenario),
        "setting": set_as.setting,
        "mark_mm": f"{set_as.mark_mm:.2f}",
        "has_ticks_below": set_as.has_ticks_below,
        "units_of_day": scenario.pack.units_per_dose * len(scenario.pack.times_of_day),
    }


def kits_facts(trial: Trial) -> list[Facts]:
    """Say what the papers tell of each kit, in the order of use."""
    return [
        {
            "number": kit.number,
            "code": kit.code,
            "replacement": kit.replacement,
            "first_day": kit.first_day,
            "last_day": kit.last_day,
            "first": trial.date_of(kit.first_day),
            "last": trial.date_of(kit.last_day),
            "handed_out": handed_out,
        }
        for kit, handed_out in zip(trial.kits, handout_dates(trial), strict=True)
    ]


def _sheet(trial: Trial, sheet: DiarySheet, since: int) -> Facts:
    return {
        "number": sheet.number,
        "pack": sheet.kit.number if sheet.kit else 0,
        "first": trial.date_of(max(sheet.first_day, since)),
        "last": trial.date_of(sheet.last_day),
        "code": sheet.kit.code if sheet.kit else "",
        "ends_kit": sheet.ends_kit,
        "days": [
            {
                "date": trial.date_of(day),
                "has_dose": trial.takes_dose(day),
                "asked": asked_on(trial.scenario, day),
            }
            for day in sheet.days
            if day >= since
        ],
    }


def _has_fetching(trial: Trial) -> bool:
    """Whether some kits would not keep from a visit until they are used up, so that they are fetched between visits."""
    return not set(handout_dates(trial)) <= set(visit_dates(trial))
