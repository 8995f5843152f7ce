"""What the pharmacy's papers say: contents, stock, fills and slips. The allocation is in it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from n1trial.pack.papers.context import Facts, kits_facts
from n1trial.pack.trial.fills import fills
from n1trial.pack.trial.trial import Trial
from n1trial.report.words import content_names


def of_the_pharmacy(trial: Trial, contents: Mapping[str, bool], phrases: Mapping[str, str]) -> Facts:
    """Say what the pharmacy's papers speak of besides `n1trial.pack.papers.context.facts`.

    Parameters
    ----------
    trial : Trial
    contents : mapping of str to bool
        By code, replacements included: whether it holds the treatment.
    phrases : mapping of str to str
        By code: the one-time phrase on the slip.
    """
    scenario, pack = trial.scenario, trial.scenario.pack
    names = content_names(scenario)
    units, needed = trial.units_per_kit, trial.doses_per_kit * pack.units_per_dose
    stock, filled, kits = stock_kits(trial), fills(trial), kits_facts(trial)

    def slip(number: int, code: str) -> Facts:
        return kits[number - 1] | {"code": code, "holds": names[contents[code]], "phrase": phrases[code]}

    return {
        "spare": next(iter(units.values())) - needed,
        "substances": (names[1], names[0]),
        "stock_kits": stock,
        "stock_units": f"{stock * sum(units.values()):,}",
        "fills": filled,
        "kits": [
            kit
            | {
                "holds": names[contents[kit["code"]]],
                "fill": next(n for n, fill in enumerate(filled, start=1) if kit["number"] <= fill.last),
            }
            for kit in kits
        ],
        "slips": [slip(kit.number, kit.code) for kit in trial.kits],
        "slips_if_lost": [slip(kit.number, kit.replacement) for kit in trial.kits],
    }


def stock_kits(trial: Trial) -> int:
    """Count kits of either substance to have in the house: enough for any assignment of the scheme, and for losses.

    Losses are allowed for by as many kits again as the share that is planned as spare, at least one.
    """
    layout, pack = trial.layout, trial.scenario.pack
    least, most = (round(7 * weeks) // pack.kit_days for weeks in layout.weeks_on_control())
    # Balanced in time or not, at most so many kits hold the one or the other.
    most_of_either = max(most, len(trial.kits) - least)
    return most_of_either + max(1, math.ceil(round(pack.spare_fraction * most_of_either, 9)))
