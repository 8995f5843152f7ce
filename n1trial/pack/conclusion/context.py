"""A finished trial as plain figures and tables, for pages, letters and files; the words are in the templates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from n1trial.analysis.estimates import Estimates, Status
from n1trial.diary.methods import COURSE, METHODS
from n1trial.diary.plan import Plan
from n1trial.evaluation.interval_content import room_of
from n1trial.pack.conclusion.answer import answer, chances, planned_row
from n1trial.pack.end.conclude import Final, mean
from n1trial.pack.end.trial_diary import TrialDiary
from n1trial.pack.trial.codes import normalize_code
from n1trial.pack.trial.trial import Trial
from n1trial.pack.visit.deviation import one_by_one, sums
from n1trial.pack.visit.deviation_words import in_words
from n1trial.report.diary.secondary import not_tested
from n1trial.report.rounding import finite
from n1trial.report.words import content_names, control_in_words, drug_in_words, layout_in_words, singular
from n1trial.scenario.check.cautions import paragraphs
from n1trial.scenario.scenario import Scenario

Row = dict[str, Any]
Table = list[Row]


@lru_cache(maxsize=1)
def view(final: Final) -> Row:
    """Return all that pages, letters and terminal speak of; reckoned once for all of them.

    Returns
    -------
    dict
        Of numbers, names, dates and tables (lists of dicts); figures that do not exist are None.
    """
    trial_diary, plan = final.trial_diary, final.plan
    trial = trial_diary.key.trial
    scenario = trial.scenario
    analyses = list(_analyses(final))
    return {
        "is_rehearsal": trial.is_rehearsal,
        "name": scenario.name,
        "title": scenario.title,
        "patient_code": trial.patient_code,
        "start": trial_diary.date_of(-trial.layout.run_in_days),
        "end": None if trial_diary.last_written is None else trial_diary.date_of(trial_diary.last_written),
        **_contents(scenario),
        "layout": layout_in_words(scenario),
        "weeks": trial.layout.weeks,
        "rounds": scenario.design.cycles,
        "outcome": scenario.outcome.name,
        "unit": {"one": singular(scenario.outcome.unit), "many": scenario.outcome.unit},
        "scale": scenario.outcome.scale,
        **_of_plan(plan, is_adopted=final.is_adopted),
        "primary": _row(final.primary, "primary", final.primary.method),
        "estimand": final.primary.estimand,
        **answer(final),
        "ending": final.ending,
        "placebo_enters": _placebo_enters(analyses),
        "adjust": plan.adjust,
        "adjusted_by": _adjusted_by(analyses),
        "chances": list(chances(final)),
        "analyses": analyses,
        "room_reached_beyond": _room_reached_beyond(final, analyses),
        "planned": planned_row(final),
        **_of_days(trial_diary),
        "unsaid_spreads": list(_unsaid_spreads(final)),
        "blinding": final.blinding,
        "secondary": final.secondary,
        "not_tested": not_tested(len(final.secondary)),
        "cautions": list(paragraphs(scenario)),
        "version": trial_diary.key.version,
    }  # fmt: skip


def _placebo_enters(analyses: Table) -> Row:
    """Return the methods whose full effect a placebo response enters, and those whose interval it enters too."""
    full = dict.fromkeys(row["method"] for row in analyses if row["estimand"] == "full effect")
    entered = [name for name in full if name != COURSE.name]
    return {"estimate": entered, "interval": [name for name in entered if METHODS[name].has_posterior]}


def _adjusted_by(analyses: Table) -> list[str]:
    """Return the methods with an answer that have terms for the triggers that a plan adjusts for."""
    answered = dict.fromkeys(row["method"] for row in analyses if row["is_estimable"])
    return [name for name in answered if "adjust" in METHODS[name].settings]


def _contents(scenario: Scenario) -> Row:
    """Return what kits hold, by its short and its full name."""
    return {
        "drug": scenario.treatment.name,
        "drug_full": drug_in_words(scenario),
        "control": control_in_words(scenario),
        "control_full": content_names(scenario)[0] if scenario.control.is_active else control_in_words(scenario),
        "is_control_active": scenario.control.is_active,
    }


def _of_plan(plan: Plan, *, is_adopted: bool | None) -> Row:
    """Return what was fixed in advance, and whether the rule says adopt."""
    return {
        "better": plan.better,
        "mcid": plan.mcid,
        "level": 100 * (1 - 2 * plan.alpha / plan.sides),
        "alpha": plan.alpha,
        "discard_days": plan.discard_days,
        "onset_days": plan.assumed_onset_days,
        "offset_days": plan.assumed_offset_days,
        "decision": {
            "rule": plan.decision_rule, "benefit": plan.decision_benefit, "threshold": plan.decision_threshold,
            "is_adopted": is_adopted,
        },
    }  # fmt: skip


def _of_days(trial_diary: TrialDiary) -> Row:
    """Return what happened on days, and what was not kept, taken or said on them."""
    return {
        "days_not_kept": trial_diary.days_not_kept,
        "pauses": [
            {"days": each.facts["days"], "until": trial_diary.date_of(each.first_day)}
            for each in trial_diary.deviations if each.kind == "agreed pause"
        ],
        "deviations": list(_deviations(trial_diary)),
        "daily": [in_words(each) for each in sums(trial_diary.deviations)],
        "excluded_days": list(trial_diary.excluded_days),
        "other_content_days": int(trial_diary.is_other_content.sum()),
        "missed_days": int(trial_diary.is_missed.sum()),
        "not_said_days": int(trial_diary.is_not_said.sum()),
        "says_doses": trial_diary.says_doses,
        "late_entries": int((trial_diary.is_late & ~np.isnan(trial_diary.as_randomized.score[:, 0])).sum()),
        "periods": periods(trial_diary),
        "kits": kits(trial_diary),
        "complaints": list(_complaints(trial_diary)),
        "treated_weeks": _treated_weeks(trial_diary),
        "notes": list(trial_diary.as_returned.notes),
    }  # fmt: skip


def periods(trial_diary: TrialDiary) -> Table:
    """Return a row a period: what it was, from when to when, and the scores of the days that count."""
    diary, trial = trial_diary.as_randomized, trial_diary.key.trial
    usable, score = diary.is_usable()[:, 0], diary.score[:, 0]
    table = []
    for number in range(1, int(diary.period.max()) + 1):
        held = np.flatnonzero(diary.period[:, 0] == number)
        counted = score[held][usable[held]]
        is_drug = bool(diary.treatment[held[0], 0] == 1)
        table.append(
            {
                "number": number, "round": int(diary.cycle[held[0], 0]), "is_drug": is_drug,
                "content": _name(trial, is_drug),
                "first": trial_diary.date_of(int(diary.day[held[0]])),
                "last": trial_diary.date_of(int(diary.day[held[-1]])),
                "days": len(held), "entries": int((~np.isnan(score[held])).sum()), "counted": len(counted),
                "mean": mean(counted), "sd": float(counted.std(ddof=1)) if len(counted) > 1 else None,
            }
        )  # fmt: skip
    return table


def kits(trial_diary: TrialDiary) -> Table:
    """Return a row a kit of the plan: what it held, what was used in its place, and the scores of its days."""
    diary, trial = trial_diary.as_randomized, trial_diary.key.trial
    returned, first = trial_diary.as_returned, int(diary.day[0])
    typed = dict(zip(returned.day.tolist(), returned.kit, strict=True))
    guessed = dict(zip(returned.day.tolist(), returned.guess.tolist(), strict=True))
    table = []
    for kit in trial.kits:
        rows = np.arange(kit.first_day - first, kit.last_day - first + 1)
        scores = diary.score[rows, 0]
        scores = scores[~np.isnan(scores)]
        used = {normalize_code(typed[day]) for day in range(kit.first_day, kit.last_day + 1) if typed.get(day)} - {
            kit.code
        }
        is_drug = bool(diary.treatment[rows[0], 0] == 1)
        asked = [guessed[day] for day in range(kit.first_day, kit.last_day + 1) if guessed.get(day, -2) >= -1]
        table.append(
            {
                "number": kit.number, "code": kit.code, "first_day": kit.first_day, "last_day": kit.last_day,
                "first": trial_diary.date_of(kit.first_day), "last": trial_diary.date_of(kit.last_day),
                "is_drug": is_drug, "content": _name(trial, is_drug),
                "used": sorted(used), "days": len(rows), "entries": len(scores), "mean": mean(scores),
                "least": float(scores.min()) if scores.size else None,
                "most": float(scores.max()) if scores.size else None,
                "missed": int(trial_diary.is_missed[rows].sum()),
                "not_said": int(trial_diary.is_not_said[rows].sum()),
                "guess": {1: trial.scenario.treatment.name, 0: trial.scenario.control.name, -1: "?"}[asked[-1]]
                if asked else None,
            }
        )  # fmt: skip
    return table


def _analyses(final: Final) -> Iterator[Row]:
    """Yield all analyses, the planned one first, as taken after all as randomized."""
    for method, estimates in final.estimates.items():
        is_first = method == final.plan.primary
        role = "primary" if is_first else METHODS[method].role
        yield _row(estimates, role, method)
        for (onset, offset), changed in final.constants.items():
            if changed.method == method:
                yield _row(changed, "constants", method) | {"onset": onset, "offset": offset}
    if final.in_time is not None:
        yield _row(final.in_time, "in_time", final.in_time.method)
    for method, estimates in final.as_taken.items():
        yield _row(estimates, "taken", method)
    for method, estimates in final.taken_if_missed.items():
        yield _row(estimates, "taken_if_missed", method)


def _room_reached_beyond(final: Final, analyses: Table) -> tuple[float, float] | None:
    """Return the differences that the scale has room for, where an end of an interval lies beyond; else None."""
    room = room_of(final.trial_diary.as_randomized)
    ends = [end for row in analyses for end in (row["low"], row["high"]) if end is not None]
    return None if all(room[0] <= end <= room[1] for end in ends) else room


def _unsaid_spreads(final: Final) -> Iterator[Row]:
    """Yield estimates with unsaid doses taken, and with all of them missed, where both exist."""
    for method, estimates in final.taken_if_missed.items():
        ends = [_row(each, "", method)["estimate"] for each in (final.as_taken[method], estimates)]
        if None not in ends:
            yield {"method": method, "if_taken": ends[0], "if_missed": ends[1]}


def _row(estimates: Estimates, role: str, method: str) -> Row:
    status = Status(int(estimates.status[0]))
    is_estimable = status.is_estimable
    figures = {
        key: finite(float(getattr(estimates, name)[0])) if is_estimable else None
        for key, name in (("estimate", "estimate"), ("low", "ci_low"), ("high", "ci_high"), ("p", "p_value"))
    }
    return figures | {
        "method": method, "words": METHODS[method].words, "role": role, "estimand": estimates.estimand,
        "status": status.word, "is_estimable": is_estimable, "n": int(estimates.n[0]), "onset": None, "offset": None,
    }  # fmt: skip


def _deviations(trial_diary: TrialDiary) -> Iterator[Row]:
    """Yield those that are listed one by one."""
    for each in one_by_one(trial_diary.deviations):
        first, last = trial_diary.date_of(each.first_day), trial_diary.date_of(each.last_day)
        yield {"first": first, "last": last, "text": in_words(each)}


def _complaints(trial_diary: TrialDiary) -> Iterator[Row]:
    """Yield new complaints with what was taken on their day."""
    diary, trial = trial_diary.as_taken, trial_diary.key.trial
    texts = trial_diary.as_returned.texts.get("new_complaints", ())
    for day, text in zip(trial_diary.as_returned.day.tolist(), texts, strict=False):
        if text and diary.day[0] <= day <= diary.day[-1]:
            is_treated = day >= trial.first_kit_day
            is_drug = bool(diary.treatment[day - int(diary.day[0]), 0] == 1)
            yield {
                "date": trial_diary.date_of(day), "text": text, "is_drug": is_drug, "is_run_in": not is_treated,
                "content": _name(trial, is_drug) if is_treated else None,
            }  # fmt: skip


def _treated_weeks(trial_diary: TrialDiary) -> dict[str, float]:
    """Count weeks on each treatment, up to the last day that anything was written about."""
    diary, first, last = trial_diary.as_taken, trial_diary.key.trial.first_kit_day, trial_diary.last_written
    treated = (diary.day >= first) & (diary.day <= (first - 1 if last is None else last))
    on_drug = diary.treatment[:, 0] == 1
    return {"drug": int((treated & on_drug).sum()) / 7, "control": int((treated & ~on_drug).sum()) / 7}


def _name(trial: Trial, is_drug: bool) -> str:
    return trial.scenario.treatment.name if is_drug else trial.scenario.control.name
