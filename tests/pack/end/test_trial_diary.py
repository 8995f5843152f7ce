from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from n1trial.analysis.analyze import analyze
from n1trial.diary.methods import METHODS
from n1trial.errors import InputError
from n1trial.evaluation.blinding import count_guesses
from n1trial.evaluation.ending import effect_share, ending_of
from n1trial.pack.conclusion.context import view
from n1trial.pack.conclusion.terminal import terminal as final_words
from n1trial.pack.end.conclude import blinding_of, conclude
from n1trial.pack.end.trial_diary import join
from n1trial.pack.visit.deviation import Deviation
from n1trial.pack.visit.deviation_words import in_words
from n1trial.pack.visit.deviations import deviations
from n1trial.scenario.scenario import Scenario
from tests.pack.kept import Rows, blank, filled, lived, read, scenario_of, trial_of, write_pack
from tests.pack.packable import packables

FIGURES = (
    "estimate",
    "standard_error",
    "df",
    "ci_low",
    "ci_high",
    "p_value",
    "p_benefit",
    "p_worthwhile",
    "status",
    "n",
)
PERFECT = {"conduct__missing": 0.0, "conduct__adherence": 1.0, "conduct__dropout_per_week": 0.0}


def told(found: tuple[Deviation, ...]) -> list[tuple[str, int, int]]:
    return [(each.kind, each.first_day, each.last_day) for each in found]


@given(scenario=packables(), seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.2, 0.6]))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_the_analysis_of_a_returned_diary_is_the_one_that_was_evaluated(
    scenario: Scenario, seed: int, missing: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A simulated patient's diary, on paper and back, gives the numbers of the simulated diary exactly."""
    conduct = {"conduct.missing": missing, "conduct.adherence": 0.8, "conduct.dropout_per_week": 0.02}
    scenario = scenario.replace(**conduct)
    diaries, key = lived(scenario, seed)
    returned = read(filled(diaries, key.trial), key.trial, tmp_path_factory.mktemp("diary"))
    back = join(returned, key).as_randomized
    for name in ("day", "period", "cycle", "treatment", "day_of_period", "score"):
        written, found = getattr(diaries.observed, name), getattr(back, name)
        np.testing.assert_array_equal(np.broadcast_to(written, found.shape), found, err_msg=name)
    assert back.plan == scenario.plan()
    for method in METHODS:
        expected, found = analyze(diaries.observed, method), analyze(back, method)
        for figure in FIGURES:
            assert np.array_equal(getattr(expected, figure), getattr(found, figure), equal_nan=True), (method, figure)


def test_the_last_guesses_are_counted_by_what_was_taken(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT, blinding__leak=0.3), 5)
    found = join(read(filled(diaries, key.trial), key.trial, tmp_path), key)
    observed = diaries.observed
    assert observed.plan.layout is not None
    periods = observed.plan.layout.periods
    expected = count_guesses(
        observed.period, observed.treatment, observed.day, diaries.guess_days, diaries.guesses, periods
    )  # fmt: skip
    assert found.guesses.counts.tolist() == expected.counts.tolist()
    assert found.guesses.counts.sum() == 4


def test_a_swapped_kit_is_analyzed_as_randomized_and_again_as_taken(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 2, -1.0)
    trial = key.trial
    on_drug = key.allocation.schedule(trial.scenario).treatment[:, 0] == 1
    first, other = trial.kits[0], trial.kits[2]
    assert on_drug[trial.layout.run_in_days + first.first_day] != on_drug[trial.layout.run_in_days + other.first_day]
    rows = filled(diaries, trial)
    for row in rows:
        if row["kit"] == first.code:
            row["kit"] = other.code.lower().replace("-", "  ")
        elif row["kit"] == other.code:
            row["kit"] = first.code
    found = join(read(rows, trial, tmp_path), key)
    np.testing.assert_array_equal(found.as_randomized.treatment, diaries.observed.treatment)
    swapped = found.as_taken.treatment[:, 0] != found.as_randomized.treatment[:, 0]
    days = [*range(first.first_day, first.last_day + 1), *range(other.first_day, other.last_day + 1)]
    assert found.as_randomized.day[swapped].tolist() == days
    assert told(found.deviations) == [
        ("other kit", first.first_day, first.last_day), ("other kit", other.first_day, other.last_day),
    ]  # fmt: skip
    assert in_words(found.deviations[0]) == f"kit {other.code} was used and {first.code} was planned"
    final = conclude(found)
    as_planned = analyze(diaries.observed, "course").estimate[0]
    assert final.estimates["course"].estimate[0] == as_planned
    assert final.as_taken["course"].estimate[0] != as_planned
    assert np.isnan(found.as_dosed().score[swapped]).all()


