"""Finished batches on disk: what was once simulated is there, whatever ends the program, and is there once."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from n1trial.errors import InputError, RunError
from n1trial.files.folders import ANOTHER

NAME = "sweep.sqlite"
OURS = 0x6E317377
"""Mark in the file's head (`application_id`) by which a database of ours is known."""
FORMAT = 2
"""Form of the tables, as `user_version`."""
TABLE = """
CREATE TABLE IF NOT EXISTS batch (
    scenario TEXT NOT NULL,    -- SHA-256 of the resolved scenario of the cell, all but its [simulation]
    effect   TEXT NOT NULL,    -- full effect in every trial
    seed     INTEGER NOT NULL,
    batch    INTEGER NOT NULL, -- from 0
    trials   INTEGER NOT NULL, -- how many of the batch's trials were kept: all, or fewer in a cell's last batch
    engine   TEXT NOT NULL,    -- version of what simulated and analyzed
    tallies  TEXT NOT NULL,    -- JSON
    checksum TEXT,             -- SHA-256 of all of the above; none in batches that n1trial up to 0.1 kept
    PRIMARY KEY (scenario, effect, seed, batch, trials, engine)
) WITHOUT ROWID
"""
SWEEPS = """
CREATE TABLE IF NOT EXISTS sweep (
    number      INTEGER PRIMARY KEY, -- in the order in which they were begun
    description TEXT NOT NULL UNIQUE
)
"""


class BatchKey(NamedTuple):
    """Key of a batch: all that its figures depend on."""

    scenario: str
    effect: str
    seed: int
    batch: int
    trials: int
    engine: str


COLUMNS = (*BatchKey._fields, "tallies", "checksum")
WHERE = " AND ".join(f"{column} = ?" for column in BatchKey._fields)
PLACES = ", ".join("?" * len(COLUMNS))
MEND = "move it away, and the same command begins again"


class Store:
    """The batches of a folder, open to one process at a time.

    Written ahead to a log (WAL) that is on the disk before a batch counts as kept (synchronous FULL). The lock is the
    operating system's, held by the process: it ends with it, however that ends.

    Parameters
    ----------
    folder : Path
        Made where it does not exist.
    remedy : str
        What can be done where it is not to be had, as whoever asks for it says it.

    Raises
    ------
    InputError
        If there is a file of that name that is no database of ours.
    RunError
        If another process has it open, it is damaged, or nothing can be written.
    """

    def __init__(self, folder: Path, remedy: str = ANOTHER) -> None:
        self.path, self._remedy = folder / NAME, remedy
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"{folder}: cannot be written ({error.strerror})") from error
        for path in (folder, self.path):
            if path.exists() and not os.access(path, os.W_OK):
                raise RunError(f"{path}: nothing may be written to it; {remedy}")
        with self._plainly():
            self._connection = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        try:
            with self._plainly():
                self._open()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def __contains__(self, key: BatchKey) -> bool:
        with self._plainly():
            found = self._connection.execute(f"SELECT 1 FROM batch WHERE {WHERE}", key).fetchone()
        return found is not None

    def __len__(self) -> int:
        with self._plainly():
            return int(self._connection.execute("SELECT count(*) FROM batch").fetchone()[0])

    def __getitem__(self, key: BatchKey) -> str:
        with self._plainly():
            found = self._connection.execute(f"SELECT tallies, checksum FROM batch WHERE {WHERE}", key).fetchone()
        if found is None:
            raise KeyError(key)
        tallies, checksum = found
        if not isinstance(tallies, str) or checksum not in (None, _checksum(key, tallies)):
            raise self.damage(key)
        return tallies

    def add(self, batches: Iterable[tuple[BatchKey, str]]) -> None:
        """Keep batches that are not there yet: all of them or none, and on the disk when this returns."""
        with self._plainly(), self._transaction():
            self._connection.executemany(
                f"INSERT INTO batch ({', '.join(COLUMNS)}) VALUES ({PLACES})",
                ((*key, tallies, _checksum(key, tallies)) for key, tallies in batches),
            )

    def count_unchecked(self, engine: str) -> int:
        """Count batches of a version of the code that were kept without a checksum."""
        query = "SELECT count(*) FROM batch WHERE engine = ? AND checksum IS NULL"
        with self._plainly():
            return int(self._connection.execute(query, (engine,)).fetchone()[0])

    def damage(self, key: BatchKey) -> RunError:
        """Return the error of a batch that is not as it was kept."""
        return RunError(f"{self.path}: is damaged: batch {key.batch} of a combination is not as it was kept; {MEND}")

    def begin(self, description: str) -> tuple[str, ...]:
        """Note which sweep is begun here, and return those noted before if this is another one."""
        with self._plainly(), self._transaction():
            before = [row[0] for row in self._connection.execute("SELECT description FROM sweep ORDER BY number")]
            if description not in before:
                self._connection.execute("INSERT INTO sweep (description) VALUES (?)", (description,))
        return () if description in before else tuple(before)

    def _open(self) -> None:
        """Lock the file, see whose it is, and make the table."""
        execute = self._connection.execute
        # exclusive from the first look on: no memory shared between processes, so also on a network's disks
        execute("PRAGMA locking_mode = EXCLUSIVE")
        if execute("PRAGMA application_id").fetchone()[0] != OURS and execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise InputError(f"{self.path}: is a database, but not of n1trial; {self._remedy}")
        if execute("PRAGMA user_version").fetchone()[0] > FORMAT:
            raise InputError(f"{self.path}: was written by a newer n1trial; {self._remedy}")
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = FULL")
        with self._transaction():
            execute(TABLE)
            if "checksum" not in {row[1] for row in execute("PRAGMA table_info(batch)")}:
                execute("ALTER TABLE batch ADD COLUMN checksum TEXT")
            execute(SWEEPS)
            execute(f"PRAGMA application_id = {OURS}")
            execute(f"PRAGMA user_version = {FORMAT}")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _plainly(self) -> Iterator[None]:
        """Tell what the database says in words for those who do not know that there is one."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise RunError(f"{self.path}: {_in_words(error, self._remedy)}") from error


def _checksum(key: BatchKey, tallies: str) -> str:
    return sha256("\n".join((*map(str, key), tallies)).encode()).hexdigest()


def _in_words(error: sqlite3.DatabaseError, remedy: str) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"another sweep is at work in this folder; wait for its end, or {remedy}"
        case sqlite3.SQLITE_FULL:
            return "the disk is full; what was finished before is kept: make room, and give the same command again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return f"cannot be written ({error}); {remedy}"
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return f"is damaged, or no database ({error}); {MEND}"
        case sqlite3.SQLITE_IOERR:
            return f"cannot be read or written ({error}); what was finished before is kept: give the same command again"
        case sqlite3.SQLITE_CONSTRAINT:
            return str(error)
    return f"is damaged ({getattr(error, 'sqlite_errorname', 'a text is not UTF-8')}); {MEND}"
