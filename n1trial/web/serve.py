"""The server of the page: on this machine, for this machine."""

from __future__ import annotations

import secrets
import signal
import socket
from collections.abc import Callable, Mapping
from hmac import compare_digest
from http.cookies import SimpleCookie
from types import FrameType
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qs, urlsplit

import uvicorn

from n1trial.errors import InputError
from n1trial.web.app import make_app
from n1trial.web.background import Background

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""What this machine may be called by the browser that asks."""
TOKEN = "token"
"""What stands in the address and nobody else can know: others may have accounts on this machine."""
REFUSED = (
    "n1trial answers only to its own page: open the address that n1trial web has printed, with all that it ends in."
)


def serve(port: int, when_ready: Callable[[str], None]) -> None:
    """Serve the planning page until interrupted.

    Parameters
    ----------
    port : int
        Of 127.0.0.1; 0 takes one that is free.
    when_ready : callable
        Told the address, once it answers there.

    Raises
    ------
    InputError
        If the port is taken.
    """
    listening = _listening(port)
    own_port, token = listening.getsockname()[1], secrets.token_urlsafe(16)
    address = f"http://{HOST}:{own_port}/?{TOKEN}={token}"
    background = Background()
    background.start()
    signal.signal(signal.SIGTERM, _end)
    try:
        config = uvicorn.Config(
            FromHere(make_app(background), f"n1trial-{own_port}", token), log_level="warning", lifespan="off"
        )
        _Server(config, lambda: when_ready(address)).run(sockets=[listening])
    finally:
        background.end()
        listening.close()


def _end(signum: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
    """End when asked to from outside as at any other end, so that no process is left behind."""
    raise SystemExit(128 + signum)


def _listening(port: int) -> socket.socket:
    """A socket on the port, or InputError."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise InputError(f"--port {port}: cannot be used ({error.strerror}); choose another") from None
    return listening


class _Server(uvicorn.Server):
    """A server that tells when it answers."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if self.started:
            self._when_ready()


class FromHere:
    """Answers only whoever was told the address of this page, on this machine, and no other site's page.

    Parameters
    ----------
    app : ASGI application
        The page.
    cookie : str
        Name of what a browser keeps to be known by.
    token : str
        Of the address; what that cookie holds.
    """

    def __init__(self, app: ASGIApp, cookie: str, token: str) -> None:
        self.app, self._cookie, self._token = app, cookie, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from this page itself, let in who comes by its address, and refuse all else."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        told = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if _is_own(told) and self._is_known(told):
            return await self.app(scope, receive, _unframed(send))
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        asked = parse_qs(scope["query_string"].decode("latin-1")).get(TOKEN, [""])[0]
        if _is_own(told) and compare_digest(asked, self._token):
            cookie = f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict"
            return await _answer(send, 303, "", {"location": "/", "set-cookie": cookie})
        return await _answer(send, 403, REFUSED, {"content-type": "text/plain; charset=utf-8"})

    def _is_known(self, told: Mapping[bytes, str]) -> bool:
        held = SimpleCookie(told.get(b"cookie", ""))
        return self._cookie in held and compare_digest(held[self._cookie].value, self._token)


async def _answer(send: Send, status: int, text: str, headers: Mapping[str, str]) -> None:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": text.encode()})


def _unframed(send: Send) -> Send:
    """Answer so that no other page can show this one within itself."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), (b"x-frame-options", b"SAMEORIGIN")]
        await send(message)

    return answer


def _is_own(told: Mapping[bytes, str]) -> bool:
    """Whether the host that is asked for is this machine, and the page that asks is served by it."""
    host, origin = told.get(b"host", ""), told.get(b"origin")
    try:
        return urlsplit(f"//{host}").hostname in NAMES and (origin is None or urlsplit(origin).netloc == host)
    except ValueError:  # no address at all
        return False
