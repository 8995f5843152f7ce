"""Every paper of a pack whose control is a drug names both, in an emergency above all, and no placebo."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from n1trial.diary.file.answers import guess_words
from n1trial.errors import InputError
from n1trial.pack.conclusion.context import view
from n1trial.pack.conclusion.pages import pages
from n1trial.pack.conclusion.terminal import terminal
from n1trial.pack.make.assemble import make_pack
from n1trial.pack.make.rules import check_packable
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.scenario import Scenario
from tests.pack.letters import CASES, MADE, MINUTES, final_of
from tests.pack.packable import ACTIVE, PLANNED, START, packables, secrets_of

DRUG, CONTROL = "Fast drug (made up)", "Old medicine 400 mg"
APPENDIX = "Appendix A: assumptions"
"""The list of the simulation's numbers, the response to placebo among them, begins there."""


def scenario_of(**changes: object) -> Scenario:
    return load_scenario("fast-drug-2-week").replace(**{**ACTIVE, "treatment.abrupt_stop_safe": True, **changes})


def papers_of(scenario: Scenario) -> dict[str, str]:
    """Running text of all papers, those of the pharmacy too."""
    pack = make_pack(scenario, START, secrets_of(3), PLANNED, is_rehearsal=False)
    pages = {path: content for path, content in (pack.blinded_files | pack.pharmacy).items() if path.endswith(".html")}
    return {path: text_of(content.decode()) for path, content in pages.items()}


def text_of(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<(style|title).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL).split()))


@pytest.fixture(scope="module")
def papers() -> Mapping[str, str]:
    return papers_of(scenario_of())


def test_no_paper_says_placebo(papers: Mapping[str, str]) -> None:
    for path, text in papers.items():
        body = text.partition(APPENDIX)[0] if path == "clinician/protocol.html" else text
        assert body
        assert "placebo" not in body.lower(), path


@settings(max_examples=8, deadline=None)
@given(packables())
def test_every_emergency_line_names_all_that_a_kit_may_hold(scenario: Scenario) -> None:
    is_active = scenario.control.kind == "active"
    lines = 0
    for path, text in papers_of(scenario).items():
        for said in re.findall(r"as if (?!all that|they were independent)(?:you took )?(.{0,160})", text):
            lines += 1
            full = f"{scenario.control.name} {scenario.control.dose}"
            names = (scenario.treatment.name, full) if is_active else (scenario.treatment.name,)
            assert all(name in said for name in names), path
            assert said.startswith("both ") == is_active, path
    assert lines >= 6


def test_what_forbids_or_explains_one_drug_does_so_for_both(papers: Mapping[str, str]) -> None:
    leaflet = papers["patient/leaflet.html"]
    assert f"take {DRUG} or Old medicine from no other source" in leaflet
    assert f"weeks you take {CONTROL} for 12, and {DRUG} in the others with capsules." in leaflet
    assert f"Does {DRUG} help you more than Old medicine ?" in leaflet.replace("medicine?", "medicine ?")
    assert f"as if you took both {DRUG} and {CONTROL}" in leaflet
    assert f"EITHER {DRUG} OR {CONTROL}" in papers["patient/wallet-card.html"]
    protocol = papers["clinician/protocol.html"]
    assert "Old medicine. Not with a stomach ulcer." in protocol
    assert f"Emergency: nobody waits for the code; the patient is treated as if both {DRUG} and {CONTROL}" in protocol
    assert CONTROL in papers["contents.html"]
    assert any(f"holds {CONTROL}" in text for path, text in papers.items() if path.startswith("code-breaks"))


def test_a_control_of_which_something_is_not_stated_gets_no_pack() -> None:
    check_packable(scenario_of())
    with pytest.raises(InputError) as caught:
        check_packable(scenario_of(**{"control.dose": "", "control.abrupt_stop_safe": False, "control.cautions": []}))
    assert len(caught.value.faults) == 3
    with pytest.raises(InputError, match=r'control\.kind: must be "placebo" or "active"'):
        check_packable(load_scenario("fast-drug-2-week").replace(**{"control.name": "Old medicine"}))


def test_what_an_unclear_trial_of_two_drugs_does_not_show_is_that_they_are_alike(tmp_path: Path) -> None:
    changes = {key.replace(".", "__"): value for key, value in ACTIVE.items()} | {"control__cautions": ("None.",)}
    final = final_of(replace(CASES["harm-unclear"], changes=MINUTES | changes), tmp_path)
    said = [
        terminal(final, view(final)),
        *(pages(final, MADE)[f"letter-{reader}.txt"] for reader in ("patient", "physician")),
    ]
    for text in map(" ".join, (each.split() for each in said)):
        assert "This does not show that the two are alike for" in text
        assert "does not work" not in text
        assert "did nothing" not in text


def test_a_guess_of_placebo_is_none_where_the_control_is_a_drug() -> None:
    assert "placebo" in guess_words(("A", "Placebo"))
    assert {"placebo", "drug"}.isdisjoint(guess_words(("A", "B"), is_control_active=True))