def test_two_codes_on_the_days_of_one_kit_are_to_be_cleared_up(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 2)
    trial = key.trial
    first, other = trial.kits[0], trial.kits[2]
    day = first.first_day + 3
    found = deviations(
        trial, read(edited(filled(diaries, trial), {day: {"kit": other.code}}), trial, tmp_path), is_over=True
    )
    assert told(found) == [("two codes", first.first_day, first.last_day), ("other kit", day, day)]
    assert in_words(found[0]) == (
        f"one kit, two codes: {first.code} and {other.code} are noted on the days of kit {first.code}; to be cleared up"
        " which was used when"
    )
    rows = edited(filled(diaries, trial), {day: {"kit": first.replacement}})
    assert told(deviations(trial, read(rows, trial, tmp_path), is_over=True)) == [("replacement", day, day)]
    days = range(first.first_day, first.last_day + 1)
    rows = edited(filled(diaries, trial), {each: {"kit": other.code} for each in days})
    assert told(deviations(trial, read(rows, trial, tmp_path), is_over=True)) == [("other kit", days[0], days[-1])]


def test_a_replacement_has_the_same_content(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 2)
    rows, kit = filled(diaries, key.trial), key.trial.kits[3]
    for row in rows:
        if row["kit"] == kit.code:
            row["kit"] = kit.replacement
    found = join(read(rows, key.trial, tmp_path), key)
    assert told(found.deviations) == [("replacement", kit.first_day, kit.last_day)]
    assert not found.is_other_content.any()


def edited(rows: Rows, changes: dict[int, dict[str, str]]) -> Rows:
    """Rows with other cells on some days."""
    return [row | changes.get(int(row["day"]), {}) for row in rows]


EMPTY = {"score": "", "doses_taken": "", "guess": ""}
DEVIATIONS: dict[str, tuple[dict[int, dict[str, str]], list[tuple[str, int, int]]]] = {
    "nothing": ({}, []),
    "a dose missed": ({4: {"doses_taken": "0"}, 5: {"doses_taken": "no"}}, [("missed", 4, 5)]),
    "written later": ({4: {"late": "1"}, 6: {"late": "later"}}, [("written later", 4, 4), ("written later", 6, 6)]),
    "between the steps": ({4: {"score": "4.5"}}, [("between steps", 4, 4)]),
    "a dose too many": ({-3: {"doses_taken": "1"}}, [("unplanned", -3, -3)]),
    "a pause": (dict.fromkeys(range(10, 18), EMPTY), [("pause", 10, 17)]),
    "six days are no pause": (dict.fromkeys(range(10, 16), EMPTY), []),
    "an early stop": (dict.fromkeys(range(49, 56), EMPTY), [("early stop", 49, 55)]),
    "six days at the end are no early stop": (dict.fromkeys(range(50, 56), EMPTY), []),
    "beyond the plan": (
        {55: {"day": "56", "date": "2027-03-15", "kit": ""}},
        [("beyond", 56, 56)],
    ),
    "counted": ({6: {"units_left": "1"}, 13: {"units_left": "3"}}, [("count", 13, 13)]),
    "an empty box": ({4: {"doses_taken": ""}, 5: {"doses_taken": ""}}, [("not said", 4, 5)]),
    "an empty box on an empty day": ({4: EMPTY}, []),
    "an empty box, counted": (
        {4: {"doses_taken": ""}, 6: {"units_left": "2"}},
        [("not said", 4, 4), ("count of the unsaid", 6, 6)],
    ),
    "an empty box, counted otherwise": (
        {4: {"doses_taken": ""}, 6: {"units_left": "3"}},
        [("not said", 4, 4), ("count", 6, 6)],
    ),
}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_what_differs_from_the_plan_is_a_deviation(name: str, tmp_path: Path) -> None:
    changes, expected = DEVIATIONS[name]
    diaries, key = lived(scenario_of(**PERFECT), 2)
    rows = [row | ({"doses_taken": "yes"} if int(row["day"]) >= 0 else {}) for row in filled(diaries, key.trial)]
    returned = read(edited(rows, changes), key.trial, tmp_path)
    assert told(deviations(key.trial, returned, is_over=True)) == expected
    found = join(returned, key)
    assert found.excluded_days == ((56,) if name == "beyond the plan" else ())
    np.testing.assert_array_equal(found.as_randomized.treatment, diaries.observed.treatment)


