"""The server of the page: on this machine, for this machine."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import uvicorn

from n1trial.errors import InputError
from n1trial.web.app import make_app
from n1trial.web.server.entry import EntryAddresses
from n1trial.web.server.gate import HOST, NAMES, PageGate
from n1trial.web.server.headers import inline_scripts, policy
from n1trial.web.server.invitations import Invitations
from n1trial.web.server.leftovers import own_temporary_folder
from n1trial.web.server.sources import do_without_sources
from n1trial.web.shared.background import Background
from n1trial.web.shared.uploads import PREFIX, Uploads

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


def serve(port: int, when_ready: Callable[[Invitations], None], tell: Callable[[str], None]) -> None:
    """Serve the planning page until interrupted.

    Parameters
    ----------
    port : int
        Of 127.0.0.1; 0 takes one that is free.
    when_ready : callable
        Given the addresses of the page, once it answers there.
    tell : callable
        Given an address that opens the page, whenever one is needed.

    Raises
    ------
    InputError
        If the port is taken.
    """
    with contextlib.closing(_listen(port)) as listening, own_temporary_folder(), _workers() as background:
        own_port = listening.getsockname()[1]
        entry = EntryAddresses(f"n1trial-{own_port}")
        invitations = Invitations(entry, f"http://{HOST}:{own_port}/", tell)
        config = uvicorn.Config(
            _gate(background, own_port, entry, invitations.renew), log_level="warning", lifespan="off"
        )
        _Server(config, lambda: when_ready(invitations)).run(sockets=[listening])


@contextlib.contextmanager
def _workers() -> Iterator[Background]:
    """Start processes that work for the page, and end them with it."""
    background = Background()
    background.start()
    signal.signal(signal.SIGTERM, _end)
    try:
        yield background
    finally:
        background.end()


def _gate(background: Background, port: int, entry: EntryAddresses, when_refused: Callable[[], None]) -> PageGate:
    """Put the page, and the files that are sent to it, behind their gate."""
    do_without_sources()
    uploads = Uploads()
    page = make_app(background, uploads)
    assert isinstance(page.ui, dict)  # the same page for everybody
    rules = policy(inline_scripts(page.ui["html"]), (f"{host}:{port}" for host in NAMES))

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_file = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        await (uploads.answer if is_file else page)(scope, receive, send)

    return PageGate(answer, entry, rules, when_refused)


def _end(signum: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
    """End when asked to from outside as at any other end, so that no process is left behind."""
    raise SystemExit(128 + signum)


def _listen(port: int) -> socket.socket:
    """Open a socket on the port; InputError where that fails."""
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
