"""The plan as a document: populations, analyses in words, and a shell of every output."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pilotage.analysis import analyse
from pilotage.report import formats, patterns
from pilotage.report.context import Context
from pilotage.report.document import facts_of, populations_of
from pilotage.report.lookup import Lookup
from pilotage.report.model import Cell, Document, Row, Table
from pilotage.report.shells.nobody import nobody
from pilotage.report.shells.outputs import shell
from pilotage.report.shells.plan import plan_parts
from pilotage.report.words import Words
from pilotage.study import Study


def shell_document(study: Study, language: str | None = None) -> Document:
    """Everything that the study says it will do, before any data. Its date is that of the latest
    version of the protocol, so that the same study gives the same bytes."""
    day = max(version.date for version in study.protocol.versions)
    context = shell_context(study, day, language)
    words = context.words
    return Document(
        title=context.text(study.protocol.study.short_title),
        subtitle=f"{words('plan_and_shells')}: {context.text(study.protocol.study.title)}",
        synthetic=False,
        language=words.language,
        date=formats.day(day),
        headlines=(),
        populations=_without_sizes(populations_of(context)),
        facts=tuple(_facts(context)),
        parts=(*plan_parts(context), *(shell(output, context) for output in study.sap.outputs)),
        dated=words("protocol_date"),
    )


def shell_context(study: Study, day: date, language: str | None = None) -> Context:
    """What layouts need, of a trial without subjects."""
    datasets = nobody(study, day)
    words = Words(language or study.protocol.languages[0])
    return Context(study, datasets, Lookup(analyse(study, datasets)), words)


def _without_sizes(table: Table) -> Table:
    rows = tuple(
        Row((row.cells[0], Cell(patterns.COUNT), *row.cells[2:]), row.level, row.heading)
        for row in table.rows
    )
    return replace(table, rows=rows)


def _facts(context: Context) -> Iterator[tuple[str, str]]:
    """What the report says of the study, without what only data have."""
    words = context.words
    left_out = {words(key) for key in ("data", "data_cut", "findings")}
    yield from (fact for fact in facts_of(context) if fact[0] not in left_out)
    yield words("significance"), formats.plain(context.study.sap.significance)
