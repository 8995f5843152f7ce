"""Breaking the code of one kit: its content alone, under a phrase that is good for nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from n1trial.errors import InputError
from n1trial.pack.sealed.seal import SealError, seal_once, unseal_once
from n1trial.pack.trial.trial import Trial
from n1trial.pack.wording import PackFault
from n1trial.report.words import content_names

TITLE = "n1trial code-break file: the content of each kit, under the one-time phrase on its slip"
WIDTH = 512
"""Bytes that a sealed content takes up, or a multiple of them where a name of the trial is that long."""
HEADROOM = 1024
"""Characters of an entry beside its content: age's header, of which age makes some at random."""
ENTRY = re.compile(r"^kit (\S+)\n(-----BEGIN AGE.+?-----END AGE ENCRYPTED FILE-----)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Content:
    """Content of one kit.

    Attributes
    ----------
    code : str
        Of the kit.
    name : str
        Of the treatment or of its control.
    phrase : str
        One-time phrase, as it stands on the slip.
    width : int
        Bytes that the text is filled up to after it was encoded, so that its size is the same for both names.
    """

    code: str
    name: str
    phrase: str
    width: int

    @classmethod
    def of(cls, trial: Trial, code: str, holds_drug: bool, phrase: str) -> Content:
        """Return the content of a kit of a trial."""
        names = content_names(trial.scenario)
        return cls(code, names[holds_drug], phrase, width_for(code, names))

    def text(self) -> bytes:
        """Write what is sealed: JSON, filled up with blanks, which JSON does not mind.

        Raises
        ------
        ValueError
            If the width does not suffice: sizes would tell what the kit holds.
        """
        text = _encode(self.code, self.name)
        if len(text) > self.width:
            raise ValueError(f"the content of a kit takes {len(text)} bytes, more than {self.width}")
        return text.ljust(self.width)

    def seal(self) -> str:
        """Seal the entry of the file, always of the same length."""
        while True:
            entry = f"kit {self.code}\n{seal_once(self.text(), self.phrase).decode().strip()}\n"
            room = 2 * self.width + HEADROOM - len(entry)
            if room >= 0:
                return entry + " " * (room - 1) + "\n" if room else entry


def width_for(code: str, names: Iterable[str]) -> int:
    """Count bytes that hold the content of a kit whichever of the names it is.

    A fixed width for all names that papers can print, and so no hint even at how long they are; longer ones take the
    next multiple, both of a trial the same.
    """
    longest = max(len(_encode(code, name)) for name in names)
    return -(-longest // WIDTH) * WIDTH


def _encode(code: str, name: str) -> bytes:
    # in ASCII, so that no character at all is beyond it
    return json.dumps({"kit": code, "content": name}).encode()


def code_break_file(contents: Iterable[Content]) -> bytes:
    """Write all contents in one file, each under its own phrase."""
    return "".join([f"{TITLE}\n", *(content.seal() for content in contents)]).encode()


def is_code_break_file(text: bytes) -> bool:
    """Whether a file is one of ours that holds contents under one-time phrases."""
    return text.startswith(TITLE.encode())


def broken_code(text: bytes, code: str, phrase: str, place: str) -> str:
    """Name what a kit holds.

    Raises
    ------
    InputError
        If the file has no such kit.
    SealError
        If the phrase is not that of the kit.
    """
    sealed = dict(ENTRY.findall(text.decode(errors="replace")))
    if code not in sealed:
        raise InputError(PackFault("no_kit_there", "kit", value=code))
    content = unseal_once(sealed[code].encode(), phrase, place)
    try:
        found = json.loads(content)
        if found["kit"] == code:
            return str(found["content"])
    except (ValueError, KeyError, TypeError):
        pass
    raise SealError(f"{place}: opens, but holds no content of kit {code}")
