"""The report as a document: every output of the plan, in the plan's order."""

from collections.abc import Callable, Iterator

from pilotage import __version__
from pilotage.datasets import Datasets
from pilotage.report import figures, formats, sentences
from pilotage.report.context import Context
from pilotage.report.headlines import headlines
from pilotage.report.layouts import (
    change_table,
    counts,
    exposure,
    listings,
    narratives,
    subjects,
)
from pilotage.report.model import Cell, Column, Document, Part, Row, Table
from pilotage.report.provenance import stamped
from pilotage.study.sap import Output, Population

LAYOUTS: dict[str, Callable[[Output, Context], Part]] = {
    "disposition": counts.disposition,
    "subjects": subjects.subjects,
    "baseline": counts.baseline,
    "response": counts.response,
    "response by subject": subjects.response_by_subject,
    "course over time": figures.course_over_time,
    "time to event": figures.time_to_event,
    "adverse events": counts.adverse_events,
    "body maps": figures.body_maps,
    "before and after": figures.before_and_after,
    "flow": figures.flow,
    "swimmer": figures.swimmer,
    "waterfall": figures.waterfall,
    "individual courses": figures.individual_courses,
    "laboratory courses": figures.laboratory_courses,
    "deviations": listings.deviations,
    "adverse event listing": listings.adverse_events,
    "laboratory listing": listings.laboratory,
    "exposure": exposure.exposure,
    "compliance": exposure.compliance,
    "narratives": narratives.narratives,
    "results text": sentences.results_text,
    "changes": change_table.changes,
}
"""One function for each layout that `sap.yaml` may name."""


def document(context: Context) -> Document:
    """Build every output and gather what the reader must know about the data behind it."""
    study, datasets = context.study, context.datasets
    return Document(
        title=context.text(study.protocol.study.short_title),
        subtitle=context.text(study.protocol.study.title),
        synthetic=datasets.synthetic,
        language=context.words.language,
        date=formats.day(datasets.data_cut),
        headlines=headlines(context),
        populations=populations_of(context),
        facts=tuple(facts_of(context)),
        parts=tuple(
            stamped(LAYOUTS[output.layout](output, context), output, context)
            for output in study.sap.outputs
        ),
    )


def facts_of(context: Context) -> Iterator[tuple[str, str]]:
    """What every reader must be able to check."""
    study, datasets, words = context.study, context.datasets, context.words
    identity = study.protocol.study
    in_force = [v for v in study.protocol.versions if v.date <= datasets.data_cut]
    registered = identity.registration != "not stated"
    yield words("study"), f"{identity.id}: {context.text(identity.title)}"
    yield (
        words("registration"),
        identity.registration if registered else words("registration_open"),
    )
    yield words("data"), words(_origin(datasets))
    yield words("data_cut"), formats.day(datasets.data_cut)
    yield (
        words("protocol_version"),
        max(in_force, key=lambda v: v.date).id if in_force else words("no_version"),
    )
    yield words("study_digest"), study.digest
    yield words("rounding"), words("rounding_rule")
    yield words("software"), f"Pilotage {__version__}"
    counted = datasets.findings.group_by("SEVERITY").len().sort("SEVERITY").rows()
    for severity, n in counted:
        key = f"findings_{severity}" if n != 1 else f"findings_{severity}_1"
        yield words("findings"), words(key, n=formats.count(n))


def _origin(datasets: Datasets) -> str:
    """The words for where the data come from. A synthetic snapshot always has a manifest."""
    if datasets.synthetic:
        return "data_synthetic"
    return "data_captured" if datasets.signed else "data_foreign"


def populations_of(context: Context) -> Table:
    """Who counts, for every population of the plan; sizes are counts of flags of ADSL."""
    words = context.words
    rows = []
    for name, population in context.study.sap.populations.items():
        remark = context.text(population.remark) if population.remark else ""
        rows.append(
            Row(
                (
                    Cell(context.population_name(name)),
                    Cell(formats.count(context.size(name)), source=f"ADSL {name}"),
                    Cell(_rule(context, population), detail=remark),
                )
            )
        )
    columns = (
        Column(words("population")),
        Column(words("subjects"), "number"),
        Column(words("who_counts")),
    )
    return Table("populations", "", words("populations"), columns, tuple(rows))


def _rule(context: Context, population: Population) -> str:
    match population.rule:
        case "screened":
            return context.words("population_screened")
        case "enrolled":
            return context.words("population_enrolled")
        case "treated":
            return context.words("population_treated")
        case "first cycle lasts":
            days = formats.count(population.days or 1)
            return context.words("population_first_cycle", days=days)
