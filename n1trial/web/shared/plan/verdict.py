"""The verdict on a plan in two sentences, with the two figures that belong to it."""

from __future__ import annotations

from collections.abc import Mapping

from shiny import ui

from n1trial.evaluation.characteristics import Figure
from n1trial.report import verdict as words
from n1trial.report.rates import in_100, margin
from n1trial.report.run.what_if import false_alarms, positive
from n1trial.report.sentences import counts_either_way, what_it_depends_on
from n1trial.report.words import count_of, effect_in_words, nothing_in_words
from n1trial.study.run.result import PartialResult

MARKS: Mapping[str, str] = {"likely": "●", "may": "◐", "unlikely": "○", "misleading": "✕"}
"""A shape for each answer, so that no color is needed."""
BY_FORMULA = "A first estimate by formula; the simulation follows."


def verdict_in_short(result: PartialResult, name: str | None = None) -> ui.TagList:
    """Word the verdict and the two figures that belong to it, in two sentences.

    Parameters
    ----------
    result : PartialResult
    name : str, optional
        What the words of the verdict are known by on the page.
    """
    verdict, because = result.verdict, "."
    depends = f" It depends on {what_it_depends_on(result)}, which is not known." if verdict.depends else ""
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
            f"If it {_worthwhile(result)}, the smallest worthwhile: shown in ",
            _number(positive(result, result.figures[result.primary]["mcid"]), "shown"),
            f" trials{_at_the_ends(result)}."
            f" If it {nothing_in_words(result.scenario)}: {alarms_in_words(result)} in ",
            _number(false_alarms(result), "alarms"), ". ",
            how_sure(result),
            class_="figures",
        ),
    )  # fmt: skip


def _worthwhile(result: PartialResult) -> str:
    plan = result.scenario.plan()
    return effect_in_words(plan.benefit_sign * plan.mcid, result.scenario.outcome.unit)


def alarms_in_words(result: PartialResult) -> str:
    """Say what false alarms count."""
    return "false alarms for better or worse" if counts_either_way(result) else "false alarms"


def _at_the_ends(result: PartialResult) -> str:
    """Word the range if the drug acted faster or slower than assumed, while the analysis goes on as planned."""
    if result.scenario.decision.rule == "probability":
        return ""  # at the ends it is known how often an effect is shown, not how often the drug would be continued
    ends = [row.detect.value or 0.0 for row in result.sensitivity if row.is_end]
    if not ends:
        return ""
    low, high = round(100 * min(ends)), round(100 * max(ends))
    return f" ({low} to {high} if it acts slower or faster than the analysis assumes)" if low != high else ""


def _number(figure: Figure, name: str) -> ui.Tag:
    """Show a share of 100, with its exact value for programs that look at the page."""
    return ui.tags.b(in_100(figure.value), {"data-figure": name, "data-value": repr(figure.value)})


def how_sure(result: PartialResult) -> str:
    """Say where the figures come from, and how sure they are."""
    if not result.is_simulated:
        return BY_FORMULA
    trials = count_of(result.scenario.simulation.replicates, "simulated trial")
    give_or_take = margin(result.figures[result.primary]["mcid"]["detect"])
    return f"{trials}, give or take {give_or_take} in 100."
