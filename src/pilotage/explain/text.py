"""The life of a subject, and the trace of a value, as lines for a terminal."""

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import wrap

from pilotage.explain.model import Day, Entry, Life, Part, Period
from pilotage.explain.page import counted, headings
from pilotage.explain.trace import Found, Trace
from pilotage.explain.words import capital, inputs_words
from pilotage.report.html import CONTROL
from pilotage.study import Study

WIDTH = 80
HANG = 16
SYNTHETIC = "Synthetic data: invented subjects, no patient data"


def as_text(life: Life, study: Study) -> list[str]:
    """Every line, at most 80 characters wide."""
    lines = [*_head(life)]
    version = ""
    for each in life.story:
        lines.append("")
        if isinstance(each, Period):
            lines += _wrapped(f"{_dates(each)}  {each.what}", "", " " * 12)
            continue
        lines += _day(each, study, told=version)
        version = each.version or version
    lines += ["", f"How things stand on {life.at}{_after(life.now)}"]
    lines += [line for entry in life.now.entries for line in _entry(entry, study)]
    return [*lines, *_headings(life)]


def _head(life: Life) -> Iterator[str]:
    yield from _wrapped(f"{life.subject} in {life.study}: {life.title}", "", "  ")
    if life.synthetic:
        yield SYNTHETIC
    cut = "the data cut" if life.at == life.data_cut else f"of the data up to {life.data_cut}"
    known = f"What was known on {life.at}, {cut}."
    yield from _wrapped(f"{life.person}. {known}" if life.person else known, "", "  ")
    if life.not_collected:
        yield from _wrapped(f"Not collected: {', '.join(life.not_collected)}.", "", "  ")


def _dates(period: Period) -> str:
    return f"{period.days[0].written} to {period.days[-1].written}"


def _after(day: Day) -> str:
    said = counted(day)
    return f", {said}" if said else ""


def _day(day: Day, study: Study, *, told: str) -> Iterator[str]:
    title = f"  {day.title}" if day.title else ""
    version = f"  (protocol {day.version})" if day.version and day.version != told else ""
    yield from _wrapped(f"{day.written}{_after(day)}{title}{version}", "", "  ")
    for entry in day.entries:
        if entry.kind != "visit" or entry.mark or entry.what != "in its window":
            yield from _entry(entry, study)
        elif entry.parts:
            yield from _parts(entry.parts, study)


def _entry(entry: Entry, study: Study) -> Iterator[str]:
    head = f"  {capital(entry.kind)}".ljust(HANG)
    ids = ", ".join(source.id for source in entry.sources)
    why = f" “{entry.why}”" if entry.why else ""
    yield from _wrapped(f"{entry.what}{'.' if why else ''}{why}{f' [{ids}]' if ids else ''}",
                        head, " " * HANG)  # fmt: skip
    values = "; ".join(inputs_words(entry.inputs, study.namespace))
    yield from _wrapped(values, " " * HANG, " " * HANG)
    yield from _parts(entry.parts, study)


def _parts(parts: Iterable[Part], study: Study, indent: str = " " * HANG) -> Iterator[str]:
    for part in parts:
        values = "; ".join(inputs_words(part.inputs, study.namespace))
        ids = ", ".join(source.id for source in part.sources)
        said = ": ".join(each for each in (part.what, part.why) if each)
        cited = f" [{ids}]" if ids else ""
        between = ". " if said and values else ""
        yield from _wrapped(f"{said}{cited}{between}{values}", f"{indent}- ", f"{indent}  ")


def _headings(life: Life) -> Iterator[str]:
    """The headings of the protocol that were cited, each once."""
    cited = headings(life)
    if cited:
        yield from ("", "The protocol says")
    for source in cited:
        yield from _wrapped(f"{source.id}  {source.heading}", "  ", "        ")


def _wrapped(text: str, first: str, later: str) -> list[str]:
    """The text in lines of at most 80 characters; a word that is longer is broken."""
    if not text:
        return []
    shown = text.translate(CONTROL)
    return wrap(shown, WIDTH, initial_indent=first, subsequent_indent=later,
                break_on_hyphens=False) or [first.rstrip()]  # fmt: skip


# -- traces ----------------------------------------------------------------------------------------

OF_FINDINGS = ("TESTCD", "ORRES", "ORRESU", "ORNRLO", "ORNRHI", "DTC")
"""What a row of a table of findings holds, as far as a terminal shows it."""


def trace_text(trace: Trace, study: Study, subject: str, at: date) -> list[str]:
    """The trace as lines: what it is, how it comes about, and the rows that say it. Lines of the
    snapshot that were shown are named again by their first and last."""
    lines = _wrapped(f"{subject} on {at}: {trace.name}, {trace.label}", "", "  ")
    shown: set[tuple[str, ...]] = set()
    lines += _trace(trace, study, shown)
    for each in trace.behind:
        lines += ["", *_wrapped(f"Behind it: {each.name}, {each.label}", "", "  ")]
        lines += _trace(each, study, shown)
    return lines


def _trace(trace: Trace, study: Study, shown: set[tuple[str, ...]]) -> Iterator[str]:
    yield from _wrapped(trace.answer, "  ", "    ")
    for line in trace.how:
        yield from _wrapped(line, "  how   ", "        ")
    yield from _parts(trace.steps, study, "        ")
    for found in trace.datasets:
        yield from _wrapped(f"{found.where}  {_shown(found)}", "  from  ", "        ")
    places = tuple(found.where for found in trace.snapshot)
    if len(places) > 1 and places in shown:
        yield f"  from  {len(places)} lines as above, {places[0]} to {places[-1]}"
        return
    shown.add(places)
    for found in trace.snapshot:
        yield from _wrapped(f"{found.where}  {_shown(found)}", "  from  ", "        ")


def _shown(found: Found) -> str:
    """The cells of a row; of a finding, what was found."""
    cells = found.cells
    findings = [c for c in cells if c[2:] in OF_FINDINGS]
    chosen = findings if any(c.endswith("TESTCD") for c in findings) else list(cells)
    return ", ".join(f"{column} {cells[column]}" for column in chosen)
