"""How a claim is answered: by results of the plan, by groups and values in the datasets, or not."""

from collections.abc import Mapping
from typing import Literal

from pilotage.publication.claims import (
    AllOrNoneClaim,
    AnyClaim,
    Claim,
    ComparisonClaim,
    CountClaim,
    DateClaim,
    IdentifierClaim,
    NotAResult,
    PercentageClaim,
    Published,
    ThresholdClaim,
)
from pilotage.publication.groups import as_tuple
from pilotage.study.protocol import Label

InTheData = Literal["results", "groups", "values"]
Way = InTheData | Literal["not computable", "not a result"]

NOT_A_RESULT: Mapping[NotAResult, str] = {
    "plan": "a rule or the design of the trial, no result of its data",
    "instrument": "how an instrument is made, no result of the data",
    "mention": "names a time of which another claim tells the result",
}
LITERATURE = "of other studies, not of this trial"
LIMIT = "a limit that the paper sets, no result of the data"
NAME = "a name, a number of a registry or a version, no result of the data"


def way(claim: AnyClaim, published: Published) -> Way | None:
    """How the claim is answered; None where nothing in the file says how.

    `results` comes first. Without it, counts and shares are counted from groups that are defined in
    the data, and values are read where the variable says that the datasets hold it.
    """
    if why_not_computable(claim, published) is not None:
        return "not computable"
    if why_no_result(claim, published) is not None:
        return "not a result"
    return in_the_data(claim, published)


def in_the_data(claim: AnyClaim, published: Published) -> InTheData | None:
    """What in the plan or in the datasets answers the claim, whatever it says of itself."""
    if names_a_result(claim):
        return "results"
    if _by_groups(claim, published):
        return "groups"
    return "values" if _by_values(claim, published) else None


def why_no_result(claim: AnyClaim, published: Published) -> str | None:
    """Why the claim is no result of the trial's data; None where it is one.

    A claim that says the same as another, and says nothing of it itself, is what that one is.
    """
    if claim.not_a_result is not None:
        return NOT_A_RESULT[claim.not_a_result]
    if claim.not_computable is not None or names_a_result(claim):
        return None
    if claim.about == "literature":
        return LITERATURE
    if isinstance(claim, ThresholdClaim):
        return LIMIT
    if isinstance(claim, IdentifierClaim):
        return NAME
    fact = _same_fact(claim, published)
    return None if fact is None else why_no_result(fact, published)


def why_not_computable(claim: AnyClaim, published: Published) -> Label | None:
    """Why no data set of the study holds this result; None where one does, or it is no result."""
    if claim.not_computable is not None or names_a_result(claim):
        return claim.not_computable
    fact = _same_fact(claim, published)
    return None if fact is None else fact.not_computable


def _same_fact(claim: AnyClaim, published: Published) -> AnyClaim | None:
    """The claim that says the same in the fullest place, and names no other itself."""
    named = [one for one in published.claims if one.id == claim.same_fact_as]
    return named[0] if named and named[0].same_fact_as is None else None


def names_a_result(claim: Claim) -> bool:
    """Does the claim name a result of the plan?"""
    return bool(getattr(claim, "result", None))


def _by_groups(claim: AnyClaim, published: Published) -> bool:
    match claim:
        case CountClaim():
            names = [claim.group, *([claim.of] if claim.of not in (None, "not stated") else [])]
        case PercentageClaim() | AllOrNoneClaim():
            names = [claim.group, claim.of]
        case ComparisonClaim() if claim.share is not None:
            names = [claim.group, claim.than, claim.share]
        case _:
            return False
    return all(name is not None and computable(published, name) for name in names)


def _by_values(claim: AnyClaim, published: Published) -> bool:
    group: str | None = getattr(claim, "group", None)
    name: str | None = getattr(claim, "variable", None)
    groups = [group, claim.than] if isinstance(claim, ComparisonClaim) else [group]
    if name is None or not all(g is not None and computable(published, g) for g in groups):
        return False
    if claim.kind in ("change", "p_value", "threshold") and not isinstance(claim, DateClaim):
        return False
    variable = published.variables.get(name)
    if variable is None:
        return False
    if isinstance(claim, DateClaim):
        return variable.values is not None
    return variable.values is not None or variable.days_to is not None


def computable(published: Published, name: str) -> bool:
    """Do the words of the group say who belongs to it in the data?"""
    group = published.groups.get(name)
    if group is None or group.things is not None:
        return False
    if any((group.where, group.rows, group.answered, group.subject)):
        return True
    for relation in ("union_of", "intersection_of", "without"):
        if names := as_tuple(getattr(group, relation)):
            wholes = as_tuple(group.subset_of) if relation == "without" else ()
            return all(computable(published, other) for other in (*names, *wholes))
    return False
