"""What the page offers to download."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shiny import render

Offer = Callable[[Callable[[], Iterator[str | bytes]]], object]
FOLDER = "application/zip"


def download(filename: Callable[[], str], media_type: str = FOLDER) -> Offer:
    """Decorator for what yields a file; it goes by the name of a `ui.download_button`.

    Parameters
    ----------
    filename : callable
        Asked when it is wanted.
    media_type : str
    """
    # called render.download before Shiny 1.8
    renderer = getattr(render, "download_button", None) or render.download
    offer: Offer = renderer(filename=filename, media_type=media_type)
    return offer
