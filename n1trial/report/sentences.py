"""Sentences on what a run found that terminal and page share."""

from __future__ import annotations

from collections.abc import Iterator

from n1trial.diary.methods import METHODS
from n1trial.evaluation.characteristics import FEWEST_TRIALS, Figure
from n1trial.evaluation.prior_conflict import EXPECTED, FREQUENT
from n1trial.evaluation.stress import inflated_departures
from n1trial.evaluation.verdict import differs, is_inflated
from n1trial.report import verdict as words
from n1trial.report.rates import cell, count, in_100, margin
from n1trial.report.words import (
    control_in_words,
    count_of,
    days_or_weeks,
    do_in_words,
    ordinal_rounds,
    points,
    prior_in_words,
    weeks,
)
from n1trial.scenario.check.evidence import count_published, from_own_diary
from n1trial.simulation.life import Life
from n1trial.study.run.findings import SEEN_SES
from n1trial.study.run.improvements import perfectly_blinded
from n1trial.study.run.result import FEWEST_TO_RECOMMEND, PartialResult, Result, SensitivityRow
from n1trial.wording import join_words, list_words

FEASIBLE = (
    "one_more_cycle", "no_missing_entries", "all_doses_taken", "nobody_stops_early", "perfect_blinding",
    "placebo_run_in", "no_run_in",
)  # fmt: skip
"""Improvements that a planner or a patient can bring about."""
NO_CONTROL = "No control: the drug cannot be told from placebo response and time"


def what_it_depends_on(result: PartialResult) -> str:
    """Name what is not known and leads to another answer; where nothing does so alone, all that is not known."""
    drug = result.scenario.treatment.name
    ends = [row.detect for row in result.sensitivity if row.is_end]
    seen = [result.figures[result.primary]["mcid"]["detect"], *ends]
    course = [f"how fast {drug} acts and how long it lasts"] if ends else []
    is_course = any(differs(one, other) for one in seen for other in ends)
    decisive = course if is_course else []
    decisive += [result.scenario.label(row.key) for row in result.unsettled if row.is_decisive]
    return join_words(decisive or course + [result.scenario.label(row.key) for row in result.unsettled])


def analysis_in_words(result: PartialResult) -> str:
    """Say how the trial is analyzed, and when the drug is continued."""
    scenario = result.scenario
    adjusts = scenario.analysis.adjust and "adjust" in METHODS[result.primary].settings
    adjusted = f", adjusted for {join_words(scenario.analysis.adjust)}" if adjusts else ""
    if scenario.decision.rule == "probability":
        least, likely = scenario.decision.benefit, f"{scenario.decision.threshold:.0%}"
        benefit = f"a benefit above {points(least, scenario.outcome.unit)}" if least else "a benefit"
        return f"{METHODS[result.primary].words}{adjusted}; the drug is continued where {benefit} is {likely} likely."
    return f"{METHODS[result.primary].words} ({result.primary}){adjusted}."


def burden_in_words(result: PartialResult) -> str:
    """Say what the trial asks for: weeks, entries, packs, weeks on control, and how many stop early."""
    burden = result.burden
    parts = [f"{weeks(burden.weeks)}", f"{burden.diary_entries} entries"]
    if not is_open_label(result):
        kit_days = result.scenario.pack.kit_days
        kit = "weekly packs" if kit_days == 7 else f"packs of {count_of(kit_days, 'day')}"
        least, most = burden.weeks_on_placebo
        span = weeks(most) if least == most else f"{least:g}-{weeks(most)}"
        parts += [f"{burden.kits} {kit}", f"{span} on {control_in_words(result.scenario)}"]
    stops = 1 - burden.expected_finished
    return ", ".join(parts) + (f". {in_100(stops)} patients are expected to stop before the end." if stops > 0 else ".")


def limit_in_words(result: Result, limit: str) -> str:
    """Say what holds the trial back, and what would be shown without it."""
    scenario = result.scenario
    conduct, patient = scenario.conduct, scenario.patient
    swing = points(patient.daily_sd, scenario.outcome.unit)
    without, stops = in_100(result.improvements[limit].detect.value), 1 - result.burden.expected_finished
    texts = {
        "carryover_gone": f"the effect building up and fading slowly. If it came and went at once: {without}.",
        "one_more_cycle": f"too few rounds ({scenario.design.cycles}). With one more: {without}.",
        "half_daily_noise": f"the ups and downs from day to day ({swing}). With half: {without}.",
        "no_missing_entries": f"missing entries ({in_100(conduct.missing)}). Without: {without}.",
        "all_doses_taken": f"missed doses ({in_100(1 - conduct.adherence)}). Without: {without}.",
        "nobody_stops_early": f"stopping early ({in_100(stops)} trials). Without: {without}.",
        "perfect_blinding": f"the patient finding out what they take. If not: {without}.",
        "placebo_run_in": f"a placebo response that builds up in the first period. If in the run-in: {without}.",
        "no_run_in": f"a run-in of {days_or_weeks(scenario.design.run_in_days)}. Without: {without}.",
    }
    return texts[limit]


