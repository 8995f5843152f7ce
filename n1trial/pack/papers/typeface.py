"""The one font of all papers: embedded in their HTML, set by typst in their PDFs, and measured before either."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "fonts"
"""Where the files of the font are; its README says how they were made."""
FAMILY = "n1trial Paper"
PARTS = {
    "latin": "U+0-17F, U+18F, U+192, U+218-21B, U+259, U+2C6-2DC, U+2000-2BFF",
    "more": "U+180-18E, U+190-191, U+193-217, U+21C-258, U+300-36F, U+1E00-1EFF",
    "greek": "U+370-3FF, U+1F00-1FFF",
    "cyrillic": "U+400-52F",
}
"""Parts of the font, each with the letters it is for."""
WEIGHTS = {"regular": 400, "bold": 700}
POINT_MM = 25.4 / 72
BOLD = 1.08
EM = 1000
"""Width of a letter that the font lacks, in thousandths of its size; those of the Far East are so wide."""


def faces(text: str) -> Markup:
    """Return style rules that embed the parts of the font that a text needs.

    Returns
    -------
    Markup
        Of about 40 kB; 30 kB more for each script besides Latin.
    """
    letters = set(text)
    used = ["latin", *(part for part in PARTS if part != "latin" and not letters.isdisjoint(_holds(part)))]
    return Markup("\n").join(_face(part, weight) for part in used for weight in WEIGHTS)


def width_mm(text: str, points: float = 12.0) -> float:
    """Return a text's width on one line in the regular font; the bold one is up to `BOLD` times as wide."""
    return sum(_widths().get(letter, EM) for letter in text) / EM * points * POINT_MM


@cache
def _face(part: str, weight: str) -> Markup:
    data = b64encode((FOLDER / f"{part}-{weight}.woff2").read_bytes()).decode()
    return Markup(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {WEIGHTS[weight]}; unicode-range: {PARTS[part]};'
        f' src: url(data:font/woff2;base64,{data}) format("woff2"); }}'
    )


@cache
def _holds(part: str) -> frozenset[str]:
    """Return the letters of a part."""
    ends = [each.strip().removeprefix("U+").split("-") for each in PARTS[part].split(",")]
    return frozenset(chr(code) for one in ends for code in range(int(one[0], 16), int(one[-1], 16) + 1))


@cache
def _widths() -> dict[str, int]:
    held = json.loads((FOLDER / "widths.json").read_text(encoding="utf-8"))
    return {letter: int(width) for width, letters in held.items() for letter in letters}
