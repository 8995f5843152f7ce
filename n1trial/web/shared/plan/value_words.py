"""Values of a plan in words for readers: "15 of 100", "7 to 42 days", "yes"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from n1trial.diary.methods import METHODS
from n1trial.report.words import SCHEMES
from n1trial.scenario.model.entries import Entry
from n1trial.wording import join_words, plain

NONE = "none"
CHOICES: Mapping[str, Mapping[str, str]] = {
    "analysis.primary": {method.name: method.words for method in METHODS.values()},
    "design.randomization": SCHEMES,
}
"""What can be chosen and does not speak for itself, in words."""
OF_100: Mapping[str, str] = {
    "share, 0 to 1": "", "chance": "", "share a day": " a day",
    "chance in a period on the drug": " periods on the drug",
    "chance in a period on placebo": " periods on placebo",
}  # fmt: skip
"""Units of shares, each with what is said after "15 of 100"."""
UNSAID: Mapping[str, str] = {"0 none, near 1 strong": "", "0 to 1": "", "-1 to 1": "", "hazard a week": "a week"}
"""Units that are not said after a number as they stand, each with what is."""


def value_in_words(entry: Entry) -> str:
    """Word a value for readers who know nothing of TOML.

    Returns
    -------
    str
        "none" where nothing is given.
    """
    is_span, unit = "prefixItems" in entry.schema, entry.unit
    match entry.value:
        case None | "" | () | []:
            return NONE
        case bool(is_so):
            return "yes" if is_so else "no"
        case int() | float() as number:
            return with_unit(number, unit)
        case [int() | float() as low, int() | float() as high] if is_span:
            return f"{_sign(low)} to {with_unit(high, unit)}"
        case [*values]:
            words = join_words([_sign(each) if isinstance(each, int | float) else str(each) for each in values])
            return f"{words} {unit}".strip()
    return choice_in_words(entry.path, str(entry.value))


def choice_in_words(key: str, value: str) -> str:
    """Word a choice: analyses and draws by lot by what they do."""
    words = CHOICES.get(key, {})
    return f"{value}: {words[value]}" if value in words else value


def with_unit(number: float, unit: str) -> str:
    """Word a number with its unit: "1 day", "15 of 100", "−0.5 points a week"."""
    if unit in OF_100:
        return f"{100 * number:.10g} of 100{OF_100[unit]}"
    words = UNSAID.get(unit, unit)
    if abs(number) == 1:
        words = re.sub(r"^((?:standard )?\w+)s\b", r"\1", words)
    return f"{_sign(number)} {words}".strip()


def _sign(number: float) -> str:
    return plain(number).replace("-", "\N{MINUS SIGN}", 1) if number < 0 else plain(number)
