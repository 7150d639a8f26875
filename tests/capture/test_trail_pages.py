"""The pages about the trail and the workflow say what the code does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import workflow_page
from pilotage.capture import first_start, trail
from pilotage.capture.actions import access, password, queries, subjects
from pilotage.capture.playing import rehearsal
from pilotage.capture.triggers import KEPT

ROOT = Path(__file__).parents[2]
CAPTURE = ROOT / "src/pilotage/capture"
PAGE = (ROOT / "docs/reference/audit-trail.md").read_text(encoding="utf-8")


def actions() -> set[str]:
    """Every action that the code writes."""
    found = {text for file in CAPTURE.rglob("*.py") for text in _texts(file)}
    found |= {trail.OPENED, trail.STUDY_CHANGED, trail.CLOCK_WENT_BACK, trail.CLOCK_ACKNOWLEDGED}
    found |= {password.WRONG, first_start.AMENDED, first_start.DEMONSTRATION}
    found |= {trail.REHEARSAL, rehearsal.PLAYED}
    return found | set(access.NOTED) | set(queries._DONE.values()) | set(subjects._DONE.values())


def _texts(file: Path) -> Iterator[str]:
    """The actions that a file names in the call itself."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="acting"), args=[ast.Constant(value=str(text)), *_]):
                yield text


def test_the_page_names_every_action_and_no_other() -> None:
    table = PAGE.split("## The actions")[1].split("## Time")[0]
    assert set(re.findall(r"`([^`]+)`", table)) == actions()


def test_the_page_names_every_column_of_an_event() -> None:
    columns = {field.name for field in KEPT[0]._meta.concrete_fields}
    table = PAGE.split("## An event")[1].split("A password")[0]
    cells = re.findall(r"^\| ([^|]+) \|", table, re.M)
    firsts = {cell for row in cells for cell in row.split(", ")}
    assert {cell.strip("`") for cell in firsts if "`" in cell} == columns


def test_the_page_of_the_workflow_is_current() -> None:
    written = workflow_page.PAGE.read_text(encoding="utf-8")
    assert written == workflow_page.page(), "run `make docs`"
