"""The forms, and where each answer lives in SDTM."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol.vocabulary import Code, Label, NotStated, Part, Range, Sourced, When

Choice = Annotated[dict[str, Label], Field(min_length=1, description="code: label")]


_EQUALS = r"[A-Z0-9]{1,8} = \S+"


class Item(Part):
    """A question of a form and where its answer lives in SDTM."""

    label: Label
    type: Literal["text", "integer", "number", "choice", "yes_no", "date", "datetime", "file"]
    target: Annotated[
        str,
        Field(
            pattern=rf"^[A-Z]{{2,6}}\.[A-Z0-9]{{1,8}}( where {_EQUALS}( and {_EQUALS})*)?$",
            description="as on an annotated CRF: DM.AGE, or LB.LBORRES where LBTESTCD = NEUT",
        ),
    ]
    required: bool = False
    unit: str | None = None
    units: Annotated[tuple[str, ...], Field(description="units a site may report")] = ()
    range: Range | None = None
    codelist: Code | None = None
    when: Annotated[When | None, Field(description="asked only when this holds")] = None
    max_age_days: Annotated[int, Field(ge=0)] | NotStated | None = None
    source: str | tuple[str, ...] | None = None


class EditCheck(Part):
    """A condition that a complete form must meet; a query opens when it is known not to hold."""

    holds: When
    message: Label
    source: str | tuple[str, ...] | None = None


class Form(Sourced):
    label: Label
    instrument: Annotated[str | None, Field(description="items come from this instrument")] = None
    repeating: bool = False
    items: dict[Code, Item] = {}
    checks: tuple[EditCheck, ...] = ()
