"""Random numbers and further secrets that one secret brings back; each use has its own."""

from __future__ import annotations

import hashlib

import numpy as np

BYTES = 16
"""Length of a secret: 128 bits."""


def generator(secret: bytes, use: str) -> np.random.Generator:
    """Return random numbers that a secret brings back; each use has its own."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(int.from_bytes(derive(secret, use)))))


def derive(secret: bytes, use: str) -> bytes:
    """Return 128 bits that tell nothing of the secret they come from."""
    return hashlib.blake2b(use.encode(), key=secret, digest_size=BYTES).digest()
