"""All words of faults and notes on the file of a diary."""

from __future__ import annotations

from collections.abc import Sequence

from n1trial.wording import FORMATS, Formats, fill, join_words

FAULTS = {
    "cells": "has {cells} cells, and the header {columns}",
    "more_cells": "has {cells} cells, and the header {columns}; a decimal comma needs semicolons between columns",
    "column_twice": "the column {name:s} is there twice",
    "no_column": "has no column {name:s}{meant:meant}",
    "no_day": "has neither a column day nor date{meant:meant}",
    "kits_alone": (
        "has kits and no treatments: which kit holds what stands in the sealed key alone, which is opened at the end"
    ),
    "mixed_points": "{cell:cell} has a decimal comma, and line {line} a decimal point",
    "two_ways": "{cell:cell} can be read in two ways; write {whole:s} or {decimal:s}",
    "out_of_range": "must be from {low:g} to {high:g}, and is {cell:s}",
    "no_number": "must be a number, or empty where it is missing, and is {cell:cell}",
    "not_whole": "must be a whole number, and is {cell:cell}",
    "answer": "must be 1 or 0, or yes or no, and is {cell:cell}",
    "treatment": (
        "must be 1 (the drug) or 0 (the control), and is {cell:cell} (names are understood where a plan states them)"
    ),
    "named_treatment": "must be 1 or {drug:s}, or 0 or {control:s}, and is {cell:cell}",
    "doses": "must be a whole number from 0 to {most}, or yes or no, and is {cell:cell}",
    "guess": "must be {drug:s}, {control:s} or cannot tell, and is {cell:cell}",
    "late": "must be 1 or 0, yes or no, or later or now, and is {cell:cell}",
    "no_date": 'must be a date such as 2026-03-01, and is "{cell:s}"',
    "number_of_date": (
        'must be a date such as 2026-03-01, and is "{cell:s}"; the spreadsheet\'s cells must have the format of a date'
    ),
    "either_first": '"{cell:s}" could have the day or the month first; write dates as 2026-03-01',
    "mixed_dates": '"{cell:s}" and "{other:s}" in line {line} differ in which part is the day',
    "disagrees": "{cell:s} does not agree with day {day:.0f}: by the other rows it is day {usual:.0f}",
    "far_after": "{cell:s} is {days:.0f} days after its planned date; is the year right?",
    "far_before": "{cell:s} is {days:.0f} days before its planned date; is the year right?",
    "in_pause": "{cell:s} is in a pause of the trial, by its newest papers",
    "empty": "must be given in every row",
    "date_twice": "{cell:s} is there twice (first in line {line})",
    "day_twice": "day {day:.0f} is there twice (first in line {line})",
    "long_gap": (
        "{cell:s} is {days:.0f} days after line {line}, the row before it; at most {most} days may be without a row"
    ),
    "period_order": "{period:.0f} comes after {newest:.0f}; periods are numbered as they follow",
    "changes": "changes within period {period:.0f}, from {was:s} in line {line} to {here:s} here",
    "outside_periods": "must be empty or 0 outside periods, and is {value:.0f}",
    "within_period": "must be given within a period, here {period:.0f}",
    "kit": "{told:s}",
    "kit_twice": "{told:s}; the same on line {lines:listed}",
    "kit_often": "{told:s}; the same on lines {lines:listed}",
}
"""What stands after the line, and after the column where there is one."""
NOTES = {
    "byte_order_mark": "The file begins with a byte-order mark, which is left out.",
    "unseen_one": "Left out, because it cannot be seen: 1 character, {named:listed}.",
    "unseen": "Left out, because it cannot be seen: {count:,} characters, {named:listed}.",
    "unseen_kinds": (
        "Left out, because it cannot be seen: {count:,} characters, {named:listed} and {more} kinds more."
    ),
    "separator": "Columns are separated by {separator:s}.",
    "commas": "The column {name:s} has decimal commas.",
    "treatments": "{drug:s} is taken for the drug, and {control:s} for the control.",
    "first_part": "Dates have the {first:s} first.",
    "unused": "Columns that are not used: {names:listed}.",
    "sealed": "Not used: {names:listed}. What was given when stands in the sealed key alone.",
    "sorted": "Rows are not in the order of their days; they were sorted.",
    "day_0": "Days are counted from the first blinded day: day {day:.0f} of the file is day 0.",
    "start_as_planned": "Days before period {period} have no row; it is taken to begin on day {day}, as planned.",
    "start_with_row": "Days before period {period} have no row; it is taken to begin on day {day}, with its first row.",
    "missing_periods": "Of the {planned} periods planned there is nothing of {periods:periods}.",
    "more_periods": "The plan has {planned} periods, and the diary also {periods:periods}.",
    "monday": "The file has no dates: day 0 is taken for a Monday.",
    "no_week": "The file has no dates, so that nothing can be said of weekly ups and downs.",
    "run_in": "No row has a kit, a period or a treatment: all are taken for days before the first capsule.",
}
"""Sentences on what was read although it is not as it should be, and on what was not read."""


def _quote(cell: str) -> str:
    """Show a cell as a message does, cut short when long."""
    return f'"{cell if len(cell) <= 40 else cell[:36] + " ..."}"'


def _periods(numbers: Sequence[int]) -> str:
    return f"period{'s' if len(numbers) > 1 else ''} {join_words([*map(str, numbers)])}"


OF_FILES: Formats = {**FORMATS, "cell": _quote, "periods": _periods}
"""Formats of these templates besides Python's own."""


def note(kind: str, **facts: object) -> str:
    """Say what was read although it is not as it should be, or what was not read."""
    return fill(NOTES[kind], facts, OF_FILES)