def seen_by_averages(result: Result) -> str:
    """Word what a comparison of period averages sees of the smallest worthwhile effect: "0.54 of 1 point"."""
    mcid, unit = result.scenario.outcome.mcid, result.scenario.outcome.unit
    share = result.attenuation or 0.0
    return f"{float(f'{share * mcid:.2g}'):g} of {points(mcid, unit)}"


def help_in_words(result: Result) -> str:
    """Say what helps most of all that a planner or a patient can bring about."""
    best = helpful(result)
    if not best:
        return "nothing within reach makes a difference that could be seen here."
    told = (f"{improvement_in_words(result, name)}: {in_100(result.improvements[name].detect.value)}" for name in best)
    return f"{'; '.join(told)}."


def helpful(result: Result) -> list[str]:
    """Name the two improvements that gain most of those within reach, if beyond chance."""
    gains = {name: result.improvements[name].gain for name in FEASIBLE if name in result.improvements}
    certain = (name for name, gain in gains.items() if (gain.value or 0.0) > SEEN_SES * (gain.mcse or 0.0))
    return sorted(certain, key=lambda name: -(gains[name].value or 0.0))[:2]


def improvement_in_words(result: Result, name: str) -> str:
    """Word a hardship taken away, by the name of the improvement."""
    scenario = result.scenario
    added = scenario.design.block_cycles or 1
    more_weeks = result.improvements[name].more_weeks
    return {
        "carryover_gone": "the effect coming and going at once",
        "half_daily_noise": "half the ups and downs from day to day",
        "one_more_cycle": f"{ordinal_rounds(scenario.design.cycles, added)} (+{weeks(more_weeks)})",
        "no_missing_entries": "an entry every day",
        "all_doses_taken": "every dose taken",
        "nobody_stops_early": "nobody stopping early",
        "perfect_blinding": "perfect blinding",
        "placebo_run_in": f"a run-in on blinded placebo{f' (+{weeks(more_weeks)})' if more_weeks else ''}",
        "no_run_in": f"no run-in (\N{MINUS SIGN}{weeks(-more_weeks)})",
    }[name]


def warnings_in_words(result: Result) -> tuple[str, ...]:
    """Word what to mind in an answer: warnings of its verdict, conflicts of a prior, what raises false alarms."""
    raised = failing_rows_in_words if is_stress_counted(result) else _weak_points_in_words
    return (*words.warnings(result.verdict), *prior_conflicts_in_words(result), *raised(result))


def is_stress_counted(result: Result) -> bool:
    """Whether the run has simulated departures from the plan, in enough trials to name those that fail."""
    return bool(result.stress) and result.scenario.simulation.replicates >= FEWEST_TO_RECOMMEND


def failing_rows_in_words(result: Result) -> Iterator[str]:
    """Name the departures under which the planned analysis gives too many false alarms, with how many; none if none."""
    broken = inflated_departures(result.stress, result.scenario.analysis.alpha)[result.primary]
    alarms = {row.departure: row.type_1 for row in result.stress if row.method == result.primary}
    if broken:
        rows = list_words([f"{departure} ({cell(alarms[departure])} of 100)" for departure in broken])
        yield f"The planned analysis, {result.primary}, gives too many false alarms under: {rows}."


def _weak_points_in_words(result: Result) -> Iterator[str]:
    """Say what is known to raise the false alarms of the planned analysis, where this run has not counted them."""
    if weak := METHODS[result.primary].weak_points:
        yield f"This analysis gives more false alarms than asked for where {weak}. n1trial run --stress counts them."


def run_in_in_words(result: Result) -> str | None:
    """Say what dropping the run-in would save and cost; None where there is none."""
    dropped, design = result.improvements.get("no_run_in"), result.scenario.design
    if dropped is None:
        return None
    placebo = " on placebo" if design.run_in == "placebo" else ""
    is_probability = result.scenario.decision.rule == "probability"
    before, after = (count(one) for one in (dropped.detect - dropped.gain, dropped.detect))
    is_chance = abs(dropped.gain.value or 0.0) <= SEEN_SES * (dropped.gain.mcse or 0.0)
    return (
        f"Dropping the {days_or_weeks(design.run_in_days)} of run-in{placebo} would shorten the trial to"
        f" {weeks(result.burden.weeks + dropped.more_weeks)}."
        f" {'The drug would then be continued' if is_probability else 'The benefit would then be shown'} in {after} of"
        f" 100 trials, {'as with them' if before == after else f'with them in {before}'}."
        f"{' Chance alone could make that difference.' if is_chance and before != after else ''}"
        " The stop rule would have nothing to compare with."
    )


