"""All tables of a scenario file: frozen, each key allowed by itself, with every default explicit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, Strict, ValidationInfo, field_validator, model_validator

from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.diary.file.columns import column
from n1trial.diary.plan import Plan
from n1trial.errors import InputError
from n1trial.scenario.model import keys
from n1trial.scenario.model.about import Cautions, Considered, Evidence, Source, Theory, Unsettled
from n1trial.scenario.model.attribution import attribute
from n1trial.scenario.model.entries import entries
from n1trial.scenario.model.outcome import Outcome, Secondary
from n1trial.scenario.model.pack import Pack
from n1trial.scenario.model.patient import Blinding, Conduct, Patient, Placebo, Trigger
from n1trial.scenario.model.section import FileName, LineOfText, Section
from n1trial.scenario.model.treatment import Control, Treatment
from n1trial.scenario.model.trial import Analysis, Decision, Design, Simulation, Stopping
from n1trial.wording import near_miss


class Tables(Section):
    """The tables of a scenario, which obey the rules of single keys; `Scenario` obeys those across keys as well."""

    name: FileName = Field(
        title="Short name", description="Short name of the scenario; names the results folder", examples=["my-trial"]
    )
    title: LineOfText = Field("", title="Title", description="Title, as readers see it")
    source: Source = Field(default_factory=Source, description="Where the numbers come from; shown on every report")
    evidence: Annotated[tuple[Evidence, ...], Strict(False)] = Field(
        (), description="Where single numbers come from; any number of tables"
    )
    unsettled: Annotated[tuple[Unsettled, ...], Strict(False)] = Field(
        (), description="Numbers that are not known, with what they may be; any number of tables"
    )
    considered: Annotated[tuple[Considered, ...], Strict(False)] = Field(
        (), description="What was thought about before planning; any number of tables"
    )
    cautions: Cautions = Field(default_factory=Cautions, description="What must be said beside every answer")
    treatment: Treatment = Field(description="The drug under test")
    theory: Annotated[tuple[Theory, ...], Strict(False)] = Field(
        (), description="Rival beliefs on how the drug acts, as time courses; any number of tables"
    )
    control: Control = Field(default_factory=Control, description="What the drug is compared with")
    outcome: Outcome = Field(description="The primary diary score")
    patient: Patient = Field(description="The complaint without the drug: its level, its ups and downs")
    trigger: Annotated[tuple[Trigger, ...], Strict(False)] = Field(
        (), description="What makes single days worse or better; any number of tables"
    )
    placebo: Placebo = Field(default_factory=Placebo, description="The response to being treated at all")
    blinding: Blinding = Field(default_factory=Blinding, description="How well the patient is kept from knowing")
    conduct: Conduct = Field(default_factory=Conduct, description="How well the trial is kept")
    design: Design = Field(default_factory=Design, description="How the trial is laid out")
    analysis: Analysis = Field(
        default_factory=Analysis, validate_default=True, description="The analysis, fixed in advance"
    )
    decision: Decision = Field(default_factory=Decision, description="When the treatment is adopted")
    pack: Pack = Field(default_factory=Pack, description="The blinded kits")
    stopping: Stopping = Field(
        default_factory=Stopping, description="When the trial stops because the patient got worse"
    )
    simulation: Simulation = Field(default_factory=Simulation, description="How much is simulated")
    secondary: Annotated[tuple[Secondary, ...], Strict(False)] = Field(
        (), description="Further outcomes, shown and not tested; any number of tables"
    )

    @model_validator(mode="before")
    @classmethod
    def _says_what_it_speaks_for(cls, values: Any) -> Any:
        """Let evidence state its value, and the source its treatment and outcome."""
        return attribute(cls, values) if isinstance(values, Mapping) else values

    @field_validator("analysis")
    @classmethod
    def _analysis_of_layout(cls, analysis: Analysis, info: ValidationInfo) -> Analysis:
        """Take the defaults that the layout calls for."""
        return analysis.of_layout(getattr(info.data.get("design"), "layout", None))

    def own_values(self) -> dict[str, Any]:
        """Return what was given, as nested tables: what a TOML file of this scenario must hold."""
        return self.model_dump(exclude_unset=True)

    def value(self, key: str) -> object:
        """Return the value of a dotted key, such as ``trigger.caffeine.effect``; None for an optional key left out.

        Raises
        ------
        InputError
            If there is no such key.
        """
        section, table, field = keys.split(key)
        holder: object = self if field is None else getattr(self, section, None)
        if table is not None and isinstance(holder, tuple):
            holder = next((held for held in holder if getattr(held, keys.ARRAYS[section]) == table), None)
        name = section if field is None else field
        if not isinstance(holder, Section) or name not in type(holder).model_fields:
            raise InputError(f"{key}: unknown key{near_miss(key, [entry.path for entry in entries(self)])}")
        value: object = getattr(holder, name)
        return value

    def label(self, key: str) -> str:
        """Say what the value of a dotted key is called, within a sentence: ``usual score``."""
        label = next(entry.label for entry in entries(self) if entry.path == key)
        return label[:1].lower() + label[1:]

    @property
    def sign(self) -> int:
        """+1 where lower scores are better, −1 where higher are."""
        return 1 if self.outcome.better == "lower" else -1

    def layout(self) -> Layout:
        """Lay the trial out on the calendar."""
        design = self.design
        is_open_label = design.layout == "open-label"
        return Layout(
            kind=design.layout,
            run_in_days=design.run_in_days,
            run_in=design.run_in,
            cycles=design.cycles,
            period_days=design.period_days,
            washout_days=design.washout_days,
            randomization=None if is_open_label else self._randomization(),
        )

    def _randomization(self) -> Randomization:
        """Say how order and switches are drawn."""
        design = self.design
        return Randomization(
            scheme=design.randomization,
            cycles=design.cycles,
            block_cycles=design.block_cycles,
            max_run=design.max_run,
            sequence=design.sequence,
            jitter_days=design.switch_jitter_days,
            jitter_step_days=design.switch_jitter_step_days,
        )

    def plan(self) -> Plan:
        """Make the plan that an analyst is told in advance: nothing of what the patient is like.

        What the analyst takes for onset and offset is the file's own treatment unless the analysis says otherwise.
        """
        analysis, treatment, decision = self.analysis, self.treatment, self.decision
        onset_days, offset_days = analysis.assumed_onset_days, analysis.assumed_offset_days
        return Plan(
            layout=self.layout(),
            better=self.outcome.better,
            mcid=self.outcome.mcid,
            scale=self.outcome.scale,
            primary=analysis.primary,
            methods=analysis.methods,
            alpha=analysis.alpha,
            sides=analysis.sides,
            discard_days=analysis.discard_days,
            minimum_days=analysis.minimum_days,
            terms=analysis.terms,
            adjust=tuple(map(column, analysis.adjust)),
            df=analysis.df,
            statistic=analysis.statistic,
            max_assignments=analysis.max_assignments,
            dose_every_days=treatment.every_days,
            assumed_onset_days=treatment.onset_days if onset_days is None else onset_days,
            assumed_offset_days=treatment.offset_days if offset_days is None else offset_days,
            prior_mean=analysis.prior_mean,
            prior_sd=analysis.prior_sd,
            sd_scale=analysis.sd_scale,
            decision_rule=decision.rule,
            decision_benefit=decision.benefit,
            decision_threshold=decision.threshold,
        )
