"""Writes docs/reference/workflow.md: who may do what, and what may follow upon what.

The tables of `pilotage.capture.states` and `pilotage.capture.permissions` are read; nothing is
typed twice. The words about a permission or a state machine stand here, and a new one without words
stops the tool.
"""

# ruff: noqa: E501 (a line of a table stands in one line of the page)

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reference/workflow.md"

INTRODUCTION = """\
# Workflow

<!-- Written by `make docs` from tools/workflow_page.py: edit its sources, not this page. -->

Consent, screening, eligibility signed, enrolment, visits, queries, source verification, signature,
lock, data cut: each step is an act of a person with a role. An act that cannot follow upon what was
done so far is refused in one sentence and writes nothing. Every act that is done leaves one event in
the [audit trail](audit-trail.md).

Entering data is never blocked by a rule of the protocol: an observation that was made is written
down, and edit checks ask. Enrolment, the release of treatment and locks are blocked.
"""

MACHINES: Mapping[str, tuple[str, str]] = {
    "entry": (
        "An entry",
        "One form of one subject at one contact, or a page of a log. It is `started` while a required"
        " item that is asked is open. A change takes it back to `started` or `complete`, whatever was"
        " verified or signed, and voids its signatures. Verification and signature come in either"
        " order.",
    ),
    "subject": (
        "A subject",
        "The eligibility is signed by an investigator who has seen what is signed. Until enrolment"
        " every change of data takes it back; after it, a correction of what was known then voids the"
        " signature, which is signed anew, and the subject stays enrolled.",
    ),
    "query": (
        "A query",
        "Opened by a person, or by an edit check whose condition is known not to hold. An answer that"
        " meets the check closes its query with the words “the value was changed”.",
    ),
    "study": ("The study", "Locked when every subject is; then nothing changes."),
}

WORDS: Mapping[str, str] = {
    "see_record": "see subjects, entries, queries",
    "see_study": "see the protocol, its findings, its versions",
    "see_trail": "see the audit trail of the own sites",
    "see_cuts": "see data cuts and what was built from them",
    "see_access": "see accounts and roles",
    "screen_subject": "begin to screen a subject, record a screen failure",
    "open_contact": "open a visit or a test, correct its day",
    "save_entry": "enter and correct data",
    "import_rows": "bring rows in from a file",
    "sign_eligibility": "sign that a subject may enter",
    "enrol_subject": "enrol a subject",
    "end_participation": "record the end of participation",
    "release_treatment": "release the treatment for handing out",
    "sign_entry": "sign entries",
    "open_query": "open a query",
    "answer_query": "answer a query",
    "close_query": "close a query",
    "reopen_query": "open a query again",
    "verify_entry": "record that an entry agrees with the source",
    "lock_record": "lock an entry, a subject, the study",
    "unlock_record": "unlock an entry, ask for the unlocking of a subject or the study, for a reason",
    "agree_to_unlock": "agree to the unlocking that another person asked for",
    "take_back": "take back an end of participation that was recorded by mistake",
    "cut_data": "cut the data",
    "export_data": "take files out",
    "leave_checkpoint": "take a checkpoint of the trail out of the server",
    "manage_accounts": "open and close accounts, grant and end roles",
    "manage_sites": "add sites",
    "acknowledge_clock": "say that the server's clock was looked at",
    "confirm_identity": "confirm who uses an account whose password another person reset",
    "confirm_role": "confirm a role that an administrator granted: before that it does not hold",
}

LOCKS = """\
## Locks

A lock stands beside the state: what is locked keeps its state, and keeps it when it is unlocked.

| Lock | Needs | Under it |
|---|---|---|
| entry | it is signed, and no query about it is open | it is not saved, signed or verified; its contact keeps its day |
| subject | every entry is signed, no query is open, its way through the trial has ended | nothing of the subject changes |
| study | every subject is locked | nothing changes and nobody is screened |

Unlocking needs a reason. An entry is unlocked by one person. A subject and the study take two: one asks
and says why, another agrees, and each gives the password again. Locks inside stay: a study that is
unlocked has locked subjects.

## Signatures

A signature has a meaning (`authorship`, `review` or `approval` under an entry, `eligibility` of a
subject), the printed name, the time of the server, and the SHA-256 of what the page showed. The
password is asked for again every time; five wrong ones make a person wait for a quarter of an hour.
Nobody signs while somebody else knows the password (an administrator set it). After a reset a third
person, neither its own nor the one who reset it, confirms first who uses the account: whoever resets it
could otherwise work and sign in its name. Until then its clinical roles rest. Nobody signs after the server's clock went back, before an
administrator has looked at it. One password may sign several entries of one
subject, all or none. Administrators and the application itself sign nothing.

## What blocks

| Act | Refused |
|---|---|
| sign the eligibility | a criterion is not met; or a criterion is not known from what was entered and the study says that it `must_be_known`, or the investigator does not say where it is known |
| enrol | the eligibility was not signed, or its signature is void |
| release treatment | the subject is not enrolled; the dispensing rules forbid it, or cannot be judged (CANNOT ADVISE) |
| lock | see above |
"""


def page() -> str:
    """The whole page. Needs Django to be ready."""
    parts = [INTRODUCTION, *_machines(), LOCKS, *_permissions()]
    return "\n".join(parts)


def _machines() -> Iterator[str]:
    from pilotage.capture.states import TABLES, states_of

    for name, table in TABLES.items():
        title, words = MACHINES[name]
        yield f"## {title}\n\n{_wrapped(words)}\n\n```mermaid\nstateDiagram-v2"
        for state in states_of(table):
            yield f"    {_id(state)}: {state}"
        arrows: dict[tuple[str, str], list[str]] = {}
        for (before, act), to in table.items():
            arrows.setdefault((before, to), []).append(act)
        for (before, to), acts in arrows.items():
            yield f"    {_id(before)} --> {_id(to)}: {', '.join(acts)}"
        yield "```\n"


def _id(state: str) -> str:
    return state.replace(" ", "_") or "[*]"


def _permissions() -> Iterator[str]:
    from pilotage.capture.permissions import EVERY_PERMISSION, PERMISSIONS, ROLES

    yield "## Who may do what\n"
    words = (
        "A person holds roles, each at one site or at all, from the act that grants it to the act that"
        " ends it. An administrator holds no other role. Locking the study and cutting the data ask for"
        " a role at all sites; a checkpoint may be taken by whoever may at any site."
    )
    yield _wrapped(words) + "\n"
    yield "| Permission | " + " | ".join(role.replace("_", " ") for role in ROLES) + " |"
    yield "|---" * (len(ROLES) + 1) + "|"
    for permission in EVERY_PERMISSION:
        marks = " | ".join("●" if permission in PERMISSIONS[role] else "" for role in ROLES)
        yield f"| {WORDS[permission]} | {marks} |"
    yield ""


def _wrapped(text: str, width: int = 100) -> str:
    from textwrap import fill

    return fill(text, width)


def main() -> int:
    """Write the page."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "pilotage.capture.settings"
    with tempfile.TemporaryDirectory() as data:
        os.environ["PILOTAGE_DATA"] = data
        import django

        django.setup()
        PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
