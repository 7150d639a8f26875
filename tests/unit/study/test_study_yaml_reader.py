"""Reading YAML: values by the core schema, lines, and what is refused."""

import time

import pytest

from pilotage.study.yaml_reader import LONGEST_LINE, read_yaml


def value(text: str):
    found = read_yaml(text.encode(), file="x.yaml")
    assert found.findings == ()
    return found.value


def complaints(content: bytes) -> list[str]:
    return [str(finding) for finding in read_yaml(content, file="x.yaml").findings]


@pytest.mark.parametrize(
    "written, read",
    [
        ("no", "no"), ("NO", "NO"), ("on", "on"), ("y", "y"), ("off", "off"),
        ("true", True), ("True", True), ("FALSE", False), ("tRue", "tRue"),
        ("null", None), ("~", None), ("", None), ("nil", "nil"),
        ("12", 12), ("-7", -7), ("+7", 7), ("0", 0), ("012", "012"), ("0o14", "0o14"),
        ("0x1F", "0x1F"), ("1_000", "1_000"), ("1,5", "1,5"), ("1:30", "1:30"),
        ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-2.5E-3", -0.0025),
        ("01.5", "01.5"),
        (".inf", ".inf"), (".nan", ".nan"), ("1e999", "1e999"), ("9" * 30, "9" * 30),
        ("2024-01-15", "2024-01-15"), ("2024-01-15 10:00", "2024-01-15 10:00"),
        ("'12'", "12"), ('"true"', "true"), ("''", ""), ("5 mg", "5 mg"), ("<0.5", "<0.5"),
    ],
)  # fmt: skip
def test_plain_text_is_resolved_as_a_person_expects(written, read):
    found = value(f"key: {written}")["key"]
    assert found == read
    assert type(found) is type(read)


def test_keys_are_text_as_written():
    assert value("1: a\n1.50: b\nno: c\ntrue: d\nnull: e\n2024-01-15: f") == {
        "1": "a", "1.50": "b", "no": "c", "true": "d", "null": "e", "2024-01-15": "f",
    }  # fmt: skip


def test_lists_are_tuples():
    assert value("a: [1, [2, x]]\nb:\n- c: 1\n- d") == {"a": (1, (2, "x")), "b": ({"c": 1}, "d")}


def test_every_part_has_its_line():
    text = (
        "# a comment\na:\n  b: 1\n\n  c: {d: 1,\n      e: 2}\nf:\n  - x\n  -\n    - y\n    - g: 1\n"
    )
    assert read_yaml(text.encode(), file="x.yaml").lines == {
        (): 1,
        ("a",): 2, ("a", "b"): 3, ("a", "c"): 5, ("a", "c", "d"): 5, ("a", "c", "e"): 6,
        ("f",): 7, ("f", 0): 8, ("f", 1): 10, ("f", 1, 0): 10,
        ("f", 1, 1): 11, ("f", 1, 1, "g"): 11,
    }  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(newline):
    text = newline.join(["a: 'one", "  two'", "b: 1", "b: 2", ""])
    assert complaints(text.encode()) == ["x.yaml:4: the key 'b' stands here twice, first in line 3"]


def test_a_byte_order_mark_is_no_part_of_the_first_key():
    assert read_yaml(b"\xef\xbb\xbfa: 1\n", file="x.yaml").value == {"a": 1}


def test_utf_16_is_refused_with_the_line():
    assert complaints("a: 1\n".encode("utf-16")) == [
        "x.yaml:1: this line is not UTF-8 text (byte 0xff); save the file as UTF-8"
    ]


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x85", "\u2028", "\ufeff", "\uffff"])
def test_a_character_that_nobody_sees_is_refused(character):
    text = f"a: 1\nb: x{character}y\n"
    code = f"U+{ord(character):04X}"
    assert complaints(text.encode()) == [
        f"x.yaml:2: the character {code} cannot be shown; remove it"
    ]


@pytest.mark.parametrize("content", [b"", b"# only a comment\n", b"---\n"])
def test_an_empty_file_says_so(content):
    assert complaints(content) == ["x.yaml:1: the file is empty"]


def test_every_refused_part_is_named_not_only_the_first():
    text = b"a: &one 1\nb: !!int 2\nc: *one\nd: {<<: {e: 1}}\na: 3\n? [x]\n: y\n: z\n"
    assert complaints(text) == [
        "x.yaml:1: the anchor '&one' is not read; remove it",
        "x.yaml:2: the tag '!!int' is not read; remove it",
        "x.yaml:3: '*one' repeats another part; write the part out",
        "x.yaml:4: '<<' (merge) is not read; write the keys out",
        "x.yaml:5: the key 'a' stands here twice, first in line 1",
        "x.yaml:6: a key must be text, not a list or a group of keys",
        "x.yaml:8: a key is missing before ':'",
    ]


def test_what_a_refused_key_holds_is_not_read():
    found = read_yaml(b"a: {x: 1}\na: {x: [5, {y: 1}]}\nb: 2\n", file="x.yaml")
    assert found.value == {"a": {"x": 1}, "b": 2}
    assert set(found.lines) == {(), ("a",), ("a", "x"), ("b",)}


def test_a_repeated_anchor_never_grows():
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    started = time.process_time()
    found = read_yaml("\n".join(rows).encode(), file="x.yaml")
    assert time.process_time() - started < 1
    assert found.findings[1].message == "the anchor '&a1' is not read; remove it"
    assert len(found.findings) == 100


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "a:\n"])
def test_nesting_has_an_end(opening):
    text = "".join(
        f"{' ' * level}{opening}" if opening == "a:\n" else opening for level in range(2000)
    )
    messages = complaints(text[:9000].encode())
    assert messages[-1].endswith("the file is nested more than 30 levels deep here")


def test_a_line_has_an_end():
    text = "a: 1\nb: '" + "x" * LONGEST_LINE + "'\n"
    assert complaints(text.encode()) == [
        "x.yaml:2: the line has 10,005 characters; at most 10,000 are read"
    ]


def test_1500_lines_are_read_well_under_a_second():
    row = '  - {when: "SCORE >= 4 and WEEK < 8", do: raise, to: 20 mg QD, why: none, source: P-31}'
    text = "rows:\n" + f"{row}\n" * 500 + "items:\n" + "  name:\n    label: Label\n" * 1
    text += "".join(f"  item_{n}:\n    type: number\n" for n in range(499))
    fastest = 9.0
    for _ in range(3):
        started = time.process_time()
        assert read_yaml(text.encode(), file="x.yaml").findings == ()
        fastest = min(fastest, time.process_time() - started)
    assert fastest < 1
