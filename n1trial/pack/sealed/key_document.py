"""What the text of a key holds at least, so that all that is done with a key can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from n1trial.pack.trial.characteristics import PlanCharacteristics
from n1trial.pack.trial.trial import Kit
from n1trial.provenance import Provenance
from n1trial.report.documents import Count, DocumentType, Narrow, Number, matching, within

FARTHEST_DAY = 36_500

Day = Annotated[int, within(-FARTHEST_DAY, FARTHEST_DAY)]
SECRET = "^[0-9a-f]{32}$"
"""128 bits."""
Secret = Annotated[str, matching(SECRET)]
FIGURES = ("detect_planned", "detect_worthwhile", "false_alarms", "adopt_null", "least", "most")


@dataclass(frozen=True)
class KeyDocument:
    """The text of a key below its first line, of this and of earlier versions."""

    kind: str
    version: str
    patient_code: str
    start: Annotated[str, matching("^[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}$")]
    is_rehearsal: bool
    order: Annotated[str, matching("^[AB]+$")]
    shifts: tuple[Annotated[str, matching("^[+-]?[0-9]{1,4}$")], ...]
    kits: tuple[Annotated[Kit, Narrow("Kit", number=Count, first_day=Day, last_day=Day)], ...]
    assignment_secret: Secret
    codes_secret: Secret
    papers: dict[str, str]
    planned: Annotated[PlanCharacteristics, Narrow("Planned", replicates=Count, **dict.fromkeys(FIGURES, Number))]
    scenario: Mapping[str, Any]
    provenance: Provenance = field(default_factory=dict)
    check_diary: Mapping[str, Any] | None = None
    program: dict[str, str] = field(default_factory=dict)


KEY = DocumentType(KeyDocument, "key to a pack of n1trial")
