"""What a search found, on the terminal: designs to choose between, and the commands that make them."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator, Sequence

from n1trial.diary.methods import METHODS
from n1trial.report import verdict
from n1trial.report.lines import WIDTH, label_lines, wrap
from n1trial.report.rates import in_100
from n1trial.report.search.document import row_limit
from n1trial.report.search.rationale import reason, what_it_depends_on
from n1trial.report.words import (
    capital,
    control_in_words,
    count_of,
    days_or_weeks,
    drug_in_words,
    nothing_in_words,
    rounds_in_words,
    weeks,
)
from n1trial.study.search.candidates import OPEN_RUN_IN_DAYS
from n1trial.study.search.result import FinalDesign, SearchResult
from n1trial.study.search.stress import REPLICATES, FailingRow
from n1trial.wording import join_words

LABEL = 14
MARK = "*"


def found_in_words(result: SearchResult, arguments: Sequence[str] | None = None) -> str:
    """Say what a search found, for a clinician.

    Parameters
    ----------
    result : SearchResult
    arguments : sequence of str, optional
        The scenario and its changes as they were typed, to be typed again; by default its name.

    Returns
    -------
    str
        Lines of at most 100 characters where no word is longer, ending with a newline.
    """
    scenario, typed = result.scenario, list(arguments or [result.scenario.name])
    heading = f"{drug_in_words(scenario)} or {scenario.control.name}: designs of {limits_in_words(result)}"
    lines = [*wrap(heading), *wrap(f"{headline(result)} {reason(result)}"), ""]
    for number, design in enumerate(result.designs, start=1):
        is_chosen = result.recommended == number - 1
        lines += _block(result, design, f"{MARK if is_chosen else ' '}{number}", typed)
    own = "now" if result.limits.admit(result.present.candidate.layout) else "now, beyond the limits"
    lines += _block(result, result.present, f" {own}:" if "," in own else f" {own}", typed, is_own=True)
    for label, text in notes_beside(result):
        lines += label_lines(label, text, LABEL)
    return "\n".join(lines) + "\n"


def limits_in_words(result: SearchResult) -> str:
    """Word the limits of a search: "up to 52 weeks, periods of up to 8 weeks"."""
    limits, control = result.limits, control_in_words(result.scenario)
    parts = [f"up to {weeks(limits.weeks)}"]
    if limits.period_days is not None:
        parts.append(f"periods of up to {days_or_weeks(limits.period_days)}")
    if limits.weeks_on_placebo is not None:
        parts.append(f"up to {weeks(limits.weeks_on_placebo)} on {control}")
    if limits.entries is not None:
        parts.append(f"up to {count_of(limits.entries, 'entry')}")
    if limits.least_run_in_days is not None:
        parts.append(
            f"a run-in of at least {days_or_weeks(limits.least_run_in_days)}"
            if limits.least_run_in_days
            else "with or without a run-in"
        )
    return ", ".join(parts)


def command_of(design: FinalDesign, typed: Sequence[str]) -> str:
    """Write the command that simulates exactly a design, and gives the figures that are shown of it."""
    sets = [part for key, value in design.set.items() for part in ("--set", f"{key}={'' if value is None else value}")]
    return shlex.join(["n1trial", "run", *typed, *sets])


def headline(result: SearchResult) -> str:
    """Say what a search comes to, in a word."""
    if result.recommended is None:
        return "NOTHING TO RECOMMEND."
    return f"{distinction(result).upper()}: DESIGN {result.recommended + 1}."


def distinction(result: SearchResult) -> str:
    """Name the design that stands out: of too few trials none is recommended."""
    return "first among these" if result.is_few else "recommended"


def shown_in_words(result: SearchResult, design: FinalDesign) -> str:
    """Say what a design asks for, how often it shows the effect, and what that rests on."""
    control, depends_on = control_in_words(result.scenario), what_it_depends_on(result, design)
    return (
        f"{weeks(design.weeks)}, {span(design.weeks_on_placebo)} of them on {control}: shown in"
        f" {in_100(design.detect.value)} trials; if the drug {nothing_in_words(result.scenario)}, a false alarm in"
        f" {in_100(design.type_1.value)}. If nobody could guess, shown in {in_100(design.blind.value)}; by the best"
        f" unbiased analysis in {in_100(design.ceiling.value)}. {verdict.headline(design.verdict)}"
        f"{f', and that depends on {depends_on}' if depends_on else ''}."
    )


def laid_out_in_words(result: SearchResult, design: FinalDesign) -> str:
    """Say how a design is laid out and analyzed."""
    settling = ""
    if METHODS[design.candidate.method].discards_days and design.candidate.discard_days:
        settling = f", without {count_of(design.candidate.discard_days, 'settling-in day')} of each period"
    rounds = capital(rounds_in_words(result.scenario_of(design)))
    analysis = f"{METHODS[design.candidate.method].words}{settling} ({design.candidate.method})"
    return f"{rounds}; {run_in_in_words(result, design)}; {analysis}."


def run_in_in_words(result: SearchResult, design: FinalDesign) -> str:
    """Say how long the run-in of a design is and what is taken in it."""
    layout = design.candidate.layout
    if layout.run_in_days == 0:
        return "no run-in, so that no pack can be made"
    taken = f"on blinded {control_in_words(result.scenario)}" if layout.run_in == "placebo" else "without treatment"
    is_short = layout.run_in_days < OPEN_RUN_IN_DAYS
    return f"a run-in of {days_or_weeks(layout.run_in_days)} {taken}{', too short for a pack' if is_short else ''}"


def stress_in_words(design: FinalDesign) -> str:
    """Say whether a design holds its false alarms where the patient is not as planned, and where it does not."""
    if not design.failures:
        return "It holds its false alarms under every departure from the plan."
    return f"It raises too many false alarms under {rows_in_words(design.failures)}."


def rows_in_words(failures: Sequence[FailingRow]) -> str:
    """List departures from the plan with the false alarms that they bring."""
    return join_words([f"{row.departure} ({in_100(row.type_1.value)})" for row in failures])


def span(ends: tuple[float, float]) -> str:
    """Word the fewest and most of something: "12-16", or one number where they are the same."""
    least, most = ends
    return f"{most:g}" if least == most else f"{least:g}-{most:g}"


def _block(
    result: SearchResult, design: FinalDesign, mark: str, typed: Sequence[str], *, is_own: bool = False
) -> list[str]:
    """Write a design: what it asks for and shows, how it is laid out and analyzed, and the command that makes it."""
    lines = [
        *wrap(shown_in_words(result, design), f"{mark} ".ljust(4)),
        *wrap(f"{laid_out_in_words(result, design)} {stress_in_words(design)}", " " * 4),
    ]
    if not is_own:
        lines += _command_lines(command_of(design, typed))
    return [*lines, ""]


def _command_lines(command: str) -> list[str]:
    """Break a command before its options where it is long, to be pasted into a shell."""
    parts = command.split(" --set ")
    lines, line = [], f"    {parts[0]}"
    for part in parts[1:]:
        if len(line) + len(part) + 8 > WIDTH:
            lines.append(f"{line} \\")
            line = f"        --set {part}"
        else:
            line = f"{line} --set {part}"
    return [*lines, line]


def notes_beside(result: SearchResult) -> Iterator[tuple[str, str]]:
    """Tell what stands beside the designs, each with a label: what was looked at, left out, and how sure it is."""
    counts, trials = result.counts, count_of(result.scenario.simulation.replicates, "simulated trial")
    yield (
        "Looked at",
        f"{count_of(counts.screened, 'design')} by closed forms, {counts.simulated:,} of them by simulation. All"
        f" have whole packs of {days_or_weeks(result.scenario.pack.kit_days)}.",
    )
    if (inflated := result.inflated) is not None:
        yield (
            "Left out",
            f"{count_of(counts.inflated, 'design')} with more false alarms than the {_agreed(result)} agreed; the"
            f" strongest ({inflated.candidate.method}, {weeks(inflated.candidate.layout.weeks)}) showed the effect in"
            f" {in_100(inflated.detect)} trials, and in {in_100(inflated.type_1)} where there was none (by the"
            " trials it was left out by: the best of several, so rather less in new trials).",
        )
    yield "Stress", _stress_beside(result)
    most = max((design.detect.mcse or 0.0 for design in (*result.designs, result.present)), default=0.0)
    margin, few = max(1, math.ceil(200 * most)), " (too few to go by)" if result.is_few else ""
    yield (
        "How sure",
        f"{trials}{few} of each design, give or take {margin} in 100; others than"
        " those by which the designs were chosen, so that the best are not the luckiest.",
    )
    yield (
        "The effect",
        f"is the smallest worthwhile one, {result.scenario.outcome.mcid:g} on the score, assumed to build up and"
        f" fade as"
        " the scenario says.",
    )


def _stress_beside(result: SearchResult) -> str:
    """Say how designs were put to the stress, and which one was left out for it."""
    limit = f"{100 * row_limit(result):.3g} of 100 by more than a standard error"
    said = (
        f"{REPLICATES:,} trials without an effect under each departure from the plan. A design fails where false alarms"
        f" exceed {limit}; it is left out unless its test is exact, or no other is left."
    )
    if (unsafe := result.unsafe) is None:
        return said
    return (
        f"{said} The strongest left out ({unsafe.candidate.method}, {weeks(unsafe.candidate.layout.weeks)}) showed the"
        f" effect in {in_100(unsafe.detect)} trials, and fails under {rows_in_words(unsafe.failures)}."
    )


def _agreed(result: SearchResult) -> str:
    return in_100(result.scenario.analysis.alpha)
