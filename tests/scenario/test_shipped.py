"""What the shipped scenarios say, and that they say it as carefully as their sources allow."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from n1trial.evaluation.attenuation import attenuation
from n1trial.scenario.scenario import Scenario

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
B12 = (
    "b12-6-month-open-label", "b12-6-to-8-week", "b12-6-week-apnea", "b12-8-week", "b12-skeptical",
    "b12-ten-short-periods", "b12-two-long-rounds",
)  # fmt: skip
SHIPPED = (*B12, "fast-drug-2-week", "iron-12-week", "minimal")
RESTLESS_LEGS = (*B12, "iron-12-week")
CROSSOVER = tuple(name for name in B12 if name != "b12-6-month-open-label")

# quantity, value, believable range, status: M of the sources is "unchecked", A "assumption", D "derived", V "published"
NUMBERS = [
    ("outcome.mcid", 1.0, [0.75, 2.0], "unchecked"),
    ("patient.baseline", 6.0, [4.0, 8.0], "derived"),
    ("patient.daily_sd", 1.4, [0.8, 2.2], "unchecked"),
    ("patient.autocorrelation", 0.3, [0.0, 0.6], "unchecked"),
    ("patient.period_sd", 0.4, [0.0, 0.7], "assumption"),
    ("patient.shift_days", 49, [14, 98], "assumption"),
    ("patient.weekly_amplitude", 0.2, [0.0, 0.5], "assumption"),
    ("trigger.stress.effect", 0.5, [0.0, 1.5], "assumption"),
    ("trigger.short sleep.effect", 0.5, [0.0, 1.5], "assumption"),
    ("trigger.caffeine.effect", 0.5, [0.0, 1.5], "assumption"),
    ("placebo.response", -1.5, [-2.1, -0.5], "derived"),
    ("placebo.response_sd", 0.8, [0.5, 1.5], "assumption"),
    ("placebo.onset_days", 10.0, [5.0, 21.0], "derived"),
    ("conduct.adherence", 0.9, [0.75, 0.98], "unchecked"),
    ("conduct.missing", 0.15, [0.05, 0.3], "published"),
    ("conduct.dropout_per_week", 0.01, [0.004, 0.02], "derived"),
]
B12_NUMBERS = [
    ("treatment.effect", -1.0, [-1.0, -0.5], "assumption"),
    ("treatment.onset_days", 21.0, [7.0, 42.0], "assumption"),
    ("treatment.offset_days", 45.0, [9.0, 770.0], "assumption"),
    ("treatment.established_effect", -0.75, [-1.4, -0.6], "derived"),
    ("secondary.IRLS total.mcid", 3.0, None, "unchecked"),
    ("secondary.IRLS total.baseline", 24.0, [20.0, 26.0], "published"),
    ("secondary.IRLS total.daily_sd", 3.0, [2.0, 4.0], "derived"),
    ("secondary.IRLS total.effect", -4.0, [-4.0, -2.0], "assumption"),
    ("secondary.IRLS total.placebo_response", -6.6, [-9.3, -4.8], "published"),
]
PUBLISHED = {"conduct.missing", "secondary.IRLS total.baseline", "secondary.IRLS total.placebo_response"}
THEORIES = {
    "serum level": (7, 9),
    "cofactor in dopamine synthesis and metabolism": (21, 45),
    "red cells and anemia": (40, 120),
    "nerve repair": (28, 90),
    "body stores": (28, 769),
}

PROTECTED = {
    "IRLS": """
        00e15e634753 03e13b074cec 14bd273c2569 14e0144ffcfd 25376ac863b6 2961f8278469 29f0dc5bed8e 35de67ce2b9e
        3b7d21e5fd0d 5f20237a7b79 72b7c2cdff41 74528d38e4ab 82e3dc097a2d 86abc92955f6 8b81eb25f694 9ed7137a9dfd
        b51652a3715f bb213117ae65 c654d943b648 d690ea760a0b f845c086ff8b
    """,
    "PSQI": """
        136cd52f4964 33682e0456b8 4e4b88225e56 56bd18aa0e9c 7140897ca435 9d52d8732eeb a273350a4c31 c4957ca6376c
        ce2dd4c0d73d
    """,
    "ISI": """
        39ae3e6b2e99 7609589e7220 bfa1a41d5ca9 c9e003979c9c e68c388f7577
    """,
    "Consensus Sleep Diary": """
        149b4df7bf75 47a07ad57eec 8e1cde2ffbe4 985a4b05cf86 a8e8819f6e1c ebc070dae474 ef3560c571f5
    """,
    "RLS-6": """
        28efaed2b10d 63e07eca05a2 806cd8d93dcc b687d20ad0dc
    """,
}
"""Fingerprints of telling fragments, five words each, of items, answers and translations that must not be reproduced.

