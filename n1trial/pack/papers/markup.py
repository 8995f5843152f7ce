"""Read the HTML of papers and letters as a tree of elements, to be set as PDF or written as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = ("br", "meta", "link")
HIDDEN = ("style", "title")
BLOCKS = ("p", "h1", "h2", "li", "div", "ul")
"""Elements that begin a paragraph of a plain text."""


@dataclass
class Node:
    """An element of a paper, with what is in it."""

    tag: str
    classes: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def all(self, tag: str) -> Iterator[Node]:
        """Yield elements of a kind within, however deep."""
        for child in self.children:
            if isinstance(child, Node):
                if child.tag == tag:
                    yield child
                yield from child.all(tag)


class _Reader(HTMLParser):
    """A reader of our own HTML into nodes; nothing else is expected."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("html")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        node = Node(tag, tuple(attributes.get("class", "").split()), attributes)
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        node = self.open.pop()
        assert node.tag == tag, f"<{node.tag}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def as_text(node: Node) -> str:
    """Write what a reader of an element sees: a paragraph a line, one free line between paragraphs."""
    kept: list[str] = []
    for line in (" ".join(line.split()) for line in _running_text(node).split("\n")):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip() + "\n"


def _running_text(node: Node | str) -> str:
    if isinstance(node, str):
        return node.replace("\n", " ")
    if node.tag in HIDDEN:
        return ""
    begin = "\n\n" if node.tag in BLOCKS else "\n" if node.tag == "br" else ""
    return begin + "".join(map(_running_text, node.children))


def parse(html: str) -> Node:
    """Read the elements of a paper or letter."""
    reader = _Reader()
    reader.feed(html)
    (root,) = reader.open
    return root
