"""Passphrases that open at once, for tests of what is sealed: how it is sealed, `test_seal` tells, and whole trials do."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator

import pyrage
import pytest

IDENTITIES = defaultdict[str, pyrage.x25519.Identity](pyrage.x25519.Identity.generate)
"""Of each passphrase; kept as long as the tests run."""


@contextlib.contextmanager
def quick_passphrases() -> Iterator[None]:
    """Put a key pair in place of each passphrase, which age makes slow on purpose; all else is age as it is."""

    def encrypt(content: bytes, passphrase: str) -> bytes:
        return pyrage.encrypt(content, [IDENTITIES[passphrase].to_public()])

    def decrypt(sealed: bytes, passphrase: str) -> bytes:
        return pyrage.decrypt(sealed, [IDENTITIES[passphrase]])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyrage.passphrase, "encrypt", encrypt)
        patch.setattr(pyrage.passphrase, "decrypt", decrypt)
        yield
