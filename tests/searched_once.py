"""No look for the smallest detectable effect but those that a run has made already.

For tests that need a result and not that figure; `tests/study/run/test_detectable.py` and the reference results hold
the search itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence

import pytest

from n1trial.study.run import run
from n1trial.study.run.detectable import NO_POWERS, TARGETS, Measure, Powers


def first_look(
    powers_at: Measure,
    methods: Sequence[str],
    start: float,
    largest: float,
    at_none: float = 0.025,  # noqa: ARG001
    margin: float = 0.0,
    start_powers: Mapping[str, Powers] = NO_POWERS,
) -> dict[str, dict[float, float | None]]:
    """Take the benefit that a search begins with, where it is detected often enough, and none otherwise."""
    benefit = min(start, largest)
    unknown = [method for method in methods if benefit not in start_powers.get(method, {})]
    powers = {method: start_powers[method][benefit] for method in methods if method not in unknown}
    powers |= powers_at({benefit: unknown})[benefit] if unknown else {}
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
