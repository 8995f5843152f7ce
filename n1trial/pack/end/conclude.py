"""What a finished trial says: the planned analysis first, one of three endings fixed before, all else beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.analyze import analyze, sensitivity
from n1trial.analysis.estimates import Estimates
from n1trial.diary.methods import EXPOSURE, method_of
from n1trial.diary.plan import Plan
from n1trial.evaluation.blinding import Guesses, bang, correct_share, james
from n1trial.evaluation.ending import Ending, ending_of
from n1trial.evaluation.secondary.outcome import diary_of
from n1trial.evaluation.secondary.result import SecondaryResult, describe
from n1trial.evaluation.tally import adopts
from n1trial.pack.end.trial_diary import TrialDiary


@dataclass(frozen=True)
class BlindingGuesses:
    """Guesses of the patient, and what they tell of the blinding.

    Attributes
    ----------
    counts : tuple of tuple of int
        Rows: periods on the drug, on control; columns: guessed the drug, guessed control, cannot tell.
    bang_drug, bang_control, james : float or None
        The indices.
    right, answers : int
        Right guesses, and guesses that named a treatment.
    right_low, right_high : float or None
        95% interval (Clopper and Pearson) of the share of right guesses, as if guesses were independent, and those of
        one patient hang together; None without any.
    weekly : int
        All guesses written, of which the last of each period are counted.
    """

    counts: tuple[tuple[int, ...], ...]
    bang_drug: float | None
    bang_control: float | None
    james: float | None
    right: int
    answers: int
    right_low: float | None
    right_high: float | None
    weekly: int


@dataclass(frozen=True, eq=False)
class Final:
    """Everything that a finished trial says.

    Attributes
    ----------
    trial_diary : TrialDiary
    estimates : dict of str to Estimates
        As randomized, by method, the primary one first; all others are sensitivity.
    as_taken : dict of str to Estimates
        As taken: the first analysis that follows doses, else `exposure`, by the kits and doses really taken, and a
        primary contrast without the days on which what was randomized was not taken; doses of which nothing is said
        count as taken.
    taken_if_missed : dict of str to Estimates
        The same with these doses counted as missed; empty where something is said of every dose, or of none.
    in_time : Estimates or None
        The primary analysis without entries that were written later; None if there are none.
    constants : dict of (float, float) to Estimates
        The first analysis that follows doses under other assumed constants, by their factors; empty where none are
        assumed.
    is_adopted : bool
        What the decision rule of the plan says.
    ending : Ending
    secondary : tuple of SecondaryResult
    blinding : BlindingGuesses
    """

    trial_diary: TrialDiary
    estimates: dict[str, Estimates]
    as_taken: dict[str, Estimates]
    taken_if_missed: dict[str, Estimates]
    in_time: Estimates | None
    constants: dict[tuple[float, float], Estimates]
    is_adopted: bool
    ending: Ending
    secondary: tuple[SecondaryResult, ...]
    blinding: BlindingGuesses

    @property
    def plan(self) -> Plan:
        """The analysis as it was fixed."""
        return self.trial_diary.as_randomized.plan

    @property
    def primary(self) -> Estimates:
        """The planned analysis."""
        return self.estimates[self.plan.primary]


def conclude(trial_diary: TrialDiary, methods: Iterable[str] | None = None) -> Final:
    """Analyze a finished trial as it was planned.

    Parameters
    ----------
    trial_diary : TrialDiary
    methods : iterable of str, optional
        Analyses besides the primary one; those of the plan by default.
    """
    diary = trial_diary.as_randomized
    plan = diary.plan
    asked = dict.fromkeys((plan.primary, *(plan.methods if methods is None else methods)))
    found = {method: analyze(diary, method) for method in asked}
    primary = found[plan.primary]
    in_time = analyze(trial_diary.written_in_time()) if trial_diary.is_late.any() else None
    following = next((name for name in found if method_of(name).follows_doses), None)
    return Final(
        trial_diary,
        found,
        _as_taken(trial_diary, primary, following),
        _as_taken(trial_diary, primary, following, if_missed=True) if trial_diary.has_doses_not_said else {},
        in_time,
        sensitivity(diary, following) if following and (plan.assumed_onset_days or plan.assumed_offset_days) else {},
        bool(adopts(primary, plan)[0]) and bool(primary.is_estimable[0]),
        ending_of(primary, diary),
        tuple(_secondary_results(trial_diary)),
        blinding_of(trial_diary.guesses, int((trial_diary.as_returned.guess >= -1).sum())),
    )  # fmt: skip


def blinding_of(guesses: Guesses, weekly: int) -> BlindingGuesses:
    """Return indices of blinding, and how little or much stands behind them, as if guesses were independent."""
    counts, (on_drug, on_control) = guesses.counts, bang(guesses)
    told = int(counts[:, :2].sum())
    right = int(counts[0, 0] + counts[1, 1])
    assert (correct_share(guesses) is None) == (told == 0)
    from scipy.stats import binomtest  # slow to import

    interval = binomtest(right, told).proportion_ci(method="exact") if told else None
    low, high = (None, None) if interval is None else (float(interval.low), float(interval.high))
    rows = tuple(tuple(int(count) for count in row) for row in counts)
    return BlindingGuesses(rows, on_drug, on_control, james(guesses), right, told, low, high, weekly)


def _as_taken(
    trial_diary: TrialDiary, primary: Estimates, method: str | None, *, if_missed: bool = False
) -> dict[str, Estimates]:
    """Analyze as taken; with `if_missed` doses of which nothing is said count as missed."""
    found = {}
    if primary.estimand == "contrast":
        found[primary.method] = analyze(trial_diary.as_dosed(if_missed=if_missed))
    name = method or EXPOSURE.name
    found[name] = analyze(trial_diary.taken_if_missed() if if_missed else trial_diary.as_taken, name)
    return found


def _secondary_results(trial_diary: TrialDiary) -> Iterator[SecondaryResult]:
    """Describe the secondary outcomes that came back, as randomized."""
    diary = trial_diary.as_randomized
    for outcome in trial_diary.key.trial.scenario.secondary:
        if outcome.name in trial_diary.as_returned.outcomes:
            score = trial_diary.outcome(outcome.name)[:, np.newaxis]
            yield describe(diary_of(diary, outcome, diary.day, score), outcome)


def mean(values: NDArray[np.float64]) -> float | None:
    """Average some values; None of none."""
    return float(values.mean()) if values.size else None
