"""Who gets what when is left to chance: the schemes that draw the order of treatments and the day of the switch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from n1trial.design.assignment import Assignment

SCHEMES: tuple[str, ...] = ("pairs", "alternating", "counterbalanced", "blocks", "balanced", "constrained", "fixed")

MAX_CYCLES = 26
"""Most cycles of a randomization: every count of orders is then a 64-bit whole number, with room to spare."""


@dataclass(frozen=True)
class Randomization:
    """A randomization scheme with its settings.

    All orders that a scheme admits are equally likely, and so are all switches of a cycle.

    Parameters
    ----------
    scheme : {"pairs", "alternating", "counterbalanced", "blocks", "balanced", "constrained", "fixed"}
        ``pairs``: each cycle by a fair coin; ``alternating``: the first cycle by a coin, the rest the same;
        ``counterbalanced``: the first by a coin, each later one the reverse of the one before; ``blocks``: any order
        with equal numbers in each block of cycles; ``balanced``: any order with equal numbers; ``constrained``: of
        these, the ones without long runs of one treatment; ``fixed``: a stated sequence.
    cycles : int
        Pairs of periods, 1 to 26.
    block_cycles : int, optional
        Cycles in a block, a divisor of `cycles`; read by ``blocks`` alone.
    max_run : int, optional
        Most periods in a row on one treatment, 1 or more; read by ``constrained`` alone.
    sequence : str, optional
        A letter a period, A for the drug and B for the control, equal numbers; read by ``fixed`` alone.
    jitter_days : int
        Most days by which the switch within a cycle is moved, 0 or more; above 0 only where every cycle holds both
        treatments.
    jitter_step_days : int
        The switch moves by multiples of this many days, 1 or more.

    Raises
    ------
    ValueError
        If an argument is outside its range or missing where the scheme needs it.
    """

    scheme: str
    cycles: int
    block_cycles: int | None = None
    max_run: int | None = None
    sequence: str | None = None
    jitter_days: int = 0
    jitter_step_days: int = 7

    def __post_init__(self) -> None:
        whole, block, letters = self.cycles, self.block_cycles, self.sequence or ""
        rules = (
            (self.scheme in SCHEMES, "scheme", f"one of {', '.join(SCHEMES)}", self.scheme),
            (1 <= whole <= MAX_CYCLES, "cycles", f"1 to {MAX_CYCLES}", whole),
            (self.scheme != "blocks" or (block is not None and block >= 1 and whole % block == 0),
             "block_cycles", f"a divisor of the {whole} cycles", block),
            (self.scheme != "constrained" or (self.max_run is not None and self.max_run >= 1),
             "max_run", "1 or more", self.max_run),
            (self.scheme != "fixed" or sorted(letters) == ["A"] * whole + ["B"] * whole,
             "sequence", f"made of {whole} A and {whole} B", self.sequence),
            (self.jitter_days >= 0, "jitter_days", "0 or more", self.jitter_days),
            (self.jitter_days <= 0 or self.holds_both,
             "jitter_days", f"0 where a cycle need not hold both treatments ({self.scheme})", self.jitter_days),
            (self.jitter_step_days >= 1, "jitter_step_days", "1 or more", self.jitter_step_days),
        )  # fmt: skip
        for holds, argument, rule, value in rules:
            if not holds:
                raise ValueError(f"{argument} must be {rule}, not {value!r}")

    @property
    def holds_both(self) -> bool:
        """Whether every cycle holds both treatments by the rule of the scheme, or by the fixed sequence."""
        if self.scheme == "fixed" and self.sequence is not None:
            return all(first != second for first, second in zip(self.sequence[::2], self.sequence[1::2], strict=True))
        return self.scheme in ("pairs", "alternating", "counterbalanced")

    @property
    def switches(self) -> tuple[int, ...]:
        """Days by which a switch can be moved, ascending; (0,) without a random switch."""
        steps = self.jitter_days // self.jitter_step_days
        return tuple(step * self.jitter_step_days for step in range(-steps, steps + 1))

    @property
    def orders(self) -> int:
        """Number of admissible orders."""
        return int(self._completions[0, 0, 0])

    @property
    def assignments(self) -> int:
        """Number of admissible assignments: orders times switches."""
        switchings: int = len(self.switches) ** self.cycles
        return self.orders * switchings

    def order(self, rank: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Find admissible orders by their place in the alphabetical list of all (A, the drug, before B).

        Parameters
        ----------
        rank : ndarray of int, shape (replicate,)
            Places in the list, from 0 to `orders` − 1.

        Returns
        -------
        ndarray of bool, shape (period, replicate)
            True where the period is on the drug.

        Raises
        ------
        ValueError
            If a rank is not in the list.
        """
        rest = np.array(rank, dtype=np.int64)
        if rest.size and not (rest.min() >= 0 and rest.max() < self.orders):
            raise ValueError(f"rank must be 0 to {self.orders - 1}, not {rest.min()} to {rest.max()}")
        order = np.empty((2 * self.cycles, rest.size), dtype=np.bool_)
        balance = run = np.zeros(rest.size, dtype=np.int64)
        for on_drug, completions in zip(order, self._completions[1:], strict=True):
            with_drug = completions[_after(balance, run, True)]
            np.less(rest, with_drug, out=on_drug)
            rest -= np.where(on_drug, 0, with_drug)
            balance, run = _after(balance, run, on_drug)
        return order

    def draw(
        self, order_generator: np.random.Generator, switch_generator: np.random.Generator, size: int
    ) -> Assignment:
        """Draw assignments, every admissible one equally likely.

        Parameters
        ----------
        order_generator, switch_generator : numpy.random.Generator
            Of the first one row of ranks is drawn; of the second, given a random switch, one row a cycle.
        size : int
            Number of replicates, 0 or more.

        Returns
        -------
        Assignment
            Of `size` replicates.
        """
        rank = order_generator.integers(0, self.orders, size)
        switch = np.zeros((self.cycles, size), dtype=np.int64)
        if len(self.switches) > 1:
            for row in switch:
                row[:] = switch_generator.integers(0, len(self.switches), size)
        return self._assignment(rank, switch)

    def enumerate(self, chunk: int = 4096) -> Iterator[Assignment]:
        """Go through all admissible assignments, each once, without ever holding more than a chunk of them.

        Parameters
        ----------
        chunk : int
            Most assignments at a time, 1 or more.

        Yields
        ------
        Assignment
            The next assignments as replicates, up to `chunk` of them; switches change fastest.
        """
        if chunk < 1:
            raise ValueError(f"chunk must be 1 or more, not {chunk}")
        base = len(self.switches)
        for start in range(0, self.assignments, chunk):
            # Digits of start + 0, 1, ...: the start can be beyond 64 bits, what is carried never is.
            rest, carried = start, np.arange(min(chunk, self.assignments - start))
            switch = np.empty((self.cycles, carried.size), dtype=np.int64)
            for row in switch[::-1]:
                rest, digit = divmod(rest, base)
                carried, row[:] = np.divmod(carried + digit, base)
            yield self._assignment(rest + carried, switch)

    def smallest_p(self, sides: int) -> float | None:
        """Return the smallest p-value that the randomization test can reach.

        Parameters
        ----------
        sides : {1, 2}
            Sides of the test; the two-sided p-value is twice the smaller of the one-sided ones.

        Returns
        -------
        float or None
            At most 1; None where nothing is left to chance, so that there is no randomization test.
        """
        if self.assignments == 1:
            return None
        return sides / self.assignments

    def _assignment(self, rank: NDArray[np.int64], switch: NDArray[np.int64]) -> Assignment:
        """Make an assignment of orders by rank, with switches by their place in `switches`."""
        return Assignment(self.order(rank), np.array(self.switches, dtype=np.int16)[switch])

    @cached_property
    def _completions(self) -> NDArray[np.int64]:
        """Admissible ways to go on, by periods given, balance and run; below zero these two count from the end."""
        most = self.cycles + 1
        signed = np.r_[0 : most + 1, -most:0]
        balance, run = signed[:, np.newaxis], signed[np.newaxis, :]
        ways = np.zeros((2 * self.cycles + 1, signed.size, signed.size), dtype=np.int64)
        ways[-1] = self._admits(2 * self.cycles, balance, run)
        for period in reversed(range(2 * self.cycles)):
            going_on = ways[period + 1][_after(balance, run, True)] + ways[period + 1][_after(balance, run, False)]
            ways[period] = np.where(self._admits(period, balance, run), going_on, 0)
        return ways

    def _admits(self, period: int, balance: NDArray[np.int64], run: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the scheme admits that balance and that run after so many periods."""
        admits: NDArray[np.bool_] = np.abs(balance) <= -period % self._block_periods
        match self.scheme:
            case "alternating":
                admits = admits & (np.abs(run) <= 1)
            case "counterbalanced" if period > 1 and period % 2 == 1:
                admits = admits & (np.abs(run) == 2)
            case "constrained" if self.max_run is not None:
                admits = admits & (np.abs(run) <= self.max_run)
            case "fixed" if self.sequence is not None and period > 0:
                admits = admits & ((run > 0) == (self.sequence[period - 1] == "A"))
        return admits

    @property
    def _block_periods(self) -> int:
        """Periods after which the treatments must have been given equally often."""
        if self.scheme == "blocks" and self.block_cycles is not None:
            return 2 * self.block_cycles
        return 2 if self.scheme in ("pairs", "alternating", "counterbalanced") else 2 * self.cycles


def _after(
    balance: NDArray[np.int64], run: NDArray[np.int64], on_drug: NDArray[np.bool_] | bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Move balance (drug minus control periods) and run (equal ones in a row, below zero on control) one period on."""
    after_run = np.where(on_drug, np.maximum(run, 0) + 1, np.minimum(run, 0) - 1)
    return balance + np.where(on_drug, 1, -1), after_run
