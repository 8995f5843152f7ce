"""The blinded look at a diary, told on the terminal for a visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.diary.stop_rule import FEWEST_IN_RUN_IN
from n1trial.pack.trial.read import REHEARSAL
from n1trial.pack.visit.check import DiaryCheck, Week
from n1trial.pack.visit.deviation import Deviation
from n1trial.pack.visit.deviation_words import in_rows
from n1trial.report.lines import label_lines, table
from n1trial.report.words import capital, count_of, days_or_weeks, stop_rule_in_words

ASKED = {"new_complaints": "New complaints", "other_medicines": "Other medicines"}
"""Columns that the clinic must see, with what they are called."""
MOST_SHOWN = 12


def check_in_words(check: DiaryCheck, *, with_means: bool = False) -> str:
    """Tell what a diary shows blind.

    Parameters
    ----------
    check : DiaryCheck
    with_means : bool
        Whether means of scores are shown: beside the codes of kits they let a reader guess the order.

    Returns
    -------
    str
        Lines of at most 100 characters, ending with a newline; the same whatever the kits hold.
    """
    trial = check.trial
    lines = [REHEARSAL] if trial is not None and trial.is_rehearsal else []
    lines.append(f"{check.diary.place}: no fault in the file")
    for label, text in labels(check, with_means=with_means):
        lines += label_lines(label, text)
    if check.weeks:
        lines += ["", *_table(check, with_means)]
    if check.trial is not None:
        lines += ["", "Deviations from the plan so far", *deviation_lines(check.deviations, check.diary)]
    return "\n".join(lines) + "\n"


def labels(check: DiaryCheck, *, with_means: bool = False) -> Iterator[tuple[str, str]]:
    """Say what a diary shows blind besides its weeks and deviations, a text each with its label."""
    trial, returned = check.trial, check.diary
    if trial is not None:
        last = trial.date_of(trial.last_day)
        yield "Trial", f"{trial.scenario.name}, patient code {trial.patient_code}, {trial.first_date} to {last}"
    yield "Diary", "Nothing is written yet." if check.last_day is None else _reach(check)
    if trial is None and check.last_day is not None:
        yield "No pack", "The file alone was looked at; the pack tells kits, dates and the plan as well."
    for note in returned.notes:
        yield "Note", note
    yield "Stop rule", _stop(check)
    if with_means and (usual := _usual(check)):
        yield "Run-in", usual
    for name, label in ASKED.items():
        yield label, _answers(returned, name)


def _reach(check: DiaryCheck) -> str:
    trial, returned, last = check.trial, check.diary, check.last_day
    assert last is not None
    when = returned.date_of(last)
    behind = sum(week.days for week in check.weeks)
    entries = sum(week.entries for week in check.weeks)
    late = sum(week.late for week in check.weeks)
    written = f"{entries} of the {behind} days up to then have an entry, {late} of these written later."
    told = f"Written up to day {last}. " if when is None else f"Written up to {when} (day {last}). "
    if trial is None:
        return told + written
    ahead = trial.last_day - last
    to_come = f" {capital(days_or_weeks(ahead))} of the plan lie ahead, or were not kept." if ahead else ""
    return told + written + to_come


CANNOT = {
    "no run-in": "CANNOT BE JUDGED: the run-in has {entries}, and the rule compares with {fewest} or more.",
    "no room": "CANNOT BE MET on this scale, which ends at {worst}: the run-in leaves no room for it.",
    "too few": "CANNOT BE JUDGED yet: no {days} in a row have {fewest_entries} scores.",
}
"""Why the rule says nothing, by the state of it."""


def _stop(check: DiaryCheck) -> str:
    stop, rule, trial = check.stop, check.stop.rule, check.trial
    if rule is None or trial is None:
        return "Stands in the pack, which was not given."
    days, asks = count_of(rule.days, "day"), f"The rule: {stop_rule_in_words(rule, trial.scenario.outcome.unit)}."
    if stop.state == "met":
        when = "; ".join(_from_to(check, *stretch) for stretch in stop.stretches)
        return f"YES, it is met: look at this patient. {asks} So it was {when}. The rule asks to stop; you decide."
    if stop.state == "too early":
        return f"Not yet: {days} of the blinded part have not passed. {asks}"
    if stop.state == "not met":
        thin = "" if stop.latest_is_judged else f" The last {days} have too few scores to be judged: ask the patient."
        return f"NO, it is not met. {asks}{thin}"
    why = CANNOT[stop.state].format(
        entries=count_of(stop.run_in_entries, "score"), fewest=FEWEST_IN_RUN_IN, days=days,
        worst=f"{rule.scale[1] if rule.better == 'lower' else rule.scale[0]:g}", fewest_entries=rule.fewest_entries,
    )  # fmt: skip
    return (
        f"{why} Ask the patient whether the last {days} were clearly worse than the time before the trial, and decide"
        f" by that. {asks}"
    )


def _usual(check: DiaryCheck) -> str:
    stop = check.stop
    if stop.run_in_mean is None:
        return ""
    return f"The mean of the run-in is {stop.run_in_mean:.1f} ({count_of(stop.run_in_entries, 'score')})."


def _from_to(check: DiaryCheck, first: int, last: int) -> str:
    start, end = (check.diary.date_of(day) or f"day {day}" for day in (first, last))
    return f"from {start} to {end}"


def _answers(diary: ReturnedDiary, name: str) -> str:
    if name not in diary.texts:
        return f"The file has no column {name}."
    found = [(day, text) for day, text in zip(diary.day.tolist(), diary.texts[name], strict=True) if text]
    if not found:
        return "None noted."
    shown = [f"{diary.date_of(day) or f'day {day}'}: {_short(text)}" for day, text in found[-MOST_SHOWN:]]
    earlier = f" And {len(found) - MOST_SHOWN} earlier." if len(found) > MOST_SHOWN else ""
    return "; ".join(shown) + "." + earlier


def _table(check: DiaryCheck, with_means: bool) -> list[str]:
    heading = ["Week", "from", "kit", "entries", "written later", "dose taken", "missed", "not said"]
    rows = [heading, *([*cells(check, week)] for week in check.weeks)]
    if with_means:
        means = ("" if week.mean is None else f"{week.mean:.1f}" for week in check.weeks)
        for row, mean in zip(rows, ("mean score", *means), strict=True):
            row.insert(5, mean)
    return table(rows, left={1, 2})


def cells(check: DiaryCheck, week: Week) -> tuple[str, ...]:
    """Tell of a week: its number, first day, kit, entries, those written later, and its doses.

    The last three are dosing days with a dose taken, with none taken, and without a word; empty where none is due.
    """
    when, trial = check.diary.date_of(week.first_day), check.trial
    kits = [] if trial is None else [trial.kit_of(day) for day in range(week.first_day, week.last_day + 1)]
    codes = list(dict.fromkeys(kit.code for kit in kits if kit is not None))
    kit = "" if not codes else codes[0] if len(codes) == 1 else f"{len(codes)} kits"
    doses = (week.doses_taken, week.doses_missed, week.doses_not_said)
    return (
        str(week.number),
        f"day {week.first_day}" if when is None else when.isoformat(),
        kit,
        f"{week.entries} of {week.days}",
        str(week.late or ""),
        *(str(days) if week.doses_due else "" for days in doses),
    )


def deviation_lines(deviations: Sequence[Deviation], diary: ReturnedDiary) -> Iterator[str]:
    """Write lines for deviations: those that are told one by one, then the sums of the others."""
    if not deviations:
        yield "  None."
    for when, text in in_rows(deviations, diary):
        yield from label_lines(f"  {when}", text, 28)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:56].rstrip() + " ..."
