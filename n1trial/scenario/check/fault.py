"""What is wrong or unwise in a scenario, as values: the kind, the key, and what the rule was broken by."""

from __future__ import annotations

from dataclasses import dataclass

from n1trial.scenario.check.wording import FAULTS, REMARKS, WITH_RULES
from n1trial.wording import Finding

NUMBERED = " number "
"""What stands between an array and the number of a table that has no name."""


@dataclass(frozen=True)
class Fault(Finding):
    """One rule broken; its place is the dotted key at fault, as `Scenario.replace` takes it.

    Parameters
    ----------
    others : tuple of str
        Further keys that the rule speaks of.
    """

    others: tuple[str, ...] = ()

    WORDS, FORMATS = FAULTS, WITH_RULES

    @property
    def section(self) -> str:
        """Section that holds the key."""
        return self.place.partition(".")[0].partition(NUMBERED)[0]

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}"  # a key without letters is one, too


@dataclass(frozen=True)
class Remark(Finding):
    """Something that is allowed and yet unwise."""

    WORDS, FORMATS = REMARKS, WITH_RULES
