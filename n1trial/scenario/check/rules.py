"""Rules across keys: what each key allows and several together do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from n1trial.diary.columns import TAKEN, column
from n1trial.diary.methods import METHODS, methods_for
from n1trial.scenario.check import design_rules, unsettled_rules
from n1trial.scenario.check.cautions import caution_blocks
from n1trial.scenario.check.fault import Fault, listed, plain, shown
from n1trial.scenario.model.entries import entries
from n1trial.scenario.model.tables import Tables
from n1trial.scenario.model.truth import Secondary
from n1trial.texts import near_miss

Judged = TypeVar("Judged")
Rule = Callable[[Judged], Iterator[Fault]]

MOST_HINTS = 20
"""Keys for which the one that was probably meant is looked for; among many keys that takes long."""

MOST_WIDTHS = 10
"""Quantities on the outcome's scale may be this many times its width at most: beyond, a unit was mistaken."""


def broken(scenario: Tables, is_partial: bool = False) -> list[Fault]:
    """Find the faults across keys.

    Parameters
    ----------
    scenario : Tables
        The scenario to judge.
    is_partial : bool
        Whether keys that are themselves at fault were left out, so that reading one raises AttributeError; a rule
        that needs it is then passed over.

    Returns
    -------
    list of Fault
        In the order of the rules.
    """
    faults = _broken_by(RULES, scenario, is_partial)
    for secondary in getattr(scenario, "secondary", ()):
        faults += _broken_by(SECONDARY_RULES, secondary, is_partial)
    return faults


def _broken_by(rules: Iterable[Rule[Judged]], judged: Judged, is_partial: bool) -> list[Fault]:
    faults: list[Fault] = []
    for rule in rules:
        try:
            faults += list(rule(judged))
        except AttributeError:
            if not is_partial:
                raise
    return faults


def baseline_is_on_the_scale(scenario: Tables) -> Iterator[Fault]:
    """Let the usual score be one that can be written down."""
    low, high = scenario.outcome.scale
    value = scenario.patient.baseline
    if not low <= value <= high:
        rule = f"must be on the scale from {plain(low)} to {plain(high)}, but is {shown(value)}"
        yield Fault("patient.baseline", rule, ("outcome.scale",))


def differences_fit_the_scale(scenario: Tables) -> Iterator[Fault]:
    """Let no effect, benefit or step be wider than the scale."""
    low, high = scenario.outcome.scale
    yield from _at_most(
        high - low,
        "the width of the scale",
        ("outcome.scale",),
        {
            "outcome.step": scenario.outcome.step,
            "outcome.mcid": scenario.outcome.mcid,
            "treatment.effect": scenario.treatment.effect,
            "treatment.established_effect": scenario.treatment.established_effect,
            "treatment.further_effects": max(scenario.treatment.further_effects, key=abs, default=None),
            "decision.benefit": scenario.decision.benefit,
            "stopping.worse_by": scenario.stopping.worse_by,
        },
    )


def quantities_are_in_points(scenario: Tables) -> Iterator[Fault]:
    """Let whatever moves the score do so within reason."""
    low, high = scenario.outcome.scale
    quantities: dict[str, float | None] = {
        "treatment.effect_sd": scenario.treatment.effect_sd,
        "placebo.response": scenario.placebo.response,
        "placebo.response_sd": scenario.placebo.response_sd,
    }
    for key in ("daily_sd", "diary_sd", "period_sd", "drift_sd", "trend_per_week", "weekly_amplitude"):
        quantities[f"patient.{key}"] = getattr(scenario.patient, key)
    for trigger in scenario.trigger:
        quantities[f"trigger.{trigger.name}.effect"] = trigger.effect
    limit = MOST_WIDTHS * (high - low)
    yield from _at_most(limit, f"{MOST_WIDTHS} times the width of the scale", ("outcome.scale",), quantities)


