"""A scenario: everything that is asked of one trial, without fault."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from n1trial.scenario.check.changes import put_all
from n1trial.scenario.check.matters import DESCRIPTIVE, matters
from n1trial.scenario.check.validate import Validation, faults_across, validate
from n1trial.scenario.model.entries import entries
from n1trial.scenario.model.limits import AS_MADE
from n1trial.scenario.model.tables import Tables

MAIN_KEYS = (
    "treatment.name", "treatment.effect", "treatment.onset_days", "treatment.offset_days", "control.name",
    "outcome.name", "outcome.mcid", "patient.baseline", "patient.daily_sd", "patient.autocorrelation",
    "design.layout", "design.cycles", "design.period_days", "design.randomization", "analysis.primary",
)  # fmt: skip
"""Keys that a notebook shows."""


class Scenario(Tables):
    """A trial in one patient: what is planned, and what the patient is taken to be like.

    Sections and keys are attributes of the same names: ``scenario.design.cycles``. Scenarios are equal when all
    values are, whether given or left at their defaults.

    Examples
    --------
    >>> import n1trial
    >>> scenario = n1trial.load_scenario("minimal")
    >>> scenario.replace(**{"design.cycles": 4})
    <Scenario minimal: crossover of 4 rounds in 66 weeks, analyzed by paired>
    """

    def __repr__(self) -> str:
        design, weeks = self.design, self.layout().weeks
        return (
            f"<Scenario {self.name}: {design.layout} of {design.cycles} round{'s' * (design.cycles != 1)} in {weeks:g}"
            f" weeks, analyzed by {self.analysis.primary}>"
        )

    __str__ = __repr__

    def _repr_html_(self) -> str:
        rows = (
            f"<tr><th>{entry.path}</th><td>{escape(str(entry.value))}</td><td>{escape(entry.label)}</td></tr>"
            for entry in entries(self)
            if entry.path in MAIN_KEYS
        )
        return f"<p>{escape(repr(self))}</p><table>{''.join(rows)}</table>"

    @model_validator(mode="after")
    def _obeys_the_rules_across_keys(self) -> Self:
        """Refuse what each key allows and all together do not."""
        if faults := faults_across(self.own_values()):
            raise PydanticCustomError("rules", "{faults}", {"faults": "\n".join(map(str, faults))})
        return self

    @classmethod
    def of(cls, values: Mapping[str, object], context: Mapping[str, bool] | None = None) -> Self:
        """Make a scenario of nested tables, as a TOML file holds them.

        Parameters
        ----------
        values : mapping of str to object
            Sections by name, each a mapping of keys to values; arrays of tables are sequences of mappings.
        context : mapping, optional
            `AS_MADE` for what n1trial itself has sealed or written.

        Returns
        -------
        Scenario
            The scenario.

        Raises
        ------
        InputError
            If any key, or several together, break a rule; with all faults.
        """
        return validate(cls, values, context).sound()

    def replace(self, **changes: object) -> Self:
        """Return the same scenario with other values of some keys.

        Parameters
        ----------
        **changes : object
            New values by dotted key, ``replace(**{"design.cycles": 4, "trigger.caffeine.effect": 1.0})``; tables of
            arrays by name or, from 0, by number. None takes a key back to its default.

        Returns
        -------
        Scenario
            The changed scenario; what was not given stays so, and follows changes that its default depends on.

        Raises
        ------
        InputError
            If a key is unknown or the changed scenario breaks a rule; with all faults.
        """
        values = self.own_values()
        misplaced = list(put_all(values, changes))
        made = validate(type(self), values)
        if made.faults:
            # what was made under other limits keeps its texts; what is changed is held to those of now
            still = validate(type(self), values, AS_MADE)
            faults = (fault for fault in made.faults if fault in still.faults or fault.place in changes)
            made = Validation(still.scenario, tuple(faults))
        return made.with_faults(misplaced).sound()

    @property
    def assumed(self) -> tuple[tuple[str, object], ...]:
        """Keys that were not given and matter, with the values taken instead; none in a resolved file.

        Texts that only describe are not among them, nor is what is left out: empty texts and lists, optional keys.
        """
        return tuple(
            (entry.path, entry.value)
            for entry in entries(self)
            if not entry.is_given
            and entry.section not in DESCRIPTIVE
            and entry.value not in ("", (), None)
            and matters(self, entry.path)
        )
