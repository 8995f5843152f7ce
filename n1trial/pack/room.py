"""Whether a week of the diary fits on one page, and how it is set so that it does: reckoned, on the safe side."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from n1trial.pack.columns import asked_daily
from n1trial.report.words import drug_in_words
from n1trial.scenario.fault import plain

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario

PAGE_MM = 240.0
"""Height that a page has for text, on Letter paper, the lower one; a few millimeters are kept back."""
WIDTH_MM = 174.0
LETTER_MM = 1.7
"""Width of a letter of 12 points, as measured; letters of the Far East are twice as wide."""
LINE_MM = 5.7
ROOMY_MM, TIGHT_MM = 7.0, 5.8
"""Height of a line to write on."""
BLANK_MM, SHORT_MM, TICK_MM, GAP_MM = 29.2, 21.0, 7.5, 1.0
OWN_LABEL, SHORT_LABEL = "x" * 16, "x" * 9
"""Stand for labels of the wording, in whatever language."""
MOST_MARKS, MARKS_MM = 11, 64.0
"""Scores that are printed to be circled, and the width for them; more or wider ones get a blank."""
DATE_MM, WRITTEN_MM = 31.0, 40.0
"""Columns beside the score and the ticks of the doses; where these are too wide they stand below."""


@dataclass(frozen=True)
class Room:
    """How the diary's pages are set.

    Attributes
    ----------
    height_mm : float
        Of the fullest page.
    has_letters : bool
        Further questions stand once above the days, and each day has their letters alone.
    has_ticks_below : bool
        The doses' ticks stand below the score and not beside it.
    is_tight : bool
        Lines to write on are closer together.
    """

    height_mm: float
    has_letters: bool
    has_ticks_below: bool
    is_tight: bool

    @property
    def is_enough(self) -> bool:
        """Whether a page holds it all."""
        return self.height_mm <= PAGE_MM


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
    has_ticks_below = sum(map(_tick, scenario.pack.times_of_day)) > WIDTH_MM - DATE_MM - WRITTEN_MM - _score(scenario)
    ways = ((False, False), (False, True), (True, False), (True, True))
    found = [
        Room(_height(scenario, letters, has_ticks_below, tight), letters, has_ticks_below, tight)
        for letters, tight in ways
    ]
    return next((one for one in found if one.is_enough), found[-1])


def marks(scenario: Scenario) -> list[str]:
    """Scores to be circled: all of them, or none where they are many or wide."""
    (low, high), step = scenario.outcome.scale, scenario.outcome.step
    count = math.floor((high - low) / step + 1e-9) + 1 if step > 0 else MOST_MARKS + 1
    if count > MOST_MARKS:
        return []
    shown = [plain(round(low + number * step, 9)) for number in range(count)]
    return shown if _circled(shown) <= MARKS_MM else []


def _score(scenario: Scenario) -> float:
    """Width of the score's column."""
    ends = f"{plain(scenario.outcome.scale[0])} to {plain(scenario.outcome.scale[1])}: "
    return _circled(marks(scenario)) or 2.6 * len(ends) + BLANK_MM


def _circled(shown: list[str]) -> float:
    return sum(2.6 * len(mark) + 1.5 for mark in shown)


def _height(scenario: Scenario, has_letters: bool, has_ticks_below: bool, is_tight: bool) -> float:
    outcome, asked, line = scenario.outcome, asked_daily(scenario), TIGHT_MM if is_tight else ROOMY_MM
    day = [_width(SHORT_LABEL), *map(_tick, scenario.pack.times_of_day)] if has_ticks_below else []
    day += [_width("A") + SHORT_MM if has_letters else _width(text) + BLANK_MM for text in asked]
    day += [_width(OWN_LABEL) + BLANK_MM, _width(SHORT_LABEL), *(_tick(trigger.name) for trigger in scenario.trigger)]
    under = _lines([*day, BLANK_MM])
    intro = 220 * LETTER_MM + sum(
        map(_width, (outcome.question, outcome.window, outcome.lowest_means, outcome.highest_means))
    )
    legend = sum(map(_width, asked)) + 9.0 * len(asked) if has_letters else 0.0
    names = (drug_in_words(scenario), scenario.control.name, OWN_LABEL)
    weekly = 2 + _lines([_width(OWN_LABEL), *map(_tick, names)])
    weekly += _lines([_width(OWN_LABEL), *map(_tick, outcome.places), BLANK_MM]) if outcome.places else 0
    return (
        12.0
        + LINE_MM * (math.ceil(intro / WIDTH_MM) + math.ceil(legend / WIDTH_MM))
        + 8.0
        + min(7, scenario.pack.kit_days if scenario.design.run_in == "placebo" else 7) * (8.0 + line * under)
        + 9.0
        + ROOMY_MM * weekly
    )


def _lines(widths: Iterable[float]) -> int:
    """Lines that things take which are not broken, unless one is wider than a line."""
    lines, used = 1, 0.0
    for width in widths:
        if used and used + width > WIDTH_MM:
            lines, used = lines + 1, 0.0
        lines += math.ceil(max(width - WIDTH_MM, 0) / WIDTH_MM)
        used += width
    return lines


def _tick(text: str) -> float:
    return _width(text) + TICK_MM


@cache
def _width(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return LETTER_MM * (len(text) + wide) + GAP_MM
