"""The few kinds of error a user can meet, each with the exit code that the commands end with."""

from __future__ import annotations

from collections.abc import Iterable

from n1trial.texts import visible


class N1trialError(Exception):
    """Base of every error that a user reads in plain words, without a traceback; nothing in these words is hidden.

    Examples
    --------
    >>> import n1trial
    >>> issubclass(n1trial.InputError, n1trial.N1trialError)
    True
    """

    exit_code = 3

    def __init__(self, words: str = "") -> None:
        super().__init__(visible(words))


class InputError(N1trialError):
    """Error in what a user gave; one error names all faults.

    Parameters
    ----------
    faults : str or iterable of str
        One sentence a fault, each naming the place, the rule and the value given.

    Attributes
    ----------
    faults : tuple of str
        The faults, in the order in which a reader meets them.

    Examples
    --------
    >>> import n1trial
    >>> try:
    ...     n1trial.Plan(alpha=2)
    ... except n1trial.InputError as error:
    ...     error.faults
    ('alpha: must be a number above 0 and below 1, and is 2',)
    """

    exit_code = 2

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults: tuple[str, ...] = tuple(map(visible, (faults,) if isinstance(faults, str) else faults))
        super().__init__("\n".join(self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[str, ...]]]:
        return InputError, (self.faults,)


class RunError(N1trialError):
    """Error of a run that could not be finished, for a reason that is not in the user's input."""

    exit_code = 3


class WorkersError(RunError):
    """Error of workers that could not do the work; what was finished before is as it was."""
