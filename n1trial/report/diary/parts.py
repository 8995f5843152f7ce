"""What the analyses of one diary conclude: the answer, the decision, the figures and the remarks, each by itself."""

from __future__ import annotations

from dataclasses import dataclass

NO_PLAN = "Nothing says which of these analyses was fixed in advance, so none decides."
EXPLAINED = "What they are"


@dataclass(frozen=True)
class DiaryAnswer:
    """Answer of one analysis.

    Attributes
    ----------
    method : str
    sentences : tuple of str
        The difference and its interval; none where there is no answer.
    outcome : str
        Whether a difference is shown, or that there is no answer.
    advice : str
        What is to be said beside it; mostly empty.
    """

    method: str
    sentences: tuple[str, ...]
    outcome: str
    advice: str

    @property
    def in_words(self) -> str:
        """All of it."""
        return " ".join(part for part in (*self.sentences, self.outcome, self.advice) if part)


@dataclass(frozen=True)
class AnalysisRow:
    """Figures of an analysis, as they are written.

    Attributes
    ----------
    analysis : str
        A method, or the assumptions under which the one before is made again.
    is_variant : bool
        Whether it is the latter.
    role : str
        What it is beside the others; empty where nothing is to be said.
    difference, interval, p, entries : str
    gap : str
        Why there are no figures; empty where there are.
    ends : tuple of float or None
        Ends of the interval with the difference between them; None where there are no figures.
    """

    analysis: str
    is_variant: bool
    role: str
    difference: str = ""
    interval: str = ""
    p: str = ""
    entries: str = ""
    gap: str = ""
    ends: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Conclusions:
    """Conclusions from a diary.

    Attributes
    ----------
    entries : str
        What was analyzed.
    notes, changes : tuple of str
        What is to be known of the file, and settings that are not as planned.
    answer : DiaryAnswer
        Of the first analysis.
    decision : str
        What the plan's rule says; empty without a plan, and then nothing decides.
    heads : tuple of str
        Of the figures: analysis, difference, interval, p, entries.
    rows : tuple of AnalysisRow
    remarks : tuple of str
        What must be said beside the figures.
    methods : tuple of (str, str)
        What each analysis is.
    """

    entries: str
    notes: tuple[str, ...]
    changes: tuple[str, ...]
    answer: DiaryAnswer
    decision: str
    heads: tuple[str, str, str, str, str]
    rows: tuple[AnalysisRow, ...]
    remarks: tuple[str, ...]
    methods: tuple[tuple[str, str], ...]

    @property
    def basis(self) -> tuple[tuple[str, str], ...]:
        """What it rests on, a text each with its label."""
        return (
            ("Diary", self.entries),
            *(("Note", note) for note in self.notes),
            *(("Not as planned", sentence) for sentence in self.changes),
        )
