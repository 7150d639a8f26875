"""The sentences of the report: what it is, what it is not, and how to make it again."""

import shlex
from collections.abc import Iterator, Sequence

from pilotage.plural import counted
from pilotage.report import formats
from pilotage.report.model import Cell, Column, Passage, Prose, Row, Table
from pilotage.simulation.design_report import decision
from pilotage.simulation.design_report.points import Point
from pilotage.simulation.model import Simulation
from pilotage.simulation.scenarios import BASE, FIXED
from pilotage.study import Study, builtin_studies

LANGUAGE = "en"
SUBJECTS = "trial.subjects"

NOT_SIMULATED = {
    "Who enters": "Eligibility is not asked: synthetic.yaml describes those who enter. Subjects "
    "are independent of each other, and all of them come from one population.",
    "What is measured": "Of instruments the scores alone are drawn, not their items, and edit "
    "checks ask nothing. Answers of a subject do not change, and are given whenever their form is "
    "filled.",
}

AT_THE_DESK = "What goes wrong at the desk"
NOT_COUNTED = (
    "Errors of entry, queries and supplies belong to a rehearsal. Alerts and queries were not "
    "counted for this report: the same command with --rehearsals 20 counts them, in so many whole "
    "rehearsals of the trial."
)
REHEARSED = (
    "Errors of entry, queries and supplies are no part of the trials. They were counted beside "
    "them, in {}. A rehearsal has as many subjects and the same tables; it is recruited and cut on "
    "the days of synthetic.yaml, no look of the decision ends it, and alerts of screen failures "
    "count. Nobody answers to an alert in it, and the web application asks more than is counted."
)


def warning(study: Study, points: Sequence[Point], number: str) -> Prose:
    """What the numbers are, before any of them."""
    first = points[0]
    doing = (
        "In these trials each subject is a success with the same chance, and nothing else happens "
        "(but a toxicity, where one is set)."
        if first.fixed
        else "Their doses, visits, stops and tapers are decided by the decision tables of the "
        "protocol, as they would be for a patient."
    )
    fitted = [("What the assumptions are fitted to", _fitted(study, first.simulation))]
    if first.fixed:
        fitted = []
    return _prose(
        "what-this-is",
        number,
        "What this is, and what it is not",
        (
            "",
            "The subjects of these trials are invented by a program; nobody in them exists. "
            "The numbers show what a trial of this design can find, what it costs and how its "
            "rules behave, if subjects are as is assumed here. Nothing is shown of the drug: what "
            "it does was put in by hand.",
            doing,
            f"{counted(first.trials, 'trial', grouped=True)}{_each(points)} "
            f"{'was' if first.trials == 1 else 'were'} simulated, and each simulated number stands "
            "beside its Monte-Carlo standard error.",
        ),
        *fitted,
    )


def _each(points: Sequence[Point]) -> str:
    return f" of each of {len(points)} scenarios" if len(points) > 1 else ""


def _fitted(study: Study, simulation: Simulation) -> str:
    if not simulation.fitted_to:
        return (
            "simulation.yaml names no published number to which the true values were fitted: they "
            "are assumptions."
        )
    return (
        "The true values of the files were fitted to published numbers"
        f"{_paper(study)}; a table below has them. That the simulation comes near these numbers "
        "again confirms nothing of them."
    )


def _paper(study: Study) -> str:
    paper = study.protocol.study.publication
    return f" of {paper}" if paper and paper != "not stated" else ""


def declared(study: Study, points: Sequence[Point], number: str) -> Prose:
    """The decision in words, and what follows from it."""
    first = points[0]
    passages = [
        (
            "What was chosen",
            _success(study, first.simulation),
            *decision.in_words(first.simulation.decision),
        ),
    ]
    plans = list(dict.fromkeys(point.plan for point in points))
    for plan in plans:
        of = f", with {plan.n} subjects" if len(plans) > 1 else ""
        passages.append((f"What follows from it{of}", *decision.looks_in_words(plan)))
    if len(first.plan.looks) > 1:
        waits = (
            "A look comes when the endpoint of the last subject before it is known; recruitment "
            "waits for it, and those who were included are followed to their end."
        )
        passages.append(("When it is looked at", waits))
    null = first.at(first.simulation.decision.null)
    passages.append(
        (
            "What the decision does, exactly",
            f"Where the true success rate is {formats.level(null.p)}, the chance to accept is "
            f"{formats.percent(null.accepted, 2)}: the type I error{_without(first)}.",
            *_power(first),
        )
    )
    return _prose("decision", number, "The decision", *passages)


def _success(study: Study, simulation: Simulation) -> str:
    endpoint = simulation.endpoint
    judged = study.protocol.classifications[endpoint.classification]
    labels = {each.code: study.text(each.label, LANGUAGE) for each in judged.categories}
    best = " or ".join(f"{code} ({labels[code]})" for code in endpoint.codes)
    last = "the end of follow-up"
    until = f" up to {last if endpoint.until_day is None else f'study day {endpoint.until_day}'}"
    return (
        f"A subject is a success whose best category{until} is {best}; the categories are those "
        f"of {endpoint.classification} ({study.text(judged.label, LANGUAGE)})."
    )


