"""The workers of a Dask cluster: who answers at an address, and who of them computes as this machine does."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from n1trial.errors import InputError, WorkersError
from n1trial.extras import install_command
from n1trial.provenance import engine
from n1trial.study.batches.processes import Pool
from n1trial.study.batches.wording import ClusterFault

if TYPE_CHECKING:
    from distributed import Client

Output = TypeVar("Output")
Arguments = ParamSpec("Arguments")

CLUSTER = "cluster"
"""Argument that names the scheduler."""
CONNECT_SECONDS = 8.0
"""So long may a scheduler take to answer, and a first worker to be there."""
GREETING_SHARE = 0.5
"""Share of that time that a scheduler, once connected to, may take to greet as Dask does."""
LONGEST_GREETING = 1 << 20
"""A greeting begins with its length in bytes; what begins with a greater number is something else."""
REFRESH_SECONDS = 1.0
"""So old may the list of workers be."""


@contextlib.contextmanager
def cluster(address: str, announce: Callable[[ClusterFault], object] | None = None) -> Iterator[Cluster]:
    """Connect to the scheduler of a Dask cluster, whose workers have the same n1trial.

    Parameters
    ----------
    address : str
        Of the scheduler, as in ``tcp://10.0.0.5:8786``.
    announce : callable, optional
        Called with the fault of each worker that comes later and is left out.

    Raises
    ------
    InputError
        If it is no such address, or Dask is not installed.
    WorkersError
        If no scheduler answers, it has no workers or others than ours, or the connection is lost.
    """
    host, port = _place(address)
    try:
        from distributed import KilledWorker
        from distributed.client import ClosedClientError
        from distributed.comm import CommClosedError
    except ImportError:
        raise InputError(ClusterFault("no_dask", CLUSTER, {"command": install_command("cluster")})) from None
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it is said below
    if address.startswith("tcp:"):
        _await_greeting(address, host, port)
    client = _connect(address)
    try:
        pool = Cluster(client, address, announce)
        pool.check_versions()
        yield pool
    except KilledWorker as error:
        raise _failure("killed", address) from error
    except (CancelledError, CommClosedError) as error:
        raise _failure("lost", address) from error
    except (ClosedClientError, RuntimeError, AttributeError) as error:  # of a client that has closed itself meanwhile
        if client.status == "running" and client.scheduler is not None:
            raise
        raise _failure("lost", address) from error
    finally:
        client.close()


def _place(address: str) -> tuple[str, int]:
    """Split the address of a scheduler into host and port; InputError where it is none."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("tcp", "tls") and parts.hostname and parts.port is not None and not parts.path:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise InputError(ClusterFault("no_address", CLUSTER, value=address))


def _await_greeting(address: str, host: str, port: int) -> None:
    """Wait until a scheduler greets as Dask does: it speaks first, its length before all else."""
    end = time.monotonic() + CONNECT_SECONDS
    while True:
        try:
            with socket.create_connection((host, port), timeout=max(end - time.monotonic(), 0.1)) as connection:
                connection.settimeout(GREETING_SHARE * CONNECT_SECONDS)
                _check_greeting(address, connection)
                return
        except OSError as error:
            if time.monotonic() >= end or isinstance(error, socket.gaierror):
                raise _failure("silent", address) from error
            time.sleep(0.1)


def _check_greeting(address: str, connection: socket.socket) -> None:
    begun = b""
    try:
        while len(begun) < 8 and (more := connection.recv(8 - len(begun))):
            begun += more
    except TimeoutError:
        begun = b""
    if len(begun) < 8 or int.from_bytes(begun, "little") > LONGEST_GREETING:
        raise _failure("no_scheduler", address)


def _connect(address: str) -> Client:
    """Make a client of a scheduler; waited for apart, for it has no end of its own where something else answers."""
    from distributed import Client

    made: list[Client] = []
    failed: list[BaseException] = []

    def connect() -> None:
        try:
            made.append(Client(address, timeout=CONNECT_SECONDS, set_as_default=False))
        except BaseException as error:
            failed.append(error)

    waiting = threading.Thread(target=connect, daemon=True)
    waiting.start()
    waiting.join(CONNECT_SECONDS + 1)
    if made:
        return made[0]
    if failed and isinstance(failed[0], OSError):
        raise _failure("silent", address) from failed[0]
    raise _failure("no_scheduler", address)


