"""What the claims of a paper speak of: groups of subjects, variables and times."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol import Code, Label, Name, Part, Range, When
from pilotage.study.sap import Dataset

Groups = Annotated[Code | tuple[Code, ...], Field(description="one group or a list of groups")]

RELATIONS = ("subset_of", "apart_from", "union_of", "intersection_of", "without")


def as_tuple(names: str | tuple[str, ...]) -> tuple[str, ...]:
    """What stands as one name or as a list of names, as a list."""
    return (names,) if isinstance(names, str) else names


class Rows(Part):
    """Subjects with a row of a dataset for which `event` holds, among the rows that `where`
    chooses. A subject without such a row is unknown; in a dataset of events it had none."""

    dataset: Dataset
    where: When | None = None
    event: When


class Answered(Part):
    """Subjects with this answer to one of these items (as SDTM keeps it; any answer, if none is
    said). Of a subject whom nobody asked it is unknown."""

    items: Annotated[tuple[str, ...], Field(min_length=1, description="form.item")]
    answer: str | None = None
    after_start: Annotated[bool, Field(description="after the day of the first dose")] = True


class Values(Part):
    """Where the datasets hold a variable: a column of the chosen rows. `take` says which of several
    rows of a subject counts; `share_of` is asked of the rows taken."""

    dataset: Dataset
    column: Name
    where: When | None = None
    take: Literal["minimum", "maximum", "first", "last"] | None = None
    share_of: Annotated[
        When | None, Field(description="in per cent of the value in these rows, of the same day")
    ] = None
    unit: Annotated[str | None, Field(description="of the column, where it is another")] = None


class Group(Part):
    """Subjects of whom the paper speaks, and how they lie to other groups by the meaning of the
    words. What the paper states beyond that (numbers, 'all of') is a claim."""

    label: Label
    things: Annotated[str | None, Field(description="what is counted, if not subjects")] = None
    subject: Annotated[str | None, Field(description="one subject, by the paper's number")] = None
    subset_of: Annotated[Groups, Field(description="it lies within each of these")] = ()
    apart_from: Annotated[Groups, Field(description="groups that share no subject with it")] = ()
    union_of: Annotated[Groups, Field(description="exactly the subjects of these")] = ()
    intersection_of: Annotated[Groups, Field(description="exactly those in each of these")] = ()
    without: Annotated[
        Groups, Field(description="exactly those of `subset_of` that are in none of these")
    ] = ()
    where: Annotated[When | None, Field(description="the same in columns of ADSL")] = None
    rows: Annotated[Rows | None, Field(description="the same in rows of a dataset")] = None
    answered: Annotated[Answered | None, Field(description="the same in answers to items")] = None
    remark: Label | None = None


class DaysTo(Part):
    """Days from the first dose to the first or last date that a form has in an item."""

    item: Annotated[str, Field(description="form.item, a date")]
    take: Literal["first", "last"] = "last"


class Variable(Part):
    """What was measured. Where the study has a parameter or a column of this name, it is that."""

    label: Label
    unit: str
    range: Range | None = None
    whole_numbers: Annotated[bool, Field(description="of each subject, whatever a mean is")] = False
    values: Annotated[Values | None, Field(description="where the datasets hold it")] = None
    days_to: Annotated[DaysTo | None, Field(description="a time that ends with a date")] = None


class Time(Part):
    """A moment or a span of which the paper speaks; the study's analysis week where it has one."""

    label: Label
    week: Annotated[int | None, Field(ge=0, description="AVISITN; 0 is baseline")] = None
