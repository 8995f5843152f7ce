"""A diary that asks as much as a page holds."""

from __future__ import annotations

from tests.pack.packable import short

QUESTION = "How much did this complaint keep you from what you wanted?.."
CROWDED = short(evidence=(), **{
    "outcome.question": QUESTION, "outcome.also_asked": [f"{QUESTION}{n}" for n in range(3)],
    "trigger": [{"name": f"trigger word {n}"} for n in range(10)], "pack.times_of_day": ["morning", "noon", "night"],
    "treatment.name": "Drug with a long name of about forty let",
    "control.name": "Old medicine, of forty letters as well,",
})  # fmt: skip
