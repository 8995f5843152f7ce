"""Could this trial give an answer? A pure function of what was simulated."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from n1trial.evaluation.attainable import Never
from n1trial.evaluation.characteristics import Figure

Answer = Literal["likely", "may", "unlikely", "misleading"]

LIKELY, MAY = 0.8, 0.5
MISLEADING_FACTOR = 1.5
"""A false alarm more often than this many times alpha, beyond chance, makes an analysis misleading."""
FLAG_FACTOR = 1.1
CERTAIN_SES = 3.0
"""Monte Carlo standard errors by which a figure must differ to be said to differ."""
BLIND_BELOW = 0.5
"""Attenuation below which a plain comparison says little."""


@dataclass(frozen=True)
class Facts:
    """Figures that the verdict rests on; they are the primary method's, all conduct losses in.

    Attributes
    ----------
    detect : Figure
        Chance to detect the smallest worthwhile effect.
    type_1 : Figure
        Chance to detect an effect where there is none (false alarm).
    alpha : float
        Significance level that was asked for.
    has_control : bool
        Whether anything is compared with the drug.
    ends : sequence of Figure
        Chance to detect at the ends of what is believable of onset and offset, and of what else is not known; empty
        where no range is stated.
    attenuation : float or None
        Share of the full effect that a plain comparison sees.
    gains : mapping of str to float
        Gain in the chance to detect when one thing is relieved.
    never : Never or None
        Why the plan can show no effect, however large; None where it can.
    """

    detect: Figure
    type_1: Figure
    alpha: float
    has_control: bool
    ends: Sequence[Figure]
    attenuation: float | None
    gains: Mapping[str, float]
    never: Never | None = None


@dataclass(frozen=True)
class VerdictRemark:
    """Something that a verdict rests on, or that a reader must know beside it.

    Attributes
    ----------
    kind : {"no_control", "false_alarms", "shown", "inflated", "unseen"}
        Nothing is compared with the drug; trials that find a difference where there is none; trials that show the
        smallest worthwhile effect; more false alarms than planned; a plain comparison sees little of the effect.
    share : float or None
        Of trials, or of the effect.
    planned_share : float or None
        The share that was planned.
    """

    kind: Literal["no_control", "false_alarms", "shown", "inflated", "unseen"]
    share: float | None = None
    planned_share: float | None = None


@dataclass(frozen=True)
class Verdict:
    """The answer and what stands behind it.

    Attributes
    ----------
    answer : {"likely", "may", "unlikely", "misleading"}
    depends : bool
        Whether the answer changes anywhere within the stated ranges.
    never : Never or None
        Why the plan can show no effect, however large; None where it can, or where it is misleading.
    limit : str or None
        What holds the trial back most: the improvement that gains most, None where none gains.
    reason : Remark
        What the answer rests on.
    warnings : tuple of Remark
        What a reader must know beside it, apart from remarks on the scenario.

    Examples
    --------
    >>> import n1trial
    >>> verdict = n1trial.run("minimal", replicates=20).verdict
    >>> verdict.answer in ("likely", "may", "unlikely", "misleading")
    True
    """

    answer: Answer
    depends: bool
    never: Never | None
    limit: str | None
    reason: VerdictRemark
    warnings: tuple[VerdictRemark, ...] = ()


def judge(facts: Facts) -> Verdict:
    """Judge a trial by its facts."""
    answer = _answer(facts)
    depends = (
        answer != "misleading"
        and facts.never is None
        and any(differs(one, other) for one in (facts.detect, *facts.ends) for other in facts.ends)
    )
    gains = [(gain, name) for name, gain in facts.gains.items() if gain > 0]
    return verdict_on(facts, answer, depends, max(gains)[1] if gains else None)


def verdict_on(facts: Facts, answer: Answer, depends: bool, limit: str | None) -> Verdict:
    """Give the verdict of an answer that is known: `judge` finds it, a saved result holds it."""
    return Verdict(
        answer=answer,
        depends=depends,
        never=None if answer == "misleading" else facts.never,
        limit=limit,
        reason=_reason(facts, answer),
        warnings=tuple(_warnings(facts)),
    )


def is_inflated(type_1: Figure, alpha: float, factor: float) -> bool:
    """Whether false alarms exceed `factor`·alpha, and alpha, by more than chance."""
    if type_1.value is None or type_1.mcse is None:
        return False
    return type_1.value > factor * alpha and type_1.value - CERTAIN_SES * type_1.mcse > alpha


def differs(one: Figure, other: Figure) -> bool:
    """Whether two powers lead to different answers, and differ beyond chance."""
    if _by_power(one) == _by_power(other):
        return False
    doubt = math.hypot(one.mcse or 0.0, other.mcse or 0.0)
    return abs((one.value or 0.0) - (other.value or 0.0)) > CERTAIN_SES * doubt


def _answer(facts: Facts) -> Answer:
    if not facts.has_control or _exceeds(facts.type_1, MISLEADING_FACTOR * facts.alpha):
        return "misleading"
    return "unlikely" if facts.never is not None else _by_power(facts.detect)


def _exceeds(figure: Figure, limit: float) -> bool:
    return figure.value is not None and figure.value - CERTAIN_SES * (figure.mcse or 0.0) > limit


def _by_power(detect: Figure) -> Answer:
    power = detect.value or 0.0
    return "likely" if power >= LIKELY else "may" if power >= MAY else "unlikely"


def _reason(facts: Facts, answer: Answer) -> VerdictRemark:
    if not facts.has_control:
        return VerdictRemark("no_control")
    if answer == "misleading":
        return VerdictRemark("false_alarms", facts.type_1.value)
    return VerdictRemark("shown", facts.detect.value)


def _warnings(facts: Facts) -> Iterator[VerdictRemark]:
    if facts.has_control and is_inflated(facts.type_1, facts.alpha, FLAG_FACTOR):
        yield VerdictRemark("inflated", facts.type_1.value, facts.alpha)
    if facts.attenuation is not None and facts.attenuation < BLIND_BELOW:
        yield VerdictRemark("unseen", facts.attenuation)