@pytest.mark.parametrize("behind", [-2, 9])
def test_a_late_or_early_start_and_a_pause_of_the_dates(behind: int, tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 2)
    trial = key.trial

    def moved(day: int) -> dict[str, str]:
        return {"date": trial.date_of(day + behind + (12 if day >= 30 else 0)).isoformat()}

    rows = edited(filled(diaries, trial), {day: moved(day) for day in range(-14, 56)})
    found = deviations(trial, read(rows, trial, tmp_path), is_over=True)
    assert [(each.kind, each.first_day, each.facts["days"]) for each in found] == [
        ("late start" if behind > 0 else "early start", -14, abs(behind)), ("moved", 30, 12),
    ]  # fmt: skip


def test_an_empty_box_is_neither_a_dose_taken_nor_one_missed(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 2)
    rows = [row | ({"doses_taken": "yes"} if int(row["day"]) >= 0 else {}) for row in filled(diaries, key.trial)]
    unsaid = {day: {"doses_taken": ""} for day in range(0, 40, 2)}
    said = join(read(edited(rows, {0: {"doses_taken": "no"}}), key.trial, tmp_path), key)
    assert (int(said.is_missed.sum()), int(said.is_not_said.sum()), conclude(said).taken_if_missed) == (1, 0, {})

    found = join(read(edited(rows, unsaid), key.trial, tmp_path), key)
    assert (int(found.is_missed.sum()), int(found.is_not_said.sum())) == (0, 20)
    final = conclude(found)
    every, none = (
        conclude(join(read(edited(rows, dict.fromkeys(unsaid, cell)), key.trial, tmp_path), key))
        for cell in ({"doses_taken": "yes"}, {"doses_taken": "no"})
    )
    for method, estimates in every.as_taken.items():
        assert final.as_taken[method].estimate[0] == estimates.estimate[0]
        assert final.taken_if_missed[method].estimate[0] == none.as_taken[method].estimate[0] != estimates.estimate[0]
    assert final.primary.estimate[0] == every.primary.estimate[0]

    seen = view(final)
    assert {row["role"] for row in seen["analyses"]} >= {"taken", "taken_if_missed"}
    assert [row["not_said"] for row in seen["kits"]] == [4, 3, 4, 3, 4, 2, 0, 0]
    words = " ".join(final_words(final, seen).split())
    assert "Nothing is said of the doses of 20 days: both ways below." in words
    assert "doses not said as missed" in words
    assert "nothing is said of the doses on 20 days that have other entries" in words


def test_where_no_dose_is_said_as_taken_goes_by_kits_alone(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 2)
    rows = [row | {"doses_taken": ""} for row in filled(diaries, key.trial)]
    found = join(read(rows, key.trial, tmp_path), key)
    final = conclude(found)
    assert (found.says_doses, int(found.is_not_said.sum()), final.taken_if_missed) == (False, 56, {})
    words = " ".join(final_words(final, view(final)).split())
    assert "Nothing is said of the doses of 56 days: so this goes by kits alone." in words


def test_the_count_of_a_kit_says_how_many_of_the_unsaid_doses_were_taken(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 2)
    trial, kit = key.trial, key.trial.kits[0].code
    rows = [row | ({"doses_taken": "yes"} if int(row["day"]) >= 0 else {}) for row in filled(diaries, trial)]

    def last_deviation(left: int) -> str:
        changes = {day: {"doses_taken": ""} for day in (3, 4)} | {6: {"units_left": str(left)}}
        return in_words(deviations(trial, read(edited(rows, changes), trial, tmp_path), is_over=True)[-1])

    assert trial.units_per_kit["morning"] == 8
    for left, taken in ((3, "0 of the 2"), (2, "1 of the 2"), (1, "2 of the 2")):
        were = "was" if taken.startswith("1") else "were"
        said = f"kit {kit}: by the {left} of 8 capsules left, {taken} doses of which nothing is said {were} taken"
        assert last_deviation(left) == said
    for left in (0, 4):
        said = f"kit {kit}: {left} of 8 capsules left, and by the doses noted it would be 1 to 3"
        assert last_deviation(left) == said


