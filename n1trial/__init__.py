"""Plan a blinded crossover trial in one patient: could it detect an effect?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from n1trial import formulas
    from n1trial.analysis.analyze import analyze
    from n1trial.analysis.estimates import Estimates
    from n1trial.design.layout import Layout
    from n1trial.design.schedule import Schedule
    from n1trial.diary.diary import Diary
    from n1trial.diary.plan import Plan
    from n1trial.diary.read import read_diary
    from n1trial.diary.scores import Scores, read_scores
    from n1trial.report.run.result import Result, run
    from n1trial.scenario.file.load import load_scenario
    from n1trial.scenario.scenario import Scenario
    from n1trial.simulation.simulate import Diaries, simulate
    from n1trial.study.calibration.calibrate import Calibration, calibrate

__version__ = "0.1.0"

__all__ = [
    "Calibration", "Diaries", "Diary", "Estimates", "Layout", "Plan", "Result", "Scenario", "Schedule", "Scores",
    "analyze", "calibrate", "formulas", "load_scenario", "read_diary", "read_scores", "run", "simulate",
]  # fmt: skip

_HOMES = {
    "Calibration": "study.calibration.calibrate",
    "Diaries": "simulation.simulate",
    "Diary": "diary.diary",
    "Estimates": "analysis.estimates",
    "Layout": "design.layout",
    "Plan": "diary.plan",
    "Result": "report.run.result",
    "Scenario": "scenario.scenario",
    "Schedule": "design.schedule",
    "Scores": "diary.scores",
    "analyze": "analysis.analyze",
    "calibrate": "study.calibration.calibrate",
    "load_scenario": "scenario.file.load",
    "read_diary": "diary.read",
    "read_scores": "diary.scores",
    "run": "report.run.result",
    "simulate": "simulation.simulate",
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
