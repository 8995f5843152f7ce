"""Ways to set the days of a diary sheet, from roomy to close."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A way to set the days of a sheet.

    Attributes
    ----------
    has_letters : bool
        Further questions stand once above the days, and each day has their letters alone.
    has_numbers : bool
        So do triggers, with numbers.
    line_mm : float
        Height of a line to write on.
    mark_mm : float
        Height of the scores to circle.
    points : float
        Size of the font within a day.
    intro_mm, weekly_mm : float
        Heights of a line above the days, and below them.
    gap_mm : float
        Between two days.
    """

    has_letters: bool
    has_numbers: bool
    line_mm: float
    mark_mm: float
    points: float
    intro_mm: float = 5.2
    weekly_mm: float = 6.6
    gap_mm: float = 1.5

    @property
    def is_small(self) -> bool:
        """Whether all but the question is set in this size, and blanks are short."""
        return self.intro_mm < 5


SETTINGS = (
    Setting(False, False, 7.0, 9.4, 12.0),
    Setting(False, False, 6.2, 9.4, 11.0),
    Setting(True, False, 6.6, 9.4, 12.0),
    Setting(True, False, 6.0, 9.0, 11.0),
    Setting(True, True, 6.0, 9.0, 11.0),
    Setting(True, True, 5.2, 8.0, 10.0),
    Setting(True, True, 5.2, 7.6, 10.0, 4.4, 5.2, 1.0),
)
"""Ways to set a sheet, the roomiest first."""
