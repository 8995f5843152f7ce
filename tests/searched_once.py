"""One look for the smallest detectable effect where a run makes eight: half of the time of a small run.

For tests that need a result and not that figure; `tests/study/run/test_detectable.py` and the reference results hold
the search itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence

import pytest

from n1trial.study.run import run
from n1trial.study.run.detectable import TARGETS, Measure


def first_look(
    powers_at: Measure,
    methods: Sequence[str],
    start: float,
    largest: float,
    alpha: float = 0.05,  # noqa: ARG001
    margin: float = 0.0,
) -> dict[str, dict[float, float | None]]:
    """Take the benefit that a search begins with, where it is detected often enough, and none otherwise."""
    benefit = min(start, largest)
    powers: Mapping[str, float] = powers_at({benefit: methods})[benefit]
    return {
        method: {target: benefit if powers[method] >= target + margin else None for target in TARGETS}
        for method in methods
    }


@contextlib.contextmanager
def searched_once() -> Iterator[None]:
    """Let every run look once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "smallest_detectable", first_look)
        yield
