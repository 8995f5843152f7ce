"""Documents that are read by their types: every fault with its place, rule and value, and their JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, make_dataclass
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar, get_type_hints

from pydantic import Field, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from n1trial.errors import InputError
from n1trial.scenario.check.wording import in_words
from n1trial.scenario.model.keys import OwnTitles
from n1trial.wording import show

Held = TypeVar("Held")
Place = Sequence[int | str]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LARGEST = 10.0**15
"""Number that no figure of a trial comes near."""
LARGEST_COUNT = 2**63 - 1


def within(low: float, high: float) -> Any:
    """Mark a number from a lowest to a highest one."""
    return Field(ge=low, le=high)


def matching(pattern: str) -> Any:
    """Mark a text that has a pattern."""
    return Field(pattern=pattern)


Number = Annotated[float, within(-LARGEST, LARGEST)]
Error = Annotated[float, within(0, LARGEST)]
Share = Annotated[float, within(0, 1)]
Gain = Annotated[float, within(-1, 1)]
Count = Annotated[int, within(0, LARGEST_COUNT)]
BOTH = Field(min_length=2)
"""Mark of a table that holds two names, neither of which may be missing."""


class Narrow:
    """Mark of a dataclass some of whose fields take less in a document than elsewhere.

    Parameters
    ----------
    name : str
        Of that part of the document, as its schema has it.
    **fields
        Type of each such field.
    """

    def __init__(self, name: str, **fields: object) -> None:
        self.name, self.fields = name, fields

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read the narrow fields, and make of them what has the wide ones."""
        hints = get_type_hints(source) | self.fields
        wide = {each.name: (each.default,) for each in fields(source) if each.name not in self.fields}
        narrow = make_dataclass(
            self.name, [(name, kind, *wide.get(name, ())) for name, kind in hints.items()], kw_only=True
        )
        return core_schema.no_info_after_validator_function(
            lambda each: source(**vars(each)), handler.generate_schema(narrow)
        )


class OneOf:
    """Mark of a text that is one of several names."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read one of the names."""
        return core_schema.literal_schema(list(self.names))


class DocumentType(Generic[Held]):
    """A dataclass as a JSON document: what a text must hold to be read as one.

    Parameters
    ----------
    kind : type
        A dataclass of dataclasses, whose fields have types of this module where a number has a range.
    title : str
        Of the document, as its schema has it.
    """

    def __init__(self, kind: type[Held], title: str) -> None:
        self.kind, self.title = kind, title

    @cached_property
    def _adapter(self) -> TypeAdapter[Held]:
        return TypeAdapter(self.kind)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON Schema (draft 2020-12) of the document."""
        return {"$schema": DRAFT, **self._adapter.json_schema(schema_generator=OwnTitles), "title": self.title}

    def read(self, text: bytes | str) -> Held:
        """Read a document; what it holds besides is left out.

        Raises
        ------
        InputError
            With every fault: its place, the rule, and the value.
        """
        try:
            return self._adapter.validate_json(text, strict=True)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False)
            raise InputError(each for one in faults for each in self._faults(one)) from None

    def _faults(self, error: ErrorDetails) -> Iterator[str]:
        """Say in words what is wrong at one place."""
        place, kind, value = error["loc"], error["type"], error["input"]
        if kind == "json_invalid":
            yield "the document is no JSON text that can be read"
        elif place and place[-1] == "[key]":
            yield f"{_dot(place[:-1])} is no name that is known"
        elif kind == "missing":
            yield f"{_dot(place)} is missing"
        elif kind == "too_short":
            names = self._schema_at(place)["propertyNames"]["enum"]
            yield from (f"{_dot((*place, name))} is missing" for name in names if name not in value)
        else:
            held = "null" if value is None else show(value)
            yield f"{_dot(place)} must be {_in_words(self._schema_at(place))}, but is {held}"

    def _schema_at(self, place: Place) -> Mapping[str, Any]:
        """Return the schema of the value at a place, null among what it allows."""
        here: Mapping[str, Any] = self.schema
        for step in place:
            here = self._within(here)
            if isinstance(step, int):
                here = here["prefixItems"][step] if "prefixItems" in here else here["items"]
            else:
                here = here.get("properties", {}).get(step) or here["additionalProperties"]
        return {**self._within(here), "nullable": any(each == {"type": "null"} for each in here.get("anyOf", ()))}

    def _within(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the schema of a value that is not null, wherever it stands."""
        schema = next((each for each in schema.get("anyOf", ()) if each != {"type": "null"}), schema)
        return self.schema["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _dot(place: Place) -> str:
    """Write a place as a reader finds it: ``curve[3].detect.value``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).removeprefix(".") or "the document"


def _in_words(schema: Mapping[str, Any]) -> str:
    """Say in words what a schema allows."""
    match schema:
        case {"type": "object"}:
            words = "a table"
        case {"type": "array"}:
            words = f"a list of {len(schema['prefixItems'])}" if "prefixItems" in schema else "a list"
        case _:
            words = in_words({name: held for name, held in schema.items() if held not in _NO_ENDS})
    return f"{words}, or null" if schema["nullable"] else words


_NO_ENDS = (LARGEST, -LARGEST, LARGEST_COUNT)
"""Ends of ranges that are there for the sake of the machine."""
