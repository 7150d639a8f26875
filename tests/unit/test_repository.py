"""The repository around the code: documentation that can fail, locks, and what no file may hold."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest
import typer
from typer.core import TyperGroup

from pilotage.analysis.results import SCHEMA, Status
from pilotage.cli import app
from pilotage.conditions.tokens import WORDS
from pilotage.courses import nature, write_cohort
from pilotage.datasets import NAMES, derive
from pilotage.snapshot.manifest import Manifest
from pilotage.snapshot.tables import REQUIRED_COLUMNS
from pilotage.study import builtin_studies, load_study, protocol, sap
from pilotage.study.protocol import Part, Protocol
from pilotage.study.sap import Sap

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
SOURCES = sorted((ROOT / "src/pilotage").rglob("*.py"))
TEXTS = (".py", ".yaml", ".json", ".md", ".html", ".css", ".typ", ".jinja", ".j2", ".txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", re.MULTILINE)


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def without_code(page: str) -> str:
    return re.sub(r"```.*?```", "", page, flags=re.DOTALL)


def anchors(page: str) -> set[str]:
    """The anchors that the headings of a page get."""
    headings = re.findall(r"^#+ (.+)$", without_code(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in headings}


# -- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.is_file(), f"{link} is no file"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{link}: no such heading"


def test_every_page_of_the_documentation_can_be_reached_from_its_index() -> None:
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        links = [link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
        waiting += [
            target
            for target in ((page.parent / link).resolve() for link in links)
            if target.suffix == ".md" and target.is_relative_to(DOCS)
        ]
    assert reached == set(DOCS.rglob("*.md"))


def test_decisions_are_numbered_without_gaps_and_say_why() -> None:
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:4]} "), page.name
        for part in ("**Status:**", "## Context", "## Decision", "## Consequences"):
            assert part in text, f"{page.name} has no {part}"


def test_the_changelog_names_the_version_of_the_package() -> None:
    assert re.search(rf"^## {re.escape(PROJECT['version'])}\b", read("CHANGELOG.md"), re.MULTILINE)


# -- the reference follows the code ---------------------------------------------------------------


def test_the_study_file_page_has_a_heading_for_each_part_of_both_files() -> None:
    page = read("docs/reference/study-file.md")
    for model in (Protocol, Sap):
        for key in model.model_fields:
            shared = model is Sap and key == "pilotage"
            assert shared or f"### `{key}`" in page, f"{key} of {model.__name__} has no heading"


def test_the_study_file_page_names_every_key() -> None:
    page = read("docs/reference/study-file.md")
    models = [
        model
        for module in (protocol, sap, nature)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, Part)
    ]
    keys = {field.alias or key for m in models for key, field in m.model_fields.items()}
    assert [key for key in sorted(keys) if not re.search(rf"`{key}[`:]", page)] == []


def test_the_conditions_page_names_every_word_of_the_language() -> None:
    forms = " ".join(re.findall(r"`([^`]+)`", read("docs/reference/conditions.md")))
    assert [word for word in WORDS if not re.search(rf"\b{word}\b", forms)] == []


def test_the_snapshot_page_names_required_columns_and_the_keys_of_the_manifest() -> None:
    page = read("docs/reference/snapshot.md")
    for table, columns in REQUIRED_COLUMNS.items():
        own = " ".join(c for c in columns if c not in ("STUDYID", "DOMAIN", "USUBJID"))
        assert f"| `{table}` | `{own}` |" in page
    for key in Manifest.__dataclass_fields__:
        assert f"| `{key}` |" in page


def test_the_results_page_names_every_column_and_status() -> None:
    page = read("docs/reference/results.md")
    assert [word for word in (*SCHEMA, *get_args(Status)) if f"`{word}`" not in page] == []


def test_the_commands_page_names_every_command_with_its_options_and_no_other() -> None:
    page = read("docs/reference/cli.md")
    rows = re.findall(r"^\| `pilotage ([\w-]+)[^|]*\|[^|]*\|([^|]*)\|$", page, re.MULTILINE)
    written = {command: set(re.findall(r"`(--[\w-]+)`", options)) for command, options in rows}
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    existing = {
        name: {option for p in command.params for option in p.opts if option.startswith("--")}
        for name, command in group.commands.items()
    }
    assert written == existing


def test_the_datasets_page_has_a_heading_for_each_dataset() -> None:
    headings = re.findall(r"^## ([A-Z]+):", read("docs/reference/datasets.md"), re.MULTILINE)
    assert sorted(headings) == sorted(name.upper() for name in NAMES)


def test_the_datasets_page_names_every_derived_column(tmp_path: Path) -> None:
    page = read("docs/reference/datasets.md")
    study = load_study(next(iter(builtin_studies())))
    snapshot = write_cohort(study, tmp_path / "snapshot", seed=1, subjects=3)
    of_the_study = {*study.protocol.subject_facts, *study.sap.populations}
    of_the_source = {column for table in snapshot.tables.values() for column in table.columns}
    derived = {c for frame in derive(study, snapshot).named().values() for c in frame.columns}
    unnamed = [
        column
        for column in sorted(derived - of_the_study - of_the_source)
        if f"`{column}`" not in page
    ]
    assert unnamed == []


def test_every_column_of_the_glossary_stands_in_the_datasets_page() -> None:
    datasets = read("docs/reference/datasets.md")
    of_sdtm = {"USUBJID", "VISIT"}
    columns = set(re.findall(r"`([A-Z][A-Z0-9]+)`", read("GLOSSARY.md"))) - of_sdtm
    assert [c for c in sorted(columns) if not re.search(rf"\b{c}\b", datasets)] == []


# -- commands and locks ---------------------------------------------------------------------------


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.MULTILINE))
    assert {"demo", "test", "check"} <= targets
    for page in PAGES:
        for target in re.findall(r"\bmake ([a-z]+)\b", "".join(commands(page))):
            assert target in targets, f"{name_of(page)} names `make {target}`"


def commands(page: Path) -> list[str]:
    """What a page sets as code, in lines or in words."""
    return re.findall(r"```sh.*?```|`make [^`]*`", page.read_text(encoding="utf-8"), re.DOTALL)


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall(read(lock)))


def test_the_locks_pin_every_dependency_and_agree() -> None:
    running, working = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {plain(need) for need in PROJECT["dependencies"]} <= running.keys()
    assert {plain(need) for need in PROJECT["optional-dependencies"]["dev"]} <= working.keys()
    assert running.items() <= working.items()


def plain(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_names_no_address(lock: str) -> None:
    text = read(lock)
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"index-url|find-links|trusted-host|://", text)


# -- what no file may hold ------------------------------------------------------------------------


def test_no_page_and_no_source_names_a_place_on_a_machine() -> None:
    own = [*PAGES, *SOURCES, *(ROOT / name for name in ("Makefile", "pyproject.toml", ".ci/run"))]
    places = re.compile(r"(?<![\w.])/(home|root|work|Users|tmp)/\w|file://")
    assert [name_of(f) for f in own if places.search(f.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "word",
    [
        *("lupus", "clasi", "sledai", "lenalidomide", "thalidomide", "cutaneous", "erythema"),
        *("antimalarial", "nephritis", "alopecia", "dsdna", "psoriasis", "nephrotic"),
    ],
)
def test_the_engine_names_no_drug_and_no_disease(word: str) -> None:
    engine = {
        name_of(file): file.read_text(encoding="utf-8").lower()
        for file in sorted((ROOT / "src/pilotage").rglob("*"))
        if file.suffix in TEXTS
        and not {"instruments", "studies"} & set(file.relative_to(ROOT / "src/pilotage").parts)
    }
    for name in engine:  # the demo and the examples of the commands name a built-in study
        if name.startswith("src/pilotage/cli/"):
            for study in builtin_studies():
                engine[name] = engine[name].replace(study, "")
    assert [name for name, text in engine.items() if word in text] == []
