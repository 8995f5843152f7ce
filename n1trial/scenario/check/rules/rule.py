"""A rule across keys: what it reads, and how it judges that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.rules.sound_values import ALL, NUMBERS, ONE, SoundValues
from n1trial.scenario.model.keys import ARRAYS, section_type
from n1trial.scenario.model.tables import Tables

Judge = Callable[..., Iterator[Fault]]
"""Takes the values that a rule reads, in their order, and yields faults."""


@dataclass(frozen=True)
class Rule:
    """A rule across keys.

    Attributes
    ----------
    reads : tuple of str
        Dotted keys of all that it is given. ``secondary[].scale`` is that of one table, and the rule is applied to
        each; ``theory[*].name`` is a tuple of what all tables hold; `NUMBERS` are the keys of all numbers.
    judge : callable
        Is given what the rule reads and nothing else.

    Raises
    ------
    ValueError
        If it reads a key that no scenario has.
    """

    reads: tuple[str, ...]
    judge: Judge

    def __post_init__(self) -> None:
        unknown = [key for key in self.reads if not _is_key(key)]
        if unknown:
            raise ValueError(f"a rule reads what no scenario has: {', '.join(unknown)}")

    def faults(self, values: SoundValues) -> Iterator[Fault]:
        """Apply the rule, once or to each table that it is about, wherever all that it reads is without fault."""
        array = next((key.partition(ONE)[0] for key in self.reads if f"{ONE}." in key), None)
        for table in ({},) if array is None else values.named(array):
            if all(values.has(key, table) for key in self.reads):
                for fault in self.judge(*(values.value(key, table) for key in self.reads)):
                    yield self._place(fault, array, table)

    def _place(self, fault: Fault, array: str | None, table: Mapping[str, object]) -> Fault:
        """Give a fault the keys of the table that it is about, and all else that the rule reads."""
        read = [key for key in self.reads if key not in (fault.place, NUMBERS) and ALL not in key]
        own, name = f"{array}{ONE}", "" if array is None else f"{array}.{table[ARRAYS[array]]}"
        key, *others = (each.replace(own, name) for each in (fault.place, *fault.others, *read))
        return replace(fault, place=key, others=tuple(others))


def rule(*reads: str) -> Callable[[Judge], Rule]:
    """Make a rule of a function that is given what is at some keys, in their order."""
    return lambda judge: Rule(reads, judge)


def faults_of_rules(rules: Iterable[Rule], values: SoundValues) -> list[Fault]:
    """Find the faults across keys, in the order of the rules."""
    return [fault for each in rules for fault in each.faults(values)]


def _is_key(key: str) -> bool:
    section, _, field = key.partition(".")
    kind = section_type(Tables, section.removesuffix(ONE).removesuffix(ALL))
    return key == NUMBERS or (kind is not None and field in kind.model_fields)
