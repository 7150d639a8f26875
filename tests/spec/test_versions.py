"""An amended study: the version of the protocol in force on a day decides about that day.

Version 2.0 of the small study holds from 1 June 2024; version 1.0 is kept as it was.
"""

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from snapshot_examples import write_files
from study_examples import edit, messages, study_in

from pilotage.datasets import derive
from pilotage.findings import InputErrors
from pilotage.rules import UNKNOWN, Record, advise, decide_columns, inputs, record, states
from pilotage.snapshot import read_snapshot
from pilotage.study import Study, load_study

FIRST = '  - {id: "1.0", date: 2024-01-15, summary: First version}\n'
SECOND = '  - {id: "2.0", date: 2024-06-01, summary: Stops earlier}\n'
LIMIT = "    - {when: NEUT.GRADE >= 3, do: stop, why: neutropenia of grade 3 or 4"
EARLIER = "    - {when: NEUT.GRADE >= 2, do: stop, why: neutropenia of grade 2 or more"
LAST_DAY, FIRST_DAY, NEXT_DAY = date(2024, 5, 31), date(2024, 6, 1), date(2024, 6, 2)


def amended(folder: Path) -> Path:
    """The small study after its amendment."""
    study = study_in(folder)
    old = study / "versions" / "1.0"
    old.mkdir(parents=True)
    for name in ("protocol.yaml", "protocol.md"):
        shutil.copy(study / name, old / name)
    shutil.copytree(study / "codelists", old / "codelists")
    edit(study, "protocol.yaml", FIRST, FIRST + SECOND)
    edit(study, "protocol.yaml", LIMIT, EARLIER)
    return study


def in_both(study: Path, old: str, new: str) -> None:
    for file in ("protocol.yaml", "versions/1.0/protocol.yaml"):
        edit(study, file, old, new)


def kept(study: Study, folder: Path, **tables: str) -> Record:
    """One man, whose first dose was on 6 May; his neutrophils are of grade 2 from 31 May on."""
    files = {
        "dm": "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFICDTC\nPILOT-01,DM,S1,40,M,2024-04-29\n",
        "ex": "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC\n"
        "PILOT-01,EX,S1,1,STUDY DRUG,20,mg,QD,2024-05-06,\n",
        "qs": "STUDYID,DOMAIN,USUBJID,QSSEQ,QSCAT,QSTESTCD,QSORRES,QSSTRESN,VISITNUM,VISIT,QSDTC\n"
        "PILOT-01,QS,S1,1,SYMPTOMS,SCORE,8,8,1,Entry,2024-05-06\n"
        "PILOT-01,QS,S1,2,SYMPTOMS,SCORE,5,5,3,Week 4,2024-05-31\n",
        "lb": "STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBORRES,LBORRESU,LBORNRLO,LBORNRHI,VISITNUM,"
        "VISIT,LBDTC\n"
        "PILOT-01,LB,S1,1,NEUT,1.2,10*9/L,1.8,7.7,3,Week 4,2024-05-31\n",
        **tables,
    }
    snapshot = read_snapshot(
        write_files(folder / "snapshot", {f"{name}.csv": text for name, text in files.items()})
    )
    return record(study, snapshot, derive(study, snapshot))


# -- the day decides -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day, version, stops",
    [(LAST_DAY, "1.0", []), (FIRST_DAY, "2.0", ["stop"]), (NEXT_DAY, "2.0", ["stop"])],
)
def test_a_day_has_the_rules_of_the_version_in_force_on_it(
    tmp_path: Path, day: date, version: str, stops: list[str]
) -> None:
    record = kept(load_study(amended(tmp_path)), tmp_path)
    advice = advise(record, "S1", day)
    assert advice.version is not None
    assert advice.version.id == version
    assert [each.action for each in advice.stopping if each.known] == stops


def test_one_subject_and_all_subjects_are_under_the_same_version(tmp_path: Path) -> None:
    all_of_them = kept(load_study(amended(tmp_path)), tmp_path)
    for day, action in [(LAST_DAY, None), (FIRST_DAY, "stop")]:
        for each in (all_of_them, all_of_them.of("S1")):
            ruling = each.under_version_on(day)
            assert ruling is not None
            assert ruling is each.under_version_on(day)
            moment = each.snapshot.tables["dm"].select("USUBJID").with_columns(DATE=None)
            known = states(ruling, moment.with_columns(DATE=day))
            table = ruling.protocol.stopping
            answers = known.select(decide_columns(table, known.schema))
            # pregnancy is not known of a man whose sex no item says
            assert answers["ACTION"][0] == (action or UNKNOWN)


