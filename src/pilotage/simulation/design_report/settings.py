"""What was chosen: every number that the trials follow from, and who chose it."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from pilotage.report import formats
from pilotage.report.model import Cell, Column, Note, Row, Table
from pilotage.simulation.design_report.points import Point
from pilotage.simulation.model import Setting, Simulation
from pilotage.simulation.scenarios import TRUE_CR
from pilotage.study import Study
from pilotage.study.protocol import text_of

Leaf = tuple[str, object, bool]
"""Dotted path, value, and whether it was written down."""

HEADS = {"trial": "A trial", "subject": "What goes otherwise than planned",
         "endpoint": "A success", "decision": "The decision"}  # fmt: skip

MEANINGS = {
    "trial.subjects": "subjects of a trial, at most",
    "trial.follow_up_days": "follow-up of a subject from the first dose, days",
    "trial.recruited_per_month": "subjects recruited in a month",
    "trial.capsule_strength": "strength of a capsule, unit of the dose",
    "subject.true_dropout_per_week": "chance to come no more, in a week",
    "subject.true_missed_visit": "chance to miss a visit",
    "subject.true_late_days.mean": "lateness of a visit, mean, days",
    "subject.true_late_days.sd": "lateness of a visit, SD, days",
    "subject.true_entry_error": "chance to mistype a value",
    "subject.true_error_found": "chance that monitoring finds a slip",
    "subject.entry_delay_days.mean": "days from a visit to its entry, mean",
    "subject.entry_delay_days.sd": "days from a visit to its entry, SD",
    "subject.monitored_every_days": "days between rounds of monitoring",
    "endpoint.classification": "what is judged",
    "endpoint.codes": "categories that are a success",
    "endpoint.until_day": "last study day that counts",
    "decision.kind": "kind of decision",
    "decision.null": "success rate that is not worth more trials",
    "decision.level": "chance to accept that rate, at most",
    "decision.alternative": "success rate that must be found",
    "decision.alpha": "chance to accept the first rate, at most",
    "decision.beta": "chance to miss the second rate, at most",
    "decision.criterion": "of Simon's designs, the one that is",
    "decision.looks": "looks, after so many subjects",
    "decision.prior": "beta prior of the success rate",
    "decision.success": "probability that accepts at the end, at least",
    "decision.futility": "probability that gives up, below",
    "decision.early_success": "probability that accepts before the end, at least",
    "decision.toxicity.limit": "share of subjects with a toxicity that is too much",
    "decision.toxicity.stop": "probability of more that stops the trial, at least",
    "decision.toxicity.prior": "beta prior of the toxicity",
}
"""The values of simulation.yaml in words, in their units."""

UNSET = {
    "trial.recruited_per_month": "all on one day",
    "trial.capsule_strength": "each dose is one capsule",
    "endpoint.until_day": "the end of follow-up",
    "decision.early_success": "never before the end",
    "decision.toxicity": "toxicity is not watched",
}
"""What it means that nothing is written."""

OF_CONDUCT = ("subject.true_dropout_per_week", "subject.true_missed_visit",
              "subject.true_late_days")  # fmt: skip
"""What of the subjects' conduct shows in trials; the rest shows in rehearsals only, and is told
where there were any."""

FILE, DEFAULT, RUN = "simulation.yaml", "default of Pilotage", "this run"


def chosen_table(study: Study, written: Simulation, points: Sequence[Point]) -> Table:
    """The parts of simulation.yaml as the trials had them; `written` is the file."""
    rows: list[Row] = []
    for head, title in HEADS.items():
        rows.append(Row((Cell(title),), heading=True))
        for path, value, said in leaves(getattr(written, head), head):
            rehearsed_only = head == "subject" and not path.startswith(OF_CONDUCT)
            if rehearsed_only and not points[0].rehearsals:
                continue
            shown, by = _shown(path, value, said, points)
            cells = (Cell(MEANINGS.get(path, path)), Cell(shown), Cell(by), Cell(path))
            rows.append(Row(cells, level=1))
    columns = (Column("What"), Column("Value"), Column("Chosen by"), Column("Name"))
    note = Note(
        f"{FILE}: written there, for this study. {DEFAULT}: nothing was written. {RUN}: set by "
        "the scenario or on the command line."
    )
    return Table("chosen", "", "What was chosen", columns, tuple(rows), (note,))


def _shown(path: str, value: object, said: bool, points: Sequence[Point]) -> tuple[str, str]:
    """The value of a path as the trials had it, and who chose it."""
    changed = {p.case.settings[path] for p in points if path in p.case.settings}
    if changed:
        one = len(changed) == 1 and all(path in p.case.settings for p in points)
        return (in_text(*changed) if one else "see the scenarios"), RUN
    if value is None and path in UNSET:
        return UNSET[path], FILE if said else DEFAULT
    return in_text(value), FILE if said else DEFAULT


def leaves(part: object, path: str, *, said: bool = True) -> Iterator[Leaf]:
    """Every value of a part with its dotted path; events stand by their term."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            written = said and name in part.model_fields_set
            yield from leaves(getattr(part, name), _joined(path, name), said=written)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from leaves(value, _joined(path, str(key)), said=said)
    elif isinstance(part, tuple) and part and isinstance(part[0], BaseModel):
        for at, value in enumerate(part):
            yield from leaves(value, _joined(path, str(getattr(value, "term", at))), said=said)
    else:
        yield path, part, said


