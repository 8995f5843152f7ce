"""What is found in those trials alone that nobody leaves early."""

from __future__ import annotations

from dataclasses import dataclass

from n1trial.evaluation.characteristics import Figure, characterize, rate
from n1trial.evaluation.tally import Tally
from n1trial.evaluation.value.meaning import Meaning


@dataclass(frozen=True)
class Finished:
    """Rates of a method among those trials alone that nobody leaves early.

    They promise nothing: who leaves is not known beforehand, and those who stay may differ from those who leave.

    Attributes
    ----------
    share : Figure
        Of all trials of the smallest worthwhile effect.
    detect, detect_right, adopt, not_estimable : Figure
        At the smallest worthwhile effect, as in `characterize`.
    type_1, adopt_null : Figure
        How often a difference is detected, and the drug adopted, where there is no effect.
    means : Meaning
        What answers would mean.
    """

    share: Figure
    detect: Figure
    detect_right: Figure
    adopt: Figure
    not_estimable: Figure
    type_1: Figure
    adopt_null: Figure
    means: Meaning


def rates_of_finished(worthwhile: Tally, null: Tally, replicates: int, effect: float, means: Meaning) -> Finished:
    """Compute the rates among trials that nobody leaves early.

    Parameters
    ----------
    worthwhile, null : Tally
        Of these trials alone, at the smallest worthwhile effect and at none.
    replicates : int
        All trials of the smallest worthwhile effect.
    effect : float
        That effect.
    means : Meaning
        What answers of these trials would mean.
    """
    shown, alarms = characterize(worthwhile, effect), characterize(null, 0.0)
    return Finished(
        share=rate(worthwhile.replicates, replicates),
        detect=shown["detect"],
        detect_right=shown["detect_right"],
        adopt=shown["adopt"],
        not_estimable=shown["not_estimable"],
        type_1=alarms["detect"],
        adopt_null=alarms["adopt"],
        means=means,
    )
