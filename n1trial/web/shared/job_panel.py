"""Progress of a room's long work: what is being done, how much of it, and the button that cancels it."""

from __future__ import annotations

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.web.shared.job import Job, Output


@module.ui
def panel() -> ui.Tag:
    """Lay out how far the work has come."""
    return ui.div(ui.div(ui.output_ui("words"), role="status"), ui.output_ui("bar"), class_="job")


@module.server
def server(
    input: Inputs,  # noqa: A002
    output: Outputs,  # noqa: ARG001
    session: Session,
    job: Job[Output],
    when_done: str,
    *,
    has_cancel: bool = True,
) -> None:
    """Show how far the work has come, say that it is done, and drop it when it is canceled.

    Parameters
    ----------
    job : Job
    when_done : str
    has_cancel : bool
        Whether work that can be canceled has a button for it here, and not elsewhere in its room.
    """
    session.on_ended(job.end)

    @reactive.effect
    def _() -> None:
        job.take()

    @reactive.effect
    @reactive.event(input.cancel)
    def _() -> None:
        job.drop()

    _show(job, when_done, has_cancel=has_cancel)


def _show(job: Job[Output], when_done: str, *, has_cancel: bool) -> None:
    @reactive.calc
    def doing() -> str:
        return job.state()[0] if job.is_under_way() else ""

    @render.ui
    def words() -> ui.TagChild:
        outcome = job.outcome()
        said = doing() or (when_done if outcome is not None and outcome.output is not None else "")
        return ui.tags.p(said) if said else None

    @render.ui
    def bar() -> ui.TagChild:
        if not doing():
            return None
        share = job.state()[1]
        how_far = {} if share is None else {"value": f"{share:g}"}
        return ui.div(
            ui.tags.progress(max="1", aria_label="How far it has come", **how_far),
            ui.input_action_button("cancel", "Cancel") if has_cancel and job.steps.can_cancel else None,
            class_="working",
        )
