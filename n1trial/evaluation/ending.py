"""What was seen in a diary, and which of three endings, fixed beforehand, its analysis comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.estimates import Estimates
from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.diary.diary import Diary
from n1trial.evaluation.tally import detects

Kind = Literal["benefit", "unlikely", "unclear"]
WHOLE = 0.995
"""Share of the full effect from which on it counts as the whole, and is not spoken of."""


@dataclass(frozen=True)
class Ending:
    """One of the three endings.

    Attributes
    ----------
    kind : {"benefit", "unlikely", "unclear"}
        A benefit is shown and a worthwhile one not excluded; a worthwhile benefit is unlikely, because the interval
        excludes it; or not clear.
    is_benefit_shown, is_harm_shown : bool
        Whether the drug is shown to be better, or worse. A benefit that is shown but less than worthwhile, and
        harm, are of the kind "unlikely".
    share_seen : float
        Share of the full effect that the estimate is about: 1 for a full effect, else what these periods can see of it
        by the assumed onset and offset.
    worthwhile : float
        Benefit that the interval is held against: the smallest worthwhile one times that share.
    """

    kind: Kind
    is_benefit_shown: bool
    is_harm_shown: bool
    share_seen: float
    worthwhile: float


def plain_difference(diary: Diary) -> float | None:
    """Return the mean score on the drug less the mean score on control, of the days that count.

    Parameters
    ----------
    diary : Diary
        Of one patient.

    Returns
    -------
    float or None
        None where days on one of the treatments are lacking.
    """
    days = _days_that_count(diary)
    return None if days is None else _difference(diary.score[:, 0], *days)


def ending_of(primary: Estimates, diary: Diary) -> Ending:
    """Say which of the three endings the planned analysis comes to.

    Parameters
    ----------
    primary : Estimates
        Of one patient.
    diary : Diary
        As randomized, with its plan.

    Returns
    -------
    Ending
        "unlikely" where the interval excludes a worthwhile benefit, whatever else is shown; else "benefit" where one
        is shown; else "unclear", also where there is no answer.
    """
    plan = diary.plan
    share = effect_share(diary) if primary.estimand == "contrast" else 1.0
    share = share if share < WHOLE else 1.0
    worthwhile = plan.mcid * share
    if not primary.is_estimable[0]:
        return Ending("unclear", False, False, share, worthwhile)
    ends = (float(primary.ci_low[0]), float(primary.ci_high[0]))
    most = max(plan.benefit_sign * end for end in ends)
    is_shown = bool(detects(primary, plan)[0])
    is_better = plan.benefit_sign * float(primary.estimate[0]) > 0
    # A one-sided test shows benefit alone; harm is then shown where the interval excludes that there is none.
    is_harm = most < 0 and (is_shown or plan.sides == 1)
    kind: Kind = "unlikely" if most < worthwhile else "benefit" if is_shown and is_better else "unclear"
    return Ending(kind, is_shown and is_better, is_harm, share, worthwhile)


def effect_share(diary: Diary) -> float:
    """Return the share of the full effect in the difference of the days that count, by the assumed onset and offset.

    Mean predicted exposure, all doses taken, on the usable days on the drug less that on control; 1 where no
    constants are assumed, and where days on one of the treatments are lacking.
    """
    plan, days = diary.plan, _days_that_count(diary)
    if days is None:
        return 1.0
    exposure = predicted_exposure(diary, plan.assumed_onset_days, plan.assumed_offset_days, doses=False)[:, 0]
    return _difference(exposure, *days)


def _days_that_count(diary: Diary) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Find the usable days on the drug, and those on control; None where there are none of one of them."""
    usable, on_drug = diary.is_usable()[:, 0], diary.treatment[:, 0] == 1
    days = usable & on_drug, usable & ~on_drug
    return days if all(each.any() for each in days) else None


def _difference(values: NDArray[np.float64], on_drug: NDArray[np.bool_], on_control: NDArray[np.bool_]) -> float:
    return float(values[on_drug].mean() - values[on_control].mean())
