"""A finished text held to its results: what is changed by hand is found, what is not is silent."""

from pathlib import Path

import pytest
from reproduce_examples import results, study

from pilotage.findings import InputErrors
from pilotage.publication.gate import Gate, gate, read_draft
from pilotage.publication.gate.as_json import document
from pilotage.publication.gate.finished import Told, read_report
from pilotage.publication.gate.link import Linked
from pilotage.publication.gate.numbers import numbers_in
from pilotage.publication.gate.shares import wrong_shares
from pilotage.publication.gate.terminal import headline, lines
from pilotage.publication.gate.units import other_unit

CR, P = "CR/{}/-/-/{}", "CLASI_A_WEEK_2/SAFFL/-/2/{}"
NUMBERS = {
    CR.format("SAFFL", "count"): (12.0, 15), CR.format("EVALFL", "count"): (12.0, 14),
    CR.format("SAFFL", "clopper_pearson_low"): (0.5191, 15),
    CR.format("SAFFL", "clopper_pearson_high"): (0.9567, 15),
    P.format("mean_change"): (-6.866, 15), P.format("p_paired_t"): (0.00021, 15),
    P.format("p_signed_rank_exact"): (0.00309, 15), "AGE/SAFFL/-/-/median": (40.0, 15),
}  # fmt: skip
SENTENCES = (
    ("A complete response was reached by 12/15 (80 %) of the treated subjects (95 % interval "
     "51.9 to 95.7 %), and by 12/14 (86 %) of the evaluable ones.",
     [CR.format("SAFFL", "count"), CR.format("SAFFL", "clopper_pearson_low"),
      CR.format("SAFFL", "clopper_pearson_high"), CR.format("EVALFL", "count")]),
    ("At week 2 the mean change was −6.9 (n = 15; paired t test, P = 0.0002; exact signed-rank "
     "test, P = 0.003).",
     [P.format("mean_change"), P.format("p_paired_t"), P.format("p_signed_rank_exact")]),
    ("The median age was 40 years; the dose was raised above 5 mg a day in nobody.",
     ["AGE/SAFFL/-/-/median"]),
    ("Once more, 12/15 (80 %) had a complete response.", [CR.format("SAFFL", "count")]),
)  # fmt: skip
CELLS = (
    ("12/14 (86 %)", [CR.format("EVALFL", "count")]),
    ("0/14 (0 %)", ["DISPOSITION/EVALFL/-/-/count COMPLETED"]),
)
NUMBERS["DISPOSITION/EVALFL/-/-/count COMPLETED"] = (3.0, 14)


def tells(ids: list[str]) -> str:
    """Which results an element tells of, as a report says it."""
    return ' data-results="{}"'.format("\n".join(ids))


def folder(path: Path, *, old: str = "", new: str = "") -> Path:
    """A report with these sentences and cells; `old` replaced by `new` after it was written."""
    spans = " ".join(f"<span{tells(ids)}>{text}</span>" for text, ids in SENTENCES)
    cells = "".join(f"<td{tells(ids)}>{text}<small>of 99</small></td>" for text, ids in CELLS)
    html = f'<section id="S1"><h3>Response</h3><p>{spans}</p></section>' \
           f'<section id="T1"><table><tr>{cells}</tr></table></section>'  # fmt: skip
    assert not old or old in html
    (path / "report.html").write_text(html.replace(old, new, 1) if old else html, "utf-8")
    results(NUMBERS).write_parquet(path / "results.parquet")
    return path


TEXT = " ".join(text for text, _ in SENTENCES)


def of_draft(path: Path, text: str, name: str = "draft.md") -> Gate:
    (path / name).write_text(text, "utf-8")
    return gate(study(), folder(path), draft=path / name)


def changed(path: Path, *edits: tuple[str, str]) -> Gate:
    text = TEXT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return of_draft(path, text)


def said(found: Gate) -> list[tuple[str, str, str]]:
    return [(each.printed, each.instead, each.result) for each in found.wrong]


# -- the report itself -----------------------------------------------------------------------------


def test_an_untouched_report_is_silent(tmp_path: Path) -> None:
    found = gate(study(), folder(tmp_path))
    assert (found.wrong, found.alone, found.findings) == ((), (), ())
    assert found.numbers == found.checked + 2  # the dose and the week belong to the words
    assert "all agree" in headline(found)


@pytest.mark.parametrize(
    ("old", "new", "printed"),
    [
        (">12/14 (86 %)<", ">12/14 (85 %)<", "85"),
        ("0.0002", "0.0004", "0.0004"),
        ("age was 40", "age was 44", "44"),
    ],
)
def test_a_number_changed_in_the_report_is_found(
    tmp_path: Path, old: str, new: str, printed: str
) -> None:
    found = gate(study(), folder(tmp_path, old=old, new=new))
    assert [each.printed for each in found.wrong] == [printed]
    assert not found.sound


