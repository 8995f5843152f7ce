"""What the text of a key holds at least, so that all that is done with a key can be done with it."""

from __future__ import annotations

import re

from n1trial.report.run.shape import COUNT, FLAG, NUMBER, TEXT, Plain, Rows, Table

FARTHEST_DAY = 36_500

DAY = Plain("must be a day", lambda value: type(value) is int and abs(value) <= FARTHEST_DAY)
SECRET = Plain("must be 128 bits", lambda value: isinstance(value, str) and bool(re.fullmatch(r"[0-9a-f]{32}", value)))
ORDER = Plain("must be letters A and B", lambda value: isinstance(value, str) and bool(re.fullmatch(r"[AB]+", value)))
DATE = Plain(
    "must be a date of this or the next centuries",
    lambda value: isinstance(value, str) and bool(re.fullmatch(r"[1-8]\d{3}-\d\d-\d\d", value)),
)
SHIFT = Plain("must be days", lambda value: isinstance(value, str) and bool(re.fullmatch(r"[+-]?\d{1,4}", value)))

KEY = Table({
    "version": TEXT, "patient_code": TEXT, "start": DATE, "is_rehearsal": FLAG, "order": ORDER, "shifts": Rows(SHIFT),
    "kits": Rows(Table({"number": COUNT, "code": TEXT, "replacement": TEXT, "first_day": DAY, "last_day": DAY})),
    "assignment_secret": SECRET, "codes_secret": SECRET, "papers": Table({}, TEXT),
    "planned": Table(
        dict.fromkeys(("detect_planned", "detect_worthwhile", "false_alarms", "adopt_null", "least", "most"), NUMBER)
        | {"replicates": COUNT, "answer": TEXT, "words": TEXT, "depends": FLAG}
    ),
    "scenario": Table({}),
})  # fmt: skip
"""The document of a key, of this and of earlier versions."""


def has_shape_of_key(nonce: object, document: object) -> bool:
    """Whether a nonce and a document are those of a key, as far as their shape says."""
    return not [*SECRET("nonce", nonce), *KEY("", document)]
