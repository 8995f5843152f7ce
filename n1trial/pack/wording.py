"""All words of faults of what a command for a pack is given."""

from __future__ import annotations

from n1trial.wording import ArgumentFault

FAULTS = {
    "no_code": "is no code of a kit, by its check character; compare it with the label",
    "no_kit": "no kit of this pack (patient code {patient_code:s})",
    "no_kit_there": "no kit of this pack; compare it with the label",
    "no_date": "must be a date such as 2027-01-04",
    "no_year": "must be in the years {first} to {last}",
    "no_log": "holds no line of a log, as trial.log of a pack does",
    "other_plan": (
        "{name:s} is not the scenario that was sealed ({scenario:s}); what was sealed is analyzed, so leave"
        " {argument[plan]} out"
    ),
    "nothing_moves": "day {day} of the plan is on that date already; nothing moves",
    "has_paused": (
        "the trial has paused already, so its start cannot move; name the last date before the pause with"
        " {argument[paused_after]}"
    ),
    "far_start": (
        "must be at most {most} days from the planned start, {start}; is the year right? A later trial needs a new pack"
    ),
    "no_date_of_diary": "must be a date of the diary before its last, {first} to {last}",
    "long_pause": (
        "must be 1 to {most} days after {argument[paused_after]} {paused_after}; a trial that pauses for longer has"
        " ended: n1trial freeze --ended"
    ),
    "no_commitment": (
        "is not there or cannot be read; take the commitment from any blinded paper: {argument[commitment]}"
    ),
    "commitment": "must be 64 of the characters 0-9 and a-f, and is {found:s}",
    "no_fills": "this pack is older than labels by fill; write the use-by date on its labels by hand",
    "no_fill": "must be one of this pack, which has {there:s}, but is {fill}",
    "many_dates": "must be the dates of the two substances at most, but there are {count}",
    "has_date": "the labels of this pack have a use-by date already, from pack.use_by",
    "early_date": (
        "must be {last_day} or later, when pack {number:s} of fill {fill} is used up, but is {use_by}; fill it later,"
        " or with substances that keep longer"
    ),
    "other_pack": "is another pack than that of these papers; name theirs with {argument[pack]}",
}
"""What stands after the argument, and after the value that it was given."""


class PackFault(ArgumentFault):
    """Fault of what a command for a pack is given."""

    WORDS = FAULTS
