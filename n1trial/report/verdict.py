"""All wording of verdicts: headline, reason, warnings, and the words of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from n1trial.evaluation.attainable import Never
from n1trial.evaluation.verdict import Answer, Verdict, VerdictRemark
from n1trial.report.rates import in_100

HEADLINES: dict[Answer, str] = {
    "likely": "Good chance of a clear answer",
    "may": "May well miss a worthwhile benefit",
    "unlikely": "Probably no clear answer",
    "misleading": "Do not rely on this plan",
}
NEVER = "This plan can never show an effect"
"""Headline where the primary analysis cannot be positive, whatever the effect."""


def headline(verdict: Verdict) -> str:
    """Give what is said first: the answer, or that the plan can show no effect."""
    return HEADLINES[verdict.answer] if verdict.never is None else NEVER


def words(verdict: Verdict) -> str:
    """Give the answer in words, and whether it depends on what is not known."""
    return f"{headline(verdict)}{' - depends on what is not known' if verdict.depends else ''}"


def reason(verdict: Verdict) -> str:
    """Say in one sentence what the answer rests on."""
    if verdict.never is not None:
        return f"{NEVER}: {why_never(verdict.never)}."
    return remark_in_words(verdict.reason)


def why_never(never: Never) -> str:
    """Say why a plan can show no effect, as after a colon, without a full stop."""
    if never.kind == "one_round":
        return "one round gives a single difference, and nothing tells how much it varies"
    if never.kind == "fixed_order":
        return "the order is fixed, so that there is no randomization test"
    orders = "orders and change-overs" if never.has_switches else "orders"
    return (
        f"with {never.assignments:,} possible {orders} the smallest p is {never.smallest_p:.2g}, above {never.alpha:g}"
    )


def warnings(verdict: Verdict) -> tuple[str, ...]:
    """Give a sentence each of what a reader must know beside the answer."""
    return tuple(map(remark_in_words, verdict.warnings))


def remark_in_words(remark: VerdictRemark) -> str:
    """Give a remark of a verdict as a sentence."""
    match remark.kind:
        case "no_control":
            return "Nothing is compared with the drug: placebo response, time and the drug cannot be told apart."
        case "false_alarms":
            return (
                f"If the drug did nothing, {in_100(remark.share)} simulated trials would still find a difference:"
                " something else differs between its periods and the others, or the analysis is not sound."
            )
        case "shown":
            return f"The smallest worthwhile effect is shown in {in_100(remark.share)} simulated trials."
        case "inflated":
            return (
                f"False alarms are more frequent than planned: {100 * (remark.share or 0):.1f} instead of"
                f" {100 * (remark.planned_share or 0):.1f} of 100."
            )
        case "unseen":
            return (
                "A plain comparison sees less than half of the effect"
                f" ({round(100 * (remark.share or 0))}%): “no difference” would not mean “does not work”."
            )


@dataclass(frozen=True)
class VerdictDocument:
    """A verdict as documents hold it: the answer, whether it depends on what is not known, both in words, and more."""

    answer: Answer
    depends: bool
    words: str
    reason: str
    limit: str | None
    warnings: tuple[str, ...]


def document(verdict: Verdict, remarks: Sequence[str] = ()) -> VerdictDocument:
    """Return a verdict as documents hold it.

    Parameters
    ----------
    verdict : Verdict
    remarks : sequence of str
        On the scenario, put last among the warnings.
    """
    return VerdictDocument(
        verdict.answer, verdict.depends, words(verdict), reason(verdict), verdict.limit,
        (*warnings(verdict), *remarks),
    )  # fmt: skip
