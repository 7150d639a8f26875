"""The mapping of an old spreadsheet: which column holds which item, in which unit.

```yaml
subject: Patient            # the column with the subject's code
date: Visit                 # the column with the day of the visit; not for logs
date_format: "%d.%m.%Y"     # as Python writes it; 2026-11-23 where it is left out
missing: {n.d.: not done}   # words that stand for a value that is not there
columns:
  Weight: {item: vital_signs.weight, unit: kg}
  Creatinine: {item: chemistry.creatinine, unit_column: Creatinine unit}
  Smoker: {item: medical_history.smoker, values: {ja: "yes", nein: "no"}}
```
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from pilotage.capture.entry_forms import fields_of
from pilotage.findings import Finding, InputErrors, error
from pilotage.forms.answer import MISSING, Missing
from pilotage.study import Study
from pilotage.study.names import did_you_mean
from pilotage.study.yaml_reader import read_yaml

ISO: Final = "%Y-%m-%d"
KEYS: Final = ("subject", "date", "date_format", "missing", "columns")
COLUMN_KEYS: Final = (
    "item", "unit", "unit_column", "low_column", "high_column", "values", "date_format",
)  # fmt: skip

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the item that it holds. The unit is that of all lines, or stands in a column."""

    name: str
    form: str
    item: str
    unit: str = ""
    unit_column: str = ""
    low_column: str = ""
    high_column: str = ""
    date_format: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    subject: str
    date: str
    date_format: str
    columns: tuple[Column, ...]
    missing: Mapping[str, Missing] = field(default_factory=dict)

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(column.form for column in self.columns))

    @property
    def names(self) -> tuple[str, ...]:
        """Every column of the file that the mapping names."""
        found = [self.subject, self.date]
        for column in self.columns:
            found += [column.name, column.unit_column, column.low_column, column.high_column]
        return tuple(dict.fromkeys(name for name in found if name))


def read_mapping(study: Study, content: bytes, *, file: str) -> ColumnMapping:
    """Read a mapping. Raises InputErrors with every mistake and its line."""
    read = read_yaml(content, file=file)
    checking = _Checking(study, file, read.lines)
    if read.findings or not isinstance(read.value, dict):
        words = "a mapping has subject, date and columns"
        raise InputErrors([*read.findings] or [error(file, words)])
    made = checking.mapping(read.value)
    if checking.mistakes:
        raise InputErrors(checking.mistakes)
    return made


@dataclass(slots=True)
class _Checking:
    study: Study
    file: str
    lines: Mapping[Path, int]
    mistakes: list[Finding] = field(default_factory=list)

    def wrong(self, path: Path, words: str) -> None:
        line = next((self.lines[path[:n]] for n in range(len(path), 0, -1)
                     if path[:n] in self.lines), None)  # fmt: skip
        self.mistakes.append(error(self.file if line is None else f"{self.file}:{line}", words))

    def mapping(self, value: Mapping[str, Any]) -> ColumnMapping:
        self._known((), value, KEYS)
        subject = self._text((), value, "subject")
        if not subject:
            self.wrong((), "subject is missing: which column holds the code of the subject?")
        columns = value.get("columns")
        if not isinstance(columns, dict) or not columns:
            self.wrong(("columns",), "columns is missing: which column holds which item?")
            columns = {}
        made = [column for name, said in columns.items() for column in self._column(name, said)]
        date = self._text((), value, "date")
        logs = {c.form for c in made if self.study.protocol.forms[c.form].repeating}
        others = {c.form for c in made} - logs
        if others and not date:
            words = f"date is missing: {min(others)} is filled at a visit, and its day is needed"
            self.wrong((), words)
        return ColumnMapping(
            subject,
            date,
            self._text((), value, "date_format") or ISO,
            tuple(made),
            dict(self._missing(value.get("missing") or {})),
        )

    def _column(self, name: str, said: Any) -> Iterator[Column]:
        path: Path = ("columns", name)
        if not isinstance(said, dict):
            self.wrong(path, f"column '{name}': write {{item: form.item, unit: …}}")
            return
        self._known(path, said, COLUMN_KEYS)
        form, _, item = self._text(path, said, "item").partition(".")
        declared = self.study.protocol.forms
        if form not in declared:
            self.wrong(path, f"the study has no form '{form}'{did_you_mean(form, declared)}")
            return
        page = fields_of(self.study, form)
        asked = page.field(item)
        if asked is None:
            hint = did_you_mean(item, [each.item for each in page.fields])
            self.wrong(path, f"the form {form} has no item '{item}'{hint}")
            return
        column = Column(
            str(name),
            form,
            item,
            **{key: self._text(path, said, key) for key in COLUMN_KEYS[1:5]},
            date_format=self._text(path, said, "date_format"),
            values={str(k): str(v) for k, v in (said.get("values") or {}).items()},
        )
        if asked.is_number and asked.units and not (column.unit or column.unit_column):
            offered = ", ".join(asked.units)
            words = f"column '{name}' holds numbers: name its unit ({offered}) or a unit_column"
            self.wrong(path, words)
        yield column

    def _known(self, path: Path, value: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        for key in value:
            if key not in keys:
                self.wrong((*path, key), f"'{key}' is not known here{did_you_mean(key, keys)}")

    def _text(self, path: Path, value: Mapping[str, Any], key: str) -> str:
        found = value.get(key)
        if found is None:
            return ""
        if isinstance(found, dict | list):
            self.wrong((*path, key), f"{key} is one word, not a list")
            return ""
        return str(found)

    def _missing(self, said: Any) -> Iterator[tuple[str, Missing]]:
        for text, word in said.items() if isinstance(said, dict) else ():
            if word in MISSING:
                yield str(text), cast(Missing, word)
            else:
                words = f"'{text}' stands for {', '.join(MISSING[:-1])} or {MISSING[-1]}"
                self.wrong(("missing", text), words)
