"""What the document of a run holds at least, so that a page can be made of it: checked once, when it is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from n1trial.evaluation.characteristics import METRICS
from n1trial.evaluation.stress import Departure
from n1trial.report.verdict import HEADLINES
from n1trial.study.run.result import TRUTHS

LONGEST_SHOWN = 40
LARGEST = 10.0**15
"""Number that no figure of a trial comes near."""

Fault = tuple[str, str, object]
"""Place in the document, what must stand there, and what does."""
Shape = Callable[[str, object], Iterator[Fault]]


@dataclass(frozen=True)
class Plain:
    """A single value.

    Parameters
    ----------
    rule : str
        What it must be.
    holds : callable
        Whether a value is that.
    """

    rule: str
    holds: Callable[[object], bool]

    def __call__(self, place: str, value: object) -> Iterator[Fault]:
        """Find what is wrong with a value at a place."""
        if not self.holds(value):
            yield place, self.rule, value


@dataclass(frozen=True)
class Table:
    """Values by name.

    Parameters
    ----------
    needed : mapping of str to shape
        What must be there.
    others : shape, optional
        Shape of whatever else is there; by default that is not looked at.
    known : tuple of str
        Names that others may have; empty for any.
    """

    needed: Mapping[str, Shape]
    others: Shape | None = None
    known: tuple[str, ...] = ()

    def __call__(self, place: str, value: object) -> Iterator[Fault]:
        """Find what is wrong with a value at a place."""
        if not isinstance(value, Mapping):
            yield place, "must be a table", value
            return
        for name, shape in self.needed.items():
            if name not in value:
                yield f"{place}.{name}", "is missing", None
            else:
                yield from shape(f"{place}.{name}", value[name])
        for name, held in value.items() if self.others is not None else ():
            if self.known and name not in self.known:
                yield f"{place}.{name}", "is no name that is known", None
            elif name not in self.needed:
                yield from self.others(f"{place}.{name}", held)  # type: ignore[misc]


@dataclass(frozen=True)
class Rows:
    """Values one after the other.

    Parameters
    ----------
    each : shape
    count : int, optional
        How many there are.
    """

    each: Shape
    count: int | None = None

    def __call__(self, place: str, value: object) -> Iterator[Fault]:
        """Find what is wrong with a value at a place."""
        if not isinstance(value, list) or self.count not in (None, len(value)):
            yield place, "must be a list" if self.count is None else f"must be a list of {self.count}", value
            return
        for number, held in enumerate(value):
            yield from self.each(f"{place}[{number}]", held)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST


def _is_share(value: object) -> bool:
    return _is_number(value) and 0 <= value <= 1  # type: ignore[operator]


NUMBER = Plain("must be a number", _is_number)
SHARE = Plain("must be a number from 0 to 1", _is_share)
ERROR = Plain("must be a number of at least 0", lambda value: _is_number(value) and value >= 0)  # type: ignore[operator]
COUNT = Plain("must be a whole number of at least 0", lambda value: type(value) is int and 0 <= value < 2**63)
DEPARTURE = Plain(f"must be one of {', '.join(Departure)}", lambda value: value in [*Departure])
TEXT = Plain("must be a text", lambda value: isinstance(value, str))
FLAG = Plain("must be true or false", lambda value: isinstance(value, bool))
ANSWER = Plain(f"must be one of {', '.join(HEADLINES)}", lambda value: isinstance(value, str) and value in HEADLINES)


def _or_null(plain: Plain) -> Plain:
    """Value that may be missing."""
    return Plain(f"{plain.rule}, or null", lambda value: value is None or plain.holds(value))


RATE = Table({"value": SHARE, "mcse": ERROR})
GAIN = Plain("must be a number from -1 to 1", lambda value: _is_number(value) and -1 <= value <= 1)  # type: ignore[operator]
MAYBE_RATE = Table({"value": _or_null(SHARE), "mcse": _or_null(ERROR)})
FIGURE = Table({"value": _or_null(NUMBER), "mcse": _or_null(ERROR)})
ALWAYS = ("detect", "adopt", "right_decision", "not_estimable")
"""Metrics of which every truth has a figure."""
OF_A_TRUTH = Table(
    {metric: RATE if metric in ALWAYS else FIGURE for metric in METRICS}
    | {"not_estimable": Table({"value": SHARE, "mcse": ERROR, "reasons": Table({}, SHARE)})}
)
OF_AN_EFFECT = {"detect": RATE, "detect_right": MAYBE_RATE, "adopt": RATE}
END = Table({"value": NUMBER, "detect": SHARE, "mcse": ERROR})
VALUE = Table({
    **dict.fromkeys(("assurance", "positive_means", "negative_means"), _or_null(SHARE)),
    **dict.fromkeys(("gain", "evsi", "evpi"), _or_null(NUMBER)),
    "mcse": Table({}, ERROR, ("assurance", "positive_means", "negative_means", "gain", "evsi", "evpi")),
})  # fmt: skip
INDICES = Table(dict.fromkeys(("bang_drug", "bang_control", "james", "correct"), _or_null(GAIN)))

IMPROVEMENTS = (
    "carryover_gone", "one_more_cycle", "half_daily_noise", "no_missing_entries", "all_doses_taken",
    "nobody_stops_early", "perfect_blinding",
)  # fmt: skip

DOCUMENT = Table({
    "scenario": TEXT, "seed": COUNT, "replicates": COUNT, "version": TEXT, "primary": TEXT,
    "design": Table({
        "weeks": NUMBER, "periods": COUNT, "diary_entries": COUNT, "kits": COUNT, "weeks_on_placebo": Rows(NUMBER, 2),
        "assignments": COUNT, "smallest_p": Table(dict.fromkeys(("one_sided", "two_sided"), _or_null(SHARE))),
        "expected_finished": SHARE,
    }),
    "attenuation": _or_null(NUMBER),
    "methods": Table({}, Table(dict.fromkeys(TRUTHS, OF_A_TRUTH))),
    "smallest_detectable": Table({}, Table(dict.fromkeys(("0.8", "0.9"), _or_null(NUMBER)))),
    "effects": Rows(Table({"effect": NUMBER, **OF_AN_EFFECT})),
    "curve": Rows(Table({"benefit": NUMBER, **OF_AN_EFFECT})),
    "relief": Table({}, GAIN, IMPROVEMENTS), "relief_mcse": Table({}, ERROR, IMPROVEMENTS),
    "relief_detect": Table({}, RATE, IMPROVEMENTS), "relief_weeks": Table({}, NUMBER, IMPROVEMENTS),
    "sensitivity": Rows(Table({
        "name": TEXT, "onset_days": NUMBER, "offset_days": NUMBER, "detect": SHARE, "mcse": ERROR,
        "attenuation": _or_null(NUMBER), "is_end": FLAG,
    })),
    "unsettled": Rows(Table({"key": TEXT, "low": END, "high": END, "decisive": FLAG})),
    "blinding": Table({}, INDICES, TRUTHS),
    "value": VALUE,
    "skeptical": lambda place, value: iter(()) if value is None else VALUE(place, value),
    "assumed": Rows(TEXT),
    "verdict": Table({
        "answer": ANSWER, "depends": FLAG, "words": TEXT, "reason": TEXT, "limit": _or_null(TEXT),
        "warnings": Rows(TEXT),
    }),
    "stress": Rows(Table({"departure": DEPARTURE, "method": TEXT, "type_1": RATE, "detect": RATE})),
})  # fmt: skip
"""A run's document; what is there besides is not looked at."""


def faults_of_shape(document: object) -> list[str]:
    """Say what a page cannot be made of.

    Returns
    -------
    list of str
        A sentence each, with place, rule and value; empty where the document holds all that is needed.
    """
    return [f"{place.removeprefix('.')} {rule}{_shown(value)}" for place, rule, value in DOCUMENT("", document)]


def _shown(value: object) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return f", but is {text if len(text) <= LONGEST_SHOWN else f'{text[:LONGEST_SHOWN]} ...'}"
