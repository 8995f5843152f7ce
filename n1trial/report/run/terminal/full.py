"""The answer on the terminal, in a clinician's words: frequencies first, one denominator throughout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from n1trial.report import verdict as words
from n1trial.report.lines import label_lines, wrap
from n1trial.report.rates import in_100, margin
from n1trial.report.run.stress import overall_in_words, under_stress
from n1trial.report.run.what_if import what_if
from n1trial.report.sentences import (
    analysis_in_words,
    burden_in_words,
    ceiling_in_words,
    certainty_in_words,
    help_in_words,
    limit_in_words,
    planned_on_that,
    run_in_in_words,
    secondary_in_words,
    seen_by_averages,
    warnings_in_words,
    what_it_depends_on,
)
from n1trial.report.words import NOTHING_CHANGED, count_of, effect_in_words, layout_in_words, nothing_in_words
from n1trial.scenario.check.cautions import cautions_of
from n1trial.scenario.check.matters import why_idle
from n1trial.scenario.check.remarks import remarks
from n1trial.study.run.headline import FirstAnswer
from n1trial.study.run.result import Result

LABEL = 14
PLANNING_TOOL = "A planning tool: it decides nothing and gives no medical advice."


def answer(result: Result, arguments: str | None = None, changes: Mapping[str, str] = NOTHING_CHANGED) -> str:
    """Say what a run found, for a clinician.

    Parameters
    ----------
    result : Result
    arguments : str, optional
        The scenario and its changes as they were typed, to be typed again; by default its name.
    changes : mapping of str to str, optional
        Values that took the place of the file's, by key.

    Returns
    -------
    str
        Lines of at most 100 characters where no word is longer, ending with a newline.
    """
    lines = [*wrap(layout_in_words(result.scenario)), *wrap(_verdict(result))]
    for sentence in what_if(result):
        lines += wrap(sentence, "  ", "    ")
    for label, text in _details(result, arguments or result.scenario.name, changes):
        lines += label_lines(label, text, LABEL)
    if result.stress:
        lines += ["", *under_stress(result)]
    return "\n".join(lines) + "\n"


def first_answer(first: FirstAnswer) -> str:
    """Say what the first trials of a run have shown, before all else is simulated, with how sure that is.

    Returns
    -------
    str
        Lines of at most 100 characters, without the end of the last.
    """
    outcome, plan = first.scenario.outcome, first.scenario.plan()
    worthwhile, null = first.figures["mcid"], first.figures["null"]
    is_continued = first.scenario.decision.rule == "probability"
    metric, shown = ("adopt", "the drug continued") if is_continued else ("detect_right", "shown")
    all_trials, trials = first.scenario.simulation.replicates, first.trials
    whole = f"the first {trials:,} of {all_trials:,} trials" if trials < all_trials else f"all {all_trials:,} trials"
    does = effect_in_words(plan.benefit_sign * plan.mcid, outcome.unit)
    sure = margin(max(worthwhile[metric], null["adopt"], key=margin))
    return "\n".join(
        wrap(
            f"First answer, from {whole}, give or take {sure} in 100: if it {does}, {shown} in"
            f" {in_100(worthwhile[metric].value)}; if it {nothing_in_words(first.scenario)}, in"
            f" {in_100(null['adopt'].value)} all the same.{' The rest follows.' if trials == all_trials else ''}"
        )
    )


def _verdict(result: Result) -> str:
    verdict = result.verdict
    headline = words.headline(verdict).upper()
    if verdict.never is not None:
        return f"{headline}: {words.why_never(verdict.never)}."
    if verdict.depends:
        return f"{headline} - and it depends on {what_it_depends_on(result)}, which is not known."
    if verdict.answer == "misleading":
        return f"{headline}. {words.reason(verdict)}"
    return f"{headline}."


def _details(result: Result, arguments: str, changes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    scenario, verdict = result.scenario, result.verdict
    if changes:
        yield "Changed", ", ".join(f"{key} = {value}" for key, value in changes.items())
        for why in filter(None, (why_idle(scenario, key) for key in changes)):
            yield "", f"{why.place} {why.rule}."
    yield "Analyzed by", analysis_in_words(result)
    yield "It asks for", burden_in_words(result)
    yield from _time_course(result)
    yield from _not_known(result)
    if result.overall is not None:
        yield "All at once", overall_in_words(scenario, result.overall)
    if verdict.limit is not None and verdict.answer != "misleading":
        yield "Held back by", limit_in_words(result, verdict.limit)
        yield "Helps most", help_in_words(result)
    if (dropped := run_in_in_words(result)) is not None and scenario.design.run_in == "placebo":
        yield "Run-in", dropped
    if (best := ceiling_in_words(result)) is not None:
        yield "At best", best
    if (described := secondary_in_words(result)) is not None:
        yield "Described", described
    for warning in warnings_in_words(result):
        yield "Mind", warning
    yield "How sure", certainty_in_words(result)
    if scenario.source.status in ("reported-unverified", "own-data"):
        yield "Source", f"{scenario.source.citation}. {_first_sentence(scenario.source.note)}"
    first = " ".join(cautions_of(scenario).first.split())
    yield "First", " ".join([first, *scenario.cautions.own, PLANNING_TOOL])
    count = len(set(remarks(scenario)))
    noted = f", and {count_of(count, 'remark')} on the plan" if count else ""
    yield "", f"All of it{noted}: n1trial check {arguments}"


def _time_course(result: Result) -> Iterator[tuple[str, str]]:
    """Say what a plain comparison sees of a slow drug, and the powers at the ends of what is believable of it."""
    treatment = result.scenario.treatment
    ends = [row for row in result.sensitivity if row.is_end]
    if result.attenuation is None or not (ends or result.verdict.limit == "carryover_gone"):
        return
    assumed = (
        f"two thirds of the effect are assumed to be there after {treatment.onset_days:g} days and gone"
        f" {treatment.offset_days:g} days after the last dose. Comparing the averages of the periods would find"
        f" {seen_by_averages(result)}: the rest is still building up or fading."
    )
    corners = [row for row in ends if row.name in ("fast", "slow")] or ends
    shown = "a difference shown in " if result.scenario.decision.rule == "probability" else "shown in "
    told = "; ".join(
        f"if it builds up in {row.onset_days:g} days and fades in {row.offset_days:g}:"
        f" {shown}{in_100(row.detect.value)}{planned_on_that(row)}"
        for row in corners
    )
    yield "Time course", f"{assumed} {told[:1].upper()}{told[1:]}{'.' if told else ''}".strip()
    theories = {(theory.onset_days, theory.offset_days): theory.name for theory in result.scenario.theory}
    seen = {(row.onset_days, row.offset_days): row for row in result.sensitivity}
    if theories:
        by_theory = (
            f"{name} (builds up in {onset:g} days, fades in {offset:g}): {in_100(seen[onset, offset].detect.value)}"
            f"{planned_on_that(seen[onset, offset])}"
            for (onset, offset), name in theories.items()
        )
        yield "By theory", f"{'; '.join(by_theory)}."


def _not_known(result: Result) -> Iterator[tuple[str, str]]:
    """Say the powers at both ends of each number that is not known."""
    label, shown = (
        "Not known",
        "a difference shown in " if result.scenario.decision.rule == "probability" else "shown in ",
    )
    for row in result.unsettled:
        (low, at_low), (high, at_high) = row.low, row.high
        why = why_idle(result.scenario, row.key)
        yield (
            label,
            f"{result.scenario.label(row.key)}. If {low:g}: {shown}{in_100(at_low.value)}; if {high:g}:"
            f" {shown}{in_100(at_high.value)} ({row.key}).{f' It {why.rule}.' if why else ''}",
        )
        label = ""


def _first_sentence(text: str) -> str:
    return f"{text.partition('. ')[0].rstrip('.')}." if text else "Not verified."
