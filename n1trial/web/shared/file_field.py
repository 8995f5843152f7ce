"""A field for a file: what it asks for, and how large that may be."""

from __future__ import annotations

from dataclasses import dataclass

from shiny import ui
from shiny.module import resolve_id

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class FileField:
    """A field for a file, whose content goes to the page and stays in its memory.

    Attributes
    ----------
    name : str
        Of the field within its room.
    label : str
    endings : tuple of str
        That the browser offers.
    most_bytes : int
    what : str
        What the file is, with its article.
    without_name : str
        What a file is called that comes without a name.
    """

    name: str
    label: str
    endings: tuple[str, ...]
    most_bytes: int
    what: str
    without_name: str

    @property
    def too_large(self) -> str:
        """What is said of a larger file, after its name."""
        return f"has more than {self.most_bytes // MEGABYTE} MB, and {self.what} has less; nothing of it is read"

    def tag(self) -> ui.Tag:
        """Return the field as it stands in its room."""
        field = resolve_id(self.name)
        return ui.div(
            ui.tags.label(self.label, for_=field),
            ui.tags.input(
                # n1trial.js sends it: Shiny's own way would tell the page a place on the disk
                {"data-shiny-no-bind-input": "", "data-most": str(self.most_bytes), "data-too-large": self.too_large},
                type="file", id=field, accept=",".join(self.endings), class_="form-control", data_upload="",
                aria_describedby=f"{field}-state",
            ),
            ui.tags.p(id=f"{field}-state", class_="upload-state", role="status"),
            class_="form-group shiny-input-container upload",
        )  # fmt: skip
