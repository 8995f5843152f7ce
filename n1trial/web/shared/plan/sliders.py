"""What the inputs are called, their units, and how far their sliders reach; number boxes take all that is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DAYS, POINTS, SHARE = "days", "points", "share, 0 to 1"


@dataclass(frozen=True)
class Slider:
    """How an input is shown.

    Attributes
    ----------
    label : str
    unit : str
        Empty where it has none.
    low, high, step : float or None
        Of its slider; of inputs in points as shares of the scale's width. None where there is no slider.
    """

    label: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None


def _points(label: str, low: float = 0.0, high: float = 0.3, unit: str = POINTS) -> Slider:
    return Slider(label, unit, low, high, 0.01)


def _share(label: str, high: float = 1.0, step: float = 0.01, unit: str = SHARE) -> Slider:
    return Slider(label, unit, 0.0, high, step)


def _days(label: str, low: float = 0, high: float = 112, step: float = 1) -> Slider:
    return Slider(label, DAYS, low, high, step)


SLIDERS: Mapping[str, Slider] = {
    "name": Slider("Short name"),
    "title": Slider("Title"),
    "source.citation": Slider("Source of the plan"),
    "source.reported": Slider("What that source says"),
    "source.status": Slider("How far the source can be trusted"),
    "source.note": Slider("Rationale, and what else a reader must know"),
    "treatment.name": Slider("Drug"),
    "treatment.dose": Slider("Dose"),
    "treatment.route": Slider("Route"),
    "treatment.every_days": _days("Days from dose to dose", 1, 14),
    "treatment.effect": _points("Effect of the drug", -0.4, 0.4),
    "treatment.effect_sd": _points("Doubt about the effect"),
    "treatment.responders": _share("Chance that the drug does anything"),
    "treatment.onset_days": _days("How slowly the effect builds up", 0, 60),
    "treatment.offset_days": _days("How slowly the effect fades", 0, 120),
    "treatment.onset_range": Slider("Believable build-up", DAYS),
    "treatment.offset_range": Slider("Believable fading", DAYS),
    "treatment.established_effect": _points("Established treatments achieve", -0.4, 0.4),
    "treatment.further_effects": Slider("Further effects to tell", POINTS),
    "treatment.skeptical_responders": _share("A skeptic's chance that the drug does anything"),
    "treatment.abrupt_stop_safe": Slider("The drug may be stopped from one day to the next"),
    "control.name": Slider("Control"),
    "control.kind": Slider("What the control is"),
    "control.dose": Slider("Dose of the control"),
    "control.route": Slider("Route of the control"),
    "control.abrupt_stop_safe": Slider("The control may be stopped from one day to the next"),
    "control.cautions": Slider("What must be known of the control"),
    "outcome.name": Slider("What is rated"),
    "outcome.scale": Slider("Lowest and highest score", POINTS),
    "outcome.step": Slider("Steps of the score", POINTS),
    "outcome.better": Slider("Which way is better"),
    "outcome.mcid": _points("Smallest worthwhile difference", 0.01),
    "outcome.unit": Slider("Scores are counted in"),
    "outcome.entry": Slider("When a day's line is written"),
    "outcome.question": Slider("Question on the diary"),
    "outcome.window": Slider("Time the question is about"),
    "outcome.lowest_means": Slider("The lowest score means"),
    "outcome.highest_means": Slider("The highest score means"),
    "outcome.places": Slider("Parts of the body"),
    "outcome.also_asked": Slider("Also asked"),
    "patient.baseline": _points("Usual score", 0.0, 1.0),
    "patient.daily_sd": _points("Swing from day to day"),
    "patient.autocorrelation": Slider("Likeness of one day to the next", "0 none, near 1 strong", 0.0, 0.95, 0.05),
    "patient.diary_sd": _points("Inexact entries"),
    "patient.period_sd": _points("Shifts between periods", 0.0, 0.2),
    "patient.period_shift_follows": Slider("What shifts between periods follow"),
    "patient.drift_sd": _points("Slow wandering", 0.0, 0.1, "points per square root of a day"),
    "patient.trend_per_week": _points("Steady change", -0.05, 0.05, "points a week"),
    "patient.weekly_amplitude": _points("Weekly ups and downs", 0.0, 0.2),
    "patient.enrolled_when_worse": Slider("Enters on a bad day", "standard deviations", 0.0, 3.0, 0.1),
    "trigger.days_per_week": Slider("How often", "days a week", 0.0, 7.0, 0.5),
    "trigger.effect": _points("What it adds", -0.3, 0.3),
    "trigger.fade_days": _days("How slowly it fades", 0, 14),
    "placebo.response": _points("Placebo response", -0.5, 0.5),
    "placebo.response_sd": _points("Doubt about the placebo response"),
    "placebo.onset_days": _days("How slowly the placebo response builds up", 0, 60),
    "placebo.fade_days": _days("How slowly the placebo response wears off", 0, 365),
    "placebo.shape": Slider("Course of the placebo response"),
    "placebo.displacement": Slider("How late the placebo response rises", "", 0.0, 20.0, 0.5),
    "placebo.rate_per_week": Slider("How fast the placebo response rises", "a week", 0.0, 2.0, 0.05),
    "blinding.leak": _share("What kits give away"),
    "blinding.side_effect": _share("Tell-tale side effect", unit="chance in a period on the drug"),
    "blinding.nocebo": _share("One believed on placebo", unit="chance in a period on placebo"),
    "blinding.learning": _share("Learning from the scores", 0.2, 0.005, "share a day"),
    "conduct.adherence": _share("Doses taken"),
    "conduct.adherence_weekend_drop": _share("Fewer at weekends", 0.5),
    "conduct.missing": _share("Entries missing"),
    "conduct.missing_growth_per_week": Slider("Growth of missing entries", "log odds a week", -0.1, 0.2, 0.005),
    "conduct.missing_when_worse": Slider("More missing on bad days", "log odds a standard deviation", -2.0, 2.0, 0.1),
    "conduct.gaps_per_month": Slider("Gaps, as holidays", "in 30 days", 0.0, 4.0, 0.1),
    "conduct.gap_days": _days("Length of a gap", 1, 30),
    "conduct.backfilled": _share("Entries made up later"),
    "conduct.dropout_per_week": _share("Stopping early", 0.1, 0.002, "hazard a week"),
    "conduct.dropout_when_worse": Slider("Stopping when worse", "log hazard a standard deviation", -2.0, 2.0, 0.1),
    "design.layout": Slider("Layout"),
    "design.run_in_days": _days("Run-in", 0, 84, 7),
    "design.run_in": Slider("Kind of run-in"),
    "design.cycles": Slider("Rounds", "", 1, 12, 1),
    "design.period_days": _days("Length of a period", 7, 126, 7),
    "design.washout_days": _days("Washout", 0, 84, 7),
    "design.randomization": Slider("How the order is drawn"),
    "design.switch_jitter_days": _days("Change-over moved by up to", 0, 42, 7),
    "design.switch_jitter_step_days": _days("Change-over moved in steps of", 1, 14),
    "design.block_cycles": Slider("Rounds in a block"),
    "design.max_run": Slider("Longest run of one treatment", "periods"),
    "design.sequence": Slider("Stated sequence"),
    "analysis.primary": Slider("Analysis that decides"),
    "analysis.methods": Slider("All analyses"),
    "analysis.alpha": Slider("Accepted false alarms", "chance", 0.01, 0.2, 0.01),
    "analysis.sides": Slider("Sides of the test"),
    "analysis.discard_days": _days("Settling-in days", 0, 56),
    "analysis.minimum_days": _days("Entries that a period needs", 1, 56),
    "analysis.terms": Slider("Further terms of the analysis"),
    "analysis.df": Slider("Degrees of freedom"),
    "analysis.assumed_onset_days": _days("Build-up the analyst assumes", 0, 60),
    "analysis.assumed_offset_days": _days("Fading the analyst assumes", 0, 120),
    "analysis.statistic": Slider("What the exact test compares"),
    "analysis.max_assignments": Slider("Most assignments"),
    "analysis.prior_mean": _points("Prior mean", -0.4, 0.4),
    "analysis.prior_sd": _points("Prior standard deviation", 0.01),
    "analysis.sd_scale": _points("Prior scale of differences", 0.01),
    "decision.rule": Slider("The drug is continued when"),
    "decision.benefit": _points("Benefit that the drug must have"),
    "decision.threshold": Slider("How probable a benefit must be", "chance", 0.05, 0.95, 0.05),
    "pack.kit_days": _days("Days in a kit", 1, 28),
    "pack.units_per_dose": Slider("Capsules in a dose", "capsules", 1, 10, 1),
    "pack.times_of_day": Slider("When doses are taken"),
    "pack.spare_fraction": _share("Spare doses"),
    "pack.shelf_life_days": _days("Shelf life of a kit", 7, 730),
    "pack.form": Slider("What kits hold, one of it"),
    "pack.form_plural": Slider("Several of it"),
    "pack.reference": Slider("Reference of the trial"),
    "pack.investigator": Slider("Investigator"),
    "pack.contact": Slider("Whom to call"),
    "pack.legal_text": Slider("Words that the country asks for on labels"),
    "pack.storage": Slider("How kits are stored"),
    "pack.batch": Slider("Batch"),
    "pack.visit_days": Slider("Weekdays on which the clinic is open"),
    "pack.visit_every_days": _days("Days from one visit to the next", 7, 112),
    "pack.use_by": Slider("Use-by date of all kits"),
    "stopping.worse_by": _points("Worse than the run-in by"),
    "stopping.days": _days("For so many days in a row", 1, 56),
    "simulation.seed": Slider("Seed of the random numbers"),
    "secondary.scale": Slider("Lowest and highest value"),
    "secondary.step": Slider("Steps", POINTS),
    "secondary.better": Slider("Which way is better"),
    "secondary.mcid": Slider("Smallest worthwhile difference", POINTS),
    "secondary.every_days": _days("Days from one to the next", 1, 112),
    "secondary.baseline": Slider("Usual value", POINTS),
    "secondary.daily_sd": Slider("Ups and downs", POINTS),
    "secondary.autocorrelation": Slider("Likeness of one day to the next", "0 to 1", 0.0, 0.95, 0.05),
    "secondary.diary_sd": Slider("Inexact measuring", POINTS),
    "secondary.effect": Slider("Effect of the drug on it", POINTS),
    "secondary.placebo_response": Slider("Placebo response", POINTS),
    "secondary.trigger_scale": Slider("What triggers move it by", "points a point"),
    "secondary.correlation": Slider("Correlation with the score", "-1 to 1", -1.0, 1.0, 0.05),
}
"""By section and key; those of a table within an array without its name."""

FIRST: tuple[str, ...] = (
    "treatment.effect", "patient.daily_sd", "patient.autocorrelation", "treatment.onset_days", "treatment.offset_days",
    "design.cycles", "design.period_days",
)  # fmt: skip
"""Inputs that matter first."""
