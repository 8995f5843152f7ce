"""The answer on the terminal, in a clinician's words: frequencies first, one denominator throughout."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

from n1trial.analysis import METHODS
from n1trial.evaluation.verdict import in_100
from n1trial.report.stress import under_stress
from n1trial.report.words import effect_in_words, layout_in_words, ordinal_rounds, points, weeks
from n1trial.scenario.check import warnings
from n1trial.scenario.ledger import without_source
from n1trial.scenario.library import cautions
from n1trial.study.result import Result

WIDTH = 100
LABEL = 14
WITHIN_REACH = ("one_more_cycle", "no_missing_entries", "all_doses_taken", "nobody_stops_early", "perfect_blinding")
"""Reliefs that a planner or a patient can bring about."""


def answer(result: Result) -> str:
    """Say what a run found, for a clinician.

    Parameters
    ----------
    result : Result

    Returns
    -------
    str
        Lines of at most 100 characters, ending with a newline.
    """
    lines = [*_wrapped(layout_in_words(result.scenario)), *_wrapped(_verdict(result))]
    for sentence in _what_if(result):
        lines += _wrapped(sentence, first="  ", then="    ")
    for label, text in _labeled(result):
        lines += _wrapped(text, first=label.ljust(LABEL), then=" " * LABEL)
    if result.stress:
        lines += ["", *under_stress(result)]
    return "\n".join(lines) + "\n"


def _verdict(result: Result) -> str:
    verdict = result.verdict
    words = verdict.words.upper()
    if verdict.depends:
        drug = result.scenario.treatment.name
        return f"{words} - and it depends on how fast {drug} acts and how long it lasts, which is not known."
    if verdict.answer == "misleading":
        return f"{words}. {verdict.reason}"
    return f"{words}."


def _what_if(result: Result) -> Iterator[str]:
    """What would be seen if the drug did this or that."""
    scenario, primary = result.scenario, result.figures[result.primary]
    worthwhile = scenario.plan().benefit_sign * scenario.outcome.mcid
    planned = scenario.treatment.effect
    seen = primary["mcid"]["detect"].value
    found = "an improvement found" if _is_open_label(result) else "shown"
    yield (
        f"If it {effect_in_words(worthwhile)}{_as_much_as_established(result, worthwhile)}: {found} in {in_100(seen)}"
        f" trials.{_further(result)}"
    )
    if planned not in (worthwhile, 0.0):
        detected = in_100(primary["planned"]["detect"].value)
        yield f"If it {effect_in_words(planned)}, as planned: {found} in {detected} trials."
    yield from _if_nothing(result)
    if not _is_open_label(result):
        yield _negative_result(seen)
        yield _smallest_shown(result)
    yield from _skeptic(result)


def _if_nothing(result: Result) -> Iterator[str]:
    null = result.figures[result.primary]["null"]
    says = in_100(null["adopt"].value)
    either = ""
    if result.scenario.analysis.sides == 2 and not _is_open_label(result):
        either = f" (false alarms for better or worse: {in_100(null['detect'].value)})"
    yield f"If it did nothing: {says} trials would still say that it works{either}."


def _negative_result(seen: float | None) -> str:
    missed = None if seen is None else 1 - seen
    weight = "mean little" if missed is None or missed > 0.2 else "mean something"
    return f"A negative result would {weight}: {in_100(missed)} trials miss that benefit."


def _smallest_shown(result: Result) -> str:
    smallest = result.smallest_detectable[result.primary][0.8]
    if smallest is None:
        return f"No effect, however large, would be shown in {in_100(0.8)} trials."
    return f"To be shown in {in_100(0.8)} trials the effect would have to be {points(float(f'{smallest:.2g}'))}."


def _as_much_as_established(result: Result, effect: float) -> str:
    established = result.scenario.treatment.established_effect
    if established is None or effect * established <= 0 or abs(effect) < abs(established):
        return ""
    beyond = "more than" if abs(effect) > 1.5 * abs(established) else "at least as much as"
    return f" ({beyond} established treatments achieve on average)"


def _further(result: Result) -> str:
    if not result.effects:
        return ""
    seen = "; ".join(f"by {points(abs(effect))}: {in_100(figure.value)}" for effect, figure in result.effects.items())
    return f" {seen[0].upper()}{seen[1:]}."


def _skeptic(result: Result) -> Iterator[str]:
    """What a positive result would mean to one who doubts; to one without doubts it means nothing new."""
    responders = result.scenario.treatment.skeptical_responders
    for share, value in ((responders, result.skeptical), (result.scenario.treatment.responders, result.value)):
        if share is not None and value is not None and value.positive_means.value is not None:
            true = round(100 * value.positive_means.value)
            yield f"If it helps only {in_100(share)} patients: of 100 positive results {true} would be true."
            return


def _labeled(result: Result) -> Iterator[tuple[str, str]]:
    scenario = result.scenario
    yield "Analyzed by", f"{result.primary}: {METHODS[result.primary].description}"
    yield "It asks for", _burden(result)
    yield from _time_course(result)
    if result.verdict.limit is not None:
        yield "Held back by", _limit(result, result.verdict.limit)
        yield "Helps most", _help(result)
    own = set(warnings(scenario))
    for warning in result.verdict.warnings:
        if warning not in own:
            yield "Mind", warning
    yield "How sure", _certainty(result)
    if scenario.source.status == "reported-unverified":
        yield "Source", f"{scenario.source.citation}: not verified; the effect planned for is an assumption."
    first = " ".join(cautions(scenario.cautions.block).first.split())
    yield "First", " ".join([first, *scenario.cautions.own])
    noted = f", and {len(own)} remark{'s' if len(own) > 1 else ''} on the plan" if own else ""
    yield "", f"All of it{noted}: n1trial check {scenario.name}"


def _burden(result: Result) -> str:
    burden = result.burden
    parts = [f"{weeks(burden.weeks)}", f"{burden.diary_entries} entries"]
    if not _is_open_label(result):
        kit = "weekly packs" if result.scenario.pack.kit_days == 7 else f"packs of {result.scenario.pack.kit_days} days"
        least, most = burden.weeks_on_placebo
        span = weeks(most) if least == most else f"{least:g}-{weeks(most)}"
        parts += [f"{burden.kits} {kit}", f"{span} on {result.scenario.control.name.lower()}"]
    stops = 1 - burden.expected_finished
    return ", ".join(parts) + (f"; {in_100(stops)} stop early." if stops > 0 else ".")


def _limit(result: Result, limit: str) -> str:
    scenario = result.scenario
    conduct, patient = scenario.conduct, scenario.patient
    texts = {
        "carryover_gone": "the effect building up and fading slowly.",
        "one_more_cycle": f"too few rounds ({scenario.design.cycles}).",
        "half_daily_noise": f"the ups and downs from day to day ({points(patient.daily_sd)}).",
        "no_missing_entries": f"missing entries ({in_100(conduct.missing)}).",
        "all_doses_taken": f"missed doses ({in_100(1 - conduct.adherence)}).",
        "nobody_stops_early": f"stopping early ({in_100(1 - result.burden.expected_finished)} trials).",
        "perfect_blinding": "the patient finding out what they take.",
    }
    return texts[limit]


def _time_course(result: Result) -> Iterator[tuple[str, str]]:
    """What a plain comparison sees of a slow drug, and powers at the ends of what is believable of its fading."""
    treatment = result.scenario.treatment
    ends = [row for row in result.sensitivity if row.name in ("fades fast", "fades slowly")]
    if result.attenuation is None or not (ends or result.verdict.limit == "carryover_gone"):
        return
    assumed = f"{treatment.onset_days:g} days to build up and {treatment.offset_days:g} to fade are assumed"
    seen = f"a plain comparison then sees {round(100 * result.attenuation)}% of the effect"
    faded = "; ".join(f"in {row.offset_days:g} days: {in_100(row.detect.value)}" for row in ends)
    yield "Time course", f"{assumed}: {seen}.{f' If it faded {faded}.' if faded else ''}"


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
    assumed, beliefs = without_source(result.scenario)
    count = f"{result.scenario.simulation.replicates:,}"
    return (
        f"{count} simulated trials, give or take {give_or_take} in 100; the assumptions matter more: {assumed} of"
        f" {beliefs} values have no source."
    )


def _is_open_label(result: Result) -> bool:
    return result.scenario.design.layout == "open-label"


def _wrapped(text: str, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    )
