"""The twin against days worked out by hand: calendar, doses and exposure, placebo response and belief."""

from __future__ import annotations

import math
from statistics import fmean

import pytest

from tests.reference.cases import HALVES, THREE_QUARTERS, Script, column, exactly, live_through, plain
from tests.reference.twin import live


def test_washouts_stand_between_periods_and_not_after_the_last() -> None:
    life = live_through("ABBA", design={"run_in_days": 2, "cycles": 2, "period_days": 2, "washout_days": 1})
    assert column(life, "day") == list(range(-2, 11))
    assert column(life, "period") == [0, 0, 1, 1, 0, 2, 2, 0, 3, 3, 0, 4, 4]
    assert column(life, "treatment") == [False] * 2 + [True] * 2 + [False] * 7 + [True] * 2
    assert column(life, "day_of_period") == [-1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1]


def test_switch_moves_within_its_cycle() -> None:
    life = live_through("ABBA", [1, -2], design={"cycles": 2, "period_days": 4})
    assert column(life, "period") == [1] * 5 + [2] * 3 + [3] * 2 + [4] * 6


def test_open_label_is_one_period_on_the_drug() -> None:
    life = live_through("", design={"layout": "open-label", "run_in_days": 1, "cycles": 2, "period_days": 2})
    assert column(life, "period") == [0] + [1] * 8
    assert column(life, "treatment") == [False] + [True] * 8


def test_exposure_rises_and_falls_by_its_own_share_of_the_gap() -> None:
    life = live_through(treatment={"onset_days": HALVES, "offset_days": THREE_QUARTERS})
    assert column(life, "exposure") == exactly([1 / 2, 3 / 4, 7 / 8, 15 / 16, 15 / 64, 15 / 256, 15 / 1024, 15 / 4096])
    assert column(life, "latent") == exactly([5 - 2 * exposure for exposure in column(life, "exposure")])


def test_missed_dose_leaves_out_all_the_days_it_would_have_covered() -> None:
    life = live_through(
        numbers={"dose": [0.4, 0.6, 0.6, 0.4] + [0.4] * 4},
        treatment={"onset_days": HALVES, "offset_days": THREE_QUARTERS, "every_days": 2},
        conduct={"adherence": 0.5},
    )
    assert column(life, "taken")[:4] == [True, False, False, True]
    assert column(life, "dose_in_effect") == [True, True] + [False] * 6
    assert column(life, "exposure")[:4] == exactly([1 / 2, 3 / 4, 3 / 16, 3 / 64])


def test_doses_are_counted_from_the_first_day_of_the_period_and_never_act_past_it() -> None:
    life = live_through(
        "BAAB",
        numbers={"dose": [0.4] * 4 + [0.6, 0.4, 0.4, 0.4] + [0.4, 0.4, 0.4, 0.6] + [0.4] * 4},
        treatment={"every_days": 3},
        conduct={"adherence": 0.5},
        design={"cycles": 2, "period_days": 4},
    )
    second, third = [False, False, False, True], [True, True, True, False]
    assert column(life, "dose_in_effect") == [False] * 4 + second + third + [False] * 4
    assert column(life, "exposure") == [float(dose) for dose in column(life, "dose_in_effect")]


def test_weekend_has_its_own_adherence() -> None:
    life = live_through(
        "AB",
        numbers={"dose": [0.5] * 14},
        conduct={"adherence": 0.9, "adherence_weekend_drop": 0.5},
        design={"period_days": 7},
    )
    assert column(life, "taken") == ([True] * 5 + [False] * 2) * 2


@pytest.mark.parametrize(
    ("half_life", "drug_first", "control_first"),
    [(1, 0.976190, 0.984127), (3, 0.908403, 0.938935), (14, 0.589545, 0.726363)],
)
def test_carryover_leaves_the_share_of_the_effect_that_was_worked_out(
    half_life: float, drug_first: float, control_first: float
) -> None:
    def contrast(order: str) -> float:
        life = live_through(
            order,
            treatment={"offset_days": half_life / math.log(2)},
            design={"cycles": 3, "period_days": 42},
        )
        on_drug = fmean(today.exposure for today in life.days if today.treatment)
        return on_drug - fmean(today.exposure for today in life.days if not today.treatment)

    assert contrast("ABABAB") == pytest.approx(drug_first, abs=5e-7)
    assert contrast("BABABA") == pytest.approx(control_first, abs=5e-7)


def test_who_does_not_respond_has_no_effect() -> None:
    prior = {"effect": -2.0, "effect_sd": 0.5, "responders": 0.3}
    assert live_through(numbers={"responder": [0.2], "effect": [1.0]}, treatment=prior).effect == -1.5
    assert live_through(numbers={"responder": [0.4], "effect": [1.0]}, treatment=prior).effect == 0.0


def test_fixed_truth_draws_no_effect() -> None:
    life = live(plain(treatment={"effect_sd": 0.5, "responders": 0.3}), [True, False], [0], Script({}), effect=-0.7)
    assert life.effect == -0.7
    assert "responder" not in life.margins


