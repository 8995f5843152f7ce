"""Sealing with age: under a passphrase that a person keeps, or under a one-time phrase for one kit's content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import bech32
import pyrage

from n1trial.errors import N1trialError
from n1trial.pack.codes import tidied

SHORTEST_PASSPHRASE = 8
IDENTITY = "age-secret-key-"
"""Prefix of an age identity, as age's own key files have it."""


class SealError(N1trialError):
    """A sealed file does not open, or is not the one that was sealed."""

    exit_code = 4


def seal(content: bytes, passphrase: str) -> bytes:
    """Encrypt under a passphrase; the ordinary age program opens it.

    Parameters
    ----------
    content : bytes
    passphrase : str

    Returns
    -------
    bytes
        An age file. Its size depends on the size of the content alone.
    """
    return bytes(pyrage.passphrase.encrypt(content, passphrase))


def unseal(sealed: bytes, passphrase: str, place: str) -> bytes:
    """Decrypt what a passphrase was put on.

    Parameters
    ----------
    sealed : bytes
        An age file.
    passphrase : str
    place : str
        The file, as the error names it.

    Raises
    ------
    SealError
        If the passphrase is not the right one or the file is damaged; which of them is not told.
    """
    return _opened(lambda: bytes(pyrage.passphrase.decrypt(sealed, passphrase)), place, "passphrase")


def seal_once(content: bytes, phrase: str) -> bytes:
    """Encrypt under a one-time phrase of high entropy; as text, since many stand in one file."""
    recipient = _identity(phrase).to_public()
    return bytes(pyrage.encrypt(content, [recipient], armored=True))


def unseal_once(sealed: bytes, phrase: str, place: str) -> bytes:
    """Decrypt what a one-time phrase was put on; see `unseal`."""
    return _opened(lambda: bytes(pyrage.decrypt(sealed, [_identity(phrase)])), place, "one-time phrase")


def _opened(opening: Callable[[], bytes], place: str, what: str) -> bytes:
    try:
        return opening()
    except pyrage.DecryptError:
        raise SealError(f"{place}: does not open: the {what} is not the right one, or the file is damaged") from None


def _identity(phrase: str) -> pyrage.x25519.Identity:
    """Identity that a one-time phrase stands for, however it was typed."""
    plain = tidied(phrase).replace("-", "")
    # The phrase has 100 random bits, so that no slow derivation is needed.
    secret = hashlib.blake2b(plain.encode(), digest_size=32, person=b"n1trial code").digest()
    words = bech32.convertbits(secret, 8, 5)
    assert words is not None
    return pyrage.x25519.Identity.from_str(bech32.bech32_encode(IDENTITY, words).upper())
