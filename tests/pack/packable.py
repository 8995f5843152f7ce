"""Scenarios that a pack can be made of, and a pack's parts for tests that need no sealing."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from n1trial.pack.sealed.secrets import Secrets
from n1trial.pack.trial.characteristics import PlanCharacteristics
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.scenario import Scenario

START = date(2027, 1, 4)
PLANNED = PlanCharacteristics(
    1000, 0.6, 0.55, 0.05, 0.03, "may", "May well miss a worthwhile benefit", False, 0.55, 0.55
)


ACTIVE: dict[str, Any] = {
    "control.name": "Old medicine",
    "control.kind": "active",
    "control.dose": "400 mg",
    "control.abrupt_stop_safe": True,
    "control.cautions": ["Not with a stomach ulcer."],
}
"""A control that is a drug of its own."""
CONTROLS: tuple[dict[str, object], ...] = (
    {"control.name": "Placebo"}, ACTIVE, {**ACTIVE, "control.name": 'Old "medicine" \\'},
)  # fmt: skip


BY_EXACT_TEST: dict[str, object] = {"analysis.primary": "randomization", "analysis.methods": None}


@cache
def shipped(name: str = "b12-6-to-8-week") -> Scenario:
    """Load a shipped scenario, analyzed by the exact test, which is fast."""
    return load_scenario(name).replace(**BY_EXACT_TEST)


def short(**changes: object) -> Scenario:
    """Make a scenario of two rounds of two kits a period, with other values of some keys."""
    base = {
        "design.cycles": 2,
        "design.period_days": 14,
        "design.switch_jitter_days": 0,
        "analysis.discard_days": 0,
        "analysis.minimum_days": 1,
    }
    return shipped().replace(**{**base, **changes})


def secrets_of(assignment: int, codes: int = 1, nonce: int = 2) -> Secrets:
    """Secrets made of numbers."""
    return Secrets(*(number.to_bytes(16) for number in (assignment, codes, nonce)))


def secret_bytes() -> st.SearchStrategy[bytes]:
    return st.binary(min_size=16, max_size=16)


@cache
def drug_names() -> st.SearchStrategy[str]:
    """Names from all of Unicode that is written on paper, dense in what JSON, HTML and CSV escape."""
    usual = st.sampled_from(["Vitamin B12", "Long & <strange> drug", "Žlutý kůň", 'Vitamin B12 "forte"'])
    printable = st.characters(categories=["L", "M", "N", "P", "S"])
    strange = st.text(st.one_of(st.sampled_from("\"\\<&'é😀"), printable), max_size=60)
    return st.one_of(usual, strange.map(lambda text: f"B{text}"))


@st.composite
def packables(draw: st.DrawFn) -> Scenario:
    """Draw scenarios that a pack can be made of."""
    every = draw(st.sampled_from([1, 1, 2, 3]))
    kit_days = every * draw(st.integers(1, 7))
    jitter_kits = draw(st.sampled_from([0, 0, 1, 2]))
    cycles, kits = draw(st.integers(1, 3)), jitter_kits + draw(st.integers(1, 3))
    scheme = "pairs" if jitter_kits else draw(st.sampled_from(["pairs", "alternating", "balanced", "counterbalanced"]))
    controls: list[dict[str, Any]] = [
        {"control.name": "Placebo"},
        ACTIVE,
        {**ACTIVE, "control.name": 'Old "medicine" \\'},
    ]
    control = draw(st.sampled_from(controls))
    is_placebo = "control.kind" not in control  # run-in and washout would be on a drug otherwise
    run_in = draw(st.sampled_from(["open", "open", "placebo"])) if is_placebo else "open"
    run_in_days = kit_days * -(-14 // kit_days) if run_in == "placebo" else draw(st.integers(14, 30))
    times = draw(st.sampled_from([["morning"], ["morning", "night"], ["morning", "noon", "evening", "night"]]))
    return shipped().replace(
        **{
            "treatment.every_days": every,
            "treatment.name": draw(drug_names()),
            **control,
            "design.cycles": cycles,
            "design.period_days": kits * kit_days,
            "design.washout_days": draw(st.sampled_from([0, 0, kit_days])) if is_placebo else 0,
            "design.switch_jitter_days": jitter_kits * kit_days,
            "design.switch_jitter_step_days": kit_days,
            "design.randomization": scheme,
            "design.run_in": run_in,
            "design.run_in_days": run_in_days,
            "analysis.discard_days": 0,
            "analysis.minimum_days": 1,
            "pack.kit_days": kit_days,
            "pack.units_per_dose": draw(st.integers(1, 3)),
            "pack.times_of_day": times,
            "pack.spare_fraction": draw(st.sampled_from([0.0, 0.1, 0.5])),
            "pack.shelf_life_days": max(kit_days, draw(st.sampled_from([10, 30, 180]))),
        }
    )
