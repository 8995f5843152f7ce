"""The page of a run: one self-contained HTML file."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from n1trial.report import rates
from n1trial.report.plot.calendar import draw_calendar
from n1trial.report.plot.diary import as_svg
from n1trial.report.plot.rates import RateRow, draw_power, draw_rates
from n1trial.report.plot.year import draw_year
from n1trial.report.rates import in_100
from n1trial.report.rounding import percent, three_digits
from n1trial.report.run.context import view
from n1trial.report.run.tiles import dots_path
from n1trial.report.templates import templates
from n1trial.study.run.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGE = "report.html"
"""Name of the page in a results folder."""
LANGUAGE = "en"
GENERATOR = '<meta name="generator" content="n1trial">'
"""By which a page of ours is known."""


def page(result: Result, language: str = LANGUAGE) -> str:
    """Write the page of a run.

    Parameters
    ----------
    result : Result
    language : str
        Of the wording: there must be a file ``templates/report.LANGUAGE.jinja``.

    Returns
    -------
    str
        HTML without any outside request; the same for the same result.
    """
    words: Any = _environment().get_template(f"report.{language}.jinja").module
    seen = view(result)
    return str(words.page(seen, _pictures(result, seen, words))).lstrip()


@cache
def _environment() -> Any:
    return templates("n1trial.report.run", {
        "about": rates.about, "count": rates.count, "interval": rates.interval, "with_error": rates.with_error,
        "size": three_digits, "percent": percent, "share": in_100, "dots": dots_path, "combined": _combine,
        "capital": _capital, "stopped": _end_sentence,
    })  # fmt: skip


def _pictures(result: Result, context: Mapping[str, Any], words: Any) -> dict[str, str]:
    """Draw the pictures of the page, as SVG; none of what the layout has not."""
    labels = words.PICTURE | {"benefit": words.PICTURE["benefit"].format(unit=context["outcome"].unit)}
    drawn = {
        "year": draw_year(context["life"]["life"], {"score": labels["score"].format(better=context["outcome"].better)}),
        "power": _draw_power(context, labels),
        "methods": _draw_methods(context, labels),
        "calendar": draw_calendar(result.scenario.layout(), labels),
    }
    if context["improvements"]:
        drawn["relief"] = _draw_improvements(context, labels)
    if context["is_course_tried"]:
        drawn["courses"] = _draw_courses(context, labels, words)
    return {
        name: as_svg(figure, name, words.TITLES[name], _plain(getattr(words, f"{name}_described")(context)))
        for name, figure in drawn.items()
    }


def _draw_power(context: Mapping[str, Any], labels: Mapping[str, str]) -> Figure:
    curve = {row["benefit"]: row["shown"] for row in context["power"]}
    marked = {row["benefit"]: labels["for"] for row in context["power"] if row["is_planned"] and row["benefit"]}
    return draw_power(curve, context["alarms"], marked | {context["mcid"]: labels["worthwhile"]}, labels)


def _draw_improvements(context: Mapping[str, Any], labels: Mapping[str, str]) -> Figure:
    rows = [RateRow(row["words"], row["shown"]) for row in context["improvements"]]
    planned = context["as_planned"]
    lines = {planned.value: labels["planned"].format(count=rates.count(planned))}
    return draw_rates(rows, labels, lines, is_barred=True)


def _draw_methods(context: Mapping[str, Any], labels: Mapping[str, str]) -> Figure:
    rows = [RateRow(row["name"], row["shown"], row["alarms"], is_first=row["is_primary"]) for row in context["methods"]]
    return draw_rates(
        rows, labels, {context["alpha"]: labels["alpha"].format(count=three_digits(100 * context["alpha"]))}
    )


def _draw_courses(context: Mapping[str, Any], labels: Mapping[str, str], words: Any) -> Figure:
    rows = [
        RateRow(_plain(words.course_label(row)), row["shown"], note=_plain(words.course_days(row)))
        for row in context["courses"]
    ]
    rows += [RateRow(_plain(words.unsettled_label(row)), row["shown"]) for row in context["unsettled"]]
    lines = {context["seen"].value: labels["planned"].format(count=rates.count(context["seen"]))}
    return draw_rates(rows, labels, lines)


def _plain(markup: object) -> str:
    """Return the wording of the template as text, for where no HTML is."""
    return html.unescape(str(markup)).strip()


def _combine(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    return {**one, **other}


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _end_sentence(text: str) -> str:
    """End a text as a sentence does."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
