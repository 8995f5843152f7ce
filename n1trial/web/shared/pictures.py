"""Pictures that are drawn beside the page: after the figures have gone out, and only once they are looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from shiny import Session, reactive, ui

from n1trial.web.shared.job import faults_in
from n1trial.web.shared.tags import faults_list

Picture = TypeVar("Picture")


def draw_in_thread(
    name: str, give: Callable[[], Picture | None], draw: Callable[[Picture], ui.TagChild], session: Session
) -> Callable[[], ui.TagChild]:
    """Draw something in a thread whenever it is another, and keep the picture of before till the new one is there.

    Parameters
    ----------
    name : str
        Of the output that shows the picture.
    give : reactive callable
        Gives what is to be drawn; None draws nothing, and takes the picture of before away.
    draw : callable
        Given it; a picture takes as long as all figures together.
    session : Session

    Returns
    -------
    reactive callable
        Gives the picture; for a `render.ui`.
    """
    picture = reactive.Value[ui.TagChild](None, name=f"picture of {name}")
    last: Picture | None = None

    @reactive.extended_task
    async def paint(picture: Picture) -> ui.TagChild:
        return await asyncio.to_thread(draw, picture)

    session.on_ended(paint.cancel)

    @reactive.effect
    def _() -> None:
        nonlocal last
        given = give()
        if given is last or session.clientdata.output_hidden(name):
            return
        last = given
        paint.cancel()
        if given is None:
            picture.set(None)
        else:
            paint.invoke(given)

    @reactive.effect
    def _() -> None:
        if paint.status() == "success":
            picture.set(paint.value())
        elif paint.status() == "error":
            picture.set(faults_list(faults_in(paint.error()), "it was not drawn"))

    return picture
