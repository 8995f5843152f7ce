"""What is said of secondary outcomes: means and intervals, described and not tested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from n1trial.evaluation.secondary.result import SecondaryResult


def secondary_in_words(results: Sequence[SecondaryResult], names: tuple[str, str]) -> Iterator[str]:
    """Yield what the results are worth, and a sentence on each; nothing without any.

    Parameters
    ----------
    results : sequence of SecondaryResult
        Of one diary.
    names : tuple of str
        Of the treatment and its control.
    """
    if not results:
        return
    yield not_tested(len(results))
    for result in results:
        means = ", ".join(
            "none" if value is None else f"mean {value:.1f} on {name} ({count})"
            for value, count, name in zip(
                (result.mean_drug, result.mean_control), (result.n_drug, result.n_control), names, strict=True
            )
            if count
        )
        yield f"{result.name} ({result.better} is better): {means or 'no entries'}; {_difference(result)}."


def not_tested(count: int) -> str:
    """Say what intervals of so many secondary outcomes are worth."""
    if count == 1:
        return "The further outcome is described and not tested: nothing is decided by it."
    return (
        "Further outcomes are described and not tested: nothing is decided by them. No interval is adjusted for there"
        f" being {count} of them, so that one or another excludes no difference by chance."
    )


def _difference(result: SecondaryResult) -> str:
    if result.difference is None:
        return f"{result.method} gives no answer: {result.status.replace('_', ' ')}"
    ends = ["none" if end is None else f"{end:+.2f}" for end in (result.low, result.high)]
    return f"difference by {result.method} {result.difference:+.2f}, interval {ends[0]} to {ends[1]}"
