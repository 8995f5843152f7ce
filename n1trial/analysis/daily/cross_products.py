"""What autocorrelated noise needs to know of a diary: sums over neighboring entries, by their distance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from n1trial.analysis.period_means import total
from n1trial.arrays import Floats


@dataclass(frozen=True, eq=False)
class WhitenedProducts:
    """Products of columns and stretch indicators through the inverse of an AR(1) correlation matrix R.

    Attributes
    ----------
    products : ndarray of float, shape (column, column, replicate)
        W'R⁻¹W of the columns W, the intercept first; only from the diagonal to the right of it.
    with_stretch : ndarray of float, shape (stretch, column, replicate)
        Z'R⁻¹W of the stretch indicators Z.
    within_stretch, between_stretches : ndarray of float, shape (stretch, replicate) and (stretch − 1, replicate)
        Diagonal of Z'R⁻¹Z and the one beside it; all else is 0.
    log_determinant : ndarray of float, shape (replicate,)
        log|R|.
    """

    products: Floats
    with_stretch: Floats
    within_stretch: Floats
    between_stretches: Floats
    log_determinant: Floats


@dataclass(frozen=True, eq=False)
class CrossProducts:
    """Sums over the entries and over pairs of neighboring entries, gathered once for all autocorrelations.

    With ρ = φ^gap for the pair of an entry i and the next one j, R⁻¹ gives columns a and b the product

        Σ aᵢbᵢ + Σ_pairs [ρ²/(1 − ρ²)·(aᵢbᵢ + aⱼbⱼ) − ρ/(1 − ρ²)·(aᵢbⱼ + aⱼbᵢ)]

    and where a is the indicator of a stretch that holds the pair, this is Σ bᵢ − Σ_pairs ρ/(1 + ρ)·(bᵢ + bⱼ). Only
    the sums depend on the diary. Pairs within a stretch are summed by their gap; of the pairs that join two stretches
    there is one for each two that follow each other, and it is kept as it is. Stretches without entries come last.

    Attributes
    ----------
    of_entries : ndarray of float, shape (pair of columns, replicate)
        Σ aᵢbᵢ; pairs of columns but the intercept, in the order of `pairs_of`.
    of_stretch : ndarray of float, shape (stretch, column, replicate)
        Σ bᵢ over each stretch; the intercept, column 0, counts its entries.
    gap_days : ndarray of float, shape (gap,)
        Every distance of neighbors within a stretch.
    alike, products : ndarray of float, shape (gap, pair of columns, replicate)
        Σ(aᵢbᵢ + aⱼbⱼ) and Σ(aᵢbⱼ + aⱼbᵢ) over neighbors within a stretch.
    in_stretch : ndarray of float, shape (gap, stretch, column, replicate)
        Σ(bᵢ + bⱼ) over neighbors within a stretch.
    join_days : ndarray of float, shape (stretch − 1, replicate)
        Days from the last entry of a stretch to the first of the next; infinite where there is none.
    last, first : ndarray of float, shape (stretch − 1, column, replicate)
        Values at these two entries.
    """

    of_entries: Floats
    of_stretch: Floats
    gap_days: Floats
    alike: Floats
    products: Floats
    in_stretch: Floats
    join_days: Floats
    last: Floats
    first: Floats

    def whiten(self, autocorrelation: float) -> WhitenedProducts:
        """Multiply columns through the inverse of the correlation matrix, for an autocorrelation in [0, 1)."""
        columns = self.of_stretch.shape[1]
        products, with_stretch = self.of_entries.copy(), self.of_stretch.copy()
        log_determinant = np.zeros(products.shape[-1])
        for gap, days in enumerate(self.gap_days.tolist()):
            rho = autocorrelation**days
            with_stretch -= rho / (1 + rho) * self.in_stretch[gap]
            products += (rho / (1 - rho**2)) * (rho * self.alike[gap] - self.products[gap])
            log_determinant += np.log1p(-(rho**2)) / 2 * total(self.in_stretch[gap, :, 0])
        within_stretch = with_stretch[:, 0].copy()

        rho = autocorrelation**self.join_days
        cross = rho / (1 - rho**2)
        square = rho * cross
        log_determinant += total(np.log1p(-(rho**2)))
        within_stretch[:-1] += square
        within_stretch[1:] += square
        with_stretch[:-1] += square[:, np.newaxis] * self.last - cross[:, np.newaxis] * self.first
        with_stretch[1:] += square[:, np.newaxis] * self.first - cross[:, np.newaxis] * self.last
        full = np.zeros((columns, *with_stretch.shape[1:]))
        full[0] = total(with_stretch)
        for row, (a, b) in enumerate(pairs_of(columns)):
            alike = self.last[:, a] * self.last[:, b] + self.first[:, a] * self.first[:, b]
            crossed = self.last[:, a] * self.first[:, b] + self.first[:, a] * self.last[:, b]
            full[a, b] = products[row] + total(square * alike - cross * crossed)
        return WhitenedProducts(full, with_stretch, within_stretch, -cross, log_determinant)


def pairs_of(columns: int) -> list[tuple[int, int]]:
    """List the pairs of columns but the intercept, each with itself and with those after it."""
    return list(combinations_with_replacement(range(1, columns), 2))
