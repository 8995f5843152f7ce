"""A pack whose plan adjusts for a trigger: asked every day, on paper and in the file, and analyzed at the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from n1trial.analysis.analyze import analyze
from n1trial.diary.file.read_returned import read_returned
from n1trial.errors import InputError
from n1trial.pack.conclusion.pages import pages
from n1trial.pack.end.check_diary import make_check_diary
from n1trial.pack.end.conclude import conclude
from n1trial.pack.end.reproduction import reproduce
from n1trial.pack.end.trail import Trail
from n1trial.pack.end.trial_diary import join
from n1trial.pack.freeze.history import History
from n1trial.pack.make.rehearse import fill_in, live_through
from n1trial.pack.sealed.key import Key
from n1trial.pack.visit.diary_format import diary_format
from tests.pack.make.test_assemble import pack_of
from tests.pack.packable import secrets_of, short

ADJUST = {"analysis.adjust": ["caffeine"], "analysis.primary": "mixed", "conduct.dropout_per_week": 0.0}


def test_a_trigger_that_is_adjusted_for_is_asked_every_day_and_analyzed(tmp_path: Path) -> None:
    pack = pack_of(short(**ADJUST), secrets_of(3), is_rehearsal=True)
    key, blank = Key.from_bytes(pack.key_text, "key"), pack.blinded_files["patient/diary.csv"].decode()
    assert "caffeine" in blank.partition("\n")[0].split(",")
    page = pack.blinded_files["patient/diary.html"].decode()
    assert "caffeine, yes or no" in page
    protocol = " ".join(pack.blinded_files["clinician/protocol.html"].decode().split())
    assert "Daily models adjust for what the diary says of each day: caffeine." in protocol
    life = live_through(key, seed=4, effect=-2.0)
    text = fill_in(blank, key, life)
    (tmp_path / "diary.csv").write_text(text, encoding="utf-8")
    returned = read_returned(tmp_path / "diary.csv", diary_format(key.trial))
    joined = join(returned, key)
    boxes = joined.as_randomized.columns["caffeine"][:, 0]
    assert np.array_equal(boxes, np.where(np.isnan(life.score), np.nan, life.hits["caffeine"]), equal_nan=True)
    final = conclude(joined)
    plain = replace(joined.as_randomized, plan=replace(joined.as_randomized.plan, adjust=()))
    assert final.primary.estimate[0] == analyze(joined.as_randomized).estimate[0] != analyze(plain).estimate[0]
    trail = Trail("ab" * 32, "cd" * 32, "2027-12-01T10:00:00+01:00", History())
    end = " ".join(pages(final, trail)["analysis.html"].split())
    assert "Adjusted for caffeine, as fixed beforehand: mixed" in end
    (tmp_path / "diary.csv").write_text(text.replace("caffeine", "tea"), encoding="utf-8")
    with pytest.raises(InputError, match="has no column caffeine"):
        read_returned(tmp_path / "diary.csv", diary_format(key.trial))


def test_the_check_diary_of_such_a_pack_is_reproduced(tmp_path: Path) -> None:
    scenario = short(**ADJUST)
    pack = pack_of(scenario, secrets_of(3))
    key = replace(Key.from_bytes(pack.key_text, "key"), check=make_check_diary(scenario))
    assert reproduce(key, tmp_path).kind == "same"
