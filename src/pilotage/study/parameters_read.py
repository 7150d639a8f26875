"""Which parameters of its dataset an analysis reads, as far as its conditions say."""

from pilotage.conditions import Condition, Logical, Not, holds, names_in
from pilotage.study.columns import parameter_codes
from pilotage.study.protocol import Protocol
from pilotage.study.sap import Analysis


def codes_read(analysis: Analysis, protocol: Protocol) -> tuple[str, ...]:
    """The values of PARAMCD that the analysis does not exclude; empty where it excludes none."""
    every = parameter_codes(analysis.dataset, protocol)
    own = getattr(analysis, "parameter", None)
    if own is not None:
        return (own,)
    where = analysis.where
    if where is None or "PARAMCD" not in names_in(where):
        return ()
    chosen = tuple(code for code in every if _allows(where, code) is not False)
    return () if chosen == every else chosen


def _allows(condition: Condition, code: str) -> bool | None:
    """Does the condition hold for rows of a parameter? Unknown where other columns decide."""
    if set(names_in(condition)) == {"PARAMCD"}:
        return holds(condition, {"PARAMCD": code})
    match condition:
        case Not():
            answer = _allows(condition.part, code)
            return None if answer is None else not answer
        case Logical():
            decisive = condition.word == "or"
            answers = [_allows(part, code) for part in condition.parts]
            if decisive in answers:
                return decisive
            return None if None in answers else not decisive
    return None
