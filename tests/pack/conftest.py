from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from n1trial.files.folders import write_new_folder
from n1trial.pack.make.assemble import PackFiles, make_pack
from n1trial.pack.make.folder import Passphrases, sealed_files
from tests.pack.packable import PLANNED, START, secrets_of, short
from tests.pack.quick import quick_passphrases

PASSPHRASES = Passphrases("the key's own words", "the pharmacist's words", "the copy's own words")


@dataclass(frozen=True, eq=False)
class Sealed:
    """A pack, its files as they are handed out, and what opens them."""

    pack: PackFiles
    files: dict[str, bytes]
    passphrases: Passphrases

    def write(self, folder: Path) -> Path:
        """Write a copy that a test may spoil."""
        write_new_folder(folder, self.files)
        return folder


@pytest.fixture(scope="session")
def sealed_pack() -> Sealed:
    """A small pack, sealed once for all tests; it opens to `quick` tests."""
    pack = make_pack(short(), START, secrets_of(7), PLANNED, is_rehearsal=False)
    with quick_passphrases():
        return Sealed(pack, sealed_files(pack, PASSPHRASES), PASSPHRASES)


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Passphrases that open at once, for all tests of a module."""
    with quick_passphrases():
        yield
