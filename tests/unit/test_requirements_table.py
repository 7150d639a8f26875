"""The table of requirements is complete for the built-in study, current, and strict."""

from pathlib import Path

import pytest

from requirements_table import PAGE, STUDY, TESTS, build, marks, page

PROTOCOL_MD = """
# The trial
## P-10 Age over 18 years
Prose.
## P-31 Raise after no response
"""
PROTOCOL_YAML = """
study: {source: P-10, design: {source: P-10}}
eligibility:
  inclusion:
    - {id: INC01, source: P-10}
dosing:
  rows:
    - {do: raise, source: [P-31, P-10]}
    - {do: hold, source: P-31}
"""
REQUIREMENTS_YAML = """
P-10: {function: pathlib.Path}
P-31: {planned: rules}
"""
MARKED = """
import pytest

@pytest.mark.requirement("P-10")
def test_age(): ...

@pytest.mark.requirement("P-10", "P-31")
def test_plan(): ...
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of two requirements whose table is complete, with its tests in `tests/`."""
    (tmp_path / "protocol.md").write_text(PROTOCOL_MD)
    (tmp_path / "protocol.yaml").write_text(PROTOCOL_YAML)
    (tmp_path / "sap.yaml").write_text("populations: {SAFFL: {source: P-10}}")
    (tmp_path / "requirements.yaml").write_text(REQUIREMENTS_YAML)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_study.py").write_text(MARKED)
    return tmp_path


def mistakes(study: Path) -> tuple[str, ...]:
    return build(study, study / "tests").mistakes


def test_no_cell_of_the_built_in_study_is_empty() -> None:
    assert build(STUDY, TESTS).mistakes == ()


def test_the_page_is_current() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(build(STUDY, TESTS).rows), "run `make docs`"


def test_a_complete_study_has_no_mistakes_and_one_row_per_heading(study: Path) -> None:
    table = build(study, study / "tests")
    assert table.mistakes == ()
    assert [(row.id, row.title) for row in table.rows] == [
        ("P-10", "Age over 18 years"),
        ("P-31", "Raise after no response"),
    ]


def test_places_are_section_paths_named_by_id_never_by_position(study: Path) -> None:
    first, second = build(study, study / "tests").rows
    assert first.places == (
        "protocol.study",  # its design, which cites the same id, lies inside
        "protocol.eligibility.inclusion.INC01",
        "protocol.dosing.rows",
        "sap.populations.SAFFL",
    )
    assert second.places == ("protocol.dosing.rows",)


def test_tests_are_found_by_their_marks(study: Path) -> None:
    first, second = build(study, study / "tests").rows
    assert first.tests == ("test_study.py::test_age", "test_study.py::test_plan")
    assert second.tests == ("test_study.py::test_plan",)


def test_the_page_names_function_plan_and_tests(study: Path) -> None:
    lines = page(build(study, study / "tests").rows).splitlines()
    assert lines[-5:-2] == [
        "|---|---|---|---|---|",
        "| P-10 | Age over 18 years | `protocol.study`<br>"
        "`protocol.eligibility.inclusion.INC01`<br>`protocol.dosing.rows`<br>"
        "`sap.populations.SAFFL` | `pathlib.Path` | `test_study.py`: test_age, test_plan |",
        "| P-31 | Raise after no response | `protocol.dosing.rows` | planned: rules |"
        " `test_study.py`: test_plan |",
    ]
    assert lines[-1] == "2 requirements, of which 1 are planned."


@pytest.mark.parametrize(
    "file, before, after, expected",
    [
        (
            "requirements.yaml",
            "P-31: {planned: rules}",
            "",
            "P-31: requirements.yaml names neither a function nor a plan",
        ),
        (
            "requirements.yaml",
            "pathlib.Path",
            "pathlib.Paht",
            "P-10: pathlib.Paht cannot be imported",
        ),
        (
            "requirements.yaml",
            "pathlib.Path",
            "no_such_package.thing",
            "P-10: no_such_package.thing cannot be imported",
        ),
        (
            "requirements.yaml",
            "{planned: rules}",
            "{planned: later}",
            "P-31: planned for 'later', which is none of report, rules, capture, publication,"
            " simulation",
        ),
        (
            "requirements.yaml",
            "{planned: rules}",
            "{planned: rules, function: pathlib.Path}",
            "P-31: requirements.yaml names a function and calls it planned",
        ),
        (
            "requirements.yaml",
            "P-31:",
            "P-99: {planned: rules}\nP-31:",
            "P-99: named by requirements.yaml, but it is no heading of protocol.md",
        ),
        (
            "sap.yaml",
            "P-10",
            "P-98",
            "P-98: named by source:, but it is no heading of protocol.md",
        ),
        (
            "tests/test_study.py",
            '"P-10", "P-31"',
            '"P-10", "P-31", "P-97"',
            "P-97: named by a test mark, but it is no heading of protocol.md",
        ),
        (
            "tests/test_study.py",
            '"P-10", "P-31"',
            '"P-10"',
            "P-31: no test carries @pytest.mark.requirement('P-31')",
        ),
        (
            "protocol.md",
            "## P-31",
            "## P-32 Stay\n## P-31",
            "P-32: no source: in protocol.yaml or sap.yaml names it",
        ),
        (
            "tests/test_study.py",
            "import pytest\n",
            "import pytest\nshows = pytest.mark.requirement('P-31')\n",
            "tests/test_study.py:3: write requirement ids as texts, in the decorator of a"
            " test function or in pytestmark",
        ),
    ],
)
def test_each_mistake_is_named(
    study: Path, file: str, before: str, after: str, expected: str
) -> None:
    path = study / file
    path.write_text(path.read_text().replace(before, after))
    assert expected in mistakes(study)


def test_a_mark_inside_a_parametrised_case_counts() -> None:
    source = (
        "@pytest.mark.parametrize('case', [\n"
        "    pytest.param(1, marks=pytest.mark.requirement('P-31')),\n"
        "])\n"
        "def test_case(case): ...\n"
    )
    assert list(marks(source)) == [("P-31", "test_case", 2)]


def test_a_mark_of_the_whole_file_counts_for_all_its_tests() -> None:
    source = "pytestmark = [pytest.mark.slow, pytest.mark.requirement('P-50', 'P-51')]\n"
    assert list(marks(source)) == [("P-50", "all tests", 1), ("P-51", "all tests", 1)]


def test_a_mark_with_ids_that_are_not_texts_cannot_be_read() -> None:
    assert list(marks("@pytest.mark.requirement(*IDS)\ndef test_case(): ...\n")) == [("", None, 1)]
