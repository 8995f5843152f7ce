"""Words of deviations, the same on terminal, page, receipt and analysis; nothing in them can tell the allocation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.pack.visit.deviation import Deviation, one_by_one, sums
from n1trial.report.words import count_of
from n1trial.wording import join_words

BY_NUMBERS = "days are analyzed by their numbers, without what fades meanwhile"
WORDS = {
    "late start": "the diary began {length} after its planned date",
    "early start": "the diary began {length} before its planned date",
    "new start": "the trial began {length} {direction} than planned, and its dated papers were made again",
    "agreed pause": "the trial paused for {length}, and its dated papers were made again; " + BY_NUMBERS,
    "moved": "the dates go on {length} later: the trial paused; " + BY_NUMBERS,
    "back": "the dates go on {length} earlier than the newest papers have them: were older ones used?",
    "pause": "nothing was written for {length}",
    "early stop": "nothing is written any more; {days} planned days were not kept",
    "beyond": "rows beyond the plan, left out: {days}",
    "other kit": "kit {used} was used and {planned} was planned",
    "replacement": "kit {planned} was replaced by {used}, of the same content",
    "two codes": "one kit, two codes: {codes} are noted on the days of kit {kit}; to be cleared up which was used when",
    "kit too early": "kit {used} was used in the untreated run-in",
    "missed": "doses missed on {length}",
    "not said": "nothing is said of the doses on {length} that have other entries",
    "part": "not all doses of the day taken on {length}",
    "unplanned": "doses taken on {length} on which none was due",
    "written later": "entries of {length} written later",
    "between steps": "scores between the steps of the scale on {length}, taken as written",
    "count": "kit {kit}: {left} of {given} {units} left, and by the doses noted it would be {expected}",
    "count of the unsaid": "kit {kit}: by the {left} of {given} {units} left, {taken} of the {unsaid} doses of which "
    "nothing is said {were} taken",
}
"""Sentence of each kind of deviation."""


def in_words(deviation: Deviation) -> str:
    """Word a deviation, without its dates."""
    facts = dict(deviation.facts)
    if "days" in facts:
        facts["length"] = count_of(facts["days"], "day")
    if "is_later" in facts:
        facts["direction"] = "later" if facts["is_later"] else "earlier"
    if "codes" in facts:
        facts["codes"] = join_words(facts["codes"])
    if "expected" in facts:
        facts["expected"] = " to ".join(map(str, dict.fromkeys(facts["expected"])))
    if "taken" in facts:
        facts["were"] = "was" if facts["taken"] == 1 else "were"
    return WORDS[deviation.kind].format(**facts)


def in_rows(deviations: Sequence[Deviation], diary: ReturnedDiary) -> Iterator[tuple[str, str]]:
    """Word deviations each with its dates, then the sums of those that are not listed one by one."""
    for each in one_by_one(deviations):
        first, last = diary.date_of(each.first_day), diary.date_of(each.last_day)
        yield f"{first}" if first == last else f"{first} to {last}", in_words(each)
    yield from (("in all", in_words(each)) for each in sums(deviations))