def ceiling_in_words(result: PartialResult) -> str | None:
    """Say how near the planned analysis comes to the best unbiased one; None where that is not known."""
    best, seen = result.ceiling, result.blind.get("mcid")
    if best is None or best.reason is not None or seen is None:
        return None
    by_test = ", by its test," if result.scenario.decision.rule == "probability" else ""
    benefit = points(result.scenario.outcome.mcid, result.scenario.outcome.unit)
    return (
        f"If nobody could guess, an unbiased analysis that knew every variance would show a benefit of {benefit} in"
        f" {in_100(best.mcid.value)} trials; this one{by_test} in {count(seen)}.{_guessing_adds(result, seen)}"
    )


def _guessing_adds(result: PartialResult, blind: Figure) -> str:
    """Say what patients who guess add to the share that shows the smallest worthwhile effect; nothing if none does."""
    shown = result.figures[result.primary]["mcid"]["detect_right"]
    if perfectly_blinded(result.scenario).blinding == result.scenario.blinding:
        return ""
    adds = round(100 * (shown.value or 0.0)) - round(100 * (blind.value or 0.0))
    if adds == 0:
        return " Guessing adds nothing."
    return f" Guessing what is taken {'adds' if adds > 0 else 'takes away'} {abs(adds)}."


def secondary_in_words(result: Result) -> str | None:
    """Say what secondary outcomes are worth in a drug that does nothing; None without any, or where not known."""
    if result.secondary is None:
        return None
    names = list(result.secondary.outcomes)
    one = "the interval of at least one of them" if len(names) > 1 else "its interval"
    return (
        f"{join_words(names)} {'are' if len(names) > 1 else 'is'} described, not tested. If the drug did nothing, {one}"
        f" would exclude no difference in {in_100(result.secondary.any_detect['null'].value)} trials."
    )


def certainty_in_words(result: Result) -> str:
    """Say how many trials were simulated, how sure that makes the answer, and what matters more."""
    give_or_take = margin(result.figures[result.primary]["mcid"]["detect"])
    sourced, beliefs = count_published(result.scenario)
    own = from_own_diary(result.scenario)
    replicates = result.scenario.simulation.replicates
    few = " (too few to go by)" if replicates < FEWEST_TRIALS else ""
    return (
        f"{count_of(replicates, 'simulated trial')}{few}, give or take {give_or_take} in 100. That is of the"
        f" simulation alone: {sourced} of {beliefs} values rest on published numbers"
        f"{f', {own} on the own diary' if own else ''}."
    )


def planned_on_that(row: SensitivityRow) -> str:
    """Say what an analysis that knew the time course would show, in brackets; nothing where it assumes no other."""
    return "" if row.detect_if_known is None else f" (planned on that: {count(row.detect_if_known)})"


def prior_conflicts_in_words(result: Result) -> Iterator[str]:
    """Say how often prior and diary contradict each other, of each analysis in which they often do."""
    plan, unit = result.scenario.plan(), result.scenario.outcome.unit
    for name, at in result.prior_conflict.items():
        if any(is_inflated(figure, EXPECTED, FREQUENT) for figure in at.values()):
            yield (
                f"Prior and diary contradict each other in {in_100(at['planned'].value)} trials if the effect is as"
                f" planned, and in {in_100(at['null'].value)} if there is none: {name} expects"
                f" {prior_in_words(plan, unit)}. There, do not go by the estimate and the probability of {name}."
            )


def counts_either_way(result: PartialResult) -> bool:
    """Whether false alarms are counted for better or worse."""
    scenario = result.scenario
    return not is_open_label(result) and scenario.decision.rule == "detected" and scenario.analysis.sides == 2


def is_open_label(result: PartialResult) -> bool:
    """Whether the drug is given openly and without a control."""
    return result.scenario.design.layout == "open-label"


def assumed_in_words(life: Life) -> str:
    """Say what the drug is assumed to do in this simulated patient."""
    built_up = " once built up" if life.effect else ""
    drug = life.scenario.treatment.name
    does = do_in_words(life.effect, life.scenario.outcome.unit)
    return f"In this simulated patient {drug} is assumed to {does}{built_up}"
