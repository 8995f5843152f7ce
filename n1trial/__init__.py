"""Plan a blinded crossover trial in one patient: could it detect an effect?

Plan
    Scenario, load_scenario, Layout, Schedule, Plan
Simulate and judge
    simulate, Diaries, run, Result, load_result, Verdict, Figure, sweep, search, Limits
Analyze a diary
    read_diary, Diary, analyze, Estimates, Status, METHODS, read_scores, Scores, calibrate, Calibration
Look
    plot
Closed forms
    formulas
Errors
    N1trialError, InputError
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from n1trial import formulas
    from n1trial.analysis.analyze import analyze
    from n1trial.analysis.estimates import Estimates, Status
    from n1trial.design.layout import Layout
    from n1trial.design.schedule import Schedule
    from n1trial.diary.diary import Diary
    from n1trial.diary.file.read import read_diary
    from n1trial.diary.file.scores import Scores, read_scores
    from n1trial.diary.methods import METHODS
    from n1trial.diary.plan import Plan
    from n1trial.errors import InputError, N1trialError
    from n1trial.evaluation.characteristics import Figure
    from n1trial.evaluation.verdict import Verdict
    from n1trial.report.plot.plot import plot
    from n1trial.report.run.result import Result, load_result, run
    from n1trial.report.sweep.sweep import sweep
    from n1trial.scenario.file.load import load_scenario
    from n1trial.scenario.scenario import Scenario
    from n1trial.simulation.simulate import Diaries
    from n1trial.study.batches.simulate import simulate
    from n1trial.study.calibration.calibrate import Calibration, calibrate
    from n1trial.study.search.limits import Limits
    from n1trial.study.search.search import search

__version__ = "0.1.0"

__all__ = [
    "METHODS", "Calibration", "Diaries", "Diary", "Estimates", "Figure", "InputError", "Layout", "Limits",
    "N1trialError", "Plan", "Result", "Scenario", "Schedule", "Scores", "Status", "Verdict", "analyze", "calibrate",
    "formulas", "load_result", "load_scenario", "plot", "read_diary", "read_scores", "run", "search", "simulate",
    "sweep",
]  # fmt: skip

_HOMES = {
    name: home
    for home, names in {
        "analysis.analyze": ("analyze",),
        "analysis.estimates": ("Estimates", "Status"),
        "design.layout": ("Layout",),
        "design.schedule": ("Schedule",),
        "diary.diary": ("Diary",),
        "diary.methods": ("METHODS",),
        "diary.plan": ("Plan",),
        "diary.file.read": ("read_diary",),
        "diary.file.scores": ("Scores", "read_scores"),
        "errors": ("InputError", "N1trialError"),
        "evaluation.characteristics": ("Figure",),
        "evaluation.verdict": ("Verdict",),
        "report.plot.plot": ("plot",),
        "report.run.result": ("Result", "load_result", "run"),
        "report.sweep.sweep": ("sweep",),
        "scenario.file.load": ("load_scenario",),
        "scenario.scenario": ("Scenario",),
        "simulation.simulate": ("Diaries",),
        "study.calibration.calibrate": ("Calibration", "calibrate"),
        "study.search.limits": ("Limits",),
        "study.search.search": ("search",),
        "study.batches.simulate": ("simulate",),
    }.items()
    for name in names
}


def __getattr__(name: str) -> object:
    """Load a public name where it is first used, so that ``import n1trial`` costs next to nothing."""
    if name == "formulas":
        return import_module("n1trial.formulas")
    if name in _HOMES:
        return getattr(import_module(f"n1trial.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'n1trial' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
