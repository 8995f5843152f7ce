"""What differs from the plan in a returned diary: told and logged, and analyzed as randomized all the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from n1trial.diary.file.answers import NOT_SAID
from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.pack.trial.codes import normalize_code
from n1trial.pack.trial.trial import Trial
from n1trial.pack.visit.deviation import KINDS, Deviation
from n1trial.report.words import plural

PAUSE_DAYS = 7
"""Days in a row without a word that count as a pause, or at the end as an early stop."""


def deviations(trial: Trial, diary: ReturnedDiary, *, is_over: bool) -> tuple[Deviation, ...]:
    """Find all that differs from the plan, without knowing what any kit holds.

    Parameters
    ----------
    trial : Trial
    diary : ReturnedDiary
        Read with what the trial expects.
    is_over : bool
        Whether the trial is: a diary that ends before its plan is otherwise one in mid-trial.

    Returns
    -------
    tuple of Deviation
        By their first day.
    """
    rules = (
        _moves,
        _dates,
        _pauses,
        _beyond,
        _kits,
        _two_codes,
        _doses,
        _late,
        _steps,
        _counts,
        *([_early_stop] if is_over else []),
    )
    found = [deviation for rule in rules for deviation in rule(trial, diary)]
    return tuple(sorted(found, key=lambda each: (each.first_day, each.last_day, KINDS.index(each.kind))))


def is_planned(trial: Trial, diary: ReturnedDiary) -> NDArray[np.bool_]:
    """Whether each row is about a day of the plan."""
    first: int = -trial.layout.run_in_days
    planned: NDArray[np.bool_] = (diary.day >= first) & (diary.day <= trial.last_day)
    return planned


def last_day_written(trial: Trial, diary: ReturnedDiary) -> int | None:
    """Find the last day of the plan that anything was written about; None in an empty diary."""
    days = diary.day[diary.is_written & is_planned(trial, diary)]
    return int(days[-1]) if days.size else None


def on_calendar(diary: ReturnedDiary, day: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Place values of the rows on the days of the plan; NaN where no row is."""
    found = dict(zip(diary.day.tolist(), values.tolist(), strict=True))
    return np.array([found.get(each, np.nan) for each in day.tolist()], dtype=np.float64)


def used_kits(trial: Trial, diary: ReturnedDiary) -> Iterator[tuple[int, str | None, str]]:
    """Yield day, code of the planned kit and code of the kit noted, for every row of the plan that notes one."""
    for day, typed in zip(diary.day.tolist(), diary.kit, strict=True):
        if typed and -trial.layout.run_in_days <= day <= trial.last_day:
            kit = trial.kit_of(day)
            yield day, None if kit is None else kit.code, normalize_code(typed)


