"""Words of deviations: one sentence for each kind, in the singular where one day is meant."""

from __future__ import annotations

from n1trial.pack.visit.deviation import DAILY, KINDS, Deviation, one_by_one, sums
from n1trial.pack.visit.deviation_words import WORDS, in_words


def test_every_kind_has_words() -> None:
    assert tuple(WORDS) == KINDS
    assert set(DAILY) <= set(KINDS)


def test_one_day_is_no_days() -> None:
    assert in_words(Deviation("missed", 3, 3, {"days": 1})) == "doses missed on 1 day"
    assert in_words(Deviation("missed", 3, 4, {"days": 2})) == "doses missed on 2 days"


def test_an_exact_count_and_one_within_bounds() -> None:
    facts = {"kit": "H7K-3MX", "left": 4, "given": 8, "units": "capsules"}
    exact, within = (Deviation("count", 6, 6, facts | {"expected": each}) for each in ([1, 1], [1, 3]))
    assert in_words(exact) == "kit H7K-3MX: 4 of 8 capsules left, and by the doses noted it would be 1"
    assert in_words(within).endswith("it would be 1 to 3")


def test_daily_kinds_are_summed_and_the_others_are_not() -> None:
    found = [Deviation("missed", day, day, {"days": 2}) for day in (3, 9)] + [Deviation("pause", 20, 29, {"days": 10})]
    assert [each.kind for each in one_by_one(found)] == ["pause"]
    assert [(each.kind, each.facts) for each in sums(found)] == [("missed", {"days": 4})]
