from __future__ import annotations

import pytest

import n1trial
from n1trial.errors import InputError
from n1trial.scenario.file.grid import Grid, read_grid

B12 = "b12-8-week"


def grid_of(*varied: str, source: str = B12, skip_invalid: bool = False, **overrides: str) -> Grid:
    pairs = [(key, text) for key, _, text in (one.partition("=") for one in varied)]
    changes = {key.replace("__", "."): value for key, value in overrides.items()}
    return read_grid(source, pairs, changes, skip_invalid=skip_invalid)


def faults_of(*varied: str, **kwargs: object) -> list[str]:
    with pytest.raises(InputError) as error:
        grid_of(*varied, **kwargs)  # type: ignore[arg-type]
    return list(error.value.faults)


def test_all_combinations_the_last_key_fastest() -> None:
    grid = grid_of("design.cycles=2,3", "trigger.stress.effect=0.5,1", patient__daily_sd="2")
    assert len(grid) == 4
    assert [tuple(changes.values()) for changes, _ in grid] == [(2, 0.5), (2, 1), (3, 0.5), (3, 1)]
    base = n1trial.load_scenario(B12, {"patient.daily_sd": "2"})
    for changes, scenario in grid:
        assert scenario == base.replace(**changes)


def test_combinations_are_made_anew_each_time_and_are_the_same() -> None:
    grid = grid_of("design.cycles=2:5:1")
    assert list(grid) == list(grid)


def test_all_faults_of_file_overrides_and_values_are_told_at_once() -> None:
    told = faults_of(
        "design.cycels=2,3",
        "design.cycles=0,2,27",
        "patient.daily_sd=1:2:0",
        "trigger.stres.effect=1,2",
        "patient.baseline=nan,5",
        "patient.autocorrelation=0.1,0.2",
        "outcome.mcid=1,2",
        "outcome.mcid=1,3",
        "simulation.replicates=100,200",
        "name=a,b",
        patient__autocorrelation="0.5",
        design__washout_days="-1",
    )
    assert told == [
        "set design.washout_days=-1: must be a whole number from 0 to 366, but is -1",
        "vary patient.daily_sd=1:2:0: the step is 0; it must lead from start to stop",
        "vary patient.autocorrelation=0.1,0.2: the key is also set to 0.5; do one of both",
        "vary outcome.mcid=1,3: the key is varied twice; give all its values at once",
        "vary simulation.replicates=100,200: all combinations get as many simulated trials; say how many with"
        " replicates",
        "vary name=a,b: it names the results; the combinations are told apart by the values of the other keys",
        "vary design.cycels: unknown key (did you mean cycles?)",
        "vary design.cycles=0: must be a whole number from 1 to 26, but is 0",
        "vary design.cycles=27: must be a whole number from 1 to 26, but is 27",
        'vary trigger.stres.effect: no trigger "stres"; there are stress, short sleep, caffeine (did you mean stress?)',
        "vary patient.baseline=nan: must be a number, but is nan (NaN and infinity are refused)",
    ]


def test_a_scenario_that_does_not_exist_does_not_hide_what_is_wrong_with_the_values() -> None:
    told = faults_of("design.cycles=1:2", "conduct.missing=0:1:-1", source="nosuch")
    assert [fault.partition(":")[0] for fault in told] == [
        "nosuch",
        "vary design.cycles=1",
        "vary conduct.missing=0",
    ]


def test_combinations_that_break_a_rule_are_told_by_the_values_that_they_share() -> None:
    told = faults_of("design.cycles=2:6:1", "design.period_days=14,56", "analysis.discard_days=0,14,28")
    needed = "must be at least analysis.discard_days + analysis.minimum_days"
    assert told == [
        f"vary design.period_days=14, analysis.discard_days=14: design.period_days: {needed} = 14 + 10 = 24 days,"
        " but is 14",
        f"vary design.period_days=14, analysis.discard_days=28: design.period_days: {needed} = 28 + 10 = 38 days,"
        " but is 14",
        "10 of 30 combinations break a rule; to leave them out and go on: skip_invalid",
    ]


