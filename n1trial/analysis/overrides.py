"""A plan with some of its settings changed for one analysis."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from n1trial.design.layout import Layout
from n1trial.diary.plan import Plan
from n1trial.errors import InputError

_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "better": ('"lower" or "higher"', lambda value: value in ("lower", "higher")),
    "mcid": ("a positive number", lambda value: 0 < value < float("inf")),
    "alpha": ("a number above 0 and below 1", lambda value: 0 < value < 1),
    "sides": ("1 or 2", lambda value: value in (1, 2)),
    "discard_days": ("a whole number, 0 or more", lambda value: value >= 0 and value == int(value)),
    "minimum_days": ("a whole number, 1 or more", lambda value: value >= 1 and value == int(value)),
    "terms": (
        'names out of "trend" and "cycle"',
        lambda value: not isinstance(value, str) and set(value) <= {"trend", "cycle"},
    ),
    "decision_benefit": ("a finite number", lambda value: abs(value) < float("inf")),
    "decision_rule": ('"detected" or "probability"', lambda value: value in ("detected", "probability")),
    "decision_threshold": ("a number from 0 to 1", lambda value: 0 <= value <= 1),
    "df": ('"satterthwaite" or "residual"', lambda value: value in ("satterthwaite", "residual")),
    "statistic": ('"exposure" or "cycle"', lambda value: value in ("exposure", "cycle")),
    "max_assignments": ("a whole number, 1 or more", lambda value: value >= 1 and value == int(value)),
    "assumed_onset_days": ("a number, 0 or more", lambda value: 0 <= value < float("inf")),
    "assumed_offset_days": ("a number, 0 or more", lambda value: 0 <= value < float("inf")),
    "dose_every_days": ("a whole number, 1 or more", lambda value: value >= 1 and value == int(value)),
    "prior_mean": ("a finite number", lambda value: abs(value) < float("inf")),
    "prior_sd": ("a positive number", lambda value: 0 < value < float("inf")),
    "sd_scale": ("a positive number", lambda value: 0 < value < float("inf")),
    "layout": ("a Layout, or None", lambda value: value is None or isinstance(value, Layout)),
}
"""What an analysis would otherwise take without a murmur and get wrong."""


def overridden(plan: Plan, overrides: Mapping[str, object]) -> Plan:
    """Return the plan with some fields replaced.

    Parameters
    ----------
    plan : Plan
        The plan as it was fixed.
    overrides : mapping of str to object
        Names of fields of `Plan` and their values for this analysis.

    Returns
    -------
    Plan
        `plan` itself is left as it is.

    Raises
    ------
    InputError
        If a name is no field of `Plan` or a value is outside its range; all faults at once.
    """
    known = [field.name for field in fields(Plan)]
    faults = [f"{name}: unknown setting of an analysis{hint(name, known)}" for name in overrides if name not in known]
    faults += [
        f"{name}: must be {words}, and is {overrides[name]!r}"
        for name, (words, rule) in _RULES.items()
        if name in overrides and not _holds(rule, overrides[name])
    ]
    if faults:
        raise InputError(faults)
    changes: dict[str, Any] = dict(overrides)
    if "terms" in changes:
        changes["terms"] = tuple(changes["terms"])
    return replace(plan, **changes)


def hint(name: str, known: Iterable[str]) -> str:
    """Remark on the known name that comes closest, such as ``" (did you mean cycles?)"``; empty if none does."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _holds(rule: Callable[[Any], bool], value: object) -> bool:
    """Whether a rule holds; no rule holds for a value of the wrong kind."""
    try:
        return bool(rule(value))
    except (TypeError, ValueError):
        return False
