"""All rules across keys: what each key allows and several together do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from n1trial.diary.file.columns import TAKEN, column
from n1trial.diary.methods import METHODS, methods_for
from n1trial.scenario.check.cautions import caution_blocks
from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.rules import design, scale, unsettled
from n1trial.scenario.check.rules.rule import Rule, rule
from n1trial.scenario.check.rules.sound_values import ALL, NUMBERS
from n1trial.scenario.model.keys import key_field
from n1trial.scenario.model.tables import Tables
from n1trial.wording import nearest

MOST_HINTS = 20
"""Keys for which the one that was probably meant is looked for; among many keys that takes long."""


def _only_with_daily_sd(key: str) -> Rule:
    """Ask for daily ups and downs where something goes by them."""

    def judge(daily_sd: float, value: float) -> Iterator[Fault]:
        if daily_sd == 0 and value != 0:
            yield Fault("no_noise", key, {"value": value})

    return Rule(("patient.daily_sd", key), judge)


@rule("conduct.adherence_weekend_drop", "conduct.adherence")
def weekend_drop_is_within_adherence(drop: float, adherence: float) -> Iterator[Fault]:
    """Keep adherence at weekends from falling below 0."""
    if drop > adherence:
        yield Fault("weekend_drop", "conduct.adherence_weekend_drop", {"most": adherence, "value": drop})


def _methods_suit(key: str) -> Rule:
    """Allow methods that exist and can analyze the layout."""

    def judge(named: str | tuple[str, ...], layout: str) -> Iterator[Fault]:
        for method in (named,) if isinstance(named, str) else named:
            if method not in METHODS:
                yield Fault("no_method", key, {"value": method, "known": METHODS, "meant": nearest(method, METHODS)})
            elif METHODS[method].layout != layout:
                kind = "method_of_crossover" if layout == "open-label" else "method_of_open_label"
                yield Fault(kind, key, {"methods": methods_for(layout), "layout": layout, "value": method})

    return Rule((key, "design.layout"), judge)


def _differ(key: str, what: str) -> Rule:
    """Let no two tables of an array have one name, and no list say a thing twice."""
    place = key.partition(ALL)[0]

    def judge(words: tuple[object, ...]) -> Iterator[Fault]:
        for word, times in Counter(words).items():
            if times > 1:
                yield Fault("twice", place, {"what": what, "value": word, "times": times})

    return Rule((key,), judge)


@rule("control.name", "treatment.name")
def control_is_not_the_drug(control: str, treatment: str) -> Iterator[Fault]:
    """Give drug and control names of their own."""
    if control.casefold() == treatment.casefold():
        yield Fault("same", "control.name", {"other": "treatment.name", "value": control})


@rule("secondary[].name", "outcome.name")
def secondary_is_not_the_primary(name: str, primary: str) -> Iterator[Fault]:
    """Give a further outcome a name of its own."""
    if name == primary:
        yield Fault("same", "secondary[].name", {"other": "outcome.name", "value": name})


@rule("secondary[].name")
def secondary_is_no_diary_column(name: str) -> Iterator[Fault]:
    """Keep a further outcome's name free to be a column of the diary."""
    if column(name) in TAKEN:
        yield Fault("diary_column", "secondary[].name", {"value": name})


@rule("analysis.adjust", "trigger[*].name")
def adjusts_for_triggers(adjust: tuple[str, ...], triggers: tuple[str, ...]) -> Iterator[Fault]:
    """Keep to triggers of this file."""
    for name in adjust:
        if name not in triggers:
            facts = {"value": name, "known": triggers, "meant": nearest(name, triggers)}
            yield Fault("no_trigger", "analysis.adjust", facts)


@rule("analysis.adjust", "trigger[].name", "trigger[].treatment_can_move")
def adjusts_for_what_the_treatment_cannot_move(adjust: tuple[str, ...], name: str, can_move: bool) -> Iterator[Fault]:
    """Keep away from consequences of the treatment: to adjust for one would take a part of the effect away."""
    if name in adjust and can_move:
        yield Fault("moved_trigger", "analysis.adjust", {"value": name})


@rule("trigger[].name", "analysis.adjust", "secondary[*].name")
def trigger_is_no_other_column(name: str, adjust: tuple[str, ...], secondary: tuple[str, ...]) -> Iterator[Fault]:
    """Keep the name of a trigger that is adjusted for free to be a column of the diary."""
    others = [other for other in adjust if other != name]
    if name in adjust and column(name) in (*TAKEN, *map(column, (*secondary, *others))):
        yield Fault("own_column", "trigger[].name", {"value": name})


@rule("evidence[*].key", NUMBERS)
def evidence_is_about_numbers_here(keys: tuple[str, ...], numbers: tuple[str, ...]) -> Iterator[Fault]:
    """Let evidence be about a number of this file."""
    known = frozenset(numbers)
    for count, key in enumerate(key for key in keys if key not in known):
        meant = nearest(key, numbers) if count < MOST_HINTS and key_field(Tables, key) is None else None
        yield Fault("no_number", f"evidence.{key}.key", {"value": key, "meant": meant})


@rule("cautions.block")
def block_of_cautions_is_shipped(block: str) -> Iterator[Fault]:
    """Allow only a block of cautions that exists."""
    known = caution_blocks()
    if block and block not in known:
        yield Fault("no_block", "cautions.block", {"value": block, "known": known, "meant": nearest(block, known)})


RULES: tuple[Rule, ...] = (
    *scale.RULES,
    _only_with_daily_sd("blinding.learning"),
    _only_with_daily_sd("conduct.missing_when_worse"),
    _only_with_daily_sd("conduct.dropout_when_worse"),
    weekend_drop_is_within_adherence,
    *design.RULES,
    _methods_suit("analysis.primary"),
    _methods_suit("analysis.methods"),
    _differ("evidence[*].key", "keys"),
    _differ("unsettled[*].key", "keys"),
    _differ("considered[*].question", "questions"),
    _differ("theory[*].name", "names"),
    _differ("trigger[*].name", "names"),
    _differ("secondary[*].name", "names"),
    _differ("treatment.further_effects", "entries"),
    _differ("analysis.methods", "entries"),
    _differ("analysis.terms", "entries"),
    _differ("analysis.adjust", "entries"),
    _differ("pack.times_of_day", "entries"),
    _differ("pack.visit_days", "entries"),
    control_is_not_the_drug,
    secondary_is_not_the_primary,
    evidence_is_about_numbers_here,
    *unsettled.RULES,
    block_of_cautions_is_shipped,
    adjusts_for_triggers,
    adjusts_for_what_the_treatment_cannot_move,
    trigger_is_no_other_column,
    *scale.OF_SECONDARY,
    secondary_is_no_diary_column,
)
"""All rules across keys."""
