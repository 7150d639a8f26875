"""From the command line: the demo, and a study of one's own from its first file to its report."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from commands import command, contents, process, run

import pilotage.cli

COMMANDS = (
    *("demo", "new", "check", "design", "cohort", "reconstruct", "simulate", "rehearse"),
    *("calendar", "review"),
    *("explain", "derive", "analyse", "report", "reproduce", "claims", "audit", "diff", "serve"),
    *("cut", "trace", "backup", "restore", "checkpoint", "verify-trail"),
)
DATASETS = ("adsl", "adqs", "adrs", "adtte", "adlb", "adae", "adex")


# -- the demo --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The demo in a folder whose name is hard to write, in a locale without a character set."""
    folder = tmp_path_factory.mktemp("demo") / "de mo ü"
    ended = process("demo", "--out", folder, LC_ALL="C")
    assert (ended.status, ended.err[1:]) == (0, [])
    return folder, ended.out


@pytest.mark.requirement("P-01", "P-60", "P-65")
def test_the_demo_ends_with_its_headlines_and_the_path_of_the_report(
    demo: tuple[Path, list[str]],
) -> None:
    folder, lines = demo
    assert lines[-1] == str(folder / "report.html")
    assert lines[-2].startswith("synthetic: ")
    assert lines[0] == "Enrolled: 15 subjects"
    for line, words in zip(
        lines[1:5], ("Treated", "Complete response", "Relapse", "Adverse"), strict=True
    ):
        assert re.match(rf"{words}[^:]*: .*\d+/\d+", line)
    assert len(re.findall(r"\d+/\d+ \(\d+ %\)", lines[2])) == 2  # both populations


def test_the_demo_leaves_snapshot_datasets_results_and_report(
    demo: tuple[Path, list[str]],
) -> None:
    folder, _ = demo
    for name in DATASETS:
        table = pl.read_csv(folder / f"datasets/{name}.csv", infer_schema=False)
        stored = pl.read_parquet(folder / f"datasets/{name}.parquet")
        assert (table.columns, table.height) == (stored.columns, stored.height)
    results = pl.read_csv(folder / "results.csv", infer_schema_length=None)
    assert results.height == pl.read_parquet(folder / "results.parquet").height > 100
    assert json.loads((folder / "snapshot/manifest.json").read_text())["seed"] == 5
    assert "synthetic" in (folder / "report.html").read_text("utf-8")
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_the_demo_leaves_nothing_hidden_behind(demo: tuple[Path, list[str]]) -> None:
    folder, _ = demo
    assert [path.name for path in folder.parent.rglob(".*")] == []
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_second_demo_gives_the_same_files_and_keeps_those_of_others(
    demo: tuple[Path, list[str]],
) -> None:
    folder, lines = demo
    before = contents(folder)
    mine = {"notes.txt": b"mine", "datasets/mine.csv": b"mine"}
    for name, text in mine.items():
        (folder / name).write_bytes(text)
    ended = run("demo", "--out", folder)
    assert (ended.status, ended.out) == (0, lines)
    assert contents(folder) == {**before, **mine}


def test_the_demo_refuses_a_snapshot_folder_with_files_of_others(tmp_path: Path) -> None:
    (tmp_path / "snapshot").mkdir()
    (tmp_path / "snapshot/mine.txt").write_text("mine")
    ended = run("demo", "--out", tmp_path, "--subjects", 1)
    assert ended.status == 1
    assert ended.err == [
        f"{tmp_path / 'snapshot'}: the folder holds files and is no snapshot; "
        "name a new or an empty folder"
    ]
    assert contents(tmp_path) == {"snapshot": None, "snapshot/mine.txt": b"mine"}


# -- a study of one's own --------------------------------------------------------------------------


def test_a_new_study_runs_from_its_folder_to_its_report(tmp_path: Path) -> None:
    study, snapshot = tmp_path / "my study", tmp_path / "snapshot"
    made = run("new", study)
    assert made.out == [f"{study} is ready; next: pilotage check '{study}'"]
    checked = run("check", study)
    counted = "0 errors, 0 warnings, 5 notes, 3 answered; 8 worked examples hold"
    assert (checked.status, checked.out[-1]) == (0, counted)
    invented = run("cohort", study, "--out", snapshot, "--seed", 3, "--subjects", 6)
    assert invented.out == [f"{snapshot}: 6 synthetic subjects, seed 3"]
    derived = run("derive", study, snapshot, "--out", tmp_path / "datasets")
    assert derived.out[-1].startswith(f"{tmp_path / 'datasets'}: 6 subjects, ")
    assert {path.stem for path in (tmp_path / "datasets").iterdir()} == {*DATASETS, "findings"}
    analysed = run("analyse", study, snapshot, "--out", tmp_path / "results")
    assert analysed.out[-1].startswith(f"{tmp_path / 'results/results.csv'}: ")
    assert {path.name for path in (tmp_path / "results").iterdir()} == {
        "results.csv", "results.parquet", "findings.csv",
    }  # fmt: skip
    reported = run("report", study, snapshot, "--out", tmp_path / "report")
    assert reported.out[-1] == str(tmp_path / "report/report.html")
    assert [e.status for e in (made, invented, derived, analysed, reported)] == [0] * 5
    one, other = (tmp_path / f"{name}/results.csv" for name in ("results", "report"))
    assert one.read_bytes() == other.read_bytes()


