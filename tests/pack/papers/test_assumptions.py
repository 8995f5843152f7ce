from __future__ import annotations

import pytest

from n1trial.pack.papers.protocol_context import assumptions
from n1trial.scenario.model.entries import entries
from n1trial.scenario.scenario import Scenario
from tests.pack.packable import shipped, short
from tests.pack.papers.test_papers import papers_of, text_of

BARE = {"evidence": (), "secondary": (), "theory": ()}


def rows_of(scenario: Scenario) -> dict[str, dict[str, object]]:
    return {row["key"]: row for row in assumptions(scenario)}


@pytest.mark.parametrize("changes", [{}, BARE])
def test_every_number_of_patient_placebo_conduct_and_blinding_is_listed(changes: dict[str, object]) -> None:
    scenario = short(**changes)
    held = [entry for entry in entries(scenario) if entry.section in ("patient", "placebo", "conduct", "blinding")]
    wanted = {entry.path for entry in held if entry.is_number and entry.value is not None}
    wanted -= {"placebo.displacement", "placebo.rate_per_week"}  # of the other shape
    assert len(wanted) > 20
    assert wanted <= rows_of(scenario).keys()
    text = text_of(papers_of(scenario)["clinician/protocol.html"])
    assert not [key for key in wanted if f"({key})" not in text]
    assert "assumed, no source given" in text


def test_ranges_and_what_is_not_settled_are_printed() -> None:
    unsettled = [{"key": "conduct.missing", "range": [0.05, 0.4], "note": "nobody knows"}]
    rows = rows_of(short(unsettled=unsettled, **BARE))
    assert (rows["treatment.onset_days"]["range"], rows["treatment.offset_days"]["range"]) == ("7 to 42", "9 to 770")
    missing = rows["conduct.missing"]
    assert (missing["range"], missing["is_unsettled"], missing["note"]) == ("0.05 to 0.4", True, "nobody knows")
    text = text_of(papers_of(short(unsettled=unsettled, **BARE))["clinician/protocol.html"])
    assert "0.05 to 0.4, not settled" in text


def test_what_a_number_rests_on_is_said() -> None:
    rows = rows_of(shipped())
    assert rows["conduct.missing"]["status"] == "published"
    assert rows["treatment.every_days"]["status"] == "decided"
    assert rows["blinding.nocebo"]["status"] != "none"
    assert rows["patient.diary_sd"]["status"] == "none"


def test_words_have_the_unit_of_the_score_and_the_name_of_their_table() -> None:
    rows = rows_of(short(**{"outcome.unit": "minutes"}))
    assert rows["patient.baseline"]["words"] == "Usual score without treatment, in minutes"
    assert str(rows["trigger.short sleep.effect"]["words"]).startswith("short sleep: what it adds")
