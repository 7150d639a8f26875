"""What a study may not hold: each case of `broken_studies` damages a small one in one place and
gives every line that a person then reads."""

import pytest
from study_examples import Broken, edit, messages, read_cases, study_in

from pilotage.study import load_study


def cases(name: str) -> list:
    return [pytest.param(case, id=case.title) for case in read_cases(name)]


def check(case: Broken, tmp_path) -> None:
    folder = study_in(tmp_path)
    edit(folder, case.file, case.old, case.new)
    assert messages(folder) == list(case.messages)


@pytest.mark.parametrize("case", cases("yaml.txt"))
def test_yaml_that_can_be_misread_is_refused(case, tmp_path):
    check(case, tmp_path)


@pytest.mark.parametrize("case", cases("shape.txt"))
def test_a_part_of_the_wrong_shape_is_named_with_what_must_stand_there(case, tmp_path):
    check(case, tmp_path)


@pytest.mark.parametrize("case", cases("protocol.txt"))
def test_a_protocol_that_contradicts_itself_is_refused(case, tmp_path):
    check(case, tmp_path)


@pytest.mark.parametrize("case", cases("plan.txt"))
def test_a_plan_that_contradicts_itself_or_the_protocol_is_refused(case, tmp_path):
    check(case, tmp_path)


@pytest.mark.parametrize("case", cases("figures.txt"))
def test_a_figure_must_have_what_its_layout_draws_and_no_key_of_another(case, tmp_path):
    check(case, tmp_path)


def test_the_small_study_has_no_mistake(tmp_path):
    assert messages(study_in(tmp_path)) == []


# -- several mistakes ------------------------------------------------------------------------------


def test_all_mistakes_of_all_files_are_told_at_once_by_file_and_line(tmp_path):
    folder = study_in(tmp_path)
    edit(folder, "codelists/severity.yaml", "SEVERE: severe", "SEVERE: 3")
    edit(folder, "protocol.md", "## P-12 Pregnancy", "## P-10 Pregnancy")
    edit(folder, "protocol.yaml", "  route: oral", "  rout: oral")
    edit(folder, "protocol.yaml", "    domain: QS", "    domain: QX")
    edit(folder, "protocol.yaml", "    - {when: NEUT.GRADE >= 3", "    - {when: NEUT.GRADES >= 3")
    edit(folder, "protocol.yaml", "      day: 57", "      day: fifty-seven")
    edit(folder, "sap.yaml", "    week: 8", "    week: 9")
    edit(folder, "sap.yaml", "    analyses: [EVENTS]", "    analyses: [EVENT]")
    assert messages(folder) == [
        "codelists/severity.yaml:4: 'SEVERE' is 3; it must be text, or one text per language; "
        "put it in quotes",
        "protocol.md:20: the heading P-10 stands here twice, first in line 12",
        "protocol.yaml:31: 'rout' is not a part of treatment; did you mean 'route'?",
        "protocol.yaml:54: 'domain' is 'QX'; it must be 'QS' or 'LB'",
        "protocol.yaml:135: 'P-12' is no heading of protocol.md; did you mean 'P-10'?",
        "protocol.yaml:168: 'day' is 'fifty-seven'; it must be a whole number",
        "protocol.yaml:203: row 1 of stopping uses 'NEUT.GRADES', which this study does not "
        "declare; did you mean 'NEUT.GRADE'?",
        "sap.yaml:60: week 9 has no analysis window (weeks 4, 8, then every 4)",
        "sap.yaml:99: the analysis 'EVENT' is not declared under 'analyses'; "
        "did you mean 'EVENTS'?",
    ]


def test_a_section_with_a_misspelled_name_is_still_checked(tmp_path):
    folder = study_in(tmp_path)
    edit(folder, "protocol.yaml", "parameters:", "paramters:")
    edit(folder, "protocol.yaml", "    whole_numbers: true", "    whole_numbers: yes")
    edit(folder, "protocol.yaml", "    grade: NEUT", "    grade: NEUTROPHILS")
    assert messages(folder) == [
        "protocol.yaml:51: 'paramters' is not a part of protocol.yaml; did you mean 'parameters'?",
        "protocol.yaml:57: 'whole_numbers' is 'yes'; it must be true or false; write true",
        "protocol.yaml:66: 'NEUTROPHILS' is no graded term (NEUT, WBC, PLAT, HGB, ALT, CREAT, "
        "WEIGHT)",
    ]


def test_a_name_that_a_broken_part_declares_is_not_reported_as_unknown(tmp_path):
    folder = study_in(tmp_path)
    edit(folder, "protocol.yaml", "    domain: QS\n", "")
    edit(folder, "protocol.yaml", "  - {id: TREATMENT, label: Treatment}", "  - {label: Treatment}")
    edit(folder, "sap.yaml", "    kind: proportion", "    kind: counting")
    assert messages(folder) == [
        "protocol.yaml:25: entry 2 of epochs needs 'id'",
        "protocol.yaml:52: parameters.SCORE needs 'domain'",
        "sap.yaml:35: 'kind' is 'counting'; it must be 'proportion', 'categories', 'summary', "
        "'change', 'time to event', 'cumulative incidence', 'two-stage design', 'events' or "
        "'comparison'",
    ]


