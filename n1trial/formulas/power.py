"""The chance of a test to detect an effect, and how many patients a series needs for it."""

from __future__ import annotations

import math
from typing import Literal

from scipy.special import nctdtr, ndtr, ndtri, stdtrit


def normal_power(effect: float, se: float, alpha: float = 0.05) -> float:
    """Return the power of a two-sided test whose estimate is normal with a known standard error.

    Parameters
    ----------
    effect, se : float
        True effect and standard error, in the same unit; `se` above 0.
    alpha : float
        Two-sided significance level.

    Returns
    -------
    float
        Probability to reject, in either direction.

    Raises
    ------
    ValueError
        If `se` is not above 0.

    Examples
    --------
    >>> import n1trial
    >>> round(n1trial.formulas.normal_power(1.0, 0.4), 3)
    0.705
    """
    return math.fsum(_normal_tails(effect, se, alpha))


def paired_power(effect_over_sd: float, cycles: int, alpha: float = 0.05, sides: int = 2) -> float:
    """Return the power of the paired t test on cycle differences, by the noncentral t distribution.

    Parameters
    ----------
    effect_over_sd : float
        True mean of cycle differences over their standard deviation; for one side positive in the direction tested.
    cycles : int
        2 or more.
    alpha : float
        Significance level.
    sides : {1, 2}
        Sides of the test.

    Returns
    -------
    float
        Probability to reject, for two sides in either direction.

    Raises
    ------
    ValueError
        If `cycles` or `sides` is outside its range.

    Examples
    --------
    >>> import n1trial
    >>> round(n1trial.formulas.paired_power(1.5, 4), 3)
    0.533
    """
    if cycles < 2:
        raise ValueError(f"cycles must be 2 or more, but is {cycles}")
    if sides not in (1, 2):
        raise ValueError(f"sides must be 1 or 2, but is {sides}")
    return _t_power(effect_over_sd * math.sqrt(cycles), cycles - 1, alpha, sides)


def senn_sample_size(
    cycles: int,
    effect: float,
    psi: float,
    sigma: float,
    power: float = 0.8,
    alpha: float = 0.05,
    effects: Literal["fixed", "random"] = "fixed",
) -> int:
    """Return how many patients are needed in a series of n-of-1 trials, tested two-sided by t [1]_.

    Parameters
    ----------
    cycles : int
        Cycles of each patient, 1 or more; for fixed effects 2 or more.
    effect : float
        Mean effect to be detected, not 0.
    psi : float
        Standard deviation of the true effects between patients; not used for fixed effects.
    sigma : float
        Standard deviation of one period's outcome within a patient, above 0: a cycle difference has variance 2σ².
    power, alpha : float
        Probability to detect the effect; two-sided significance level.
    effects : {"fixed", "random"}
        Whether the mean is that of these patients, with variance 2σ²/nk and n(k − 1) degrees of freedom; or that of
        all patients like them, with variance (ψ² + 2σ²/k)/n and n − 1.

    Returns
    -------
    int
        Smallest number of patients with at least the power asked for.

    Raises
    ------
    ValueError
        If there is no effect, a number is outside its range, or `effects` is neither word.

    References
    ----------
    .. [1] Senn. Sample size considerations for n-of-1 trials. Stat Methods Med Res 2019; 28:372-383.

    Examples
    --------
    >>> import n1trial
    >>> n1trial.formulas.senn_sample_size(3, 1.0, 0.5, 1.5)
    13
    """
    if effects not in ("fixed", "random"):
        raise ValueError(f'effects must be "fixed" or "random", but is {effects!r}')
    is_fixed = effects == "fixed"
    if cycles < 1 + is_fixed:
        raise ValueError(f"cycles must be {1 + is_fixed} or more for {effects} effects, but is {cycles}")
    if effect == 0:
        raise ValueError("effect must not be 0")
    if not (sigma > 0 and psi >= 0):
        raise ValueError(f"sigma must be above 0 and psi 0 or more, but they are {sigma} and {psi}")
    if not alpha < power < 1:
        raise ValueError(f"power must be above alpha {alpha} and below 1, but is {power}")
    variance = 2 * sigma**2 / cycles + (0 if is_fixed else psi**2)
    # Were the variance known, this many would do; t needs a few more.
    patients = math.floor(variance * ((ndtri(1 - alpha / 2) + ndtri(power)) / effect) ** 2)
    patients = max(patients, 1 if is_fixed else 2)
    while True:
        df = patients * (cycles - 1) if is_fixed else patients - 1
        if _t_power(abs(effect) * math.sqrt(patients / variance), df, alpha, 2) >= power:
            return patients
        patients += 1


def retrodesign(effect: float, se: float, alpha: float = 0.05) -> tuple[float, float, float]:
    """Return the power, and what is wrong with the results that reach significance [1]_.

    Parameters
    ----------
    effect, se : float
        True effect, not 0, and standard error of a normal estimate, in the same unit.
    alpha : float
        Two-sided significance level.

    Returns
    -------
    power : float
        Probability to reject, in either direction.
    type_s : float
        Share of rejections in which the estimate has the wrong sign.
    exaggeration : float
        Mean of |estimate| over rejections, over |effect|.

    Raises
    ------
    ValueError
        If the effect is 0, or `se` not above 0.

    References
    ----------
    .. [1] Gelman, Carlin. Beyond power calculations. Perspect Psychol Sci 2014; 9:641-651.

    Examples
    --------
    >>> import n1trial
    >>> tuple(round(figure, 2) for figure in n1trial.formulas.retrodesign(0.5, 0.4))
    (0.24, 0.0, 2.04)
    """
    if effect == 0:
        raise ValueError("effect must not be 0: nothing has the sign of 0, or its size")
    right, wrong = _normal_tails(abs(effect), se, alpha)
    ratio, critical = abs(effect) / se, float(ndtri(1 - alpha / 2))
    density = sum(math.exp(-((ratio + side * critical) ** 2) / 2) for side in (1, -1)) / math.sqrt(2 * math.pi)
    power = right + wrong
    return power, wrong / power, (ratio * (right - wrong) + density) / power / ratio


def _normal_tails(effect: float, se: float, alpha: float) -> tuple[float, float]:
    """Return the probabilities to reject upward and downward at a two-sided level."""
    if se <= 0:
        raise ValueError(f"se must be above 0, but is {se}")
    _check_alpha(alpha)
    critical = ndtri(1 - alpha / 2)
    return float(ndtr(effect / se - critical)), float(ndtr(-effect / se - critical))


def _check_alpha(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must be above 0 and below 1, but is {alpha}")


def _t_power(noncentrality: float, df: int, alpha: float, sides: int) -> float:
    """Return the probability that a noncentral t is beyond its critical value."""
    _check_alpha(alpha)
    critical = stdtrit(df, 1 - alpha / sides)

    def beyond(noncentrality: float) -> float:
        found = 1 - float(nctdtr(df, noncentrality, critical))
        # Where one of the tails is nothing, scipy can give NaN.
        return float(noncentrality > 0) if math.isnan(found) else found

    return beyond(noncentrality) + (beyond(-noncentrality) if sides == 2 else 0.0)
