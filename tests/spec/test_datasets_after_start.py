"""Facts of a subject that say whether something was ever found after the first dose."""

from pathlib import Path

import pytest

from pilotage.datasets import derive
from pilotage.snapshot import read_snapshot
from pilotage.study import load_study

EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC\n"
QS = "STUDYID,DOMAIN,USUBJID,QSSEQ,QSCAT,QSTESTCD,QSORRES,QSSTRESN,VISITNUM,VISIT,QSDTC\n"
ASKED = "STUDYID,DOMAIN,USUBJID,CESEQ,CETERM,CEOCCUR,CEDTC\n"


def paraesthesia(folder: Path, *answers: tuple[str, str], dosed: bool = True) -> str | None:
    """The fact of a subject whose first dose is on 2020-01-10, with (answer, date)."""
    (folder / "dm.csv").write_text(
        "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFICDTC\nT,DM,S1,40,F,2020-01-01\n"
    )
    dose = "T,EX,S1,1,STUDY DRUG,5,mg,QD,2020-01-10,2020-03-01\n"
    (folder / "ex.csv").write_text(EX + (dose if dosed else ""))
    (folder / "qs.csv").write_text(QS)
    rows = [
        f"T,CE,S1,{at},PARAESTHESIA,{answer},{date}\n"
        for at, (answer, date) in enumerate(answers, 1)
    ]
    other = "T,CE,S1,99,NUMBNESS,Y,2020-02-01\n"
    (folder / "ce.csv").write_text(ASKED + "".join(rows) + other)
    study = load_study("lenalidomide_cle")
    return derive(study, read_snapshot(folder)).adsl["PARAESTH"][0]


@pytest.mark.requirement("P-87")
@pytest.mark.parametrize(
    "answers, fact",
    [
        ([("N", "2020-02-01"), ("Y", "2020-02-15"), ("N", "2020-03-01")], "Y"),
        ([("N", "2020-02-01"), ("N", "2020-03-01")], "N"),
        ([("Y", "2020-01-05"), ("N", "2020-02-01")], "N"),  # before the start it does not count
        ([("Y", "2020-01-10"), ("N", "2020-02-01")], "N"),  # nor on the day of the first dose
        ([("Y", "2020-01-11")], "Y"),
        ([("N", "2020-01-05")], None),  # nobody asked after the start
        ([], None),
        ([("Y", "2020-01"), ("N", "2020-02-01")], None),  # it may have been after the start
        ([("Y", "2020"), ("Y", "2020-02-01")], "Y"),
        ([("Y", ""), ("N", "2020-02-01")], None),
    ],
)
def test_a_fact_says_whether_an_answer_was_ever_given_after_the_first_dose(
    tmp_path: Path, answers: list[tuple[str, str]], fact: str | None
) -> None:
    assert paraesthesia(tmp_path, *answers) == fact


def test_of_a_subject_without_treatment_nothing_is_after_the_start(tmp_path: Path) -> None:
    assert paraesthesia(tmp_path, ("Y", "2020-02-01"), dosed=False) is None
