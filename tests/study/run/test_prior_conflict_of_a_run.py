"""How often prior and diary contradict each other in a run, by the rule that an analysis goes by."""

from __future__ import annotations

from dataclasses import replace

from n1trial.analysis.analyze import analyze
from n1trial.evaluation.characteristics import Figure, rate
from n1trial.evaluation.prior_conflict import conflicts, has_prior
from n1trial.report.sentences import prior_conflicts_in_words
from n1trial.simulation.simulate import simulate
from n1trial.study.batches.measure import Cell, measure
from tests.report.pages import result_of
from tests.study.run.test_run import small


def test_trials_are_counted_whose_diary_contradicts_the_prior() -> None:
    scenario = small().replace(**{"analysis.prior_mean": 2.0, "analysis.prior_sd": 0.2})
    for effect, least in ((-1.0, 0.5), (0.0, 0.2)):
        tally = measure([Cell(scenario, effect, ("bayes", "paired"), 100)], 3)[0].tallies["bayes"]
        diaries = simulate(scenario, 100, 3, effect)
        apart = conflicts(analyze(diaries.observed, "bayes"), scenario.plan())
        assert tally.prior_conflicts == apart.sum() > least * 100
    assert [has_prior(method) for method in ("bayes", "paired", "mixed", "mine")] == [True, False, False, False]


def test_it_is_said_where_it_is_frequent_beyond_chance() -> None:
    result = result_of("minimal")
    for planned, null, is_said in ((0.3, 0.02, True), (0.02, 0.3, True), (0.06, 0.07, False)):
        rates = {"planned": rate(int(1000 * planned), 1000), "null": rate(int(1000 * null), 1000)}
        said = " ".join(prior_conflicts_in_words(replace(result, prior_conflict={"bayes": rates})))
        assert bool(said) == is_said
    few = {"planned": Figure(0.2, 0.1), "null": Figure(0.0, 0.1)}
    assert not list(prior_conflicts_in_words(replace(result, prior_conflict={"bayes": few})))
    often = {"planned": Figure(0.3, 0.01), "null": Figure(0.02, 0.01)}
    (said,) = prior_conflicts_in_words(replace(result, prior_conflict={"bayes": often}))
    assert said.startswith(
        "Prior and diary contradict each other in 30 of 100 trials if the effect is as planned, and in 2 of 100 if"
        " there is none: bayes expects +0, standard deviation 2 points."
    )
