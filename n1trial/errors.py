"""The few kinds of error a user can meet, each with the exit code that the commands end with."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from n1trial.texts import visible
from n1trial.wording import Finding


class N1trialError(Exception):
    """Base of every error that a user reads in plain words, without a traceback; nothing in these words is hidden.

    Examples
    --------
    >>> import n1trial
    >>> issubclass(n1trial.InputError, n1trial.N1trialError)
    True
    """

    exit_code = 3

    def __init__(self, words: str | Finding | Iterable[str | Finding] = "") -> None:
        self.findings = (words,) if isinstance(words, str | Finding) else tuple(words)
        super().__init__(self.in_words())

    def in_words(self, name_of: Callable[[str], str] = str) -> str:
        """Word the error with arguments named as in Python, or as `name_of` has them: options, in a command."""
        words = (each if isinstance(each, str) else each.in_words(name_of) for each in self.findings)
        return "\n".join(map(visible, words))


class InputError(N1trialError):
    """Error in what a user gave; one error names all faults.

    Parameters
    ----------
    faults : str, Finding or iterable of these
        One a fault, each naming the place, the rule and the value given.

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

    def __init__(self, faults: str | Finding | Iterable[str | Finding]) -> None:
        super().__init__(faults)
        self.faults: tuple[str, ...] = tuple(visible(str(each)) for each in self.findings)

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[str | Finding, ...]]]:
        return InputError, (self.findings,)


class RunError(N1trialError):
    """Error of a run that could not be finished, for a reason that is not in the user's input."""

    exit_code = 3


class WorkersError(RunError):
    """Error of workers that could not do the work; what was finished before is as it was."""
