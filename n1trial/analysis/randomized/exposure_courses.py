"""Exposures of all assignments, made of the few courses that exposure can take within a cycle.

Within a cycle exposure is b + s·r: what builds up from none, and what remains of the exposure s on the eve of the
cycle. As b and r are alike in all cycles of a kind, a diary enters by sums over the days of each cycle and kind, which
sparse matrices spread over the assignments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from n1trial.analysis.period_means import total
from n1trial.analysis.randomized.statistic import cycle_kinds, sums_by_cycle
from n1trial.analysis.randomized.working_covariance import Neighbors, WorkingCovariance
from n1trial.arrays import Flags, Floats, Integers
from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.exposure import course, step_share


@dataclass(frozen=True, eq=False)
class ExposureCourses:
    """The exposures of a list of assignments on the blinded days.

    Attributes
    ----------
    of_cycle : ndarray of float, shape (course, day of cycle)
        b of every kind of cycle, then r of every kind.
    linear : sparse array, shape (assignment, cycle × course)
        What each assignment's exposure has of every course.
    square_terms : sparse array, shape (assignment, cycle × (b², 2br, r²) × kind)
        The same of its square within cycles.
    cycles, days : int
        Cycles, and blinded days.
    """

    of_cycle: Floats
    linear: csr_array[np.float64]
    square_terms: csr_array[np.float64]
    cycles: int
    days: int

    @classmethod
    def of(cls, layout: Layout, assignments: Assignment, onset_days: float, offset_days: float) -> ExposureCourses:
        """Find the exposures of a layout's assignments under assumed time constants."""
        kinds = cycle_kinds(layout, assignments)
        rise, fall = step_share(onset_days), step_share(offset_days)
        built = course(kinds.on_drug, onset_days, offset_days)
        remaining = np.multiply.accumulate(np.where(kinds.on_drug, 1.0 - rise, 1.0 - fall))
        start = np.zeros(kinds.of_cycle.shape)
        for cycle, kind in enumerate(kinds.of_cycle[:-1]):
            start[cycle + 1] = built[-1, kind] + remaining[-1, kind] * start[cycle]
        powers = start ** np.arange(3)[:, np.newaxis, np.newaxis]
        return cls(
            np.concatenate([built, remaining], axis=1).T.copy(),
            _spread(powers[:2], kinds.of_cycle, built.shape[1]),
            _spread(powers, kinds.of_cycle, built.shape[1]),
            layout.cycles,
            layout.treated_days,
        )

    def products(self, values: Floats) -> Floats:
        """Multiply each exposure with values (day, replicate) of all blinded days. Shape (assignment, replicate)."""
        return _times(self.linear, sums_by_cycle(self.of_cycle, values).reshape(-1, values.shape[1]))

    def squares(self, covariance: WorkingCovariance) -> tuple[Floats, Floats]:
        """Return x̃ᵀR⁻¹x̃ of each exposure x̃, and what level and stretches take of it. Shape (assignment, replicate)."""
        neighbors = covariance.neighbors.since(covariance.days - self.days)
        is_join = self._is_join(neighbors)
        whole = _times(self.square_terms, self._within_cycles(neighbors, is_join))
        for cycle in range(1, self.cycles):
            whole += _times(self.linear, self._join(neighbors, is_join, cycle)) ** 2
        taken = np.zeros_like(whole)
        for part in self._onto_fixed(covariance):
            taken += _times(self.linear, part) ** 2
        return whole, taken

    def _part(self, cycle: int) -> slice:
        """Return the blinded days of a cycle, up to the eve of the next."""
        days = self.of_cycle.shape[1]
        return slice(cycle * days, min((cycle + 1) * days, self.days))

    def _is_join(self, neighbors: Neighbors) -> Flags:
        """Whether the written day before each day is of an earlier cycle. Shape (day, replicate)."""
        first_day = np.arange(self.days) // self.of_cycle.shape[1] * self.of_cycle.shape[1]
        is_join: Flags = (neighbors.link > 0) & (neighbors.before < first_day[:, np.newaxis])
        return is_join

    def _within_cycles(self, neighbors: Neighbors, is_join: Flags) -> Floats:
        """Sum squares of the whitened courses, but for the days that join cycles. (column, replicate)."""
        parts = []
        for cycle in range(self.cycles):
            part = self._part(cycle)
            values = self.of_cycle.T[: part.stop - part.start]
            before = np.maximum(neighbors.before[part] - part.start, 0)
            white = values[:, np.newaxis] - neighbors.link[part][:, :, np.newaxis] * values[before]
            white *= (neighbors.scale[part] * ~is_join[part])[:, :, np.newaxis]
            built, remaining = np.split(white, 2, axis=2)
            parts += [total(built**2), 2 * total(built * remaining), total(remaining**2)]
        return np.concatenate(parts, axis=1).T.copy()

    def _join(self, neighbors: Neighbors, is_join: Flags, cycle: int) -> Floats:
        """Compute the whitened courses on the day that joins a cycle to an earlier one. (course, replicate)."""
        day, replicate = is_join[self._part(cycle)].argmax(axis=0), np.arange(is_join.shape[1])
        row = self._part(cycle).start + day
        scale = neighbors.scale[row, replicate] * is_join[row, replicate]
        earlier, day_before = np.divmod(neighbors.before[row, replicate], self.of_cycle.shape[1])
        white = np.zeros((self.cycles, len(self.of_cycle), replicate.size))
        white[cycle] = scale * self.of_cycle[:, day]
        white[earlier, :, replicate] -= (scale * neighbors.link[row, replicate] * self.of_cycle[:, day_before]).T
        return white.reshape(-1, replicate.size)

    def _onto_fixed(self, covariance: WorkingCovariance) -> Floats:
        """Multiply the courses with what is projected out. Shape (column, cycle × course, replicate)."""
        inverse = covariance.inverse_fixed[:, :, covariance.days - self.days :]
        of_cycle = (inverse[:, :, self._part(cycle)] for cycle in range(self.cycles))
        onto = np.concatenate([each @ self.of_cycle[:, : each.shape[2]].T for each in of_cycle], axis=2)
        return np.ascontiguousarray((covariance.root @ onto).transpose(1, 2, 0))


def _spread(powers: Floats, kind: Integers, kinds: int) -> csr_array[np.float64]:
    """Set powers (power, cycle, assignment) of what a cycle starts with in the columns of its kind."""
    shape = powers.shape
    cycle, power = np.arange(shape[1]), np.arange(shape[0])[:, np.newaxis]
    column = ((cycle * shape[0] + power) * kinds)[:, :, np.newaxis] + kind
    rows = np.arange(shape[2] + 1) * (shape[0] * shape[1])
    return csr_array(
        (powers.reshape(-1, shape[2]).T.ravel(), column.reshape(-1, shape[2]).T.ravel(), rows),
        shape=(shape[2], shape[0] * shape[1] * kinds),
    )


def _times(spread: csr_array[np.float64], values: Floats) -> Floats:
    """Spread values (column, replicate) over the assignments."""
    return np.asarray(spread @ values, dtype=np.float64)
