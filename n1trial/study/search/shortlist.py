"""The choice among simulated designs: a short list from light to heavy, and the one to recommend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from n1trial.evaluation.front import VISIBLE, thin, visible_front
from n1trial.evaluation.screening.candidate import Candidate
from n1trial.evaluation.verdict import LIKELY, MAY
from n1trial.scenario.scenario import Scenario
from n1trial.study.search.candidates import changes
from n1trial.study.search.result import FinalDesign, Kind
from n1trial.study.search.simulate import DesignTallies
from n1trial.study.search.stress import FailingRow, Rows, UnsafeDesign, is_sound

NEAR = 0.05
"""Where none has a good chance, the lightest design within so much of the strongest is recommended."""
ALIKE = VISIBLE
"""Designs no heavier than another and this near to it in power are alike: a hidden order and few changes decide."""
FEWEST_ASSIGNMENTS = 3
"""With fewer, the treatment of one period tells that of all others."""


@dataclass(frozen=True)
class Choice:
    """Designs that were chosen before the figures that are shown were known.

    Attributes
    ----------
    designs : tuple of Candidate
        From light to heavy.
    tallies : tuple of DesignTallies
        What they showed when they were chosen; not to be shown, since the best of many are the best by luck, too.
    """

    designs: tuple[Candidate, ...]
    tallies: tuple[DesignTallies, ...]

    def recommend(self, designs: Sequence[FinalDesign]) -> tuple[int | None, Kind]:
        """Say which design to recommend, by its place, of those that are left with the figures that are shown.

        The lightest with a good chance by both sets of figures; else the lightest that has one by those that are
        shown; else, of designs that could go either way, the lightest near to what was the strongest when chosen.
        """
        known = {seen.candidate: seen.detect.value or 0.0 for seen in self.tallies}
        before = [known[design.candidate] for design in designs]
        now = [design.detect.value or 0.0 for design in designs]
        likely = [place for place, power in enumerate(now) if power >= LIKELY]
        sure = [place for place in likely if before[place] >= LIKELY]
        if sure:
            return sure[0], "good"
        if likely:
            return likely[0], "unsure"
        able = [place for place, power in enumerate(now) if power >= MAY]
        if not able:
            return None, "none"
        strongest = max(before[place] for place in able)
        enough = LIKELY if strongest >= LIKELY else strongest - NEAR
        return next(place for place in able if before[place] >= enough), "closest"


def choose_sound(
    scenario: Scenario,
    tallies: Sequence[DesignTallies],
    most: int,
    worth: float,
    failing_rows: Callable[[Sequence[Candidate]], Rows],
) -> tuple[Choice, Rows, UnsafeDesign | None]:
    """Choose a short list of designs that hold their false alarms under every departure from the plan.

    Only what would be on the list is put to the stress; where it fails, the next best takes its place.

    Parameters
    ----------
    scenario, tallies, most, worth
        As for `choose`.
    failing_rows : callable
        Given designs it says under what each of them fails.

    Returns
    -------
    choice : Choice
        Of designs that hold or whose test is exact; where there are none, of all.
    rows : mapping
        Failing rows of all that were put to the stress.
    unsafe : UnsafeDesign or None
        The strongest that was left out for failures.
    """
    rows: dict[Candidate, tuple[FailingRow, ...]] = {}
    while True:
        sound = [one for one in tallies if is_sound(one.candidate, rows)]
        choice = choose(scenario, sound or tallies, most, worth)
        fresh = [design for design in choice.designs if design not in rows]
        if not fresh:
            return choice, rows, _strongest_unsafe(tallies, choice, rows)
        rows.update(failing_rows(fresh))


def _strongest_unsafe(tallies: Sequence[DesignTallies], choice: Choice, rows: Rows) -> UnsafeDesign | None:
    left_out = [one for one in tallies if rows.get(one.candidate) and one.candidate not in choice.designs]
    if not left_out:
        return None
    strongest = max(left_out, key=lambda one: one.detect.value or 0.0)
    return UnsafeDesign(strongest.candidate, strongest.detect.value or 0.0, rows[strongest.candidate])


def choose(scenario: Scenario, tallies: Sequence[DesignTallies], most: int, worth: float) -> Choice:
    """Choose a short list.

    Parameters
    ----------
    scenario : Scenario
    tallies : sequence of DesignTallies
        Designs with false alarms as agreed.
    most : int
        Designs to show.
    worth : float
        Share of what the strongest shows that each must show.

    Returns
    -------
    Choice
        Of designs none of which another beats in every respect, each showing the effect visibly more often than all
        lighter ones.
    """
    strongest = max((one.detect.value or 0.0 for one in tallies), default=0.0)
    kept = [one for one in tallies if (one.detect.value or 0.0) >= worth * strongest]
    objectives = [one.objectives for one in kept]
    places = thin(visible_front(objectives), objectives, most)
    chosen = tuple(_least_changed(scenario, kept[place], kept) for place in places)
    return Choice(tuple(one.candidate for one in chosen), chosen)


def _least_changed(scenario: Scenario, one: DesignTallies, tallies: Sequence[DesignTallies]) -> DesignTallies:
    """Choose one of designs alike, whose order no single period tells, with the fewest changes."""
    mine = one.objectives
    alike = [
        other
        for other in tallies
        if other.objectives.is_lighter(mine) and other.objectives.power >= mine.power - ALIKE
    ]  # fmt: skip

    def rank(other: DesignTallies) -> tuple[bool, int, float]:
        randomization = other.candidate.layout.randomization
        is_told = randomization is None or randomization.assignments < FEWEST_ASSIGNMENTS
        return is_told, len(changes(scenario, other.candidate)), -(other.detect.value or 0.0)

    return min(alike, key=rank)
