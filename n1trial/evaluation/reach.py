"""What a plan can never show, however large the effect: a test of few possible orders, or of a single round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from n1trial.diary.methods import METHODS

if TYPE_CHECKING:
    from n1trial.diary.plan import Plan


def smallest_p(plan: Plan, sides: int) -> float | None:
    """Smallest p-value that the randomization test of a plan can reach.

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
    # reversing all treatments flips the statistic's sign exactly only where exposure follows the dose at once
    # and no washout leaves both treatments without it
    at_once = plan.assumed_onset_days == plan.assumed_offset_days == layout.washout_days == 0
    return layout.randomization.smallest_p(sides, plan.statistic == "cycle" or at_once)


def why_never(plan: Plan, method: str) -> str:
    """Why an analysis can show no effect, however large.

    Parameters
    ----------
    plan : Plan
    method : str

    Returns
    -------
    str
        To go on after a colon, without a full stop; empty where it can show one, or nothing is known of the layout.
    """
    layout = plan.layout
    if layout is None or layout.is_open_label:
        return ""
    needs = METHODS[method].needs if method in METHODS else "nothing"
    if needs == "draw":
        return _too_few_orders(plan)
    if needs == "rounds" and layout.cycles == 1:
        return "one round gives a single difference, and nothing tells how much it varies"
    return ""


def why_never_positive(plan: Plan) -> str:
    """Why the planned analysis, by the plan's own rule, can come to nothing whatever the effect; see `why_never`.

    Empty where the rule goes by a probability, which needs no effect to be shown.
    """
    return "" if plan.decision_rule == "probability" else why_never(plan, plan.primary)


def _too_few_orders(plan: Plan) -> str:
    scheme, least = plan.layout.randomization if plan.layout else None, smallest_p(plan, plan.sides)
    if scheme is None:
        return ""
    if least is None:
        return "the order is fixed, so that there is no randomization test"
    if least <= plan.alpha:
        return ""
    orders = "orders and change-overs" if len(scheme.switches) > 1 else "orders"
    return f"with {scheme.assignments:,} possible {orders} the smallest p is {least:.2g}, above {plan.alpha:g}"