def test_an_answer_that_no_form_offers_is_a_warning_on_the_way(tmp_path: Path) -> None:
    study, snapshot = tmp_path / "study", tmp_path / "snapshot"
    run("new", study)
    run("cohort", study, "--out", snapshot, "--seed", 3, "--subjects", 6)
    (snapshot / "manifest.json").unlink()
    table = snapshot / "dm.csv"
    table.write_text(table.read_text().replace(",F,", ",female,").replace(",M,", ",male,"))
    told = [
        f"SEX is '{written}', which is no answer to 'Sex': F or M; did you mean '{code}'?"
        for written, code in (("female", "F"), ("male", "M"))
    ]
    derived = run("derive", study, snapshot, "--out", tmp_path / "datasets")
    assert derived.status == 0
    kept = (tmp_path / "datasets/findings.csv").read_text()
    assert all(words in kept for words in told)


def test_the_plan_of_a_new_study_can_be_read_before_any_data(tmp_path: Path) -> None:
    run("new", tmp_path / "study")
    planned = run("report", tmp_path / "study", "--shells", "--out", tmp_path / "plan")
    assert (planned.status, planned.out) == (0, [str(tmp_path / "plan/plan.html")])
    assert {path.name for path in (tmp_path / "plan").iterdir()} == {"plan.html", "plan.pdf"}
    assert "xx/xx (xx %)" in (tmp_path / "plan/plan.html").read_text("utf-8")


def test_a_report_needs_a_snapshot_and_a_plan_none(tmp_path: Path) -> None:
    run("new", tmp_path / "study")
    without = run("report", tmp_path / "study", "--out", tmp_path / "report")
    assert without.status == 1
    assert "a report needs a snapshot" in without.err[0]
    both = run("report", tmp_path / "study", tmp_path, "--shells", "--out", tmp_path / "report")
    assert both.status == 1
    assert "leave the snapshot out" in both.err[0]
    assert not (tmp_path / "report").exists()


def test_check_tells_notes_and_exits_0(tmp_path: Path) -> None:
    run("new", tmp_path / "study")
    ended = run("check", tmp_path / "study", "--json")
    found = json.loads("\n".join(ended.out))
    assert ended.status == 0
    keys = {"class", "severity", "where", "source", "example", "message", "key", "answered"}
    assert all(set(entry) == keys for entry in found)
    assert {entry["severity"] for entry in found if not entry["answered"]} == {"note"}


def test_check_tells_every_mistake_of_every_file_and_exits_1(tmp_path: Path) -> None:
    study = tmp_path / "study"
    run("new", study)
    for name, old, new in (("synthetic.yaml", "true_missed_visit: 0.03", "true_missed_visit: 3"),):
        text = (study / name).read_text()
        (study / name).write_text(text.replace(old, new))
    only_nature = run("check", study)
    assert only_nature.status == 1
    assert any(line.startswith("error: synthetic.yaml:") for line in only_nature.out)
    text = (study / "protocol.yaml").read_text()
    (study / "protocol.yaml").write_text(text.replace("RESPONSE == 'CR'", "RESPONS == 'CR'"))
    ended = run("check", study)
    assert ended.status == 1
    assert any("did you mean 'RESPONSE'" in line for line in ended.out)
    as_json = run("check", study, "--json")
    assert as_json.status == 1
    assert {entry["severity"] for entry in json.loads("\n".join(as_json.out))} == {"error"}


