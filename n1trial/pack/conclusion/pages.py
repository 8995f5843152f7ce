"""Page and letters of a finished trial: figures from `context.py`, words from one file a language."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import cache
from typing import Any

from n1trial.pack.conclusion.comparison_plots import draw_analyses, draw_rounds
from n1trial.pack.conclusion.context import view
from n1trial.pack.conclusion.course_plot import draw_course
from n1trial.pack.end.conclude import Final
from n1trial.pack.end.trail import Trail
from n1trial.pack.papers.markup import as_text, parse
from n1trial.report.plot.diary import as_svg
from n1trial.report.rounding import size
from n1trial.report.templates import templates
from n1trial.report.words import capital

LANGUAGE = "en"


def pages(final: Final, trail: Trail, language: str = LANGUAGE) -> dict[str, str]:
    """Write page and letters of a finished trial, by file name.

    Parameters
    ----------
    final : Final
    trail : Trail
    language : str
        Of the wording: there must be a file ``templates/analysis.LANGUAGE.jinja``.

    Returns
    -------
    dict of str to str
        HTML without any outside request; the letters as plain text as well.
    """
    words: Any = _environment().get_template(f"analysis.{language}.jinja").module
    seen, facts = view(final), trail.facts(final.trial_diary.date_of)
    files = {"analysis.html": str(words.page(seen, facts, _pictures(final, seen, words)))}
    for reader in ("physician", "patient"):
        letter = str(getattr(words, reader)(seen, facts))
        files |= {f"letter-{reader}.html": letter, f"letter-{reader}.txt": as_text(parse(letter))}
    return files


@cache
def _environment() -> Any:
    return templates("n1trial.pack", {"size": size, "capitalized": capital})


def _pictures(final: Final, context: dict[str, Any], words: Any) -> dict[str, str]:
    """Draw the pictures of the page, as SVG."""
    trial_diary = final.trial_diary
    names = {"DRUG": context["drug"], "CONTROL": context["control"]}
    labels = {name: _name(text, names) for name, text in words.PICTURE.items()}
    rows = [row | {"label": str(words.label(row)).strip()} for row in context["analyses"]]
    drawn = {
        "course": draw_course(trial_diary, context["kits"], labels),
        "rounds": draw_rounds(context["periods"], labels),
        "analyses": draw_analyses(final, rows, labels),
    }
    return {
        name: as_svg(
            figure, name, words.PICTURE_TITLES[name], html.unescape(str(getattr(words, f"{name}_described")(context)))
        )
        for name, figure in drawn.items()
    }


def _name(text: str, names: Mapping[str, str]) -> str:
    for word, name in names.items():
        text = text.replace(word, name)
    return text
