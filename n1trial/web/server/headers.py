"""Headers of every answer: what the page may run and reach, and what nobody else may do with it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Message, Send

CODE = ("", "text/javascript", "application/javascript", "module")
"""Types of a script that is run; others are data."""
NOT_KEPT = ("/", "/session/", "/upload/")
"""What holds a diary, a pack or a secret: kept by no browser."""
ALWAYS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class _Scripts(HTMLParser):
    """Collector of the scripts that stand in a page itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._is_within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self._is_within = tag == "script" and "src" not in told and (told.get("type") or "").lower() in CODE
        if self._is_within:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if self._is_within:
            self.found[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_within = False


def inline_scripts(html: str) -> tuple[str, ...]:
    """Find the scripts that stand in a page itself.

    Parameters
    ----------
    html : str

    Returns
    -------
    tuple of str
        Their text, in their order.

    Examples
    --------
    >>> inline_scripts('<script src="x.js"></script><script>begin()</script><script type="application/json">1</script>')
    ('begin()',)
    """
    scripts = _Scripts()
    scripts.feed(html)
    scripts.close()
    return tuple(scripts.found)


def policy(scripts: Iterable[str], own_hosts: Iterable[str]) -> str:
    """Say what the page may run and reach.

    Parameters
    ----------
    scripts : iterable of str
        Texts of the scripts that stand in it; no other such script runs, and nothing is made code of a text.
    own_hosts : iterable of str
        Hosts with port that it is served by, for its websocket.
    """
    hashes = (f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in scripts)
    allowed = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *hashes],
        # papers and pictures within the page have styles of their own, and Shiny sets some
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", *(f"ws://{host}" for host in own_hosts)],
        "frame-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{what} {' '.join(sources)}" for what, sources in allowed.items())


def guard(send: Send, path: str, rules: str) -> Send:
    """Answer with the headers that every answer has.

    Parameters
    ----------
    send : ASGI send
    path : str
        That was asked for.
    rules : str
        What the page may run and reach.
    """

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = dict(_headers(path, rules))
            others = [(name, value) for name, value in message.get("headers", []) if name.lower() not in own]
            message["headers"] = [*others, *own.items()]
        await send(message)

    return answer


def _headers(path: str, rules: str) -> Iterator[tuple[bytes, bytes]]:
    told = {**ALWAYS, "content-security-policy": rules}
    if path == NOT_KEPT[0] or path.startswith(NOT_KEPT[1:]):
        told["cache-control"] = "no-store"
    yield from ((name.encode(), value.encode()) for name, value in told.items())
