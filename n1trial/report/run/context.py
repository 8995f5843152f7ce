"""A run as plain figures, names and tables for its page; the words are in the template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from n1trial.diary.methods import method_of
from n1trial.evaluation.characteristics import FEWEST_TRIALS, Figure
from n1trial.evaluation.tally import LIKELY
from n1trial.evaluation.verdict import FLAG_FACTOR, is_inflated
from n1trial.report import sentences
from n1trial.report import verdict as words
from n1trial.report.check import KNOWN_AS
from n1trial.report.plot.calendar import stretches
from n1trial.report.rounding import signed_points
from n1trial.report.run.stress import advice_under_stress, view_of_overall
from n1trial.report.run.tiles import tiles
from n1trial.report.run.what_if import false_alarms, meaning_in_words, positive, what_if, why_no_result
from n1trial.report.run.worth import adopt_rows, best_rows, finished_rows, margin_of_adoption, meanings
from n1trial.report.words import capital, control_in_words, layout_in_words, singular, weeks
from n1trial.scenario.check.answers import answers
from n1trial.scenario.check.cautions import paragraphs
from n1trial.scenario.check.evidence import beliefs, evidence
from n1trial.scenario.check.remarks import remarks
from n1trial.scenario.file.write import write_resolved
from n1trial.scenario.model.entries import entries
from n1trial.simulation.life import Life, live_to_the_end
from n1trial.study.run.result import Result
from n1trial.wording import show

Context = dict[str, Any]

DOUBTFUL_LEAK = 0.5
"""From here on patients know more often than not what they take."""


def view(result: Result) -> Context:
    """Return all that the page of a run speaks of.

    Returns
    -------
    dict
        Of numbers, names, sentences and tables (lists of dicts); figures that do not exist are None.
    """
    scenario, verdict, plan = result.scenario, result.verdict, result.scenario.plan()
    return {
        "name": scenario.name, "title": scenario.title, "version": result.version,
        "replicates": scenario.simulation.replicates, "seed": scenario.simulation.seed,
        "is_few": scenario.simulation.replicates < FEWEST_TRIALS,
        "answer": verdict.answer, "headline": words.headline(verdict),
        "reason": words.reason(verdict) if verdict.never is None else capital(f"{words.why_never(verdict.never)}."),
        "depends_on": sentences.what_it_depends_on(result) if verdict.depends else None,
        "warnings": sentences.warnings_in_words(result), "remarks": tuple(map(str, remarks(scenario))),
        "treatment": scenario.treatment, "outcome": scenario.outcome, "patient": scenario.patient,
        "source": scenario.source,
        "is_effect_assumed": beliefs(scenario).get("treatment.effect") in (None, "assumption"),
        "control": control_in_words(scenario), "layout": layout_in_words(scenario), "weeks": weeks(result.burden.weeks),
        "is_open_label": sentences.is_open_label(result), "is_probability": scenario.decision.rule == "probability",
        "analysis": sentences.analysis_in_words(result), "primary": result.primary, "sides": plan.sides,
        "is_either_way": sentences.counts_either_way(result),
        "alpha": plan.alpha, "mcid": plan.mcid, "benefit": plan.benefit_sign * scenario.treatment.effect,
        "tiles": tiles(result), "sentences": list(what_if(result)),
        "power": power(result), "improvements": improvements(result), "methods": list(methods(result)),
        "limit": _limit(result), "help": sentences.help_in_words(result) if result.improvements else None,
        "run_in": sentences.run_in_in_words(result), "may_run_in_on_placebo": "placebo_run_in" in result.improvements,
        "ceiling": sentences.ceiling_in_words(result), "best": list(best_rows(result)),
        "as_planned": result.figures[result.primary]["mcid"][
            "adopt" if scenario.decision.rule == "probability" else "detect"
        ],
        "seen": result.figures[result.primary]["mcid"]["detect"], "attenuation": result.attenuation,
        "finished": list(finished_rows(result)),
        "finished_share": None if result.finished is None else result.finished.share.value,
        "after_finished": "; ".join(meaning_in_words(result.finished.means)) if result.finished is not None else "",
        "certainty": sentences.certainty_in_words(result), "certain_figures": list(certain_figures(result)),
        "courses": courses(result), "unsettled": unsettled_rows(result), "meanings": list(meanings(result)),
        "adopt": list(adopt_rows(result)), "probabilities": LIKELY,
        "probability_heads": [f"at least {least:g}" for least in LIKELY],
        "adopt_margin": margin_of_adoption(result),
        "overall": view_of_overall(result),
        "is_knowing_tried": any(row.detect_if_known is not None for row in result.sensitivity),
        "is_course_tried": len(result.sensitivity) > 1 or bool(result.unsettled),
        "secondary": list(secondary(result)), "described": sentences.secondary_in_words(result),
        "burden": result.burden, "burden_words": sentences.burden_in_words(result), "guessed": guess_shares(result),
        "counts": list(counts(result)), "beliefs": list(assumptions(result)), "left_out": list(left_out(result)),
        "stress": stress(result), "advice": advice_under_stress(result) if result.stress else None,
        "cautions": list(paragraphs(scenario)),
        "is_blinding_doubtful": scenario.blinding.leak >= DOUBTFUL_LEAK,
        "considered": answers(scenario), "resolved": write_resolved(scenario),
        "planned": signed_points(scenario.treatment.effect, scenario.outcome.unit),
        "unit": {"one": singular(scenario.outcome.unit), "many": scenario.outcome.unit},
        "alarms": false_alarms(result), "method_names": list(result.figures), "life": one_life(result),
        "stretches": list(stretches(scenario.layout())),
    }  # fmt: skip


def one_life(result: Result) -> Context:
    """Describe one simulated patient that stays to the end, if there is any, with a row a stretch of the trial."""
    life = live_to_the_end(result.scenario)
    last = life.dropout_day
    return {
        "life": life, "replicate": life.replicate, "assumed": sentences.assumed_in_words(life),
        "rows": list(_stretches_of(life)),
        "stays": "" if last is None else f"This one stops after {last} days.",
    }  # fmt: skip


def _stretches_of(life: Life) -> Iterator[Context]:
    """Yield a row for the run-in, and each period, of a life."""
    names = {1: life.scenario.treatment.name, 0: life.scenario.control.name}
    for period in range(int(life.period.max()) + 1):
        held = life.period == period if period else life.day < 0
        score = life.score[held & ~np.isnan(life.score)]
        if held.any():
            yield {
                "name": f"{period}: {names[int(life.treatment[held][0])]}" if period else "Run-in",
                "days": int(held.sum()), "entries": len(score), "mean": f"{score.mean():.1f}" if len(score) else "none",
            }  # fmt: skip


def power(result: Result) -> list[Context]:
    """Return a row an effect, by its benefit: how often it is shown, and how often the trial says the drug works."""
    null = result.figures[result.primary]["null"]
    plan, own = result.scenario.plan(), result.scenario.plan().benefit_sign * result.scenario.treatment.effect
    return [
        {
            "benefit": benefit, "is_mcid": benefit == plan.mcid, "is_planned": benefit == own,
            "shown": null["adopt"] if benefit == 0 else positive(result, figures), "adopted": figures["adopt"],
            "either": figures["detect"],
        }
        for benefit, figures in result.curve.items()
    ]  # fmt: skip


def improvements(result: Result) -> list[Context]:
    """Return a row a hardship: what would be shown without it, the one that gains most first."""
    rows = [
        {"name": name, "words": sentences.improvement_in_words(result, name), "shown": one.detect, "gain": one.gain,
         "weeks": one.more_weeks}
        for name, one in result.improvements.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -(row["shown"].value or 0.0))


def methods(result: Result) -> Iterator[Context]:
    """Yield a row an analysis, the planned one first: effects shown, false alarms, trials without a result."""
    alpha = result.scenario.analysis.alpha
    for method in sorted(result.figures, key=lambda name: name != result.primary):
        truths = result.figures[method]
        # the cause was looked for by simulation for the planned analysis alone; a status is no cause
        has_reason = method == result.primary and bool(result.reasons[method]["mcid"])
        yield {
            "name": method, "words": method_of(method).words, "role": method_of(method).role,
            "is_primary": method == result.primary,
            "shown": truths["mcid"]["detect"], "alarms": truths["null"]["detect"],
            "without": truths["mcid"]["not_estimable"], "why": why_no_result(result) if has_reason else None,
            "is_inflated": is_inflated(truths["null"]["detect"], alpha, FLAG_FACTOR),
        }  # fmt: skip


def secondary(result: Result) -> Iterator[Context]:
    """Yield a row a secondary outcome and truth: what the planned analysis would say of it."""
    if result.secondary is None:
        return
    for outcome in result.scenario.secondary:
        for truth, figures in result.secondary.outcomes[outcome.name].items():
            yield {"name": outcome.name, "better": outcome.better, "is_planned": truth == "planned"} | vars(figures)


def certain_figures(result: Result) -> Iterator[tuple[str, Figure]]:
    """Yield the main shares, by what each is of."""
    primary = result.figures[result.primary]
    yield "shown", positive(result, primary["mcid"])
    yield "works", primary["null"]["adopt"]
    yield "alarms", primary["null"]["detect"]
    yield "without", primary["mcid"]["not_estimable"]


def courses(result: Result) -> list[Context]:
    """Return a row a time course of the drug: ends of what is believable, and the scenario's theories."""
    names = {theory.name for theory in result.scenario.theory}
    return [
        {"name": row.name, "is_theory": row.name in names, "onset_days": row.onset_days,
         "offset_days": row.offset_days, "shown": row.detect, "known": row.detect_if_known, "share": row.attenuation}
        for row in result.sensitivity
    ]  # fmt: skip


