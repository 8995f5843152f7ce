"""Papers as PDF, set by typst."""

from __future__ import annotations

import re
from importlib.util import find_spec

from n1trial.errors import InputError
from n1trial.extras import install_command
from n1trial.pack.papers.typeface import FOLDER
from n1trial.pack.papers.typeset import to_typst


def check_typst() -> None:
    """Refuse to go on where typst is not installed.

    Raises
    ------
    InputError
        With how to get it.
    """
    if find_spec("typst") is None:
        raise InputError(
            "PDFs need typst, which is not installed; without them there is HTML, which prints as well; this"
            f" installs it: {install_command('pdf')}"
        )


def with_pdfs(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files, with a PDF beside every HTML."""
    pdfs = {f"{path[:-5]}.pdf": to_pdf(text.decode()) for path, text in files.items() if path.endswith(".html")}
    return dict(sorted((files | pdfs).items()))


def to_pdf(html: str) -> bytes:
    """Set a paper, with the font of papers and nothing of this machine.

    Parameters
    ----------
    html : str
        A paper of ours (`n1trial.pack.papers.papers.page`).

    Returns
    -------
    bytes
        A PDF/A-2b, for keeping; the same for the same paper.

    Raises
    ------
    InputError
        If typst is not installed, or its fonts lack a letter: a name is never printed in part.
    """
    check_typst()
    import typst

    try:
        made = typst.compile(
            to_typst(html).encode(),
            format="pdf",
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[FOLDER]),
            timestamp=0,
            pdf_standards=["a-2b"],
        )
    except typst.TypstError as error:
        lacking = re.search(r'text `"(.+?)"` could not be displayed', str(error))
        if lacking is None:
            raise
        raise InputError(
            f"the fonts for PDFs have no {lacking[1]!r}; make the pack without PDFs and print its HTML"
        ) from None
    return bytes(made)
