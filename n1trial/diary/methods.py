"""Methods of analysis that a plan can name, each with all that is particular to it but its function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Estimand = Literal["contrast", "full effect", "none"]
ClosedForm = Literal["rounds", "orders", "days", "exposure", "course"]
DAYS = frozenset({"discard_days"})
"""Settings of analyses of days past the settling-in."""
MEANS = DAYS | {"minimum_days"}
"""Settings of analyses of period means."""
TIME_COURSE = frozenset({"assumed_onset_days", "assumed_offset_days"})
"""Settings of analyses of the exposure that the analyst predicts."""


@dataclass(frozen=True)
class Method:
    """Particulars of a method of analysis, for scenario, report and pack.

    It stands in the diary room, because a scenario names methods and must not see the analyses; its function is in
    `n1trial.analysis.analyze.ANALYSES`.

    Parameters
    ----------
    name : str
        As in scenario files and results.
    words : str
        What it is, for readers, within a sentence.
    description : str
        What it does, for statisticians, as a sentence.
    estimand : {"contrast", "full effect", "none"}
        What its estimate is an estimate of.
    layout : {"crossover", "open-label"}
        Design that it can analyze.
    role : {"sensitivity", "comparison", "no control"}
        What it is where it is not the primary method.
    weak_points : str
        Under what its false alarms exceed what was asked for, in the words of a sentence; empty where that is said
        elsewhere, or where nothing but a leak of the blinding does so.
    settings : frozenset of str
        Keys of a scenario's ``[analysis]`` that it uses and not every method does.
    settings_of : dict of str to frozenset of str
        Keys that it uses besides, by the value of ``statistic``.
    needs : {"nothing", "rounds", "draw"}
        Without which it can never show an effect: two rounds, or an order that was drawn by lot.
    closed_form : {"rounds", "orders", "days", "exposure", "course"} or None
        By which form designs are screened without simulating; None where there is none.
    has_posterior : bool
        Whether its `Estimates.p_benefit` is a probability and may be called one.
    allows_for_shifts : bool
        Whether its test holds although days follow each other and periods differ by chance.
    reads_placebo_run_in : bool
        Whether the entries of a run-in on blinded placebo are used.
    by_default : bool
        Whether it is run where nobody says which methods are.
    """

    name: str
    words: str
    description: str
    estimand: Estimand = "contrast"
    layout: Literal["crossover", "open-label"] = "crossover"
    role: Literal["sensitivity", "comparison", "no control"] = "sensitivity"
    weak_points: str = ""
    settings: frozenset[str] = frozenset()
    settings_of: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    needs: Literal["nothing", "rounds", "draw"] = "nothing"
    closed_form: ClosedForm | None = None
    has_posterior: bool = False
    allows_for_shifts: bool = True
    reads_placebo_run_in: bool = False
    by_default: bool = True

    @property
    def discards_days(self) -> bool:
        """Whether it leaves out the settling-in days of each period."""
        return "discard_days" in self.settings

    @property
    def follows_doses(self) -> bool:
        """Whether its estimate follows from doses taken and from the assumed time course, so that both are varied."""
        return self.settings >= TIME_COURSE

    def uses(self, setting: str, statistic: str) -> bool:
        """Whether a key of a scenario's ``[analysis]``, which not every method uses, can change its estimates."""
        return setting in self.settings or setting in self.settings_of.get(statistic, ())


PAIRED = Method(
    "paired",
    "a t test on what differs between the two periods of each round",
    "Paired t test on the cycles' differences between the mean on the drug and the mean on control.",
    settings=MEANS,
    needs="rounds",
    closed_form="rounds",
)
EXPOSURE = Method(
    "exposure",
    "a daily model in which the effect builds up and fades as assumed",
    "Daily model whose effect builds up and fades as assumed; Bayesian, with autocorrelation and shifts.",
    "full effect",
    weak_points="the patient's level shifts by itself now and then",
    closed_form="exposure",
    has_posterior=True,
    settings=TIME_COURSE | {"adjust"},
    by_default=False,
)
COURSE = Method(
    "course",
    "a daily model in which the drug's effect builds up and fades as assumed, beside a response to being treated",
    "Daily model whose effect builds up and fades as assumed; Bayesian, with a placebo response, slow wandering,"
    " autocorrelation and shifts.",
    "full effect",
    weak_points="one day resembles the next strongly, a placebo response is very large while the blinding leaks, or the"
    " patient's level shifts with a change-over that is drawn from many weeks",
    closed_form="course",
    reads_placebo_run_in=True,
    has_posterior=True,
    settings=TIME_COURSE | {"adjust"},
)
MIXED = Method(
    "mixed",
    "a daily model of the days on the drug and on control",
    "Daily model of drug and control days; Bayesian, with autocorrelation and shifts between periods.",
    settings=DAYS | {"terms", "adjust"},
    closed_form="days",
    has_posterior=True,
)
AR1 = Method(
    "ar1",
    "a daily model that heeds how a day follows on from the one before",
    "Daily model with autocorrelation by REML; breaks where periods shift.",
    settings=DAYS | {"terms", "adjust", "df"},
    allows_for_shifts=False,
)
RANDOMIZATION = Method(
    "randomization",
    "an exact test: how unusual is this diary among all orders and change-overs that could be drawn",
    "Exact test over every order and change-over that could have been drawn.",
    "full effect",
    settings=frozenset({"statistic", "max_assignments"}),
    settings_of={"exposure": TIME_COURSE, "cycle": MEANS},
    needs="draw",
    closed_form="orders",
    reads_placebo_run_in=True,
)
BAYES = Method(
    "bayes",
    "a probability, from what differs between the two periods of each round and a prior",
    "Bayesian analysis of the cycles' differences with a prior of the effect.",
    settings=MEANS | {"prior_mean", "prior_sd", "sd_scale"},
    needs="rounds",
    has_posterior=True,
)
OLS = Method(
    "ols",
    "a comparison of days as if they were independent, which they are not",
    "Least squares on days as if they were independent, which they are not: for comparison only.",
    role="comparison",
    settings=DAYS | {"terms", "adjust"},
    allows_for_shifts=False,
)
BEFORE_AFTER = Method(
    "before_after",
    "days on the drug less days before it",
    "Mean of the drug days minus mean of the run-in days: the drug and all else that changed, in one number.",
    "none",
    "open-label",
    role="no control",
    settings=DAYS,
    allows_for_shifts=False,
)

METHODS: dict[str, Method] = {
    method.name: method for method in (PAIRED, EXPOSURE, COURSE, MIXED, AR1, RANDOMIZATION, BAYES, OLS, BEFORE_AFTER)
}
"""Every method by its name."""


def method_of(name: str) -> Method:
    """Give a method by its name; by another name an analysis of the user's own."""
    return METHODS.get(name) or Method(name, "an analysis of one's own", "An analysis that n1trial does not have.")


def methods_for(layout: str) -> tuple[str, ...]:
    """Name the methods that a layout, "crossover" or "open-label", is analyzed by where nobody says which."""
    return tuple(method.name for method in METHODS.values() if method.layout == layout and method.by_default)
