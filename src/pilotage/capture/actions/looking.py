"""What a form as filled in leaves open, and what the edit checks ask about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pilotage.capture.clock import now
from pilotage.capture.content import answers_by_entry
from pilotage.capture.entry_forms import CheckFinding, fields_of, findings, known_of, open_items
from pilotage.capture.entry_forms.checks import forms_to_check
from pilotage.capture.entry_forms.values import names_given
from pilotage.capture.models import Contact, Entry, Subject
from pilotage.capture.planned import planned, planned_form, version_on_day
from pilotage.conditions import Value, names_in
from pilotage.forms.answer import Answer

Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Looked:
    """The required items that are open, what the checks ask, and what they ask now about other
    entries whose checks look at this one."""

    open_items: tuple[str, ...]
    findings: tuple[CheckFinding, ...]
    others: tuple[tuple[Entry, tuple[CheckFinding, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Filled:
    """A form as it is filled in; `number` orders those of one contact."""

    form: str
    contact: Contact | None
    answers: Answers
    entry: Entry | None
    number: int


def look_at(
    subject: Subject, contact: Contact | None, form: str, answers: Answers, entry: Entry | None
) -> Looked:
    """Look at the answers of a form beside what the subject's other forms say. What is asked is
    what the version of the protocol asks to which the entry belongs."""
    today, day = now().date(), contact.held_on if contact else ""
    study = planned_form(form, entry.protocol_version if entry else version_on_day(day))
    checking = _forms_to_check(form, planned().digest)
    needed = frozenset().union(*(forms_needed(each) for each in (form, *checking)), checking)
    # a new entry has no key yet: among those of one contact it comes last
    own = _Filled(form, contact, answers, entry, entry.pk if entry else 2**63)
    beside = [each for each in _filled(subject, needed) if _key(each.entry) != _key(entry)]
    known = _known(beside, contact)
    others = []
    for each in _checked_anew(beside, checking, contact):
        assert each.entry is not None
        around = _known([own, *(one for one in beside if one is not each)], each.contact)
        theirs = planned_form(each.form, each.entry.protocol_version)
        found = findings(theirs, each.form, each.answers, around, today=today)
        others.append((each.entry, tuple(found)))
    return Looked(
        open_items(fields_of(study, form), answers, known),
        tuple(findings(study, form, answers, known, today=today)),
        tuple(others),
    )


def known_names(
    subject: Subject, *, leave_out: Entry | None = None, at: Contact | None = None
) -> dict[str, Value]:
    """Every name that the subject's forms give a value to, as it was last known `at` a contact
    (None: as it is known by now). Two queries."""
    filled = [each for each in _filled(subject, None) if _key(each.entry) != _key(leave_out)]
    return _known(filled, at)


def forms_needed(form: str) -> frozenset[str]:
    """The other forms that give a value to a name that this form's conditions use."""
    return _forms_needed(form, planned().digest)


@cache
def _forms_needed(form: str, digest: str) -> frozenset[str]:
    """For the study of this digest, which is the present one."""
    study = planned()
    conditions = [field.when for field in fields_of(study, form).fields if field.when is not None]
    conditions += [check.holds for check in study.protocol.forms[form].checks]
    used = {name for condition in conditions for name in names_in(condition)}
    return frozenset(
        other
        for other in study.protocol.forms
        if other != form
        and (
            any(name.startswith(f"{other}.") for name in used)
            or used & names_given(fields_of(study, other))
        )
    )


@cache
def _forms_to_check(form: str, digest: str) -> tuple[str, ...]:
    return forms_to_check(planned(), form)


def _checked_anew(
    beside: list[_Filled], forms: tuple[str, ...], contact: Contact | None
) -> Iterator[_Filled]:
    """The entries of forms whose checks look at what is saved: those of the same contact, and an
    entry that is the only one of its form. Nothing is asked about a locked one."""
    for each in beside:
        if each.form not in forms or each.entry is None or each.entry.locked:
            continue
        alone = sum(other.form == each.form for other in beside) == 1
        if alone or _key(each.contact) == _key(contact):
            yield each


def _filled(subject: Subject, forms: frozenset[str] | None) -> list[_Filled]:
    """The subject's entries of some forms (None: of all)."""
    if forms is not None and not forms:
        return []
    entries = Entry.objects.filter(subject=subject).select_related("contact")
    if forms is not None:
        entries = entries.filter(form__in=forms)
    chosen = list(entries)
    answers = answers_by_entry([entry.pk for entry in chosen])
    return [
        _Filled(entry.form, entry.contact, answers.get(entry.pk, {}), entry, entry.pk)
        for entry in chosen
    ]


def _known(filled: list[_Filled], at: Contact | None) -> dict[str, Value]:
    """The last value of each name: from the contact itself, else from before it, else from a log;
    what came later counts where nothing else is known."""
    ordered = sorted(filled, key=lambda each: (*nearness(each.contact, at), each.number))
    return known_of(planned(), [(each.form, each.answers) for each in ordered])


def nearness(contact: Contact | None, at: Contact | None) -> tuple[int, str, int]:
    """Orders contacts seen from one of them (None: from now): the further to the end, the more a
    value of it counts."""
    if contact is None:
        return 1, "", 0
    when = contact.held_on, contact.order
    if at is None:
        return 2, *when
    if contact.pk == at.pk:
        return 3, *when
    return (2 if when <= (at.held_on, at.order) else 0), *when


def _key(row: Entry | Contact | None) -> int | None:
    return row.pk if row else None
