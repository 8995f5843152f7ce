"""Templates, which hold the wording of pages, letters and papers."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined

from n1trial.texts import on_paper


def templates(
    package: str, filters: dict[str, Callable[..., object]], *, is_trimmed: bool = True, is_escaped: bool = True
) -> Environment:
    """Open the templates of a package: a value that is not given is a fault.

    `is_trimmed` says whether a line that holds a block alone leaves nothing behind, `is_escaped` whether values are
    escaped, as pages need it.
    """
    environment = Environment(
        loader=PackageLoader(package), autoescape=is_escaped, undefined=StrictUndefined, trim_blocks=is_trimmed,
        lstrip_blocks=is_trimmed, keep_trailing_newline=True, finalize=on_paper,
    )  # fmt: skip
    environment.filters |= filters
    return environment
