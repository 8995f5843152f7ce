"""No look for the smallest detectable effect but those that a run has made already.

For tests that need a result and not that figure; `tests/study/run/test_detectable.py` and the reference results hold
the search itself.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence

import pytest

from n1trial.evaluation.characteristics import Figure
from n1trial.study.run import run
from n1trial.study.run.detectable import NO_POWERS, TARGETS, Measure, Powers


def first_look(
    powers_at: Measure,
    methods: Sequence[str],
    start: float,
    largest: float,
    at_none: float = 0.025,  # noqa: ARG001
    replicates: float = math.inf,
    start_powers: Mapping[str, Powers] = NO_POWERS,
) -> dict[str, dict[float, Figure]]:
    """Take the benefit that a search begins with, where it is detected often enough, and none otherwise."""
    benefit, margin = min(start, largest), 0.8 / math.sqrt(replicates)
    unknown = [method for method in methods if benefit not in start_powers.get(method, {})]
    powers = {method: start_powers[method][benefit] for method in methods if method not in unknown}
    powers |= powers_at({benefit: unknown})[benefit] if unknown else {}
    return {
        method: {target: Figure(benefit, 0.1) if powers[method] >= target + margin else Figure() for target in TARGETS}
        for method in methods
    }


@contextlib.contextmanager
def searched_once() -> Iterator[None]:
    """Let every run look once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "smallest_detectable", first_look)
        yield
