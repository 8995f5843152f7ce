"""The server of the page: on this machine, for this machine."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import uvicorn

from n1trial.errors import InputError
from n1trial.web.app import make_app
from n1trial.web.background import Background

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""What this machine may be called by the browser that asks."""


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
    address = f"http://{HOST}:{listening.getsockname()[1]}"
    background = Background()
    background.start()
    signal.signal(signal.SIGTERM, _end)
    try:
        config = uvicorn.Config(FromHere(make_app(background)), log_level="warning", lifespan="off")
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
    """Answers only what a browser of this machine asks for this page: no other site may ask through it.

    Parameters
    ----------
    app : ASGI application
        The page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from this page itself, and refuse all else."""
        if scope["type"] == "lifespan" or _is_own(scope["headers"]):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": b"n1trial answers only to its own page on this machine"})


def _is_own(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether the host that is asked for is this machine, and the page that asks is served by it."""
    told = {name.lower(): value.decode("latin-1") for name, value in headers}
    host, origin = told.get(b"host", ""), told.get(b"origin")
    return urlsplit(f"//{host}").hostname in NAMES and (origin is None or urlsplit(origin).netloc == host)
