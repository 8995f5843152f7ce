"""What the pharmacy and the clinic need: kits, labels, visits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict

from n1trial.scenario.model.section import (
    CountedDays,
    DateOrNone,
    Names,
    Section,
    ShortLabel,
    Unit,
)

Weekdays = Annotated[tuple[Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], ...], Strict(False)]


class Pack(Section):
    """The blinded kits that the pharmacy fills."""

    kit_days: CountedDays = Field(
        7, title="Days in a kit", description="Days that one numbered kit lasts; 7 hides the change-over day"
    )
    units_per_dose: Annotated[int, Unit("capsules")] = Field(
        1, title="Capsules in a dose", description="Capsules or tablets in a dose", ge=1, le=100
    )
    times_of_day: Names = Field(
        ("morning",), title="When doses are taken", description="When doses are taken", min_length=1
    )
    spare_fraction: Annotated[float, Unit("share, 0 to 1")] = Field(
        0.1, title="Spare doses", description="Spare doses, as a share of those needed", ge=0, le=10
    )
    shelf_life_days: Annotated[int, Unit("days")] = Field(
        180, title="Shelf life of a kit", description="Days that a filled kit keeps", ge=1, le=36_500
    )
    form: ShortLabel = Field(
        "capsule",
        title="What kits hold, one of it",
        description="What the kits hold, one of it: capsule, tablet, eye drop",
    )
    form_plural: str = Field(
        "", title="Several of it", description="Several of it, where that is not formed as usual", max_length=30
    )
    reference: str = Field(
        "",
        title="Reference of the trial",
        description="Reference of the trial on labels and protocol; empty: the patient code",
        max_length=60,
    )
    investigator: str = Field(
        "", title="Investigator", description="Who is responsible, on labels; empty: a blank", max_length=60
    )
    contact: str = Field(
        "",
        title="Whom to call",
        description="Whom to call, on labels and cards; empty: a blank on the card",
        max_length=90,
    )
    legal_text: str = Field(
        "",
        title="Words that the country asks for on labels",
        description="Words that the country asks for on labels; empty: for clinical trial use only",
        max_length=120,
    )
    storage: str = Field(
        "", title="How kits are stored", description="How kits are stored, on labels; empty: a blank", max_length=60
    )
    batch: str = Field(
        "",
        title="Batch",
        description="Batch on labels, before the fill's number; empty: the patient code",
        max_length=30,
    )
    visit_days: Weekdays = Field(
        ("Mon", "Tue", "Wed", "Thu", "Fri"),
        title="Weekdays on which the clinic is open",
        description="Weekdays on which the clinic is open",
        min_length=1,
    )
    visit_every_days: Annotated[int, Unit("days")] = Field(
        49, title="Days from one visit to the next", description="Days from one visit to the next", ge=7, le=366
    )
    use_by: DateOrNone = Field(
        "",
        title="Use-by date of all kits",
        description="Use-by date of all kits, where it is known before they are filled: YYYY-MM-DD; else each fill's "
        "labels are printed with open-pharmacy --fill N --use-by DATE",
    )
