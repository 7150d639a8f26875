"""Files that are left all together or not at all."""

import os
import shutil
from pathlib import Path

import pytest

from pilotage.findings import InputErrors, error
from pilotage.output import UNFINISHED, all_or_nothing, left_as_it_was, twin, write_whole


def tree(folder: Path) -> dict[str, str | None]:
    """Every path below a folder, hidden ones too; the text of files, None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_text()
        for path in sorted(folder.rglob("*"))
    }


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def write_half(folder: Path, problem: BaseException) -> None:
    write(folder, a="half", data__b="half")
    raise problem


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with an earlier output and files of somebody else."""
    folder = tmp_path / "out"
    write(
        folder,
        a="old",
        mine="mine",
        data__b="old",
        data__mine="mine",
        whole__c="old",
        whole__d="old",
    )
    return folder


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    with all_or_nothing(tmp_path / "x/y") as stage:
        write(stage, a="1", data__b="2")
        assert not (tmp_path / "x").exists()
    assert tree(tmp_path) == {
        "x": None,
        "x/y": None,
        "x/y/a": "1",
        "x/y/data": None,
        "x/y/data/b": "2",
    }


def test_files_of_the_same_name_give_way_and_all_others_stay(old: Path) -> None:
    with all_or_nothing(old, whole=["whole"]) as stage:
        write(stage, a="new", data__b="new", whole__c="new", more__e="new")
    assert tree(old) == {
        "a": "new",
        "mine": "mine",
        "data": None,
        "data/b": "new",
        "data/mine": "mine",
        "whole": None,
        "whole/c": "new",
        "more": None,
        "more/e": "new",
    }


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemExit, ValueError])
def test_when_the_block_fails_everything_is_as_before(
    tmp_path: Path, old: Path, problem: type[BaseException]
) -> None:
    before = tree(tmp_path)
    for folder in (old, tmp_path / "new/folder"):
        with pytest.raises(problem), all_or_nothing(folder) as stage:
            write_half(stage, problem())
    assert tree(tmp_path) == before


@pytest.mark.parametrize("problem", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("after", range(8))
def test_when_moving_fails_everything_is_moved_back(
    tmp_path: Path, old: Path, monkeypatch: pytest.MonkeyPatch, after: int, problem: BaseException
) -> None:
    before, real, made = tree(tmp_path), shutil.move, [0]

    def move(source: Path, target: Path) -> Path:
        made[0] += 1
        if made[0] == after + 1:
            raise problem
        moved: Path = real(source, target)
        return moved

    monkeypatch.setattr(shutil, "move", move)
    expected = InputErrors if isinstance(problem, OSError) else KeyboardInterrupt
    with pytest.raises(expected), all_or_nothing(old, whole=["whole"]) as stage:
        write(stage, a="new", data__b="new", whole__c="new", more="new", z="new")
    assert tree(tmp_path) == before


def test_when_the_folder_cannot_be_made_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(InputErrors) as raised, all_or_nothing(tmp_path / "out"):
        pass
    assert str(raised.value) == f"{tmp_path / 'out'}: cannot be written: Permission denied"
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    "problem, words",
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("File too large (os error 27)"), "File too large"),
        (
            RuntimeError("parquet: underlying IO error: No space left (os error 28)"),
            "No space left",
        ),
        (
            RuntimeError("Invalid thrift: transport error"),
            "a file was cut short; is the disk full?",
        ),
    ],
)
def test_what_the_disk_refuses_is_an_error_about_the_folder(
    tmp_path: Path, problem: Exception, words: str
) -> None:
    with pytest.raises(InputErrors) as raised, all_or_nothing(tmp_path / "out"):
        raise problem
    assert str(raised.value) == f"{tmp_path / 'out'}: cannot be written: {words}"


def test_what_is_no_matter_of_the_disk_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="a mistake of ours"), all_or_nothing(tmp_path / "out"):
        raise RuntimeError("a mistake of ours")
    assert tree(tmp_path) == {}


