"""Simulate trials of a scenario that is given or named."""

from __future__ import annotations

import os

from n1trial.scenario.file.load import scenario_of
from n1trial.scenario.scenario import Scenario
from n1trial.simulation import simulate as simulation
from n1trial.simulation.simulate import Diaries


def simulate(
    scenario: Scenario | str | os.PathLike[str],
    replicates: int | None = None,
    seed: int | None = None,
    effect: float | None = None,
) -> Diaries:
    """Simulate trials of a scenario.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, its file, or the name of a shipped one.
    replicates : int, optional
        Number of trials, 1 or more; the scenario's by default.
    seed : int, optional
        Seed, 0 or more; the scenario's by default. The same seed gives the same trials, and more replicates begin
        with those of fewer.
    effect : float, optional
        Full effect of the drug in every replicate, on the outcome's scale; by default drawn from the scenario's prior
        (effect, effect_sd, responders).

    Returns
    -------
    Diaries

    Raises
    ------
    InputError
        If an argument or the scenario is at fault.

    Examples
    --------
    >>> import n1trial
    >>> diaries = n1trial.simulate("minimal", replicates=3, seed=1)
    >>> diaries.score.shape
    (350, 3)
    """
    return simulation.simulate(scenario_of(scenario), replicates, seed, effect)
