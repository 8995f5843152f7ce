"""What a pack is made of on the page: what stands in its way, its files as one zip, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from n1trial.pack.end.check_diary import make_check_diary
from n1trial.pack.make.assemble import make_pack
from n1trial.pack.make.folder import Passphrases, sealed_files
from n1trial.pack.make.inputs import faults_of, first_day
from n1trial.pack.make.program import program_files
from n1trial.pack.make.rules import check_packable
from n1trial.pack.make.summary import facts_in_words, parts, subject
from n1trial.pack.papers.pdf import with_pdfs
from n1trial.pack.sealed import secrets
from n1trial.pack.sealed.archive import archive
from n1trial.pack.sealed.passphrases import check_copy, check_passphrase
from n1trial.pack.trial.characteristics import PlanCharacteristics
from n1trial.pack.trial.trial import blinded_trial
from n1trial.pack.trial.visits import visit_dates
from n1trial.report.words import count_of
from n1trial.scenario.scenario import Scenario
from n1trial.wording import Finding, plain

FIRST_DAY = "First day of the diary"
NO_CODES = bytes(16)
"""Stands for the secret of the codes where only dates are told."""
PREVIEWS = {"patient/diary.html": "The diary", "patient/calendar.html": "The calendar"}
"""Blinded papers that the page shows, with what they are called."""


@dataclass(frozen=True)
class PassphraseEntry:
    """A passphrase as it was typed, twice."""

    what: str
    once: str = field(repr=False)
    again: str = field(repr=False)


@dataclass(frozen=True)
class PackRequest:
    """A pack as it is asked for.

    Attributes
    ----------
    start : str
        First day of the diary, such as 2027-01-04.
    key : PassphraseEntry
    pharmacy, copy : PassphraseEntry or None
        None where the pharmacy's papers have the passphrase of the key, and where there is no second copy.
    has_pdf : bool
        Whether every paper is set as PDF too.
    seed : str or None
        Of a rehearsal, as typed; None for a patient.
    """

    start: str
    key: PassphraseEntry
    pharmacy: PassphraseEntry | None = None
    copy: PassphraseEntry | None = None
    has_pdf: bool = False
    seed: str | None = None

    @property
    def passphrases(self) -> Passphrases:
        """What seals it."""
        pharmacy = self.key if self.pharmacy is None else self.pharmacy
        return Passphrases(self.key.once, pharmacy.once, None if self.copy is None else self.copy.once)


@dataclass(frozen=True, eq=False)
class FinishedPack:
    """A pack that was made.

    Attributes
    ----------
    name : str
        Of its zip, and of the folder in it.
    archive : bytes
    subject : str
        What is tried, and the code of the patient.
    summary : mapping of str to str
        Dates, chances and commitment.
    parts : tuple of (str, str)
        What it holds, each with what to do with it.
    previews : mapping of str to str
        Blinded papers of the patient.
    is_rehearsal : bool
    scenario : Scenario
    start : str
        What it is the pack of: the plan, and the first day as typed.
    """

    name: str
    archive: bytes
    subject: str
    summary: Mapping[str, str]
    parts: tuple[tuple[str, str], ...]
    previews: Mapping[str, str]
    is_rehearsal: bool
    scenario: Scenario
    start: str

    def is_of(self, scenario: Scenario | None, start: str) -> bool:
        """Return True if it is the pack of this plan and first day."""
        return (self.scenario, self.start) == (scenario, start)


def in_the_way(scenario: Scenario, start: str) -> tuple[str, ...]:
    """Tell what stands in the way of a pack: its first day, and every rule for its plan."""
    faults = (*faults_of(partial(first_day, place=FIRST_DAY), start), *faults_of(check_packable, scenario))
    return tuple(map(str, faults))


def faults_of_passphrases(request: PackRequest) -> tuple[str, ...]:
    """Tell what is wrong with what was typed besides the plan: passphrases, and the seed of a rehearsal."""
    return tuple(map(str, _faults(request)))


def _faults(request: PackRequest) -> Iterator[str | Finding]:
    is_rehearsal = request.seed is not None
    for typed in (request.key, request.pharmacy, request.copy):
        if typed is not None:
            yield from faults_of(partial(check_passphrase, what=typed.what, is_rehearsal=is_rehearsal), typed.once)
            if typed.once != typed.again:
                yield f"the passphrase of {typed.what} was typed in two ways; type the same twice"
    if request.copy is not None and request.copy.once:
        yield from faults_of(partial(check_copy, request.key.once), request.copy.once)
    if request.seed is not None and not (request.seed.isascii() and request.seed.isdigit()):
        yield f"the seed of a rehearsal must be a whole number, 0 or more, and is {request.seed!r}"


def in_short(scenario: Scenario, start: date) -> str:
    """Tell how a pack would lie on the calendar."""
    trial = blinded_trial(scenario, start, NO_CODES, is_rehearsal=False)
    first_kit, last = (trial.date_of(day) for day in (trial.first_kit_day, trial.last_day))
    return (
        f"The diary runs from {trial.first_date} to {last}, {plain(round(trial.layout.weeks, 1))} weeks."
        f" {count_of(len(trial.kits), 'kit')} of {scenario.pack.kit_days} days, the first opened on"
        f" {first_kit}; {count_of(len(visit_dates(trial)), 'visit')}."
    )


def make(scenario: Scenario, request: PackRequest, characteristics: PlanCharacteristics) -> FinishedPack:
    """Draw a pack, write and seal it.

    Parameters
    ----------
    scenario : Scenario
        That nothing stands in the way of.
    request : PackRequest
        Without a fault.
    characteristics : PlanCharacteristics
        How often the planned analysis is right.

    Returns
    -------
    FinishedPack
        All of it but the commitment, codes and sealed bytes is the same whatever was drawn.

    Raises
    ------
    InputError
        If the fonts for PDFs lack a letter.
    """
    drawn = secrets.of_the_system() if request.seed is None else secrets.of_a_rehearsal(int(request.seed))
    return made_of(drawn, scenario, request, characteristics)


def made_of(
    secret: secrets.Secrets, scenario: Scenario, request: PackRequest, characteristics: PlanCharacteristics
) -> FinishedPack:
    """Write and seal the pack of these secrets."""
    pack = make_pack(
        scenario, first_day(request.start, FIRST_DAY), secret, characteristics, is_rehearsal=request.seed is not None,
        finish=with_pdfs if request.has_pdf else dict, check=make_check_diary(scenario), program=program_files(),
    )  # fmt: skip
    name = f"{scenario.name}-{pack.trial.patient_code}-pack"
    files = sealed_files(pack, request.passphrases)
    return FinishedPack(
        name,
        archive({f"{name}/{path}": content for path, content in files.items()}),
        subject(pack.trial),
        facts_in_words(pack, characteristics)
        | {"Simulated": f"{count_of(characteristics.replicates, 'trial')} for each chance above."},
        tuple(parts(request.passphrases)),
        {title: pack.blinded_files[path].decode() for path, title in PREVIEWS.items()},
        pack.trial.is_rehearsal,
        scenario,
        request.start,
    )
