"""The key to a pack: everything that was hidden, and the number that commits to it before anything is known."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import date

from n1trial import __version__
from n1trial.errors import InputError
from n1trial.pack.sealed.allocation import Allocation, contents
from n1trial.pack.sealed.check_diary import CheckDiary
from n1trial.pack.sealed.key_document import KEY, SECRET, KeyDocument
from n1trial.pack.sealed.seal import SealError
from n1trial.pack.sealed.secrets import Secrets
from n1trial.pack.trial.characteristics import PlanCharacteristics
from n1trial.pack.trial.trial import Trial
from n1trial.provenance import Provenance
from n1trial.scenario.model.limits import AS_MADE
from n1trial.scenario.scenario import Scenario

KIND = "key to a pack of n1trial"


@dataclass(frozen=True, eq=False)
class Key:
    """The key of a pack: sealed when the pack is made, and opened when the trial is over.

    Attributes
    ----------
    trial : Trial
    allocation : Allocation
    secrets : Secrets
        What order, codes and commitment come from, so that anybody can draw them again.
    characteristics : PlanCharacteristics
        How often the planned analysis was said to be right.
    papers : dict of str to str
        SHA-256 of every blinded file, by path (`paper_digests`).
    version : str
        Of the program that made the pack.
    provenance : dict
        Code and libraries that made it (`n1trial.provenance.provenance`); empty in keys of the first release.
    check : CheckDiary or None
        A simulated diary with the figures of then; None in keys of the first release.
    program : dict of str to str
        SHA-256 of the files that bring the program back, by path.
    """

    trial: Trial
    allocation: Allocation
    secrets: Secrets
    characteristics: PlanCharacteristics
    papers: dict[str, str]
    version: str = __version__
    provenance: Provenance = field(default_factory=dict)
    check: CheckDiary | None = None
    program: dict[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Write the key: its nonce on the first line, then a JSON document; its size tells nothing of the order."""
        trial, allocation, secrets = self.trial, self.allocation, self.secrets
        held = contents(trial, allocation)
        document = {
            "kind": KIND,
            "version": self.version,
            "patient_code": trial.patient_code,
            "start": trial.start.isoformat(),
            "is_rehearsal": trial.is_rehearsal,
            "order": allocation.order,
            "shifts": [f"{days:+04d}" for days in allocation.shifts],
            "kits": [asdict(kit) | {"content": "AB"[not held[kit.code]]} for kit in trial.kits],
            "names": {"A": trial.scenario.treatment.name, "B": trial.scenario.control.name},
            "assignment_secret": secrets.assignment.hex(),
            "codes_secret": secrets.codes.hex(),
            "papers": self.papers,
            "planned": asdict(self.characteristics),
            "scenario": trial.scenario.own_values(),
            "provenance": self.provenance,
            "check_diary": self.check and self.check.to_dict(),
            "program": self.program,
        }
        return f"{secrets.nonce.hex()}\n{json.dumps(document, indent=1, ensure_ascii=False)}\n".encode()

    @classmethod
    def from_bytes(cls, text: bytes, place: str) -> Key:
        """Read the text of a key.

        Parameters
        ----------
        text : bytes
            As `to_bytes` made it.
        place : str
            Where it came from, as the error names it.

        Raises
        ------
        SealError
            If it is none.
        """
        try:
            nonce, document = text.decode().split("\n", 1)
            key = cls._of(nonce, KEY.read(document))
            contents(key.trial, key.allocation)  # kits, order and calendar agree, or this fails
            return key
        except (ValueError, LookupError, TypeError, AssertionError, RecursionError, InputError):
            raise SealError(f"{place}: opens, but holds no key of a pack") from None

    @classmethod
    def _of(cls, nonce: str, document: KeyDocument) -> Key:
        if document.kind != KIND or not re.fullmatch(SECRET, nonce):
            raise ValueError
        scenario, start = Scenario.of(document.scenario, AS_MADE), date.fromisoformat(document.start)
        secrets = Secrets(*(bytes.fromhex(text) for text in (document.assignment_secret, document.codes_secret, nonce)))
        return cls(
            Trial(scenario, start, document.patient_code, document.kits, document.is_rehearsal),
            Allocation(document.order, tuple(map(int, document.shifts))),
            secrets,
            document.planned,
            document.papers,
            document.version,
            document.provenance,
            CheckDiary.from_dict(document.check_diary) if document.check_diary else None,
            document.program,
        )
