"""What is said of the code that ends a trial: whether it gives the figures of the code that the pack was made with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from n1trial.pack.end.reproduction import FigureDifference, Reproduction
from n1trial.pack.log.log import LOG
from n1trial.pack.make.program import FOLDER, REQUIREMENTS
from n1trial.provenance import in_words


def difference_in_words(reproduction: Reproduction) -> str | None:
    """Say first that the figures are others now; None where they are not."""
    if reproduction.kind != "different":
        return None
    first = reproduction.differences[0]
    differ = (
        "1 figure differs" if len(reproduction.differences) == 1 else f"{len(reproduction.differences)} figures differ"
    )
    return (
        "TODAY'S CODE AND LIBRARIES GIVE OTHER FIGURES THAN THOSE THAT MADE THIS PACK. The key holds a simulated diary"
        f" with the figures that the planned analyses gave for it. {differ} today. The first is {first.figure} by"
        f" {first.method}: {_show(first.then)} when the pack was made, {_today(first)} today."
        f" The pack was made with {in_words(reproduction.then)}. What follows was calculated with"
        f" {in_words(reproduction.now)}."
    )


def failure_in_words(error: Exception, home: Path, reproduction: Reproduction | None) -> Iterator[str]:
    """Say what holds when an analysis fails after the key has opened, and what to do; a sentence or step each.

    Parameters
    ----------
    error : Exception
        With which it failed.
    home : Path
        Folder of the pack.
    reproduction : Reproduction or None
        Of the check diary; None where that is what failed.
    """
    yield f"The key has opened, and then the analysis failed: {type(error).__name__}: {error}"
    yield f"Nothing is lost. The diary was frozen first; {home / LOG} tells that and the opening. The key is as it was."
    yield "No page, letter or figure was written. Earlier ones are as they were."
    if reproduction is not None and reproduction.kind == "different":
        yield from (str(difference_in_words(reproduction)), *remedy(reproduction))
    else:
        yield (
            "Do not change the diary. Report this to the developers of n1trial with the first line above. The same"
            " command can be repeated at any time, also on another machine."
        )


def remedy(reproduction: Reproduction) -> tuple[str, ...]:
    """Say how the code of then is brought back; nothing where the figures are the same."""
    return tuple(_remedy(reproduction)) if reproduction.kind == "different" else ()


def _remedy(reproduction: Reproduction) -> Iterator[str]:
    wheels = [path for path in reproduction.program if path.endswith(".whl")]
    if not wheels or f"{FOLDER}/{REQUIREMENTS}" not in reproduction.program:
        yield (
            f"The files in {FOLDER}/ that were made with the pack are not beside the key as they were. Find another"
            f" copy of the pack, or install {in_words(reproduction.then)}, and analyze with it."
        )
        return
    python = ".".join(str(reproduction.then["python"]).split(".")[:2])
    yield f"To analyze with the code that made the pack, type this in its folder, with Python {python}:"
    yield "python -m venv sealed"
    yield f"sealed/bin/pip install -r {FOLDER}/{REQUIREMENTS}"
    yield f"sealed/bin/pip install --no-deps {wheels[0]}"
    yield "sealed/bin/n1trial analyze DIARY --key key.age"


def footer(reproduction: Reproduction) -> str:
    """Say in one line what the figures rest on."""
    if reproduction.kind == "none":
        return (
            "This pack is older than check diaries, so nothing compares today's code with the code that made it."
            f" Analyzed with {in_words(reproduction.now)}."
        )
    if reproduction.kind == "different":
        return (
            f"Analyzed with {in_words(reproduction.now)}, which gives other figures than {in_words(reproduction.then)}."
        )
    same = (
        "the code and libraries that made the pack"
        if reproduction.then == reproduction.now
        else in_words(reproduction.then)
    )
    return (
        f"Analyzed with {in_words(reproduction.now)}. A check diary in the key gives the same figures as with {same}."
    )


def _today(difference: FigureDifference) -> str:
    return _show(difference.now) if difference.failure is None else f"impossible to calculate ({difference.failure})"


def _show(value: float | str | None) -> str:
    return "none" if value is None else f"{value:.10g}" if isinstance(value, int | float) else value
