"""What answers of a trial would mean, against counting and Bayes' rule."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta, norm

from n1trial.evaluation.tally import DrawnTrials, Tally
from n1trial.evaluation.value.meaning import CERTAIN, FEWEST_TRIALS, GroupShare, meaning_of
from n1trial.evaluation.value.prior import Prior

MCID = 1.0


def of(benefit: list[float], adopted: list[bool], analyzed: list[bool]) -> Tally:
    p_decision = np.where(analyzed, 0.5, np.nan)
    return Tally(drawn=[DrawnTrials(np.array(benefit), p_decision, np.array(adopted))])


def test_groups_are_counted_apart() -> None:
    """400 trials say so, 500 do not, 100 say nothing; the drug helps 300, 100 and 60 of them."""
    benefit = [1.0] * 300 + [0.0] * 100 + [1.0] * 100 + [0.0] * 400 + [1.0] * 60 + [0.0] * 40
    found = meaning_of(
        of(benefit, [True] * 400 + [False] * 600, [True] * 900 + [False] * 100), Prior(1.0, 0.0, 0.46), MCID
    )
    assert found.helped_before == GroupShare(0.46, 0.0, 0.46, 0.46, 1000)
    assert found.worthwhile_before is None
    for share, count, trials in (
        (found.helped_after_positive, 300, 400),
        (found.helped_after_negative, 100, 500),
        (found.not_estimable, 100, 1000),
    ):
        assert share is not None
        assert (share.value, share.trials) == (count / trials, trials)
        assert share.mcse == pytest.approx(np.sqrt(count / trials * (1 - count / trials) / trials))
        low, high = beta(count + 0.5, trials - count + 0.5).ppf([0.025, 0.975])
        assert (share.low, share.high) == pytest.approx((low, high))


def test_a_small_group_says_nothing_on_either_side() -> None:
    few = FEWEST_TRIALS - 1
    for adopted, small in ((few, "helped_after_positive"), (1000 - few, "helped_after_negative")):
        tally = of([1.0, 0.0] * 500, [True] * adopted + [False] * (1000 - adopted), [True] * 1000)
        assert getattr(meaning_of(tally, Prior(1.0, 0.0, 0.5), MCID), small) == GroupShare(None, None, None, None, few)


def test_all_or_none_are_not_certain() -> None:
    share = meaning_of(of([1.0] * 200, [True] * 200, [True] * 200), Prior(1.0, 0.0, 0.5), MCID).helped_after_positive
    assert share is not None
    assert (share.value, share.high) == (1.0, 1.0)
    assert share.low is not None
    assert 0.97 < share.low < 0.99


@pytest.mark.parametrize("prior", [Prior(1.0, 0.0, 1.0), Prior(1.0, 0.0, 0.0), Prior(0.0, 0.0, 0.1)])
def test_a_certain_prior_leaves_nothing_to_say(prior: Prior) -> None:
    assert meaning_of(Tally(), prior, MCID) == CERTAIN


def test_under_a_continuous_prior_a_worthwhile_benefit_is_told_besides() -> None:
    prior, rng = Prior(0.6, 1.2, 0.7), np.random.default_rng(3)
    benefit = np.where(rng.random(20_000) < 0.7, rng.normal(0.6, 1.2, 20_000), 0.0)
    adopted = benefit + rng.normal(0, 1, 20_000) > 1
    found = meaning_of(Tally(drawn=[DrawnTrials(benefit, norm.cdf(benefit), adopted)]), prior, MCID)
    assert found.helped_before is not None
    assert found.worthwhile_before is not None
    assert found.helped_before.value == pytest.approx(0.7 * norm.cdf(0.5))
    assert found.worthwhile_before.value == pytest.approx(0.7 * norm.sf(1, 0.6, 1.2))
    for name, least in (("helped", 0.0), ("worthwhile", MCID)):
        for side, group in (("positive", adopted), ("negative", ~adopted)):
            share = getattr(found, f"{name}_after_{side}")
            counted = benefit[group] >= least if least else benefit[group] > 0
            assert share.value == pytest.approx(counted.mean())


def test_figures_of_a_page_follow_from_each_other() -> None:
    """Shown in 27.3 of 100 where it helps and in 3.4 where it does not; 10 of 100 are helped."""
    adopted = np.repeat([True, False, True, False], [273, 727, 306, 8694])
    tally = of([1.0] * 1000 + [0.0] * 9000, adopted.tolist(), [True] * 10_000)
    share = meaning_of(tally, Prior(1.0, 0.0, 0.1), MCID).helped_after_positive
    assert share is not None
    assert share.value == pytest.approx(0.1 * 0.273 / (0.1 * 0.273 + 0.9 * 0.034))
    assert f"{share.value:.2f}" == "0.47"
