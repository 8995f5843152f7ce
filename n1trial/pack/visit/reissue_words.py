"""What is said on the terminal when dated papers were made again."""

from __future__ import annotations

from collections.abc import Iterator

from n1trial.pack.visit.reissue import NOTICE, Reissue
from n1trial.report.lines import label_lines


def reissue_in_words(reissue: Reissue) -> str:
    """Say what was made, what to destroy and which kits to look at.

    Returns
    -------
    str
        Lines of at most 100 characters where no word is longer; nothing in them tells the allocation.
    """
    lines = [f"Paper version {reissue.now.version} of patient code {reissue.now.patient_code}, in {reissue.folder}"]
    for label, text in _parts(reissue):
        lines += label_lines(label, text, 12)
    return "\n".join(lines) + "\n"


def _parts(reissue: Reissue) -> Iterator[tuple[str, str]]:
    before, now = reissue.before, reissue.now
    yield (
        "Dates",
        (
            f"The diary runs from {now.first_date} to {now.date_of(now.last_day)} (before:"
            f" {before.first_date} to {before.date_of(before.last_day)}). Nothing was drawn again."
        ),
    )
    yield "Print", f"{', '.join(reissue.papers)}. {NOTICE} says what moved; keep it with the protocol."
    yield (
        "Destroy",
        (
            f"Older versions of {', '.join(reissue.replacements)}, where nobody has written on them. What was"
            f" written on"
            " stays in the records."
        ),
    )
    yield "Diary", "Copy what was typed so far into the new patient/diary.csv; its dates are those of this version."
    if reissue.expiries:
        kits = "; ".join(f"kit {kit.number} ({kit.code}) keeps until {good}" for kit, good in reissue.expiries)
        yield (
            "Use by",
            (
                f"If filled as planned, these kits would be used later than they keep: {kits}. Look at their labels;"
                " the pharmacy fills such a kit again under its second code."
            ),
        )
    if reissue.in_the_house:
        numbers = ", ".join(str(kit.number) for kit in reissue.in_the_house)
        yield "Labels", f"Kits {numbers} are with the patient and show older dates: the new calendar counts."
    yield (
        "Pharmacy",
        "n1trial open-pharmacy, with this pack's folder at hand, prints labels and fills with these dates.",
    )
    if now.pauses:
        yield (
            "Analysis",
            (
                "Days are analyzed by their numbers: what fades during a pause is in no analysis, and the final"
                " page says so."
            ),
        )
