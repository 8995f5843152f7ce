"""What the planned analysis of a finished trial answers, as plain figures for page and letters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from n1trial.diary.methods import METHODS
from n1trial.evaluation.attainable import why_never
from n1trial.evaluation.ending import plain_difference
from n1trial.evaluation.interval_content import held_by
from n1trial.evaluation.prior_conflict import conflicts
from n1trial.pack.end.conclude import Final
from n1trial.pack.trial.characteristics import is_hardly, is_weak
from n1trial.report.rates import in_100
from n1trial.report.rounding import is_nearly, sizes_apart
from n1trial.report.verdict import why_never as in_words

Row = dict[str, Any]


def answer(final: Final) -> Row:
    """Return what was seen, what the interval holds, and its ends: sizes that no sentence disagrees with."""
    primary, ending, diary = final.primary, final.ending, final.trial_diary.as_randomized
    seen, estimate = plain_difference(diary), float(primary.estimate[0])
    ends = [float(end[0]) for end in (primary.ci_low, primary.ci_high)]
    sizes, (worthwhile,) = sizes_apart([end for end in ends if math.isfinite(end)], [ending.worthwhile])
    shown = iter(sizes)
    low, high = (next(shown) if math.isfinite(end) else None for end in ends)
    return {
        "seen": seen,
        "is_one_number": seen is not None and is_nearly(seen, estimate, final.plan.mcid),
        "held": held_by(primary, diary, ending),
        "ends": {"low": low, "high": high, "worthwhile": worthwhile},
    }


def chances(final: Final) -> Iterator[Row]:
    """Yield the sureness of a benefit and a worthwhile one: of the primary analysis, and those that give a probability.

    An analysis that excludes nothing, for its interval has no ends, has none to tell.
    """
    posteriors = [method for method in METHODS.values() if method.has_posterior]
    # What estimates the full effect comes last: it takes the rise of a placebo response for the drug.
    posteriors.sort(key=lambda method: method.estimand == "full effect")
    for method in dict.fromkeys((final.plan.primary, *(method.name for method in posteriors))):
        estimates = final.estimates.get(method)
        if estimates is None or not estimates.is_estimable[0]:
            continue
        if np.isfinite((estimates.ci_low[0], estimates.ci_high[0])).any():
            yield {
                "estimand": estimates.estimand,
                "method": method, "words": METHODS[method].words, "is_probability": METHODS[method].has_posterior,
                "is_primary": method == final.plan.primary,
                "is_prior_contradicted": bool(conflicts(estimates, final.plan)[0]),
                "benefit": float(estimates.p_benefit[0]), "worthwhile": float(estimates.p_worthwhile[0]),
            }  # fmt: skip


def planned_row(final: Final) -> Row:
    """Return what was planned for: how often it would be shown, and how much of the diary came back."""
    trial_diary = final.trial_diary
    known, scenario = trial_diary.key.characteristics, trial_diary.key.trial.scenario
    never = why_never(final.plan, final.primary.method)
    return {
        "effect": scenario.treatment.effect,
        "is_just_worthwhile": scenario.treatment.effect == final.plan.benefit_sign * final.plan.mcid,
        "shown": in_100(known.detect_planned),
        "shown_worthwhile": in_100(known.detect_worthwhile), "false_alarms": in_100(known.false_alarms),
        "answer": known.answer, "entries": trial_diary.entries_planned, "came_back": trial_diary.entries,
        "expected_missing": scenario.conduct.missing, "replicates": known.replicates,
        "is_hardly": is_hardly(known),
        "is_weak": is_weak(known),
        "never": None if never is None else in_words(never),
        "looks_like": known.exaggeration and known.exaggeration * final.plan.mcid,
    }  # fmt: skip