def test_check_tells_proofs_before_examples_and_three_of_these(tmp_path: Path) -> None:
    """Who has enough neutrophils is kept out, and a row that stops can never hold."""
    study = tmp_path / "study"
    run("new", study)
    text = (study / "protocol.yaml").read_text()
    damaged = text.replace("NEUT < 1.5", "NEUT > 1.5").replace(
        "NEUT.GRADE >= 3", "NEUT.GRADE >= 3 and NEUT > 2"
    )
    (study / "protocol.yaml").write_text(damaged)
    told, all_told, as_json = (run("check", study, *o) for o in ((), ("--all",), ("--json",)))
    found = [entry["class"] for entry in json.loads("\n".join(as_json.out))]
    differing = found.count("worked-example")
    assert differing >= 4
    assert "unreachable" in found[:-differing]
    assert found[-differing:] == ["worked-example"] * differing
    shown = [line for line in told.out if line.startswith("error: worked_examples.yaml")]
    assert ["worked-example: " in line for line in shown] == [True, True, True, False]
    assert f"{differing - 3} more of this kind, in " in shown[-1]
    assert sum("worked-example: " in line for line in all_told.out) == differing
    assert told.out[-1] == all_told.out[-1]
    assert f"{differing + 1} errors" in told.out[-1]


def test_check_looks_at_the_numbers_of_the_paper_too(tmp_path: Path) -> None:
    study = tmp_path / "study"
    run("new", study)
    (study / "published.yaml").write_text("paper: {}\nclaims: []\nnonsense: 1\n")
    ended = run("check", study)
    assert ended.status == 1
    assert any(line.startswith("error: published.yaml:3: 'nonsense'") for line in ended.out)
    assert "study:" not in "".join(ended.out)


def test_check_says_what_it_has_not_looked_at(tmp_path: Path) -> None:
    study = tmp_path / "study"
    run("new", study)
    (study / "published.yaml").write_text("nonsense: 1\n")
    text = (study / "protocol.yaml").read_text()
    (study / "protocol.yaml").write_text(text.replace("RESPONSE == 'CR'", "RESPONS == 'CR'"))
    ended = run("check", study)
    assert ended.out[-2] == (
        "worked_examples.yaml, synthetic.yaml, simulation.yaml and published.yaml: "
        "looked at when the errors above are mended"
    )
    assert not any("nonsense" in line for line in ended.out)


def test_a_folder_without_the_files_of_a_study_is_one_line(tmp_path: Path) -> None:
    words = "is no study folder: it has no protocol.yaml; 'pilotage new DIR' makes a small study"
    assert run("check", tmp_path).out == [
        f"error: {tmp_path}: {words}",
        "1 error, 0 warnings, 0 notes",
    ]
    assert run("derive", tmp_path, "s", "--out", tmp_path / "out").err == [f"{tmp_path}: {words}"]


def test_a_folder_without_tables_is_one_line_with_the_snapshot_inside(tmp_path: Path) -> None:
    study, snapshot = tmp_path / "study", tmp_path / "all/snapshot"
    run("new", study)
    (tmp_path / "all").mkdir()
    words = "holds no table; a snapshot is a folder with dm.csv, ex.csv and qs.csv"
    derived = ("derive", study, tmp_path / "all", "--out", tmp_path / "out")
    assert run(*derived).err == [f"{tmp_path / 'all'}: {words}"]
    run("cohort", study, "--out", snapshot, "--subjects", 1)
    assert run(*derived).err == [f"{tmp_path / 'all'}: {words}; did you mean {snapshot}?"]


def test_what_was_not_collected_is_told_and_is_not_zero(tmp_path: Path) -> None:
    study, snapshot = tmp_path / "study", tmp_path / "s"
    run("new", study)
    run("cohort", study, "--out", snapshot, "--subjects", 2)
    for name in ("manifest.json", "lb.csv"):
        (snapshot / name).unlink()
    (snapshot / "ae.csv").write_text((snapshot / "ae.csv").read_text().splitlines()[0])
    derived = run("derive", study, snapshot, "--out", tmp_path / "d").out[-1]
    assert "ADLB not collected, ADAE 0, ADEX " in derived
    (snapshot / "ae.csv").unlink()
    analysed = run("analyse", study, snapshot, "--out", tmp_path / "r").out[-1]
    results = pl.read_csv(tmp_path / "r/results.csv", infer_schema_length=None)
    n = results.filter(pl.col("STATUS") == "not collected").height
    assert n > 0
    assert f", {n} not collected" in analysed


def test_a_snapshot_of_another_study_is_told_and_read(tmp_path: Path) -> None:
    run("new", tmp_path / "study")
    run("cohort", tmp_path / "study", "--out", tmp_path / "s", "--subjects", 2)
    ended = run("derive", "lenalidomide_cle", tmp_path / "s", "--out", tmp_path / "out")
    assert ended.status == 0
    assert ended.err[0] == (
        "warning: manifest.json: the snapshot is one of the study 'PILOT-01', but is read as one "
        "of 'LEN-CLE'"
    )
    found = pl.read_csv(tmp_path / "out/findings.csv")
    assert found["WHERE"][0] == "manifest.json"


