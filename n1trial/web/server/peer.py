"""Which account of this machine is at the other end of a connection, where the system tells."""

from __future__ import annotations

import os
import socket
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
MAPPED = bytes(10) + b"\xff\xff"
"""Begins an address of IPv4 as one of IPv6."""
ROOT = 0


def is_foreign(client: tuple[str, int], server: tuple[str, int]) -> bool:
    """Return True if another account has opened a connection; False where nobody knows, and for the administrator.

    Parameters
    ----------
    client, server : tuple of (str, int)
        IPv4 address and port of its two ends.
    """
    if sys.platform != "linux":
        return False
    account = account_of(client, server, (line for table in TABLES for line in _lines(table)))
    return account is not None and account not in (ROOT, os.geteuid())


def account_of(client: tuple[str, int], server: tuple[str, int], lines: Iterable[str]) -> int | None:
    """Return the account that owns the client's end of a connection."""
    ends = {(own, other) for own, other in zip(_forms(*client), _forms(*server), strict=True)}
    for line in lines:
        cells = line.split()
        if len(cells) > 7 and (cells[1], cells[2]) in ends and cells[7].isdigit():
            return int(cells[7])
    return None


def _forms(host: str, port: int) -> tuple[str, str]:
    """Write an end as the tables of IPv4 and IPv6 do: words of four bytes in the order of this processor."""
    address = socket.inet_aton(host)
    words = (
        "".join(f"{word:08X}" for word in struct.unpack(f"={len(held) // 4}I", held))
        for held in (address, MAPPED + address)
    )
    four, six = (f"{word}:{port:04X}" for word in words)
    return four, six


def _lines(table: Path) -> list[str]:
    try:
        return table.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
