"""The gate of the page: it answers whoever was let in, on this machine, and no other site's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from n1trial.web.server.entry import EntryAddresses
from n1trial.web.server.headers import guard
from n1trial.web.server.invitations import TOKEN
from n1trial.web.server.peer import is_foreign

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""What this machine may be called by the browser that asks."""
REFUSED = (
    "n1trial answers only to its own page. An address that opens it stands in the last line of the terminal where"
    " n1trial web was started: it works once, within 60 seconds. A new one is printed there whenever it is needed."
)
FOREIGN = "n1trial answers only to the account of this machine that started it."
Headers = Mapping[bytes, Sequence[bytes]]


class PageGate:
    """Gate that lets in who comes by an address of the page, and then answers its browser.

    Parameters
    ----------
    app : ASGI application
        The page.
    entry : EntryAddresses
    rules : str
        What the page may run and reach.
    when_refused : callable
        Called when somebody on this machine asked for the page, and was not let in.
    """

    def __init__(self, app: ASGIApp, entry: EntryAddresses, rules: str, when_refused: Callable[[], None]) -> None:
        self._app, self._entry, self._rules, self._when_refused = app, entry, rules, when_refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from this page itself, let in who comes by its address, and refuse all else."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        headers = _headers(scope)
        is_known = _is_own(scope, headers) and self._entry.is_known(headers.get(b"cookie", ()))
        if scope["type"] == "websocket":
            return await (self._app(scope, receive, send) if is_known else send(CLOSED))
        send = guard(send, scope["path"], self._rules)
        if is_known and _secret(scope) is None:
            return await self._app(scope, receive, send)
        return await self._let_in(scope, headers, send, is_known=is_known)

    async def _let_in(self, scope: Scope, headers: Headers, send: Send, *, is_known: bool) -> None:
        """Let in who has a secret that is good, and refuse all others."""
        if not _is_own(scope, headers):
            return await _answer(send, 403, REFUSED)
        if is_foreign(scope["client"], scope["server"]):
            return await _answer(send, 403, FOREIGN)
        secret = _secret(scope)
        if secret is not None and self._entry.admit(secret):
            return await _answer(send, 303, "", {"location": "/", "set-cookie": self._entry.set_cookie})
        if is_known:
            return await _answer(send, 303, "", {"location": "/"})
        if scope["path"] == "/":
            self._when_refused()
        return await _answer(send, 403, REFUSED)


CLOSED = {"type": "websocket.close", "code": 1008}


def _headers(scope: Scope) -> Headers:
    """Return the values of each header, by its name; one may come several times."""
    found: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.lower(), []).append(value)
    return found


def _secret(scope: Scope) -> bytes | None:
    """Read the secret of an address of the page; None where that is no address that lets anybody in."""
    if scope.get("method") != "GET" or scope["path"] != "/":
        return None
    asked = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="replace")
    return asked[TOKEN][0].encode("utf-8", "replace") if TOKEN in asked else None


def _is_own(scope: Scope, headers: Headers) -> bool:
    """Return True if the host that is asked for is this machine, and the page that asks is served by it."""
    hosts, origins = headers.get(b"host", ()), headers.get(b"origin", ())
    if len(hosts) != 1:
        return False
    if scope.get("method") not in (None, "GET", "HEAD") and not origins:
        return False  # whatever sends something says where it comes from
    host = hosts[0].decode("latin-1")
    try:
        is_here = urlsplit(f"//{host}").hostname in NAMES
        return is_here and all(urlsplit(each.decode("latin-1")).netloc == host for each in origins)
    except ValueError:  # no address at all
        return False


async def _answer(send: Send, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
    told = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **(headers or {})}
    encoded = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": text.encode()})
