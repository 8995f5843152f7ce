"""Codes that are read aloud, written by hand and typed at night: no look-alikes, no words, and a check character."""

from __future__ import annotations

import numpy as np

ALPHABET = "34679CDFHJKMNPRTWXY"
"""Nineteen characters without look-alikes (0 O, 1 I L, 2 Z, 5 S, 8 B) and vowels; a prime number of them."""
LENGTH = 6
"""Characters of a code, the last of which checks the others."""
GROUP = 3


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
        codes[shown("".join(ALPHABET[digit] for digit in digits))] = None
    return tuple(codes)


def shown(characters: str) -> str:
    """Code of some characters: with its check character, in groups of three."""
    whole = characters + _check(characters)
    return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def tidied(typed: str) -> str:
    """Code as it is shown, however it was typed: small letters, blanks and other hyphens are forgiven."""
    plain = "".join(character for character in typed.upper() if character.isalnum())
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


def is_code(typed: str) -> bool:
    """Whether something typed is a code whose check character agrees.

    Any one wrong character, and any two that were exchanged, are found out.
    """
    plain = tidied(typed).replace("-", "")
    return len(plain) == LENGTH and set(plain) <= set(ALPHABET) and plain[-1] == _check(plain[:-1])


def _check(characters: str) -> str:
    # Weights differ and the modulus is prime: so no single slip and no exchange leaves the sum as it was.
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(characters, start=2))
    return ALPHABET[-total % len(ALPHABET)]