def _moves(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:  # noqa: ARG001
    """Say what dated papers that were made again tell: a new start, and pauses."""
    for move in trial.moves:
        facts = {"days": abs(move.days)}
        if move.first_day > trial.first_day:
            yield Deviation("agreed pause", move.first_day, move.first_day, facts)
        else:
            yield Deviation("new start", move.first_day, move.first_day, facts | {"is_later": move.days > 0})


def _dates(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    known = np.flatnonzero(np.isfinite(diary.behind) & is_planned(trial, diary))
    if not known.size:
        return
    day = diary.day[known].tolist()
    agreed = [trial.paused_before(each) for each in day]
    behind = [int(days) - pause for days, pause in zip(diary.behind[known].tolist(), agreed, strict=True)]
    if behind[0]:
        yield Deviation("late start" if behind[0] > 0 else "early start", day[0], day[0], {"days": abs(behind[0])})
    for (_, before), (now, after) in pairwise(zip(day, behind, strict=True)):
        if after != before:
            yield Deviation("moved" if after > before else "back", now, now, {"days": abs(after - before)})


def _pauses(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    last = last_day_written(trial, diary)
    if last is None:
        return
    written = set(diary.day[diary.is_written].tolist())
    for is_silent, run in groupby(range(-trial.layout.run_in_days, last + 1), key=lambda day: day not in written):
        days = list(run)
        if is_silent and len(days) >= PAUSE_DAYS:
            yield Deviation("pause", days[0], days[-1], {"days": len(days)})


def _early_stop(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    last = last_day_written(trial, diary)
    last = -trial.layout.run_in_days - 1 if last is None else last
    if trial.last_day - last >= PAUSE_DAYS:
        yield Deviation("early stop", last + 1, trial.last_day, {"days": trial.last_day - last})


def _beyond(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    days = diary.day[diary.is_written & ~is_planned(trial, diary)].tolist()
    if days:
        yield Deviation("beyond", days[0], days[-1], {"days": len(days)})


def _kits(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    replacements = {kit.code: kit.replacement for kit in trial.kits}
    used = [(day, planned, code) for day, planned, code in used_kits(trial, diary) if code != planned]
    for (planned, code), run in _runs(used):
        is_same_content = planned is not None and replacements[planned] == code
        kind = "kit too early" if planned is None else "replacement" if is_same_content else "other kit"
        yield Deviation(kind, run[0], run[-1], {"planned": planned, "used": code})


def _two_codes(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    """Find kits with a second code on their days: a file with printed codes shows a swap only where typed."""
    noted: dict[str, list[str]] = {}
    for _, planned, code in used_kits(trial, diary):
        if planned is not None:
            noted.setdefault(planned, []).append(code)
    for kit in trial.kits:
        codes = list(dict.fromkeys(noted.get(kit.code, ())))
        # A replacement holds the same, so that the day of the change alters nothing.
        if len(set(codes) - {kit.replacement}) > 1:
            facts = {"kit": kit.code, "codes": codes}
            yield Deviation("two codes", kit.first_day, kit.last_day, facts)


def _runs(used: list[tuple[int, str | None, str]]) -> Iterator[tuple[tuple[str | None, str], list[int]]]:
    """Find days in a row with the same planned and the same used kit."""
    for _, run in groupby(enumerate(used), key=lambda each: (each[1][1:], each[1][0] - each[0])):
        held = [row for _, row in run]
        yield held[0][1:], [day for day, _, _ in held]


def _doses(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    most = len(trial.scenario.pack.times_of_day)
    due = np.array([trial.takes_dose(day) for day in diary.day.tolist()], dtype=np.bool_)
    is_in_plan = is_planned(trial, diary)
    due &= is_in_plan
    yield from _stretches("missed", diary, due & (diary.doses == 0))
    yield from _stretches("not said", diary, due & (diary.doses == NOT_SAID) & diary.is_written)
    yield from _stretches("part", diary, due & (diary.doses > 0) & (diary.doses < most))
    yield from _stretches("unplanned", diary, is_in_plan & ~due & (diary.doses > 0))


def _late(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    yield from _stretches("written later", diary, diary.is_late & is_planned(trial, diary))


def _steps(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    outcome = trial.scenario.outcome
    if outcome.step:
        steps = (diary.score - outcome.scale[0]) / outcome.step
        yield from _stretches("between steps", diary, np.abs(steps - np.round(steps)) > 1e-6)


def _stretches(kind: str, diary: ReturnedDiary, flags: NDArray[np.bool_]) -> Iterator[Deviation]:
    """Report a deviation for each run of rows next to each other."""
    for is_marked, run in groupby(range(len(flags)), key=lambda row: bool(flags[row])):
        rows = list(run)
        if is_marked:
            first, last = int(diary.day[rows[0]]), int(diary.day[rows[-1]])
            yield Deviation(kind, first, last, {"days": len(rows)})


def _counts(trial: Trial, diary: ReturnedDiary) -> Iterator[Deviation]:
    """Count capsules left of each kit against the doses noted; those of which nothing is said may be either."""
    pack, last = trial.scenario.pack, last_day_written(trial, diary)
    if last is None:
        return
    said = dict(zip(diary.day.tolist(), diary.doses.tolist(), strict=True))
    left = dict(zip(diary.day.tolist(), diary.units_left.tolist(), strict=True))
    units = pack.form_plural or plural(pack.form)
    given, most = sum(trial.units_per_kit.values()), len(pack.times_of_day)
    for kit in trial.kits:
        held = range(kit.first_day, kit.last_day + 1)
        counted = [left[day] for day in held if not np.isnan(left.get(day, np.nan))]
        if not counted:
            continue
        doses = [said.get(day, NOT_SAID) for day in held if trial.takes_dose(day) and day <= last]
        taken, unsaid = sum(each for each in doses if each > 0), most * doses.count(NOT_SAID)
        gone = given - int(counted[-1])
        facts = {"kit": kit.code, "left": int(counted[-1]), "given": given, "units": units}
        between, rest = divmod(gone - taken * pack.units_per_dose, pack.units_per_dose)
        if rest or not 0 <= between <= unsaid:
            facts |= {"expected": [given - (taken + more) * pack.units_per_dose for more in (unsaid, 0)]}
            yield Deviation("count", kit.last_day, kit.last_day, facts)
        elif unsaid:
            facts |= {"taken": between, "unsaid": unsaid}
            yield Deviation("count of the unsaid", kit.last_day, kit.last_day, facts)
