"""What a diary tells as the page shows it: its patient beside the plan, and the conclusion before its figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from shiny import ui

from n1trial.report.diary.calibration import ASSUMED, REMARKS, NumberRow, PatientSummary
from n1trial.report.diary.parts import EXPLAINED, NO_PLAN, AnalysisRow, Conclusions
from n1trial.report.words import capital
from n1trial.scenario.scenario import Scenario
from n1trial.web.diary.results import DiaryConclusion
from n1trial.web.shared.tags import grouped_table, table

HEADS = ("What it is", "As planned", "This patient")
FIGURES = "All analyses"
CHANGED = (
    "This diary was analyzed by the plan as it was; the plan has been changed since. Analyze again to go by it now."
)
LINES = "The line under an interval is drawn from end to end of it; the upright stroke is no difference."


def patient_view(patient: PatientSummary, plan: Scenario) -> ui.Tag:
    """Show what a diary tells of its patient."""
    groups = [(title, [_number(each, plan) for each in numbers]) for title, numbers in patient.groups]
    return ui.div(
        ui.tags.h4("What was found"),
        grouped_table(patient.diary, HEADS, groups, class_="of-patient"),
        ui.TagList(ui.tags.h4(REMARKS), _list(patient.remarks)) if patient.remarks else None,
        ui.tags.p(ASSUMED),
        class_="result",
    )


def _number(number: NumberRow, plan: Scenario) -> tuple[ui.TagChild, ...]:
    return (
        ui.TagList(capital(number.words), " ", _key(number.key)),
        f"{plan.value(number.key):g}",
        ui.TagList(ui.tags.strong(number.figure), " ", ui.span(number.interval, class_="whole")),
    )


def _key(key: str) -> ui.Tag:
    """Show a key that breaks between its words only."""
    first, *others = re.split(r"(?<=[._])", key)
    return ui.tags.code(first, *(part for other in others for part in (ui.tags.wbr(), other)))


def conclusions_view(conclusions: Conclusions) -> ui.Tag:
    """Show what a diary with its treatments concludes."""
    answer, reach = conclusions.answer, _reach(conclusions.rows)
    return ui.div(
        ui.div(
            ui.tags.h4(answer.outcome),
            *(ui.tags.p(sentence) for sentence in (*answer.sentences, answer.advice) if sentence),
            _label((*_decisive(conclusions), *conclusions.basis)),
            class_="conclusion",
        ),
        table(
            FIGURES,
            list(map(_head, conclusions.heads)),
            [_figures(row, reach) for row in conclusions.rows],
            class_="of-analyses",
        ),
        ui.tags.p(LINES, class_="hint"),
        _list(conclusions.remarks) if conclusions.remarks else None,
        ui.tags.details(ui.tags.summary(EXPLAINED), _label(conclusions.methods)),
        class_="result told",
    )


def _decisive(conclusions: Conclusions) -> Iterator[tuple[str, str]]:
    """Name the analysis that answers, and what its answer decides."""
    method, description = conclusions.methods[0]
    if conclusions.decision:
        yield "Primary", f"{method}. {description}"
        yield "Decision", conclusions.decision
    else:
        yield "No plan", NO_PLAN
        yield method, description


def _head(head: str) -> str:
    return head if head == "p" else capital(head)


def _figures(row: AnalysisRow, reach: tuple[float, float]) -> tuple[ui.TagChild, ...]:
    """Give the cells of an analysis; its interval stands there as numbers and as a line."""
    name = ui.span(row.analysis, class_="variant" if row.is_variant else None)
    head = ui.TagList(name, " ", ui.tags.small(row.role)) if row.role else name
    if row.ends is None:
        return head, row.gap, "", "", ""
    interval = ui.TagList(row.interval, _line(row.ends, reach))
    return head, row.difference, interval, row.p, row.entries


def _reach(rows: Iterable[AnalysisRow]) -> tuple[float, float]:
    """Find the ends of all intervals as far as they have any, and no difference."""
    ends = [0.0, *(end for row in rows for end in row.ends or () if math.isfinite(end))]
    return min(ends), max(ends)


def _line(ends: tuple[float, float, float], reach: tuple[float, float]) -> ui.Tag:
    """Draw an interval as a line with a dot at the difference, all of a table on one scale."""
    least, most = reach
    width = (most - least) or 1.0
    zero, low, difference, high = (100 * (min(max(each, least), most) - least) / width for each in (0.0, *ends))
    return ui.span(
        ui.span(class_="none", style=f"left: {zero:.1f}%"),
        ui.span(class_="line", style=f"left: {low:.1f}%; width: {high - low:.1f}%"),
        ui.span(class_="dot", style=f"left: {difference:.1f}%"),
        class_="interval",
        aria_hidden="true",
    )


def _label(texts: Iterable[tuple[str, str]]) -> ui.Tag:
    return ui.tags.dl(*(part for label, text in texts for part in (ui.tags.dt(label), ui.tags.dd(text))))


def _list(texts: Iterable[str]) -> ui.Tag:
    return ui.tags.ul(*(ui.tags.li(text) for text in texts))


def with_treatments(scenario: Scenario | None) -> ui.TagChild:
    """Offer to analyze a diary that names its treatments, by the open plan."""
    if scenario is None:
        return ui.tags.p("This diary names its treatments. The plan has faults; mend it first.")
    return ui.TagList(
        ui.tags.p(
            f"This diary names its treatments. It is analyzed as your plan says, {scenario.name}: lay the"
            " plan there that was fixed in advance.",
        ),
        ui.input_action_button("analyze", "Analyze", class_="btn-primary"),
    )


def conclusion_with_its_plan(conclusion: DiaryConclusion, scenario: Scenario | None) -> ui.TagList:
    """Show what a diary with its treatments concludes, by the plan that it was analyzed by."""
    return ui.TagList(
        None if conclusion.plan == scenario else ui.tags.p(CHANGED, class_="against", role="status"),
        conclusions_view(conclusion.conclusions),
    )