def test_a_cohort_replaces_a_snapshot_only_when_asked(tmp_path: Path) -> None:
    run("new", tmp_path / "study")
    arguments = ("cohort", tmp_path / "study", "--out", tmp_path / "s", "--subjects", 2)
    assert run(*arguments).status == 0
    before = contents(tmp_path)
    refused = run(*arguments, "--seed", 2)
    assert (refused.status, contents(tmp_path)) == (1, before)
    assert refused.err[0].endswith("name a new folder, or ask to replace it")
    assert run(*arguments, "--seed", 2, "--replace").status == 0
    assert contents(tmp_path) != before


def test_warnings_are_told_counted_and_written_and_the_exit_is_0(tmp_path: Path) -> None:
    study, snapshot, out = tmp_path / "study", tmp_path / "s", tmp_path / "out"
    run("new", study)
    run("cohort", study, "--out", snapshot, "--subjects", 2)
    (snapshot / "manifest.json").unlink()
    qs = (snapshot / "qs.csv").read_text().splitlines()
    changed = [f"{line},{'QSODD' if at == 0 else 'x'}" for at, line in enumerate(qs)]
    (snapshot / "qs.csv").write_text("\n".join(changed).replace(",SCORE,7,7,", ",SCORE,seven,,"))
    for name, folder in (("derive", out), ("analyse", tmp_path / "r")):
        ended = run(name, study, snapshot, "--out", folder)
        assert ended.status == 0
        assert any("QSODD" in line and line.startswith("warning: qs.csv") for line in ended.err)
        found = pl.read_csv(folder / "findings.csv")
        number = f"{found.height} finding{'s' if found.height > 1 else ''} about the data"
        assert ended.err[-1] == f"{number}: {folder / 'findings.csv'}"
        assert any("QSODD" in message for message in found["MESSAGE"])


# -- help ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_has_an_example(name: str) -> None:
    ended = run(name, "--help")
    assert ended.status == 0
    assert any(line.strip().startswith(f"Example: pilotage {name} ") for line in ended.out)


def test_help_lists_every_command_in_a_line_that_is_not_cut() -> None:
    lines = run("--help").out
    commands = lines[lines.index("Commands:") + 1 : -2]
    assert [line.split()[0] for line in commands] == list(COMMANDS)
    assert not any(line.endswith("...") for line in commands)


def test_every_module_of_the_commands_is_listed() -> None:
    shared = {"__init__", "app", "arguments", "places", "road"}
    modules = {path.stem for path in Path(pilotage.cli.__file__).parent.glob("*.py")}
    assert modules - shared == {command.replace("-", "_") for command in COMMANDS}


IMPORTED = """
import sys
sys.argv = ["pilotage", "--help"]
from pilotage.cli import main
try:
    main()
finally:
    print([m for m in sys.modules if m.split(".")[0] in sys.stdin.read().split()], file=sys.stderr)
"""


def test_help_imports_nothing_heavy() -> None:
    heavy = "numpy polars pydantic scipy matplotlib rich ruamel jinja2 typst"
    found = subprocess.run(
        [sys.executable, "-c", IMPORTED], input=heavy, text=True, capture_output=True, check=True
    )
    assert found.stderr == "[]\n"


def test_help_is_quick() -> None:
    """0.15 s on a quiet machine: processor time, so that other work does not count."""
    spent = []
    for _ in range(4):
        before = os.times()
        subprocess.run(command("--help"), check=True, capture_output=True)
        after = os.times()
        spent.append(
            after.children_user + after.children_system
            - before.children_user - before.children_system
        )  # fmt: skip
    assert min(spent) < 0.3


def test_the_version_is_told() -> None:
    from pilotage import __version__

    assert run("--version").out == [f"pilotage {__version__}"]
    assert process("--version").out == [f"pilotage {__version__}"]


def test_a_bar_shows_the_progress_on_a_terminal_only(tmp_path: Path) -> None:
    run("new", tmp_path / "study")
    arguments = ("cohort", tmp_path / "study", "--replace", "--out", tmp_path / "s")
    assert run(*arguments).err == []
    ours, theirs = os.openpty()
    with subprocess.Popen(command(*arguments), stderr=theirs, stdout=subprocess.DEVNULL) as running:
        os.close(theirs)
        shown = b""
        while True:
            try:
                more = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not more:
                break
            shown += more
        assert running.wait(60) == 0
    os.close(ours)
    assert b"Synthetic cohort" in shown
