"""Passphrases that seal: six random words are offered, and a typed one must not be easily guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from n1trial.errors import InputError
from n1trial.pack.sealed.seal import normalize

SHORTEST = 12
"""Characters of a passphrase that seals."""
STRONG = 3
"""Least score of zxcvbn, of 0 to 4: to be guessed in no less than 100 million tries."""
WORDS = 6
LIST = "eff-long"
"""Public list of 7,776 words by the Electronic Frontier Foundation: six of them make 77 random bits."""
LONGEST_WORD = 9
LOOKED_AT = 72
"""Characters that are looked at: more take long, and a strong beginning makes the whole strong."""
OURS = ("n1trial", "key", "pharmacy", "trial", "placebo", "passphrase")
"""Words that are guessed first here."""


@dataclass(frozen=True)
class Weakness:
    """Reason why a passphrase does not seal.

    Attributes
    ----------
    kind : str
        ``empty``, ``no-text`` (bytes that are no character), ``short`` or ``guessable``.
    characters : int
        That it has.
    hint : str
        What makes it guessable, as zxcvbn says it; may be empty.
    """

    kind: Literal["empty", "no-text", "short", "guessable"]
    characters: int
    hint: str = ""


def offered_words() -> str:
    """Draw six words of the public list by the operating system, with blanks between them."""
    from xkcdpass import xkcd_password

    words = xkcd_password.generate_wordlist(xkcd_password.locate_wordfile(LIST), 1, LONGEST_WORD)
    return str(xkcd_password.generate_xkcdpassword(sorted(words), numwords=WORDS, delimiter=" "))


def weakness(passphrase: str, *, is_rehearsal: bool = False) -> Weakness | None:
    """Find why a passphrase does not seal.

    Parameters
    ----------
    passphrase : str
        As it was typed.
    is_rehearsal : bool
        Whether nothing is sealed that anybody would want to open: then any passphrase will do.

    Returns
    -------
    Weakness or None
        None where it does.
    """
    plain = normalize(passphrase)
    if not plain.strip():
        return Weakness("empty", len(plain))
    if any("\ud800" <= character <= "\udfff" for character in plain):
        return Weakness("no-text", len(plain))
    if is_rehearsal:
        return None
    if len(plain) < SHORTEST:
        return Weakness("short", len(plain))
    from zxcvbn import zxcvbn

    rating = zxcvbn(plain[:LOOKED_AT], user_inputs=OURS)
    return None if rating["score"] >= STRONG else Weakness("guessable", len(plain), rating["feedback"]["warning"])


def check_passphrase(passphrase: str, what: str, *, is_rehearsal: bool = False) -> None:
    """Refuse a passphrase that is too weak to seal with.

    Parameters
    ----------
    passphrase : str
    what : str
        What it is the passphrase of.
    is_rehearsal : bool
        Whether nothing is sealed that anybody would want to open.

    Raises
    ------
    InputError
        With what is wrong, and what to do.
    """
    weak = weakness(passphrase, is_rehearsal=is_rehearsal)
    if weak is not None:
        raise InputError(f"the passphrase of {what} {_fault(weak)}")


def check_copy(key: str, copy: str | None) -> None:
    """Refuse a second copy of the key that the first passphrase opens."""
    if copy is not None and normalize(copy) == normalize(key):
        raise InputError("the second copy of the key has the same passphrase as the first, and so is of no use")


def _fault(weak: Weakness) -> str:
    match weak.kind:
        case "empty":
            return "must not be empty"
        case "no-text":
            return "has a character that no keyboard gives; is the terminal set to UTF-8?"
        case "short":
            return (
                f"must have at least {SHORTEST} characters, but has {weak.characters};"
                f" take {WORDS} random words, such as: {offered_words()}"
            )
        case "guessable":
            reason = f" ({weak.hint.rstrip('.')})" if weak.hint else ""
            return f"is easily guessed{reason}; take {WORDS} random words, such as: {offered_words()}"
