"""A rehearsal: subjects, their entries in time with everything that goes wrong, and the record."""

import atexit
import functools
import hashlib
import json
import shutil
import tempfile
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.unit.simulation.simulated_studies import STUDIES, study

from pilotage.forms import snapshot_of, tables_of
from pilotage.forms.acts import EVERY, KEYS
from pilotage.forms.answer import MISSING, Answer
from pilotage.forms.filled import FilledContact, FilledForm, FilledSubject
from pilotage.forms.roles import role_of
from pilotage.simulation.rehearsal import Rehearsal, rehearse, told, write_rehearsal
from pilotage.simulation.rehearsal.slips import KINDS
from pilotage.snapshot import read_snapshot

ROUGH = {
    "subject.true_entry_error": 0.1,
    "subject.true_missed_visit": 0.08,
    "subject.true_dropout_per_week": 0.01,
}
"""More goes wrong than in the files, so that few subjects meet much."""
SUBJECTS = 3
SEED = 3
AT_THE_SITE = ("investigator", "nurse", "pharmacist")
ACTS = {
    "screen": AT_THE_SITE, "open contact": AT_THE_SITE, "enter": AT_THE_SITE,
    "sign eligibility": ("investigator",), "enrol": ("investigator",),
    "answer queries": AT_THE_SITE, "close queries": ("data_manager",), "sign": ("investigator",),
    "complete": ("investigator",), "withdraw": ("investigator",),
    "screen failure": ("investigator", "nurse"),
}  # fmt: skip
"""Who may do what, as the roles of the web application have it."""

every_study = pytest.mark.parametrize("name", STUDIES)


@functools.cache
def rehearsed(name: str) -> Rehearsal:
    return rehearse(study(name), seed=SEED, subjects=SUBJECTS, settings=ROUGH)


@functools.cache
def folder(name: str) -> Path:
    made = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    write_rehearsal(made, told(rehearsed(name)))
    return made


