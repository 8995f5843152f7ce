"""Percentiles over parameter sets versus those of rates that are known: few trials of each widen nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from n1trial.study.run.overall.overall import spread

REPEATS, SETS, TRIALS, SES = 200, 200, 300, 4


@pytest.mark.parametrize(("a", "b"), [(3.0, 15.0), (20.0, 480.0), (8.0, 8.0)])
def test_percentiles_versus_those_of_the_rates(a: float, b: float) -> None:
    generator = np.random.default_rng(5)
    rates = generator.beta(a, b, (REPEATS, SETS))
    found = [spread(counts, TRIALS) for counts in generator.binomial(TRIALS, rates)]
    for name, quantile in (("low", 0.05), ("high", 0.95)):
        values = np.array([getattr(one, name).value for one in found])
        errors = np.array([getattr(one, name).mcse for one in found])
        raw = np.quantile(generator.binomial(TRIALS, rates) / TRIALS, quantile, axis=1).mean()
        truth = beta(a, b).ppf(quantile)
        # Scaling keeps the shape of the counts, not quite that of the rates: a tenth of the spread is left for it.
        room = SES * values.std() / np.sqrt(REPEATS) + 0.1 * beta(a, b).std()
        assert abs(values.mean() - truth) < room
        assert abs(values.mean() - truth) < abs(raw - truth) + SES * values.std() / np.sqrt(REPEATS)
        assert np.sqrt((errors**2).mean()) == pytest.approx(values.std(), rel=0.35)
    means = np.array([one.mean.value for one in found])
    assert means.mean() == pytest.approx(a / (a + b), abs=SES * means.std() / np.sqrt(REPEATS))
