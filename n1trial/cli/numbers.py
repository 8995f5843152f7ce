"""Numbers and dates of options; a fault names the option, the rule and the value, as every fault does."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import click

from n1trial.errors import InputError


class Whole(click.IntRange):
    """A whole number within a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number, or refuse it."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            raise _fault(param, value, f"a whole number{_bounds(self.min, self.max)}") from None


class Number(click.FloatRange):
    """A number within a range, or any number."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the number, or refuse it."""
        try:
            number = float(super().convert(value, param, ctx))
            if math.isfinite(number):
                return number
        except click.BadParameter:
            pass
        raise _fault(param, value, f"a number{_bounds(self.min, self.max)}")


class Day(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 alone
    """A date such as 2027-12-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ARG002
        """Read the date, or refuse it."""
        from n1trial.pack.make.inputs import first_day

        return value if isinstance(value, date) else first_day(value, _place(param))


def _fault(param: click.Parameter | None, value: object, rule: str) -> InputError:
    return InputError(f"{_place(param)} {value}: must be {rule}")


def _place(param: click.Parameter | None) -> str:
    return "" if param is None else param.opts[-1]


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return ""
    return f", {low:.15g} or more" if high is None else f" from {low:.15g} to {high:.15g}"
