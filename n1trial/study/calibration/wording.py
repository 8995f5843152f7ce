"""All words of what a diary says of a patient: notes on its numbers, which stand in the scenario, and remarks."""

from __future__ import annotations

from n1trial.wording import fill

FEW = "From {entries} entries of the patient's own diary"
WORDS = {
    "entries": f"{FEW}.",
    "few_entries": f"{FEW}, which are too few to tell it.",
    "daily_as_well": f"{FEW}, which do not tell it from daily ups and downs.",
    "effect_as_shifts": f"{FEW}, in which an effect of the drug would count as shifts.",
    "trend_unsure": (
        f"{FEW}, too few to tell how it goes on; the range moves the level by one SD over the trial at most."
    ),
    "since_run_in": f"{FEW}: run-in against blinded days, whatever changed between them.",
    "no_trend": "The diary does not tell it.",
    "no_range": "As {scenario:s} has it, without a range.",
    "believed_range": "The diary has too few periods to tell; the range is as {scenario:s} holds believable.",
    "usual_range": "The diary has too few periods to tell; the range is a belief: half a daily SD at most.",
    "placebo_doubt": (
        "How far this patient's own placebo response, as told, is usually off (its standard error): doubt to plan "
        "with. How much the response differs from trial to trial, one diary cannot tell."
    ),
    "short_diary": "{missing} of {days} days without an entry; a short diary is kept better than a long one.",
    "outside_gaps": "{missing} of {days} days outside of gaps without an entry.",
    "no_gap": "No gap of {shortest} days or more that chance would not make.",
    "gaps": "Gaps of {lengths:s} days.",
    "doses": "{taken} of {due} doses that are written about were taken.",
    "within_range": "Within the range that the diary leaves; why it is not known stands in its [[unsettled]] table.",
    "citation_run-in": "The patient's own run-in, {entries} entries on {days} days",
    "citation_blinded": "The patient's own blinded trial diary, {entries} entries on {days} days",
    "citation_finished": "The patient's own trial diary, {entries} entries on {days} days",
    "reported": "How this patient's score goes up and down, and how the diary was kept.",
    "source_note": (
        "The effect planned for and how fast the drug acts are no data of this diary but assumptions, as in "
        "{scenario:s}{origin:s}. Values without evidence of status own-data are those of {scenario:s} too, or say why "
        "they are not."
    ),
    "another_calendar": "The diary was not kept on the scenario's calendar: shifts are told between its own periods.",
    "run-in": (
        "Patients often begin when they are worse than usual: the level of a run-in is then too bad, and gets better "
        "by itself. That is not corrected here."
    ),
    "blinded": (
        "Which days were on the drug is not known: an effect of the drug counts as shifts between stretches of the "
        "calendar, which may therefore be smaller in truth."
    ),
    "finished": "The drug's effect was taken out and is not told here: that is what the analysis is for.",
    "triggers": "What triggers do ({names:listed}) is part of the diary's ups and downs; their effects are set to 0.",
    "at_an_end": (
        "{share:.0%} of the entries stand at {end:g}, the end of the scale: the ups and downs beyond it are cut off, "
        "so that they are larger in truth than told here."
    ),
    "off_steps": "Entries that are not in steps of {step:g}, as {scenario:s} has them (outcome.step): {count}.",
    "another_level": (
        "The usual score is {level:g}, and {scenario:s} has {stated:g}: is this the same outcome, on the same scale?"
    ),
}
"""Sentence of each kind."""


def word(kind: str, **facts: object) -> str:
    """Say what a diary says."""
    return fill(WORDS[kind], facts)
