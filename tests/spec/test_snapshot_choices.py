"""Answers that the study's forms do not offer: warnings with place, value, what is allowed and the
nearest. The small snapshot of `snapshot_examples`, read for the built-in study."""

from functools import cache
from pathlib import Path

import pytest
from snapshot_examples import FILES, Files, changed, write_files

from pilotage.findings import Finding
from pilotage.snapshot import read_snapshot
from pilotage.snapshot.choices import answers_outside
from pilotage.study import Study, load_study

DS = "STUDYID,DOMAIN,USUBJID,DSSEQ,DSSCAT,DSDECOD,DSSTDTC\n"


@cache
def study() -> Study:
    return load_study("lenalidomide_cle")


def outside(folder: Path, files: Files) -> list[Finding]:
    return answers_outside(study().protocol, read_snapshot(write_files(folder / "s", files)))


def test_answers_that_the_forms_offer_are_not_told(tmp_path):
    assert outside(tmp_path, FILES) == []


def test_an_answer_that_no_form_offers_is_a_warning_with_its_place_and_what_is_allowed(tmp_path):
    files = changed("dm.csv", "34,F", "34,W", files=FILES)
    (found,) = outside(tmp_path, files)
    assert found.severity == "warning"
    assert str(found) == "dm.csv:2: SEX is 'W', which is no answer to 'Sex': F, M or U"


@pytest.mark.parametrize("written", ["f", "female", "FEMALE"])
def test_the_nearest_answer_is_named_by_its_code_or_its_label(tmp_path, written):
    (found,) = outside(tmp_path, changed("dm.csv", "34,F", f"34,{written}", files=FILES))
    assert found.message.endswith("; did you mean 'F'?")


def test_an_answer_of_several_rows_is_told_once(tmp_path):
    files = changed("dm.csv", "34,F", "34,male", "51,M", "51,male", files=FILES)
    (found,) = outside(tmp_path, files)
    assert str(found).startswith("dm.csv:2: SEX is 'male'")
    assert found.message.endswith("; did you mean 'M'? (and 1 more row)")


def test_a_screen_failure_is_an_answer_in_every_study(tmp_path):
    rows = "T1,DS,S01,1,STUDY,SCREEN FAILURE,2009-03-01\nT1,DS,S02,1,STUDY,SCREENED,2009-03-01\n"
    (found,) = outside(tmp_path, {**FILES, "ds.csv": DS + rows})
    assert str(found).startswith("ds.csv:3: DSDECOD is 'SCREENED', which is no answer to")


def test_only_the_answers_of_the_item_that_the_row_names_are_allowed(tmp_path):
    """PREGNANCY ends a treatment; it is no reason for the end of participation."""
    rows = "T1,DS,S01,1,TREATMENT,PREGNANCY,2009-03-01\nT1,DS,S02,1,STUDY,PREGNANCY,2009-03-01\n"
    (found,) = outside(tmp_path, {**FILES, "ds.csv": DS + rows})
    assert str(found).startswith(
        "ds.csv:3: DSDECOD is 'PREGNANCY', which is no answer to "
        "'Reason for the end of participation': COMPLETED, "
    )


@pytest.mark.parametrize("written, told", [("completed", 1), ("RANDOMIZED", 0)])
def test_of_a_row_that_names_no_item_only_what_looks_like_an_answer_is_told(
    tmp_path, written, told
):
    files = changed("ds.csv", "COMPLETED", written, files=FILES)
    assert len(outside(tmp_path, files)) == told


def test_yes_and_no_are_written_y_and_n(tmp_path):
    head = "STUDYID,DOMAIN,USUBJID,RPSEQ,RPTESTCD,RPORRES,RPDTC\n"
    rows = "T1,RP,S01,1,CHILDPOT,yes,2009-01-05\nT1,RP,S01,2,LACTAT,N,2009-01-05\n"
    (found,) = outside(tmp_path, {**FILES, "rp.csv": head + rows})
    assert str(found) == (
        "rp.csv:2: RPORRES is 'yes', which is no answer to 'Of childbearing potential': Y or N; "
        "did you mean 'Y'?"
    )
