"""What is allowed in a scenario and yet unwise: said by `check`, beside what is at fault and what is assumed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from n1trial.scenario.check.answers import answers_speak_against
from n1trial.scenario.check.chances import chance_of_too_few, in_words, share_beyond
from n1trial.scenario.check.fault import plain, shown
from n1trial.scenario.check.matters import OF_AN_ACTIVE_CONTROL, applies
from n1trial.scenario.check.stopping import WARNINGS as ON_STOPPING
from n1trial.scenario.model.entries import entries
from n1trial.scenario.model.tables import Tables

RARE = 0.01
"""Chance of losing a period from which on it is said."""

KNOWN = ("published", "derived", "own-data")
"""Status of evidence that gives a range and does not only assume one."""

CUT_OFF = 0.1
"""Share of scores beyond the scale from which on it is said."""


def warnings(scenario: Tables) -> tuple[str, ...]:
    """Say what is allowed and yet unwise.

    Returns
    -------
    tuple of str
        A sentence each, with the key that it is about.
    """
    return tuple(sentence for warning in WARNINGS for sentence in warning(scenario))


def source_is_missing(scenario: Tables) -> Iterator[str]:
    """Say where nothing tells where the numbers come from."""
    if scenario.source.started_from and not scenario.source.citation:
        yield (
            f"source: the numbers started from a scenario on {scenario.source.started_from}; its source, evidence, "
            "answers, cautions and theories do not speak for this trial and are left out: write your own [source]"
        )
    elif not scenario.source.citation:
        yield "source.citation: no source is named, so readers cannot judge the numbers"


def evidence_says_otherwise(scenario: Tables) -> Iterator[str]:
    """Say which values are outside what their evidence holds believable."""
    for evidence in scenario.evidence:
        value, span = scenario.value(evidence.key), evidence.range
        if span is not None and isinstance(value, int | float) and not span[0] <= value <= span[1]:
            if value == 0 and evidence.key == "treatment.effect":
                continue  # that it does nothing is always possible
            known = "that its evidence gives" if evidence.status in KNOWN else "that is assumed for it, without proof"
            yield f"{evidence.key}: {shown(value)} is outside {shown(span)}, the range {known}"


def unsettled_says_otherwise(scenario: Tables) -> Iterator[str]:
    """Say which values are outside of what they may be by the same file."""
    for unsettled in scenario.unsettled:
        value, span = scenario.value(unsettled.key), unsettled.range
        if isinstance(value, int | float) and not span[0] <= value <= span[1]:
            yield f"{unsettled.key}: {shown(value)} is outside {shown(span)}, the range of its [[unsettled]] table"


def plan_is_outside_of_what_is_believed(scenario: Tables) -> Iterator[str]:
    """Say where onset or offset is outside of its own range: a slip in a file, but a fair question on the way."""
    treatment = scenario.treatment
    believed = {
        "onset": (treatment.onset_days, treatment.onset_range),
        "offset": (treatment.offset_days, treatment.offset_range),
    }
    for name, (days, span) in believed.items():
        if span is not None and not span[0] <= days <= span[1]:
            yield f"treatment.{name}_days: {plain(days)} is outside treatment.{name}_range, {shown(span)}"


def given_for_nothing(scenario: Tables) -> Iterator[str]:
    """Say which values were given and have no meaning here."""
    for entry in entries(scenario):
        if entry.is_given and entry.value != entry.info.default and not applies(scenario, entry.path):
            where = "placebo.shape" if entry.section == "placebo" else "design.layout"
            if entry.path in OF_AN_ACTIVE_CONTROL and scenario.design.layout == "crossover":
                yield f'{entry.path}: has no meaning where control.kind is not "active"'
            else:
                yield f"{entry.path}: has no meaning where {where} is {shown(scenario.value(where))}"


def effect_is_ambitious(scenario: Tables) -> Iterator[str]:
    """Say where the planned effect is as large as anything known, or in the wrong direction."""
    effect, established = scenario.treatment.effect, scenario.treatment.established_effect
    if established is not None and effect * established > 0 and abs(effect) >= abs(established):
        yield (
            f"treatment.effect: {plain(effect)} points are at or beyond {plain(established)}, about as large as "
            "established treatments achieve on average"
        )
    if effect * scenario.sign > 0:
        yield f"treatment.effect: {plain(effect)} points would be a harm, since {scenario.outcome.better} is better"


def periods_are_short(scenario: Tables) -> Iterator[str]:
    """Say where the drug is slower than the periods."""
    days = scenario.design.period_days
    if scenario.design.layout == "open-label":
        days *= 2 * scenario.design.cycles
    onset_days, offset_days = scenario.treatment.onset_days, scenario.treatment.offset_days
    if onset_days > days:
        yield (
            f"treatment.onset_days: {plain(onset_days)} days are longer than a period of {days}; by its end no more "
            f"than {-math.expm1(-days / onset_days):.0%} of the effect has built up"
        )
    if offset_days > days and scenario.design.layout == "crossover":
        yield (
            f"treatment.offset_days: {plain(offset_days)} days are longer than a period of {days}; at the end of one "
            f"on {scenario.control.name}, {math.exp(-days / offset_days):.0%} of what had built up is still there"
        )


def pairs_would_be_lost(scenario: Tables) -> Iterator[str]:
    """Say where settling-in days, needed entries and missing entries leave too little of a period."""
    if scenario.design.layout == "open-label":
        return
    if scenario.design.cycles == 1:
        yield "design.cycles: one cycle gives one difference, from which paired can estimate nothing"
    chance = chance_of_too_few(scenario)
    if chance >= RARE:
        days, analysis = scenario.layout().shortest_period_days, scenario.analysis
        yield (
            f"analysis.minimum_days: {in_words(chance)} of the shortest periods ({days} days, of which "
            f"{analysis.discard_days} are settling-in days) would hold fewer than {analysis.minimum_days} entries, and "
            "their pairs be lost"
        )


def scale_cuts_scores_off(scenario: Tables) -> Iterator[str]:
    """Say where scores crowd at an end of the scale, so that a difference cannot show."""
    on = {scenario.treatment.name: scenario.treatment.effect}
    if scenario.design.layout == "crossover":
        on[scenario.control.name] = 0.0
    for name, effect in on.items():
        for end, share in share_beyond(scenario, effect).items():
            if share >= CUT_OFF:
                yield (
                    f"outcome.scale: {in_words(share)} of the scores on {name} would be beyond {plain(end)}, the end "
                    "of the scale, and be cut off there (patient.baseline, placebo, triggers and effect together)"
                )


def worthwhile_is_out_of_reach(scenario: Tables) -> Iterator[str]:
    """The smallest worthwhile difference is more than the score can improve by."""
    low, high = scenario.outcome.scale
    room = scenario.patient.baseline - low if scenario.outcome.better == "lower" else high - scenario.patient.baseline
    if scenario.outcome.mcid >= room:
        yield (
            f"outcome.mcid: {plain(scenario.outcome.mcid)} points are all, or more, that the score can improve by "
            f"from a baseline of {plain(scenario.patient.baseline)}"
        )


def switch_moves_less(scenario: Tables) -> Iterator[str]:
    """Say where the random switch does not reach as far as it might seem."""
    jitter, step = scenario.design.switch_jitter_days, scenario.design.switch_jitter_step_days
    reached = jitter - jitter % step
    if reached != jitter:
        yield f"design.switch_jitter_days: in steps of {step} days that is up to {reached} days, not {jitter}"


def order_is_known(scenario: Tables) -> Iterator[str]:
    """Say where nothing is left to chance."""
    design = scenario.design
    if design.layout == "crossover" and design.randomization == "fixed" and design.switch_jitter_days == 0:
        yield 'design.randomization: "fixed" leaves nothing to chance, so that there is no randomization test'


def kits_hold_both(scenario: Tables) -> Iterator[str]:
    """Say where a period does not end with a kit, so that no pack can be made."""
    design, kit_days = scenario.design, scenario.pack.kit_days
    if design.layout == "open-label":
        return
    keys = ["period_days", "washout_days"] + ["switch_jitter_step_days"] * (design.switch_jitter_days > 0)
    for key in keys:
        days = getattr(design, key)
        if days % kit_days:
            yield f"design.{key}: {days} days are not whole kits of {kit_days} (pack.kit_days); no pack could be made"


def outcome_is_never_measured(scenario: Tables) -> Iterator[str]:
    """Say which further outcomes are due less often than the trial is long."""
    for secondary in scenario.secondary:
        if secondary.every_days > scenario.layout().treated_days:
            yield f"secondary.{secondary.name}.every_days: {secondary.every_days} days are longer than the trial"


def control_is_a_drug(scenario: Tables) -> Iterator[str]:
    """Say what a simulation takes for the effect where both are drugs."""
    if scenario.control.is_active:
        yield (
            f"control.kind: {scenario.control.name} is a drug; the simulation takes treatment.effect for the difference"
            " between the two, which builds up and fades as the treatment does"
        )


WARNINGS: tuple[Callable[[Tables], Iterator[str]], ...] = (
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
"""All warnings, in the order in which they are said."""
