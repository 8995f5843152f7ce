"""Scenarios for property tests: short trials in which every feature is on or off independently of the others."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from n1trial.scenario.scenario import Scenario

Table = dict[str, Any]
Tables = list[Table]

SCHEMES = ("pairs", "alternating", "counterbalanced", "blocks", "balanced", "constrained", "fixed")


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Draw a number in steps of an eighth: easy to read when a test fails."""
    return st.integers(round(8 * low), round(8 * high)).map(lambda eighths: eighths / 8)


def signed(high: float) -> st.SearchStrategy[float]:
    """Draw a number that is not 0, of either sign."""
    return st.builds(lambda size, sign: size * sign, numbers(0.125, high), st.sampled_from([1, -1]))


def perhaps(off: object, on: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw, as often as not, the value that switches a feature off."""
    return st.one_of(st.just(off), on)


def treatments() -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries(
        {
            "name": st.just("drug"),
            "effect": perhaps(0.0, signed(3)),
            "effect_sd": perhaps(0.0, numbers(0.125, 2)),
            "responders": perhaps(1.0, numbers(0, 0.875)),
            "onset_days": perhaps(0.0, numbers(0.125, 20)),
            "offset_days": perhaps(0.0, numbers(0.125, 20)),
            "every_days": perhaps(1, st.integers(2, 4)),
        }
    )


def outcomes() -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries(
        {
            "name": st.just("score"),
            "scale": st.sampled_from([[0, 10], [1, 7], [-20, 40]]),
            "step": st.sampled_from([0, 0.5, 1]),
            "better": st.sampled_from(["lower", "higher"]),
            "mcid": st.just(1.0),
        }
    )


def patients() -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries(
        {
            "baseline": numbers(2, 6),
            "daily_sd": numbers(0.5, 3),
            "autocorrelation": perhaps(0.0, signed(0.875)),
            "diary_sd": perhaps(0.0, numbers(0.125, 1)),
            "period_sd": perhaps(0.0, numbers(0.125, 2)),
            "period_shift_follows": st.sampled_from(["nature", "calendar", "switch"]),
            "shift_days": st.integers(1, 60),
            "drift_sd": perhaps(0.0, numbers(0.125, 1)),
            "trend_per_week": perhaps(0.0, signed(1)),
            "weekly_amplitude": perhaps(0.0, signed(1)),
            "enrolled_when_worse": perhaps(None, numbers(-1, 2)),
        }
    )


def triggers() -> st.SearchStrategy[Tables]:
    """Draw none to two triggers."""
    trigger = st.fixed_dictionaries(
        {
            "days_per_week": numbers(0, 7),
            "effect": signed(2),
            "fade_days": perhaps(0.0, numbers(0.125, 5)),
        }
    )
    return _named(trigger, "coffee", "late night")


def placebos() -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries(
        {
            "response": perhaps(0.0, signed(2)),
            "response_sd": perhaps(0.0, numbers(0.125, 1)),
            "onset_days": perhaps(0.0, numbers(0.125, 20)),
            "fade_days": perhaps(0.0, numbers(0.125, 30)),
            "shape": st.sampled_from(["exponential", "gompertz"]),
            "displacement": numbers(0.5, 8),
            "rate_per_week": numbers(0.125, 6),
        }
    )


def blindings() -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries(
        {
            "leak": perhaps(0.0, numbers(0.125, 1)),
            "side_effect": perhaps(0.0, numbers(0.125, 1)),
            "nocebo": perhaps(0.0, numbers(0.125, 1)),
            "learning": perhaps(0.0, numbers(0.125, 1)),
        }
    )


def conducts() -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries(
        {
            "adherence": perhaps(1.0, numbers(0.5, 0.875)),
            "adherence_weekend_drop": perhaps(0.0, numbers(0.125, 0.5)),
            "missing": perhaps(0.0, numbers(0.125, 0.75)),
            "missing_growth_per_week": perhaps(0.0, signed(1)),
            "missing_when_worse": perhaps(0.0, signed(1)),
            "gaps_per_month": perhaps(0.0, numbers(1, 15)),
            "gap_days": perhaps(1.0, numbers(1.125, 6)),
            "backfilled": perhaps(0.0, numbers(0.125, 1)),
            "dropout_per_week": perhaps(0.0, numbers(0.125, 0.5)),
            "dropout_when_worse": perhaps(0.0, signed(1)),
        }
    )


@cache  # hypothesis looks at a strategy once
def schemes(cycles: int, period_days: int) -> st.SearchStrategy[Table]:
    """Draw a randomization scheme with the settings that it needs and, where a cycle allows it, a random switch."""
    any_order = st.permutations("AB" * cycles).map("".join)
    by_cycle = st.lists(st.sampled_from(["AB", "BA"]), min_size=cycles, max_size=cycles).map("".join)
    needs: Table = {
        "blocks": {"block_cycles": st.sampled_from([block for block in (1, 2, 3) if cycles % block == 0])},
        "constrained": {"max_run": st.integers(1, 3)},
        "fixed": {"sequence": st.one_of(any_order, by_cycle)},
    }

    def with_settings(scheme: str) -> st.SearchStrategy[Table]:
        return st.fixed_dictionaries({"randomization": st.just(scheme), **needs.get(scheme, {})})

    def with_switch(design: Table) -> st.SearchStrategy[Table]:
        sequence = design.get("sequence", "")
        cycles_of_fixed = [sequence[start : start + 2] for start in range(0, len(sequence), 2)]
        if design["randomization"] in ("blocks", "balanced", "constrained") or {"AA", "BB"} & set(cycles_of_fixed):
            return st.just(design)
        return st.one_of(st.just({}), switches(period_days), switches(period_days)).map(lambda switch: design | switch)

    return st.sampled_from(SCHEMES).flatmap(with_settings).flatmap(with_switch)


@st.composite
def switches(draw: st.DrawFn, period_days: int) -> Table:
    """Draw a random switch that leaves a day to every period."""
    step_days = draw(st.integers(1, min(3, period_days - 1)))
    return {
        "switch_jitter_step_days": step_days,
        "switch_jitter_days": draw(st.integers(step_days, period_days - 1)),
    }


@cache
def run_ins() -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries({"run_in": st.sampled_from(["open", "placebo"]), "run_in_days": st.integers(1, 9)})


@st.composite
def crossovers(draw: st.DrawFn) -> Table:
    """Draw a crossover of one to three cycles."""
    cycles, period_days = draw(st.integers(1, 3)), draw(st.integers(3, 12))
    return {
        "cycles": cycles,
        "period_days": period_days,
        "washout_days": draw(perhaps(0, st.integers(1, 4))),
        **draw(st.one_of(st.just({"run_in_days": 0}), run_ins(), run_ins())),
        **draw(schemes(cycles, period_days)),
    }


def open_labels() -> st.SearchStrategy[Table]:
    """Draw a run-in and then the drug, openly."""
    return st.fixed_dictionaries(
        {
            "layout": st.just("open-label"),
            "cycles": st.integers(1, 2),
            "period_days": st.integers(3, 12),
            "run_in_days": st.integers(1, 9),
        }
    )


def secondaries() -> st.SearchStrategy[Tables]:
    """Draw none to two secondary outcomes."""
    outcome = st.fixed_dictionaries(
        {
            "scale": st.sampled_from([[0, 10], [-30, 30], [1, 5]]),
            "step": st.sampled_from([0, 0.5, 1]),
            "better": st.sampled_from(["lower", "higher"]),
            "mcid": st.just(1.0),
            "every_days": perhaps(1, st.integers(2, 5)),
            "baseline": numbers(2, 5),
            "daily_sd": numbers(0.125, 3),
            "autocorrelation": perhaps(0.0, signed(0.875)),
            "diary_sd": perhaps(0.0, numbers(0.125, 1)),
            "effect": perhaps(0.0, signed(3)),
            "placebo_response": perhaps(0.0, signed(2)),
            "trigger_scale": perhaps(0.0, signed(2)),
            "correlation": perhaps(0.0, signed(1)),
        }
    )
    return _named(outcome, "sleep", "visit")


def _named(table: st.SearchStrategy[Table], *names: str) -> st.SearchStrategy[Tables]:
    """Draw at most as many tables as there are names, and name them."""
    tables = st.lists(table, max_size=len(names))
    return tables.map(lambda drawn: [{"name": name} | each for name, each in zip(names, drawn, strict=False)])


def files() -> st.SearchStrategy[Table]:
    """Draw scenarios as a file would give them."""
    return st.fixed_dictionaries(
        {
            "name": st.just("drawn"),
            "treatment": treatments(),
            "outcome": outcomes(),
            "patient": patients(),
            "trigger": triggers(),
            "placebo": placebos(),
            "blinding": blindings(),
            "conduct": conducts(),
            "design": st.one_of(crossovers(), crossovers(), crossovers(), open_labels()),
            "analysis": st.just({"discard_days": 0, "minimum_days": 1}),
            "pack": st.fixed_dictionaries({"kit_days": st.integers(1, 7)}),
            "secondary": secondaries(),
        }
    ).map(_without_absent)


def _without_absent(file: Table) -> Table:
    """Leave out the keys whose value is None, which a file cannot hold."""
    patient = {key: value for key, value in file["patient"].items() if value is not None}
    return file | {"patient": patient}


def scenarios() -> st.SearchStrategy[Scenario]:
    """Draw scenarios of short trials, each valid."""
    return files().map(Scenario.of)
