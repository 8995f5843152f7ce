"""The patient's dates as a calendar file, with titles that tell nothing to whoever looks over the shoulder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from icalendar import Calendar, Event

from n1trial.pack.trial.trial import Trial

STAMP = datetime(2000, 1, 1, tzinfo=UTC)
"""The one time stamp of all events: files are the same whenever they are made. Later versions are a day later each."""
DAY = timedelta(days=1)
CANCELLED = "CANCELLED"


@dataclass(frozen=True, order=True)
class _Entry:
    """A whole day in the calendar; several of one title are told apart by their number, from 0."""

    day: date
    title: str
    number: int = 0
    repeats: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """Title and number by which it is found in another version of the file."""
        return _key(self.title, self.number, repeats=self.repeats)


def events(
    trial: Trial, visits: Iterable[date], titles: Mapping[str, str], earlier: bytes | None = None
) -> bytes:  # fmt: skip
    """Write the diary's lines, kits to open, visits and the diary's last line as events, each a whole day.

    The line of a day is written in its evening or on the morning after (`outcome.entry`).

    Parameters
    ----------
    trial : Trial
    visits : iterable of date
    titles : mapping of str to str
        Of the calendar, a kit (with ``%s`` for its code), a visit, the diary by when it is written, and its last line.
    earlier : bytes, optional
        The calendar file that this one takes the place of: its events keep their names, so that calendars move them,
        and those that are no more are cancelled.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//n1trial//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", titles["calendar"])
    known = dict[tuple[str, int], str]() if earlier is None else _names(earlier)
    taken = set(known.values())
    free = (uid for number in count() if (uid := f"{trial.patient_code}-{number}@n1trial") not in taken)
    for entry in sorted(_entries(trial, visits, titles)):
        calendar.add_component(_event(trial, entry, known.pop(entry.key, "") or next(free)))
    for (title, number), uid in known.items():
        event = _event(trial, _Entry(trial.first_date, title, number), uid)
        event.add("status", CANCELLED)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _entries(trial: Trial, visits: Iterable[date], titles: Mapping[str, str]) -> Iterator[_Entry]:
    later = _later(trial)
    yield _Entry(trial.first_date + later, titles[trial.scenario.outcome.entry], repeats=True)
    for kit in trial.kits:
        yield _Entry(trial.date_of(kit.first_day), titles["kit"] % kit.code)
    for number, day in enumerate(visits):
        yield _Entry(day, titles["visit"], number)
    yield _Entry(trial.date_of(trial.last_day) + later, titles["end"])


def _later(trial: Trial) -> timedelta:
    """Return the time from a day to that on which its line is written."""
    return DAY if trial.scenario.outcome.entry == "morning" else timedelta(0)


def _event(trial: Trial, entry: _Entry, uid: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", STAMP + (trial.version - 1) * DAY)
    if trial.version > 1:
        event.add("sequence", trial.version - 1)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + DAY)
    event.add("summary", entry.title)
    if entry.repeats:
        _repeat(event, trial)
    event.add("transp", "TRANSPARENT")  # such a day is not taken for a busy one
    return event


def _repeat(event: Event, trial: Trial) -> None:
    """Let the diary's event come back for each day of the plan, and not in a pause."""
    days = {trial.date_of(day) + _later(trial) for day in range(trial.first_day, trial.last_day + 1)}
    first, length = min(days), (max(days) - min(days)).days + 1
    event.add("rrule", {"freq": "daily", "count": length})
    off = [first + number * DAY for number in range(length) if first + number * DAY not in days]
    if off:
        event.add("exdate", off, parameters={"VALUE": "DATE"})


def _key(title: str, number: int, *, repeats: bool) -> tuple[str, int]:
    return ("", 0) if repeats else (title, number)


def _names(file: bytes) -> dict[tuple[str, int], str]:
    """Read the names of a calendar file's events, by title and which of that title it is by date, from 0."""
    found = [
        (event.decoded("dtstart"), str(event["summary"]), "rrule" in event, str(event["uid"]))
        for event in Calendar.from_ical(file).walk("VEVENT")
        if str(event.get("status", "")) != CANCELLED
    ]
    names: dict[tuple[str, int], str] = {}
    for _, title, repeats, uid in sorted(found):
        names[_key(title, sum(other == title for other, _ in names), repeats=repeats)] = uid
    return names
