"""What an answer is worth, as rows of a run's page: at best, to a belief, and where a probability decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from n1trial.diary.methods import METHODS
from n1trial.evaluation.value.meaning import CERTAIN
from n1trial.report.rates import margin
from n1trial.report.run.what_if import meaning_in_words, positive, worthwhile_in_words
from n1trial.study.run.result import Result


def best_rows(result: Result) -> Iterator[dict[str, Any]]:
    """Yield a row an effect: what is shown, what would be if nobody could guess, and at best; none if not known."""
    best, primary, plan = result.ceiling, result.figures[result.primary], result.scenario.plan()
    if best is None or best.reason is not None:
        return
    effects = {"mcid": plan.mcid, "planned": plan.benefit_sign * result.scenario.treatment.effect}
    for truth in effects if effects["planned"] not in (0.0, plan.mcid) else ("mcid",):
        yield {
            "benefit": effects[truth], "is_mcid": truth == "mcid", "best": getattr(best, truth),
            "blinded": result.blind[truth], "shown": primary[truth]["detect_right"],
        }  # fmt: skip


def finished_rows(result: Result) -> Iterator[dict[str, Any]]:
    """Yield a row a rate: of all trials, and of those alone that nobody leaves early; none where that is the same."""
    finished, primary = result.finished, result.figures[result.primary]
    if finished is None or not 0 < (finished.share.value or 0.0) < 1:
        return
    is_probability = result.scenario.decision.rule == "probability"
    yield {
        "name": "shown", "every": positive(result, primary["mcid"]),
        "kept": finished.adopt if is_probability else finished.detect_right,
    }  # fmt: skip
    yield {"name": "works", "every": primary["null"]["adopt"], "kept": finished.adopt_null}
    yield {"name": "alarms", "every": primary["null"]["detect"], "kept": finished.type_1}
    yield {"name": "without", "every": primary["mcid"]["not_estimable"], "kept": finished.not_estimable}


def meanings(result: Result) -> Iterator[dict[str, Any]]:
    """Say what a positive and a negative result would mean, as the plan believes and as a skeptic does."""
    treatment, is_certain = result.scenario.treatment, result.value.reason == "certain"
    for who, share, means in (
        ("plan", treatment.responders, CERTAIN if is_certain else result.means),
        ("skeptic", treatment.skeptical_responders, result.means if is_certain else result.skeptical_means),
    ):
        if share is None or means is None:
            continue
        yield {
            "who": who, "share": share, "sd": treatment.effect_sd, "is_certain": means.reason is not None,
            "means": means, "helped": "; ".join(meaning_in_words(means)),
            "worthwhile": "; ".join(worthwhile_in_words(means)),
        }  # fmt: skip


def adopt_rows(result: Result) -> Iterator[dict[str, Any]]:
    """Yield a row an analysis, the planned one first: how often a benefit is at least so likely, by probability."""
    for method in sorted(result.adopt_at, key=lambda name: name != result.primary):
        known = METHODS.get(method)
        yield {
            "name": method, "is_primary": method == result.primary, "rates": result.adopt_at[method],
            "is_probability": known is not None and known.has_posterior,
        }  # fmt: skip


def margin_of_adoption(result: Result) -> int:
    """Return by how many of 100 any of those shares could differ with another seed."""
    figures = (one for levels in result.adopt_at.values() for truths in levels.values() for one in truths.values())
    return max(map(margin, figures), default=0)