def test_part_of_a_days_doses(tmp_path: Path) -> None:
    scenario = scenario_of(**PERFECT).replace(**{"pack.times_of_day": ["morning", "noon", "night"]})
    diaries, key = lived(scenario, 2)
    changes = {3: {"doses_taken": "1"}, 4: {"doses_taken": "2"}, 5: {"doses_taken": "0"}}
    found = join(read(edited(filled(diaries, key.trial), changes), key.trial, tmp_path), key)
    assert told(found.deviations) == [("part", 3, 4), ("missed", 5, 5)]
    assert found.is_missed[[day + 14 for day in (3, 4, 5, 6)]].tolist() == [True, False, True, False]


def test_a_blank_diary_is_all_missing(tmp_path: Path) -> None:
    _, key = lived(scenario_of(), 2)
    found = join(read(blank(key.trial), key.trial, tmp_path), key)
    assert np.isnan(found.as_randomized.score).all()
    assert found.as_randomized.doses_taken is None
    assert told(found.deviations) == [("early stop", -14, 55)]
    assert conclude(found).ending.kind == "unclear"


NONE = 'must be the code of a kit, and its check character says that "{typed}" is none'
KIT_FAULTS = {
    "slip": f"{NONE}; is it {{code}}? Look at the label",
    "nonsense": f"{NONE}; look at the label",
    "another pack": "{typed} is a kit of another pack (this is that of patient code {patient})",
}


@pytest.mark.parametrize("name", KIT_FAULTS)
def test_a_kit_that_is_none_is_a_fault_of_the_file(name: str, tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(), 2)
    trial, other = key.trial, trial_of(scenario_of(), codes=99)
    code = trial.kits[0].code
    slip = code[:-1] + ("O" if code[-1] != "O" else "Q")
    typed = {"slip": slip, "nonsense": "the blue one", "another pack": other.kits[0].code}[name]
    rows = edited(filled(diaries, trial), {2: {"kit": typed}, 3: {"score": "12"}})
    with pytest.raises(InputError) as caught:
        read(rows, trial, tmp_path)
    expected = KIT_FAULTS[name].format(typed=typed, code=code, patient=trial.patient_code)
    assert [fault.split(": line ")[1] for fault in caught.value.faults] == [
        f"18: kit: {expected}", "19: score: must be from 0 to 10, and is 12",
    ]  # fmt: skip


def test_a_diary_of_another_pack_is_one_fault_and_a_foreign_kit_one_each(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(), 2)
    trial, other = key.trial, trial_of(scenario_of(), codes=99)
    with pytest.raises(InputError) as caught:
        read(filled(diaries, other), trial, tmp_path)
    (fault,) = caught.value.faults
    assert f"line 16: kit: all {len(other.kits)} kits of this diary are of another pack (this is that of" in fault
    foreign = {day: {"kit": other.kits[0].code} for day in (0, 1, 2, 5, 9)}
    foreign |= {20: {"kit": other.kits[1].code}}
    with pytest.raises(InputError) as caught:
        read(edited(filled(diaries, trial), foreign), trial, tmp_path)
    first, second = caught.value.faults
    assert f"line 16: kit: {other.kits[0].code} is a kit of another pack" in first
    assert first.endswith("; the same on lines 17 to 18, 21, 25")
    assert f"line 36: kit: {other.kits[1].code} is a kit of another pack" in second
    assert "the same" not in second


def test_the_endings() -> None:
    """By estimate and interval alone, for both directions of the scale."""
    from dataclasses import replace

    diaries, _ = lived(scenario_of(**PERFECT), 2, -1.0)
    diary = diaries.observed
    base = analyze(diary, "randomization")
    cases = [
        # benefit, its interval, p, ending, benefit shown, harm shown
        (1.5, (0.4, 2.6), 0.01, "benefit", True, False),
        (0.5, (0.1, 0.9), 0.01, "unlikely", True, False),
        (0.2, (-0.5, 0.9), 0.5, "unlikely", False, False),
        (0.2, (-0.9, 1.3), 0.6, "unclear", False, False),
        (-0.8, (-1.4, -0.2), 0.01, "unlikely", False, True),
        (1.5, (-np.inf, np.inf), 0.25, "unclear", False, False),
        (-1.5, (-np.inf, -0.1), 0.04, "unlikely", False, True),
        (np.nan, (np.nan, np.nan), np.nan, "unclear", False, False),
    ]
    for better, sign in (("lower", -1), ("higher", 1)):
        changed = diary.with_plan(replace(diary.plan, better=better, mcid=1.0))  # type: ignore[arg-type]
        for benefit, interval, p, kind, is_benefit, is_harm in cases:
            low, high = sorted((sign * interval[0], sign * interval[1]))
            made = replace(
                base, status=np.array([3 if np.isnan(benefit) else 0], dtype=np.int8),
                estimate=np.array([sign * benefit]), p_value=np.array([p]), ci_low=np.array([low]),
                ci_high=np.array([high]),
            )  # fmt: skip
            found = ending_of(made, changed)
            assert (found.kind, found.is_benefit_shown, found.is_harm_shown) == (kind, is_benefit, is_harm)
            assert (found.share_seen, found.worthwhile) == (1.0, 1.0)