def what_goes_by_daily_ups_and_downs_has_some(scenario: Tables) -> Iterator[Fault]:
    """Ask for daily ups and downs where something goes by them."""
    if scenario.patient.daily_sd > 0:
        return
    goes_by_them = {
        "blinding.learning": scenario.blinding.learning,
        "conduct.missing_when_worse": scenario.conduct.missing_when_worse,
        "conduct.dropout_when_worse": scenario.conduct.dropout_when_worse,
    }
    for key, value in goes_by_them.items():
        if value != 0:
            rule = f"must be 0 where patient.daily_sd is 0, since it goes by it, but is {shown(value)}"
            yield Fault(key, rule, ("patient.daily_sd",))


def weekend_drop_is_within_adherence(scenario: Tables) -> Iterator[Fault]:
    """Keep adherence at weekends from falling below 0."""
    drop, adherence = scenario.conduct.adherence_weekend_drop, scenario.conduct.adherence
    if drop > adherence:
        rule = f"must be at most conduct.adherence, {shown(adherence)}, but is {shown(drop)}"
        yield Fault("conduct.adherence_weekend_drop", rule, ("conduct.adherence",))


def methods_are_known(scenario: Tables) -> Iterator[Fault]:
    """Allow only methods of analysis that exist."""
    named = {"analysis.primary": (scenario.analysis.primary,), "analysis.methods": scenario.analysis.methods}
    for key, methods in named.items():
        for method in methods:
            if method not in METHODS:
                rule = f"no method {shown(method)}; there are {listed(METHODS)}{near_miss(method, METHODS)}"
                yield Fault(key, rule)


def methods_suit_the_layout(scenario: Tables) -> Iterator[Fault]:
    """Compare before with after in an open-label trial, which allows nothing else, and only there."""
    is_open_label = scenario.design.layout == "open-label"
    named = {"analysis.primary": (scenario.analysis.primary,), "analysis.methods": scenario.analysis.methods}
    for key, methods in named.items():
        for method in methods:
            if method in METHODS and (METHODS[method].layout == "open-label") != is_open_label:
                alone = f"must be {listed(methods_for('open-label'))} alone"
                needed = alone if is_open_label else f"must not be {method}"
                rule = f'{needed} where design.layout is "{scenario.design.layout}", but is {shown(method)}'
                yield Fault(key, rule, ("design.layout",))


def names_differ(scenario: Tables) -> Iterator[Fault]:
    """Let no two tables of an array have one name, and no list say a thing twice."""
    yield from _twice("evidence", "keys", [evidence.key for evidence in scenario.evidence])
    yield from _twice("unsettled", "keys", [unsettled.key for unsettled in scenario.unsettled])
    yield from _twice("considered", "questions", [considered.question for considered in scenario.considered])
    yield from _twice("theory", "names", [theory.name for theory in scenario.theory])
    yield from _twice("trigger", "names", [trigger.name for trigger in scenario.trigger])
    yield from _twice("secondary", "names", [secondary.name for secondary in scenario.secondary])
    yield from _twice("treatment.further_effects", "entries", scenario.treatment.further_effects)
    yield from _twice("analysis.methods", "entries", scenario.analysis.methods)
    yield from _twice("analysis.terms", "entries", scenario.analysis.terms)
    yield from _twice("pack.times_of_day", "entries", scenario.pack.times_of_day)
    yield from _twice("pack.visit_days", "entries", scenario.pack.visit_days)


def control_is_not_the_drug(scenario: Tables) -> Iterator[Fault]:
    """Give drug and control names of their own."""
    if scenario.control.name.casefold() == scenario.treatment.name.casefold():
        rule = f"must differ from treatment.name, but is {shown(scenario.control.name)} too"
        yield Fault("control.name", rule, ("treatment.name",))


def secondary_is_not_the_primary(scenario: Tables) -> Iterator[Fault]:
    """Give a further outcome a name of its own."""
    for secondary in scenario.secondary:
        if secondary.name == scenario.outcome.name:
            rule = f"must differ from outcome.name, but is {shown(secondary.name)} too"
            yield Fault(f"secondary.{secondary.name}.name", rule, ("outcome.name",))


