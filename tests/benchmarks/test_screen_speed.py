"""Speed of screening designs, as a ratio to simulating one of them; run with -s to read."""

from __future__ import annotations

import random
from functools import partial

from pytest_benchmark.fixture import BenchmarkFixture

import n1trial
from n1trial.evaluation.screen import screen
from n1trial.evaluation.screening.candidate import SCREENED_METHODS
from n1trial.simulation.simulate import simulate_batch
from n1trial.study.search.candidates import candidates
from n1trial.study.search.limits import Limits
from n1trial.study.search.screen import screen_all
from tests.benchmarks.test_speed import fastest, seconds_of

LAYOUTS = 100
"""Layouts that are screened with all their analyses, of those within a year."""
FEWEST = 22
"""Designs screened in the time of one batch simulated: half of what docs/search.md says."""


def test_screen_against_simulating_one_batch(benchmark: BenchmarkFixture) -> None:
    """One core, figures averaged over up to 32 assignments of each design, methods in the proportions of a search."""
    scenario = n1trial.load_scenario("b12-6-to-8-week").replace(secondary=None, evidence=None)
    designs = list(candidates(scenario, Limits(52.0)))
    layouts = list(dict.fromkeys(design.layout for design in designs))
    some = set(random.Random(1).sample(layouts, LAYOUTS))
    designs = [design for design in designs if design.layout in some]
    beside = fastest(lambda: simulate_batch(scenario))
    benchmark.pedantic(lambda: list(screen(scenario, designs)), rounds=2, warmup_rounds=1)
    seconds = seconds_of(benchmark) / len(designs)
    benchmark.extra_info.update(ratio=seconds / beside, designs_per_second=1 / seconds)
    print(f"\nscreen: {1 / seconds:,.0f} designs a second (aim: 1,000), {beside / seconds:.0f} for one batch simulated")
    assert beside / seconds > FEWEST
    for method in SCREENED_METHODS:
        mine = [design for design in designs if design.method == method]
        each = fastest(partial(screen_all, scenario, mine), rounds=2) / len(mine)
        print(f"screen, {method} alone: {1 / each:,.0f} designs a second")
