"""Write docs/api.md from the docstrings of what is public: ``python docs/api.py``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import n1trial

PAGE = Path(__file__).with_suffix(".md")
OWN_TEXTS = {
    "METHODS": """Every method of analysis by its name: what it is, what it estimates, what it needs.

Examples
--------
>>> import n1trial
>>> [name for name, method in n1trial.METHODS.items() if method.has_posterior]
['exposure', 'course', 'mixed', 'bayes']""",
    "formulas": "Closed forms: what can be said of a design, or of a few numbers, without simulating.",
}
"""Of what has no docstring of its own."""


def page() -> str:
    """Make the page: a heading a topic and a name, and its docstring as it stands."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    yield from ("# What `import n1trial` gives", "")
    yield "Made by `docs/api.py` from the docstrings; a test holds both together. `help(n1trial.run)` says the same."
    title = ""
    for line in (n1trial.__doc__ or "").splitlines()[1:]:
        if not line.startswith("    "):
            title = line
            continue
        yield from ("", f"## {title}")
        for name in line.strip().split(", "):
            yield from _entry(name)
    for name in n1trial.formulas.__all__:
        yield from _entry(f"formulas.{name}")


def _entry(name: str) -> Iterator[str]:
    of: object = n1trial
    for part in name.split("."):
        of = getattr(of, part)
    signature = f"{name}{inspect.signature(of)}" if inspect.isfunction(of) else name
    text = OWN_TEXTS.get(name) or inspect.getdoc(of) or ""
    yield from ("", f"### {name}", "", "```text", *([signature, ""] if signature != name else []), text, "```")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
