"""What every table of a scenario file has in common, and the kinds of value that its keys take."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from n1trial.scenario.model.limits import CellName, OneLine, broken_limit

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)  # which has no public name

LIMIT = "limit"
"""Kind of fault of a text or list that breaks a limit which all have."""


def _own_names(kind: type) -> set[str]:
    """Return the names that the house itself gives a class, for tab completion."""
    own = (vars(base) for base in kind.__mro__ if base.__module__.startswith("n1trial."))
    return {name for names in own for name in names if not name.startswith(("_", "model_"))}


class _SectionType(ModelMetaclass):
    """Class of the classes of tables, for tab completion of these: pydantic keeps its old names there."""

    def __dir__(self) -> list[str]:
        return sorted(_own_names(self))


class Section(BaseModel, metaclass=_SectionType):
    """A table of a scenario file: frozen, no unknown keys, no number where a text belongs, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _keeps_the_limits(cls, value: object, info: ValidationInfo) -> object:
        """Refuse what no text and no list may be, unless it was sealed or written by n1trial before."""
        is_made = bool(info.context and info.context.get("is_made"))
        field = str(info.field_name)
        if not is_made and (limit := broken_limit(field, cls.model_fields[field], value)):
            raise PydanticCustomError(LIMIT, "{rule}", {"rule": limit.rule})
        return value

    def __dir__(self) -> list[str]:
        """Show what a user needs: keys, and what the house itself defines; nothing of pydantic's."""
        return sorted({*type(self).model_fields, *_own_names(type(self))})

    def with_defaults(self, **defaults: object) -> Self:
        """Return the same section with other defaults for keys that were not given."""
        copy = self.model_copy()
        copy.__dict__.update({key: value for key, value in defaults.items() if key not in self.model_fields_set})
        return copy


class Unit:
    """Mark of a number: what it is counted in, as readers see it."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say the unit in the JSON Schema."""
        return {**handler(schema), "unit": self.words}


def _check_order(pair: tuple[float, float]) -> tuple[float, float]:
    """Refuse a pair whose ends are in the wrong order."""
    if pair[0] > pair[1]:
        raise PydanticCustomError("pair_order", "the lower end comes first")
    return pair


def _spread(pair: tuple[float, float]) -> tuple[float, float]:
    """Refuse a scale without width."""
    if pair[0] == pair[1]:
        raise PydanticCustomError("pair_width", "the ends differ")
    return pair


def _date_or_none(text: str) -> str:
    """Refuse a day that no month has."""
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise PydanticCustomError("date", "no such day") from None


FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=100)]
Label = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$")]
ShortLabel = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=30)]
DateOrNone = Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2})?$"), AfterValidator(_date_or_none)]
Name = Annotated[Label, CellName]
"""Of a thing that has a cell in some table."""
LineOfText = Annotated[str, OneLine]
Texts = Annotated[tuple[str, ...], Strict(False)]
Labels = Annotated[tuple[Label, ...], Strict(False)]
Names = Annotated[tuple[Name, ...], Strict(False)]

Nonnegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Points = Annotated[float, Unit("points")]
Size = Annotated[Nonnegative, Unit("points")]
PositivePoints = Annotated[Positive, Unit("points")]
Fraction = Annotated[float, Field(ge=0, le=1)]
Share = Annotated[Fraction, Unit("share, 0 to 1")]
OpenFraction = Annotated[float, Field(gt=0, lt=1)]
Correlation = Annotated[float, Field(gt=-1, lt=1)]
Days = Annotated[float, Field(ge=0, le=36_500), Unit("days")]
WholeDays = Annotated[int, Field(ge=0, le=366), Unit("days")]
CountedDays = Annotated[int, Field(ge=1, le=366), Unit("days")]
Steepness = Annotated[float, Field(ge=-10, le=10)]

Range = Annotated[tuple[int | float, int | float], Strict(False), AfterValidator(_check_order)]
DaysRange = Annotated[tuple[Days, Days], Strict(False), AfterValidator(_check_order), Unit("days")]
Point = Annotated[float, Field(ge=-1e6, le=1e6)]
Scale = Annotated[tuple[Point, Point], Strict(False), AfterValidator(_check_order), AfterValidator(_spread)]