Fragments known to the authors, in English and some in German: a safeguard against pasting a form, no proof of absence.
"""


@cache
def _values(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _value(values: dict[str, Any], key: str) -> Any:
    """Value of a dotted key; tables of arrays go by name."""
    section, _, rest = key.partition(".")
    if section in ("trigger", "secondary"):
        table, _, rest = rest.rpartition(".")
        return next(item for item in values[section] if item["name"] == table)[rest]
    return values[section][rest]


def _evidence(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["key"]: entry for entry in values.get("evidence", [])}


def test_the_shipped_scenarios_are_these() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_is_a_scenario_named_like_its_file_that_begins_with_its_question(name: str) -> None:
    assert Scenario.of(_values(name)).name == name
    assert (FOLDER / f"{name}.toml").read_text(encoding="utf-8").startswith("# ")
    assert len(_values(name).get("title", "")) <= 75


def test_minimal_holds_the_required_keys_and_nothing_else() -> None:
    required = {
        "treatment": {"name", "effect", "onset_days", "offset_days"},
        "outcome": {"name", "scale", "better", "mcid"},
        "patient": {"baseline", "daily_sd", "autocorrelation"},
    }
    values = _values("minimal")
    assert {section: set(values[section]) for section in values if section != "name"} == required


@pytest.mark.parametrize("name", B12)
def test_b12_is_reported_and_not_verified(name: str) -> None:
    source = _values(name)["source"]
    assert source["status"] == "reported-unverified"
    assert "web article" in source["citation"]
    for words in ("its own", "not located", "effect size not reported", "effect planned for is an assumption"):
        assert words in source["note"]
    assert _values(name)["cautions"]["block"] == "b12-restless-legs"
    theories = {item["name"]: (item["onset_days"], item["offset_days"]) for item in _values(name)["theory"]}
    assert theories == THEORIES
    assert _values(name)["treatment"]["onset_range"] == [7.0, 42.0]
    assert _values(name)["treatment"]["offset_range"] == [9.0, 770.0]


@pytest.mark.parametrize(
    ("name", "key", "value", "believable", "status"),
    [(name, *row) for name in RESTLESS_LEGS for row in NUMBERS] + [(name, *row) for name in B12 for row in B12_NUMBERS],
)
def test_numbers_are_those_of_the_sources(
    name: str, key: str, value: float, believable: list[float] | None, status: str
) -> None:
    entry = _evidence(_values(name))[key]
    assert _value(_values(name), key) == value
    assert (entry.get("range"), entry["status"]) == (believable, status)
    assert entry["note"]


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "minimal"])
def test_every_number_of_the_patient_says_where_it_comes_from(name: str) -> None:
    values, evidence = _values(name), _evidence(_values(name))
    given = {
        f"{section}.{key}"
        for section in ("patient", "placebo", "blinding", "conduct")
        for key in values.get(section, {})
    }
    given |= {f"treatment.{key}" for key in ("effect", "onset_days", "offset_days")}
    given |= {
        f"trigger.{item['name']}.{key}" for item in values.get("trigger", []) for key in ("days_per_week", "effect")
    }
    assert given <= set(evidence)
    for key, entry in evidence.items():
        low, high = entry.get("range", (-np.inf, np.inf))
        assert low <= _value(values, key) <= high


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_is_called_published_that_is_not(name: str) -> None:
    assert {key for key, entry in _evidence(_values(name)).items() if entry["status"] == "published"} <= PUBLISHED


def test_no_title_names_a_layout_that_a_changed_plan_would_contradict() -> None:
    titles = [_values(name).get("title", "") for name in SHIPPED]
    assert not [title for title in titles if re.search(r"\bround|\bperiod|\bmonth|\d (weeks|days|\+)", title)]
    assert len(set(titles)) == len(titles)


def test_the_skeptic_differs_from_the_flagship_in_one_belief() -> None:
    flagship, skeptic = dict(_values("b12-6-to-8-week")), dict(_values("b12-skeptical"))
    assert (flagship["treatment"]["responders"], skeptic["treatment"]["responders"]) == (1.0, 0.1)
    skeptic["treatment"] = {**skeptic["treatment"], "responders": 1.0}
    for section in ("name", "title", "source", "evidence"):
        del flagship[section], skeptic[section]
    assert flagship == skeptic


def test_only_b12_may_be_packed_and_iron_gives_itself_away() -> None:
    safe = {name for name in SHIPPED if _values(name)["treatment"].get("abrupt_stop_safe", False)}
    assert safe == set(B12)
    assert _values("iron-12-week")["blinding"]["leak"] == 0.8
    assert "DO NOT DO THIS" in _values("iron-12-week")["title"]
    assert "made up" in _values("fast-drug-2-week")["treatment"]["name"]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "b12-restless-legs",
            "ferritin|transferrin saturation|methylmalonic|folate|blood count|pernicious|never put on placebo|75|20%|"
            "most likely to benefit|normal B12|most nights|Leber|cobalamin|megaloblastic|nitrous oxide|[Pp]regnancy|"
            "kidney|neuropathy|antihistamines|12 months|augmentation|stopped or changed|serum B12|wishes|stop rule|"
            "numbness|gait|glossitis|suicidal|antidepressant|emergency|half the time|ethics|regulator|unclear|"
            "do not run|professionals|no medical advice",
        ),
        (
            "general",
            "half the time|ethics|regulator|[Aa]brupt|unclear|laboratory|professionals|no medical advice|emergency",
        ),
    ],
)
def test_cautions_are_complete_and_their_first_lines_fit_a_terminal(block: str, said: str) -> None:
    cautions = tomllib.loads((FOLDER / "cautions" / f"{block}.toml").read_text(encoding="utf-8"))
    assert len(cautions["first"].splitlines()) == 2
    assert max(map(len, cautions["first"].splitlines())) <= 110
    text = " ".join(cautions["text"])
    assert [words for words in said.split("|") if not re.search(words, text)] == []


@pytest.mark.parametrize("name", [*CROSSOVER, "iron-12-week"])
def test_shares_of_the_effect_stated_beside_the_settling_in_days_are_right(name: str) -> None:
    line = re.search(r"^discard_days = (\d+) +# (\.\d\d) of the full effect is seen(.*)$", _text(name), re.MULTILINE)
    assert line is not None
    stated = [(line[1], line[2]), *re.findall(r"(\d+): (\.\d\d)", line[3])]
    scenario = Scenario.of(_values(name))
    onset_days, offset_days = scenario.treatment.onset_days, scenario.treatment.offset_days
    for days, share in stated:
        seen = attenuation(scenario.layout(), onset_days, offset_days, int(days))
        assert seen == pytest.approx(float(share), abs=0.005)


def test_shares_of_the_effect_in_the_gallery_are_right() -> None:
    gallery = _text("README.md")
    names = ("b12-6-to-8-week", "b12-8-week", "b12-6-week-apnea")
    for theory, (onset_days, offset_days) in THEORIES.items():
        cells = rf"\| {theory} \| {onset_days} / {offset_days} \| (\.\d\d) \| (\.\d\d) \| (\.\d\d) \|"
        row = re.search(cells, gallery)
        assert row is not None
        for name, share in zip(names, row.groups(), strict=True):
            scenario = Scenario.of(_values(name))
            seen = attenuation(scenario.layout(), onset_days, offset_days, scenario.analysis.discard_days)
            assert seen == pytest.approx(float(share), abs=0.005)


def _text(name: str) -> str:
    return (FOLDER / (name if name.endswith(".md") else f"{name}.toml")).read_text(encoding="utf-8")


def test_the_gallery_shows_every_scenario_and_its_layout() -> None:
    gallery = _text("README.md")
    assert gallery.count("<!-- answers: begin -->") == gallery.count("<!-- answers: end -->") == 1
    answers = gallery.partition("<!-- answers: begin -->")[2].partition("<!-- answers: end -->")[0]
    for name in SHIPPED:
        assert f"\n## {name}\n" in gallery
        assert f"\n| `{name}` |" in answers
        layout = Scenario.of(_values(name)).layout()
        low, high = layout.weeks_on_control()
        on_placebo = f"{low:g}" if low == high else f"{low:g}-{high:g}"
        assert re.search(rf"\[`{name}`\].* \| {layout.weeks:g} \| {on_placebo} \|", gallery)


def _fingerprint(words: list[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]


def _fragments(text: str) -> Iterator[tuple[str, int]]:
    """Fingerprint of every five words in a row, whatever stands between them, with their line."""
    words = [(match[0].lower(), match.start()) for match in re.finditer(r"[^\W\d_]+", text)]
    for place in range(len(words) - 4):
        five = words[place : place + 5]
        yield _fingerprint([word for word, _ in five]), text.count("\n", 0, five[0][1]) + 1


def _texts_of_the_repository() -> Iterator[Path]:
    skipped = {"__pycache__", "build", "dist", "results"}
    suffixes = {".css", ".csv", ".html", ".ics", ".js", ".json", ".md", ".py", ".toml", ".txt"}
    for folder, within, names in os.walk(ROOT):
        # hidden ones are not entered at all: what is installed there may change meanwhile
        within[:] = (name for name in within if name not in skipped and not name.startswith("."))
        yield from (Path(folder, name) for name in names if Path(name).suffix in suffixes)


def test_fragments_are_found_across_lines_case_and_punctuation() -> None:
    found = dict(_fragments("one\nA made-up\n# Phrase: of_five 7 words"))
    assert found[_fingerprint(["made", "up", "phrase", "of", "five"])] == 2
    assert _fingerprint(["made", "up", "phrase", "of", "words"]) not in found


def test_no_item_of_a_protected_questionnaire_is_reproduced() -> None:
    instrument = {mark: name for name, marks in PROTECTED.items() for mark in marks.split()}
    paths = list(_texts_of_the_repository())
    assert FOLDER / "README.md" in paths
    assert Path(__file__) in paths
    places = [
        f"{path.relative_to(ROOT)}:{line}: wording of {instrument[mark]}"
        for path in paths
        for mark, line in _fragments(path.read_text(encoding="utf-8"))
        if mark in instrument
    ]
    assert places == []
