"""A plan from a diary: the patient of the open plan behaves like the one who kept it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.files.source import MemoryFile
from n1trial.scenario.scenario import Scenario
from n1trial.web.diary.results import CalibratedPlan, calibrate_diary
from n1trial.web.diary.view import patient_view
from n1trial.web.shared import job_panel
from n1trial.web.shared.job import UNFORESEEN, Job, Steps, faults_in
from n1trial.web.shared.plan.draft import Draft
from n1trial.web.shared.state import PageState
from n1trial.web.shared.tags import faults_list

TOML = "application/toml"
CHANGED = (
    "This patient was put into the plan as it was; the plan has been changed since, and what was changed would be lost."
    " Calibrate again to plan with this patient."
)


@module.ui
def panel() -> ui.TagList:
    """Lay out what is asked and shown."""
    return ui.TagList(
        ui.tags.p(
            "Use this patient's level and day-to-day swing in the plan. What the diary cannot"
            " tell goes in as a range, and the answer is given at both ends.",
            class_="hint",
        ),
        ui.input_action_button("begin", "Calibrate"),
        job_panel.panel("job"),
        ui.output_ui("result"),
    )


@module.server
def server(
    input: Inputs,  # noqa: A002
    output: Outputs,  # noqa: ARG001
    session: Session,
    state: PageState,
    diary: Callable[[], MemoryFile | None],
) -> None:
    """Calibrate to the diary, and open the result as the plan when asked."""
    calibration = CalibrationPanel(state)
    job_panel.server("job", calibration.job, "Calibrated.")
    _calibrate_when_asked(input, state, diary, calibration)
    _show(calibration)
    _plan_when_asked(input, session, state, calibration)
    _give_away(calibration)


class CalibrationPanel:
    """A visitor's calibration.

    Attributes
    ----------
    job : Job of CalibratedPlan
    lacking : reactive.Value of str
        What it could not begin without.
    as_plan : reactive callable
        Gives the result as a plan to open; None where there is nothing.
    is_current : reactive callable
        Whether the open plan is still the one that it was found for, or what came of it.
    """

    def __init__(self, state: PageState) -> None:
        self._state = state
        self.job: Job[CalibratedPlan] = Job()
        self.lacking = reactive.Value("", name="lacking")
        self.as_plan: Callable[[], Draft | None] = reactive.calc(self._as_plan)
        self.is_current: Callable[[], bool] = reactive.calc(self._is_current)

    def _as_plan(self) -> Draft | None:
        made = self.job.output()
        try:
            return None if made is None else draft_of(made)
        except Exception as error:
            faults_in(error)
            return None

    def _is_current(self) -> bool:
        made, draft, scenario = self.job.output(), self.as_plan(), self._state.draft().scenario
        return made is not None and draft is not None and scenario in (made.plan, draft.scenario)


def _calibrate_when_asked(
    input: Inputs,  # noqa: A002
    state: PageState,
    diary: Callable[[], MemoryFile | None],
    calibration: CalibrationPanel,
) -> None:
    """Calibrate to the diary that is open, as long as it is."""

    @reactive.effect
    @reactive.event(diary)
    def _() -> None:
        calibration.lacking.set("")
        calibration.job.drop()

    @reactive.effect
    @reactive.event(input.begin)
    def _() -> None:
        brought, scenario = diary(), state.draft().scenario
        calibration.lacking.set(
            "Open a diary first." if brought is None
            else "The plan has faults; mend it first." if scenario is None else ""
        )  # fmt: skip
        if brought is not None and scenario is not None:
            calibration.job.begin(lambda steps: _calibrate(state, brought, scenario, steps))


def _show(calibration: CalibrationPanel) -> None:
    @render.ui
    def result() -> ui.TagChild:
        made, is_current = calibration.job.output(), calibration.is_current
        lacking = ui.tags.p(calibration.lacking(), role="status") if calibration.lacking() else None
        if made is None:
            return lacking or faults_list(calibration.job.faults())
        if calibration.as_plan() is None:
            return faults_list((UNFORESEEN,))
        return ui.div(
            lacking,
            patient_view(made.patient, made.plan),
            None if is_current() else ui.tags.p(CHANGED, class_="against", role="status"),
            ui.div(
                ui.input_action_button("plan", "Plan with this patient", class_="btn-primary")
                if is_current()
                else None,
                ui.download_button("file", "Download the scenario file"),
                class_="buttons",
            ),
        )


def _plan_when_asked(input: Inputs, session: Session, state: PageState, calibration: CalibrationPanel) -> None:  # noqa: A002
    """Open the result as the plan, unless what was changed meanwhile would be lost."""

    @reactive.effect
    @reactive.event(input.plan)
    def _() -> None:
        draft = calibration.as_plan()
        if draft is not None and calibration.is_current():
            state.load_plan(draft)
            ui.update_navset("room", selected="plan", session=session.root_scope())


def _give_away(calibration: CalibrationPanel) -> None:
    @render.download_button(filename=lambda: f"{_name(calibration.job.output())}.toml", media_type=TOML)
    def file() -> Iterator[str]:
        made = calibration.job.output()
        if made is not None:
            yield made.text


def draft_of(plan: CalibratedPlan) -> Draft:
    """Make a draft of the plan with the patient of a diary."""
    return Draft.begin(MemoryFile(f"{plan.name}.toml", plan.text.encode()))


async def _calibrate(state: PageState, file: MemoryFile, scenario: Scenario, steps: Steps) -> CalibratedPlan:
    steps.begin("Looking for this patient in the diary ...")
    return await state.background.run_apart(calibrate_diary, file, scenario)


def _name(plan: CalibratedPlan | None) -> str:
    return "scenario" if plan is None else plan.name
