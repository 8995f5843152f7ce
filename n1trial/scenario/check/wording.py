"""All words of faults and remarks, and the rule of a single key, from the same types that enforce it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from n1trial.wording import FORMATS, Formats, plain

FAULTS = {
    "missing": "required key is missing",
    "unknown": "unknown key{meant:meant}",
    "elsewhere": "unknown key (it belongs in {sections:either})",
    "unreadable": "is no key, for no file can hold it",
    "more": "{more:,} keys are at fault as well",
    "type": "must be {schema:schema}, but is {value}{meant:meant}{slip:slip}",
    "no_width": "must be two different numbers, the lower first, but is {value}",
    "one_table": "must be under [{section:s}], not under [[{section:s}]]: there is only one",
    "many_tables": "must be under [[{section:s}]], not under [{section:s}]: there can be any number of them",
    "table": "must be a table under [{section:s}], but is {value}",
    "tables": "must be a table under [[{section:s}]], but is {value}",
    "no_table": "{section:s} is not a table",
    "no_name": "must name one {section:s}, as in {section:s}.NAME.KEY; there are {names:listed}",
    "unknown_name": 'no {section:s} "{name:s}"; there are {names:listed}{meant:meant}',
    "limit": "{limit.rule:s}",
    "at_end": "at its end {end}, {fault.rule:s}",
    "elsewhere_at_end": "at its end {end}, {fault!s:s}",
    "no_noise": "must be 0 where patient.daily_sd is 0, since it goes by it, but is {value}",
    "weekend_drop": "must be at most conduct.adherence, {most}, but is {value}",
    "no_method": "no method {value}; there are {known:listed}{meant:meant}",
    "method_of_crossover": "must be {methods:listed} alone where design.layout is {layout}, but is {value}",
    "method_of_open_label": "must not be {value:s} where design.layout is {layout}, but is {value}",
    "twice": "must have different {what:s}, but {value} is there {times} times",
    "same": "must differ from {other:s}, but is {value} too",
    "diary_column": "must not be a column that every diary has, but is {value}",
    "no_trigger": "no trigger {value}; there are {known:listed}{meant:meant}",
    "moved_trigger": (
        "must not name what the treatment can move, but is {value}: a trigger that is a consequence of the complaint "
        "carries a part of the effect, and to adjust for it would take that part away; where the treatment cannot "
        "change how often it happens, state treatment_can_move = false in its table"
    ),
    "own_column": "must be a column of its own in the diary where analysis.adjust names it, but is {value}",
    "no_number": "must name a number of this file, but is {value}{meant:meant}",
    "not_of_patient": "must name a number of {sections:either}, but is {value}{meant:meant}",
    "has_range": "must name a number of {sections:either}, but is {value} ({range:s} says how unsure it is)",
    "no_block": "no shipped block of cautions {value}; there are {known:listed}{meant:meant}",
    "endless": (
        "{periods} periods of {period_days} days, with run-in and washouts, take {days} days; a trial must take at "
        "most {most}"
    ),
    "short_period": "must be at least {needed:sum} days, but is {value}",
    "short_treatment": (
        "must be longer: 2 x design.cycles x design.period_days = {days} days on the drug do not hold "
        "analysis.discard_days + analysis.minimum_days = {needed}"
    ),
    "no_before": 'must be at least 1 where design.layout is "open-label": it is all there is to compare with, but is 0',
    "treated_before": 'must be "open" where design.layout is "open-label", but is "placebo"',
    "no_run_in": 'must be at least 1 where design.run_in is "placebo", but is 0',
    "missing_for": "required key is missing where design.randomization is {chosen}",
    "only_for": "is only for design.randomization = {randomization}, which is {chosen}: leave it out",
    "no_divisor": "must be a divisor of design.cycles, {cycles}, but is {value}",
    "sequence": "must have {cycles} A and {cycles} B for {cycles} cycles, but has {a} A and {b} B: {value}",
    "fixed_switch": (
        "must be 0 where a cycle need not hold both treatments (design.randomization = {randomization}), but is {value}"
    ),
    "small_switch": "must be 0, or at least one step of design.switch_jitter_step_days, {step}, but is {value}",
    "off_scale": "must be on the scale from {low:plain} to {high:plain}, but is {value}",
    "wide": "must be no larger in size than the width of {whose:s} scale, {most:plain}, but is {value}",
    "wider": (
        "must be no larger in size than {widths} times the width of {whose:s} scale, {most:plain}, but is {value}"
    ),
}
"""What stands after the key."""
REMARKS = {
    "answer": "{against:s}",
    "forbidden": "such a trial must not be run",
    "of_the_block": "{words:s}",
    "another_source": (
        "the numbers started from a scenario on {of:s}; its source, evidence, answers, cautions and theories do not "
        "speak for this trial and are left out: write your own [source]"
    ),
    "no_source": "no source is named, so readers cannot judge the numbers",
    "beyond_evidence": "{value} is outside {range}, the range that its evidence gives",
    "beyond_assumption": "{value} is outside {range}, the range that is assumed for it, without proof",
    "beyond_unsettled": "{value} is outside {range}, the range of its [[unsettled]] table",
    "beyond_own_range": "{value:plain} is outside {key:s}, {range}",
    "inactive_control": 'has no meaning where control.kind is not "active"',
    "no_meaning": "has no meaning where {where:s} is {value}",
    "idle": "changes nothing beside the other values of the scenario",
    "not_simulated": "changes nothing in a sweep, which simulates stated effects and the primary outcome alone",
    "unused": "changes nothing: no analysis of this plan uses it",
    "not_of_primary": (
        "changes nothing in what {primary:s}, the analysis that decides, shows; it is used by {methods:joined}"
    ),
    "ambitious": (
        "{effect:plain} points are at or beyond {established:plain}, about as large as established treatments achieve "
        "on average"
    ),
    "harm": "{effect:plain} points would be a harm, since {better:s} is better",
    "slow_onset": (
        "{days:plain} days are longer than a period of {period_days}; by its end no more than {built_up:.0%} of the "
        "effect has built up"
    ),
    "slow_offset": (
        "{days:plain} days are longer than a period of {period_days}; at the end of one on {control:s}, {left:.0%} of "
        "what had built up is still there"
    ),
    "one_cycle": "one cycle gives one difference, from which paired can estimate nothing",
    "few_entries": (
        "{share:share} of the shortest periods ({days} days, of which {discard_days} are settling-in days) would hold "
        "fewer than {least} entries, and their pairs be lost"
    ),
    "cut_off": (
        "{share:share} of the scores on {treatment:s} would be beyond {end:plain}, the end of the scale, and be cut "
        "off there (patient.baseline, placebo, triggers and effect together)"
    ),
    "out_of_reach": (
        "{mcid:plain} points are all, or more, that the score can improve by from a baseline of {baseline:plain}"
    ),
    "switch_steps": "in steps of {step} days that is up to {reached} days, not {jitter}",
    "known_order": '"fixed" leaves nothing to chance, so that there is no randomization test',
    "broken_kits": "{days} days are not whole kits of {kit_days} (pack.kit_days); no pack could be made",
    "never_measured": "{days} days are longer than the trial",
    "active_control": (
        "{control:s} is a drug; the simulation takes treatment.effect for the difference between the two, which builds "
        "up and fades as the treatment does"
    ),
    "stated_stop_rule": (
        "{worse_by:plain} is more than a score can get worse by from a baseline of {baseline:plain} to {end:plain}, "
        "the end of the scale; the stop rule could not be met"
    ),
    "usual_stop_rule": (
        "{worse_by:plain} (twice outcome.mcid) is more than a score can get worse by from a baseline of "
        "{baseline:plain} to {end:plain}, the end of the scale; the stop rule could not be met"
    ),
    "endless_stop_rule": ("{days} days are longer than the {most} after the run-in; the stop rule could never be met"),
    "slow_stop_rule": (
        "{days} days are longer than the shortest period, {most}; the stop rule averages over both treatments, so that "
        "harm by one of them shows less"
    ),
}
"""What stands after the key, question or section that a remark is about."""
SLIPS = {
    None: "",
    "comma": " (with a point, not a comma)",
    "quotes": " (without quotes)",
    "no_number": " (NaN and infinity are refused)",
    "no_quotes": " (in quotes)",
}
"""Slips of the pen."""

PATTERNS = {
    "^[A-Za-z0-9][A-Za-z0-9-]*$": "letters, digits and hyphens, a letter or digit first",
    r"^\S(.*\S)?$": "text on one line, without spaces at its ends",
    r"^(\d{4}-\d{2}-\d{2})?$": "a date such as 2027-12-31, or empty",
    "^[AB]+$": "text made of A and B",
}
"""Patterns of the types in `section` and `trial`, in words."""


def in_words(schema: Mapping[str, Any]) -> str:
    """Say in words what a schema allows."""
    if "enum" in schema:
        return " or ".join(", ".join(json.dumps(value) for value in schema["enum"]).rsplit(", ", 1))
    match schema.get("type"):
        case "integer" if (schema.get("minimum"), schema.get("maximum")) == (1, 2):
            return "1 or 2"
        case "integer":
            return f"a whole number {range_in_words(schema)}".strip()
        case "number":
            return f"a number {range_in_words(schema)}".strip()
        case "boolean":
            return "true or false"
        case "array":
            return _array_in_words(schema)
    text = PATTERNS.get(schema.get("pattern", ""), "text")
    return f"{text}, at most {schema['maxLength']} characters" if "maxLength" in schema else text


def range_in_words(schema: Mapping[str, Any]) -> str:
    """Word the range of a number: ``from 0 to 1``, ``of at least 0``; empty where any will do."""
    low, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    high, below = schema.get("maximum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"from {plain(low)} to {plain(high)}"
    ends = {"of at least": low, "above": above, "and at most": high, "and below": below}
    words = " ".join(f"{word} {plain(end)}" for word, end in ends.items() if end is not None)
    return words.removeprefix("and ")


def _array_in_words(schema: Mapping[str, Any]) -> str:
    if "prefixItems" in schema:
        each = range_in_words(schema["prefixItems"][0])
        return f"two numbers{' ' + each if each else ''}, the lower first"
    items = schema["items"]
    if "enum" in items:
        return f"a list of {in_words(items)}"
    if items.get("type") == "number":
        return "a list of numbers"
    return "a list of texts" + (", at least one" if schema.get("minItems") else "")


def either(words: Sequence[str]) -> str:
    """Put words in a row within a sentence: "a, b or c"."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def share_in_words(share: float) -> str:
    """Word a share: ``about 1 in 6``."""
    if share > 0.95:
        return "nearly all"
    if share >= 0.45:
        return f"about {round(10 * share)} in 10"
    return f"about 1 in {round(1 / share)}"


def _sum_in_words(parts: Mapping[str, int]) -> str:
    """Word the sum of the values of some keys: ``a + b = 1 + 2 = 3``."""
    return f"{' + '.join(parts)} = {' + '.join(map(str, parts.values()))} = {sum(parts.values())}"


WITH_RULES: Formats = {
    **FORMATS, "schema": in_words, "slip": SLIPS.__getitem__, "either": either, "share": share_in_words,
    "sum": _sum_in_words,
}  # fmt: skip
"""Formats of these templates besides Python's own."""
