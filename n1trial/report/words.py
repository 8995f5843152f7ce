"""Words for readers: how a design, an effect and a length of time are said."""

from __future__ import annotations

from collections.abc import Mapping

from n1trial.diary.plan import Plan
from n1trial.diary.stop_rule import StopRule
from n1trial.scenario.scenario import Scenario

NOTHING_CHANGED: Mapping[str, str] = {}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
SCHEMES = {
    "pairs": "the order of each round drawn by lot",
    "alternating": "the first round drawn by lot, the rest alike",
    "counterbalanced": "the first round drawn by lot, each later one reversed",
    "blocks": "the order drawn in blocks",
    "balanced": "the order drawn by lot",
    "constrained": "the order drawn by lot, without long runs",
}


POINTS = "points"
"""What scores are counted in unless a scenario says otherwise."""
MEASURES = frozenset({"ml", "mL", "l", "L", "g", "mg", "mcg", "IU", "%"})
"""Words that are the same for one and for several."""


def count_of(count: int, what: str) -> str:
    """Word a number of things: "1 day", "2 days"."""
    return f"{count:,} {what if count == 1 else plural(what)}"


def prior_in_words(plan: Plan, unit: str = POINTS) -> str:
    """Say what difference a prior expects, and how surely."""
    return f"{plan.prior_mean:+.3g}, standard deviation {points(plan.effect_prior_sd, unit)}"


def control_in_words(scenario: Scenario) -> str:
    """Name the control within a sentence."""
    name = scenario.control.name
    return "placebo" if name == "Placebo" else name


