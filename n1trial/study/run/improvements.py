"""What holds a trial back: the same trial with one thing at a time made better, or left out."""

from __future__ import annotations

from n1trial.design.randomization import MAX_CYCLES
from n1trial.errors import InputError
from n1trial.scenario.model.trial import Design
from n1trial.scenario.scenario import Scenario


def with_time_course(scenario: Scenario, onset_days: float, offset_days: float) -> Scenario:
    """Give a scenario's drug other time constants in truth, while the analyst goes on assuming the old ones."""
    plan = scenario.plan()
    return scenario.replace(
        **{
            "treatment.onset_days": onset_days,
            "treatment.offset_days": offset_days,
            "treatment.onset_range": None,
            "treatment.offset_range": None,
            "analysis.assumed_onset_days": plan.assumed_onset_days,
            "analysis.assumed_offset_days": plan.assumed_offset_days,
        }
    )


def at_once(scenario: Scenario) -> Scenario:
    """Make a scenario's drug act and fade at once, which the analyst knows."""
    return scenario.replace(
        **{
            "treatment.onset_days": 0.0,
            "treatment.offset_days": 0.0,
            "treatment.onset_range": None,
            "treatment.offset_range": None,
            "analysis.assumed_onset_days": None,
            "analysis.assumed_offset_days": None,
        }
    )


def perfectly_blinded(scenario: Scenario) -> Scenario:
    """Keep a scenario's patient from ever learning what is taken."""
    return scenario.replace(**{f"blinding.{key}": 0.0 for key in ("leak", "learning", "side_effect", "nocebo")})


def without_secondaries(scenario: Scenario) -> Scenario:
    """Leave a scenario its primary outcome alone; it draws the same numbers without the others."""
    return scenario.replace(secondary=None, evidence=None)


def changed_or_none(scenario: Scenario, **changes: object) -> Scenario | None:
    """Return the scenario with other values; None where the changed one would break a rule."""
    try:
        return scenario.replace(**changes)
    except InputError:
        return None


def one_more_cycle(scenario: Scenario) -> Scenario | None:
    """Add one cycle to a scenario (one block where blocks are drawn); None where there is no room."""
    design = scenario.design
    added = design.block_cycles or 1
    if design.cycles + added > MAX_CYCLES:
        return None
    changes: dict[str, object] = {"design.cycles": design.cycles + added}
    if design.sequence is not None:
        last = design.sequence[-2:]
        changes["design.sequence"] = design.sequence + (last if len(set(last)) == 2 else "AB")
    return changed_or_none(scenario, **changes)


def with_placebo_run_in(scenario: Scenario) -> Scenario | None:
    """Put blinded placebo into a scenario's run-in, which lasts as long as before, or as usual where there is none.

    None where the run-in holds placebo, and where the control is a drug: its placebo would be a third product.
    """
    design = scenario.design
    if design.run_in == "placebo" or scenario.control.is_active:
        return None
    usual = Design.model_fields["run_in_days"].default
    return changed_or_none(scenario, **{"design.run_in": "placebo", "design.run_in_days": design.run_in_days or usual})


def without_run_in(scenario: Scenario) -> Scenario:
    """Let a scenario begin with its first period."""
    return scenario.replace(**{"design.run_in": "open", "design.run_in_days": 0})


def improvements(scenario: Scenario) -> dict[str, Scenario]:
    """List scenarios by the name of what is improved, or saved; only those that change something.

    The open-label layout has none: nothing relieves it of having no control.
    """
    if scenario.design.layout == "open-label":
        return {}
    patient = scenario.patient
    relieved: dict[str, Scenario | None] = {
        "carryover_gone": at_once(scenario),
        "one_more_cycle": one_more_cycle(scenario),
        "half_daily_noise": scenario.replace(
            **{"patient.daily_sd": patient.daily_sd / 2, "patient.diary_sd": patient.diary_sd / 2}
        ),
        "no_missing_entries": scenario.replace(
            **{"conduct.missing": 0.0, "conduct.gaps_per_month": 0.0, "conduct.backfilled": 0.0}
        ),
        "all_doses_taken": scenario.replace(**{"conduct.adherence": 1.0, "conduct.adherence_weekend_drop": 0.0}),
        "nobody_stops_early": scenario.replace(**{"conduct.dropout_per_week": 0.0}),
        "perfect_blinding": perfectly_blinded(scenario),
        "placebo_run_in": with_placebo_run_in(scenario),
        "no_run_in": without_run_in(scenario),
    }
    before = _truth_and_design(scenario)
    return {
        name: changed
        for name, changed in relieved.items()
        if changed is not None and _truth_and_design(changed) != before
    }


def _truth_and_design(scenario: Scenario) -> tuple[object, ...]:
    treatment = scenario.treatment
    return (
        treatment.onset_days, treatment.offset_days, scenario.patient, scenario.blinding, scenario.conduct,
        scenario.design,
    )  # fmt: skip
