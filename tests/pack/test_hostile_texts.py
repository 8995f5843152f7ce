"""Texts that no scenario takes any more, in a pack of before: nothing raw gets onto a paper or into a table."""

from __future__ import annotations

import csv
import io

import pytest

from n1trial.pack.make.assemble import make_pack
from n1trial.pack.sealed.key import Key
from n1trial.scenario.model.limits import AS_MADE
from n1trial.scenario.scenario import Scenario
from n1trial.texts import refused_characters
from tests.pack.packable import PLANNED, START, secrets_of, short

HOSTILE = "=1+PWN\u202e\x1b]0;t\x07\u2028"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A scenario of before the limits, hostile in every text of treatment, control and outcome."""
    values = short().own_values()
    for section in ("treatment", "control", "outcome"):
        table = values.setdefault(section, {})
        table |= {
            key: f"{HOSTILE}{section}" for key, value in table.items() if isinstance(value, str) and key != "better"
        }
        table["name"] = f"{HOSTILE}{section}"
    values["title"] = HOSTILE
    return Scenario.of(values, AS_MADE)


def test_no_paper_and_no_table_shows_them_raw(scenario: Scenario) -> None:
    pack = make_pack(scenario, START, secrets_of(7), PLANNED, is_rehearsal=True)
    files = {**pack.blinded_files, **pack.pharmacy}
    assert any(b"U+202E" in content for content in files.values())
    for name, content in files.items():
        if not name.endswith((".pdf", ".toml", ".ics")):
            assert refused_characters(content.decode(), allow="\t\r\n") == (), name
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
            assert not [cell for cell in cells if cell[:1] in ("=", "@", "+")], name


def test_its_key_opens_all_the_same(scenario: Scenario) -> None:
    pack = make_pack(scenario, START, secrets_of(7), PLANNED, is_rehearsal=True)
    assert Key.from_bytes(pack.key_text, "key").trial.scenario == scenario