def test_second_lines_marks_and_numbers_behind_drawings_are_no_finished_text() -> None:
    page = '<section id="F1"><details><td data-results="A">9</td></details></section>' \
           '<section id="T1"><td data-results="A\nB C">7<sup>1</sup><small>of 9</small></td>' \
           "</section>"  # fmt: skip
    assert [(e.part, e.text, e.results) for e in read_report(page)] == [("T1", "7", ("A", "B C"))]


# -- a draft ---------------------------------------------------------------------------------------


def test_an_untouched_draft_is_silent(tmp_path: Path) -> None:
    found = of_draft(tmp_path, f"# Results\n\n{TEXT}\n")
    assert (found.wrong, found.alone, found.findings) == ((), (), ())
    assert found.checked > 10


def test_the_report_itself_may_be_given_as_the_draft(tmp_path: Path) -> None:
    path = folder(tmp_path, old="12/14 (86 %) of", new="12/14 (87 %) of")
    (path / "report.html").rename(path / "mine.html")
    found = gate(study(), folder(tmp_path), draft=tmp_path / "mine.html")
    assert said(found) == [("87", "86", CR.format("EVALFL", "count"))]


def test_a_wrong_percentage_is_found_by_its_result_and_by_its_count(tmp_path: Path) -> None:
    found = changed(tmp_path, ("12/14 (86 %)", "12/14 (85 %)"))
    assert said(found) == [("85", "86", CR.format("EVALFL", "count"))]
    assert found.wrong[0].how == "truncated"
    ((_, finding),) = found.findings
    assert (finding.check, finding.verdict) == ("percentage", "inconsistent")
    assert finding.arithmetic[0] == "12 of 14 is 85.71 %"


def test_a_wrong_n_is_found(tmp_path: Path) -> None:
    found = changed(tmp_path, ("n = 15", "n = 14"))
    assert said(found) == [("14", "15", P.format("mean_change"))]


def test_swapped_p_values_are_found(tmp_path: Path) -> None:
    found = changed(tmp_path, ("P = 0.0002;", "P = 0.003;"), ("P = 0.003)", "P = 0.0002)"))
    assert said(found) == [
        ("0.003", "0.0002", P.format("p_paired_t")),
        ("0.0002", "0.003", P.format("p_signed_rank_exact")),
    ]


def test_a_lost_minus_is_found(tmp_path: Path) -> None:
    found = changed(tmp_path, ("was −6.9", "was 6.9"))
    assert said(found) == [("6.9", "−6.9", P.format("mean_change"))]


def test_a_number_of_the_words_that_is_changed_is_found(tmp_path: Path) -> None:
    found = changed(tmp_path, ("above 5 mg", "above 10 mg"))
    assert said(found) == [("10", "5 in the report", "")]


def test_the_same_fact_told_differently_in_two_places_is_asked_about(tmp_path: Path) -> None:
    found = changed(tmp_path, ("more, 12/15 (80 %)", "more, 11/15 (73 %)"))
    assert [each[0] for each in said(found)] == ["11", "73"]
    assert {finding.check for _, finding in found.findings} == {"same_fact"}


def test_other_words_fewer_decimals_and_limits_are_no_errors(tmp_path: Path) -> None:
    text = "Twelve of 15 treated subjects (80%) reached a complete response (95 % interval 52 to " \
           "96 %), as did 12 of 14 (86%) of the evaluable ones.\n\n" \
           "At week 2 the mean change was -6.9 (n=15; paired t test, P < 0.001; exact " \
           "signed-rank test, P = 0.003)."  # fmt: skip
    found = of_draft(tmp_path, text)
    assert (found.wrong, found.findings, found.alone) == ((), (), ())
    assert found.checked >= 10


def test_a_sentence_goes_on_after_a_word_cut_short(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(
        "## Results\n\n- It fell to 4.1 vs. 11.0 at entry. The rest\nstayed (Fig. 2). *So* be it.\n"
    )
    assert read_draft(tmp_path / "draft.md") == (
        "Results", "It fell to 4.1 vs. 11.0 at entry.", "The rest stayed (Fig. 2).", "So be it.",
    )  # fmt: skip


def test_a_number_without_a_result_is_listed_and_is_no_error(tmp_path: Path) -> None:
    found = of_draft(tmp_path, f"{TEXT} Seven patients had had fever for 3 days.")
    assert [each.printed for each in found.alone] == ["Seven", "3"]
    assert found.sound
    assert any("a person has to check these" in line for line in lines(found))


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Of 9 patients, 7 of 9 were content (78%).", []),
        ("In all 7/9 (77.8 %) were content.", []),
        ("In all 7 of 9 were content (87%).", [("87 %", "78 % (7 of 9)")]),
        ("In all 7 out of the 9 patients (77%) were.", [("77 %", "78 % (7 of 9)")]),
        ("In all 9 of 7 (78 %) were.", [("78 %", "no share: 9 of 7")]),
        ("On 3/9 2010 a share (78 %) of 7.", []),
    ],
)
def test_a_share_that_a_draft_writes_out_follows_from_its_count(
    sentence: str, wrong: list[tuple[str, str]]
) -> None:
    assert list(wrong_shares(sentence)) == wrong