def evidence_is_about_numbers_here(scenario: Tables) -> Iterator[Fault]:
    """Let evidence be about a number of this file."""
    held = entries(scenario) if scenario.evidence else ()
    is_number = {entry.path: entry.is_number for entry in held if entry.section != "evidence"}
    numbers = [key for key, is_one in is_number.items() if is_one]
    astray = [evidence.key for evidence in scenario.evidence if not is_number.get(evidence.key)]
    for count, key in enumerate(astray):
        hint = near_miss(key, numbers) if key not in is_number and count < MOST_HINTS else ""
        yield Fault(f"evidence.{key}.key", f"must name a number of this file, but is {shown(key)}{hint}")


def block_of_cautions_is_shipped(scenario: Tables) -> Iterator[Fault]:
    """Allow only a block of cautions that exists."""
    block = scenario.cautions.block
    known = caution_blocks()
    if block and block not in known:
        rule = f"no shipped block of cautions {shown(block)}; there are {listed(known)}{near_miss(block, known)}"
        yield Fault("cautions.block", rule)


def secondary_fits_its_scale(secondary: Secondary) -> Iterator[Fault]:
    """Let a further outcome's numbers fit its own scale."""
    key, (low, high) = f"secondary.{secondary.name}", secondary.scale
    if not low <= secondary.baseline <= high:
        rule = f"must be on the scale from {plain(low)} to {plain(high)}, but is {shown(secondary.baseline)}"
        yield Fault(f"{key}.baseline", rule, (f"{key}.scale",))
    differences = {f"{key}.{name}": getattr(secondary, name) for name in ("step", "mcid", "effect")}
    yield from _at_most(high - low, "the width of its scale", (f"{key}.scale",), differences)
    names = ("daily_sd", "diary_sd", "placebo_response")
    quantities = {f"{key}.{name}": getattr(secondary, name) for name in names}
    limit = MOST_WIDTHS * (high - low)
    yield from _at_most(limit, f"{MOST_WIDTHS} times the width of its scale", (f"{key}.scale",), quantities)


def secondary_is_no_diary_column(secondary: Secondary) -> Iterator[Fault]:
    """Keep a further outcome's name free to be a column of the diary."""
    if column(secondary.name) in TAKEN:
        rule = f"must not be a column that every diary has, but is {shown(secondary.name)}"
        yield Fault(f"secondary.{secondary.name}.name", rule)


def _at_most(limit: float, meaning: str, others: tuple[str, ...], values: dict[str, float | None]) -> Iterator[Fault]:
    """Fault each value of which the size is beyond a limit."""
    for key, value in values.items():
        if value is not None and abs(value) > limit:
            rule = f"must be no larger in size than {meaning}, {plain(limit)}, but is {shown(value)}"
            yield Fault(key, rule, others)


def _twice(key: str, what: str, words: Iterable[object]) -> Iterator[Fault]:
    """Fault what is there more than once."""
    for word, times in Counter(words).items():
        if times > 1:
            yield Fault(key, f"must have different {what}, but {shown(word)} is there {times} times")


RULES: tuple[Rule[Tables], ...] = (
    baseline_is_on_the_scale,
    differences_fit_the_scale,
    quantities_are_in_points,
    what_goes_by_daily_ups_and_downs_has_some,
    weekend_drop_is_within_adherence,
    *design_rules.RULES,
    methods_are_known,
    methods_suit_the_layout,
    names_differ,
    control_is_not_the_drug,
    secondary_is_not_the_primary,
    evidence_is_about_numbers_here,
    *unsettled_rules.RULES,
    block_of_cautions_is_shipped,
)
"""Rules of a whole scenario."""

SECONDARY_RULES: tuple[Rule[Secondary], ...] = (secondary_fits_its_scale, secondary_is_no_diary_column)
"""Rules of each further outcome."""
