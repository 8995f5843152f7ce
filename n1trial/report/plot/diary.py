"""Pictures of a diary: what was written, what was taken, and what lay behind it."""

from __future__ import annotations

import contextlib
import html
import io
import re
import textwrap
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from n1trial.report.plot import panels
from n1trial.report.sentences import NO_CONTROL, assumed_in_words
from n1trial.simulation.life import Life

LEGEND_CHARACTERS_AN_INCH, TITLE_CHARACTERS_AN_INCH = 12, 13
"""Characters of the legend, its marks counted as four, and of the title on one line, by the figure's width."""
TICKS_AN_INCH = 2.3
STYLE = re.compile(r"<defs>\s*<style.*?</defs>", re.DOTALL)
LINES = 'style="stroke-linejoin: round; stroke-linecap: butt"'
"""What a figure says of how lines end, which would hold for the whole page; and the same for that figure alone."""
DRAWING = threading.RLock()
"""Held while a picture is drawn: how matplotlib draws, and what Python warns of, is one setting for all threads."""
TAG, NAMED = re.compile(r"<[^>]*>"), re.compile(r'( id="|url\(#|href="#)')
"""A tag of an SVG, and where it names something."""


def draw_diary(life: Life) -> Figure:
    """Draw a simulated patient's diary over time.

    Returns
    -------
    Figure
        From above: scores; share of the effect that has built up; what the patient thinks they take, where that can
        differ; and what else happened, a row each.
    """
    is_blinded, strips = life.scenario.design.layout == "crossover", panels.strips(life)
    heights = [4.0, 1.2, *([1.2] if is_blinded else []), *([0.22 * len(strips) + 0.1] if strips else [])]
    with style():
        width = panels.inches_wide(life)
        figure = Figure(figsize=(width, 1.8 + 0.8 * sum(heights)), layout="constrained")
        axes: list[Axes] = list(figure.subplots(len(heights), 1, sharex=True, height_ratios=heights))
        for ax in axes:
            panels.shade(ax, life)
            ax.spines[["top", "right"]].set_visible(False)
        panels.draw_scores(axes[0], life, width)
        panels.name_periods(axes[0], life, width)
        panels.draw_exposure(axes[1], life)
        if is_blinded:
            panels.draw_belief(axes[2], life, width)
        if strips:
            panels.draw_strips(axes[-1], life, strips, width)
        number_time(axes[-1], life, width)
        figure.align_ylabels(axes)
        title = figure.suptitle(_title(life), x=0.01, ha="left", fontsize=10)
        handles = panels.legend(life)
        characters = sum(4 + len(str(handle.get_label())) for handle in handles)
        columns = 4 if characters > LEGEND_CHARACTERS_AN_INCH * width else len(handles)
        figure.legend(handles=handles, loc="outside lower left", ncols=columns, frameon=False, fontsize=8)
        fit_title(figure, title)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Save a figure as SVG and as PNG beside each other; the same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure
    path : Path
        Without the ending.
    """
    with style():
        figure.savefig(path.with_suffix(".svg"), metadata={"Date": None, "Creator": None})
        figure.savefig(path.with_suffix(".png"), dpi=150, metadata={"Software": None})


def number_time(ax: Axes, life: Life, width: float) -> None:
    """Number days or weeks below the lowest panel."""
    unit = panels.days_a_unit(life)
    ax.set_xlabel(f"{'Days' if unit == 1 else 'Weeks'} since the first day of treatment")
    ticks = int(TICKS_AN_INCH * width)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=ticks, integer=True, steps=[1, 2, 4, 5, 10]))
    ax.set_xlim(life.day[0] / unit, (life.day[-1] + 1) / unit)


def as_svg(figure: Figure, name: str, title: str, description: str) -> str:
    """Write a figure as an SVG element for a page.

    Parameters
    ----------
    figure : Figure
    name : str
        Letters and hyphens, another one for each figure of a page: what is named within an SVG is named in all.
    title, description : str
        For those who cannot see it.

    Returns
    -------
    str
        The same for the same figure.
    """
    text = io.StringIO()
    with style():
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = STYLE.sub("", text.getvalue())
    head, rest = TAG.sub(lambda tag: _own_names(tag[0], name), svg[svg.index("<svg") :]).split(">", 1)
    titles = (
        f'<title id="{name}-title">{html.escape(title)}</title><desc id="{name}-desc">{html.escape(description)}</desc>'
    )
    names = f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc"'
    return f"{head} {LINES} {names}>{titles}{rest}".strip()


def _own_names(tag: str, name: str) -> str:
    """Make names of a tag, and what it says of others', begin with that of the figure."""
    return NAMED.sub(rf"\g<1>{name}-", tag).replace("xlink:href=", "href=")


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Draw the same whatever the user's own settings: text stays text, a $ in a name is a $, ids are not random."""
    with DRAWING, mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams["svg.fonttype"] = "none"
        mpl.rcParams["svg.hashsalt"] = "n1trial"
        mpl.rcParams["text.parse_math"] = False
        mpl.rcParams["font.size"] = 9
        mpl.rcParams["hatch.linewidth"] = 0.5
        # names may hold letters that the font lacks; the SVG still has them
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


def fit_title(figure: Figure, title: Text | None = None) -> None:
    """Lay out once and round: the last digits differ from call to call, and names within an SVG hang on them."""
    if layout := figure.get_layout_engine():
        layout.execute(figure)
    figure.set_layout_engine("none")
    if title is not None:
        title.set_y(round(float(title.get_position()[1]), 4))
    for ax in figure.axes:
        left, bottom, width, height = (round(float(edge), 4) for edge in ax.get_position().bounds)
        ax.set_position((left, bottom, width, height))


def _title(life: Life) -> str:
    lines = [f"Simulated patient {life.replicate} of {life.scenario.name}", f"{assumed_in_words(life)}{_left(life)}"]
    if life.scenario.design.layout == "open-label":
        lines.append(NO_CONTROL)
    width = int(TITLE_CHARACTERS_AN_INCH * panels.inches_wide(life))
    return "\n".join(textwrap.fill(line, width) for line in lines)


def _left(life: Life) -> str:
    """Say when the patient left, if so."""
    if life.dropout_day is None:
        return ""
    if panels.days_a_unit(life) == 1:
        return f"; stopped after {life.dropout_day} {'day' if life.dropout_day == 1 else 'days'}"
    return f"; stopped in week {max(life.dropout_day - 1, 0) // 7 + 1}"