def test_they_are_told_beside_values_that_are_wrong_by_themselves() -> None:
    told = faults_of("design.cycles=2,99", "design.period_days=14,56")
    assert [fault.partition(": ")[0] for fault in told] == [
        "vary design.cycles=99", "vary design.period_days=14"
    ]  # fmt: skip


def test_they_are_left_out_where_that_is_asked_for() -> None:
    grid = grid_of("design.period_days=14,28,56", "analysis.discard_days=0,28", skip_invalid=True)
    assert [tuple(changes.values()) for changes, _ in grid] == [(14, 0), (28, 0), (56, 0), (56, 28)]
    assert len(grid) == 4
    assert [tuple(one.changes.values()) for one in grid.left_out] == [(14, 28), (28, 28)]
    assert "must be at least" in str(grid.left_out[0].faults[0])


def test_a_value_that_is_wrong_by_itself_is_not_left_out() -> None:
    assert faults_of("design.cycles=2,99", skip_invalid=True) == [
        "vary design.cycles=99: must be a whole number from 1 to 26, but is 99"
    ]


def test_at_least_one_combination_must_be_left() -> None:
    told = faults_of("design.period_days=14,21", "analysis.discard_days=28,35", skip_invalid=True)
    assert len(told) == 4
    assert "--skip-invalid" not in told[-1]


def test_a_rule_broken_by_an_odd_set_of_combinations_is_counted() -> None:
    # a leak needs noise to hide in: a rule of two keys, told with how many of the combinations break it
    told = faults_of("patient.daily_sd=0,1", "blinding.learning=0,0.1", "blinding.leak=0,0.1")
    assert told[0].startswith("vary patient.daily_sd=0, blinding.learning=0.1: blinding.learning: must be 0 where")


def test_too_many_combinations_are_counted_and_refused_at_once() -> None:
    told = faults_of("patient.daily_sd=0.1:50:0.1", "patient.baseline=0:10:0.1")
    assert told == ["vary: 50,500 combinations are more than 10,000; vary fewer keys or values"]


def kinds_of(grid: Grid) -> dict[str, str]:
    return {remark.place: remark.kind for remark in grid.idle}


def test_a_key_that_changes_nothing_is_known() -> None:
    grid = grid_of("conduct.gap_days=1,2", "design.cycles=2,3")
    assert kinds_of(grid) == {"conduct.gap_days": "idle"}
    assert grid_of("conduct.gap_days=1,2", "conduct.gaps_per_month=0,1").idle == ()


@pytest.mark.parametrize(
    ("varied", "kinds"),
    [
        (["analysis.assumed_onset_days=1,2", "analysis.primary=mixed"],
         {"analysis.assumed_onset_days": "not_of_primary"}),
        (["analysis.assumed_onset_days=1,2", "analysis.primary=paired,mixed"],
         {"analysis.assumed_onset_days": "not_of_primary"}),
        (["analysis.assumed_onset_days=1,2", "analysis.primary=paired,course"], {}),
        (["analysis.minimum_days=3,6", "analysis.primary=paired,course"], {}),
        (["analysis.minimum_days=3,6", "analysis.primary=randomization", "analysis.statistic=cycle"], {}),
        (["analysis.minimum_days=3,6", "analysis.primary=randomization"], {"analysis.minimum_days": "not_of_primary"}),
        (["stopping.days=7,14", "treatment.responders=0.5,1", "patient.daily_sd=1,2"],
         {"stopping.days": "not_simulated", "treatment.responders": "not_simulated"}),
        (["placebo.displacement=4,5"], {"placebo.displacement": "no_meaning"}),
    ],
)  # fmt: skip
def test_why_a_key_changes_nothing_is_known(varied: list[str], kinds: dict[str, str]) -> None:
    assert kinds_of(grid_of(*varied)) == kinds
