"""Sealing with age: under a passphrase that a person keeps, or under a one-time phrase for one kit's content."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import bech32
import pyrage

from n1trial.errors import N1trialError

IDENTITY = "age-secret-key-"
"""Prefix of an age identity, as age's own key files have it."""
HEADER = re.compile(
    rb"age-encryption\.org/v1\n((?:-> [!-~]+(?: [!-~]+)*\n(?:[A-Za-z0-9+/]*\n)+?)+)--- [A-Za-z0-9+/]{43}\n"
)
SCRYPT = re.compile(rb"^-> scrypt \S+ (\d+)$", re.MULTILINE)
MOST_DIGITS = 9
"""Digits of an exponent that are read: Python refuses a number of thousands of them."""
LONGEST_HEADER = 64 * 1024
MOST_WORK = 22
"""Power of 2 that a passphrase may be stretched by: more takes many gigabytes, and no pack was ever made so."""
LOOK_ALIKES = str.maketrans("OILU", "011V")
"""Letters that no one-time phrase has, each with the character that it is a slip for."""
TWINS = ("0D", "2Z", "5S", "6G", "8B", "1J", "VY")
"""Characters of a one-time phrase that are taken for each other."""
Kind = Literal["phrase", "header", "work", "recipient", "content", "commitment"]


class SealError(N1trialError):
    """Error of a sealed file that does not open, or is not the one that was sealed.

    Parameters
    ----------
    sentence : str
    kind : str
        ``phrase`` the passphrase is another, or the file is damaged: age cannot tell which; ``header`` surely damaged;
        ``work`` too costly to try; ``recipient`` sealed by something else than a passphrase; ``content`` opened, and
        holds something else than it should; ``commitment`` opened, and is not the key that was committed to.
    """

    exit_code = 4

    def __init__(self, sentence: str, kind: Kind = "content") -> None:
        super().__init__(sentence)
        self.kind: Kind = kind

    def __reduce__(self) -> tuple[type[SealError], tuple[str, Kind]]:
        return SealError, (str(self), self.kind)


def seal(content: bytes, passphrase: str) -> bytes:
    """Encrypt under a passphrase; the ordinary age program opens it.

    Returns
    -------
    bytes
        An age file. Its size depends on the size of the content alone.
    """
    return bytes(pyrage.passphrase.encrypt(content, normalize(passphrase)))


def normalize(passphrase: str) -> str:
    """Bring a passphrase to the one form (NFC) of all systems' keyboards: é is one character, not two."""
    return unicodedata.normalize("NFC", passphrase)


def check_header(sealed: bytes, place: str) -> None:
    """Refuse what cannot be opened whatever the passphrase is, before one is asked for.

    Raises
    ------
    SealError
        If its header is damaged, or trying a passphrase would take more than 2 to the power of `MOST_WORK` steps.
    """
    header = HEADER.match(sealed[:LONGEST_HEADER])
    if header is None:
        raise SealError(
            f"{place}: does not open: the header that age gives each file is cut or garbled; take another copy of it",
            "header",
        )  # fmt: skip
    powers = (digits.lstrip(b"0")[:MOST_DIGITS] for digits in SCRYPT.findall(header[1]))
    work = max((int(digits or b"0") for digits in powers), default=0)
    if work > MOST_WORK:
        raise SealError(
            f"{place}: was not opened: it demands 2^{work} steps for each passphrase, which no pack does (at most"
            f" 2^{MOST_WORK}); the file is damaged or was made to stop this computer", "work",
        )  # fmt: skip


def unseal(sealed: bytes, passphrase: str, place: str) -> bytes:
    """Decrypt what a passphrase was put on.

    The passphrase is tried in its normal form, then as it was typed, which packs of earlier versions were sealed with.

    Raises
    ------
    SealError
        If the passphrase is not the right one or the file is damaged; which of them is not told.
    """
    check_header(sealed, place)
    forms = dict.fromkeys((normalize(passphrase), passphrase))
    opened = _first(lambda form: bytes(pyrage.passphrase.decrypt(sealed, form)), forms)
    if opened is not None:
        return opened
    raise SealError(f"{place}: does not open: the passphrase is not the right one, or the file is damaged", "phrase")


def seal_once(content: bytes, phrase: str) -> bytes:
    """Encrypt under a one-time phrase of high entropy; as text, since many stand in one file."""
    recipient = _identity(_tidy(phrase)).to_public()
    return bytes(pyrage.encrypt(content, [recipient], armored=True))


def unseal_once(sealed: bytes, phrase: str, place: str) -> bytes:
    """Decrypt what a one-time phrase was put on; see `unseal`.

    Small letters, blanks and hyphens are forgiven, letters that no phrase has (O for 0, I or L for 1, U for V), and
    one character that was taken for its twin, such as S for 5.
    """
    opened = _first(lambda read: bytes(pyrage.decrypt(sealed, [_identity(read)])), _readings(_tidy(phrase)))
    if opened is not None:
        return opened
    raise SealError(
        f"{place}: does not open: the one-time phrase is not the right one, or the file is damaged", "phrase"
    )


def _first(unseal: Callable[[str], bytes], phrases: Iterable[str]) -> bytes | None:
    """Return what the first phrase that fits opens; None where none does."""
    for phrase in phrases:
        try:
            return unseal(phrase)
        except (pyrage.DecryptError, UnicodeEncodeError):  # the latter where what was typed is no text
            continue
    return None


def _tidy(phrase: str) -> str:
    """Return the characters of a one-time phrase, however they were typed."""
    return "".join(filter(str.isalnum, phrase.upper())).translate(LOOK_ALIKES)


def _readings(phrase: str) -> Iterator[str]:
    """Give a one-time phrase as it was typed, then with each one of its characters as its twin."""
    yield phrase
    for place, character in enumerate(phrase):
        for pair in TWINS:
            if character in pair:
                yield phrase[:place] + pair.replace(character, "") + phrase[place + 1 :]


def _identity(plain: str) -> pyrage.x25519.Identity:
    """Return the identity that the characters of a one-time phrase stand for."""
    # The phrase has 100 random bits, so that no slow derivation is needed.
    secret = hashlib.blake2b(plain.encode(), digest_size=32, person=b"n1trial code").digest()
    words = bech32.convertbits(secret, 8, 5)
    assert words is not None
    return pyrage.x25519.Identity.from_str(bech32.bech32_encode(IDENTITY, words).upper())