@pytest.mark.parametrize(
    ("run_in", "course"),
    [("open", [0, 0, 1 / 2, 3 / 4, 7 / 8]), ("placebo", [1 / 2, 3 / 4, 7 / 8, 15 / 16, 31 / 32])],
)
def test_placebo_response_begins_with_the_first_blinded_dose(run_in: str, course: list[float]) -> None:
    life = live_through(
        numbers={"placebo response": [1.0]},
        placebo={"response": -2.0, "response_sd": 0.5, "onset_days": HALVES},
        design={"run_in_days": 2, "run_in": run_in},
        treatment={"effect": 0.0},
    )
    assert column(life, "placebo_course")[:5] == exactly(course)
    assert column(life, "latent")[:5] == exactly([5 - 1.5 * share for share in course])


def test_gompertz_course_has_its_check_values() -> None:
    maximum = 6.506469979
    placebo = {"shape": "gompertz", "displacement": 5.0, "rate_per_week": 0.35, "response": 1.0}
    life = live_through(placebo=placebo, design={"period_days": 50})
    course = column(life, "placebo_course")
    assert [maximum * course[day] for day in (0, 7, 28, 84)] == pytest.approx(
        [0, 0.149091, 1.864850, 6.033280], abs=5e-7
    )


def test_placebo_response_fades_from_the_first_dose() -> None:
    life = live_through(placebo={"response": 1.0, "onset_days": 0.0, "fade_days": HALVES})
    assert column(life, "placebo_course")[:4] == exactly([1, 1 / 2, 1 / 4, 1 / 8])


def test_leak_moves_belief_at_the_start_of_each_stretch() -> None:
    life = live_through(
        "ABBA",
        blinding={"leak": 0.4},
        design={"run_in_days": 1, "run_in": "placebo", "cycles": 2, "period_days": 2, "washout_days": 1},
    )
    assert column(life, "belief") == exactly([0.3, 0.7, 0.7] + [0.3] * 7 + [0.7, 0.7])


def test_open_label_doubles_the_placebo_response() -> None:
    life = live_through(
        "",
        placebo={"response": -1.0, "onset_days": 0.0},
        treatment={"effect": 0.0},
        design={"layout": "open-label", "run_in_days": 1},
    )
    assert column(life, "latent") == exactly([5.0] + [3.0] * 8)
    assert life.guesses == []


def test_tell_tale_effect_convinces_until_the_period_ends() -> None:
    life = live_through(
        "ABBA",
        [1, 0],
        numbers={"tell-tale": [0.1, 0.1, 0.1, 0.3], "tell-tale day": [0.5, 0.9, 0.999, 0.1]},
        blinding={"side_effect": 0.2, "nocebo": 0.15, "leak": 0.2, "learning": 0.5},
        design={"cycles": 2, "period_days": 4},
    )
    assert life.tell_days == [2, 2, 3, None]
    assert column(life, "belief")[:8] == exactly([0.6, 0.6, 0.6, 1.0, 1.0, 0.45, 0.475, 0.4875])


def test_belief_learns_from_a_better_week() -> None:
    bad_first_day = {"noise": [8.0]}
    setting = {"blinding": {"learning": 0.5}, "design": {"period_days": 10}, "treatment": {"effect": 0.0}}
    life = live_through("AB", None, bad_first_day, **setting)
    belief = 0.5 + 0.5 * (0.7310585786300049 - 0.5)
    assert column(life, "belief")[:9] == exactly([0.5] * 8 + [belief])
    better_by = (5 + 8 / 9) - 5
    assert life.days[9].belief == exactly(belief + 0.5 * (1 / (1 + math.exp(-better_by)) - belief))
    assert life.days[10].belief == exactly(0.5 + 0.5 * (1 / (1 + math.exp(-0.8)) - 0.5))

    worse = live_through("AB", None, bad_first_day, outcome={"better": "higher"}, **setting)
    assert worse.days[8].belief == exactly(1 - belief)


def test_two_entries_are_too_few_to_learn_from() -> None:
    numbers = {"noise": [8.0], "missing": [0.9] + [0.1] * 6 + [0.9, 0.9, 0.9] + [0.9] * 10}
    life = live_through(
        "AB",
        None,
        numbers,
        blinding={"learning": 0.5},
        conduct={"missing": 0.5},
        design={"period_days": 10},
        treatment={"effect": 0.0},
    )
    assert column(life, "belief")[:10] == [0.5] * 10
    assert life.days[10].belief == exactly(0.5 + 0.5 * (1 / (1 + math.exp(-2)) - 0.5))


def test_patient_guesses_on_the_last_day_of_each_kit_and_of_the_trial() -> None:
    life = live_through(
        "AB",
        [1],
        numbers={"cannot tell": [0.1, 0.1, 0.1], "guess": [0.69, 0.71, 0.1]},
        blinding={"leak": 0.4},
        pack={"kit_days": 3},
    )
    assert life.guesses == [(2, "drug"), (5, "control"), (7, "drug")]


def test_patient_without_a_belief_says_so_half_of_the_time() -> None:
    life = live_through(
        numbers={"cannot tell": [0.49, 0.51, 0.51, 0.51], "guess": [0.1, 0.51, 0.49, 0.1]},
        pack={"kit_days": 2},
        blinding={"leak": 0.08},
    )
    assert life.guesses == [(1, "cannot tell"), (3, "drug"), (5, "control"), (7, "drug")]
