"""Why a design is recommended, or none: sentences for a clinician, trials in hundreds."""

from __future__ import annotations

from n1trial.evaluation.screening.candidate import SCREENED_METHODS
from n1trial.evaluation.verdict import LIKELY
from n1trial.report.rates import in_100
from n1trial.report.words import points
from n1trial.study.run.bounds import COURSE
from n1trial.study.search.requirements import Way
from n1trial.study.search.result import FinalDesign, SearchResult
from n1trial.wording import join_words


def reason(result: SearchResult) -> str:
    """Say in a few sentences what a search comes to; first that its trials are too few to go by, where they are."""
    said = " ".join([_comes_to(result), *_another_analysis(result)])
    if not result.is_few:
        return said
    trials = result.scenario.simulation.replicates
    return f"By too few simulated trials to go by ({trials} of each design): {said[0].lower()}{said[1:]}"


def _comes_to(result: SearchResult) -> str:
    if not result.designs:
        return " ".join([_why_none(result), *_needs(result)])
    strongest = max(result.designs, key=lambda design: design.detect.value or 0.0)
    if result.recommended is None:
        sentence = (
            f"No design within the limits is likely to answer: the strongest, of {strongest.weeks:g} weeks, shows the"
            f" effect in {in_100(strongest.detect.value)} trials."
        )
        return " ".join([sentence, *_doubt(result, strongest), *_mostly_inflated(result), *_needs(result)])
    chosen = result.designs[result.recommended]
    shown = f"it shows the effect in {in_100(chosen.detect.value)} trials, in {chosen.weeks:g} weeks"
    if result.kind in ("good", "unsure"):
        sentence = f"The lightest design found that has a good chance of a clear answer{_how_sure(result)}: {shown}."
        more = (strongest.detect.value or 0.0) - (chosen.detect.value or 0.0)
        if strongest is not chosen and more > 0:
            sentence += f" The strongest shows it in {in_100(strongest.detect.value)}, in {strongest.weeks:g} weeks."
        return " ".join([sentence, *_doubt(result, chosen)])
    first = "No design within the limits has a good chance of a clear answer. This one comes nearest"
    if strongest is not chosen:
        first += f" for its weeks (the strongest: {in_100(strongest.detect.value)}, in {strongest.weeks:g} weeks)"
    return " ".join([f"{first}: {shown}.", *_doubt(result, chosen), *_needs(result)])


def what_it_depends_on(result: SearchResult, design: FinalDesign) -> str:
    """Name what is not known and leads to another answer, within a sentence; empty where nothing is."""
    words = [
        "how fast it acts and fades" if name == COURSE else result.scenario.label(name) for name in design.depends_on
    ]
    return join_words(words)


def _doubt(result: SearchResult, design: FinalDesign) -> list[str]:
    on = what_it_depends_on(result, design)
    return [f"This depends on {on}, which is not known."] if on else []


def _how_sure(result: SearchResult) -> str:
    """Say by which trials the chance is good, where that makes a difference."""
    if result.kind == "unsure":
        return " in these trials, though not in those by which it was chosen"
    lighter = result.designs[: result.recommended]
    is_near = any((design.detect.value or 0.0) >= LIKELY for design in lighter)
    return " both in these trials and in those by which it was chosen" if is_near else ""


def _another_analysis(result: SearchResult) -> list[str]:
    """Say that no design is analyzed as the plan is, where a search cannot try its analysis."""
    primary = result.present.candidate.method
    if primary in SCREENED_METHODS:
        return []
    tried = list(dict.fromkeys(one.candidate.method for one in result.screened))
    return [
        f"The search cannot try {primary}, the plan's analysis: it judges designs by closed forms, and {primary} has"
        f" none. Its designs are analyzed by {'one of ' if len(tried) > 1 else ''}{join_words(tried)}, and with"
        f" {primary}"
        f" might show the effect more or less often. The plan as it is now is simulated with {primary}. To compare"
        f" designs with {primary}, use n1trial sweep."
    ]


def _why_none(result: SearchResult) -> str:
    if result.inflated is None:
        return "No design within the limits shows the effect more often than chance would."
    strongest = f"shown in {in_100(result.inflated.detect)} trials, a false alarm in {in_100(result.inflated.type_1)}"
    return (
        "No design within the limits can be relied on: those that show the effect raise more false alarms than agreed"
        f" (the strongest: {strongest}"
        " if the drug did nothing). Something else differs between the periods, as when patients know what they take."
    )


def _mostly_inflated(result: SearchResult) -> list[str]:
    """Say where most designs had to be left out."""
    counts, blinding = result.counts, result.scenario.blinding
    if result.inflated is None or counts.inflated <= counts.screened / 2:
        return []
    cause = ", as happens where patients can tell what they take" if blinding.leak or blinding.side_effect else ""
    return [
        f"Most designs ({counts.inflated:,} of {counts.screened:,}) had to be left out, because they raise more false"
        f" alarms than agreed{cause}."
    ]


def _needs(result: SearchResult) -> list[str]:
    """Say what it would take, and what would not do."""
    enough = [_in_words(result, way) for way in result.needs if way.is_enough]
    near = [_in_words(result, way) for way in result.needs if not way.is_enough and way.detect >= LIKELY]
    short = [_in_words(result, way) for way in result.needs if way.detect < LIKELY]
    told = []
    if enough:
        told.append(f"A good chance would take {'; or '.join(enough)}.")
    if near:
        told.append(f"Perhaps enough, too near to tell: {'; or '.join(near)}.")
    if short:
        told.append(f"{'Not' if enough else 'What would not do'}{' enough' if enough else ''}: {'; '.join(short)}.")
    return told


def _gains_nothing(result: SearchResult, way: Way) -> bool:
    """Whether a way is more weeks and shows no more than the strongest design does.

    More weeks hold the designs of fewer; where they show less, other trials were counted.
    """
    return way.name == "weeks" and way.detect <= max((one.detect.value or 0.0 for one in result.designs), default=0.0)


def _in_words(result: SearchResult, way: Way) -> str:
    seen = "no more than within the limits" if _gains_nothing(result, way) else in_100(way.detect)
    treatment = result.scenario.treatment
    match way.name:
        case "weeks":
            text = f"up to {way.value:g} weeks" if not way.is_enough else f"{way.weeks:g} weeks"
        case "effect":
            text = f"an effect of {points(way.value, result.scenario.outcome.unit)}"
        case "faster":
            days = f"{way.value * treatment.onset_days:.3g} and {way.value * treatment.offset_days:.3g} days"
            text = (
                f"a drug that acts and fades in {days}, not in {treatment.onset_days:g} and {treatment.offset_days:g}"
                if way.value
                else "a drug that acts and fades at once"
            )
        case "blinded":
            text = "patients never finding out what they take"
        case _:
            text = "nobody stopping early"
    return f"{text} ({seen})"
