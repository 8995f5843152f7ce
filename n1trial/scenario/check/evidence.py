"""Which numbers describe the drug and the patient, and how well each is known."""

from __future__ import annotations

from n1trial.scenario.check.matters import matters
from n1trial.scenario.model.about import Evidence
from n1trial.scenario.model.entries import entries
from n1trial.scenario.model.tables import Tables

DESCRIBING = ("treatment", "outcome", "patient", "trigger", "placebo", "blinding", "conduct")
NOT_BELIEFS = (
    "treatment.every_days", "treatment.established_effect", "treatment.skeptical_responders", "outcome.step",
)  # fmt: skip
"""Numbers of those sections that are decided or quoted rather than believed."""
NEUTRAL = {"treatment.responders": 1.0, "conduct.adherence": 1.0}
"""Values, 0 for all others, at which a number says that there is nothing of the kind."""


YOURS = "yours"
"""Status of a number that was changed since its evidence was written."""


def beliefs(scenario: Tables) -> dict[str, str | None]:
    """Say how well each number is known that the answer rests on.

    Returns
    -------
    dict of str to (str or None)
        By dotted key, the status of its evidence: "published", "derived", "own-data", "unchecked" or "assumption";
        "yours" where the evidence speaks for another value, or for another treatment or outcome; None without any.
        Numbers that say that there is nothing of the kind are left out unless there is evidence on
        them.
    """
    known = evidence(scenario)
    status = {each.key: known[each.key].status if each.key in known else YOURS for each in scenario.evidence}
    otherwise = YOURS if scenario.source.started_from else None
    return {
        entry.path: status.get(entry.path, otherwise)
        for entry in entries(scenario)
        if entry.section in DESCRIBING and entry.is_number and entry.path not in NOT_BELIEFS
        and matters(scenario, entry.path)
        and (entry.path in status or entry.value not in (None, NEUTRAL.get(entry.path, 0.0)))
    }  # fmt: skip


def evidence(scenario: Tables) -> dict[str, Evidence]:
    """Return the evidence that speaks for the values that are planned with, by dotted key."""
    return {each.key: each for each in scenario.evidence if _speaks_for(each, scenario)}


def _speaks_for(one: Evidence, scenario: Tables) -> bool:
    """Whether evidence covers the value that is planned with: the very value that it states, within its range."""
    value = scenario.value(one.key)
    if not isinstance(value, int | float):
        return True
    is_its_own = one.value is None or one.value == value
    return is_its_own and (one.range is None or one.range[0] <= value <= one.range[1])


def count_published(scenario: Tables) -> tuple[int, int]:
    """Count the numbers the answer rests on that are published or derived from such, and all of them."""
    known = beliefs(scenario)
    return sum(status in ("published", "derived") for status in known.values()), len(known)


def from_own_diary(scenario: Tables) -> int:
    """Count the numbers the answer rests on that come from this patient's own diary."""
    return sum(status == "own-data" for status in beliefs(scenario).values())