def unsettled_rows(result: Result) -> list[Context]:
    """Return a row for each end of each number that is not known."""
    return [
        {"key": row.key, "words": result.scenario.label(row.key), "value": value, "shown": figure,
         "is_decisive": row.is_decisive}
        for row in result.unsettled
        for value, figure in (row.low, row.high)
    ]  # fmt: skip


def guess_shares(result: Result) -> dict[str, float]:
    """Return the share of right guesses among those who guess what they take, by truth; none where nobody guesses."""
    if sentences.is_open_label(result):
        return {}
    return {truth: one.correct for truth, one in result.blinding.items() if one.correct is not None}


def counts(result: Result) -> Iterator[tuple[int, str]]:
    """Count how many numbers are known how well."""
    tally = Counter(beliefs(result.scenario).values())
    return ((tally[status], words) for status, words in KNOWN_AS.items() if tally[status])


def assumptions(result: Result) -> Iterator[Context]:
    """Yield a row a number that the answer rests on: its value, what is believable, and where it comes from."""
    scenario = result.scenario
    speaking = evidence(scenario)
    for key, status in beliefs(scenario).items():
        one = speaking.get(key)
        span = None if one is None or one.range is None else one.range
        yield {
            "key": key, "words": scenario.label(key), "value": show(scenario.value(key)),
            "range": None if span is None else f"{span[0]:g} to {span[1]:g}", "status": status,
            "known": KNOWN_AS[status], "note": "" if one is None else one.note,
        }  # fmt: skip


def left_out(result: Result) -> Iterator[Context]:
    """Yield a row a key that the file left out, with the value taken for it."""
    held = {entry.path: entry for entry in entries(result.scenario)}
    for key in result.assumed:
        yield {"key": key, "value": show(held[key].value), "words": str(held[key].info.description)}


def stress(result: Result) -> list[Context]:
    """Return a row a departure from the plan, with false alarms and effects shown by method."""
    cells: dict[str, dict[str, tuple[Figure, Figure]]] = {}
    for row in result.stress:
        cells.setdefault(row.departure, {})[row.method] = (row.type_1, row.detect)
    return [{"departure": departure, "cells": cells[departure]} for departure in cells]


def _limit(result: Result) -> str | None:
    limit = result.verdict.limit
    if limit is None or result.verdict.answer == "misleading":
        return None
    text = sentences.limit_in_words(result, limit)
    return f"{text[:1].upper()}{text[1:]}"
