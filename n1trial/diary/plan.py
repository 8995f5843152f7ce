"""The analysis as it was fixed in advance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from n1trial.design.layout import Layout
from n1trial.diary.methods import PAIRED, method_of, methods_for
from n1trial.errors import InputError

_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "primary": ("the name of a method", lambda value: isinstance(value, str) and value != ""),
    "methods": (
        "a tuple of names of methods",
        lambda value: not isinstance(value, str) and all(isinstance(name, str) and name for name in value),
    ),
    "scale": ("two numbers, the lower one first", lambda value: value[0] < value[1] and len(value) == 2),
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
    "adjust": (
        "a tuple of names of columns",
        lambda value: not isinstance(value, str) and all(isinstance(name, str) and name for name in value),
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
    "prior_sd": ("a positive number, or None", lambda value: value is None or 0 < value < float("inf")),
    "sd_scale": ("a positive number, or None", lambda value: value is None or 0 < value < float("inf")),
    "layout": ("a Layout, or None", lambda value: value is None or isinstance(value, Layout)),
}
"""Rules of arguments that an analysis would otherwise accept and get wrong."""


@dataclass(frozen=True)
class Plan:
    """Plan of an analysis, fixed before the first entry: the design, the outcome's direction and every setting.

    Nothing in it says what the patient is like. Defaults are those of a diary that comes without a plan.

    Parameters
    ----------
    layout : Layout or None
        The design, with its randomization scheme; None when unknown.
    better : {"lower", "higher"}
        Which way the score improves.
    mcid : float
        Smallest worthwhile difference, positive, on the score's scale.
    scale : tuple of float
        Lowest and highest score possible.
    primary : str
        The method that decides.
    methods : tuple of str
        All methods to run.
    alpha : float
        Two- or one-sided significance level (`sides`), in (0, 1).
    sides : {1, 2}
        Sides of the test; one-sided means in the direction of benefit.
    discard_days : int
        Settling-in days left out at the start of every period.
    minimum_days : int
        Entries that a period needs to count.
    terms : tuple of {"trend", "cycle"}
        Further terms of the daily models.
    adjust : tuple of str
        Columns of the diary that the daily models adjust for: only what the treatment cannot move.
    df : {"satterthwaite", "residual"}
        Degrees of freedom of `ar1`.
    statistic : {"exposure", "cycle"}
        Statistic of the randomization test.
    max_assignments : int
        Most assignments that the randomization test goes through in simulation; beyond it a sample is drawn.
    assumed_onset_days, assumed_offset_days : float
        Time constants of the drug that the analyst believes in, in days, 0 or more.
    dose_every_days : int
        Days from one dose to the next.
    prior_mean : float
        Of `bayes`: prior mean of the difference.
    prior_sd, sd_scale : float or None
        Of `bayes`: prior SD of the difference, and scale of the half-t prior of the SD between cycles; None: `mcid`
        times 2 and `mcid`, so that they follow the scale.
    decision_rule : {"detected", "probability"}
        When the treatment is adopted.
    decision_benefit : float
        Benefit that the decision is about, on the score's scale.
    decision_threshold : float
        Probability asked for by the rule "probability".

    Raises
    ------
    InputError
        If a setting is outside its range; all faults at once.

    Examples
    --------
    >>> from n1trial import Plan
    >>> Plan(alpha=0.1, discard_days=7).benefit_sign
    -1
    """

    layout: Layout | None = None
    better: Literal["lower", "higher"] = "lower"
    mcid: float = 1.0
    scale: tuple[float, float] = (float("-inf"), float("inf"))
    primary: str = PAIRED.name
    methods: tuple[str, ...] = methods_for("crossover")
    alpha: float = 0.05
    sides: int = 2
    discard_days: int = 14
    minimum_days: int = 14
    terms: tuple[str, ...] = ()
    adjust: tuple[str, ...] = ()
    df: Literal["satterthwaite", "residual"] = "satterthwaite"
    statistic: Literal["exposure", "cycle"] = "exposure"
    max_assignments: int = 5000
    assumed_onset_days: float = 0.0
    assumed_offset_days: float = 0.0
    dose_every_days: int = 1
    prior_mean: float = 0.0
    prior_sd: float | None = None
    sd_scale: float | None = None
    decision_rule: Literal["detected", "probability"] = "detected"
    decision_benefit: float = 0.0
    decision_threshold: float = 0.8

    def __post_init__(self) -> None:
        settings = vars(self)
        faults = [
            f"{name}: must be {words}, and is {settings[name]!r}"
            for name, (words, rule) in _RULES.items()
            if not _holds(rule, settings[name])
        ]
        if faults:
            raise InputError(faults)

    @property
    def is_course_assumed(self) -> bool:
        """Whether the primary analysis goes by the assumed onset and offset."""
        return method_of(self.primary).uses("assumed_onset_days", self.statistic)

    @property
    def effect_prior_sd(self) -> float:
        """Prior standard deviation of the difference."""
        return 2 * self.mcid if self.prior_sd is None else self.prior_sd

    @property
    def spread_prior_scale(self) -> float:
        """Scale of the prior of the standard deviation between cycles."""
        return self.mcid if self.sd_scale is None else self.sd_scale

    @property
    def benefit_sign(self) -> int:
        """−1 when lower scores are better, else +1: benefit = benefit_sign · (drug − control)."""
        return -1 if self.better == "lower" else 1


def _holds(rule: Callable[[Any], bool], value: object) -> bool:
    """Whether a rule holds; no rule holds for a value of the wrong kind."""
    try:
        return bool(rule(value))
    except (TypeError, ValueError, IndexError):
        return False
