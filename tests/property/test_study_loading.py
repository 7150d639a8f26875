"""Whatever stands in the files of a study: it loads, or every finding is plain; and it is quick."""

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotage.findings import Finding, InputErrors, note
from pilotage.study import load_study, new_study
from pilotage.study.new import TEMPLATE
from pilotage.study.yaml_reader import read_yaml

FILES = ("protocol.yaml", "sap.yaml", "codelists/severity.yaml", "protocol.md")
TEXTS = {name: (TEMPLATE / name).read_text(encoding="utf-8") for name in FILES}
ODD = (
    "", " ", "[]", "{}", "null", "true", "no", "-1", "1e9", "1e999", "12345678901234567890", "012",
    "1:30", "0o7", ".nan", "'x'", '"', "'", "not stated", "[1, 2]", "[[x]]", "{a: b}", "{en: 5}",
    "x: y", "*a", "&a b", "!!python/name:os x", "|", ">-", "[", "{", "]", "}", "\t", "@", "%",
    "? a", "<<: 1", "---", "...", "- ", "#", "é", "\u2028", "\x00", "AGE", "SCORE == 1",
    "SCORE.BASE", "P-01", "DM.AGE", "2024-02-30", "20 mg QD", "\\", "10*9/L", "clasi", "CR",
)  # fmt: skip

FOREIGN = re.compile(
    r"pydantic|ruamel|input should|field required|extra inputs|traceback|literal_error|"
    r"valid (string|integer|number|dictionary|list|tuple)|NoneType|<class|"
    r"\bdict\b|\btuple\b|\bstr\b",
    re.IGNORECASE,
)
PLACE = re.compile(r"[\w./ -]+(:[1-9][0-9]*)?: \S")

edits = st.lists(
    st.tuples(
        st.sampled_from(["delete", "copy", "move", "value", "append", "insert", "cut", "indent"]),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        st.one_of(st.sampled_from(ODD), st.text(max_size=12)),
    ),
    min_size=1,
    max_size=5,
)


def edited(text: str, changes) -> str:
    lines = text.split("\n")
    for kind, one, other, odd in changes:
        at, to = one % len(lines), other % len(lines)
        line = lines[at]
        if kind == "delete":
            del lines[at : at + 1 + other % 9]
        elif kind == "copy":
            lines.insert(to, line)
        elif kind == "move":
            lines[at], lines[to] = lines[to], line
        elif kind == "value":
            lines[at] = f"{line.partition(':')[0]}: {odd}"
        elif kind == "append":
            lines[at] = line + odd
        elif kind == "insert":
            place = other % (len(line) + 1)
            lines[at] = line[:place] + odd + line[place:]
        elif kind == "cut":
            place = other % (len(line) + 1)
            lines[at] = line[:place] + line[place + 1 :]
        else:
            lines[at] = " " * (other % 7) + line.lstrip()
        lines = lines or [""]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return new_study(tmp_path_factory.mktemp("studies") / "study")


def check(folder, changed: dict[str, bytes]) -> None:
    for name in FILES:
        (folder / name).write_bytes(changed.get(name, TEXTS[name].encode()))
    started = time.process_time()
    findings = errors_of(folder)
    assert time.process_time() - started < 2
    for finding in findings:
        assert finding.severity == "error"
        assert PLACE.match(str(finding)), str(finding)
        own_words = re.sub(r"'[^']*'|\([^)]*\)", "", finding.message)
        assert not FOREIGN.search(own_words), finding.message


def errors_of(folder) -> tuple[Finding, ...]:
    try:
        load_study(folder)
    except InputErrors as errors:
        return errors.findings or (note("nowhere", "errors without a finding"),)
    return ()


within_time = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@within_time
@given(st.dictionaries(st.sampled_from(FILES), edits, min_size=1, max_size=2))
def test_an_edited_study_loads_or_names_its_mistakes(folder, changes):
    check(
        folder,
        {name: edited(TEXTS[name], e).encode("utf-8", "replace") for name, e in changes.items()},
    )


@within_time
@given(
    name=st.sampled_from(FILES),
    at=st.integers(0, 10_000),
    length=st.integers(0, 40),
    content=st.binary(max_size=40),
)
def test_damaged_bytes_are_named(folder, name, at, length, content):
    whole = TEXTS[name].encode()
    place = at % len(whole)
    check(folder, {name: whole[:place] + content + whole[place + length :]})


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace"))
    )
)
def test_reading_yaml_never_raises(content):
    read_yaml(content, file="x.yaml")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*ODD, "a: ", "b:\n", "- ", "\n", "\n  ", ", "]), max_size=30))
def test_reading_yaml_made_of_its_own_signs_never_raises(pieces):
    found = read_yaml("".join(pieces).encode("utf-8", "replace"), file="x.yaml")
    assert found.findings or found.value is not None or not found.lines or found.lines == {(): 1}
