"""What a finished trial says, on the terminal: the planned analysis and its ending first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from n1trial.evaluation.attainable import why_never
from n1trial.pack.end.conclude import Final
from n1trial.pack.end.reproduction_words import footer, remedy
from n1trial.pack.end.trail import Trail
from n1trial.pack.freeze.history_words import DateOf, comparison_in_words, corrections_in_words
from n1trial.pack.trial.characteristics import is_hardly, is_weak
from n1trial.pack.trial.read import REHEARSAL
from n1trial.pack.visit.terminal import MOST_SHOWN, deviation_lines
from n1trial.report.diary.secondary import secondary_in_words
from n1trial.report.diary.terminal import conclusions
from n1trial.report.lines import label_lines, wrap
from n1trial.report.rates import in_100
from n1trial.report.rounding import size
from n1trial.report.words import control_in_words, count_of, points

ENDINGS = {
    "benefit": "A BENEFIT IS SHOWN.",
    "unlikely": "A WORTHWHILE BENEFIT IS UNLIKELY: the interval excludes it.",
    "unclear": "NOT CLEAR. This does not show that it does not work for this patient.",
}
"""The three endings, as they were fixed beforehand."""
NOT_CLEAR_OF_TWO = "NOT CLEAR. This does not show that the two are alike for this patient."
"""The third, where the control is a drug too."""
AS_TAKEN = {
    "in_time": "without entries written later",
    "taken": "by kits and doses taken",
    "taken_if_missed": "doses not said as missed",
}
"""What each role of the analyses beside those as randomized stands for."""


def terminal(final: Final, context: dict[str, Any], trail: Trail | None = None) -> str:
    """Tell what a finished trial says.

    Parameters
    ----------
    final : Final
    context : dict
        The same as plain figures (`n1trial.pack.conclusion.context.view`).
    trail : Trail, optional
        What was known before the key was opened, and papers that were changed.

    Returns
    -------
    str
        Lines of at most 100 characters, ending with a newline.
    """
    trial_diary = final.trial_diary
    trial = trial_diary.key.trial
    scenario = trial.scenario
    lines = [REHEARSAL] if trial.is_rehearsal else []
    for sentence in trail.warnings if trail is not None else ():
        lines += label_lines("WARNING", sentence)
    found = trail.reproduction if trail is not None else None
    for sentence in remedy(found) if found is not None else ():
        lines += label_lines("", sentence)
    lines += label_lines("Trial", f"{scenario.name}, patient code {trial.patient_code}")
    lines += label_lines("Ending", ending_in_words(final))
    lines += label_lines("", "A rule does not decide what is done now: patient and physician do.")
    lines += label_lines("Planned", _plan_words(context, scenario.outcome.unit))
    names = (scenario.treatment.name, control_in_words(scenario))
    diary = trial_diary.as_randomized
    concluded = conclusions(
        diary,
        final.estimates,
        names,
        has_plan=True,
        unit=scenario.outcome.unit,
        is_control_active=scenario.control.is_active,
    )
    lines += concluded.rstrip("\n").split("\n")
    lines += label_lines("Receipt", comparison_in_words(trail.comparison)) if trail is not None else []
    lines += ["", "As taken"]
    lines += [f"  {line}" for line in _as_taken(context)]
    is_frozen = trail is None or (trail.is_frozen_first and trail.are_deviations_frozen)
    lines += ["", f"Deviations from the plan{', frozen before the key was opened' if is_frozen else ''}"]
    lines += deviation_lines(trial_diary.deviations, trial_diary.as_returned)
    if trail is not None and trail.corrections:
        lines += ["", "Corrected after the diary had been frozen", *_corrections(trail, trial_diary.date_of)]
    lines += ["", "What the patient thought", *(f"  {line}" for line in _guesses(final))]
    if context["secondary"]:
        lines += ["", "Further outcomes, for description only"]
        lines += [line for said in secondary_in_words(context["secondary"], names) for line in wrap(said, "  ", "    ")]
    if found is not None:
        lines += ["", *label_lines("Code", footer(found))]
    return "\n".join(lines) + "\n"


def _corrections(trail: Trail, date_of: DateOf) -> Iterator[str]:
    """Write lines for corrections, the last ones where there are many."""
    told = list(corrections_in_words(trail.corrections, date_of))
    if len(told) > MOST_SHOWN:
        yield f"  The last {MOST_SHOWN} of {len(told)}; analysis.html has all of them."
    for when, text in told[-MOST_SHOWN:]:
        yield from label_lines(f"  {when}", text, 28)


def ending_in_words(final: Final) -> str:
    """Say which of the three endings it is, and what is to be said beside it."""
    kind = final.ending.kind
    is_of_two = kind == "unclear" and final.trial_diary.key.trial.scenario.control.is_active
    return " ".join((NOT_CLEAR_OF_TWO if is_of_two else ENDINGS[kind], *_beside(final)))


def _beside(final: Final) -> Iterator[str]:
    """Say what is to be said beside an ending."""
    ending, planned = final.ending, final.trial_diary.key.characteristics
    if ending.is_harm_shown:
        yield "The score is shown to be WORSE on the drug."
    elif ending.is_benefit_shown and ending.kind == "unlikely":
        yield "A benefit is shown, but less than was called worthwhile."
    elif ending.kind == "unclear" and why_never(final.plan, final.primary.method) is None and is_weak(planned):
        little = "could hardly have shown an effect" if is_hardly(planned) else "was weak"
        yield f"The plan {little}: a worthwhile one is shown in {in_100(planned.detect_worthwhile)} such trials."


def _plan_words(context: dict[str, Any], unit: str) -> str:
    planned, overstated = context["planned"], ""
    if planned["looks_like"] and context["ending"].kind == "benefit":
        overstated = (
            f" Trials that show a benefit overstate it: one of {points(context['mcid'], unit)} would look like"
            f" {points(float(size(planned['looks_like'])), unit)}."
        )
    return (
        f"an effect of {points(abs(planned['effect']), unit)} shown in {planned['shown']} such trials with"
        f" {planned['entries']} days to write about; {planned['came_back']} entries came back.{overstated}"
    )


def _as_taken(context: dict[str, Any]) -> Iterator[str]:
    yield (
        f"The wrong kit was used on {context['other_content_days']} days; doses were missed on"
        f" {context['missed_days']} days."
    )
    if context["not_said_days"]:
        counted = "both ways below" if context["says_doses"] else "so this goes by kits alone"
        yield f"Nothing is said of the doses of {count_of(context['not_said_days'], 'day')}: {counted}."
    for row in context["analyses"]:
        if what := AS_TAKEN.get(row["role"]):
            if not row["is_estimable"]:
                yield f"{row['method']:<16}{what:<32}{row['status'].replace('_', ' ')}"
                continue
            ends = " to ".join("none" if end is None else f"{end:+.2f}" for end in (row["low"], row["high"]))
            yield f"{row['method']:<16}{what:<32}{row['estimate']:+.2f}  {ends}"


def _guesses(final: Final) -> Iterator[str]:
    found = final.blinding
    if not found.weekly:
        yield "No guesses are in the diary."
        return
    if found.answers:
        yield (
            f"Last guesses of the periods: {found.right} of {found.answers} right; by chance alone one expects about"
            f" {half(found.answers)}."
        )
        yield f"So few are compatible with anything from {found.right_low:.0%} to {found.right_high:.0%} right."
        yield "That range is as if guesses were independent; those of one patient hang together."
    else:
        yield "The last guesses of the periods name no treatment."
    shown = ["none" if index is None else f"{index:+.2f}" for index in (found.bang_drug, found.bang_control)]
    yield f"Bang's index {shown[0]} on the drug, {shown[1]} on control; from so few periods it says little."


def half(count: int) -> str:
    """Word half of a number of guesses, in whole ones: "2 or 3" of 5."""
    return f"{count // 2} or {count // 2 + 1}" if count % 2 else f"{count // 2}"
