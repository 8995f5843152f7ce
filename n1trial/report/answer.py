"""The answer on the terminal, in a clinician's words: frequencies first, one denominator throughout."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping

from n1trial.evaluation.verdict import WORDS, differs, in_100
from n1trial.report.stress import under_stress
from n1trial.report.what_if import what_if
from n1trial.report.words import (
    ANALYSES,
    control_in_words,
    count_of,
    joined,
    layout_in_words,
    ordinal_rounds,
    points,
    weeks,
)
from n1trial.scenario.check import warnings
from n1trial.scenario.entries import key_in_words
from n1trial.scenario.ledger import from_own_diary, published
from n1trial.scenario.library import cautions
from n1trial.study.result import Result

WIDTH = 100
LABEL = 14
WITHIN_REACH = ("one_more_cycle", "no_missing_entries", "all_doses_taken", "nobody_stops_early", "perfect_blinding")
"""Reliefs that a planner or a patient can bring about."""
FEWEST_TRIALS = 1000
"""Below this many simulated trials the answer is nothing to go by."""
NOTHING_CHANGED: Mapping[str, str] = {}


def answer(result: Result, asked: str | None = None, changes: Mapping[str, str] = NOTHING_CHANGED) -> str:
    """Say what a run found, for a clinician.

    Parameters
    ----------
    result : Result
    asked : str, optional
        The scenario and its changes as they were typed, to be typed again; by default its name.
    changes : mapping of str to str, optional
        Values that took the place of the file's, by key.

    Returns
    -------
    str
        Lines of at most 100 characters where no word is longer, ending with a newline.
    """
    lines = [*_wrapped(layout_in_words(result.scenario)), *_wrapped(_verdict(result))]
    for sentence in what_if(result):
        lines += _wrapped(sentence, first="  ", then="    ")
    for label, text in _labeled(result, asked or result.scenario.name, changes):
        lines += _wrapped(text, first=label.ljust(LABEL), then=" " * LABEL)
    if result.stress:
        lines += ["", *under_stress(result)]
    return "\n".join(lines) + "\n"


def _verdict(result: Result) -> str:
    verdict = result.verdict
    words = WORDS[verdict.answer].upper()
    if verdict.depends:
        return f"{words} - and it depends on {_what_it_depends_on(result)}, which is not known."
    if verdict.answer == "misleading":
        return f"{words}. {verdict.reason}"
    return f"{words}."


def _what_it_depends_on(result: Result) -> str:
    """What is not known and leads to another answer; where nothing does so alone, all that is not known."""
    drug = result.scenario.treatment.name
    ends = [row.detect for row in result.sensitivity if row.is_end]
    seen = [result.figures[result.primary]["mcid"]["detect"], *ends]
    course = [f"how fast {drug} acts and how long it lasts"] if ends else []
    is_course = any(differs(one, other) for one in seen for other in ends)
    decisive = course if is_course else []
    decisive += [key_in_words(result.scenario, row.key) for row in result.unsettled if row.is_decisive]
    return joined(decisive or course + [key_in_words(result.scenario, row.key) for row in result.unsettled])


def _labeled(result: Result, asked: str, changes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    scenario, verdict = result.scenario, result.verdict
    if changes:
        yield "Changed", ", ".join(f"{key} = {value}" for key, value in changes.items())
    yield "Analyzed by", _analysis(result)
    yield "It asks for", _burden(result)
    yield from _time_course(result)
    yield from _not_known(result)
    if verdict.limit is not None and verdict.answer != "misleading":
        yield "Held back by", _limit(result, verdict.limit)
        yield "Helps most", _help(result)
    own = set(warnings(scenario))
    for warning in verdict.warnings:
        if warning not in own:
            yield "Mind", warning
    yield "How sure", _certainty(result)
    if scenario.source.status in ("reported-unverified", "own-data"):
        yield "Source", f"{scenario.source.citation}. {_first_sentence(scenario.source.note)}"
    first = " ".join(cautions(scenario.cautions.block).first.split())
    yield "First", " ".join([first, *scenario.cautions.own])
    noted = f", and {count_of(len(own), 'remark')} on the plan" if own else ""
    yield "", f"All of it{noted}: n1trial check {asked}"


def _analysis(result: Result) -> str:
    scenario = result.scenario
    if scenario.decision.rule == "probability":
        least, likely = scenario.decision.benefit, f"{scenario.decision.threshold:.0%}"
        benefit = f"a benefit above {points(least)}" if least else "a benefit"
        return f"{ANALYSES[result.primary]}; the drug is continued where {benefit} is {likely} likely."
    return f"{ANALYSES[result.primary]} ({result.primary})."


def _first_sentence(text: str) -> str:
    return f"{text.partition('. ')[0].rstrip('.')}." if text else "Not verified."


def _burden(result: Result) -> str:
    burden = result.burden
    parts = [f"{weeks(burden.weeks)}", f"{burden.diary_entries} entries"]
    if not _is_open_label(result):
        kit_days = result.scenario.pack.kit_days
        kit = "weekly packs" if kit_days == 7 else f"packs of {count_of(kit_days, 'day')}"
        least, most = burden.weeks_on_placebo
        span = weeks(most) if least == most else f"{least:g}-{weeks(most)}"
        parts += [f"{burden.kits} {kit}", f"{span} on {control_in_words(result.scenario)}"]
    stops = 1 - burden.expected_finished
    return ", ".join(parts) + (f"; {in_100(stops)} stop early." if stops > 0 else ".")


def _limit(result: Result, limit: str) -> str:
    scenario = result.scenario
    conduct, patient = scenario.conduct, scenario.patient
    without, stops = in_100(result.relief[limit].detect.value), 1 - result.burden.expected_finished
    texts = {
        "carryover_gone": f"the effect building up and fading slowly. If it came and went at once: {without}.",
        "one_more_cycle": f"too few rounds ({scenario.design.cycles}). With one more: {without}.",
        "half_daily_noise": f"the ups and downs from day to day ({points(patient.daily_sd)}). With half: {without}.",
        "no_missing_entries": f"missing entries ({in_100(conduct.missing)}). Without: {without}.",
        "all_doses_taken": f"missed doses ({in_100(1 - conduct.adherence)}). Without: {without}.",
        "nobody_stops_early": f"stopping early ({in_100(stops)} trials). Without: {without}.",
        "perfect_blinding": f"the patient finding out what they take. If not: {without}.",
    }
    return texts[limit]


def _time_course(result: Result) -> Iterator[tuple[str, str]]:
    """What a plain comparison sees of a slow drug, and the powers at the ends of what is believable of it."""
    treatment = result.scenario.treatment
    ends = [row for row in result.sensitivity if row.is_end]
    if result.attenuation is None or not (ends or result.verdict.limit == "carryover_gone"):
        return
    assumed = (
        f"two thirds of the effect are assumed to be there after {treatment.onset_days:g} days and gone"
        f" {treatment.offset_days:g} days after the last dose: a plain comparison then sees"
        f" {round(100 * result.attenuation)}% of it."
    )
    corners = [row for row in ends if row.name in ("fast", "slow")] or ends
    told = "; ".join(
        f"if {row.onset_days:g} and {row.offset_days:g} days: {in_100(row.detect.value)}" for row in corners
    )
    yield "Time course", f"{assumed} {told[:1].upper()}{told[1:]}{'.' if told else ''}".strip()
    theories = {(theory.onset_days, theory.offset_days): theory.name for theory in result.scenario.theory}
    seen = {(row.onset_days, row.offset_days): row for row in result.sensitivity}
    if theories:
        by_theory = (
            f"{name} ({onset:g} and {offset:g} days): {in_100(seen[onset, offset].detect.value)}"
            for (onset, offset), name in theories.items()
        )
        yield "By theory", f"{'; '.join(by_theory)}."


def _not_known(result: Result) -> Iterator[tuple[str, str]]:
    """The powers at both ends of each number that is not known."""
    label = "Not known"
    for row in result.unsettled:
        (low, at_low), (high, at_high) = row.low, row.high
        yield (
            label,
            f"{key_in_words(result.scenario, row.key)}. If {low:g}: {in_100(at_low.value)}; if {high:g}:"
            f" {in_100(at_high.value)} ({row.key}).",
        )
        label = ""


def _help(result: Result) -> str:
    helpful = {
        name: relief
        for name, relief in result.relief.items()
        if name in WITHIN_REACH and (relief.gain.value or 0.0) > 2 * (relief.gain.mcse or 0.0)
    }
    if not helpful:
        return "nothing within reach makes a difference that could be seen here."
    best = sorted(helpful, key=lambda name: -(helpful[name].gain.value or 0.0))[:2]
    told = (f"{_help_in_words(result, name)}: {in_100(helpful[name].detect.value)}" for name in best)
    return f"{'; '.join(told)}."


def _help_in_words(result: Result, name: str) -> str:
    scenario = result.scenario
    added = scenario.design.block_cycles or 1
    more_weeks = result.relief[name].more_weeks
    return {
        "one_more_cycle": f"{ordinal_rounds(scenario.design.cycles, added)} (+{weeks(more_weeks)})",
        "no_missing_entries": "an entry every day",
        "all_doses_taken": "every dose taken",
        "nobody_stops_early": "nobody stopping early",
        "perfect_blinding": "perfect blinding",
    }[name]


def _certainty(result: Result) -> str:
    mcse = result.figures[result.primary]["mcid"]["detect"].mcse or 0.0
    give_or_take = max(1, math.ceil(200 * mcse))
    sourced, beliefs = published(result.scenario)
    own = from_own_diary(result.scenario)
    replicates = result.scenario.simulation.replicates
    few = " (too few to go by)" if replicates < FEWEST_TRIALS else ""
    return (
        f"{count_of(replicates, 'simulated trial')}{few}, give or take {give_or_take} in 100; the assumptions matter"
        f" more: {sourced} of {beliefs} values rest on published numbers"
        f"{f', {own} on the own diary' if own else ''}."
    )


def _is_open_label(result: Result) -> bool:
    return result.scenario.design.layout == "open-label"


def _wrapped(text: str, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    )
