"""Find designs worth choosing between: thousands by closed form, a few hundred by simulation, a few shown anew."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor

from n1trial import __version__
from n1trial.errors import InputError
from n1trial.evaluation.characteristics import Figure, rate
from n1trial.evaluation.screening.candidate import SCREENED_METHODS, Candidate, ScreenResult
from n1trial.evaluation.stress import Departure
from n1trial.evaluation.verdict import FLAG_FACTOR, is_inflated
from n1trial.scenario.file.load import scenario_of
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches import workers as pools
from n1trial.study.batches.measure import Cell, Progress, measure
from n1trial.study.run.bounds import moves_to_bounds
from n1trial.study.run.ceiling import ceiling_of
from n1trial.study.run.improvements import perfectly_blinded, without_secondaries
from n1trial.study.search.candidates import candidates, changes, check_methods, check_searchable
from n1trial.study.search.limits import Limits
from n1trial.study.search.requirements import Way, ways_out
from n1trial.study.search.result import Counts, FinalDesign, InflatedDesign, SearchResult, design_of
from n1trial.study.search.screen import screen_all
from n1trial.study.search.selection import WORTH, nearest, worth_simulating
from n1trial.study.search.shortlist import Choice, choose_sound
from n1trial.study.search.simulate import (
    SUSPECT,
    Announce,
    DesignTallies,
    cells_of,
    in_haste,
    try_out,
)
from n1trial.study.search.stress import REPLICATES, FailingRow, Rows, UnsafeDesign, failing_rows

FIRST, FIRST_REPLICATES = 200, 500
"""Designs that are simulated at all, and trials of each at each effect."""
SECOND, SECOND_REPLICATES = 40, 2500
"""Of these the nearest to the front, from which is chosen."""
SHOWN = 6
"""Most designs to choose between."""
SET_ASIDE = 4
"""Designs with inflated false alarms that are simulated all the same, to say what they would show."""
ENDS_REPLICATES = 2500


def search(
    scenario: Scenario | str | os.PathLike[str],
    limits: Limits,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    announce: Announce | None = None,
    methods: Sequence[str] = SCREENED_METHODS,
) -> SearchResult:
    """Search the designs within limits.

    Parameters
    ----------
    scenario : Scenario, str or path
        A crossover, its file, or the name of a shipped one: the patient, the drug and the outcome; its own design is
        shown beside what is found.
    limits : Limits
    replicates : int, optional
        Simulated trials of each design that is shown, at each effect; the scenario's by default.
    seed : int, optional
        Of the figures that are shown, 0 or more; the scenario's by default. Designs are chosen with another.
    workers : int
        Processes to use, 1 or more. It changes nothing in the result.
    announce : callable, optional
        Told what begins ("screening", in designs; "simulating" and "stressing", in trials) and how much of it there
        is at most.
    methods : sequence of str
        Analyses to choose between, of those that can be screened.

    Returns
    -------
    SearchResult

    Raises
    ------
    InputError
        If an argument is at fault, the layout is open-label, or no design keeps the limits.

    Examples
    --------
    >>> import n1trial
    >>> n1trial.search("minimal", n1trial.Limits(weeks=1))
    Traceback (most recent call last):
    n1trial.errors.InputError: no design keeps the limits: ...
    """
    if workers < 1:
        raise InputError(f"workers: must be 1 or more, and is {workers}")
    scenario = scenario_of(scenario)
    replicates = scenario.simulation.replicates if replicates is None else replicates
    seed = scenario.simulation.seed if seed is None else seed
    scenario = scenario.replace(**{"simulation.replicates": replicates, "simulation.seed": seed})
    check_searchable(scenario, limits)
    with pools.executor(workers) as pool:
        return search_with(pool, scenario, limits, announce, methods)


def search_with(
    pool: Executor | None,
    scenario: Scenario,
    limits: Limits,
    announce: Announce | None = None,
    methods: Sequence[str] = SCREENED_METHODS,
) -> SearchResult:
    """Search the designs within limits, with workers that are there already.

    Parameters
    ----------
    pool : Executor or None
        Where the work is done; None works in this process. It changes nothing in the result.
    scenario, limits, announce, methods
        As for `search`. What `announce`, or what it gives back, raises ends the search, and drops what was handed out.
    """
    check_searchable(scenario, limits)
    check_methods(methods)
    return _Search(scenario, limits, pool, announce).run(list(candidates(scenario, limits, methods)))


def trials_ahead(scenario: Scenario) -> tuple[int, int, int, int]:
    """Count about the trials that are simulated: at first, of the better designs, under stress, of those shown."""
    settings = scenario.simulation
    ends = (len(moves_to_bounds(scenario)) + 1) * min(settings.replicates, ENDS_REPLICATES)
    return (
        2 * FIRST * FIRST_REPLICATES,
        2 * (SECOND + SET_ASIDE) * SECOND_REPLICATES,
        2 * SHOWN * len(Departure) * REPLICATES,
        (SHOWN + 1) * (2 * settings.replicates + ends),
    )


class _Search:
    """One search, from the screen to what is shown."""

    def __init__(self, scenario: Scenario, limits: Limits, pool: Executor | None, announce: Announce | None) -> None:
        self._scenario, self._limits, self._pool, self._announce = scenario, limits, pool, announce
        self._bare = without_secondaries(scenario)
        self._alpha = scenario.analysis.alpha
        # what is chosen with these numbers is judged with others: the best of many is the best by luck, too
        self._choosing_seed = (scenario.simulation.seed + 1) % 2**63

    def run(self, designs: Sequence[Candidate]) -> SearchResult:
        """Screen designs, simulate in stages, choose, and simulate what was chosen anew."""
        screened = self._screen(designs)
        power = {one.candidate: one.power for one in screened}
        unsound = sorted((one for one in screened if one.type_1 > SUSPECT * self._alpha), key=lambda one: -one.power)
        unsound_first = [one.candidate for one in unsound[:SET_ASIDE]]
        first = worth_simulating(screened, FIRST, self._alpha)
        early = self._try_out(first, FIRST_REPLICATES)
        type_1 = {one.candidate: one.type_1 for one in screened}
        # few trials say little of false alarms: what the screen expects counts as much
        quiet = [
            seen for seen in early if ((seen.type_1.value or 0.0) + type_1[seen.candidate]) / 2 <= SUSPECT * self._alpha
        ]
        second = nearest(quiet, SECOND)
        late = self._try_out([*second, *unsound_first], SECOND_REPLICATES)
        kept = [seen for seen in late if not seen.is_suspect(self._alpha)]
        suspects = [seen for seen in late if seen.is_suspect(self._alpha)]
        choice, rows, unsafe = choose_sound(self._scenario, kept, SHOWN, WORTH, self._failing_rows)
        analysis = self._scenario.analysis
        present = Candidate(self._scenario.layout(), analysis.discard_days, analysis.primary)
        rows = {**self._failing_rows([present]), **rows}
        shown = self._show([*choice.designs, present], power, rows)
        counts = Counts(len(designs), len({*first, *unsound_first}), len(unsound))
        heard = {seen.candidate for seen in quiet}
        dropped = [seen for seen in early if seen.candidate not in heard]
        return self._conclude(choice, shown, suspects, unsafe, dropped, counts, screened)

    def _screen(self, designs: Sequence[Candidate]) -> list[ScreenResult]:
        return screen_all(self._bare, designs, self._pool, self._begin("screening", len(designs)))

    def _try_out(self, designs: Sequence[Candidate], replicates: int) -> list[DesignTallies]:
        advance = self._begin("simulating", cells_of(designs) * replicates)
        return try_out(in_haste(self._bare), designs, replicates, self._choosing_seed, self._pool, advance)

    def _failing_rows(self, designs: Sequence[Candidate]) -> dict[Candidate, tuple[FailingRow, ...]]:
        return failing_rows(in_haste(self._bare), designs, self._choosing_seed, self._pool, self._begin)

    def _show(self, designs: Sequence[Candidate], power: Mapping[Candidate, float], rows: Rows) -> list[FinalDesign]:
        """Simulate designs with random numbers that had no part in choosing them, and judge them."""
        scenario, settings = self._bare, self._scenario.simulation
        varied = moves_to_bounds(scenario)
        ends = min(settings.replicates, ENDS_REPLICATES)
        trials = cells_of(designs) * settings.replicates + len(designs) * (len(varied) + 1) * ends
        advance = self._begin("simulating", trials)
        seen = try_out(scenario, designs, settings.replicates, settings.seed, self._pool, advance)
        benefit = scenario.plan().benefit_sign * scenario.outcome.mcid
        looks = [*(change for _, change in varied), perfectly_blinded]
        own = [scenario.replace(**changes(scenario, design)) for design in designs]
        cells = [
            Cell(change(changed), benefit, (design.method,), ends)
            for design, changed in zip(designs, own, strict=True)
            for change in looks
        ]
        measured = iter(measure(cells, settings.seed, self._pool, advance))
        found = []
        for one, best in zip(seen, pools.spread(self._pool, ceiling_of, own), strict=True):
            *at_ends, blinded = (next(measured).tallies[one.candidate.method] for _ in looks)
            figures: dict[str, list[Figure]] = {}
            for (name, _), tally in zip(varied, at_ends, strict=True):
                figures.setdefault(name, []).append(rate(tally.detected, tally.replicates))
            blind = rate(blinded.detected_right, blinded.replicates)
            expected, failures = power.get(one.candidate), rows[one.candidate]
            found.append(design_of(self._scenario, one, figures, expected, best.mcid, blind, failures))
        return found

    def _conclude(
        self,
        choice: Choice,
        finals: Sequence[FinalDesign],
        suspects: Sequence[DesignTallies],
        unsafe: UnsafeDesign | None,
        left_out: Sequence[DesignTallies],
        counts: Counts,
        screens: Sequence[ScreenResult],
    ) -> SearchResult:
        """Leave out what the new figures speak against, and say what it comes to."""
        *designs, present = finals
        inflated = [one for one in designs if is_inflated(one.type_1, self._alpha, FLAG_FACTOR)]
        designs = [one for one in designs if one not in inflated]
        designs = [one for one in designs if not any(other.objectives.beats(one.objectives) for other in designs)]
        recommended, kind = choice.recommend(designs)
        needs: tuple[Way, ...] = ()
        if kind in ("closest", "none"):
            needs = ways_out(self._bare, self._limits, [*choice.tallies, *suspects], self._pool, self._begin)
        return SearchResult(
            scenario=self._scenario,
            version=__version__,
            limits=self._limits,
            counts=counts,
            designs=tuple(designs),
            present=present,
            recommended=recommended,
            kind=kind,
            inflated=InflatedDesign.of(suspects, inflated),
            unsafe=unsafe,
            needs=needs,
            screened=tuple(screens),
            left_out=(*suspects, *left_out),
        )

    def _begin(self, what: str, amount: int) -> Progress:
        return self._announce(what, amount) if self._announce is not None else lambda _: None