def test_a_contrast_is_held_against_what_it_can_see() -> None:
    slow = scenario_of(**PERFECT, treatment__onset_days=21.0, treatment__offset_days=45.0)
    diary = lived(slow, 2)[0].observed
    share = effect_share(diary)
    assert 0 < share < 0.5
    found = ending_of(analyze(diary, "paired"), diary)
    assert found.share_seen == share
    assert found.worthwhile == pytest.approx(share * slow.outcome.mcid)
    at_once = scenario_of(**PERFECT, treatment__onset_days=0.0, treatment__offset_days=0.0)
    assert effect_share(lived(at_once, 2)[0].observed) == 1.0


def test_the_interval_of_right_guesses_is_that_of_clopper_and_pearson() -> None:
    from n1trial.evaluation.blinding import Guesses

    found = blinding_of(Guesses(np.array([[2, 1, 0], [1, 1, 1]])), 12)
    # binom.test(3, 5) in R
    assert (found.right, found.answers, found.weekly) == (3, 5, 12)
    assert found.right_low == pytest.approx(0.1466328, abs=1e-7)
    assert found.right_high == pytest.approx(0.9472550, abs=1e-7)
    every = blinding_of(Guesses(np.array([[3, 0, 0], [0, 3, 0]])), 6)
    assert every.right_low == pytest.approx(0.5407419, abs=1e-7)
    assert every.right_high == 1.0
    none = blinding_of(Guesses(np.zeros((2, 3), dtype=np.int64)), 0)
    assert (none.right_low, none.bang_drug) == (None, None)


def test_further_outcomes_are_described(tmp_path: Path) -> None:
    scenario = scenario_of(**PERFECT).replace(**{"secondary.IRLS total.every_days": 14})
    diaries, key = lived(scenario, 2)
    final = conclude(join(read(filled(diaries, key.trial), key.trial, tmp_path), key))
    (found,) = final.secondary
    days, scores = diaries.secondary["IRLS total"]
    on_drug = diaries.observed.treatment[days + 14, 0] == 1
    within = days >= 0
    assert found.n_drug + found.n_control == within.sum() == 4
    assert found.mean_drug == pytest.approx(scores[within & on_drug, 0].mean())
    alone = replace(
        join(read(filled(diaries, key.trial), key.trial, tmp_path), key).as_randomized,
        score=np.array([[dict(zip(days.tolist(), scores[:, 0].tolist(), strict=True)).get(day, np.nan)]
                        for day in diaries.observed.day.tolist()]),
    )  # fmt: skip
    primary = analyze(alone, scale=(0.0, 40.0), mcid=3.0)
    assert found.method == scenario.analysis.primary
    assert found.difference == pytest.approx(float(primary.estimate[0]))
    without = [{name: cell for name, cell in row.items() if name != "irls_total"} for row in filled(diaries, key.trial)]
    assert conclude(join(read(without, key.trial, tmp_path), key)).secondary == ()


def test_entries_written_later_are_left_out_as_sensitivity(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(**PERFECT), 2)
    rows = filled(diaries, key.trial)
    assert conclude(join(read(rows, key.trial, tmp_path), key)).in_time is None
    rows = edited(rows, {3: {"late": "yes"}})
    found = conclude(join(read(rows, key.trial, tmp_path), key))
    assert found.in_time is not None
    assert found.in_time.n[0] == found.primary.n[0] - 1


def test_the_blinded_files_of_a_pack_bring_its_trial_back(tmp_path: Path) -> None:
    from n1trial.pack.trial.read import read_trial

    for scenario in (scenario_of(), scenario_of(design__run_in="placebo", design__washout_days=7)):
        trial = trial_of(scenario, is_rehearsal=scenario.design.washout_days > 0)
        back = read_trial(write_pack(trial, tmp_path / scenario.design.run_in))
        assert (back.start, back.patient_code, back.kits) == (trial.start, trial.patient_code, trial.kits)
        assert (back.scenario, back.is_rehearsal) == (trial.scenario, trial.is_rehearsal)
