"""Links of the docs: what they lead to within this repository is there, page and heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = (
    *ROOT.glob("*.md"),
    *(path for name in ("docs", "scenarios", "results") for path in (ROOT / name).rglob("*.md")),
)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"(?<!\\)\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z]+:")


def anchors(text: str) -> Iterator[str]:
    """Yield the names that GitHub gives to headings: small letters, hyphens for blanks, a number where one recurs."""
    seen: set[str] = set()
    for heading in HEADING.findall(FENCED.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        unique = next(each for n in count() if (each := f"{name}-{n}" if n else name) not in seen)
        seen.add(unique)
        yield unique


def dead_links(page: Path) -> Iterator[str]:
    """Find links to files that are not there, or to headings that their page does not have."""
    for link in LINK.findall(CODE.sub("", FENCED.sub("", page.read_text(encoding="utf-8")))):
        if ELSEWHERE.match(link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert list(dead_links(page)) == []


@pytest.mark.parametrize(
    ("link", "is_dead"),
    [
        ("other.md", False), ("other.md#what-a-run-says", False), ("#here", False), ("https://example.org/gone", False),
        ("other.md#what-a-run-says-1", False),
        ("gone.md", True), ("other.md#gone", True), ("#gone", True), ("../other.md", True), ("other.md#comment", True),
    ],
)  # fmt: skip
def test_a_dead_link_is_known(tmp_path: Path, link: str, is_dead: bool) -> None:
    headings = "# What a `run` says\n## What a run says\n```\n# Comment\n```\n"
    (tmp_path / "other.md").write_text(headings, encoding="utf-8")
    (tmp_path / "page.md").write_text(f"# Here\n`[code](gone.md)`\n[a link]({link})\n", encoding="utf-8")
    assert list(dead_links(tmp_path / "page.md")) == ([link] if is_dead else [])
