"""What is counted of trials, against counting them one by one; and sums of parts against the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.analysis.estimates import Status
from n1trial.evaluation.tally import LIKELY, Tally, decides_right, tally
from tests.evaluation.trials import Trials, some, trials


@given(trials())
def test_counts_are_those_of_going_through_trial_by_trial(batch: Trials) -> None:
    estimates, plan, truths = batch
    expected: Counter[str] = Counter()
    for place, truth in enumerate(truths):
        status = Status(estimates.status[place])
        estimate, p_value = estimates.estimate[place], estimates.p_value[place]
        benefit = plan.benefit_sign * truth
        expected["replicates"] += 1
        if not status.is_estimable:
            continue
        detected = p_value <= plan.alpha
        likely = estimates.p_decision[place] >= plan.decision_threshold
        favorable = plan.benefit_sign * estimate > 0
        adopted = likely if plan.decision_rule == "probability" else detected and favorable
        expected["estimable"] += 1
        expected["detected"] += detected
        expected["detected_right"] += detected and np.sign(estimate) == np.sign(truth)
        expected["detected_wrong_sign"] += detected and np.sign(estimate) != np.sign(truth)
        expected["adopted"] += adopted
        expected["covered"] += estimates.ci_low[place] <= truth <= estimates.ci_high[place]
        expected["decided_right"] += bool(adopted if benefit >= plan.mcid else not adopted if benefit <= 0 else True)
    found = tally(estimates, plan, truths)
    assert {name: getattr(found, name) for name in expected} == expected
    seen = estimates.is_estimable
    assert found.likely == Counter({str(least): int((estimates.p_benefit[seen] >= least).sum()) for least in LIKELY})


@given(trials())
def test_trials_are_held_one_by_one_where_that_is_asked_for(batch: Trials) -> None:
    estimates, plan, truths = batch
    assert tally(estimates, plan, truths).drawn == []
    (held,) = tally(estimates, plan, truths, one_by_one=True).drawn
    np.testing.assert_array_equal(held.benefit, plan.benefit_sign * truths)
    np.testing.assert_array_equal(np.isnan(held.p_decision), ~estimates.is_estimable | np.isnan(estimates.p_decision))
    assert held.is_adopted.sum() == tally(estimates, plan, truths).adopted


@given(trials())
def test_sums_are_those_of_the_arrays(batch: Trials) -> None:
    estimates, plan, truths = batch
    found = tally(estimates, plan, truths)
    seen = estimates.is_estimable
    estimate, truth = estimates.estimate[seen], truths[seen]
    size = np.abs(estimates.estimate[estimates.p_value <= plan.alpha])
    expected = {
        "error": estimate - truth,
        "error_2": (estimate - truth) ** 2,
        "error_4": (estimate - truth) ** 4,
        "estimate": estimate,
        "estimate_2": estimate**2,
        "estimate_3": estimate**3,
        "estimate_4": estimate**4,
        "variance": estimates.standard_error[seen] ** 2,
        "variance_2": estimates.standard_error[seen] ** 4,
        "detected_size": size,
        "detected_size_2": size**2,
    }
    for name, values in expected.items():
        assert getattr(found, name) == pytest.approx(values.sum(), rel=1e-12, abs=1e-12), name
    half_widths = (estimates.ci_high - estimates.ci_low)[seen] / 2
    assert np.concatenate(found.half_widths).tolist() == half_widths.tolist()
    assert found.reasons == Counter(Status(code).word for code in estimates.status[~seen])


@given(trials(), st.lists(st.integers(0, 60), max_size=4))
def test_parts_add_up_to_the_whole(batch: Trials, cuts: list[int]) -> None:
    estimates, plan, truths = batch
    ends = [0, *sorted(cuts), len(truths)]
    pieces = [slice(start, end) for start, end in pairwise(ends)]
    added = Tally.total(tally(some(estimates, piece), plan, truths[piece]) for piece in pieces)
    whole = tally(estimates, plan, truths)
    for item in fields(Tally):
        ours, theirs = getattr(added, item.name), getattr(whole, item.name)
        if item.name == "half_widths":
            np.testing.assert_array_equal(np.concatenate(ours), np.concatenate(theirs))
        else:
            assert ours == (pytest.approx(theirs, rel=1e-12, abs=1e-12) if item.type == "float" else theirs), item.name


def test_no_parts_make_nothing() -> None:
    assert Tally.total([]) == Tally()


@pytest.mark.parametrize(
    ("benefit", "adopted", "estimable", "right"),
    [
        (1.0, True, True, True), (1.0, False, True, False), (2.0, True, True, True),
        (0.0, False, True, True), (0.0, True, True, False), (-1.0, True, True, False), (-1.0, False, True, True),
        (0.5, True, True, True), (0.5, False, True, True),
        (1.0, False, False, False), (0.5, False, False, False), (0.0, False, False, False),
    ],
)  # fmt: skip
def test_a_decision_is_right_by_what_is_worthwhile(benefit: float, adopted: bool, estimable: bool, right: bool) -> None:
    found = decides_right(np.array([adopted]), np.array([estimable]), np.array([benefit]), mcid=1.0)
    assert found.tolist() == [right]
