"""Speed of simulating and analyzing, as ratios to drawing one standard normal number a day; run with -s to read.

Every bound is about twice the ratio of a quiet machine, so that noise does not break it and half the speed does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import n1trial
from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import AnalysisRequest
from n1trial.diary.methods import METHODS
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import BATCH_WIDTH, simulate_batch
from n1trial.study.run.ceiling import ceiling_of

ROUNDS = 9
MOST_STARTS = 30
"""Times of starting Python that the help may take."""
PLAIN: dict[str, object] = {
    "treatment.onset_days": 0.0,
    "treatment.offset_days": 0.0,
    "conduct.adherence": 1.0,
    "conduct.missing": 0.0,
    "conduct.dropout_per_week": 0.0,
    "design.period_days": 28,
    "design.run_in_days": 0,
    "analysis.discard_days": 0,
}
CASES = {
    "b12-8-week (aim: under 8)": (lambda: n1trial.load_scenario("b12-8-week"), 19),
    "b12-6-to-8-week": (lambda: n1trial.load_scenario("b12-6-to-8-week"), 19),
    "plain patient, 168 days (aim: under 3.5)": (lambda: n1trial.load_scenario("minimal").replace(**PLAIN), 7),
}
"""Scenarios, each with the most times of drawing one normal a day that it may take."""


def fastest(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Shortest of several times, in seconds: what the machine can do when nothing else runs."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def seconds_of(benchmark: BenchmarkFixture) -> float:
    """Shortest of the benchmark's rounds."""
    assert benchmark.stats is not None
    return float(benchmark.stats.stats.min)


def draw_normals(days: int) -> Callable[[], None]:
    generator = np.random.default_rng(1)

    def draw() -> None:
        for _ in range(days):
            generator.standard_normal(BATCH_WIDTH)

    return draw


@pytest.mark.parametrize("name", CASES)
def test_simulate_and_analyze_against_one_normal_a_day(name: str, benchmark: BenchmarkFixture) -> None:
    load, most = CASES[name]
    scenario: Scenario = load()

    def work() -> None:
        n1trial.analyze(simulate_batch(scenario).diaries.observed, "paired")

    draw = draw_normals(len(scenario.layout().days))
    before = fastest(draw)
    benchmark.pedantic(work, rounds=ROUNDS, warmup_rounds=1)
    seconds, beside = seconds_of(benchmark), max(before, fastest(draw))  # a machine may slow down meanwhile
    benchmark.extra_info.update(ratio=seconds / beside, trials_per_second=BATCH_WIDTH / seconds)
    print(f"\n{name}: {BATCH_WIDTH / seconds:,.0f} trials a second, {seconds / beside:.2f} times one normal a day")
    assert seconds / beside < most


AIMS = {
    "ar1": (100_000, 30_000),
    "mixed": (20_000, 5_000),
    "exposure": (20_000, 5_000),
    "course": (10_000, 3_000),
    "randomization": (10_000, 2_500),
}
"""Fits a second on complete diaries and on those with 15% of the entries missing."""
MOST_TIMES_OF_CEILING = 4.0
"""Times of simulating a batch that the ceiling may take: two kinds of work, so three times what was measured."""
MOST_TIMES = {
    "paired": (0.3, 0.3),
    "ols": (0.8, 0.8),
    "bayes": (1.5, 1.5),
    "ar1": (3.5, 12.0),
    "mixed": (11.0, 13.0),
    "exposure": (15.0, 18.0),
    "course": (50.0, 120.0),
    "randomization": (18.0, 38.0),
}
"""Times of simulating the same diaries: three times what docs/methods.md says, as two kinds of work are compared.

Twice for `course`, which takes long enough to be measured well.
"""


@pytest.mark.parametrize("missing", [0.0, 0.15], ids=["complete", "15% missing"])
@pytest.mark.parametrize("method", [method for method in METHODS if method != "before_after"])
def test_analyze_168_days_against_simulating_them(method: str, missing: float, benchmark: BenchmarkFixture) -> None:
    """Tests and coverage, without intervals where a method finds them apart; 1,296 assignments for the test of them."""
    changes = PLAIN | {"conduct.missing": missing, "treatment.onset_days": 2.0, "treatment.offset_days": 3.0}
    if method == "randomization":
        changes |= {"design.cycles": 4, "design.period_days": 21, "design.switch_jitter_days": 7}
        changes |= {"analysis.minimum_days": 7}
    scenario = n1trial.load_scenario("minimal").replace(**changes)
    diaries = simulate_batch(scenario).diaries
    beside = fastest(lambda: simulate_batch(scenario))
    request = AnalysisRequest(diaries.truth, intervals=0)
    benchmark.pedantic(lambda: analyze(diaries.observed, method, request=request), rounds=5, warmup_rounds=1)
    seconds = seconds_of(benchmark)
    aim = f" (aim: {AIMS[method][missing > 0]:,})" if method in AIMS else " (aim: cheaper than simulating)"
    kind = "15% missing" if missing else "complete"
    print(f"\n{method}, {kind}: {BATCH_WIDTH / seconds:,.0f} a second{aim}, {seconds / beside:.2f} times simulating")
    assert seconds / beside < MOST_TIMES[method][missing > 0]


def test_the_ceiling_against_simulating_one_batch(benchmark: BenchmarkFixture) -> None:
    """Up to 400 diaries of the flagship, simulated and weighed, against a batch of 2,500 simulated."""
    scenario = n1trial.load_scenario("b12-6-to-8-week")
    beside = fastest(lambda: simulate_batch(scenario))
    benchmark.pedantic(lambda: ceiling_of(scenario), rounds=5, warmup_rounds=1)
    seconds = seconds_of(benchmark)
    print(f"\nceiling: {seconds:.2f} s, {seconds / beside:.2f} times simulating a batch")
    assert seconds / beside < MOST_TIMES_OF_CEILING


def test_help_against_starting_python(benchmark: BenchmarkFixture) -> None:
    def start(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

    beside = fastest(lambda: start("-c", "pass"))
    benchmark.pedantic(lambda: start("-m", "n1trial", "--help"), rounds=ROUNDS, warmup_rounds=1)
    seconds = seconds_of(benchmark)
    print(f"\nn1trial --help: {seconds:.2f} s (aim: under 0.3), {seconds / beside:.1f} times starting Python")
    assert seconds / beside < MOST_STARTS


def test_memory_of_many_replicates_against_few() -> None:
    """Peak memory of a run in a process of its own; a million replicates where N1TRIAL_MILLION is set."""
    many = 1_000_000 if os.environ.get("N1TRIAL_MILLION") else 15_000

    def peak(replicates: int) -> float:
        code = (
            "import n1trial, resource; "
            "scenario = n1trial.load_scenario('minimal', {'analysis.methods': '[\"ols\"]'}); "
            f"n1trial.run(scenario, replicates={replicates}, workers=1); "
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        return int(run.stdout) / 1024

    few, lots = peak(5_000), peak(many)
    print(f"\nmemory: {few:.0f} MB at 5,000 replicates, {lots:.0f} MB at {many:,} (aim: under 500 at 1,000,000)")
    assert lots < 2 * few
