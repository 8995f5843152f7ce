"""A pack is put together from two secrets taken apart: one knows the codes, the other who gets what when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from n1trial.pack.make.rules import check_use_by
from n1trial.pack.papers.papers import blinded_papers
from n1trial.pack.pharmacy.papers import pharmacy_papers
from n1trial.pack.sealed.allocation import Allocation, contents
from n1trial.pack.sealed.archive import Files, archive
from n1trial.pack.sealed.check_diary import CheckDiary, digests_of
from n1trial.pack.sealed.code_break import Content
from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.secrets import Secrets, phrase
from n1trial.pack.trial.characteristics import PlanCharacteristics
from n1trial.pack.trial.commitment import COMMITMENT, NO_COMMITMENT, commitment_of, in_groups, paper_digests
from n1trial.pack.trial.read import REHEARSAL
from n1trial.pack.trial.trial import Trial, blinded_trial
from n1trial.provenance import provenance
from n1trial.scenario.scenario import Scenario

NO_PROGRAM: Mapping[str, bytes] = MappingProxyType({})
BLOCK = 64 * 1024
"""Sealed archives are padded to a multiple of this."""


@dataclass(frozen=True, eq=False)
class PackFiles:
    """Everything of a pack before it is sealed.

    Attributes
    ----------
    trial : Trial
    key_text : bytes
        What key.age holds.
    commitment : str
        SHA-256 of `key_text`.
    blinded_files : dict of str to bytes
        Files that anybody may see, by path.
    pharmacy : dict of str to bytes
        Files of the pharmacy, by path; they show what each kit holds.
    pharmacy_bytes : int
        Size that the sealed archive of these is padded to: the same whatever the allocation.
    code_breaks : tuple of Content
        Each kit's content, with its one-time phrase.
    """

    trial: Trial
    key_text: bytes
    commitment: str
    blinded_files: Files
    pharmacy: Files
    pharmacy_bytes: int
    code_breaks: tuple[Content, ...]


def make_pack(
    scenario: Scenario,
    start: date,
    secrets: Secrets,
    characteristics: PlanCharacteristics,
    *,
    is_rehearsal: bool,
    finish: Callable[[Files], Files] = dict,
    check: CheckDiary | None = None,
    program: Mapping[str, bytes] = NO_PROGRAM,
) -> PackFiles:
    """Put a pack together.

    Parameters
    ----------
    scenario : Scenario
        That a pack can be made of (`n1trial.pack.make.rules.check_packable`).
    start : date
        First day of the diary.
    secrets : Secrets
        Blinded files depend on that of the codes alone, but for the commitment, which is printed on them.
    characteristics : PlanCharacteristics
        How often the planned analysis is right.
    is_rehearsal : bool
        Whether all papers say that they are not for a patient.
    finish : callable, optional
        Applied to the blinded files and to the pharmacy's: adds what is made of them, such as PDFs.
    check : CheckDiary, optional
        A simulated diary with its figures, by which the code that ends the trial is compared with that of now.
    program : mapping of str to bytes, optional
        Files that bring the code of now back, by path.
    """
    check_use_by(scenario, start)
    trial = blinded_trial(scenario, start, secrets.codes, is_rehearsal=is_rehearsal)
    allocation = Allocation.draw(scenario, secrets.assignment)
    papers = paper_digests(blinded_papers(trial, characteristics, NO_COMMITMENT), NO_COMMITMENT)
    key_text = Key(
        trial,
        allocation,
        secrets,
        characteristics,
        papers,
        provenance=provenance(),
        check=check,
        program=digests_of(program),
    ).to_bytes()
    commitment = commitment_of(key_text)
    held = contents(trial, allocation)
    phrases = {code: phrase(secrets.codes, code) for code in held}

    def pharmacy(holds_drug: Mapping[str, bool]) -> Files:
        return finish(pharmacy_papers(trial, holds_drug, phrases, commitment))

    # Whatever is printed of one kit or another, no allocation prints more than these two together.
    extremes = [archive(pharmacy(dict.fromkeys(held, is_drug))) for is_drug in (True, False)]
    blinded = blinded_papers(trial, characteristics, commitment)
    blinded |= {COMMITMENT: _commitment_file(trial, commitment), **program}
    return PackFiles(
        trial,
        key_text,
        commitment,
        finish(blinded),
        pharmacy(held),
        -(-sum(map(len, extremes)) // BLOCK) * BLOCK,
        tuple(Content.of(trial, code, held[code], phrases[code]) for code in sorted(held)),
    )


def _commitment_file(trial: Trial, commitment: str) -> bytes:
    start, end = trial.date_of(trial.first_kit_day), trial.date_of(trial.last_day)
    lines = [
        commitment,
        "",
        *([REHEARSAL] if trial.is_rehearsal else []),
        f"Patient code {trial.patient_code}, kits from {start.isoformat()} to {end.isoformat()}.",
        "The number above is the SHA-256 of the key before it was sealed. It is printed on every blinded paper:",
        in_groups(commitment),
        "Whoever opens the key at the end can show that it is this one: age -d key.age | sha256sum",
    ]
    return ("\n".join(lines) + "\n").encode()
