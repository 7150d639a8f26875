"""The tutorial, walked from an empty folder: every command runs, and what is shown is what came."""

import html
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from walk import Step, Walked, agrees, steps, walk

from pilotage.study import load_study, new_study

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "tutorial/first-study.md").read_text("utf-8")
BEFORE, HEADING, REST = PAGE.partition("## Make a study\n")
STEPS = steps(REST)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Walked]]:
    """The folder after the last command, and what each block did."""
    folder = tmp_path_factory.mktemp("tutorial")
    return folder, [walk(step, folder) for step in STEPS]


def test_the_tutorial_walks_every_station_of_the_road() -> None:
    commands = "".join(step.commands for step in STEPS)
    for name in ("new", "check", "cohort", "derive", "analyse", "report"):
        assert f"pilotage {name} " in commands


@pytest.mark.parametrize("at", range(len(STEPS)), ids=[s.commands.split("\n")[0] for s in STEPS])
def test_every_command_does_what_the_page_shows(walked: tuple[Path, list[Walked]], at: int) -> None:
    step, did = STEPS[at], walked[1][at]
    printed = "\n".join(did.printed)
    assert did.status == step.status, printed
    if step.shown is None:
        assert printed == ""
    else:
        assert agrees(step.shown, did.printed), f"\nIt prints now:\n{printed}"


def test_only_the_preparation_is_not_walked() -> None:
    assert HEADING
    (preparation,) = steps(BEFORE)
    known = r"\. \.venv/bin/activate\nmkdir (\S+)\ncd \1\n"
    assert re.fullmatch(known, preparation.commands)


def words(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_sentences_that_are_quoted_stand_in_the_report(
    walked: tuple[Path, list[Walked]],
) -> None:
    report = (walked[0] / "my-report/report.html").read_text("utf-8")
    quoted = words(re.sub("^> ?", "", "\n".join(re.findall("^>.*$", REST, re.M)), flags=re.M))
    assert len(quoted) > 200
    assert quoted in words(html.unescape(re.sub("<[^>]+>", " ", report)).replace(" .", "."))


def test_the_figure_that_is_shown_is_the_one_of_the_report(
    walked: tuple[Path, list[Walked]],
) -> None:
    """Every text that is drawn, in its order: bars, names, axis. The look may change."""
    (name,) = re.findall(r"!\[[^]]*\]\(([^)]+\.svg)\)", REST)
    shown, made = (
        re.findall(r"<!-- (.*?) -->", file.read_text("utf-8"))
        for file in (DOCS / "tutorial" / name, walked[0] / "my-report/figures/F1.2.svg")
    )
    assert "110" in shown
    assert shown == made


def test_the_questions_of_the_page_are_those_of_the_study(tmp_path: Path) -> None:
    """For every table of the ten patients: each question of its form, with its target."""
    protocol = load_study(new_study(tmp_path / "study")).protocol
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `([^`]+)` \|$", REST, re.M)
    forms = {str(form.label): form for form in protocol.forms.values()}
    expected = [
        (label, str(item.label), item.target)
        for label in dict.fromkeys(form for form, _, _ in rows)
        for item in forms[label].items.values()
    ]
    assert rows == expected
    tables = {target.partition(".")[0].lower() for _, _, target in rows}
    assert tables == {"dm", "ex", "qs", "ae", "ds", "dv"}
    for table in tables:
        assert f"cat > my-data/{table}.csv" in REST


def test_the_study_has_ten_patients_and_none_gets_lost(walked: tuple[Path, list[Walked]]) -> None:
    adsl = pl.read_csv(walked[0] / "my-datasets/adsl.csv", infer_schema=False)
    assert adsl.height == 10
    assert adsl["SAFFL"].to_list() == ["Y"] * 10
    assert adsl.filter(pl.col("EVALFL") == "N")["USUBJID"].to_list() == ["106"]


@pytest.mark.parametrize("page", ["analyse-your-own-data.md", "change-a-rule.md"])
def test_a_how_to_can_be_followed_with_the_data_of_the_tutorial(
    walked: tuple[Path, list[Walked]], page: str
) -> None:
    folder, _ = walked
    shutil.copytree(folder / "my-report", folder / "before", dirs_exist_ok=True)
    shutil.copytree(folder / "my-trial", folder / "BEFORE", dirs_exist_ok=True)
    found = steps(re.sub("^   ", "", (DOCS / "how-to" / page).read_text("utf-8"), flags=re.M))
    assert found
    for step in found:
        own = step.commands.replace("STUDY", "my-trial").replace("SNAPSHOT", "my-data")
        did = walk(Step(own, step.status, step.shown), folder)
        assert did.status == step.status, "\n".join(did.printed)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (("a", "b"), ("a", "b"), True),
        (("a", "…"), ("a", "b", "c"), True),
        (("…", "c"), ("a", "b", "c"), True),
        (("a",), ("a", "b"), False),
        (("a", "…", "c"), ("a", "b"), False),
        (("a.c",), ("abc",), False),
        ((), ("a",), False),
    ],
)
def test_a_line_that_is_left_out_stands_for_any_lines_and_no_other_does(
    shown: tuple[str, ...], printed: tuple[str, ...], same: bool
) -> None:
    assert agrees(shown, printed) is same