def test_no_error_names_the_place_where_files_are_made(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(InputErrors) as raised, all_or_nothing(out) as stage:
        raise InputErrors([error(str(stage / "snapshot"), "is wrong")])
    assert str(raised.value) == f"{out / 'snapshot'}: is wrong"


def test_a_file_is_no_folder_to_write_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    for folder in (tmp_path / "file", tmp_path / "file/inside"):
        with (
            pytest.raises(InputErrors, match="file: is a file; name a folder"),
            all_or_nothing(folder),
        ):
            pass
    assert tree(tmp_path) == {"file": "text"}


@pytest.mark.parametrize("name, text", [("data", "text"), ("a/b", "text")])
def test_a_folder_and_a_file_of_one_name_are_refused(old: Path, name: str, text: str) -> None:
    before = tree(old)
    with pytest.raises(InputErrors, match="move it away"), all_or_nothing(old) as stage:
        write(stage, **{"mine": "new", name.replace("/", "__"): text})
    assert tree(old) == before


def test_the_present_folder_and_a_link_to_a_folder_can_be_written_to(
    tmp_path: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(old)
    with all_or_nothing(Path()) as stage:
        write(stage, a="here")
    assert (old / "a").read_text() == "here"
    (tmp_path / "link").symlink_to(old)
    with all_or_nothing(tmp_path / "link") as stage:
        write(stage, a="there")
    assert (old / "a").read_text() == "there"
    assert (tmp_path / "link").is_symlink()


def test_a_twin_has_the_same_files(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin(old, tmp_path / "one")
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(1, "no links")))
    twin(old, tmp_path / "two")
    twin(tmp_path / "nothing", tmp_path / "three")
    assert tree(tmp_path / "one") == tree(tmp_path / "two") == tree(old)
    assert not (tmp_path / "three").exists()


def test_a_folder_is_left_as_it_was_when_its_filling_fails(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "new/folder"):
        with pytest.raises(ValueError), left_as_it_was(folder):
            write_half(folder, ValueError())
    assert tree(tmp_path) == {"empty": None}


def test_a_folder_that_held_something_is_never_emptied(old: Path) -> None:
    before = tree(old)
    with pytest.raises(ValueError), left_as_it_was(old):
        raise ValueError
    assert tree(old) == before


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("content", ["ä\n", "ä\n".encode()])
def test_one_file_is_written_in_place_of_an_older_one(
    tmp_path: Path, content: bytes | str, at_once: bool
) -> None:
    (tmp_path / "old").write_text("a longer text")
    for name in ("old", "new"):
        write_whole(tmp_path / name, content, at_once=at_once)
        assert (tmp_path / name).read_bytes() == b"\xc3\xa4\n"
    assert set(tree(tmp_path)) == {"old", "new"}


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("broken", ["open", "replace"])
def test_one_file_that_cannot_be_written_leaves_the_older_one_alone(
    tmp_path: Path, broken: str, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("old")

    def refuse(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, broken, refuse)
        with pytest.raises(KeyboardInterrupt):
            write_whole(tmp_path / "a", "new", at_once=at_once)
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "a", "half \ud800", at_once=at_once)
    assert tree(tmp_path) == {"a": "old"}


def test_one_file_has_the_permissions_of_every_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_whole(tmp_path / "alone", "")
    write_whole(tmp_path / "among_others", "", at_once=True)
    assert {path.stat().st_mode for path in tmp_path.iterdir()} == {
        (tmp_path / "plain").stat().st_mode
    }


def test_what_a_killed_process_left_of_one_file_gives_way(tmp_path: Path) -> None:
    (tmp_path / f".a{UNFINISHED}").write_text("a half-written text")
    write_whole(tmp_path / "a", "new")
    assert tree(tmp_path) == {"a": "new"}


def test_processes_that_write_one_file_at_once_do_not_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside: list[str] = []
    moved = Path.replace

    def replace(self: Path, target: Path) -> Path:
        beside.append(self.name)
        if len(beside) == 1:
            write_whole(tmp_path / "a", "second", at_once=True)
        return moved(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    write_whole(tmp_path / "a", "first", at_once=True)
    assert len(set(beside)) == 2
    assert tree(tmp_path) == {"a": "first"}


@pytest.mark.parametrize("durable", [False, True])
def test_a_durable_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, durable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, str | None]] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append(tree(tmp_path)))
    write_whole(tmp_path / "a", "new", durable=durable)
    assert seen == ([{f".a{UNFINISHED}": "new"}] if durable else [])