def lines(name: str, file: str = "entries.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder(name) / file).read_text("utf-8").splitlines()]


def truth(name: str) -> list[dict[str, Any]]:
    """What the rehearsal knows, without the head."""
    return lines(name, "truth.jsonl")[1:]


# -- entries.jsonl ---------------------------------------------------------------------------------


@every_study
def test_the_head_says_of_which_study_the_entries_are_and_that_they_are_invented(name: str) -> None:
    own = study(name)
    assert lines(name)[0] == {
        "pilotage_entries": 1,
        "study": own.protocol.study.id,
        "protocol_version": own.protocol.versions[-1].id,
        "study_digest": own.digest,
        "seed": SEED,
        "subjects": SUBJECTS,
        "synthetic": True,
        "until": rehearsed(name).until.isoformat(),
        "lines": len(lines(name)) - 1,
    }


@every_study
def test_the_truth_says_of_which_entries_it_is_and_how_many_lines_it_has(name: str) -> None:
    entries = (folder(name) / "entries.jsonl").read_bytes()
    assert lines(name, "truth.jsonl")[0] == {
        "pilotage_truth": 1,
        "entries_sha256": hashlib.sha256(entries).hexdigest(),
        "lines": len(truth(name)),
        "synthetic": True,
    }


@every_study
def test_every_line_says_when_who_did_what_to_whom(name: str) -> None:
    first, *entries = lines(name)
    moments = []
    for line in entries:
        assert list(line)[:4] == ["at", "who", "act", "subject"]
        assert line["who"] in ACTS[line["act"]]
        assert set(line) <= EVERY | KEYS[line["act"]]
        moments.append(datetime.strptime(line["at"], "%Y-%m-%dT%H:%M:%SZ"))
    assert moments == sorted(moments)
    assert moments[-1].date() <= date.fromisoformat(first["until"])


@every_study
def test_an_entry_is_one_item_with_a_value_or_a_reason_for_none_by_who_fills_the_form(
    name: str,
) -> None:
    forms, opened = study(name).protocol.forms, set[tuple[object, ...]]()
    for line in lines(name)[1:]:
        place = tuple(
            (line.get("contact") or {}).get(key) for key in ("planned", "held_on", "order")
        )
        if line["act"] == "open contact":
            assert set(line["contact"]) == {"planned", "number", "label", "held_on", "order"}
            assert (line["subject"], *place) not in opened
            opened.add((line["subject"], *place))
        if line["act"] != "enter":
            continue
        assert line["contact"] is None or (line["subject"], *place) in opened
        assert line["who"] == role_of(forms[line["form"]])
        assert ("value" in line) != ("missing" in line)
        assert line.get("missing", MISSING[0]) in MISSING
        assert line.get("value", "some")
        assert set(line) <= {
            "at", "who", "act", "subject", "contact", "form", "repeat", "item",
            "value", "unit", "low", "high", "missing", "why", "reason",
        }  # fmt: skip


@every_study
def test_only_what_was_answered_before_is_changed_and_then_with_a_reason(name: str) -> None:
    before: dict[str, Any] = {}
    for line in (line for line in lines(name) if line.get("act") == "enter"):
        place = json.dumps([line[key] for key in ("subject", "contact", "form", "repeat", "item")])
        answer = [line.get(key) for key in ("value", "unit", "missing", "why")]
        assert ("reason" in line) == (place in before)
        assert before.get(place) != answer
        before[place] = answer


@every_study
def test_the_acts_of_a_subject_follow_each_other_and_lines_of_a_moment_are_one_save(
    name: str,
) -> None:
    own: dict[str, list[dict[str, Any]]] = {}
    for line in lines(name)[1:]:
        own.setdefault(line["subject"], []).append(line)
    for each in own.values():
        assert each[0]["act"] == "screen"
        assert each[-1]["act"] == "sign"
        for one, other in pairwise(each):
            same = [one.get(key) == other.get(key) for key in ("act", "contact", "form", "repeat")]
            assert one["at"] < other["at"] or (all(same) and one["act"] == "enter")
        items = [(line["at"], line["item"]) for line in each if line["act"] == "enter"]
        assert len(items) == len(set(items))


@every_study
def test_a_subject_enters_the_trial_on_the_day_of_the_first_dose_when_all_before_is_entered(
    name: str,
) -> None:
    own: dict[str, list[dict[str, Any]]] = {}
    for line in lines(name)[1:]:
        own.setdefault(line["subject"], []).append(line)
    enrolled = 0
    for each in own.values():
        acts = [line["act"] for line in each]
        if "enrol" not in acts:
            assert "screen failure" in acts
            continue
        enrolled += 1
        at = acts.index("enrol")
        assert acts[at - 1] == "sign eligibility"
        day = each[at]["at"][:10]
        held = [line["contact"]["held_on"] for line in each[:at] if line["act"] == "open contact"]
        later = [line["contact"]["held_on"] for line in each[at:] if line["act"] == "open contact"]
        assert max(held) <= day < min(later, default="9999")
    assert enrolled == SUBJECTS


def test_work_is_done_on_working_days_but_for_the_first_dose_and_the_last_day() -> None:
    found = Counter[bool]()
    own = rehearsed("lenalidomide_cle")
    first = {e.line.subject: e.line.at.date() for e in own.lines if e.line.act == "enrol"}
    for line in (each.line for each in own.lines):
        day = line.at.date()
        if line.act == "enter" and day not in (first[line.subject], own.until):
            found[day.weekday() < 5 and line.at.hour >= 8] += 1
    assert found[True] > 500
    assert not found[False]


# -- slips -----------------------------------------------------------------------------------------


@every_study
def test_a_slip_is_never_what_was_meant_and_a_corrected_one_leaves_the_true_value(
    name: str,
) -> None:
    entries = lines(name)
    slips = [line for line in truth(name) if line["what"] == "slip"]
    assert slips
    places = ("subject", "contact", "form", "repeat", "item")
    last = {}
    for line in entries:
        if line.get("act") == "enter":
            last[json.dumps([line[key] for key in places])] = line
    for slip in slips:
        typed = entries[slip["line"] - 1]
        assert [typed[key] for key in places] == [slip[key] for key in places]
        assert slip["kind"] in KINDS
        assert typed["value"] == slip["typed"] != slip["meant"]
        end = last[json.dumps([slip[key] for key in places])]
        assert end["value"] == slip["meant" if slip["found"] else "typed"]
        assert (slip["corrected_line"] is None) == (slip["found"] is None)
        if slip["found"]:
            assert entries[slip["corrected_line"] - 1] == end
            assert end["reason"]


def test_slips_before_the_first_dose_are_all_found_and_of_the_others_some() -> None:
    found = Counter(slip.found for slip in rehearsed("lenalidomide_cle").slips)
    assert found["check before entry"] > 20
    assert found["edit check"] > 5
    assert found["source verification"] > 20
    assert found[""] > 20


def test_without_errors_of_entry_nothing_is_corrected() -> None:
    calm = rehearse(study("template"), seed=1, subjects=2, settings={"subject.true_entry_error": 0})
    assert not calm.slips
    assert not any("reason" in each.line.said for each in calm.lines if each.line.act == "enter")


def test_what_is_never_verified_stays_wrong_unless_somebody_asks() -> None:
    settings = {**ROUGH, "subject.true_error_found": 0}
    left = rehearse(study("template"), seed=1, subjects=4, settings=settings)
    assert "source verification" not in {slip.found for slip in left.slips}
    assert any(slip.remains for slip in left.slips)


# -- the record ------------------------------------------------------------------------------------


def interpreted(name: str) -> tuple[list[FilledSubject], list[FilledForm]]:
    """What the lines say, read by nothing of the rehearsal."""
    contacts: dict[str, list[FilledContact]] = {}
    pages: dict[tuple[Any, ...], dict[str, Answer]] = {}
    for line in lines(name)[1:]:
        who = line["subject"]
        if line["act"] == "screen":
            contacts[who] = []
        if line["act"] == "open contact":
            contacts[who].append(FilledContact(**line["contact"]))
        if line["act"] == "enter":
            at = line["contact"]
            held = at and next(
                each
                for each in contacts[who]
                if at == {"planned": each.planned, "held_on": each.held_on, "order": each.order}
            )
            parts = {key: line[key] for key in ("value", "unit", "low", "high", "missing", "why")
                     if key in line}  # fmt: skip
            page = pages.setdefault((who, held, line["form"], line["repeat"]), {})
            page[line["item"]] = Answer(**parts)
    subjects = [FilledSubject(who, "", tuple(own)) for who, own in contacts.items()]
    return subjects, [FilledForm(*page, answers) for page, answers in pages.items()]


@every_study
def test_the_lines_lead_to_the_snapshot_row_by_row(name: str) -> None:
    own = study(name)
    written = read_snapshot(folder(name) / "snapshot")
    tables = tables_of(own, *interpreted(name))
    played = snapshot_of(tables, cut=rehearsed(name).until)
    assert {*played.tables} - {"dv"} == {*written.tables} - {"dv"}
    for table, frame in played.tables.items():
        if table != "dv":
            assert frame.to_dicts() == written.tables[table].to_dicts(), table
    assert written.synthetic
    assert written.data_cut == rehearsed(name).until
    assert not tables.unplaced


@every_study
def test_the_same_seed_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    again = rehearse(study(name), seed=SEED, subjects=SUBJECTS, settings=ROUGH)
    write_rehearsal(tmp_path, told(again))
    for path in sorted(folder(name).rglob("*")):
        if path.is_file():
            other = tmp_path / path.relative_to(folder(name))
            assert path.read_bytes() == other.read_bytes(), path.name


def test_another_seed_gives_another_rehearsal() -> None:
    other = rehearse(study("template"), seed=SEED + 1, subjects=SUBJECTS, settings=ROUGH)
    assert [e.line for e in other.lines] != [e.line for e in rehearsed("template").lines]


def test_a_subject_is_the_same_whatever_the_number_of_subjects() -> None:
    few = rehearse(study("template"), seed=SEED, subjects=1, settings=ROUGH)
    many = rehearsed("template")
    whose = few.lines[0].line.subject
    own = [each.line for each in many.lines if each.line.subject == whose]
    assert [each.line for each in few.lines if each.line.subject == whose] == own


# -- what goes astray ------------------------------------------------------------------------------


@every_study
def test_what_was_missed_or_lost_is_not_in_the_record(name: str) -> None:
    subjects, forms = interpreted(name)
    held = {(s.usubjid, c.held_on, c.label) for s in subjects for c in s.contacts}
    there = {(f.subject, f.contact and f.contact.held_on, f.form): f for f in forms}
    astray = [line for line in truth(name) if line["what"] != "slip"]
    assert astray
    for line in astray:
        if line["what"] == "missed contact":
            assert (line["subject"], line["day"], line["label"]) not in held
        if line["what"] == "lost form":
            found = there.get((line["subject"], line["day"], line["form"]))
            assert (found is not None) == line["told"]
            if found is not None:
                said = [answer for answer in found.answers.values() if answer.missing]
                assert said
                assert {answer.why for answer in said} == {"the sample was lost"}
        if line["what"] == "late contact":
            assert line["days"] > 0


def test_who_drops_out_has_no_contact_later_and_the_last_dose_no_end() -> None:
    settings = {"subject.true_dropout_per_week": 0.03}
    own = rehearse(study("childhood_nephrosis"), seed=SEED, subjects=6, settings=settings)
    gone = {each.subject: each.day.isoformat() for each in own.astray if each.what == "dropped out"}
    assert 1 < len(gone) < 6
    ends = own.record.snapshot.tables["ex"]
    every = [json.loads(each.line.as_json()) for each in own.lines]
    held = {line["subject"]: line["contact"]["held_on"] for line in every
            if line["act"] == "open contact"}  # fmt: skip
    for subject, day in gone.items():
        assert held[subject] <= day
        assert day not in ends.filter(USUBJID=subject)["EXENDTC"].to_list()
    assert {line["subject"] for line in every if line["act"] == "withdraw"} == {*gone}


def test_the_end_of_a_subject_stands_on_the_form_that_asks_for_it() -> None:
    every = rehearsed("lenalidomide_cle").record.snapshot.tables["ds"]
    ends = every.filter(every["DSCAT"] != "ENROLMENT")
    assert ends.height
    assert set(ends["DSSCAT"]) <= {"TREATMENT", "STUDY"}
    completed = ends.filter(DSDECOD="COMPLETED")
    assert set(completed["DSSCAT"]) <= {"STUDY"}


# -- the burden ------------------------------------------------------------------------------------


@every_study
def test_the_burden_counts_every_alert_once(name: str) -> None:
    found = told(rehearsed(name))
    review, table = found.rehearsal.record.review, found.burden.table
    missed = review.contacts["STATUS"].is_in(["missed", "overdue"]).sum()
    late = review.contacts["STATUS"].is_in(["done late"]).sum()
    off = review.doses.filter(review.doses["VERDICT"] == "CANNOT ADVISE").height
    asked = sum(slip.found == "edit check" for slip in found.rehearsal.slips)
    assert found.burden.of("contact missed") == missed
    assert found.burden.of("contact held late") == late
    assert found.burden.of("dose not to be judged") == off
    assert found.burden.of("edit check") == asked
    assert found.burden.alerts == sum(table["ALERTS"])
    assert table.select("USUBJID", "WEEK", "MATTER").is_unique().all()


def test_rehearsal_json_counts_what_truth_jsonl_lists() -> None:
    for name in STUDIES:
        said = json.loads((folder(name) / "rehearsal.json").read_text("utf-8"))
        known = truth(name)
        slips = [line for line in known if line["what"] == "slip"]
        assert said["slips"] == Counter(line["kind"] for line in slips)
        assert said["slips_found"] == Counter(line["found"] or "never" for line in slips)
        assert said["astray"] == Counter(line["what"] for line in known if line["what"] != "slip")
        assert said["synthetic"] is True
        assert said["settings"] == ROUGH


# -- in time ---------------------------------------------------------------------------------------


@every_study
def test_nothing_is_entered_before_it_happened(name: str) -> None:
    protocol = study(name).protocol
    wrong = {line["line"] for line in truth(name) if line["what"] == "slip"}
    for number, line in enumerate(lines(name), start=1):
        if line.get("act") == "open contact":
            assert line["contact"]["held_on"] <= line["at"][:10]
        if line.get("act") == "enter" and number not in wrong and "value" in line:
            item = protocol.forms[line["form"]].items.get(line["item"])
            if item is not None and item.type == "date":
                assert line["value"] <= line["at"][:10]
