"""The verdict on a plan in two sentences, with the two figures that belong to it."""

from __future__ import annotations

from collections.abc import Mapping

from shiny import ui

from n1trial.evaluation.characteristics import Figure
from n1trial.report import verdict as words
from n1trial.report.rates import in_100, margin
from n1trial.report.run.what_if import false_alarms, positive
from n1trial.report.sentences import is_open_label, what_it_depends_on
from n1trial.report.words import count_of, effect_in_words, nothing_in_words
from n1trial.study.run.result import PartialResult

MARKS: Mapping[str, str] = {"likely": "●", "may": "◐", "unlikely": "○", "misleading": "✕"}
"""A shape for each answer, so that no color is needed."""
BY_FORMULA = "A first estimate by formula; the simulation follows."


def verdict_in_short(seen: PartialResult, name: str | None = None) -> ui.TagList:
    """Word the verdict and the two figures that belong to it, in two sentences.

    Parameters
    ----------
    seen : PartialResult
    name : str, optional
        What the words of the verdict are known by on the page.
    """
    verdict, because = seen.verdict, "."
    depends = f" It depends on {what_it_depends_on(seen)}, which is not known." if verdict.depends else ""
    if verdict.never is not None:
        because = f": {words.why_never(verdict.never)}."
    elif verdict.answer == "misleading":
        because = f". {words.reason(verdict)}"
    return ui.TagList(
        ui.tags.p(
            ui.tags.span(MARKS[verdict.answer], class_="shape", aria_hidden="true"),
            ui.tags.strong(words.headline(verdict), id=name),
            ui.tags.span(f"{because}{depends}"),
        ),
        ui.tags.p(
            f"If it {_worthwhile(seen)}, the smallest worthwhile: shown in ",
            _number(positive(seen, seen.figures[seen.primary]["mcid"]), "shown"), f" trials{_at_the_ends(seen)}."
            f" If it {nothing_in_words(seen.scenario)}: {alarms_in_words(seen)} in ",
            _number(false_alarms(seen), "alarms"), ". ",
            how_sure(seen),
            class_="figures",
        ),
    )  # fmt: skip


def _worthwhile(seen: PartialResult) -> str:
    plan = seen.scenario.plan()
    return effect_in_words(plan.benefit_sign * plan.mcid, seen.scenario.outcome.unit)


def alarms_in_words(seen: PartialResult) -> str:
    """Say what false alarms count."""
    either = not is_open_label(seen) and seen.scenario.decision.rule == "detected" and seen.scenario.analysis.sides == 2
    return "false alarms for better or worse" if either else "false alarms"


def _at_the_ends(seen: PartialResult) -> str:
    """Word the range if the drug acted faster or slower than assumed, while the analysis goes on as planned."""
    if seen.scenario.decision.rule == "probability":
        return ""  # at the ends it is known how often an effect is shown, not how often the drug would be continued
    ends = [row.detect.value or 0.0 for row in seen.sensitivity if row.is_end]
    if not ends:
        return ""
    low, high = round(100 * min(ends)), round(100 * max(ends))
    return f" ({low} to {high} if it acts slower or faster than assumed)" if low != high else ""


def _number(figure: Figure, name: str) -> ui.Tag:
    """Show a share of 100, with its exact value for programs that look at the page."""
    return ui.tags.b(in_100(figure.value), {"data-figure": name, "data-value": repr(figure.value)})


def how_sure(seen: PartialResult) -> str:
    """Say where the figures come from, and how sure they are."""
    if not seen.is_simulated:
        return BY_FORMULA
    trials = count_of(seen.scenario.simulation.replicates, "simulated trial")
    give_or_take = margin(seen.figures[seen.primary]["mcid"]["detect"])
    return f"{trials}, give or take {give_or_take} in 100."
