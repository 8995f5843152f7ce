from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from n1trial.errors import InputError
from n1trial.pack.make.rehearse import fill_in, live_through
from n1trial.pack.sealed.key import Key
from tests.pack.make.test_assemble import pack_of
from tests.pack.packable import secrets_of, short


def test_a_simulated_patient_keeps_the_diary_of_the_pack() -> None:
    scenario = short(**{
            "conduct.missing": 0.3, "conduct.dropout_per_week": 0.0, "conduct.backfilled": 0.5,
            "secondary.IRLS total.every_days": 14,
        }
    )  # fmt: skip
    pack = pack_of(scenario, secrets_of(3), is_rehearsal=True)
    key, blank = Key.from_bytes(pack.key_text, "key"), pack.blinded_files["patient/diary.csv"].decode()
    life = live_through(key, seed=4, effect=-2.0)
    assert life.effect == -2.0
    assert np.array_equal(life.diary.treatment, key.allocation.schedule(scenario).treatment)
    rows = list(csv.DictReader(io.StringIO(fill_in(blank, key, life))))
    empty = list(csv.DictReader(io.StringIO(blank)))
    assert [(row["day"], row["date"], row["kit"]) for row in rows] == [
        (row["day"], row["date"], row["kit"]) for row in empty
    ]
    assert {row["score"] for row in empty} == {""}
    scores = [float(row["score"]) if row["score"] else np.nan for row in rows]
    assert np.array_equal(scores, life.score, equal_nan=True)
    assert [row["late"] == "1" for row in rows] == life.is_filled.tolist()
    days, totals = life.secondary["IRLS total"]
    assert {int(row["day"]): float(row["irls_total"]) for row in rows if row["irls_total"]} == dict(
        zip(days.tolist(), totals.tolist(), strict=True)
    )
    assert {int(row["day"]) for row in rows if row["guess"]} == set(life.guesses)
    assert {row["guess"] for row in rows} <= {"", "Vitamin B12", "Placebo", "cannot tell"}


def test_the_key_of_a_real_pack_is_not_played_with() -> None:
    key = Key.from_bytes(pack_of(short(), secrets_of(3)).key_text, "key")
    with pytest.raises(InputError, match="the key of a real pack"):
        live_through(key, seed=4)
