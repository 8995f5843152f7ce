"""What a scenario without fault asks for, what it takes for granted, and what must be said beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from n1trial.evaluation.characteristics import Figure
from n1trial.report.lines import wrap
from n1trial.report.rates import in_100, margin
from n1trial.report.words import layout_in_words, nothing_in_words, stop_rule_in_words, weeks
from n1trial.scenario.check.answers import answers
from n1trial.scenario.check.cautions import paragraphs
from n1trial.scenario.check.evidence import beliefs
from n1trial.scenario.check.matters import DESCRIPTIVE
from n1trial.scenario.check.remarks import remarks
from n1trial.scenario.check.stopping import stop_rule
from n1trial.scenario.model.entries import Entry, entries
from n1trial.scenario.model.keys import ARRAYS
from n1trial.scenario.scenario import Scenario
from n1trial.wording import show

KEY_WIDTH = 37

KNOWN_AS = {
    "published": "published",
    "derived": "derived from published numbers",
    "own-data": "from this patient's own diary",
    "unchecked": "unchecked, from general knowledge",
    "assumption": "assumed, as the file says",
    "yours": "yours, no source given",
    None: "without a word on where they come from",
}
"""Status of a number's evidence in words, the best known first."""
THIN = ("assumption", "yours", None)


def account(scenario: Scenario, stops: Figure | None = None) -> str:
    """Tell what a valid scenario holds.

    Parameters
    ----------
    scenario : Scenario
    stops : Figure, optional
        Share of patients to whom the drug does nothing whom the stop rule would stop.

    Returns
    -------
    str
        Lines of at most 100 characters, ending with a newline.
    """
    keys = dict(scenario.assumed)
    assumed = [entry for entry in entries(scenario) if entry.path in keys]
    lines = [
        *_head(scenario, len(assumed)),
        *_section("Assumed, because not given", _assumptions(assumed)),
        *_section("Where the numbers come from", _evidence(scenario)),
        *_section("Not known: a run tells the answer at both ends", _unknowns(scenario)),
        *_section("Stop rule", _stop(scenario, stops)),
        *_section("Thought about before planning", _considerations(scenario)),
        *_section("Warnings", _bullets(tuple(map(str, remarks(scenario))))),
        *_section("Before you use this", _cautions(scenario)),
    ]
    return "\n".join(lines) + "\n"


def _head(scenario: Scenario, assumptions: int) -> Iterator[str]:
    layout, source = scenario.layout(), scenario.source
    given = sum(entry.is_given and entry.section not in DESCRIPTIVE for entry in entries(scenario))
    yield f"{scenario.name}: valid"
    if scenario.title:
        yield from wrap(scenario.title)
    yield from wrap(layout_in_words(scenario), "  Design   ")
    yield from wrap(f"{weeks(layout.weeks)}, {len(layout.days)} diary entries", "           ")
    if source.citation:
        said = " ".join(text for text in (source.reported, source.note) if text)
        yield from wrap(f"{source.citation} ({source.status}). {said}".strip(), "  Source   ")
    yield f"  Values   {given} given, {assumptions} assumed"


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    """Write lines under a title; nothing where there are none."""
    held = list(lines)
    if held:
        yield from ("", title, *held)


def _assumptions(assumptions: list[Entry]) -> Iterator[str]:
    """List every assumed value by section, as a line that could be put into the file, and what it means."""
    for place, held in groupby(
        assumptions, key=lambda entry: (entry.section, entry.path.removesuffix(f".{entry.field}"))
    ):
        yield f"  {_heading(*place)}"
        for entry in held:
            line = f"  {entry.field} = {show(entry.value)}".ljust(KEY_WIDTH)
            yield from wrap(str(entry.info.description), f"{line}  ", " " * (KEY_WIDTH + 2))


def _heading(section: str, table: str) -> str:
    if section in ARRAYS:
        return f"[[{section}]] {table.removeprefix(f'{section}.')}"
    return f"[{section}]"


def _evidence(scenario: Scenario) -> Iterator[str]:
    """Say how many numbers are known how well, and which are thin."""
    status = beliefs(scenario)
    counts = Counter(status.values())
    for known, words in KNOWN_AS.items():
        if not counts[known]:
            continue
        keys = [key for key, of in status.items() if of == known] if known in THIN else []
        yield from wrap(
            f"{counts[known]} of {len(status)} {words}{': ' if keys else ''}{', '.join(keys)}", "  ", "    "
        )


def _unknowns(scenario: Scenario) -> Iterator[str]:
    """Say what is not known, with its range, and why."""
    for unsettled in scenario.unsettled:
        low, high = unsettled.range
        said = f"from {low:g} to {high:g}: {scenario.label(unsettled.key)}. {unsettled.note}".strip()
        yield from wrap(said, f"  {unsettled.key}  ", "    ")


def _stop(scenario: Scenario, stops: Figure | None) -> Iterator[str]:
    """Say when a trial of this plan stops, and how often it would do so by chance."""
    if scenario.design.layout == "open-label":
        return
    yield from wrap(
        f"The trial stops when {stop_rule_in_words(stop_rule(scenario), scenario.outcome.unit)}.", "  ", "  "
    )
    if stops is not None:
        said = f"{in_100(stops.value)} such patients (simulated, give or take {margin(stops)})"
        yield from wrap(
            f"If {scenario.treatment.name} {nothing_in_words(scenario)}, the rule would still stop {said}.", "  ", "  "
        )


def _considerations(scenario: Scenario) -> Iterator[str]:
    return _bullets(tuple(f"{question} {answer}. {against}".strip() for question, answer, against in answers(scenario)))


def _cautions(scenario: Scenario) -> Iterator[str]:
    return _bullets(paragraphs(scenario))


def _bullets(sentences: tuple[str, ...]) -> Iterator[str]:
    for sentence in sentences:
        yield from wrap(" ".join(sentence.split()), "  - ", "    ")
