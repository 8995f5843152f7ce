"""Whether a week of the diary fits on one page, and how it is set so that it does: reckoned, on the safe side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from n1trial.pack.papers.sheet_settings import SETTINGS, Setting
from n1trial.pack.papers.typeface import BOLD, width_mm
from n1trial.pack.trial.columns import asked_daily, asked_on, rare
from n1trial.report.words import drug_in_words, plural
from n1trial.scenario.scenario import Scenario
from n1trial.wording import plain

PAGE_MM = 242.0
"""Height that a page has for text, on Letter paper, the lower one; a few millimeters are kept back."""
WIDTH_MM = 175.0
"""Width that a line has within a day, on A4 paper, the narrower one."""
QUESTION_MM = 6.6
"""Height of a line of the question."""
HEAD_MM, CLOSING_MM = 11.0, 9.0
"""Dates and margins above the days; the heading below them."""
DAY_MM = 1.7
"""Borders of a day."""
BLANK_MM, SHORT_MM, SCANT_MM, WIDE_MM, TICK_MM, GAP_MM = 23.0, 17.0, 14.0, 61.0, 5.0, 2.9
"""A blank, a short, a scant and a wide one, a box to tick, and what parts two things."""
OWN_LABEL, SHORT_LABEL = "x" * 12, "x" * 8
"""Stand for labels of the wording, in whatever language."""
DATE_MM = 28.0
MOST_MARKS, MARK_MM, LEAST_MARK_MM, MARK_GAP_MM = 11, 11.0, 7.5, 0.8
"""Scores that are printed to be circled; the width of each, at most and at least."""
MARK_POINTS, TEXT_POINTS = 14.0, 12.0


@dataclass(frozen=True)
class Room:
    """Settings of the diary's pages.

    Attributes
    ----------
    height_mm : float
        Of the fullest page.
    setting : Setting
    mark_mm : float
        Width of each score to circle.
    has_ticks_below : bool
        The doses' ticks stand below the score and not beside it.
    """

    height_mm: float
    setting: Setting
    mark_mm: float
    has_ticks_below: bool

    @property
    def is_enough(self) -> bool:
        """Whether a page holds it all."""
        return self.height_mm <= PAGE_MM


@lru_cache(maxsize=1)  # every paper of a pack asks
def room(scenario: Scenario) -> Room:
    """Find the roomiest way to set the diary that keeps each week on its page.

    Parameters
    ----------
    scenario : Scenario
        A crossover.

    Returns
    -------
    Room
        The last and closest way where none is enough.
    """
    free = WIDTH_MM - DATE_MM
    late, doses = _tick(OWN_LABEL, TEXT_POINTS), _width(scenario.pack.form) + _yes_no(TEXT_POINTS)
    can_be_beside = len(scenario.pack.times_of_day) == 1 and free - doses >= _score(scenario)
    places = ((True, free - late), (False, free - doses)) if can_be_beside else ((True, free - late),)
    most = max(1, len(marks(scenario)))
    found = [
        Room(_height(scenario, setting, below), setting, min(MARK_MM, width / most - MARK_GAP_MM), below)
        for setting in SETTINGS
        for below, width in places
    ]
    return next((one for one in found if one.is_enough), found[-1])


def marks(scenario: Scenario) -> list[str]:
    """List scores to be circled: all of them, or none where they are many or wide."""
    (low, high), step = scenario.outcome.scale, scenario.outcome.step
    count = math.floor((high - low) / step + 1e-9) + 1 if step > 0 else MOST_MARKS + 1
    if count > MOST_MARKS:
        return []
    shown = [plain(round(low + number * step, 9)) for number in range(count)]
    return shown if _circle_width(shown) <= WIDTH_MM - DATE_MM - _tick(OWN_LABEL, TEXT_POINTS) else []


def _score(scenario: Scenario) -> float:
    """Return the least width of the score."""
    (low, high), unit = scenario.outcome.scale, scenario.outcome.unit
    return _circle_width(marks(scenario)) or 40.0 + _width(f"{unit}, {plain(low)} to {plain(high)}")


def _circle_width(labels: list[str]) -> float:
    widest = max((BOLD * width_mm(mark, MARK_POINTS) for mark in labels), default=0.0)
    return len(labels) * (max(LEAST_MARK_MM, widest + 2.0) + MARK_GAP_MM)


def _height(scenario: Scenario, setting: Setting, has_ticks_below: bool) -> float:
    """Return the height of the fullest sheet."""
    length = min(7, scenario.pack.kit_days if scenario.design.run_in == "placebo" else 7)
    lines = [_lines(_in_a_day(scenario, setting, has_ticks_below, asked)) for asked in _asked_rarely(scenario, length)]
    fullest = max(sum(lines[first : first + length]) for first in range(max(1, len(lines) - length + 1)))
    days = length * (setting.mark_mm + DAY_MM + setting.gap_mm) + setting.line_mm * fullest
    return (
        HEAD_MM + _above(scenario, setting) + days + CLOSING_MM + setting.weekly_mm * _weekly_lines(scenario, setting)
    )


def _asked_rarely(scenario: Scenario, length: int) -> list[tuple[str, ...]]:
    """List questions of each day that are not of every day; of the days of one sheet where there are none."""
    if not rare(scenario):
        return [()] * length
    return [asked_on(scenario, day) for day in scenario.layout().days.tolist()]


def _in_a_day(
    scenario: Scenario, setting: Setting, has_ticks_below: bool, asked_today: tuple[str, ...]
) -> tuple[float, ...]:
    """Return the widths of all that stands below the score of a day."""
    pack, points = scenario.pack, setting.points
    own, brief = (SHORT_MM, SCANT_MM) if setting.is_small else (BLANK_MM, SHORT_MM)
    names = [trigger.name for trigger in scenario.trigger]
    shown = [str(number) for number, _ in enumerate(names, 1)] if setting.has_numbers else names
    asked = [
        _place("M", points, brief) if setting.has_letters else _place(text, points) for text in asked_daily(scenario)
    ]
    times = pack.times_of_day if len(pack.times_of_day) > 1 else ("",)
    doses = [_width(plural(pack.form), points), *(_width(time, points) + _yes_no(points) for time in times)]
    return (
        *(doses if has_ticks_below else ()),
        *(_place(text, points) for text in asked_today),
        *asked,
        _place("M" if setting.has_numbers else OWN_LABEL, points, own),
        _width(SHORT_LABEL, points),
        *(_tick(text, points) for text in shown),
        own,
        *(() if has_ticks_below else (_tick(OWN_LABEL, points),)),
    )


def _above(scenario: Scenario, setting: Setting) -> float:
    """Return the height of what stands above the days."""
    outcome = scenario.outcome
    legend = [f"A {text}; " for text in asked_daily(scenario)] if setting.has_letters else []
    legend += [f"M {OWN_LABEL}; ", *(f"1 {one.name}; " for one in scenario.trigger)] if setting.has_numbers else []
    # About so much do the sentences of the wording take, in whatever language.
    told = 300.0 + sum(map(width_mm, (outcome.window, outcome.lowest_means, outcome.highest_means)))
    question = BOLD * width_mm(outcome.question or outcome.name, MARK_POINTS)
    scale = setting.points / TEXT_POINTS if setting.is_small else 1.0
    lines = math.ceil(scale * told / WIDTH_MM)
    if legend:
        lines += math.ceil(scale * (60.0 + sum(map(width_mm, legend))) / WIDTH_MM)
    return QUESTION_MM * math.ceil(question / WIDTH_MM) + setting.intro_mm * lines + 1.5


def _weekly_lines(scenario: Scenario, setting: Setting) -> int:
    """Count lines of the questions that are asked once a sheet."""
    points = setting.points if setting.is_small else TEXT_POINTS
    forms, names = plural(scenario.pack.form), (drug_in_words(scenario), scenario.control.name, OWN_LABEL)
    places = scenario.outcome.places
    where = (_width(OWN_LABEL, points), *(_tick(place, points) for place in places), _place(SHORT_LABEL, points))
    kit = (_place(f"{forms}{OWN_LABEL}", points), _width(f"{forms}{SHORT_LABEL}", points))
    guess = (_tick(name, points) for name in names)
    return _lines((*(where if places else ()), _place(OWN_LABEL, points, WIDE_MM), *kit, *guess))


@lru_cache(maxsize=4096)
def _lines(widths: tuple[float, ...]) -> int:
    """Count lines that things take which are not broken, unless one is wider than a line."""
    lines, used = 1, 0.0
    for width in widths:
        if used and used + width > WIDTH_MM:
            lines, used = lines + 1, 0.0
        lines += math.ceil(max(width - WIDTH_MM, 0) / WIDTH_MM)
        used += width
    return lines


def _yes_no(points: float) -> float:
    """Return the width of a box for yes and one for no."""
    return 2 * (width_mm("xxx", points) + TICK_MM) + GAP_MM


def _tick(text: str, points: float) -> float:
    return _width(text, points) + TICK_MM


def _place(text: str, points: float, blank: float = BLANK_MM) -> float:
    return _width(text, points) + blank


def _width(text: str, points: float = TEXT_POINTS) -> float:
    return width_mm(text, points) + GAP_MM
