"""How a claim is answered: by results of the plan, by groups and values in the datasets, or not."""

from typing import Literal

from pilotage.publication.claims import (
    AllOrNoneClaim,
    AnyClaim,
    Claim,
    ComparisonClaim,
    CountClaim,
    DateClaim,
    IdentifierClaim,
    PercentageClaim,
    Published,
    ThresholdClaim,
)
from pilotage.publication.groups import as_tuple

Way = Literal["results", "groups", "values", "never"]

LITERATURE = "a number of other studies, not of this trial"
LIMIT = "a limit that the paper sets, no number of the data"
NAME = "a name or a version, no number of the data"


def way(claim: AnyClaim, published: Published) -> Way | None:
    """How the claim is answered; None where nothing in the file says how.

    `results` comes first. Without it, counts and shares are counted from groups that are defined in
    the data, and values are read where the variable says that the datasets hold it.
    """
    if why_never(claim, published) is not None:
        return "never"
    if names_a_result(claim):
        return "results"
    if _by_groups(claim, published):
        return "groups"
    return "values" if _by_values(claim, published) else None


def why_never(claim: AnyClaim, published: Published, text: str = "en") -> str | None:
    """Why no data set of the study could answer the claim; None where one could.

    A claim that says the same as another, and says nothing of it itself, has that one's reason.
    """
    if claim.about == "literature":
        return LITERATURE
    if claim.not_computable is not None:
        return _text(claim.not_computable, text)
    if isinstance(claim, ThresholdClaim) and not claim.result:
        return LIMIT
    if isinstance(claim, IdentifierClaim):
        return NAME
    fact = claim.same_fact_as
    if fact is None or names_a_result(claim) or fact == claim.id:
        return None
    known = [one for one in published.claims if one.id == fact and one.same_fact_as is None]
    return why_never(known[0], published, text) if known else None


def names_a_result(claim: Claim) -> bool:
    """Does the claim name a result of the plan?"""
    return bool(getattr(claim, "result", None))


def _text(label: object, language: str) -> str:
    if isinstance(label, dict):
        return str(label.get(language) or next(iter(label.values())))
    return str(label)


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
    return variable is not None and variable.values is not None


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
