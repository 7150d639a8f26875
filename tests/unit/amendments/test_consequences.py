"""What of the past would come out differently under another study: three subjects of the small one.

All begin on Monday 6 May 2024 with 10 mg. A and B have a score of 8 at entry. A has 5 in week 4 and
goes on; B has 0; the neutrophils of C are of grade 2 in week 4.
"""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pilotage.amendments import Difference, consequences
from pilotage.datasets import read_for
from pilotage.snapshot import Snapshot
from pilotage.study import Study, load_study

SMALL = Path(__file__).parents[2] / "small_study"
START, WEEK_4 = date(2024, 5, 6), date(2024, 6, 3)
AGED = [
    ("is: response}", "is: response, max_age_days: 7}"),
    ("target: DM.SEX, required: true}", "target: DM.SEX, required: true, max_age_days: 4000}"),
]
"""What a decision rests on has a maximum age."""


def table(name: str, columns: str, *rows: str) -> str:
    head = f"STUDYID,DOMAIN,USUBJID,{columns}\n"
    return head + "".join(f"PILOT-01,{name.upper()},{row}\n" for row in rows)


def scored(subject: str, entry: int, later: int) -> Iterator[str]:
    yield f"{subject},1,SYMPTOMS,SCORE,{entry},{entry},2,First dose,{START}"
    yield f"{subject},2,SYMPTOMS,SCORE,{later},{later},3,Week 4,{WEEK_4}"


TABLES = {
    "dm": table("dm", "AGE,SEX,RFICDTC", *(f"{s},40,M,2024-05-02" for s in "ABC")),
    "ex": table("ex", "EXSEQ,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC",
                *(f"{s},1,STUDY DRUG,10,mg,QD,{START}," for s in "ABC")),
    "qs": table("qs", "QSSEQ,QSCAT,QSTESTCD,QSORRES,QSSTRESN,VISITNUM,VISIT,QSDTC",
                *scored("A", 8, 5), *scored("B", 8, 0), *scored("C", 8, 7)),
    "lb": table("lb", "LBSEQ,LBTESTCD,LBORRES,LBORRESU,LBORNRLO,LBORNRHI,VISITNUM,VISIT,LBDTC",
                *(f"{s},1,NEUT,4,10*9/L,1.8,7.7,2,First dose,{START}" for s in "ABC"),
                *(f"{s},2,NEUT,{n},10*9/L,1.8,7.7,3,Week 4,{WEEK_4}"
                  for s, n in (("A", 4), ("B", 4), ("C", 1.2)))),
    "sv": table("sv", "SVSEQ,VISITNUM,VISIT,SVSTDTC",
                *(f"{s},{n},{n + 1},{label},{day}" for s in "ABC"
                  for n, label, day in ((1, "First dose", START), (2, "Week 4", WEEK_4))),
                "A,3,,Unscheduled,2024-06-10"),
}  # fmt: skip


def edited(folder: Path, *edits: tuple[str, str]) -> Study:
    study = Path(shutil.copytree(SMALL, folder))
    path = study / "protocol.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (*AGED, *edits):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return load_study(study)


def snapshot(folder: Path, study: Study) -> Snapshot:
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_for(study, folder)


def differences(folder: Path, *edits: tuple[str, str], what: str = "") -> list[Difference]:
    old, new = edited(folder / "old"), edited(folder / "new", *edits)
    found = consequences(old, new, snapshot(folder / "data", new))
    return [each for each in found if what in ("", each.what)]


def said(found: list[Difference]) -> list[tuple[str | None, str, str]]:
    return [(each.subject, each.old, each.new) for each in found]


def test_the_same_study_says_the_same_of_the_past(tmp_path: Path) -> None:
    assert differences(tmp_path) == []


def test_words_change_nothing_of_the_past(tmp_path: Path) -> None:
    edits = [("why: no response after four weeks", "why: nothing gained"),
             ("why: neutropenia of grade 3 or 4", "why: neutropenia"),
             ("label: Symptom score\n", "label: Score\n")]  # fmt: skip
    assert differences(tmp_path, *edits) == []


def test_who_would_not_have_entered(tmp_path: Path) -> None:
    found = differences(tmp_path, ("when: SCORE >= 4, why", "when: SCORE >= 9, why"))
    entry = [each for each in found if each.what == "eligibility"]
    assert said(entry) == [(s, "eligible", "not eligible") for s in "ABC"]
    assert {each.why for each in entry} == {"IN02 passed → failed"}
    doses = [(d.subject, d.on, d.old, d.new) for d in found if d.what == "doses"]
    assert doses == [(s, START, "conforms", "deviates") for s in "ABC"]


def test_an_older_reason_to_stop_and_a_new_one(tmp_path: Path) -> None:
    found = differences(tmp_path, ("NEUT.GRADE >= 3", "NEUT.GRADE >= 2"), what="stopping")
    (only,) = found
    assert (only.subject, only.on) == ("C", WEEK_4)
    assert (only.old, only.new) == (
        "no reason to stop", "stop: neutropenia of grade 3 or 4 [P-23]"
    )  # fmt: skip