def _without(point: Point) -> str:
    return ", where no subject has a toxicity; each makes it less" if point.watches_toxicity else ""


def _power(point: Point) -> Iterator[str]:
    """The power at the alternative, of a decision that names one; of others see the figure."""
    alternative = getattr(point.simulation.decision, "alternative", None)
    if alternative is None:
        yield (
            "The decision names no rate that must be found; the chance to accept at other rates "
            "is in the figure of the power."
        )
        return
    does = point.at(alternative)
    yield (
        f"Where it is {formats.level(alternative)}, the chance is "
        f"{formats.percent(does.accepted, 2)}: the power."
    )


def left_out(points: Sequence[Point], number: str) -> Prose:
    """What is not simulated."""
    first = points[0]
    if first.fixed:
        only = (
            "Everything but success, and a toxicity where one is set: no dose, no visit, no event "
            "and no drop-out. The trial serves to hold the simulation against exact mathematics."
        )
        return _prose("not-simulated", number, "What is not simulated", ("", only))
    passages = [*NOT_SIMULATED.items(), (AT_THE_DESK, _at_the_desk(points))]
    if first.silent:
        why = (
            "Rows that ask for what synthetic.yaml does not describe never act: the next table has "
            "them. Where such a row would stop treatment, trials here are kinder than real ones."
        )
        passages.append(("Rows of the decision tables", why))
    return _prose("not-simulated", number, "What is not simulated", *passages)


def _at_the_desk(points: Sequence[Point]) -> str:
    """Where alerts and queries were counted, or how they are."""
    count = points[0].rehearsals
    if not count:
        return NOT_COUNTED
    whole = "one whole rehearsal" if count == 1 else f"{count:,} whole rehearsals"
    return REHEARSED.format(f"{whole}{_each(points)}")


def silent_table(points: Sequence[Point], number: str) -> Table:
    """The rows that can never act."""
    told = [words.partition(": ") for words in points[0].silent]
    rows = tuple(Row((Cell(_capital(row)), Cell(why))) for row, _, why in told)
    columns = (Column("Row"), Column("Why it never acts here"))
    return Table("silent", number, "Rows of the decision tables that never act", columns, rows)


def again(study: Study, points: Sequence[Point], number: str) -> Prose:
    """How the same numbers are made again."""
    first = points[0]
    named = _named(study)
    said = (
        ""
        if named != "STUDY"
        else "STUDY is the folder of the study; its files are named below by their digests."
    )
    return _prose(
        "again",
        number,
        "How to make it again",
        ("", command(study, points)),
        (
            "",
            said,
            f"The seed is {first.seed}. The same seed, the same files and the same version of "
            "Pilotage give the same bytes, of this report too, for any number of workers.",
            "summary.csv and operating_characteristics.csv have every number unrounded, and the "
            "folders trials one row for each trial.",
            _rehearsed_again(first),
        ),
    )


def _rehearsed_again(point: Point) -> str:
    if not point.rehearsals:
        return ""
    return (
        "rehearsals.csv has a row for each rehearsal with its seed, with which pilotage rehearse "
        "makes it again, given the same number of subjects and the same settings."
    )


def command(study: Study, points: Sequence[Point]) -> str:
    """What is typed to simulate these trials."""
    first = points[0]
    scenario, own = _scenario(first)
    settings = {
        path: value
        for path, value in first.case.settings.items()
        if path not in own or (own[path] is not None and own[path] != value)
    }
    words = ["pilotage", "simulate", _named(study), "--trials", str(first.trials)]
    if SUBJECTS in settings:
        words += ["--subjects", str(int(settings.pop(SUBJECTS)))]
    words += ["--seed", str(first.seed)]
    if scenario != BASE:
        words += ["--scenario", scenario]
    for path, value in settings.items():
        words += ["--set", f"{path}={formats.plain(value).replace('−', '-')}"]
    if first.rehearsals:
        words += ["--rehearsals", str(first.rehearsals)]
    return shlex.join([*words, "--out", "DIR"])


def _scenario(point: Point) -> tuple[str, dict[str, float | None]]:
    """What --scenario named, and the values that come from there; None where they vary."""
    name, simulation = point.case.name, point.simulation
    if name in (BASE, FIXED):
        return name, {}
    if name in simulation.scenarios:
        return name, dict(simulation.scenarios[name].changes)
    grid = name.rpartition("-")[0]
    return grid, dict.fromkeys(simulation.grids[grid].over)


def _named(study: Study) -> str:
    """The name of a built-in study; of another its folder has no place here."""
    found = [name for name, folder in builtin_studies().items() if folder == study.folder]
    return found[0] if found else "STUDY"


def _prose(name: str, number: str, title: str, *passages: Sequence[str]) -> Prose:
    """Passages, each a heading and its sentences."""
    return Prose(
        name,
        number,
        title,
        tuple(
            Passage(heading, tuple(Cell(sentence) for sentence in sentences if sentence))
            for heading, *sentences in passages
        ),
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
