"""What papers may speak of and what their templates read: neither more nor less."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import n1trial.pack
from n1trial.pack.papers.context import facts
from n1trial.pack.papers.protocol_context import of_the_protocol
from n1trial.pack.pharmacy.stock import of_the_pharmacy
from n1trial.pack.trial.trial import blinded_trial
from tests.pack.packable import PLANNED, short

TEMPLATES = Path(n1trial.pack.__file__).parent / "templates" / "en"
OF_THE_END = "end.jinja"
"""Read by the page of the analysis, which has facts of its own."""
PUT_IN_BY_CODE = {"reissue", "slips_if_lost"}


def test_templates_read_every_fact_and_no_other() -> None:
    trial = blinded_trial(short(), date(2027, 1, 4), bytes(16), is_rehearsal=False)
    held = {code: True for kit in trial.kits for code in kit.codes}
    known = facts(trial, "c" * 64) | of_the_protocol(trial, PLANNED)
    known |= of_the_pharmacy(trial, held, dict.fromkeys(held, ""))
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.jinja") if path.name != OF_THE_END]
    read = {name for text in texts for name in re.findall(r"(?<![\w.])f\.([a-z_]+)", text)}
    assert read ^ set(known) == PUT_IN_BY_CODE
