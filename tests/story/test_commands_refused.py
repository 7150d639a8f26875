"""What goes wrong: one plain line for each mistake, and nothing left behind."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from commands import command, contents, disk_that_refuses_files_over, process, run

NEEDS_A_SNAPSHOT = ("derive", "analyse", "report")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("refused") / "study"
    assert run("new", folder).status == 0
    return folder


@pytest.fixture(scope="module")
def snapshot(study: Path) -> Path:
    folder = study.parent / "snapshot"
    assert run("cohort", study, "--out", folder, "--subjects", 8).status == 0
    return folder


# -- usage -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dmeo",),
        ("demo",),
        ("demo", "--out"),
        ("demo", "--out", "x", "--subjects", "0"),
        ("demo", "--out", "x", "--seed", "-1"),
        ("demo", "--out", "x", "--seed", str(2**32)),  # would share draws
        ("cohort", "lenalidomide_cle", "--out", "x", "--seed", str(2**32)),
        ("demo", "--out", "x", "--seed", "many"),
        ("check",),
        ("check", "x", "--xml"),
        ("derive", "lenalidomide_cle", "--out", "x"),
        ("report", "lenalidomide_cle", "x"),
    ],
    ids=" ".join,
)
def test_a_command_that_is_not_used_as_it_should_be_exits_2(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments).status == 2
    assert contents(tmp_path) == {}


# -- input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cohort", *NEEDS_A_SNAPSHOT])
def test_an_unknown_study_is_told_with_the_nearest_name(name: str, tmp_path: Path) -> None:
    more = () if name == "cohort" else (tmp_path,)
    ended = run(name, "lenalidomide-cle", *more, "--out", tmp_path / "out")
    assert (ended.status, ended.out, len(ended.err)) == (1, [], 1)
    assert "did you mean 'lenalidomide_cle'?" in ended.err[0]
    assert contents(tmp_path) == {}


def test_check_tells_an_unknown_study_too() -> None:
    ended = run("check", "lenalidomide_cl")
    assert ended.status == 1
    assert "did you mean 'lenalidomide_cle'?" in "\n".join(ended.out)


@pytest.mark.parametrize("name", NEEDS_A_SNAPSHOT)
def test_a_snapshot_with_mistakes_is_refused_with_each_on_a_line(
    name: str, study: Path, snapshot: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for table in ("dm", "ex", "qs"):
        text = (snapshot / f"{table}.csv").read_text()
        (broken / f"{table}.csv").write_text(text.replace("SYN-001,1,", "SYN-999,1,"))
    before = contents(tmp_path)
    ended = run(name, study, broken, "--out", tmp_path / "a/b")
    assert (ended.status, ended.out) == (1, [])
    assert [line.partition(":")[0] for line in ended.err] == ["ex.csv", "qs.csv"]
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", NEEDS_A_SNAPSHOT)
def test_values_that_the_study_refuses_are_told_and_nothing_is_written(
    name: str, study: Path, snapshot: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for table in ("dm", "ex", "qs"):
        text = (snapshot / f"{table}.csv").read_text()
        (broken / f"{table}.csv").write_text(text.replace(",SCORE,6,6,", ",SCORE,60,60,"))
    before = contents(tmp_path)
    ended = run(name, study, broken, "--out", tmp_path / "out")
    assert ended.status == 1
    assert ended.err
    assert all("SCORE is 60" in line for line in ended.err)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", NEEDS_A_SNAPSHOT)
def test_a_folder_that_is_no_snapshot_is_told(name: str, study: Path, tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", study / "protocol.md"):
        ended = run(name, study, folder, "--out", tmp_path / "out")
        assert (ended.status, len(ended.err)) == (1, 1)
        assert ended.err[0].startswith(f"{folder}: ")
    assert contents(tmp_path) == {}


def test_a_study_without_a_nature_has_no_cohort(study: Path, tmp_path: Path) -> None:
    run("new", tmp_path / "study")
    (tmp_path / "study/synthetic.yaml").unlink()
    ended = run("cohort", tmp_path / "study", "--out", tmp_path / "a/b")
    assert (ended.status, len(ended.err)) == (1, 1)
    assert ended.err[0].startswith("synthetic.yaml: there is no such file")
    assert not (tmp_path / "a").exists()


# -- where to write --------------------------------------------------------------------------------


def arguments_of(name: str, study: Path, snapshot: Path) -> tuple[object, ...]:
    if name == "demo":
        return (name, "--subjects", 2)
    return (name, study) if name == "cohort" else (name, study, snapshot)


@pytest.mark.parametrize("name", ["demo", "cohort", *NEEDS_A_SNAPSHOT])
def test_a_file_is_no_folder_to_write_to(
    name: str, study: Path, snapshot: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("text")
    for out in (tmp_path / "file", tmp_path / "file/inside"):
        ended = run(*arguments_of(name, study, snapshot), "--out", out)
        assert (ended.status, ended.out, len(ended.err)) == (1, [], 1)
        assert ended.err[0].startswith(f"{tmp_path / 'file'}")
    assert contents(tmp_path) == {"file": b"text"}


@pytest.mark.parametrize("name", ["demo", "cohort", *NEEDS_A_SNAPSHOT])
@pytest.mark.parametrize("folder", ["new/folder", "there"])
def test_when_the_disk_refuses_nothing_is_left(
    name: str, folder: str, study: Path, snapshot: Path, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    before = contents(tmp_path)
    with disk_that_refuses_files_over(2_000):
        ended = run(*arguments_of(name, study, snapshot), "--out", tmp_path / folder)
    assert (ended.status, ended.out, len(ended.err)) == (1, [], 1)
    assert ended.err[0].startswith(f"{tmp_path / folder}")
    assert "cannot be written: " in ended.err[0]
    assert contents(tmp_path) == before


@pytest.mark.parametrize("size", [1_000, 3_000, 6_000, 9_000, 12_000])
def test_a_full_disk_is_one_line_whichever_file_it_refuses(
    size: int, study: Path, snapshot: Path, tmp_path: Path
) -> None:
    """The smallest limit refuses adsl.csv, the larger ones a Parquet file."""
    with disk_that_refuses_files_over(size):
        ended = run("derive", study, snapshot, "--out", tmp_path / "out")
    assert (ended.status, ended.out) == (1, [])
    assert ended.err == [f"{tmp_path / 'out'}: cannot be written: File too large"]
    assert contents(tmp_path) == {}


def test_when_the_disk_refuses_a_new_study_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    before = contents(tmp_path)
    for folder in ("new/folder", "there"):
        with disk_that_refuses_files_over(2_000):
            ended = run("new", tmp_path / folder)
        assert (ended.status, ended.out, len(ended.err)) == (1, [], 1)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", NEEDS_A_SNAPSHOT)
@pytest.mark.parametrize("what", ["study", "snapshot"])
def test_nothing_is_written_among_the_files_that_are_read(
    name: str, what: str, study: Path, snapshot: Path
) -> None:
    folder = {"study": study, "snapshot": snapshot}[what]
    before = contents(folder)
    itself = run(name, study, snapshot, "--out", folder / "x/..")
    assert (itself.status, itself.out) == (1, [])
    assert itself.err == [f"{folder / 'x/..'}: is the folder of the {what}; name another one"]
    for inside in (folder / "results", folder / "results/of/today"):
        ended = run(name, study, snapshot, "--out", inside)
        assert (ended.status, ended.out) == (1, [])
        words = f"is inside the folder of the {what} ({folder}); name one outside"
        assert ended.err == [f"{inside}: {words}"]
    assert contents(folder) == before


def test_a_cohort_is_not_written_among_the_files_of_its_study(study: Path) -> None:
    before = contents(study)
    ended = run("cohort", study, "--out", study / "cohort")
    words = f"is inside the folder of the study ({study}); name one outside"
    assert (ended.status, ended.err) == (1, [f"{study / 'cohort'}: {words}"])
    assert contents(study) == before


def test_a_link_into_the_snapshot_leads_into_the_snapshot(
    study: Path, snapshot: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(snapshot, target_is_directory=True)
    ended = run("derive", study, snapshot, "--out", tmp_path / "link/datasets")
    words = f"is inside the folder of the snapshot ({snapshot}); name one outside"
    assert (ended.status, ended.err) == (1, [f"{tmp_path / 'link/datasets'}: {words}"])


def test_a_way_through_the_snapshot_and_out_again_is_not_inside(
    study: Path, snapshot: Path
) -> None:
    out = snapshot / "../through"
    assert run("derive", study, snapshot, "--out", out).status == 0


def test_the_report_does_not_put_its_datasets_into_the_folder_of_the_snapshot(
    study: Path, snapshot: Path, tmp_path: Path
) -> None:
    shutil.copytree(snapshot, tmp_path / "datasets")
    before = contents(tmp_path)
    ended = run("report", study, tmp_path / "datasets", "--out", tmp_path)
    words = "is the folder of the snapshot; name another one"
    assert (ended.status, ended.err) == (1, [f"{tmp_path / 'datasets'}: {words}"])
    assert contents(tmp_path) == before


def test_where_to_write_is_settled_before_anything_is_read(snapshot: Path, tmp_path: Path) -> None:
    for name in ("study", "broken"):
        (tmp_path / name).mkdir()
    (tmp_path / "study/protocol.yaml").write_text("nonsense: true")
    ended = run("derive", tmp_path / "study", tmp_path / "broken", "--out", tmp_path / "broken")
    words = "is the folder of the snapshot; name another one"
    assert (ended.status, ended.err) == (1, [f"{tmp_path / 'broken'}: {words}"])


def test_a_folder_in_the_place_of_a_file_is_refused_and_kept(
    study: Path, snapshot: Path, tmp_path: Path
) -> None:
    (tmp_path / "results.csv").mkdir()
    ended = run("analyse", study, snapshot, "--out", tmp_path)
    assert ended.status == 1
    assert ended.err[0].startswith(f"{tmp_path / 'results.csv'}: is a folder")
    assert contents(tmp_path) == {"results.csv": None}


# -- interruption ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_nothing(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with subprocess.Popen(
        command("demo", "--out", out, "--subjects", 5000),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        waited = time.monotonic()
        while not contents(out) and time.monotonic() - waited < 30:
            time.sleep(0.05)
        assert contents(out), "the command has not begun"
        time.sleep(0.2)
        running.send_signal(number)
        _, err = running.communicate(timeout=30)
    assert running.returncode == status
    assert b"Traceback" not in err
    assert contents(out) == {}


@pytest.mark.parametrize("arguments", [("--help",), ("check", "lenalidomide_cle", "--json")])
def test_a_reader_who_has_seen_enough_is_no_error(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    found = subprocess.run(
        command(*arguments), stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writing)
    assert found.stderr == b""


def test_text_that_the_terminal_cannot_show_is_written_out(tmp_path: Path) -> None:
    folder = tmp_path / "stüdy"
    plain = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": "ascii",
    }
    ended = process("new", folder, **plain)
    assert (ended.status, ended.err) == (0, [])
    assert ended.out[0].endswith("dy'")
    missing = process("check", tmp_path / "ünknown", **plain)
    assert missing.status == 1
    assert "Traceback" not in "\n".join(missing.err)
