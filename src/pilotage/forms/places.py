"""Where the answers of a form live in SDTM: its rows, and what belongs to none of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pilotage.datasets.facts import Target, read_target
from pilotage.forms.reasons import ReasonNames
from pilotage.instruments import instruments
from pilotage.snapshot.tables import DATE_COLUMN
from pilotage.study import Study
from pilotage.study.protocol import Form, Item, Protocol, text_of

Pairs = tuple[tuple[str, str], ...]

CATEGORIES: Final = ("CAT", "SCAT")
DISPOSITION: Final = "DISPOSITION EVENT"


@dataclass(frozen=True, slots=True)
class Cell:
    """An item and the column of its answer (the QNAM of a supplement). `unit` is the one that the
    form prints; None where the site chooses, and for what has none. `reason` is the QNAM of why
    there is no answer."""

    item: str
    variable: str
    kind: str
    unit: str | None = None
    reason: str = ""

    @property
    def unit_variable(self) -> str | None:
        """The column of the unit: LBORRESU, CMDOSU, AGEU; None where SDTM has none."""
        if self.variable == "AGE" or self.variable.endswith("ORRES"):
            return f"{self.variable}U"
        return f"{self.variable.removesuffix('E')}U" if self.variable.endswith("DOSE") else None

    @property
    def has_limits(self) -> bool:
        return self.variable.endswith("ORRES")


@dataclass(frozen=True, slots=True)
class Place:
    """A row: the columns that tell it apart, those that hold answers, and what else stands in it
    whatever was answered."""

    domain: str
    where: Pairs
    cells: tuple[Cell, ...]
    constants: Pairs = ()

    @property
    def prefix(self) -> str:
        return self.domain.upper()

    @property
    def date_column(self) -> str:
        """The column of the date on which the row counts."""
        return DATE_COLUMN.get(self.domain, f"{self.prefix}DTC")

    @property
    def result(self) -> Cell | None:
        """The cell whose absence --STAT tells."""
        said = (f"{self.prefix}ORRES", f"{self.prefix}OCCUR")
        return next((cell for cell in self.cells if cell.variable in said), None)


@dataclass(frozen=True, slots=True)
class FormPlaces:
    """Every place of a form. `dates` holds, by domain, the item whose date counts for all rows of
    the form in it; `supplements` go to SUPP--; `subject` to DM; `visit` to SV."""

    repeating: bool
    rows: tuple[Place, ...]
    dates: Mapping[str, Cell] = field(default_factory=dict)
    supplements: tuple[tuple[str, Cell], ...] = ()
    subject: tuple[Cell, ...] = ()
    visit: tuple[Cell, ...] = ()

    @property
    def grouped(self) -> bool:
        """A page of a log that fills several rows: --GRPID tells which belong together."""
        return self.repeating and len(self.rows) > 1

    def shared(self, domain: str) -> Place | None:
        """What the date of a domain gives to all of its rows: its category, as a place without
        cells; None where no date counts for all rows."""
        if domain not in self.dates:
            return None
        columns = [f"{domain.upper()}{name}" for name in CATEGORIES]
        first = next(place for place in self.rows if place.domain == domain)
        return Place(domain, (), (), tuple(pair for pair in first.constants if pair[0] in columns))

    def domains(self) -> set[str]:
        found = {place.domain for place in self.rows}
        found |= {f"supp{parent}" for parent, _ in self.supplements}
        return found


def places_of(study: Study) -> dict[str, FormPlaces]:
    """The places of every form, in the order of the protocol. Items that only an older version of
    the protocol has keep their place: what was answered then is not lost."""
    older = [kept.protocol for kept in study.kept.values() if kept.protocol is not None]
    protocols = [study.protocol, *reversed(older)]
    names = dict.fromkeys(name for protocol in protocols for name in protocol.forms)
    reasons = ReasonNames()
    return {
        name: _form([p.forms[name] for p in protocols if name in p.forms], study.protocol, reasons)
        for name in names
    }


def _form(forms: list[Form], protocol: Protocol, reasons: ReasonNames) -> FormPlaces:
    items = {code: item for form in reversed(forms) for code, item in form.items.items()}
    items = {code: items[code] for form in forms for code in form.items}
    grouped: dict[tuple[str, Pairs], list[Cell]] = {}
    supplements: list[tuple[str, Cell]] = []
    subject, visit = list[Cell](), list[Cell]()
    for code, item in items.items():
        target = read_target(item.target)
        cell = _cell(code, item, target, reasons)
        if target.domain == "dm":
            subject.append(cell)
        elif target.domain == "sv":
            visit.append(cell)
        elif target.domain.startswith("supp"):
            supplements.append((target.domain.removeprefix("supp"), cell))
        else:
            grouped.setdefault((target.domain, target.where), []).append(cell)
    dates = dict(_dates(grouped, items))
    added: dict[str, Pairs] = {}
    for domain, (key, _) in dates.items():
        added[domain] = key[1]
        del grouped[key]
    rows = [
        Place(domain, where, tuple(cells), (*added.get(domain, ()),
              *_constants(domain, where, protocol)))
        for (domain, where), cells in grouped.items()
    ]  # fmt: skip
    return FormPlaces(
        repeating=forms[0].repeating,
        rows=(*_instrument(forms[0]), *rows),
        dates={domain: cell for domain, (_, cell) in dates.items()},
        supplements=tuple(supplements),
        subject=tuple(subject),
        visit=tuple(visit),
    )


def _cell(code: str, item: Item, target: Target, reasons: ReasonNames) -> Cell:
    units = item.units or ((item.unit,) if item.unit else ())
    variable = target.variable
    if target.domain.startswith("supp"):
        variable = dict(target.where).get("QNAM", variable)
    unit = units[0] if len(units) == 1 else None
    return Cell(code, variable, item.type, unit, reasons.of(target.domain, variable))


def _dates(
    grouped: Mapping[tuple[str, Pairs], list[Cell]], items: Mapping[str, Item]
) -> Iterator[tuple[str, tuple[tuple[str, Pairs], Cell]]]:
    """For each domain the date that stands alone, beside rows that it dates: LBDTC of a sheet."""
    for key, cells in grouped.items():
        domain, where = key
        prefix = domain.upper()
        column = DATE_COLUMN.get(domain, f"{prefix}DTC")
        others = sum(1 for other, _ in grouped if other == domain) > 1
        plain = all(name.removeprefix(prefix) in CATEGORIES for name, _ in where)
        alone = len(cells) == 1 and cells[0].variable == column
        if others and plain and alone and items[cells[0].item].type in ("date", "datetime"):
            yield domain, (key, cells[0])


def _constants(domain: str, where: Pairs, protocol: Protocol) -> Iterator[tuple[str, str]]:
    """What stands in a row beside answers: the study drug, the name of a question."""
    treatment, named = protocol.treatment, dict(where)
    if domain == "ex":
        yield "EXTRT", treatment.term
        if treatment.route != "not stated":
            yield "EXROUTE", treatment.route
    if domain == "ds" and "DSSCAT" in named and "DSCAT" not in named:
        yield "DSCAT", DISPOSITION
    if domain == "qs" and (code := named.get("QSTESTCD")) in protocol.parameters:
        assert code is not None
        parameter = protocol.parameters[code]
        if "QSCAT" not in named:
            yield "QSCAT", parameter.category or code
        yield "QSTEST", text_of(parameter.label)


def _instrument(form: Form) -> Iterator[Place]:
    """A row for each item of a published scale."""
    scale = instruments.get(form.instrument or "")
    for item in scale.items if scale else ():
        where = (("QSCAT", scale.category), ("QSTESTCD", item.code)) if scale else ()
        cell = Cell(item.code.lower(), "QSORRES", "points")
        yield Place("qs", where, (cell,), (("QSTEST", item.label),))
