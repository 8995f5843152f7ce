"""What the protocol and the clinic's papers say besides, as plain values; nothing here knows the allocation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from n1trial.diary.file.columns import column
from n1trial.diary.methods import METHODS
from n1trial.diary.stop_rule import FEWEST_IN_RUN_IN
from n1trial.evaluation.characteristics import Figure
from n1trial.pack.papers.context import Facts
from n1trial.pack.trial.characteristics import PlanCharacteristics
from n1trial.pack.trial.columns import asked_columns, at_visits
from n1trial.pack.trial.trial import Trial
from n1trial.pack.trial.visits import handout_dates, visit_dates
from n1trial.report.rates import margin
from n1trial.report.words import capital
from n1trial.scenario.check.answers import answers
from n1trial.scenario.check.cautions import paragraphs
from n1trial.scenario.check.evidence import DESCRIBING, NEUTRAL, beliefs, count_published, evidence
from n1trial.scenario.check.matters import applies
from n1trial.scenario.model.entries import Entry, entries
from n1trial.scenario.scenario import Scenario
from n1trial.wording import plain, show

SECTIONS = (*DESCRIBING, "secondary")
DECIDED = ("every_days", "step")
"""Numbers that are decided and not believed."""
RANGES = {"treatment.onset_days": "onset_range", "treatment.offset_days": "offset_range"}
"""Numbers whose believable range is a key of its own."""


def assumptions(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Go through all numbers that describe what is assumed, whether or not anything is said of their source.

    Yields
    ------
    dict
        ``section``, ``key``, ``words``, ``value``, ``range`` (text, empty without one), ``status``, ``note``,
        ``is_unsettled``. The status is that of the evidence, "yours" where that speaks for another value; without any
        "decided" for what is no belief, "none" for what is assumed not to be there, else "unstated".
    """
    status, unsettled = beliefs(scenario), {each.key: each for each in scenario.unsettled}
    speaking = evidence(scenario)
    for entry in entries(scenario):
        if entry.section not in SECTIONS or not entry.is_number or entry.value is None:
            continue
        if not applies(scenario, entry.path):
            continue
        known = status.get(entry.path) if entry.path in status else None
        told = speaking[entry.path].note if known and entry.path in speaking else ""
        open_question = unsettled.get(entry.path)
        yield {
            "section": entry.section,
            "key": entry.path,
            "words": _words(entry, scenario.outcome.unit),
            "value": plain(entry.value) if isinstance(entry.value, float) else show(entry.value),
            "range": _range(scenario, entry),
            "status": known or _without_evidence(entry),
            "note": " ".join(filter(None, (told, open_question.note if open_question else ""))),
            "is_unsettled": open_question is not None,
        }


def _without_evidence(entry: Entry) -> str:
    if entry.field in DECIDED:
        return "decided"
    return "none" if entry.value == NEUTRAL.get(entry.path, 0.0) else "unstated"


def _words(entry: Entry, unit: str) -> str:
    """Say what a number is: the first words of its description, with its table's name and the unit of the score."""
    words = re.split(r"[:;(]", str(entry.info.description))[0].strip().rstrip(",").replace("points", unit)
    parts = entry.path.split(".")
    return f"{'.'.join(parts[1:-1])}: {words[:1].lower()}{words[1:]}" if len(parts) > 2 else words


def _range(scenario: Scenario, entry: Entry) -> str:
    """Say what is held believable: as unsettled, as a range of its own, or with its evidence."""
    found: list[tuple[float, float] | None] = [each.range for each in scenario.unsettled if each.key == entry.path]
    if entry.path in RANGES:
        found.append(getattr(scenario.treatment, RANGES[entry.path]))
    found += [each.range for key, each in evidence(scenario).items() if key == entry.path]
    span = next(filter(None, found), None)
    return "" if span is None else f"{plain(span[0])} to {plain(span[1])}"


def of_the_protocol(trial: Trial, characteristics: PlanCharacteristics) -> Facts:
    """Gather what the clinic's papers speak of besides."""
    return (
        _of_the_plan(trial)
        | _of_the_chances(characteristics)
        | _of_the_assumptions(trial.scenario)
        | of_the_visits(trial)
        | {"planned": characteristics, "stop": _stop(trial, characteristics)}
        | {"typed_columns": list(_typed_columns(trial.scenario))}
    )  # fmt: skip


def _of_the_plan(trial: Trial) -> Facts:
    """Return periods, the draw, and the analyses that were planned."""
    scenario, layout, plan = trial.scenario, trial.layout, trial.scenario.plan()
    return {
        "plan": plan,
        "treated_weeks": plain(round(layout.treated_days / 7, 1)),
        "period_lengths": _period_days(trial),
        "entries": len(layout.days),
        "windows": list(windows(trial)),
        "assignments": f"{layout.randomization.assignments:,}" if layout.randomization else "1",
        "primary_words": METHODS[plan.primary].words,
        "allows_for_shifts": METHODS[plan.primary].allows_for_shifts,
        "others": [method for method in plan.methods if method != plan.primary],
        "assumes_course": any(METHODS[method].estimand == "full effect" for method in (plan.primary, *plan.methods)),
        "models_carryover": _models_carryover(scenario),
        "decision": _decision(scenario),
    }


