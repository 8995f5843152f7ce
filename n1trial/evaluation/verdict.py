"""Could this trial give an answer? A pure function of what was simulated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

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

WORDS: dict[Answer, str] = {
    "likely": "Good chance of a clear answer",
    "may": "Could go either way",
    "unlikely": "Probably no clear answer",
    "misleading": "Do not rely on this plan",
}

NEVER = "This plan can never show an effect"
"""Said in place of the words where the primary analysis cannot be positive, whatever the effect."""
DEPENDS = " - depends on what is not known"


@dataclass(frozen=True)
class Facts:
    """What the verdict rests on; figures are the primary method's, all conduct losses in.

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
    relief : mapping of str to float
        Gain in the chance to detect when one thing is relieved.
    never : str
        Why the plan can show no effect, however large (`evaluation.reach.why_never_positive`); empty where it can.
    """

    detect: Figure
    type_1: Figure
    alpha: float
    has_control: bool
    ends: Sequence[Figure]
    attenuation: float | None
    relief: Mapping[str, float]
    never: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer and what stands behind it.

    Attributes
    ----------
    answer : {"likely", "may", "unlikely", "misleading"}
    depends : bool
        Whether the answer is another at an end of what is believable of onset and offset, or of what else is not
        known.
    words : str
        The answer in words; of a plan that can show no effect, however large, that it cannot.
    reason : str
        What it rests on, in one sentence.
    limit : str or None
        What holds the trial back most: the relief that gains most, None where none gains.
    warnings : tuple of str
        What a reader must be told beside it.
    """

    answer: Answer
    depends: bool
    words: str
    reason: str
    limit: str | None
    warnings: tuple[str, ...]

    @property
    def can_never_show(self) -> bool:
        """Whether the plan can show no effect, however large."""
        return self.words == NEVER

    @property
    def why_never(self) -> str:
        """Why it cannot, to go on after a colon; empty where it can."""
        return self.reason.removeprefix(f"{NEVER}: ") if self.can_never_show else ""

    @property
    def headline(self) -> str:
        """What is said first."""
        return NEVER if self.can_never_show else WORDS[self.answer]


def judge(facts: Facts, warnings: Sequence[str] = ()) -> Verdict:
    """Judge a trial by its facts.

    Parameters
    ----------
    facts : Facts
    warnings : sequence of str
        Further warnings, of the scenario itself, put last.

    Returns
    -------
    Verdict
    """
    answer = _answer(facts)
    depends = (
        answer != "misleading"
        and not facts.never
        and any(differs(one, other) for one in (facts.detect, *facts.ends) for other in facts.ends)
    )
    gains = [(gain, name) for name, gain in facts.relief.items() if gain > 0]
    return Verdict(
        answer=answer,
        depends=depends,
        words=NEVER if facts.never and answer != "misleading" else f"{WORDS[answer]}{DEPENDS if depends else ''}",
        reason=_reason(facts, answer),
        limit=max(gains)[1] if gains else None,
        warnings=(*_warnings(facts), *warnings),
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


def in_100(share: float | None) -> str:
    """Give a share as a frequency with the one denominator that is used throughout."""
    if share is None:
        return "an unknown number of 100"
    count = round(100 * share)
    if count == 0 and share > 0:
        return "fewer than 1 of 100"
    if count == 100 and share < 1:
        return "more than 99 of 100"
    return f"{count} of 100"


def _answer(facts: Facts) -> Answer:
    if not facts.has_control or _exceeds(facts.type_1, MISLEADING_FACTOR * facts.alpha):
        return "misleading"
    return "unlikely" if facts.never else _by_power(facts.detect)


def _exceeds(figure: Figure, limit: float) -> bool:
    return figure.value is not None and figure.value - CERTAIN_SES * (figure.mcse or 0.0) > limit


def _by_power(detect: Figure) -> Answer:
    power = detect.value or 0.0
    return "likely" if power >= LIKELY else "may" if power >= MAY else "unlikely"


def _reason(facts: Facts, answer: Answer) -> str:
    if not facts.has_control:
        return "Nothing is compared with the drug: placebo response, time and the drug cannot be told apart."
    if answer == "misleading":
        return (
            f"If the drug did nothing, {in_100(facts.type_1.value)} simulated trials would still find a difference:"
            " something else differs between its periods and the others, or the analysis is not sound."
        )
    if facts.never:
        return f"{NEVER}: {facts.never}."
    return f"The smallest worthwhile effect is shown in {in_100(facts.detect.value)} simulated trials."


def _warnings(facts: Facts) -> list[str]:
    warnings = []
    if facts.has_control and is_inflated(facts.type_1, facts.alpha, FLAG_FACTOR):
        warnings.append(
            f"False alarms are more frequent than planned: {100 * (facts.type_1.value or 0):.1f} instead of"
            f" {100 * facts.alpha:.1f} of 100."
        )
    if facts.attenuation is not None and facts.attenuation < BLIND_BELOW:
        warnings.append(
            "A plain comparison sees less than half of the effect"
            f" ({round(100 * facts.attenuation)}%): “no difference” would not mean “does not work”."
        )
    return warnings
