"""Why a key stays shut, in words for the terminal and the page."""

from __future__ import annotations

from datetime import date

from n1trial.pack.visit.gate import DeclaredEnd, EndGate, Hold
from n1trial.report.words import count_of

NOT_VERIFIED = "as entered, not verified"
REHEARSAL_OPENS = "This is a rehearsal and no trial, so its key opens at any time."


def declared_end_in_words(gate: EndGate) -> str | None:
    """Say that an end was declared that opens the key before the planned one, and that it may be a mistake."""
    end = gate.early_end
    if end is None or gate.today > gate.last_day:
        return None
    when = f"{end.time:%Y-%m-%d} at {end.time:%H:%M}"
    return (
        f"{declared_in_words(end)} That was entered on {when}. By its plan the trial goes on until {gate.last_day}, and"
        f" no diary is looked at here: the patient may still be writing."
    )


def declared_in_words(end: DeclaredEnd) -> str:
    """Say who declared an early end, of which day, and why."""
    ended = f"The trial was declared{by_in_words(end.by)} to have ended early, on {end.on}."
    return f"{ended} Reason: {as_sentence(end.reason)}"


def by_in_words(name: str | None) -> str:
    """Say who did something, to follow its verb; nothing where nobody was entered."""
    return f" by {name} ({NOT_VERIFIED})" if name else ""


def as_sentence(reason: str) -> str:
    """Word a reason as the end of a sentence."""
    plain = reason.strip() or "none entered"
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."


def holds_in_words(gate: EndGate) -> tuple[str, ...]:
    """Say why a key stays shut, a sentence each; empty where it may open."""
    return tuple(WORDS[hold](gate) for hold in gate.holds)


def _before_the_end(gate: EndGate) -> str:
    return (
        f"The trial goes on until {gate.last_day} by its plan, and today is {gate.today}: whoever sees the key now is "
        "no longer blind."
    )


def _future(gate: EndGate) -> str:
    return (
        f"The diary has entries for {count_of(len(gate.future), 'day')} in the future ({_dates(gate.future)}; today is "
        f"{gate.today}): is a date mistyped, or is the clock of this machine wrong?"
    )


def _later(gate: EndGate) -> str:
    assert gate.declared_end is not None
    return (
        f"The trial was declared to have ended early, on {gate.declared_end.on}, but the diary has entries for "
        f"{count_of(len(gate.later), 'later day')} ({_dates(gate.later)}). If it goes on, the key opens after "
        f"{gate.last_day}, its planned end. If it ended later, declare that day."
    )


def _dates(days: tuple[date, ...]) -> str:
    return f"{days[0]}" if len(days) == 1 else f"{min(days)} to {max(days)}"


WORDS = {Hold.RUNNING: _before_the_end, Hold.FUTURE: _future, Hold.LATER: _later}
