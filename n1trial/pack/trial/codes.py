"""Codes that are read aloud, written by hand and typed at night: no look-alikes, no words, and a check character."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

ALPHABET = "34679CDFHJKMNPRTWXY"
"""Nineteen characters without look-alikes (0 O, 1 I L, 2 Z, 5 S, 8 B) and vowels; a prime number of them."""
LENGTH = 6
"""Characters of a code, the last of which checks the others."""
GROUP = 3
LOOK_ALIKES = {
    "0": "D", "O": "D", "Q": "D", "1": "7", "I": "7", "L": "7", "2": "7", "Z": "7", "8": "3", "B": "3", "A": "4",
    "E": "F", "G": "C6", "V": "Y",
}  # fmt: skip
"""Characters that no code has, each with those of a code that it is misread for."""


def draw_codes(generator: np.random.Generator, count: int) -> tuple[str, ...]:
    """Draw different codes; nothing in them tells in which order they are used.

    Parameters
    ----------
    generator : numpy.random.Generator
        Fed by a secret.
    count : int
        Number of codes, 0 or more.

    Returns
    -------
    tuple of str
        Codes such as ``H7K-3MX``.
    """
    codes: dict[str, None] = {}
    while len(codes) < count:
        digits = generator.integers(0, len(ALPHABET), LENGTH - 1)
        codes[with_check_character("".join(ALPHABET[digit] for digit in digits))] = None
    return tuple(codes)


def with_check_character(characters: str) -> str:
    """Make a code of some characters: with its check character, in groups of three."""
    whole = characters + _check(characters)
    return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def normalize_code(typed: str) -> str:
    """Return a code as it is shown, however it was typed.

    Small letters, blanks and other hyphens are forgiven; so is a look-alike that no code has, such as ``0`` for ``D``,
    where one code alone can be meant.
    """
    plain = "".join(character for character in typed.upper() if character.isalnum())
    meant = plain if _agrees(plain) else _correct(plain)
    return "-".join(meant[start : start + GROUP] for start in range(0, len(meant), GROUP))


def is_code(typed: str) -> bool:
    """Whether something typed is a code whose check character agrees.

    Any one wrong character, and any two that were exchanged, are found out.
    """
    return _agrees(normalize_code(typed).replace("-", ""))


def _agrees(plain: str) -> bool:
    return len(plain) == LENGTH and set(plain) <= set(ALPHABET) and plain[-1] == _check(plain[:-1])


def _correct(plain: str) -> str:
    """Find the code that some characters were misread for; the same where there is none, or more than one."""
    codes = list(_readings(plain)) if len(plain) == LENGTH else []
    return codes[0] if len(codes) == 1 else plain


def _readings(plain: str) -> Iterator[str]:
    """Yield codes that characters may stand for, once those that no code has are read as their look-alikes."""
    choices = [LOOK_ALIKES.get(character, character) for character in plain]
    yield from filter(_agrees, map("".join, product(*choices)))


def _check(characters: str) -> str:
    # Weights differ and the modulus is prime: so no single slip and no exchange leaves the sum as it was.
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(characters, start=2))
    return ALPHABET[-total % len(ALPHABET)]