def in_text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(in_text(one) for one in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return formats.NONE if value is None else str(value)
    return formats.plain(value)


def scenario_table(points: Sequence[Point], *, number: str) -> Table:
    """What each scenario changes of the files."""
    rows = []
    for point in points:
        settings = dict(point.case.settings)
        if point.case.fixed is not None:
            settings.setdefault(TRUE_CR, point.case.fixed)
        changes = "; ".join(f"{path} = {formats.plain(to)}" for path, to in settings.items())
        rows.append(Row((Cell(point.name), Cell(point.case.label), Cell(changes or "nothing"))))
    columns = (Column("Scenario"), Column("What it is"), Column("Changed"))
    return Table("scenarios", number, "The scenarios", columns, tuple(rows))


def truth_table(points: Sequence[Point], *, number: str) -> Table:
    """The true values of the subjects, those of synthetic.yaml with what the scenario changed."""
    first = points[0]
    rows = []
    for path, value, _ in leaves(first.case.nature, ""):
        if not _is_true(path) or path == "true_missed_visit":
            continue
        values = {_setting(point, path, value) for point in points}
        shown = in_text(value) if len(values) == 1 else "see the scenarios"
        by = RUN if any(path in point.case.settings for point in points) else "synthetic.yaml"
        rows.append(Row((Cell(path), Cell(shown), Cell(by))))
    columns = (Column("Name"), Column("True value"), Column("Chosen by"))
    note = Note(
        "What a trial cannot know and a simulation must assume. Distributions at baseline and the "
        "scatter of repeated measurements stand in synthetic.yaml too."
    )
    title = "What the subjects are taken to be like"
    return Table("truth", number, title, columns, tuple(rows), (note,))


def fitted_table(written: Simulation, *, number: str) -> Table:
    """The published numbers near which the true values of the files were chosen."""
    rows = tuple(
        Row((Cell(text_of(fitted.what)), Cell(", ".join(fitted.claims))))
        for fitted in written.fitted_to
    )
    columns = (Column("Fitted to"), Column("Claims of published.yaml"))
    note = Note(
        "Fitted to them, with the files as they stand; a scenario may have other values. A number "
        "to which something was fitted is no evidence for it."
    )
    title = "What the true values were fitted to"
    return Table("fitted", number, title, columns, rows, (note,))


def _setting(point: Point, path: str, value: object) -> Setting | object:
    return point.case.settings.get(path, value)


def _is_true(path: str) -> bool:
    return any(step.startswith("true_") for step in path.split("."))


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
