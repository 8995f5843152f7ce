"""All words of faults of values that vary."""

from __future__ import annotations

from n1trial.wording import ArgumentFault

FAULTS = {
    "replicates": "all combinations get as many simulated trials; say how many with {argument[replicates]}",
    "name": "it names the results; the combinations are told apart by the values of the other keys",
    "twice": "the key is varied twice; give all its values at once",
    "also_set": "the key is also set to {value:s}; do one of both",
    "unreadable": "{why:s}",
    "broken": "{fault:s}",
    "too_many": "{count:,} combinations are more than {most:,}; vary fewer keys or values",
    "some_broken": (
        "{broken:,} of {count:,} combinations break a rule; to leave them out and go on: {argument[skip_invalid]}"
    ),
}
"""What stands after the argument and the values that it was given."""


class OverrideFault(ArgumentFault):
    """Fault of a value that was set or varied, or of combinations of these."""

    WORDS = FAULTS
