"""What is said on the terminal when a pack has been made: what is in it, and who gets what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from n1trial.pack.log.log import LOG
from n1trial.pack.make.assemble import PackFiles
from n1trial.pack.make.folder import PHARMACY_OPEN, Passphrases
from n1trial.pack.make.program import FOLDER
from n1trial.pack.sealed.files import CODE_BREAK, KEY, KEY_COPY, PHARMACY
from n1trial.pack.trial.characteristics import PlanCharacteristics
from n1trial.pack.trial.commitment import COMMITMENT, in_groups
from n1trial.pack.trial.read import REHEARSAL
from n1trial.pack.trial.trial import Trial
from n1trial.report.lines import label_lines
from n1trial.report.rates import in_100
from n1trial.report.words import content_names, stop_rule_in_words, weeks


def pack_in_words(pack: PackFiles, characteristics: PlanCharacteristics, folder: Path, passphrases: Passphrases) -> str:
    """Tell what was made and who gets it.

    Parameters
    ----------
    pack : PackFiles
    characteristics : PlanCharacteristics
    folder : Path
        Where it is.
    passphrases : Passphrases
        By which of them are there, it is known what was sealed.

    Returns
    -------
    str
        Lines of at most 100 characters where no word is longer; nothing in them tells the allocation.
    """
    trial = pack.trial
    lines = [f"{REHEARSAL}: made from a seed, so that anybody can make it again."] if trial.is_rehearsal else []
    lines.append(subject(trial))
    for label, text in facts_in_words(pack, characteristics).items():
        lines += label_lines(label, text, 12)
    lines += ["", f"In {folder}:"]
    for name, text in parts(passphrases):
        lines += label_lines(f"  {name}", text, 18)
    return "\n".join(lines) + "\n"


def subject(trial: Trial) -> str:
    """Say what is tried, and the code of the patient."""
    scenario = trial.scenario
    control, drug = content_names(scenario)
    return f"{drug} or {control}, patient code {trial.patient_code}"


def facts_in_words(pack: PackFiles, characteristics: PlanCharacteristics) -> dict[str, str]:
    """Word dates, chances and commitment of a pack, a text each by its label."""
    trial = pack.trial
    last = trial.date_of(trial.last_day).isoformat()
    first_kit = trial.date_of(trial.first_kit_day).isoformat()
    return {
        "Diary": f"{trial.first_date.isoformat()} to {last}, {weeks(trial.layout.weeks)}; the first of"
        f" {len(trial.kits)} kits is opened on {first_kit}.",
        "Planned": f"An effect that is just worthwhile would be shown in {in_100(characteristics.detect_worthwhile)}"
        f" such "
        f"trials; if there is none, {in_100(characteristics.false_alarms)} would show one all the same."
        f" {characteristics.words}.",
        "Stop rule": _stop(trial, characteristics),
        "Commitment": in_groups(pack.commitment),
    }


def _stop(trial: Trial, characteristics: PlanCharacteristics) -> str:
    rule = f"The trial stops when {stop_rule_in_words(trial.stop_rule, trial.scenario.outcome.unit)}."
    if characteristics.stopped is None:
        return rule
    return (
        f"{rule} If there is no effect, that would stop {in_100(characteristics.stopped)} such patients all the same."
    )


def parts(passphrases: Passphrases) -> Iterator[tuple[str, str]]:
    """List what the folder holds, each with what to do with it."""
    yield "patient/", "for the patient: print it. Blinded."
    yield "clinician/", "for the clinic: protocol, schedule by kit, visits, deviations. Blinded."
    if passphrases.pharmacy is None:
        yield f"{PHARMACY_OPEN}/", "OPEN: what each kit holds. For the pharmacist alone; keep it away from the clinic."
    else:
        yield PHARMACY, "for the pharmacist, with its passphrase told apart: n1trial open-pharmacy. Not blinded."
    yield KEY, "stays sealed until the diary is complete; keep the passphrase where it will be found then."
    if passphrases.copy is not None:
        yield KEY_COPY, "the same key under the second passphrase: keep both elsewhere."
    yield CODE_BREAK, "each kit's content under the one-time phrase on its slip: for an emergency."
    yield COMMITMENT, "proves at the end that key and papers are these; it is printed on every blinded paper."
    yield f"{FOLDER}/", "n1trial as it is today, with the versions that it needs: for the day on which the key opens."
    yield LOG, "what is opened or frozen, when and by whom; it stays beside the key, and no line is taken out."
