"""Is what an example expects something that its study can say?"""

import re
from collections.abc import Iterable, Sequence
from typing import get_args

from pilotage.conditions import Variable
from pilotage.rules.departures import CATEGORY
from pilotage.rules.inputs import Problem
from pilotage.rules.status import Status
from pilotage.study import Study
from pilotage.study.names import listed
from pilotage.study.part import PartReport
from pilotage.study.places import Path
from pilotage.study.protocol import Row, text_of
from pilotage.study.worked_examples import Expectation

UNKNOWN = re.compile(r"unknown( \((?P<problem>.+)\))?")
_REPEATED = re.compile(r"WEEK_[0-9]+")


def check_expectation(report: PartReport, study: Study, path: Path, expected: Expectation) -> None:
    if expected.model_fields_set <= {"on"}:
        report.error(path, "nothing is expected")
    protocol = study.protocol
    criteria = [*protocol.eligibility.inclusion, *protocol.eligibility.exclusion]
    steps = [step.step for step in protocol.treatment.ladder]

    def known(key: str, names: Iterable[str], among: Iterable[str], words: str) -> None:
        among = list(among)
        for at, name in enumerate(names):
            place = (*path, key, at if isinstance(getattr(expected, key), tuple) else name)
            report.known(place, name, among, f"'{name}' is {words}")

    known("criteria", expected.criteria, [c.id for c in criteria], "no criterion")
    known("waits_for", expected.waits_for or (), study.namespace, "no name of the study")
    known("missing", expected.missing or (), study.namespace, "no name of the study")
    known("entered", expected.entered, steps, "no step of the ladder")
    known("deviations", expected.deviations, CATEGORY, "no kind of deviation")
    if expected.step is not None:
        words = f"'{expected.step}' is no step of the ladder"
        report.known((*path, "step"), expected.step, steps, words)
    if isinstance(expected.stops, tuple):
        known("stops", expected.stops, _reasons(protocol.stopping.rows), "no reason to stop")
    if isinstance(expected.blocks, tuple):
        rows = protocol.dispensing.rows if protocol.dispensing else ()
        known("blocks", expected.blocks, _reasons(rows), "no reason not to dispense")
    _check_state(report, study, path, expected)
    _check_contacts(report, study, path, expected)


def _reasons(rows: Sequence[Row]) -> list[str]:
    return [text_of(row.why) for row in rows]


def _check_state(report: PartReport, study: Study, path: Path, expected: Expectation) -> None:
    for name, value in expected.state.items():
        here = (*path, "state", name)
        if not report.known(here, name, study.namespace, f"'{name}' is no name of the study"):
            continue
        unknown = UNKNOWN.fullmatch(value) if isinstance(value, str) else None
        if unknown is None:
            _check_value(report, here, study.namespace[name], value)
        elif unknown["problem"] is not None:
            problems = get_args(Problem)
            words = f"'{unknown['problem']}' is none of {listed(problems)}"
            report.known(here, unknown["problem"], problems, words)


def _check_value(
    report: PartReport, path: Path, variable: Variable, value: int | float | str
) -> None:
    if variable.type == "number":
        if isinstance(value, str):
            report.error(path, f"'{value}' is no number and not 'unknown'")
        return
    if variable.choices:
        choices = [*variable.choices, "unknown"]
        report.known(path, str(value), choices, f"'{value}' is none of {listed(choices)}")


def _check_contacts(report: PartReport, study: Study, path: Path, expected: Expectation) -> None:
    schedule = study.protocol.schedule
    ids = [visit.id for visit in schedule.visits]
    ids += [series.form for series in schedule.series]
    ids += [row.form for row in schedule.activities.rows]
    for status, contacts in expected.contacts.items():
        here = (*path, "contacts", status)
        statuses = get_args(Status)
        report.known(here, status, statuses, f"'{status}' is none of {listed(statuses)}")
        for at, contact in enumerate(contacts):
            if schedule.afterwards is not None and _REPEATED.fullmatch(contact):
                continue
            words = f"'{contact}' is no visit, test or activity of the schedule"
            report.known((*here, at), contact, ids, words)
