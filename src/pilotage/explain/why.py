"""Why a value or a decision is what it is: a name looked up wherever it may stand, and traced."""

from datetime import date

from pilotage.explain.case import Case, case_of
from pilotage.explain.trace import Trace
from pilotage.explain.trace_decisions import DECISIONS, criteria_of, trace_decision
from pilotage.explain.trace_names import trace_name
from pilotage.explain.trace_variables import trace_variable, variables
from pilotage.snapshot import Snapshot
from pilotage.study import Study
from pilotage.study.names import did_you_mean


class UnknownName(LookupError):
    """A name that is neither a value nor a decision of the study; `hint` names the nearest one."""

    def __init__(self, name: str, hint: str) -> None:
        self.name, self.hint = name, hint
        super().__init__(name)


def why(study: Study, snapshot: Snapshot, subject: str, name: str, at: date | None = None) -> Trace:
    """Trace a name on a day (the data cut where none is named): a name of the namespace, a decision
    or the id of a criterion, a variable of a dataset (`ADSL.TRTSDT`, `ADRS.BESTRESP`, `BESTRESP`).

    Capitals do not matter. Raises KeyError for an unknown subject, UnknownName for an unknown name.
    """
    if subject not in snapshot.tables["dm"]["USUBJID"].to_list():
        raise KeyError(subject)
    day = at or snapshot.data_cut
    return trace(case_of(study, snapshot, subject, day).under(day), name)


def trace(case: Case, name: str) -> Trace:
    """A name on the day of the case. The namespace comes first, then decisions, then datasets."""
    names = {each.casefold(): each for each in case.study.namespace}
    decisions = {each.casefold(): each for each in (*DECISIONS, *criteria_of(case))}
    found = {each.casefold(): place for each, place in variables(case).items()}
    wanted = name.casefold()
    if wanted in names:
        return trace_name(case, names[wanted], case.at)
    if wanted in decisions:
        return trace_decision(case, decisions[wanted], case.at)
    if wanted in found:
        return trace_variable(case, *found[wanted])
    own = [*case.study.namespace, *DECISIONS, *criteria_of(case)]
    raise UnknownName(name, did_you_mean(name, own) or did_you_mean(name, variables(case)))
