"""The secrets behind a pack, and what is drawn from each: the assignment from one, all codes from the other."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from n1trial.pack.trial.draws import BYTES, derive

LONGEST_KEY = hashlib.blake2b.MAX_KEY_SIZE
PHRASE_GROUPS = 5
"""Groups of four characters in a one-time phrase: 20 characters of 32 kinds, 100 bits."""
PHRASE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Secrets:
    """Secrets of a pack, which nobody may guess.

    Attributes
    ----------
    assignment : bytes
        128 bits from which order and change-overs are drawn, and nothing else.
    codes : bytes
        128 bits, independent of the former, from which every code and one-time phrase is drawn.
    nonce : bytes
        128 bits that keep the commitment from being guessed.
    """

    assignment: bytes
    codes: bytes
    nonce: bytes


def of_the_system() -> Secrets:
    """Take secrets of the operating system, independent of each other and of any seed."""
    return Secrets(*(secrets.token_bytes(BYTES) for _ in range(3)))


def of_a_rehearsal(seed: int) -> Secrets:
    """Make secrets that a seed brings back: for a rehearsal, and never for a patient."""
    digits = str(seed).encode()
    key = digits if len(digits) <= LONGEST_KEY else hashlib.sha256(digits).digest()
    return Secrets(*(derive(key, f"rehearsal {use}") for use in ("assignment", "codes", "nonce")))


def phrase(secret: bytes, use: str) -> str:
    """Return the one-time phrase for one use of a secret, such as ``9F3K-...`` in groups of four."""
    number = int.from_bytes(hashlib.sha256(secret + use.encode()).digest())
    characters = []
    for _ in range(4 * PHRASE_GROUPS):
        number, digit = divmod(number, len(PHRASE_ALPHABET))
        characters.append(PHRASE_ALPHABET[digit])
    return "-".join("".join(characters[start : start + 4]) for start in range(0, len(characters), 4))
