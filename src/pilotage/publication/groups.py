"""What the claims of a paper speak of: groups of subjects, variables and times."""

from typing import Annotated

from pydantic import Field

from pilotage.study.protocol import Code, Label, Part, Range, When

Groups = Annotated[Code | tuple[Code, ...], Field(description="one group or a list of groups")]

RELATIONS = ("subset_of", "apart_from", "union_of", "intersection_of", "without")


def as_tuple(names: str | tuple[str, ...]) -> tuple[str, ...]:
    """What stands as one name or as a list of names, as a list."""
    return (names,) if isinstance(names, str) else names


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
    remark: Label | None = None


class Variable(Part):
    """What was measured. Where the study has a parameter or a column of this name, it is that."""

    label: Label
    unit: str
    range: Range | None = None
    whole_numbers: Annotated[bool, Field(description="of each subject, whatever a mean is")] = False


class Time(Part):
    """A moment or a span of which the paper speaks; the study's analysis week where it has one."""

    label: Label
    week: Annotated[int | None, Field(ge=0, description="AVISITN; 0 is baseline")] = None