def test_before_the_first_version_nothing_is_advised(tmp_path: Path) -> None:
    record = kept(load_study(amended(tmp_path)), tmp_path)
    advice = advise(record, "S1", date(2024, 1, 14))
    assert (advice.version, advice.dosing.action) == (None, UNKNOWN)
    assert advice.dosing.reason == "no version of the protocol was in force on this day"
    assert advise(record, "S1", date(2024, 1, 15)).dosing.action != UNKNOWN


def test_what_counts_as_a_response_is_that_of_the_version_too(tmp_path: Path) -> None:
    study = amended(tmp_path)
    in_both(
        study,
        "  RESPONSE: {label: response, is: response}",
        "  RESPONSE: {label: response, is: response, max_age_days: 7}",
    )
    edit(
        study,
        "protocol.yaml",
        "        when: SCORE.BASE > 0 and SCORE.PCHG <= -50",
        "        when: SCORE.BASE > 0 and SCORE.PCHG <= -30",
    )
    record = kept(load_study(study), tmp_path)
    said = {}
    for day in (LAST_DAY, FIRST_DAY):
        ruling = record.under_version_on(day)
        assert ruling is not None
        said[day] = inputs(ruling.of("S1"), "S1", day, ["RESPONSE"])["RESPONSE"].value
    assert said == {LAST_DAY: "NR", FIRST_DAY: "PR"}  # 5 after 8 is 37.5 % less


def test_a_phase_that_began_under_an_older_version_goes_on(tmp_path: Path) -> None:
    """Version 1.0 lowers the dose of whoever does not respond; 2.0 does not know such a step. The
    step that was taken under 1.0 was a taper, and stays one."""
    study = amended(tmp_path)
    in_both(
        study,
        "  RESPONSE: {label: response, is: response}",
        "  RESPONSE: {label: response, is: response, max_age_days: 7}",
    )
    edit(
        study,
        "versions/1.0/protocol.yaml",
        "    - {when: WEEK >= 8 and RESPONSE == 'NR', do: stop",
        "    - {when: WEEK >= 2 and RESPONSE == 'NR', do: lower, why: lower, source: P-22}\n"
        "    - {when: WEEK >= 8 and RESPONSE == 'NR', do: stop",
    )
    doses = (
        "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC\n"
        "PILOT-01,EX,S1,1,STUDY DRUG,20,mg,QD,2024-05-06,2024-05-30\n"
        "PILOT-01,EX,S1,2,STUDY DRUG,10,mg,QD,2024-05-31,\n"
    )
    after = kept(load_study(study), tmp_path, ex=doses)
    assert advise(after, "S1", NEXT_DAY).phase == "taper"
    edit(study, "protocol.yaml", SECOND, SECOND.replace("2024-06-01", "2024-05-31"))
    edit(study, "versions/1.0/protocol.yaml", FIRST, FIRST)
    before = kept(load_study(study), tmp_path / "again", ex=doses)
    assert advise(before, "S1", NEXT_DAY).phase == "treatment"


# -- what the folder keeps -------------------------------------------------------------------------


def test_a_version_that_is_not_kept_is_a_warning_and_its_days_cannot_be_advised(
    tmp_path: Path,
) -> None:
    folder = amended(tmp_path)
    shutil.rmtree(folder / "versions")
    study = load_study(folder)
    (said,) = (finding for finding in study.findings if finding.severity == "warning")
    assert str(said) == (
        "protocol.yaml:21: version 1.0 is not kept in versions/1.0/: "
        "what was decided on its days cannot be advised on"
    )
    record = kept(study, tmp_path)
    advice = advise(record, "S1", LAST_DAY)
    assert advice.dosing.action == UNKNOWN
    assert advice.dosing.reason == "version 1.0 of the protocol is not kept in the study folder"
    assert advise(record, "S1", FIRST_DAY).stopping[0].action == "stop"


def test_the_study_on_a_day(tmp_path: Path) -> None:
    study = load_study(amended(tmp_path))
    before, after = study.on(LAST_DAY), study.on(FIRST_DAY)
    assert after is study
    assert study.on(date(2024, 1, 14)) is None
    assert before is not None
    assert before.version.id == "1.0"
    assert before.place("protocol", "stopping", "rows", 0).startswith("versions/1.0/protocol.yaml:")
    assert study.place("protocol", "stopping", "rows", 0).startswith("protocol.yaml:")
    assert before.place("sap", "analyses", 0) == study.place("sap", "analyses", 0)
    assert not [finding for finding in study.findings if finding.severity == "warning"]


