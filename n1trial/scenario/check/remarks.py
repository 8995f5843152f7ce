"""What is allowed in a scenario and yet unwise: shown by `check`, beside what is at fault and what is assumed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from n1trial.scenario.check.answers import answers_speak_against
from n1trial.scenario.check.chances import chance_of_too_few, share_beyond
from n1trial.scenario.check.fault import Remark
from n1trial.scenario.check.matters import CAN_MOVE, matters, why_idle
from n1trial.scenario.check.stopping import REMARKS as ON_STOPPING
from n1trial.scenario.model.entries import entries
from n1trial.scenario.model.tables import Tables

RARE = 0.01
"""Chance of losing a period from which on it is said."""

KNOWN = ("published", "derived", "own-data")
"""Status of evidence that gives a range and does not only assume one."""

CUT_OFF = 0.1
"""Share of scores beyond the scale from which on it is said."""


def remarks(scenario: Tables) -> tuple[Remark, ...]:
    """Find what is allowed and yet unwise.

    Returns
    -------
    tuple of Remark
        Each a sentence where it is shown, with the key that it is about.
    """
    return tuple(remark for find in REMARKS for remark in find(scenario))


def source_is_missing(scenario: Tables) -> Iterator[Remark]:
    """Find where nothing tells where the numbers come from."""
    if scenario.source.started_from and not scenario.source.citation:
        yield Remark("another_source", "source", {"of": scenario.source.started_from})
    elif not scenario.source.citation:
        yield Remark("no_source", "source.citation")


def evidence_says_otherwise(scenario: Tables) -> Iterator[Remark]:
    """Find which values are outside what their evidence holds believable."""
    for evidence in scenario.evidence:
        value, span = scenario.value(evidence.key), evidence.range
        if span is not None and isinstance(value, int | float) and not span[0] <= value <= span[1]:
            if value == 0 and evidence.key == "treatment.effect":
                continue  # that it does nothing is always possible
            kind = "beyond_evidence" if evidence.status in KNOWN else "beyond_assumption"
            yield Remark(kind, evidence.key, {"value": value, "range": span})


def unsettled_says_otherwise(scenario: Tables) -> Iterator[Remark]:
    """Find which values are outside of what they may be by the same file."""
    for unsettled in scenario.unsettled:
        value, span = scenario.value(unsettled.key), unsettled.range
        if isinstance(value, int | float) and not span[0] <= value <= span[1]:
            yield Remark("beyond_unsettled", unsettled.key, {"value": value, "range": span})


def plan_is_outside_of_what_is_believed(scenario: Tables) -> Iterator[Remark]:
    """Find where onset or offset is outside of its own range: a slip in a file, but a fair question on the way."""
    treatment = scenario.treatment
    believed = {
        "onset": (treatment.onset_days, treatment.onset_range),
        "offset": (treatment.offset_days, treatment.offset_range),
    }
    for name, (days, span) in believed.items():
        if span is not None and not span[0] <= days <= span[1]:
            facts = {"value": days, "key": f"treatment.{name}_range", "range": span}
            yield Remark("beyond_own_range", f"treatment.{name}_days", facts)


def given_for_nothing(scenario: Tables) -> Iterator[Remark]:
    """Find which values were given, or said not to be known, and change nothing.

    A setting that one of the analyses uses was not given for nothing, and what a treatment can move is a fact.
    """
    given = [entry.path for entry in entries(scenario) if entry.is_given and entry.value != entry.info.default]
    for path in dict.fromkeys([*given, *(each.key for each in scenario.unsettled)]):
        why = None if path.endswith(CAN_MOVE) else why_idle(scenario, path)
        if why is not None and why.kind != "not_of_primary":
            yield why


def effect_is_ambitious(scenario: Tables) -> Iterator[Remark]:
    """Find where the planned effect is as large as anything known, or in the wrong direction."""
    effect, established = scenario.treatment.effect, scenario.treatment.established_effect
    if established is not None and effect * established > 0 and abs(effect) >= abs(established):
        yield Remark("ambitious", "treatment.effect", {"effect": effect, "established": established})
    if effect * scenario.sign > 0:
        yield Remark("harm", "treatment.effect", {"effect": effect, "better": scenario.outcome.better})


def periods_are_short(scenario: Tables) -> Iterator[Remark]:
    """Find where the drug is slower than the periods."""
    days = scenario.design.period_days
    if scenario.design.layout == "open-label":
        days *= 2 * scenario.design.cycles
    onset_days, offset_days = scenario.treatment.onset_days, scenario.treatment.offset_days
    if onset_days > days:
        built_up = -math.expm1(-days / onset_days)
        yield Remark(
            "slow_onset", "treatment.onset_days", {"days": onset_days, "period_days": days, "built_up": built_up}
        )
    if offset_days > days and scenario.design.layout == "crossover":
        left, control = math.exp(-days / offset_days), scenario.control.name
        yield Remark(
            "slow_offset", "treatment.offset_days",
            {"days": offset_days, "period_days": days, "control": control, "left": left},
        )  # fmt: skip


def pairs_would_be_lost(scenario: Tables) -> Iterator[Remark]:
    """Find where settling-in days, needed entries and missing entries leave too little of a period."""
    if scenario.design.layout == "open-label":
        return
    if scenario.design.cycles == 1:
        yield Remark("one_cycle", "design.cycles")
    chance = chance_of_too_few(scenario)
    if chance >= RARE and matters(scenario, "analysis.minimum_days"):
        days, analysis = scenario.layout().shortest_period_days, scenario.analysis
        yield Remark(
            "few_entries", "analysis.minimum_days",
            {"share": chance, "days": days, "discard_days": analysis.discard_days, "least": analysis.minimum_days},
        )  # fmt: skip


def scale_cuts_scores_off(scenario: Tables) -> Iterator[Remark]:
    """Find where scores crowd at an end of the scale, so that a difference cannot show."""
    on = {scenario.treatment.name: scenario.treatment.effect}
    if scenario.design.layout == "crossover":
        on[scenario.control.name] = 0.0
    for name, effect in on.items():
        for end, share in share_beyond(scenario, effect).items():
            if share >= CUT_OFF:
                yield Remark("cut_off", "outcome.scale", {"share": share, "treatment": name, "end": end})


def worthwhile_is_out_of_reach(scenario: Tables) -> Iterator[Remark]:
    """Remark that the smallest worthwhile difference is more than the score can improve by."""
    low, high = scenario.outcome.scale
    room = scenario.patient.baseline - low if scenario.outcome.better == "lower" else high - scenario.patient.baseline
    if scenario.outcome.mcid >= room:
        facts = {"mcid": scenario.outcome.mcid, "baseline": scenario.patient.baseline}
        yield Remark("out_of_reach", "outcome.mcid", facts)


def switch_moves_less(scenario: Tables) -> Iterator[Remark]:
    """Find where the random switch does not reach as far as it might seem."""
    jitter, step = scenario.design.switch_jitter_days, scenario.design.switch_jitter_step_days
    reached = jitter - jitter % step
    if reached != jitter:
        facts = {"step": step, "reached": reached, "jitter": jitter}
        yield Remark("switch_steps", "design.switch_jitter_days", facts)


def order_is_known(scenario: Tables) -> Iterator[Remark]:
    """Find where nothing is left to chance."""
    design = scenario.design
    if design.layout == "crossover" and design.randomization == "fixed" and design.switch_jitter_days == 0:
        yield Remark("known_order", "design.randomization")


def kits_hold_both(scenario: Tables) -> Iterator[Remark]:
    """Find where a period does not end with a kit, so that no pack can be made."""
    design, kit_days = scenario.design, scenario.pack.kit_days
    if design.layout == "open-label":
        return
    keys = ["period_days", "washout_days"] + ["switch_jitter_step_days"] * (design.switch_jitter_days > 0)
    for key in keys:
        days = getattr(design, key)
        if days % kit_days:
            yield Remark("broken_kits", f"design.{key}", {"days": days, "kit_days": kit_days})


def outcome_is_never_measured(scenario: Tables) -> Iterator[Remark]:
    """Find which further outcomes are due less often than the trial is long."""
    for secondary in scenario.secondary:
        if secondary.every_days > scenario.layout().treated_days:
            yield Remark("never_measured", f"secondary.{secondary.name}.every_days", {"days": secondary.every_days})


def control_is_a_drug(scenario: Tables) -> Iterator[Remark]:
    """Say what a simulation takes for the effect where both are drugs."""
    if scenario.control.is_active:
        yield Remark("active_control", "control.kind", {"control": scenario.control.name})


REMARKS: tuple[Callable[[Tables], Iterator[Remark]], ...] = (
    answers_speak_against,
    source_is_missing,
    evidence_says_otherwise,
    unsettled_says_otherwise,
    plan_is_outside_of_what_is_believed,
    given_for_nothing,
    effect_is_ambitious,
    periods_are_short,
    pairs_would_be_lost,
    worthwhile_is_out_of_reach,
    scale_cuts_scores_off,
    switch_moves_less,
    order_is_known,
    kits_hold_both,
    outcome_is_never_measured,
    *ON_STOPPING,
    control_is_a_drug,
)
"""All remarks, in the order in which they are said."""
