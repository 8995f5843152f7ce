"""The calendar of a trial without any order: what is known of it before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from n1trial.design.layout import Layout
from n1trial.report.plot.diary import style
from n1trial.report.plot.rates import INK, LIGHT, QUIET, WIDTH

Kind = Literal["run_in", "period", "change_over", "washout", "open"]
HATCHES = {"change_over": "////", "washout": "...."}
FILLS = {"run_in": "#eceff2", "open": LIGHT}
HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1.75, 0.15, WIDTH - 0.15, 1.3, 0.85
INCHES_A_CHARACTER = 0.075


@dataclass(frozen=True)
class Stretch:
    """A part of the calendar.

    Attributes
    ----------
    kind : {"run_in", "period", "change_over", "washout", "open"}
        "change_over" is where the change-over may be drawn to, with the washout that goes with it.
    first_day, after_day : int
        First day, and the day after the last; day 0 is the first blinded one.
    round : int
        From 1; 0 in the run-in and between rounds.
    """

    kind: Kind
    first_day: int
    after_day: int
    round: int = 0


def stretches(layout: Layout) -> Iterator[Stretch]:
    """Yield parts of the calendar in time, those without a day left out."""
    return (stretch for stretch in _stretches(layout) if stretch.after_day > stretch.first_day)


def _stretches(layout: Layout) -> Iterator[Stretch]:
    yield Stretch("run_in", -layout.run_in_days, 0)
    if layout.randomization is None:
        yield Stretch("open", 0, layout.treated_days)
        return
    reach, washout = max(layout.randomization.switches), layout.washout_days
    for number in range(layout.cycles):
        start = number * layout.cycle_days
        earliest, latest = start + layout.period_days - reach, start + layout.period_days + reach + washout
        end = start + 2 * layout.period_days + washout
        yield Stretch("period", start, earliest, number + 1)
        yield Stretch("change_over" if reach else "washout", earliest, latest, number + 1)
        yield Stretch("period", latest, end, number + 1)
        if number < layout.cycles - 1:
            yield Stretch("washout", end, end + washout)


def draw_calendar(layout: Layout, words: Mapping[str, str]) -> Figure:
    """Draw the calendar in weeks, the days hatched to which a change-over may be drawn.

    Parameters
    ----------
    layout : Layout
    words : mapping of str to str
        Labels: "weeks", "round", and one for each kind of stretch.
    """
    parts = list(stretches(layout))
    with style():
        figure = Figure(figsize=(WIDTH, HEIGHT))
        ax = figure.add_axes(
            (LEFT / WIDTH, BOTTOM / HEIGHT, (RIGHT - LEFT) / WIDTH, (TOP - BOTTOM) / HEIGHT), frameon=False
        )
        for part in parts:
            ax.add_patch(_box(part))
        ax.set_xlim(parts[0].first_day / 7, parts[-1].after_day / 7)
        ax.set_ylim(0, 1)
        ax.set_yticks([])
        inches_a_day = (RIGHT - LEFT) / (parts[-1].after_day - parts[0].first_day)
        for number in sorted({part.round for part in parts if part.round}):
            days = [day for part in parts if part.round == number for day in (part.first_day, part.after_day)]
            label = words["round"].format(number=number)
            is_short = len(label) * INCHES_A_CHARACTER > inches_a_day * (max(days) - min(days))
            ax.text((min(days) + max(days)) / 14, 1.08, str(number) if is_short else label, ha="center", fontsize=9)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=11, integer=True, steps=[1, 2, 4, 5, 10]))
        ax.set_xlabel(words["weeks"], fontsize=9)
        handles = [Patch(label=words[kind], **_look(kind)) for kind in dict.fromkeys(part.kind for part in parts)]
        figure.legend(handles=handles, loc="lower left", ncols=4, frameon=False, fontsize=8, columnspacing=1.0,
                      borderaxespad=0.1)  # fmt: skip
    return figure


def _box(part: Stretch) -> Rectangle:
    return Rectangle((part.first_day / 7, 0), (part.after_day - part.first_day) / 7, 1, **_look(part.kind))


def _look(kind: Kind) -> dict[str, Any]:
    """Return fill, edge and hatch of a kind of stretch."""
    edge = INK if kind == "period" else QUIET
    return {"facecolor": FILLS.get(kind, "white"), "edgecolor": edge, "hatch": HATCHES.get(kind), "linewidth": 0.8}