def test_the_digest_covers_the_older_versions(tmp_path: Path) -> None:
    folder = amended(tmp_path)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    read = [n for n in names if (folder / n).is_file() and n != "synthetic.yaml"]
    listing = "".join(
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in read
    )
    assert load_study(folder).digest == hashlib.sha256(listing.encode()).hexdigest()
    assert "versions/1.0/protocol.md" in listing


# -- mistakes --------------------------------------------------------------------------------------


def test_every_mistake_of_an_older_version_has_its_line(tmp_path: Path) -> None:
    study = amended(tmp_path)
    edit(study, "versions/1.0/protocol.yaml", LIMIT, LIMIT.replace("NEUT.GRADE", "NUET.GRADE"))
    edit(study, "versions/1.0/protocol.yaml", "pilotage: 1", "pilotage: 1\nextra: 1")
    (study / "versions/1.0/codelists/severity.yaml").write_text("MILD: mild\nMILD: mild\n")
    said = messages(study)
    assert [each.partition(" ")[0].rpartition(":")[0] for each in said] == [
        "versions/1.0/codelists/severity.yaml:2",
        "versions/1.0/protocol.yaml:6",
        "versions/1.0/protocol.yaml:204",
    ]
    assert "NEUT.GRADE" in said[-1]


@pytest.mark.parametrize(
    "file, old, new, said",
    [
        (
            "protocol.yaml", FIRST, FIRST.replace("01-15", "01-16"),
            "versions/1.0/protocol.yaml:21: version 1.0 of 2024-01-15 stands here, where "
            "protocol.yaml has version 1.0 of 2024-01-16",
        ),
        (
            "versions/1.0/protocol.yaml", FIRST, FIRST.replace("1.0", "0.9"),
            "versions/1.0/protocol.yaml:21: version 0.9 of 2024-01-15 stands here, where "
            "protocol.yaml has version 1.0 of 2024-01-15",
        ),
        (
            "versions/1.0/protocol.yaml", FIRST, FIRST + SECOND,
            "versions/1.0/protocol.yaml:20: the last version is 2.0, but this is the folder of "
            "version 1.0",
        ),
        (
            "versions/1.0/protocol.yaml", "  id: PILOT-01", "  id: PILOT-02",
            "versions/1.0/protocol.yaml:9: is a version of the study 'PILOT-02', not of 'PILOT-01'",
        ),
    ],
)  # fmt: skip
def test_an_older_version_agrees_with_the_versions_of_the_present_protocol(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    study = amended(tmp_path)
    edit(study, file, old, new)
    assert messages(study) == [said]


@pytest.mark.parametrize(
    "name, said",
    [
        ("1.1", "versions/1.1: protocol.yaml has no older version '1.1'; did you mean '1.0'?"),
        ("2.0", "versions/2.0: is the present version, whose protocol is protocol.yaml in the "
         "study folder"),
    ],
)  # fmt: skip
def test_a_folder_that_is_no_older_version_is_an_error(
    tmp_path: Path, name: str, said: str
) -> None:
    study = amended(tmp_path)
    shutil.copytree(study / "versions" / "1.0", study / "versions" / name)
    assert messages(study) == [said]


def test_a_version_without_its_files_is_an_error_for_each(tmp_path: Path) -> None:
    study = amended(tmp_path)
    for name in ("protocol.yaml", "protocol.md"):
        (study / "versions/1.0" / name).unlink()
    with pytest.raises(InputErrors) as errors:
        load_study(study)
    assert [finding.where for finding in errors.value.findings] == [
        "versions/1.0/protocol.md", "versions/1.0/protocol.yaml",
    ]  # fmt: skip


def test_a_file_among_the_versions_is_not_read_and_what_is_hidden_is_left_alone(
    tmp_path: Path,
) -> None:
    study = amended(tmp_path)
    (study / "versions" / "notes.txt").write_text("why")
    (study / "versions" / ".keep").touch()
    said = [str(f) for f in load_study(study).findings if f.severity == "warning"]
    assert said == [
        "versions/notes.txt: is not read: versions/ holds a folder for each older version"
    ]