def _failure(kind: str, address: str) -> WorkersError:
    """Return the error of an address where there is nobody to compute, or nobody any more."""
    return WorkersError(ClusterFault(kind, CLUSTER, {"address": address}, address))


class Cluster(Pool):
    """The workers of a Dask cluster; those that die are Dask's to make up for."""

    def __init__(self, client: Client, address: str, announce: Callable[[ClusterFault], object] | None = None) -> None:
        self._client, self._address, self._announce = client, address, announce
        self._executor = client.get_executor(pure=False)
        self._threads: dict[str, int] = {}
        self._ours: set[str] = set()
        self._strangers: set[str] = set()
        self._refreshed = 0.0
        self._places: WeakKeyDictionary[Future[Any], frozenset[str] | None] = WeakKeyDictionary()

    @property
    def workers(self) -> int:  # type: ignore[override]  # they come and go
        """Threads of all workers of ours that there are now."""
        self._refresh()
        return sum(threads for worker, threads in self._threads.items() if worker in self._ours)

    def submit(
        self, work: Callable[Arguments, Output], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Output]:
        """Hand out a call: to anybody, or to workers of ours where there are others."""
        places = frozenset(self._ours & self._threads.keys()) if self._strangers else None
        only: dict[str, Any] = {} if places is None else {"workers": [*places]}
        future: Future[Output] = self._executor.submit(work, *args, **kwargs, **only)
        self._places[future] = places
        return future

    def is_at_work(self) -> bool:
        """Whether every call that was handed out has a worker; WorkersError where none is left."""
        self._refresh(at_once=True)
        if not self.workers:
            raise _failure("none_left", self._address)
        open_calls = (places for future, places in self._places.items() if not future.done())
        return all(places is None or places & self._threads.keys() for places in open_calls)

    def is_misplaced(self, future: Future[Any]) -> bool:
        """Whether a call failed that a worker could have taken which is not ours."""
        self._refresh(at_once=True)
        return bool(self._strangers) and self._places.get(future, frozenset()) is None

    def check_versions(self) -> None:
        """Raise WorkersError where there are no workers, or some that would not work as this process does."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise _failure("no_workers", self._address) from None
        self._threads = dict(self._client.nthreads())
        strangers = self._look_at(None)
        if strangers:
            raise WorkersError([*strangers.values(), ClusterFault("same_on_all", "")])

    def _refresh(self, *, at_once: bool = False) -> None:
        """Look who is there now, and at those who came since."""
        now = time.monotonic()
        if not at_once and now - self._refreshed < REFRESH_SECONDS:
            return
        self._refreshed = now
        try:
            self._threads = dict(self._client.nthreads())
            new = sorted(self._threads.keys() - self._ours - self._strangers)
            strangers = self._look_at(new) if new else {}
        except OSError as error:  # a closed connection, or none again in time
            raise _failure("lost", self._address) from error
        self._strangers.update(strangers)
        if self._announce is not None:
            for fault in strangers.values():
                self._announce(fault)

    def _look_at(self, workers: list[str] | None) -> dict[str, ClusterFault]:
        """Ask workers, or all of them, for their version; one that is gone meanwhile is neither ours nor a stranger."""
        strangers = {}
        for worker, theirs in sorted(self._client.run(engine, workers=workers, on_error="return").items()):
            if theirs == engine():
                self._ours.add(worker)
            elif not isinstance(theirs, OSError):  # as a lost connection is
                kind = "unloadable" if isinstance(theirs, BaseException) else "other_engine"
                facts = {"worker": worker, "theirs": str(theirs), "ours": engine()}
                strangers[worker] = ClusterFault(kind, CLUSTER, facts, self._address)
        return strangers
