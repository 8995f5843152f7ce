from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

import pytest

from n1trial.errors import InputError
from n1trial.pack.make.assemble import make_pack
from n1trial.pack.pharmacy.labels import labels_of_fill
from n1trial.pack.pharmacy.papers import pharmacy_papers
from n1trial.pack.sealed.allocation import Allocation, contents
from n1trial.pack.trial.trial import Trial, blinded_trial
from n1trial.scenario.scenario import Scenario
from tests.pack.packable import PLANNED, START, secrets_of, short
from tests.pack.papers.test_papers import COMMITMENT, text_of

LONG = {"pack.shelf_life_days": 30}  # two fills and more


@cache
def trial_of(**changes: object) -> Trial:
    return blinded_trial(scenario_of(**changes), START, bytes(16), is_rehearsal=False)


def scenario_of(**changes: object) -> Scenario:
    return short(**(LONG | {key.replace("__", "."): value for key, value in changes.items()}))


@cache
def papers(secret: int = 0, **changes: object) -> Mapping[str, bytes]:
    trial = trial_of(**changes)
    held = contents(trial, Allocation.draw(trial.scenario, secret.to_bytes(16)))
    return pharmacy_papers(trial, held, dict.fromkeys(held, "phrase"), COMMITMENT)


def labels_in(page: bytes) -> list[str]:
    return [text_of(found.encode()) for found in re.findall(r'<td class="label">.*?</td>', page.decode(), re.DOTALL)]


def of_fill(number: int, *use_by: date, **changes: object) -> bytes:
    return labels_of_fill(papers(**changes), number, use_by)[f"labels-of-fill-{number}.html"]


def test_labels_of_a_fill_have_its_packs_batch_and_the_earlier_date() -> None:
    labels = labels_in(of_fill(2, date(2028, 3, 31), date(2028, 1, 5)))
    numbers = {int(found[1]) for label in labels for found in [re.search(r"Pack (\d+)", label)] if found}
    contents_csv = papers()["contents.csv"].decode().splitlines()
    assert numbers == {int(row.split(",")[0]) for row in contents_csv[1:] if row.endswith(",2")}
    assert len(labels) == 2 * len(numbers)  # each with the label of the kit that replaces it
    code = trial_of().patient_code
    assert all(f"Batch {code}/2. Use by 5 Jan 2028 ." in label for label in labels)
    how = b"n1trial open-pharmacy pharmacy.age --out DIR --fill 2 --use-by DATE"
    assert how in of_fill(2)
    assert how not in of_fill(2, date(2028, 1, 5))


def test_labels_tell_nothing_of_what_a_kit_holds() -> None:
    for secret in (1, 2, 3):
        assert papers(secret)["labels.html"] == papers()["labels.html"]
        for fill in (1, 2):
            dates = (date(2028, 1, 5), date(2028, 2, 5))
            assert labels_of_fill(papers(secret), fill, dates) == labels_of_fill(papers(), fill, dates)
            assert labels_of_fill(papers(secret), fill, dates[::-1]) == labels_of_fill(papers(), fill, dates)


def test_a_label_says_what_the_keys_say_and_has_blanks_for_the_rest() -> None:
    plain = labels_in(papers()["labels.html"])[0]
    for words in ("Pack 1", "Mon 18 Jan 2027 to Sun 24 Jan 2027", "Use by Store", "For clinical trial use only.",
                  "Investigator Contact: see card.", "Keep out of the reach of children.",
                  "1 capsule contains EITHER Vitamin B12 1000 mcg OR placebo."):  # fmt: skip
        assert words in plain, words
    filled = labels_in(papers(
        pack__reference="RLS-7", pack__investigator="Dr. Roe", pack__contact="+1 555 0100", pack__storage="Below 25 °C",
        pack__legal_text="Zur klinischen Prüfung bestimmt", pack__batch="K12", pack__use_by="2028-12-31",
        pack__form="tablet", pack__units_per_dose=2,
    )["labels.html"])[0]  # fmt: skip
    for words in ("Trial RLS-7. Patient code", "Investigator: Dr. Roe. Contact: +1 555 0100.", "Below 25 °C.",
                  "Zur klinischen Prüfung bestimmt.", "Batch K12/1. Use by 31 Dec 2028 .",
                  "2 tablets contain EITHER"):  # fmt: skip
        assert words in filled, words
    assert "For clinical trial use only" not in filled


@pytest.mark.parametrize(
    ("fill", "dates", "says"),
    [(9, (), "fill: must be one of this pack, which has"),
     (1, (date(2027, 1, 30),), "use_by: must be 2027-"),
     (1, (date(2028, 1, 1), date(2027, 1, 30)), "or later, when pack"),
     (1, (date(2028, 1, 1),) * 3, "use_by: must be the dates of the two substances at most")],
)  # fmt: skip
def test_what_no_label_may_say_is_refused(fill: int, dates: tuple[date, ...], says: str) -> None:
    with pytest.raises(InputError, match=says):
        labels_of_fill(papers(), fill, dates)


def test_a_pack_that_is_older_than_labels_by_fill_says_so() -> None:
    with pytest.raises(InputError, match="this pack is older than labels by fill"):
        labels_of_fill({"labels.html": b"<html></html>"}, 1, ())


def test_a_use_by_date_of_all_kits_must_reach_to_the_last() -> None:
    with pytest.raises(InputError, match=r"pack\.use_by: must be 2027-03-14 or later"):
        make_pack(short(**{"pack.use_by": "2027-03-13"}), START, secrets_of(1), PLANNED, is_rehearsal=False)
    with pytest.raises(InputError, match="have a use-by date already"):
        labels_of_fill(papers(pack__use_by="2028-12-31"), 1, (date(2028, 1, 1),))


def test_makers_lots_stand_in_the_table_of_fills_alone() -> None:
    made = papers()
    for words in ("Makers’ lots, in this table alone", "kept as sample", "Stored at °C", "Cleared and checked by"):
        assert words in text_of(made["stock.html"])
    for words in ("Recall of a lot", "all kits of these fills", "do not hand out", "Lowest, highest °C"):
        assert words in text_of(made["logs.html"])
    assert not any("lot" in label.lower().split() for label in labels_in(made["labels.html"]))
