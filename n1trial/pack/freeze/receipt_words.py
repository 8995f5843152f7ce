"""The receipt of a frozen diary as it is printed, to be signed by two persons before the key opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from n1trial.pack.freeze.freeze_diary import FreezeResult
from n1trial.pack.freeze.receipt import LABELS
from n1trial.pack.freeze.values import Change
from n1trial.pack.trial.commitment import in_groups
from n1trial.pack.trial.read import REHEARSAL
from n1trial.pack.visit.gate_words import NOT_VERIFIED, by_in_words, holds_in_words
from n1trial.report.lines import label_lines
from n1trial.report.words import count_of

SIGNATURE = "Name ______________________  Date ______________  Signature ______________________"


def receipt_in_words(result: FreezeResult) -> str:
    """Write a receipt, in lines of at most 100 characters.

    Returns
    -------
    str
        The same whatever the kits hold; `read_receipt` reads it.
    """
    lines = ["RECEIPT OF A FROZEN DIARY", *([REHEARSAL] if result.trial.is_rehearsal else []), ""]
    for label, text in _facts(result):
        lines += label_lines(label, text)
    corrected = [each for each in result.frozen.changes if not each.is_addition]
    if added := len(result.frozen.changes) - len(corrected):
        lines += label_lines("Filled in", f"{count_of(added, 'cell')} that were empty when the diary was last frozen")
    if corrected:
        lines += ["", "Corrected since the diary was last frozen", *_corrections(result, corrected)]
    lines += ["", "Before the key opens two persons compare this with the diary and sign:", ""]
    lines += [f"  {number}. {SIGNATURE}\n" for number in (1, 2)]
    lines += ["The end: n1trial analyze DIARY --key key.age --receipt FILE (this text, saved with --out)"]
    return "\n".join(lines) + "\n"


def _facts(result: FreezeResult) -> Iterator[tuple[str, str]]:
    receipt, declared, gate = result.receipt, result.declaration, result.gate
    yield "Trial", result.trial.scenario.name
    yield LABELS["patient_code"], receipt.patient_code
    yield LABELS["commitment"], in_groups(receipt.commitment)
    facts = result.frozen.line.facts
    yield "Diary", f"{facts['diary']}: {count_of(facts['rows'], 'row')}, {facts['entries']} with a score"
    yield LABELS["time"], receipt.time + by_in_words(declared.by)
    yield LABELS["sha256"], f"{in_groups(receipt.sha256)}"
    yield LABELS["values"], f"{in_groups(receipt.values)}"
    yield LABELS["lines"], f"{receipt.lines}"
    yield LABELS["head"], f"{in_groups(receipt.head)}"
    if gate.early_end is not None:
        yield "Ended early", f"on {gate.early_end.on}. Reason: {gate.early_end.reason}"
    else:
        yield "Ended" if gate.is_over else "Ends", f"on {gate.last_day}, by its plan"
    for sentence in holds_in_words(gate):
        yield "Not yet", sentence
    if result.are_values_missing:
        yield "WARNING", "The values of the diary frozen before are not at hand: nobody can say what was corrected."
    if result.is_after_opening:
        yield "WARNING", "The key had been opened before this diary was frozen."


def _corrections(result: FreezeResult, changes: Sequence[Change]) -> Iterator[str]:
    for each in changes:
        when = result.diary.date_of(each.day)
        day = f"day {each.day}" if when is None else f"{when}"
        yield from label_lines(f"  {day}", f"{each.column}: {each.old} is now {each.new or 'empty'}")
    declared = result.declaration
    yield from label_lines("  Who, why", f"{declared.by} ({NOT_VERIFIED}): {declared.reason}")