def test_what_cannot_be_read_as_a_draft_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "draft.docx").write_bytes(b"PK")
    (tmp_path / "draft.txt").write_bytes(b"\xff\xfe")
    for name, words in (
        ("draft.docx", "save it as .txt, .md or .html"),
        ("draft.txt", "is no text in UTF-8"),
        ("none.md", "there is no such file"),
    ):
        with pytest.raises(InputErrors, match=words):
            gate(study(), folder(tmp_path), draft=tmp_path / name)


def test_a_line_says_which_number_of_a_result_it_is(tmp_path: Path) -> None:
    found = changed(tmp_path, ("12/14 (86 %)", "11/14 (84 %)"), ("n = 15", "n = 16"))
    told = " ".join(" ".join(lines(found)).split())
    assert "says 11, the result is 12 (CR/EVALFL/-/-/count)" in told
    assert "says 84, the result is 86 (12 of 14: CR/EVALFL/-/-/count)" in told
    assert "says 16, the result is 15 (its n: CLASI_A_WEEK_2/SAFFL/-/2/mean_change)" in told


def test_up_to_thirty_wrong_numbers_are_printed(tmp_path: Path) -> None:
    wrong = changed(tmp_path, ("n = 15", "n = 14")).wrong
    for number, more in ((30, []), (33, ["  3 more, in audit.json"])):
        found = Gate(number, number, wrong * number, (), (), draft="draft.md")
        told = list(lines(found))
        assert sum("says 14" in line for line in told) == 30
        assert [line for line in told if "more, in" in line] == more


# -- units -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "printed", "instead"),
    [
        ("age was 40 years", "age was 40 months", "40 months", "years"),
        ("above 5 mg a day", "above 5 g a day", "5 g", "mg"),
        ("12/14 (86 %)", "12/14 (86 patients)", "86 patients", "%"),
    ],
)
def test_another_word_where_the_report_has_a_unit_is_an_open_question(
    tmp_path: Path, old: str, new: str, printed: str, instead: str
) -> None:
    found = changed(tmp_path, (old, new))
    assert [(each.printed, each.instead) for each in found.units] == [(printed, instead)]
    assert found.sound
    told = list(lines(found))
    assert headline(found).endswith("with each other; 1 open question")
    assert any(f"is '{printed}' meant? the report says {instead}" in line for line in told)


@pytest.mark.parametrize(
    "words",
    [
        "7.6 weeks", "7.6 wk", "7.6-week", "7.6 Weeks", "7.6 whole weeks", "7.6", "7.6 in all",
        "7.6 semanas",
    ],
)  # fmt: skip
def test_the_same_unit_in_other_words_or_none_is_not_asked_about(words: str) -> None:
    assert units_of("It took 2.4 to 7.6 weeks.", f"It took 2.4 to {words}.") == []


@pytest.mark.parametrize(
    ("report", "draft", "printed"),
    [
        ("It took 2.4 to 7.6 weeks.", "It took 2.4 to 7.6 months.", ["7.6 months"]),
        ("From 2 weeks to 7 weeks.", "From 2 months to 7 weeks.", ["2 months"]),
        ("From 2 weeks to 7 weeks.", "From 2 to 7 weeks.", []),
        ("It took 7 visits.", "It took 7 months.", []),  # the report has no unit
    ],
)
def test_the_unit_is_the_word_directly_after_a_number(
    report: str, draft: str, printed: list[str]
) -> None:
    assert units_of(report, draft) == printed


def units_of(report: str, draft: str) -> list[str]:
    told = Told("S1", "sentence", report, ())
    pairs = zip(numbers_in(draft), numbers_in(report), strict=True)
    asked = (other_unit(told, draft, seen, Linked(place, None)) for seen, place in pairs)
    return [each.printed for found in asked for each in found]


def test_the_document_holds_everything_that_was_found(tmp_path: Path) -> None:
    edits = (("12/14 (86 %)", "12/14 (85 %)"), ("40 years", "40 days"))
    made = document(changed(tmp_path, *edits))
    (unit,) = made["units"]  # type: ignore[misc]
    assert (unit["printed"], unit["instead"]) == ("40 days", "years")
    assert (made["pilotage_gate"], made["draft"]) == (1, "draft.md")
    (wrong,) = made["wrong"]  # type: ignore[misc]
    assert (wrong["printed"], wrong["instead"]) == ("85", "86")


# -- numbers of a text -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("12/15 (80 %)", ["12", "15", "80"]),
        ("P <0.0001 and P > 0.9", ["<0.0001", ">0.9"]),
        ("(−1.3 to −0.1)", ["−1.3", "−0.1"]),
        ("2–12 weeks, C3 in mm3", ["2", "12"]),
        ("Fifteen of 15", ["Fifteen", "15"]),
    ],
)
def test_numbers_are_read_with_their_signs(text: str, seen: list[str]) -> None:
    assert [each.shown for each in numbers_in(text)] == seen