def _of_the_chances(characteristics: PlanCharacteristics) -> Facts:
    """Say how often the planned analysis would be right, as counts of 100."""
    return {
        "replicates": f"{characteristics.replicates:,}",
        "continued_null": _in_100(characteristics.adopt_null),
        "shown_planned": _in_100(characteristics.detect_planned),
        "shown_worthwhile": _in_100(characteristics.detect_worthwhile),
        "shown_null": _in_100(characteristics.false_alarms),
        "shown_least": _in_100(characteristics.least),
        "shown_most": _in_100(characteristics.most),
    }


def _of_the_assumptions(scenario: Scenario) -> Facts:
    """Say where the numbers come from, and what was considered."""
    known, asked = count_published(scenario)
    return {
        "source": _source(scenario),
        "planned_effect": plain(abs(scenario.treatment.effect)),
        "missing": round(100 * scenario.conduct.missing),
        "considered": [f"{question} {answer}. {against}".strip() for question, answer, against in answers(scenario)],
        "cautions": list(paragraphs(scenario)),
        "assumptions": list(assumptions(scenario)),
        "values_known": known,
        "values_asked": asked,
    }


def of_the_visits(trial: Trial) -> Facts:
    """Gather what the schedule speaks of besides `n1trial.pack.papers.context.facts`."""
    return {
        "handouts": list(_handouts(trial)),
        "visit_outcomes": [one.name for one in at_visits(trial.scenario)],
    }


def _stop(trial: Trial, characteristics: PlanCharacteristics) -> Facts:
    rule = trial.stop_rule
    return {
        "worse_by": plain(round(rule.worse_by, 6)),
        "days": rule.days,
        "fewest": rule.fewest_entries,
        "fewest_in_run_in": FEWEST_IN_RUN_IN,
        "works_from": plain(round(rule.works_from, 6)),
        "by_chance": None if characteristics.stopped is None else _in_100(characteristics.stopped),
        "margin": margin(Figure(characteristics.stopped, characteristics.stopped_mcse)),
    }


def _typed_columns(scenario: Scenario) -> Iterator[Facts]:
    """Yield columns of the diary's file for questions of the scenario's own, each with what it is about."""
    asked = scenario.outcome.also_asked
    yield from ({"name": name, "asked": text} for name, text in zip(asked_columns(asked), asked, strict=True))
    for one in scenario.secondary:
        yield {
            "name": column(one.name), "asked": f"{one.name}, {plain(one.scale[0])} to {plain(one.scale[1])}",
        }  # fmt: skip


def _source(scenario: Scenario) -> str:
    source = scenario.source
    said = [text.strip().rstrip(".") for text in (source.citation, source.reported, source.note)]
    return "".join(f"{capital(text)}. " for text in said if text).strip()


def _period_days(trial: Trial) -> list[int]:
    """Return the shortest and longest period."""
    layout, scheme = trial.layout, trial.layout.randomization
    lengths = {layout.period_days + shift for shift in (scheme.switches if scheme else (0,))}
    return sorted({min(lengths), max(lengths)})


def windows(trial: Trial) -> Iterator[Facts]:
    """Yield days between which the change-over of each round is drawn."""
    layout, scheme = trial.layout, trial.layout.randomization
    if scheme is None or len(scheme.switches) == 1:
        return
    for cycle in range(layout.cycles):
        middle = cycle * layout.cycle_days + layout.period_days
        first, last = middle + scheme.switches[0], middle + scheme.switches[-1]
        # The day itself is the first on the other treatment, or of the washout before it.
        weeks = [(day - cycle * layout.cycle_days) // 7 + 1 for day in (first, last)]
        yield {"round": cycle + 1, "first": trial.date_of(first), "last": trial.date_of(last), "weeks": weeks}


def _models_carryover(scenario: Scenario) -> bool:
    """Whether the primary analysis follows the effect as it builds up and fades."""
    plan = scenario.plan()
    method = METHODS[plan.primary]
    return method.estimand == "full effect" and ("statistic" not in method.settings or plan.statistic == "exposure")


def _in_100(share: float) -> Facts:
    """Give a share as a count of 100; where rounding would make it none or all, say it is beyond 1 or 99."""
    count = round(100 * share)
    beyond = "below" if count == 0 < share else "above" if share < 1 and count == 100 else ""
    return {"count": min(max(count, 1), 99) if beyond else count, "beyond": beyond}


def _decision(scenario: Scenario) -> Facts:
    decision = scenario.decision
    return {
        "rule": decision.rule,
        "is_probability": METHODS[scenario.plan().primary].has_posterior,
        "benefit": plain(decision.benefit),
        "in_100": plain(round(100 * decision.threshold, 6)),
    }


def _handouts(trial: Trial) -> Iterator[list[int]]:
    """Yield first and last number of the kits that each visit hands out; empty where it hands out none."""
    dates = handout_dates(trial)
    for visit in visit_dates(trial):
        numbers = [kit.number for kit, day in zip(trial.kits, dates, strict=True) if day == visit]
        yield [numbers[0], numbers[-1]] if numbers else []