def test_a_file_that_cannot_be_read_does_not_hide_the_mistakes_of_the_others(tmp_path):
    folder = study_in(tmp_path)
    edit(folder, "protocol.yaml", "  unit: mg", "  unit: @mg")
    edit(folder, "sap.yaml", "significance: 0.05", "significance: 5 %")
    assert messages(folder) == [
        "protocol.yaml:32: text that starts with '@' must stand in quotes",
        "sap.yaml:6: 'significance' is '5 %'; it must be a number above 0 and below 1",
    ]


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["protocol.yaml", "sap.yaml", "protocol.md"])
def test_a_study_needs_its_three_files(name, tmp_path):
    folder = study_in(tmp_path)
    (folder / name).unlink()
    assert f"{name}: {folder} has no such file" in messages(folder)


def test_open_questions_and_codelists_may_be_absent(tmp_path):
    folder = study_in(tmp_path)
    (folder / "open_questions.md").unlink()
    (folder / "codelists" / "severity.yaml").unlink()
    assert messages(folder) == [
        "protocol.yaml:121: the codelist 'severity' is not declared",
    ]


def test_bytes_that_are_not_utf_8_are_named_with_their_line(tmp_path):
    folder = study_in(tmp_path)
    for name in ("protocol.yaml", "protocol.md"):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(
            content.replace(b"adults", b"ni\xf1os").replace(b"mouth", b"\xe9")
        )
    assert messages(folder) == [
        "protocol.md:32: this line is not UTF-8 text; save the file as UTF-8",
        "protocol.yaml:10: this line is not UTF-8 text (byte 0xf1); save the file as UTF-8",
    ]


def test_a_file_that_nobody_wrote_by_hand_is_refused(tmp_path):
    folder = study_in(tmp_path)
    with (folder / "sap.yaml").open("a") as file:
        file.write("# more\n" * 100_000)
    assert messages(folder) == [
        "sap.yaml:1: the file has more than 500,000 bytes; no more are read"
    ]


def test_a_protocol_needs_numbered_headings(tmp_path):
    folder = study_in(tmp_path)
    (folder / "protocol.md").write_text("# Protocol\n\nAll of it.\n")
    assert messages(folder) == [
        "protocol.md:1: no heading begins with an id, such as '## P-01 Design'"
    ]


def test_a_codelist_stands_in_one_place_only(tmp_path):
    folder = study_in(tmp_path)
    (folder / "codelists" / "sex.yaml").write_text("F: female\nM: male\n")
    assert messages(folder) == [
        "codelists/sex.yaml:1: the codelist 'sex' stands in protocol.yaml:71 already"
    ]


def test_a_codelist_file_is_named_as_the_codelist(tmp_path):
    folder = study_in(tmp_path)
    (folder / "codelists" / "Skin type.yaml").write_text("I: one\n")
    assert messages(folder) == [
        "codelists/Skin type.yaml:1: 'Skin type' cannot be a name here; it must be a name in small "
        "letters such as vital_signs (letters, digits and _)"
    ]


def test_an_empty_codelist_file_is_a_mistake_of_its_own(tmp_path):
    folder = study_in(tmp_path)
    (folder / "codelists" / "severity.yaml").write_text("# to do\n")
    assert messages(folder) == ["codelists/severity.yaml:1: the file is empty"]


# -- what is only a warning ------------------------------------------------------------------------


def warnings(folder) -> list[str]:
    return [str(found) for found in load_study(folder).findings if found.severity == "warning"]


def test_a_missing_translation_is_a_warning(tmp_path):
    folder = study_in(tmp_path)
    edit(folder, "protocol.yaml", "languages: [en]", "languages: [en, es]")
    edit(folder, "protocol.yaml", "  name: Study drug", "  name: {en: Study drug, es: Fármaco}")
    found = warnings(folder)
    assert "protocol.yaml:11: 'short_title' has no text in 'es'" in found
    assert "protocol.yaml:235: 'label' has no text in 'es'" in found
    assert "sap.yaml:10: 'label' has no text in 'es'" in found
    assert "codelists/severity.yaml:4: 'SEVERE' has no text in 'es'" in found
    assert not [words for words in found if words.startswith("protocol.yaml:29:")]


def test_visits_that_overlap_are_a_warning(tmp_path):
    folder = study_in(tmp_path)
    edit(folder, "protocol.yaml", "      window: [7, 6]", "      window: [7, 7]")
    assert warnings(folder) == [
        "protocol.yaml:153: the window of START begins before that of ENTRY ends"
    ]


def test_days_between_analysis_windows_are_a_warning(tmp_path):
    folder = study_in(tmp_path)
    edit(
        folder, "protocol.yaml", "    - {week: 8, first_day: 44,", "    - {week: 8, first_day: 46,"
    )
    assert warnings(folder) == [
        "protocol.yaml:226: days 44 to 45 belong to no week; assessments of these days enter no "
        "table by visit"
    ]


def test_a_codelist_file_that_is_not_read_is_a_warning(tmp_path):
    folder = study_in(tmp_path)
    (folder / "codelists" / "race.yml").write_text("W: white\n")
    assert warnings(folder) == ["codelists/race.yml: is not read; name it race.yaml"]
