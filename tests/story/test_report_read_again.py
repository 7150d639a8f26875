"""The gate as an author meets it: `report` reads its own text again, and a draft of it."""

import json
import re
from pathlib import Path

import pytest
from commands import contents, run

from pilotage.publication.gate.finished import read_report

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
STUDIES = (
    ROOT / "small_study",
    ROOT / "other_studies" / "plaque_psoriasis",
    ROOT / "other_studies" / "childhood_nephrosis",
)
AGREE = re.compile(
    r"the (finished text|draft .*): \d+ numbers, \d+ held to their results, all agree"
)


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.name)
def test_an_untouched_report_is_silent(tmp_path: Path, study: Path) -> None:
    run("cohort", study, "--subjects", 12, "--seed", 3, "--out", tmp_path / "snapshot")
    out = tmp_path / "report"
    ended = run("report", study, tmp_path / "snapshot", "--out", out, "--strict")
    assert ended.status == 0
    told = [line for line in ended.out if AGREE.match(line)]
    assert len(told) == 1
    assert ended.out[-1] == str(out / "report.html")
    found = json.loads((out / "audit.json").read_text("utf-8"))
    assert (found["wrong"], found["without_result"], found["draft"]) == ([], [], None)
    assert found["checked"] > 30
    assert {f["verdict"] for audit in found["audits"] for f in audit["findings"]} <= {
        "fine", "unexplained",
    }  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The demo, and its report again."""
    folder = tmp_path_factory.mktemp("gate")
    ended = run("demo", "--out", folder / "demo")
    assert ended.status == 0
    return folder, ended.out


def test_the_demo_says_in_one_line_that_its_text_agrees(demo: tuple[Path, list[str]]) -> None:
    folder, out = demo
    told = [line for line in out if AGREE.match(line)]
    assert len(told) == 1
    assert int(told[0].split()[3]) > 2000
    assert not (folder / "demo" / "audit.json").exists()


def test_a_draft_is_held_to_the_results_and_the_report_stays_as_it_was(
    demo: tuple[Path, list[str]],
) -> None:
    folder, _ = demo
    before = contents(folder / "demo")
    told = read_report((folder / "demo" / "report.html").read_text("utf-8"))
    text = " ".join(each.text for each in told if each.kind == "sentence")
    (folder / "draft.md").write_text(text, "utf-8")
    arguments = ("lenalidomide_cle", folder / "demo" / "snapshot", "--out", folder / "report")
    ended = run("report", *arguments, "--text", folder / "draft.md")
    assert ended.status == 0
    assert any(AGREE.match(line) for line in ended.out)
    wrong = text.replace("12/14 (86 %)", "12/14 (85 %)", 1)
    assert wrong != text
    (folder / "draft.md").write_text(wrong, "utf-8")
    ended = run("report", *arguments, "--text", folder / "draft.md")
    assert ended.status == 1
    says = "says 85, the result is 86 (12 of 14: CR/EVALFL/-/-/count)"
    assert any(says in line for line in ended.out)
    after = contents(folder / "report")
    assert after.keys() - before.keys() == {"audit.json"}
    kept = after.keys() & before.keys()
    assert [name for name in kept if after[name] != before[name]] == []


def test_a_draft_that_cannot_be_read_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "draft.docx").write_bytes(b"PK")
    study, out = STUDIES[0], tmp_path / "report"
    run("cohort", study, "--subjects", 3, "--seed", 3, "--out", tmp_path / "snapshot")
    draft = ("--text", tmp_path / "draft.docx")
    ended = run("report", study, tmp_path / "snapshot", "--out", out, *draft)
    assert (ended.status, out.exists()) == (1, False)
    assert "save it as .txt, .md or .html" in ended.err[0]
    ended = run("report", study, "--shells", "--out", out, *draft)
    assert (ended.status, out.exists()) == (1, False)
    assert "leave --shells out" in ended.err[0]
