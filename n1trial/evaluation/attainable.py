"""What a plan can never show, however large the effect: a test of few possible orders, or of a single round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from n1trial.diary.methods import METHODS
from n1trial.diary.plan import Plan


@dataclass(frozen=True)
class Never:
    """Reason why a plan can show no effect, however large.

    Attributes
    ----------
    kind : {"one_round", "fixed_order", "few_orders"}
    assignments : int
        Possible orders, where they are too few; so are the others below.
    has_switches : bool
        Whether the change-overs are drawn, too.
    smallest_p, alpha : float
    """

    kind: Literal["one_round", "fixed_order", "few_orders"]
    assignments: int = 0
    has_switches: bool = False
    smallest_p: float = 0.0
    alpha: float = 0.0


def smallest_p(plan: Plan, sides: int) -> float | None:
    """Return the smallest p-value that the randomization test of a plan can reach.

    Parameters
    ----------
    plan : Plan
    sides : {1, 2}

    Returns
    -------
    float or None
        None where there is no such test.
    """
    layout = plan.layout
    if layout is None or layout.randomization is None:
        return None
    return layout.randomization.smallest_p(sides)


def why_never(plan: Plan, method: str) -> Never | None:
    """Find why an analysis can show no effect, however large.

    Returns
    -------
    Never or None
        None where it can show one, or where nothing is known of the layout.
    """
    layout = plan.layout
    if layout is None or layout.is_open_label:
        return None
    needs = METHODS[method].needs if method in METHODS else "nothing"
    if needs == "draw":
        return _too_few_orders(plan)
    if needs == "rounds" and layout.cycles == 1:
        return Never("one_round")
    return None


def why_never_positive(plan: Plan) -> Never | None:
    """Find why the planned analysis, by the plan's own rule, can show no effect; see `why_never`.

    None where the rule goes by a probability, which needs no effect to be shown.
    """
    return None if plan.decision_rule == "probability" else why_never(plan, plan.primary)


def _too_few_orders(plan: Plan) -> Never | None:
    scheme, least = plan.layout.randomization if plan.layout else None, smallest_p(plan, plan.sides)
    if scheme is None or (least is not None and least <= plan.alpha):
        return None
    if least is None:
        return Never("fixed_order")
    return Never("few_orders", scheme.assignments, len(scheme.switches) > 1, least, plan.alpha)