def capital(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def number(count: int) -> str:
    """Write a small whole number in letters, a larger one in digits."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else str(count)


ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal_rounds(rounds: int, added: int) -> str:
    """Name rounds beyond those planned: "a fourth round", "two more rounds"."""
    if added > 1:
        return f"{number(added)} more rounds"
    return f"a {ORDINALS[rounds]} round" if rounds < len(ORDINALS) else "one more round"


def points(size: float, unit: str = POINTS) -> str:
    """Word a difference on the outcome's scale, in what its scores are counted in (`outcome.unit`)."""
    return f"{size:g} {singular(unit) if size == 1 else unit}"


def singular(unit: str) -> str:
    """Name one of a unit that is named as several: "minutes" is "minute", "hours of sleep" is "hour of sleep"."""
    first, of, rest = unit.partition(" of ")
    if len(first) > 3 and first.endswith("s"):
        first = first.removesuffix("es") if first.endswith(("sses", "ches", "shes", "xes")) else first.removesuffix("s")
    return f"{first}{of}{rest}"


def plural(thing: str) -> str:
    """Name several of a thing that is named as one: "eye drop" is "eye drops", "patch" is "patches", "ml" stays."""
    first, of, rest = thing.partition(" of ")
    last = first.rsplit(" ", 1)[-1]
    if last in MEASURES:
        return thing
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return f"{first.removesuffix('y')}ies{of}{rest}"
    return f"{first}{'es' if last.endswith(('s', 'x', 'ch', 'sh')) else 's'}{of}{rest}"


def stop_rule_in_words(rule: StopRule, unit: str) -> str:
    """Say what a stop rule asks for, as after "when", in what scores are counted in."""
    side = "above" if rule.better == "lower" else "below"
    return (
        f"the mean score of {count_of(rule.days, 'day')} in a row is {points(rule.worse_by, unit)} or more {side} the"
        " mean of the run-in"
    )


def weeks(count: float) -> str:
    """Word a length in weeks, with one digit where it is not whole."""
    shown = f"{count:.0f}" if abs(count - round(count)) < 1e-9 else f"{count:.1f}"
    return f"{shown} week" if shown == "1" else f"{shown} weeks"


def days_or_weeks(days: int) -> str:
    """Word a length of time in weeks where they are whole, else in days."""
    if days and days % 7 == 0:
        return weeks(days // 7)
    return "1 day" if days == 1 else f"{days} days"


def effect_in_words(effect: float, unit: str = POINTS) -> str:
    """Say what an effect does to the score, in the past tense of a condition."""
    if effect == 0:
        return "did nothing"
    return f"{'lowered' if effect < 0 else 'raised'} the score by {points(abs(effect), unit)}"


def does_in_words(effect: float, unit: str = POINTS) -> str:
    """Say what an effect does to the score, in the present tense."""
    if effect == 0:
        return "does nothing"
    return f"{'lowers' if effect < 0 else 'raises'} the score by {_size(effect, unit)}"


def do_in_words(effect: float, unit: str = POINTS) -> str:
    """Say what an effect is said to do to the score, as after "is assumed to"."""
    if effect == 0:
        return "do nothing"
    return f"{'lower' if effect < 0 else 'raise'} the score by {_size(effect, unit)}"


def _size(effect: float, unit: str) -> str:
    return points(float(f"{abs(effect):.2g}"), unit)


def nothing_in_words(scenario: Scenario) -> str:
    """Say what a drug without effect does, in the past tense of a condition: as much as a control that acts itself."""
    return f"did as much as {scenario.control.name}" if scenario.control.is_active else effect_in_words(0.0)


def drug_in_words(scenario: Scenario) -> str:
    """Name the drug and its dose."""
    treatment = scenario.treatment
    return f"{treatment.name} {treatment.dose}".strip()


def content_names(scenario: Scenario) -> tuple[str, str]:
    """Name what a kit may hold, control first, as its slip has it: with the dose."""
    control = scenario.control
    return f"{control.name} {control.dose}".strip(), drug_in_words(scenario)


def layout_in_words(scenario: Scenario) -> str:
    """Word the design in one line."""
    design, drug = scenario.design, drug_in_words(scenario)
    if design.layout == "open-label":
        length = days_or_weeks(2 * design.cycles * design.period_days)
        return f"{drug} for {length}, openly, after {days_or_weeks(design.run_in_days)} without; no control"
    return f"{drug} or {content_names(scenario)[0]}, {rounds_in_words(scenario)}"


def layout_in_short(scenario: Scenario) -> str:
    """Word rounds and periods alone, to tell one design from another at a glance."""
    design = scenario.design
    if design.layout == "open-label":
        return f"{days_or_weeks(2 * design.cycles * design.period_days)} openly, no control"
    return f"{count_of(design.cycles, 'round')}, periods of {_period_lengths(scenario)}"


def rounds_in_words(scenario: Scenario) -> str:
    """Word the rounds of a crossover: how many, how long, in which order."""
    design = scenario.design
    parts = [f"{design.cycles} round{'s' if design.cycles > 1 else ''}", f"periods of {_period_lengths(scenario)}"]
    if design.washout_days:
        parts.append(f"{days_or_weeks(design.washout_days)} of {control_in_words(scenario)} between them")
    if design.randomization == "fixed":
        parts.append(f"in the order {design.sequence} (A is {scenario.treatment.name})")
    else:
        parts.append(SCHEMES[design.randomization])
    if design.switch_jitter_days:
        parts.append("change-over drawn at random")
    return ", ".join(parts)


def _period_lengths(scenario: Scenario) -> str:
    """List all lengths that a period can have: "6, 7 or 8 weeks"."""
    scheme = scenario.layout().randomization
    switches = scheme.switches if scheme is not None else (0,)
    lengths = [scenario.design.period_days + switch for switch in switches]
    if len(lengths) == 1:
        return days_or_weeks(lengths[0])
    whole = all(length % 7 == 0 for length in lengths)
    shown = [length // 7 if whole else length for length in lengths]
    unit = "weeks" if whole else "days"
    if len(shown) > 4:
        return f"{shown[0]} to {shown[-1]} {unit}"
    return f"{', '.join(map(str, shown[:-1]))} or {shown[-1]} {unit}"
