"""Writes docs/requirements.md: what became of every numbered requirement of the built-in study.

Four places are read and nothing is typed twice: the headings of protocol.md (id and title), the
`source:` entries of protocol.yaml and sap.yaml (where in the study), requirements.yaml (which
function of the engine, or the station it is planned for) and the `requirement` marks of the tests.
"""

import ast
import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pilotage.study.prose import read_prose

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "src/pilotage/studies/lenalidomide_cle"
TESTS = ROOT / "tests"
PAGE = ROOT / "docs/requirements.md"
STATIONS = ("report", "rules", "capture", "publication", "simulation")

INTRODUCTION = """\
# Requirements of the built-in study

<!-- Written by `make docs` from tools/requirements_table.py: edit its sources, not this page. -->

Each requirement is a heading of the study's `protocol.md`. *Where in the study* names the sections
of `protocol.yaml` and `sap.yaml` whose `source:` cites it; a section that lies inside one already
named is not repeated. *Function* is the part of the engine that carries it out; `planned` means
that it does not exist yet and names the station that will hold it. *Tests* carry the id as a mark.

"""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the table. An empty tuple is an empty cell; `planned` stands in for functions."""

    id: str
    title: str
    places: tuple[str, ...]
    functions: tuple[str, ...]
    planned: str | None
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows, in the order of protocol.md, and every mistake found on the way."""

    rows: tuple[Requirement, ...]
    mistakes: tuple[str, ...]


def as_list(entry: Any) -> list[str]:
    """One or several: study files allow a single text where a list may stand."""
    return [entry] if isinstance(entry, str) else list(entry)


def places(section: Any, path: str) -> Iterator[tuple[str, str]]:
    """(id, path) for each `source:` below `section`.

    An entry of a list is named by its own `id`, never by its position, so that a path changes only
    when the study does.
    """
    if isinstance(section, Mapping):
        for identifier in as_list(section.get("source") or ()):
            yield identifier, path
        for key, value in section.items():
            yield from places(value, f"{path}.{key}")
    elif isinstance(section, Sequence) and not isinstance(section, str):
        for entry in section:
            named = isinstance(entry, Mapping) and "id" in entry
            yield from places(entry, f"{path}.{entry['id']}" if named else path)


def outermost(paths: Sequence[str]) -> tuple[str, ...]:
    """Each path once, without those that lie inside another."""
    distinct = list(dict.fromkeys(paths))
    return tuple(
        path for path in distinct if not any(path.startswith(f"{other}.") for other in distinct)
    )


def is_mark(node: ast.AST) -> bool:
    """Whether `node` is `pytest.mark.requirement`, called or not."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "requirement"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "mark"
    )


def marks(source: str) -> Iterator[tuple[str, str | None, int]]:
    """(id, test function, line) for each requirement mark of a test file.

    A mark of the whole file (`pytestmark`) stands for `all tests`. The function is None where the
    mark cannot be read: ids must be literal texts, in the decorators of a test function or in
    `pytestmark`.
    """
    tree = ast.parse(source)
    read: set[ast.AST] = set()
    for name, expression in marked_expressions(tree):
        for call in ast.walk(expression):
            if isinstance(call, ast.Call) and is_mark(call.func):
                texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
                if texts and len(texts) == len(call.args):
                    read.add(call.func)
                    yield from ((str(text), name, call.lineno) for text in texts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_mark(node) and node not in read:
            yield "", None, node.lineno


def marked_expressions(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Where marks may stand: (`all tests`, value of pytestmark), (test function, decorator)."""
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                yield "all tests", value
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            yield from ((function.name, decorator) for decorator in function.decorator_list)


def can_be_imported(dotted: str) -> bool:
    """Whether `package.module.function` names something inside a module."""
    module, _, name = dotted.rpartition(".")
    try:
        return bool(module) and hasattr(importlib.import_module(module), name)
    except ImportError:
        return False


def cited(study: Path) -> dict[str, list[str]]:
    """The places of the study file that cite each id."""
    found: dict[str, list[str]] = {}
    for name in ("protocol", "sap"):
        tree = YAML(typ="safe").load(study / f"{name}.yaml")
        for identifier, path in places(tree, name):
            found.setdefault(identifier, []).append(path)
    return found


