"""Values that a run gives: figures, verdict, burden, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from n1trial.evaluation.ceiling.chance import Ceiling
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.secondary.figures import SecondaryFigures
from n1trial.evaluation.stress import Recommendation, Stress, recommend
from n1trial.evaluation.value.finished import Finished
from n1trial.evaluation.value.meaning import Meaning
from n1trial.evaluation.value.worth import TrialValue
from n1trial.evaluation.verdict import Verdict
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Measurement
from n1trial.study.run.endings.without_result import WithoutResult
from n1trial.study.run.overall.overall import Overall

if TYPE_CHECKING:
    import pandas as pd

FEWEST_TO_RECOMMEND = 2000
"""Simulated trials below which false alarms are too uncertain to recommend an analysis by."""
TRUTHS = ("planned", "null", "mcid", "prior")
"""Planned effect, none, the smallest worthwhile one, and effects drawn from the prior."""


@dataclass(frozen=True)
class Burden:
    """Burden of the trial on the patient.

    Attributes
    ----------
    weeks : float
        Run-in included.
    periods, diary_entries, kits : int
    weeks_on_placebo : tuple of float
        Fewest and most.
    assignments : int
        How many the scheme can draw; 1 in the open-label layout.
    smallest_p : dict of str to (float or None)
        Smallest p of a randomization test, "one_sided" and "two_sided"; None where there is no such test.
    expected_finished : float
        Share of trials that nobody leaves early.
    expected_finished_mcse : float or None
        Its Monte Carlo standard error; None where it comes from a formula.
    """

    weeks: float
    periods: int
    diary_entries: int
    kits: int
    weeks_on_placebo: tuple[float, float]
    assignments: int
    smallest_p: Mapping[str, float | None]
    expected_finished: float
    expected_finished_mcse: float | None = None


@dataclass(frozen=True)
class Improvement:
    """The smallest worthwhile effect with one hardship taken away: chance to detect it, gain, and weeks it costs.

    Where a probability decides, `detect` and `gain` count the trials after which the drug is continued.
    """

    detect: Figure
    gain: Figure
    more_weeks: float


@dataclass(frozen=True)
class SensitivityRow:
    """The smallest worthwhile effect under another time course of the drug.

    In `detect` the analysis goes on assuming what it was planned on; in `detect_if_known` it is planned on that time
    course, in the same diaries: None where it assumes no time course, or that one already. `is_end` says whether the
    row is an end of what is believable.
    """

    name: str
    onset_days: float
    offset_days: float
    detect: Figure
    attenuation: float | None
    is_end: bool
    detect_if_known: Figure | None = None


@dataclass(frozen=True)
class UnsettledEnds:
    """The smallest worthwhile effect at both ends of a number that is not known.

    `low` and `high` pair each end with the chance to detect; `is_decisive` says whether the answer is another at one
    of them than at the other, or than with the number as it stands in the scenario.
    """

    key: str
    low: tuple[float, Figure]
    high: tuple[float, Figure]
    is_decisive: bool


@dataclass(frozen=True)
class BlindingResult:
    """Blinding indices over the last guesses of all periods at one truth, with errors; None without a guess."""

    bang_drug: float | None
    bang_control: float | None
    james: float | None
    correct: float | None
    bang_drug_mcse: float | None = None
    bang_control_mcse: float | None = None
    james_mcse: float | None = None
    correct_mcse: float | None = None


@dataclass(frozen=True, eq=False)
class PartialResult:
    """The first part of what a run finds: enough for its verdict, and each figure is that of the run.

    Attributes
    ----------
    scenario : Scenario
        As simulated.
    burden : Burden
    attenuation : float or None
    figures : dict of str to dict of str to dict of str to Figure
        By method, truth and metric: of a glance rates alone, of the primary method, at the truths "null" and "mcid".
    curve : dict of float to dict of str to Figure
        How often the primary method detects effects, in which direction, and adopts the drug, from no benefit to three
        times the smallest worthwhile one, the planned and further effects among them; by benefit, which is positive
        where better. Of a glance as far as it was simulated.
    sensitivity : tuple of SensitivityRow
        Of a glance the ends alone.
    unsettled : tuple of UnsettledEnds
        A row a number that the scenario says is not known.
    verdict : Verdict
        Of a glance without what limits the trial, which takes a whole run to say.
    is_simulated : bool
        Whether the figures are those of simulated trials; else they are by closed form.
    is_whole : bool
        Whether the curve holds all that it is drawn through.
    ceiling : Ceiling or None
        The best that an unbiased analysis could do with diaries of patients who cannot guess; None while not computed.
    blind : dict of str to Figure
        How often the primary method shows an effect in its true direction in such patients, at "planned" and "mcid";
        empty in the open-label layout, and while not simulated.
    """

    scenario: Scenario
    burden: Burden
    attenuation: float | None
    figures: Mapping[str, Mapping[str, Mapping[str, Figure]]]
    curve: Mapping[float, Mapping[str, Figure]]
    sensitivity: tuple[SensitivityRow, ...]
    unsettled: tuple[UnsettledEnds, ...]
    verdict: Verdict
    is_simulated: bool = field(default=True, kw_only=True)
    is_whole: bool = field(default=True, kw_only=True)
    ceiling: Ceiling | None = field(default=None, kw_only=True)
    blind: Mapping[str, Figure] = field(default_factory=dict, kw_only=True)

    @property
    def primary(self) -> str:
        """The method that decides."""
        return self.scenario.analysis.primary


@dataclass(frozen=True, eq=False)
class Result(PartialResult):
    """Result of a run: all of a glance, and more.

    Attributes
    ----------
    provenance : dict
        Code and libraries that made it (`n1trial.provenance.provenance`); empty in results of the first release.
    version : str
        Of n1trial.
    reasons : dict of str to dict of str to dict of str to float
        Share of trials without an estimate by reason, by method and truth.
    smallest_detectable : dict of str to dict of float to Figure
        By method and power, in points.
    effects : dict of float to dict of str to Figure
        How often the primary method detects further effects, in which direction, and adopts the drug.
    improvements : dict of str to Improvement
    blinding : dict of str to BlindingResult
        By truth ("planned", "null").
    value, skeptical : TrialValue
        Under the scenario's prior; under the skeptic's, None where none is stated.
    means : Meaning or None
        What answers would mean under the scenario's prior; where that is certain of one benefit, under the skeptic's.
        None in results of the first release.
    skeptical_means : Meaning or None
        The same under the skeptic's prior beside one that is not certain.
    finished : Finished or None
        The primary method among the trials that nobody leaves early; None in results of earlier versions.
    without_result : WithoutResult or None
        Why trials end without a result; None where too few do, and in results of earlier versions.
    prior_conflict : dict of str to dict of str to Figure
        By method with a prior in points, and by truth ("planned", "null"), how often prior and diary contradict each
        other. Empty in results of earlier versions.
    adopt_at : dict of str to dict of str to dict of str to Figure
        By method, probability and truth ("null", "mcid", "planned"), how often a benefit is at least so probable; what
        cannot be analyzed never is. Empty in results of the first release.
    stress : tuple of Stress
        Every method under departures from the plan; empty unless asked for.
    overall : Overall or None
        Primary method over everything that is uncertain; None unless asked for.
    assumed : tuple of str
        Keys that the scenario's file left out and that matter.
    stopped : Figure or None
        Share of patients to whom the drug does nothing whom the stop rule stops; None where it cannot be judged.
    secondary : SecondaryFigures or None
        What the planned analysis would say of each secondary outcome; None without any, and in results of the first
        release.
    measurements : dict of str to Measurement
        Tallies of each truth, and the first replicates' estimates; empty in a result that was read back.
    """

    version: str
    reasons: Mapping[str, Mapping[str, Mapping[str, float]]]
    smallest_detectable: Mapping[str, Mapping[float, Figure]]
    effects: Mapping[float, Mapping[str, Figure]]
    improvements: Mapping[str, Improvement]
    blinding: Mapping[str, BlindingResult]
    value: TrialValue
    skeptical: TrialValue | None
    stress: tuple[Stress, ...]
    assumed: tuple[str, ...]
    stopped: Figure | None = None
    overall: Overall | None = None
    measurements: Mapping[str, Measurement] = field(default_factory=dict, repr=False)
    provenance: Mapping[str, str | None] = field(default_factory=dict)
    means: Meaning | None = None
    skeptical_means: Meaning | None = None
    adopt_at: Mapping[str, Mapping[str, Mapping[str, Figure]]] = field(default_factory=dict)
    secondary: SecondaryFigures | None = None
    finished: Finished | None = None
    prior_conflict: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    without_result: WithoutResult | None = None

    @property
    def own(self) -> tuple[str, ...]:
        """Names of the analyses that are the user's own: evaluated, and not in the scenario."""
        planned = (self.primary, *self.scenario.analysis.methods)
        return tuple(method for method in self.figures if method not in planned)

    @property
    def recommended(self) -> Recommendation | None:
        """The method that the stresses speak for; None without them, from few trials, or where none holds."""
        if not self.stress or self.scenario.simulation.replicates < FEWEST_TO_RECOMMEND:
            return None
        return recommend(self.stress, self.scenario.analysis.alpha, self.primary)

    @property
    def characteristics(self) -> pd.DataFrame:
        """Operating characteristics: value and Monte Carlo standard error, a row a method, truth, metric and outcome.

        Secondary outcomes are described by the primary method alone, where the effect is as planned or none.
        """
        import pandas as pd

        primary = self.scenario.outcome.name
        rows = [
            (method, truth, metric, figure.value, figure.mcse, primary)
            for method, truths in self.figures.items()
            for truth, metrics in truths.items()
            for metric, figure in metrics.items()
        ]
        rows += [
            (self.primary, truth, metric, figure.value, figure.mcse, outcome)
            for outcome, truths in (self.secondary.outcomes if self.secondary is not None else {}).items()
            for truth, described in truths.items()
            for metric, figure in vars(described).items()
        ]
        return pd.DataFrame(rows, columns=["method", "truth", "metric", "value", "mcse", "outcome"])
