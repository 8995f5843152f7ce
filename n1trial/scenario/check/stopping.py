"""The stop rule of a scenario, and what is unwise about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from n1trial.diary.stop_rule import StopRule
from n1trial.scenario.check.fault import plain
from n1trial.scenario.model.tables import Tables


def stop_rule(scenario: Tables) -> StopRule:
    """When the trial stops because the patient got worse: as stated, else after twice the smallest worthwhile one."""
    stopping, outcome = scenario.stopping, scenario.outcome
    worse_by = 2 * outcome.mcid if stopping.worse_by is None else stopping.worse_by
    return StopRule(worse_by, stopping.days, outcome.better, outcome.scale)


def rule_cannot_be_met(scenario: Tables) -> Iterator[str]:
    """Say where the usual score leaves no room for as much worse as the rule asks for."""
    if scenario.design.layout == "open-label":
        return
    rule, usual = stop_rule(scenario), scenario.patient.baseline
    if not rule.can_be_met(usual):
        whence = "" if scenario.stopping.worse_by is not None else " (twice outcome.mcid)"
        end = rule.scale[1] if rule.better == "lower" else rule.scale[0]
        yield (
            f"stopping.worse_by: {plain(rule.worse_by)}{whence} is more than a score can get worse by from a baseline "
            f"of {plain(usual)} to {plain(end)}, the end of the scale; the stop rule could not be met"
        )


def rule_looks_too_far(scenario: Tables) -> Iterator[str]:
    """Say where a worsening of one whole period would be watered down by its neighbors, or the trial is over first."""
    days, layout = scenario.stopping.days, scenario.layout()
    if layout.is_open_label or days <= layout.shortest_period_days:
        return
    if days > layout.treated_days:
        yield (
            f"stopping.days: {days} days are longer than the {layout.treated_days} after the run-in; the stop rule "
            "could never be met"
        )
    else:
        yield (
            f"stopping.days: {days} days are longer than the shortest period, {layout.shortest_period_days}; the stop "
            "rule averages over both treatments, so that harm by one of them shows less"
        )


WARNINGS: tuple[Callable[[Tables], Iterator[str]], ...] = (rule_cannot_be_met, rule_looks_too_far)
