"""What is allowed and yet unwise is said; what is not, is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from n1trial.scenario.check.answers import open_questions
from n1trial.scenario.check.cautions import cautions
from n1trial.scenario.check.chances import chance_of_too_few, share_beyond
from n1trial.scenario.check.remarks import remarks
from n1trial.scenario.check.wording import share_in_words
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.scenario import Scenario

QUIET: dict[str, Any] = {
    "name": "quiet",
    "source": {"citation": "A study"},
    "treatment": {"name": "Drug", "effect": -1.0, "onset_days": 2.0, "offset_days": 3.0},
    "outcome": {"name": "Complaint", "scale": [0, 10], "better": "lower", "mcid": 1.0},
    "patient": {"baseline": 6.0, "daily_sd": 1.4, "autocorrelation": 0.3},
}


def sentences(scenario: Scenario) -> tuple[str, ...]:
    return tuple(map(str, remarks(scenario)))


def scenario(**changes: object) -> Scenario:
    return Scenario.of(QUIET).replace(**{key.replace("__", "."): value for key, value in changes.items()})


def test_a_sound_scenario_has_no_warning() -> None:
    assert sentences(scenario()) == ()


def test_no_analysis_that_loses_pairs_has_none_to_lose() -> None:
    few = {"design__period_days": 28, "conduct__missing": 0.5}
    assert any("their pairs be lost" in sentence for sentence in sentences(scenario(**few)))
    whole = {**few, "analysis__primary": "course", "analysis__methods": ["course"]}
    assert sentences(scenario(**whole)) == ()


TIGHT: dict[str, object] = {"design__period_days": 28, "conduct__missing": 0.5}
WARNED: list[tuple[dict[str, object], str]] = [
    (
        {"patient__baseline": 8.5},
        "stopping.worse_by: 2 (twice outcome.mcid) is more than a score can get worse by from a baseline of 8.5 to "
        "10, the end of the scale; the stop rule could not be met",
    ),
    (
        {"stopping__worse_by": 5.0},
        "stopping.worse_by: 5 is more than a score can get worse by from a baseline of 6 to 10, the end of the scale; "
        "the stop rule could not be met",
    ),
    (
        {"stopping__days": 337},
        "stopping.days: 337 days are longer than the 336 after the run-in; the stop rule could never be met",
    ),
    (
        {"stopping__days": 57},
        "stopping.days: 57 days are longer than the shortest period, 56; the stop rule averages over both treatments, "
        "so that harm by one of them shows less",
    ),
    ({"source__citation": None}, "source.citation: no source is named, so readers cannot judge the numbers"),
    (
        {"evidence": [{"key": "patient.daily_sd", "range": [1.5, 2.2]}, {"key": "patient.baseline", "range": [4, 8]}]},
        "patient.daily_sd: 1.4 is outside [1.5, 2.2], the range that is assumed for it, without proof",
    ),
    (
        {"treatment__onset_range": [7, 42]},
        "treatment.onset_days: 2 is outside treatment.onset_range, [7.0, 42.0]",
    ),
    (
        {"treatment__offset_range": [1, 2.5]},
        "treatment.offset_days: 3 is outside treatment.offset_range, [1.0, 2.5]",
    ),
    (
        {"placebo__displacement": 4.0},
        'placebo.displacement: has no meaning where placebo.shape is "exponential"',
    ),
    (
        {"design__layout": "open-label", "blinding__leak": 0.5},
        'blinding.leak: has no meaning where design.layout is "open-label"',
    ),
    (
        {"analysis__discard_days": 21, "analysis__primary": "mixed", "analysis__methods": ["randomization"],
         "analysis__minimum_days": 7},
        "analysis.minimum_days: changes nothing: no analysis of this plan uses it",
    ),
    (
        {"analysis__df": "residual", "analysis__methods": ["paired"]},
        "analysis.df: changes nothing: no analysis of this plan uses it",
    ),
    ({"conduct__gap_days": 7.0}, "conduct.gap_days: changes nothing beside the other values of the scenario"),
    (
        {"unsettled": [{"key": "patient.shift_days", "range": [14, 98]}]},
        "patient.shift_days: changes nothing beside the other values of the scenario",
    ),
    (
        {"treatment__established_effect": -1.0},
        "treatment.effect: -1 points are at or beyond -1, about as large as established treatments achieve on average",
    ),
    ({"treatment__effect": 0.5}, "treatment.effect: 0.5 points would be a harm, since lower is better"),
    (
        {"unsettled": [{"key": "patient.daily_sd", "range": [1.5, 2.2]}]},
        "patient.daily_sd: 1.4 is outside [1.5, 2.2], the range of its [[unsettled]] table",
    ),
    (
        {"treatment__onset_days": 80.0},
        "treatment.onset_days: 80 days are longer than a period of 56; by its end no more than 50% of the effect has "
        "built up",
    ),
    (
        {"treatment__offset_days": 80.0},
        "treatment.offset_days: 80 days are longer than a period of 56; at the end of one on Placebo, 50% of what had "
        "built up is still there",
    ),
    (
        {"design__cycles": 1},
        "design.cycles: one cycle gives one difference, from which paired can estimate nothing",
    ),
    (
        TIGHT,
        "analysis.minimum_days: nearly all of the shortest periods (28 days, of which 14 are settling-in days) would "
        "hold fewer than 14 entries, and their pairs be lost",
    ),
    (
        {"patient__baseline": 1},
        "outcome.scale: about 5 in 10 of the scores on Drug would be beyond 0, the end of the scale, and be cut off "
        "there (patient.baseline, placebo, triggers and effect together)",
    ),
    (
        {"design__switch_jitter_days": 10},
        "design.switch_jitter_days: in steps of 7 days that is up to 7 days, not 10",
    ),
    (
        {"design__randomization": "fixed", "design__sequence": "ABABAB"},
        'design.randomization: "fixed" leaves nothing to chance, so that there is no randomization test',
    ),
    (
        {"design__period_days": 60},
        "design.period_days: 60 days are not whole kits of 7 (pack.kit_days); no pack could be made",
    ),
    (
        {"secondary": [{
            "name": "Visit", "scale": [0, 40], "better": "lower", "mcid": 3, "baseline": 20, "daily_sd": 3,
            "every_days": 100}], "design__cycles": 1, "design__period_days": 42},
        "secondary.Visit.every_days: 100 days are longer than the trial",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"), WARNED, ids=lambda case: next(iter(case)) if isinstance(case, dict) else ""
)
def test_warning(changes: dict[str, object], said: str) -> None:
    assert said in sentences(scenario(**changes))


def test_a_setting_of_an_analysis_beside_was_not_given_for_nothing() -> None:
    beside = {"analysis__assumed_onset_days": 7.0, "analysis__methods": ["randomization"]}
    assert "changes nothing" not in "\n".join(sentences(scenario(**beside)))
    unused = sentences(scenario(**beside | {"analysis__methods": ["paired"]}))
    assert "analysis.assumed_onset_days: changes nothing: no analysis of this plan uses it" in unused


def test_what_a_treatment_can_move_is_a_fact_of_its_trigger() -> None:
    coffee = {"name": "Coffee", "days_per_week": 2.0, "effect": 1.5, "treatment_can_move": False}
    assert "changes nothing" not in "\n".join(sentences(scenario(trigger=[coffee])))


def test_a_scale_of_which_higher_is_better_turns_harm_around() -> None:
    higher = {"outcome__better": "higher", "patient__baseline": 5.0}
    assert sentences(scenario(**higher, treatment__effect=1.0)) == ()
    assert "since higher is better" in sentences(scenario(**higher, treatment__effect=-1.0))[0]


class TestChanceOfTooFew:
    @pytest.mark.parametrize(("missing", "period_days"), [(0.0, 28), (0.1, 28), (0.15, 30), (0.4, 42), (0.9, 56)])
    def test_is_binomial_where_entries_are_missing_at_random(self, missing: float, period_days: int) -> None:
        chance = chance_of_too_few(scenario(conduct__missing=missing, design__period_days=period_days))
        assert chance == pytest.approx(stats.binom.cdf(13, period_days - 14, 1 - missing), abs=1e-12)

    def test_counts_filled_entries(self) -> None:
        chance = chance_of_too_few(scenario(**TIGHT, conduct__backfilled=0.6))
        assert chance == pytest.approx(stats.binom.cdf(13, 14, 0.8), abs=1e-12)

    def test_takes_the_shortest_period(self) -> None:
        changes: dict[str, object] = {"design__period_days": 35, "design__switch_jitter_days": 7}
        assert chance_of_too_few(scenario(**changes)) == pytest.approx(stats.binom.cdf(13, 14, 0.85), abs=1e-12)

    @pytest.mark.parametrize(("growth", "start"), [(0.1, 5 * 15), (-0.1, 0)])
    def test_takes_the_worse_of_first_and_last_period(self, growth: float, start: int) -> None:
        day = np.arange(14, 15) + start
        odds = np.log(0.15 / 0.85) + growth * day / 7
        changes: dict[str, object] = {"design__period_days": 15, "analysis__minimum_days": 1}
        chance = chance_of_too_few(scenario(**changes, conduct__missing_growth_per_week=growth))
        assert chance == pytest.approx(float(1 / (1 + np.exp(-odds[0]))), abs=1e-12)

    def test_follows_gaps_day_by_day(self) -> None:
        """Against 20,000 simulated periods, within 4 standard errors; gaps clump, which no binomial does."""
        gaps_per_month, gap_days, missing = 3.0, 5.0, 0.1
        changes: dict[str, object] = {"conduct__gaps_per_month": gaps_per_month, "conduct__gap_days": gap_days}
        chance = chance_of_too_few(scenario(**changes, conduct__missing=missing, design__period_days=35))
        generator = np.random.default_rng(20261122)
        left, written = np.zeros(20_000, dtype=np.int64), np.zeros(20_000, dtype=np.int64)
        for day in range(200 + 21):
            is_gap = left > 0
            written += (day >= 200) & ~is_gap & (generator.random(left.size) >= missing)
            left = np.maximum(left - 1, 0)
            starts = (left == 0) & (generator.random(left.size) < gaps_per_month / 30)
            left = np.where(starts, generator.geometric(1 / gap_days, left.size), left)
        seen = float((written < 14).mean())
        assert abs(chance - seen) < 4 * np.sqrt(seen * (1 - seen) / left.size)
        assert abs(chance - stats.binom.cdf(13, 21, written.mean() / 21)) > 0.02


class TestShareBeyond:
    def test_adds_up_what_moves_the_mean(self) -> None:
        moved = scenario(
            placebo__response=-1.5, placebo__response_sd=0.8, patient__trend_per_week=0.05, patient__period_sd=0.4,
            trigger=[{"name": "stress", "days_per_week": 3.5, "effect": 1.0}],
        )  # fmt: skip
        mean = 6.0 - 1.0 - 1.5 + 0.5 + 0.05 * 48
        sd = np.sqrt(1.4**2 + 0.8**2 + 0.4**2)
        expected = {0.0: stats.norm.cdf(0, mean, sd), 10.0: stats.norm.sf(10, mean, sd)}
        assert share_beyond(moved, -1.0) == pytest.approx(expected, abs=1e-12)

    def test_knowing_the_drug_doubles_the_placebo_response(self) -> None:
        known = scenario(placebo__response=-1.5, design__layout="open-label")
        assert share_beyond(known, -1.0)[0.0] == pytest.approx(stats.norm.cdf(0, 2.0, 1.4), abs=1e-12)

    def test_without_ups_and_downs_scores_are_beyond_or_not(self) -> None:
        still = scenario(patient__daily_sd=0.0)
        assert share_beyond(still, -1.0) == {0.0: 0.0, 10.0: 0.0}
        assert share_beyond(still, -7.0) == {0.0: 1.0, 10.0: 0.0}


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, "nearly all"),
        (0.7, "about 7 in 10"),
        (0.5, "about 5 in 10"),
        (0.3, "about 1 in 3"),
        (0.01, "about 1 in 100"),
    ],
)
def test_shares_in_words(share: float, words: str) -> None:
    assert share_in_words(share) == words


def test_answers_before_planning_that_speak_against_it() -> None:
    asked = cautions("b12-restless-legs").questions
    for each in asked:
        for answer in each.answers:
            scenario = load_scenario("b12-8-week").replace(considered=[{"question": each.question, "answer": answer}])
            said = [warning for warning in sentences(scenario) if each.question in warning]
            against = each.against.get(answer)
            assert said == ([] if against is None else [f"{each.question} {answer}: {against}"])


def test_the_same_whatever_the_answer_is_no_reason_for_a_trial() -> None:
    block = cautions("b12-restless-legs")
    decides = [each.question for each in block.questions if each.decides]
    for answers, is_said in ((["go on.", "Go on", "go on"], True), (["go on", "stop", "stop"], False)):
        considered = [{"question": asked, "answer": told} for asked, told in zip(decides, answers, strict=True)]
        scenario = load_scenario("b12-8-week").replace(considered=considered)
        assert (block.nothing_changes in sentences(scenario)) == is_said
    one_alone = load_scenario("b12-8-week").replace(considered=considered[:1])
    assert block.nothing_changes not in sentences(one_alone)


def test_questions_without_an_answer() -> None:
    asked = [each.question for each in cautions("b12-restless-legs").questions]
    assert list(open_questions(load_scenario("b12-8-week"))) == asked
    answered = load_scenario("b12-8-week").replace(considered=[{"question": asked[1], "answer": "yes"}])
    assert list(open_questions(answered)) == [asked[0], *asked[2:]]


def test_no_effect_is_never_outside_of_what_is_assumed() -> None:
    assert not [said for said in sentences(load_scenario("b12-8-week").replace(**{"treatment.effect": 0.0}))
                if "is outside" in said]  # fmt: skip
    beyond = sentences(load_scenario("b12-8-week").replace(**{"treatment.effect": -1.5}))
    assert any("the range that is assumed for it, without proof" in said for said in beyond)
