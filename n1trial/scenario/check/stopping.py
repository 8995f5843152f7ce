"""The stop rule of a scenario, and what is unwise about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from n1trial.diary.stop_rule import StopRule
from n1trial.scenario.check.fault import Remark
from n1trial.scenario.model.tables import Tables


def stop_rule(scenario: Tables) -> StopRule:
    """Say when a trial stops because the patient got worse: as stated, else at twice the smallest worthwhile one."""
    stopping, outcome = scenario.stopping, scenario.outcome
    worse_by = 2 * outcome.mcid if stopping.worse_by is None else stopping.worse_by
    return StopRule(worse_by, stopping.days, outcome.better, outcome.scale)


def rule_cannot_be_met(scenario: Tables) -> Iterator[Remark]:
    """Find where the usual score leaves no room for as much worse as the rule asks for."""
    if scenario.design.layout == "open-label":
        return
    rule, usual = stop_rule(scenario), scenario.patient.baseline
    if not rule.can_be_met(usual):
        kind = "usual_stop_rule" if scenario.stopping.worse_by is None else "stated_stop_rule"
        end = rule.scale[1] if rule.better == "lower" else rule.scale[0]
        yield Remark(kind, "stopping.worse_by", {"worse_by": rule.worse_by, "baseline": usual, "end": end})


def rule_looks_too_far(scenario: Tables) -> Iterator[Remark]:
    """Find where a worsening of one whole period would be watered down by its neighbors, or the trial is over first."""
    days, layout = scenario.stopping.days, scenario.layout()
    if layout.is_open_label or days <= layout.shortest_period_days:
        return
    if days > layout.treated_days:
        yield Remark("endless_stop_rule", "stopping.days", {"days": days, "most": layout.treated_days})
    else:
        yield Remark("slow_stop_rule", "stopping.days", {"days": days, "most": layout.shortest_period_days})


REMARKS: tuple[Callable[[Tables], Iterator[Remark]], ...] = (rule_cannot_be_met, rule_looks_too_far)