def shown(tests: Path) -> tuple[dict[str, list[str]], list[str]]:
    """The tests that carry each id, and the marks that cannot be read."""
    found: dict[str, list[str]] = {}
    unread = []
    for file in sorted(tests.rglob("test_*.py")):
        where = file.relative_to(tests).as_posix()
        for identifier, function, line in marks(file.read_text(encoding="utf-8")):
            if function is None:
                unread.append(
                    f"tests/{where}:{line}: write requirement ids as texts, in the decorator of a"
                    " test function or in pytestmark"
                )
            else:
                found.setdefault(identifier, []).append(f"{where}::{function}")
    return found, unread


def build(study: Path, tests: Path) -> Table:
    """Read the four places and put them side by side."""
    prose = (study / "protocol.md").read_text(encoding="utf-8")
    titles = read_prose(prose, file="protocol.md").headings
    sources = cited(study)
    carried: dict[str, dict[str, Any]] = YAML(typ="safe").load(study / "requirements.yaml") or {}
    marked, mistakes = shown(tests)
    rows = tuple(
        Requirement(
            id=identifier,
            title=title,
            places=outermost(sources.get(identifier, ())),
            functions=tuple(as_list(carried.get(identifier, {}).get("function", ()))),
            planned=carried.get(identifier, {}).get("planned"),
            tests=tuple(dict.fromkeys(marked.get(identifier, ()))),
        )
        for identifier, title in titles.items()
    )
    named: dict[str, Iterable[str]] = {
        "source:": sources,
        "requirements.yaml": carried,
        "a test mark": marked,
    }
    mistakes += [
        f"{identifier}: named by {where}, but it is no heading of protocol.md"
        for where, ids in named.items()
        for identifier in ids
        if identifier not in titles
    ]
    return Table(rows, (*mistakes, *(mistake for row in rows for mistake in mistakes_of(row))))


def mistakes_of(row: Requirement) -> list[str]:
    """What is missing or wrong in one row."""
    mistakes = []
    if not row.places:
        mistakes.append(f"{row.id}: no source: in protocol.yaml or sap.yaml names it")
    if not row.functions and row.planned is None:
        mistakes.append(f"{row.id}: requirements.yaml names neither a function nor a plan")
    if row.functions and row.planned is not None:
        mistakes.append(f"{row.id}: requirements.yaml names a function and calls it planned")
    if row.planned is not None and row.planned not in STATIONS:
        mistakes.append(
            f"{row.id}: planned for {row.planned!r}, which is none of {', '.join(STATIONS)}"
        )
    if not row.tests:
        mistakes.append(f"{row.id}: no test carries @pytest.mark.requirement({row.id!r})")
    mistakes += [
        f"{row.id}: {function} cannot be imported"
        for function in row.functions
        if not can_be_imported(function)
    ]
    return mistakes


def page(rows: Sequence[Requirement]) -> str:
    """The table as Markdown."""
    lines = [
        "| Id | Requirement | Where in the study | Function | Tests |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        title = row.title.replace("|", "\\|")
        done = f"planned: {row.planned}" if row.planned else code(row.functions)
        lines.append(f"| {row.id} | {title} | {code(row.places)} | {done} | {by_file(row.tests)} |")
    planned = sum(row.planned is not None for row in rows)
    total = f"{len(rows)} requirements, of which {planned} are planned.\n"
    return INTRODUCTION + "\n".join(lines) + "\n\n" + total


def code(names: Sequence[str]) -> str:
    return "<br>".join(f"`{name}`" for name in names)


def by_file(tests: Sequence[str]) -> str:
    """`spec/test_dosing.py`: test_a, test_b — one line per file."""
    files: dict[str, list[str]] = {}
    for test in tests:
        file, _, function = test.partition("::")
        files.setdefault(file, []).append(function)
    return "<br>".join(f"`{file}`: {', '.join(names)}" for file, names in files.items())


def main() -> int:
    """Write the page; print every mistake. Returns 1 where there is one."""
    table = build(STUDY, TESTS)
    PAGE.write_text(page(table.rows), encoding="utf-8")
    for mistake in table.mistakes:
        print(mistake, file=sys.stderr)
    return 1 if table.mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
