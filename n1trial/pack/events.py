"""The patient's dates as a calendar file, with titles that tell nothing to whoever looks over the shoulder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

if TYPE_CHECKING:
    from n1trial.pack.trial import Trial

STAMP = datetime(2000, 1, 1, tzinfo=UTC)
"""The one time stamp of all events: files are the same whenever they are made."""


def events(trial: Trial, visits: Iterable[date], titles: Mapping[str, str]) -> bytes:
    """The diary's lines, kits to open, visits and the diary's last line, each a whole day.

    The line of a day is written in its evening or on the morning after (`outcome.entry`).

    Parameters
    ----------
    trial : Trial
    visits : iterable of date
    titles : mapping of str to str
        Of the calendar, a kit (with ``%s`` for its code), a visit, the diary by when it is written, and its last line.

    Returns
    -------
    bytes
        An iCalendar file.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//n1trial//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", titles["calendar"])
    entry = trial.scenario.outcome.entry
    later = timedelta(days=1 if entry == "morning" else 0)
    first, last, diary = trial.start + later, trial.date_of(trial.last_day) + later, titles[entry]
    planned = [(first, diary)]
    planned += [(trial.date_of(kit.first_day), titles["kit"] % kit.code) for kit in trial.kits]
    planned += [(day, titles["visit"]) for day in visits]
    planned.append((last, titles["end"]))
    for number, (day, title) in enumerate(sorted(planned)):
        event = Event()
        event.add("uid", f"{trial.patient_code}-{number}@n1trial")
        event.add("dtstamp", STAMP)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", title)
        if title == diary:
            event.add("rrule", {"freq": "daily", "count": (last - first).days + 1})
        event.add("transp", "TRANSPARENT")  # such a day is not taken for a busy one
        calendar.add_component(event)
    return bytes(calendar.to_ical())
