"""The short answer on the terminal: question, plan and verdict, then a line or two for each label."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from n1trial.diary.methods import METHODS
from n1trial.evaluation.characteristics import FEWEST_TRIALS
from n1trial.report import sentences
from n1trial.report import verdict as words
from n1trial.report.lines import WIDTH, label_lines, wrap
from n1trial.report.rates import count_of_100, in_100, margin
from n1trial.report.rounding import three_digits
from n1trial.report.run.stress import headline as headline_of_overall
from n1trial.report.run.stress import under_stress
from n1trial.report.run.what_if import SELDOM, count_of_harm, positive, reason_for_no_result, span
from n1trial.report.templates import templates
from n1trial.report.words import (
    NOTHING_CHANGED,
    capital,
    control_in_words,
    days_or_weeks,
    effect_in_words,
    layout_in_words,
    nothing_in_words,
    points,
    weeks,
)
from n1trial.scenario.check.cautions import cautions_of
from n1trial.scenario.check.evidence import count_published, from_own_diary
from n1trial.scenario.check.matters import why_idle
from n1trial.study.run.result import Result

LANGUAGE = "en"
LABEL = 10
OFTEN = 0.05
"""Share of trials without a result from which on it is said."""
ORDER = ("first", "shown", "overall", "assumed", "asks", "means", "why", "better", "mind", "more")
"""Labels below the answer, in their order."""


def brief_answer(
    result: Result,
    changes: Mapping[str, str] = NOTHING_CHANGED,
    width: int = WIDTH,
    language: str = LANGUAGE,
) -> str:
    """Say what a run found, for a clinician, in few lines.

    Parameters
    ----------
    result : Result
    changes : mapping of str to str, optional
        Values that took the place of the file's, by key.
    width : int
        Characters of a line.
    language : str
        Of the wording: there must be a file ``templates/answer.LANGUAGE.jinja``.

    Returns
    -------
    str
        Lines that end with a newline.
    """
    said: Any = _environment().get_template(f"answer.{language}.jinja").module
    view = context(result, changes)
    lines = [line for part in (said.question, said.plan, said.answer) for line in wrap(part(view), width=width)]
    for name in ORDER:
        if _has(name, view):
            lines += label_lines(said.LABELS[name], str(getattr(said, name)(view)), LABEL, width)
    if result.stress:
        lines += ["", *under_stress(result)]
    return "\n".join(lines) + "\n"


@cache
def _environment() -> Any:
    return templates("n1trial.report.run", {
        "share": in_100, "share_number": count_of_100, "effect": effect_in_words, "points": points,
        "size": three_digits, "ucfirst": capital,
    }, is_escaped=False)  # fmt: skip


def _has(name: str, view: Mapping[str, Any]) -> bool:
    """Whether the answer has a text for a label."""
    needs = {"overall": "overall", "means": "helped", "why": "is_held_back", "better": "limit", "mind": "is_mind"}
    return name not in needs or bool(view[needs[name]])


def context(result: Result, changes: Mapping[str, str]) -> dict[str, Any]:
    """Return the figures, names and lengths that the answer speaks of."""
    scenario, plan, verdict = result.scenario, result.scenario.plan(), result.verdict
    treatment, design = scenario.treatment, scenario.design
    primary = result.figures[result.primary]
    sourced, believed = count_published(scenario)
    return {
        "drug": treatment.name, "outcome": scenario.outcome.name, "unit": scenario.outcome.unit,
        "is_lower_better": scenario.outcome.better == "lower", "control": scenario.control.name,
        "control_name": control_in_words(scenario), "active_control": scenario.control.is_active,
        "layout": layout_in_words(scenario), "run_in": days_or_weeks(design.run_in_days) if design.run_in_days else "",
        "is_placebo_run_in": design.run_in == "placebo", "is_open_label": sentences.is_open_label(result),
        "changed": ", ".join(f"{key} = {value}" for key, value in changes.items()),
        "idle": [f"{why.place} {why.rule}." for key in changes if (why := why_idle(scenario, key))],
        "answer": verdict.answer, "headline": words.headline(verdict), "reason": words.reason(verdict),
        "never": None if verdict.never is None else words.why_never(verdict.never),
        "depends_on": sentences.what_it_depends_on(result) if verdict.depends else None,
        "weeks": weeks(result.burden.weeks), "mcid": plan.mcid,
        "first": " ".join(cautions_of(scenario).first.split()), "own_cautions": scenario.cautions.own,
        "is_probability": scenario.decision.rule == "probability", "nothing": nothing_in_words(scenario),
        "worthwhile": plan.benefit_sign * plan.mcid, "shown": positive(result, primary["mcid"]).value,
        **_planned(result), **_alarms(result), **_ends(result), **_without_result(result), **_limit(result),
        "overall": None if result.overall is None else headline_of_overall(scenario, result.overall),
        "established": abs(treatment.established_effect or 0.0),
        "sourced": sourced, "beliefs": believed, "own_values": from_own_diary(scenario),
        "is_reported": scenario.source.status == "reported-unverified",
        "entries": result.burden.diary_entries, "on_control": _weeks_on_control(result),
        "stops": 1 - result.burden.expected_finished, "helped": _shares_of_help(result),
        "are_weeks_said": verdict.never is None and not verdict.depends and verdict.answer != "misleading",
        "missed": 1 - (positive(result, primary["mcid"]).value or 0.0), **_mind(result),
        "trials": scenario.simulation.replicates,
        "is_few": scenario.simulation.replicates < FEWEST_TRIALS, "margin": margin(positive(result, primary["mcid"])),
        "by_test": primary["mcid"]["detect"].value,
    }  # fmt: skip


def _planned(result: Result) -> dict[str, Any]:
    """Return what the planned effect adds, where it is neither none nor the smallest worthwhile one."""
    plan, planned = result.scenario.plan(), result.scenario.treatment.effect
    is_other = planned != plan.benefit_sign * plan.mcid
    is_shown = is_other and planned != 0
    shown = positive(result, result.figures[result.primary]["planned"]).value if is_shown else None
    is_harm = planned * plan.benefit_sign < 0
    return {"planned": planned, "planned_shown": shown, "is_planned_other": is_other, "is_harm": is_harm}


def _alarms(result: Result) -> dict[str, Any]:
    """Return how many trials of a drug that does nothing show a benefit, and how many more show a harm."""
    benefit = result.figures[result.primary]["null"]["adopt"].value or 0.0
    return {"alarms": benefit, "harm": count_of_harm(result) if sentences.counts_either_way(result) else None}


def _ends(result: Result) -> dict[str, Any]:
    """Return the range of what is shown over the ends of what is not known, and whether these are time courses."""
    courses = [row.detect.value or 0.0 for row in result.sensitivity if row.is_end]
    unsettled = [figure.value or 0.0 for row in result.unsettled for _, figure in (row.low, row.high)]
    found = courses + unsettled
    is_relied_on = result.verdict.answer != "misleading"
    return {"ends": (min(found), max(found)) if found and is_relied_on else None, "are_ends_course": not unsettled}


def _without_result(result: Result) -> dict[str, Any]:
    """Return why no trial has a result, where none has, and how many have none, where these are many."""
    share = result.figures[result.primary]["mcid"]["not_estimable"].value or 0.0
    is_all = share > 1 - SELDOM
    return {
        "no_result": reason_for_no_result(result) if is_all else None,
        "without": None if is_all or share < OFTEN else share,
    }


def _mind(result: Result) -> dict[str, Any]:
    """Return what must be known beside the answer and is not in it, in words."""
    is_counted = sentences.is_stress_counted(result)
    weak = bool(METHODS[result.primary].weak_points) and not is_counted
    is_said = result.verdict.answer == "misleading"
    minded = () if is_said else ("inflated",) if result.verdict.limit == "carryover_gone" else ("inflated", "unseen")
    said = [words.remark_in_words(remark) for remark in result.verdict.warnings if remark.kind in minded]
    said += sentences.prior_conflicts_in_words(result)
    said += sentences.failing_rows_in_words(result) if is_counted else ()
    return {"mind": said, "has_weak_points": weak, "is_mind": bool(said) or weak}


def _limit(result: Result) -> dict[str, Any]:
    """Return what holds the trial back, and what helps most; nothing where no advice is given."""
    limit = result.verdict.limit
    if limit is None or result.verdict.answer == "misleading":
        return {"limit": None, "is_held_back": False}
    return {
        "limit": limit, "is_held_back": result.verdict.answer != "likely",
        "limit_words": sentences.limit_in_words(result, limit),
        "seen": sentences.seen_by_averages(result),
        "helps": [
            (sentences.improvement_in_words(result, name), result.improvements[name].detect.value)
            for name in sentences.helpful(result)
        ],
    }  # fmt: skip


def _shares_of_help(result: Result) -> dict[str, Any] | None:
    """Return shares of patients who are helped, before and after a trial; None where no prior says so."""
    means = result.means
    if means is None or means.reason is not None or means.helped_before is None:
        return None
    positive_group, negative_group = means.helped_after_positive, means.helped_after_negative
    return {
        "before": means.helped_before.value,
        "after_positive": None if positive_group is None else positive_group.value,
        "span": None if positive_group is None else span(positive_group),
        "after_negative": None if negative_group is None else negative_group.value,
    }


def _weeks_on_control(result: Result) -> str:
    """Word the fewest and most weeks on control; nothing without one."""
    if sentences.is_open_label(result):
        return ""
    least, most = result.burden.weeks_on_placebo
    return weeks(most) if least == most else f"{least:g} to {weeks(most)}"