def test_after_a_new_reason_to_stop_every_later_dose_would_deviate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B has neutrophils of grade 2 in week 4, and goes on; a week later they are normal again."""
    later = date(2024, 6, 10)
    low = TABLES["lb"].replace("B,2,NEUT,4,", "B,2,NEUT,1.2,")
    monkeypatch.setitem(TABLES, "lb", f"{low}PILOT-01,LB,B,3,NEUT,4,10*9/L,1.8,7.7,,,{later}\n")
    score = f"PILOT-01,QS,B,3,SYMPTOMS,SCORE,0,0,,,{later}\n"
    monkeypatch.setitem(TABLES, "qs", TABLES["qs"] + score)
    visit = f"PILOT-01,SV,B,3,,Unscheduled,{later}\nPILOT-01,SV,B,4,,Unscheduled,2024-06-11\n"
    monkeypatch.setitem(TABLES, "sv", TABLES["sv"] + visit)
    found = differences(tmp_path, ("NEUT.GRADE >= 3", "NEUT.GRADE >= 2"), what="doses")
    assert [(d.on, d.old, d.new) for d in found if d.subject == "B"] == [
        (WEEK_4, "conforms", "deviates"),
        (later, "conforms", "deviates"),
    ]
    assert found[1].why.startswith(f"no drug after the reason to stop of {WEEK_4}: ")


def test_a_dose_that_would_have_conformed(tmp_path: Path) -> None:
    """In week 4 the dose of A and C is raised under the old table, and was not."""
    found = differences(tmp_path, ("WEEK >= 4 and RESPONSE", "WEEK >= 6 and RESPONSE"))
    doses = [(d.subject, d.on, d.name, d.old, d.new) for d in found if d.what == "doses"]
    assert doses == [
        ("A", WEEK_4, "10 mg QD", "deviates", "conforms"),
        ("C", WEEK_4, "10 mg QD", "deviates", "conforms"),
    ]
    advice = [each for each in found if each.what == "dosing advice"]
    assert said(advice) == [(s, "row 3 [P-21]", "no row answers") for s in "AC"]
    assert not any("20 mg" in f"{d.old} {d.new} {d.why}" for d in found)  # no dose is proposed


def test_what_no_row_of_the_protocol_says_cites_no_row(tmp_path: Path) -> None:
    later = ("WEEK >= 4 and RESPONSE", "WEEK >= 6 and RESPONSE")
    found = differences(tmp_path, later, ("otherwise: hold", "otherwise: not stated"), what="doses")
    assert [(each.subject, each.new) for each in found] == [
        ("A", "CANNOT ADVISE"), ("C", "CANNOT ADVISE"),
    ]  # fmt: skip
    assert {each.why for each in found} == {"the protocol does not say what to do in this case"}


def test_visits_that_would_stand_otherwise(tmp_path: Path) -> None:
    found = differences(
        tmp_path, ("day: 29\n      window: [3, 3]", "day: 36\n      window: [3, 3]"), what="visits"
    )
    week_4 = [each for each in found if each.name == "Week 4" and each.subject != "A"]
    assert said(week_4) == [(s, "done", "done early") for s in "BC"]
    assert {each.why for each in week_4} == {"2024-05-31 to 2024-06-06 → 2024-06-07 to 2024-06-13"}


def test_responses_and_results_that_would_be_others(tmp_path: Path) -> None:
    found = differences(tmp_path, ("SCORE.PCHG <= -50", "SCORE.PCHG <= -30"))
    values = {(d.subject, d.name, d.old, d.new) for d in found if d.what == "values"}
    assert ("A", "ADRS OVRLRESP AVALC", "NR", "PR") in values
    assert {subject for subject, *_ in values} == {"A"}
    assert any(d.what == "doses" and d.subject == "A" for d in found)


def test_a_result_is_told_by_its_id(tmp_path: Path) -> None:
    found = differences(tmp_path, ("response, when: SCORE == 0", "response, when: SCORE <= 5"))
    results = {each.name: (each.old, each.new) for each in found if each.what == "results"}
    assert results["RESPONSE/SAFFL/-/-/count"] == ("1", "2")
    named = [each.name for each in found if each.what == "results"]
    assert named[0].startswith("RESPONSE/")  # the primary endpoint first


@pytest.mark.parametrize("version", ["2024-01-15", "2024-05-20", "2030-01-01"])
def test_the_versions_do_not_matter_for_what_would_have_been(tmp_path: Path, version: str) -> None:
    """Both studies are asked as if they had ruled from the first day on."""
    found = differences(
        tmp_path, ("date: 2024-01-15", f"date: {version}"), ("NEUT.GRADE >= 3", "NEUT.GRADE >= 2")
    )
    assert [each.subject for each in found if each.what == "stopping"] == ["C"]
