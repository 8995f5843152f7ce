"""The values that a key is to take in turn: a list, or a range in steps."""

from __future__ import annotations

import re
from decimal import Decimal

from n1trial.scenario.file.load import parse_value
from n1trial.wording import show

MOST_VALUES = 1000
"""Values that one key can take at most."""
FORM = "write K=a,b,c or K=start:stop:step, as in design.cycles=2,3,4 or design.cycles=2:6:2"
NUMBER = r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*"


def values_of(text: str) -> tuple[object, ...]:
    """Read the values of a key.

    Parameters
    ----------
    text : str
        Values with commas between them, each as after ``--set``: a TOML value, else a text; commas within brackets
        or quotes do not part values. Or start, stop and step with colons between them: from start on, up to stop,
        which is one of them where the steps meet it. Numbers are taken as decimals, so that they do.

    Returns
    -------
    tuple
        Values as a scenario file has them, each once.

    Raises
    ------
    ValueError
        With the rule that is broken.
    """
    values: list[object] = []
    for part in _parts(text):
        values += _range(part) if re.fullmatch(f"{NUMBER}(:{NUMBER})+", part) else [_value(part)]
        if len(values) > MOST_VALUES:
            raise ValueError(f"has more than {MOST_VALUES} values")
    twice = next((value for index, value in enumerate(values) if _is_among(value, values[:index])), None)
    if twice is not None:
        raise ValueError(f"{show(twice)} is there twice")
    return tuple(values)


def _value(part: str) -> object:
    value = parse_value(part.strip())
    if value is None:
        raise ValueError(f"a value is missing; {FORM}")
    return value


def _range(text: str) -> list[object]:
    parts = text.split(":")
    if len(parts) != 3:
        raise ValueError(f"a range has three numbers; {FORM}")
    try:
        start, stop, step = (Decimal(part.strip()) for part in parts)
        if step == 0:
            raise ValueError("the step is 0; it must lead from start to stop")
        count = int((stop - start) / step) + 1 if (stop - start) * step >= 0 else 0
    except ArithmeticError:
        raise ValueError("a number is too large") from None
    if count < 1:
        raise ValueError(f"is empty: a step of {parts[2].strip()} leads away from {parts[1].strip()}")
    if count > MOST_VALUES:
        many = f"{count:,}" if count < 10**12 else "very many"
        raise ValueError(f"has {many} values, more than {MOST_VALUES:,}")
    is_whole = all(re.fullmatch(r"\s*[+-]?\d+\s*", part) for part in parts)
    numbers = (start + index * step for index in range(count))
    return [int(number) if is_whole else float(number) for number in numbers]


def _is_among(value: object, others: list[object]) -> bool:
    """Whether a value is there already; 2 and 2.0 are one, true and 1 are not."""
    return any(value == other and isinstance(value, bool) == isinstance(other, bool) for other in others)


def _parts(text: str) -> list[str]:
    """Split at the commas that are not within brackets or quotes."""
    parts, depth, quote, part = [], 0, "", ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        if letter == "," and not quote and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += letter
    return [*parts, part]
