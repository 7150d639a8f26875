"""What a signature is bound to: the SHA-256 of all that stands in an entry, or in the entries of a
subject when its eligibility was signed."""

from collections.abc import Iterable, Mapping
from typing import Any

from pilotage.capture import trail
from pilotage.capture.models import Contact, Entry, ItemVersion, Signature, Subject
from pilotage.forms.answer import Answer


def as_columns(answer: Answer) -> dict[str, str]:
    """An answer by the columns of its version. (`dataclasses.asdict` takes ten times as long, and a
    save does this for every item.)"""
    return {
        "value": answer.value,
        "unit": answer.unit,
        "low": answer.low,
        "high": answer.high,
        "missing": answer.missing,
        "why": answer.why,
    }


def answer_of(version: ItemVersion) -> Answer:
    """What a version says."""
    return Answer(
        value=version.value,
        unit=version.unit,
        low=version.low,
        high=version.high,
        missing=version.missing,  # type: ignore[arg-type] # the actions write no other word
        why=version.why,
    )


def last_versions(entries: Iterable[int], until: int | None = None) -> dict[int, dict[str, Any]]:
    """The version that counts of every item, by entry; as of event `until` where one is given.
    One query, whatever the number of entries."""
    versions = ItemVersion.objects.filter(entry__in=list(entries))
    if until is not None:
        versions = versions.filter(event__lte=until)
    found: dict[int, dict[str, Any]] = {}
    for version in versions.order_by("entry_id", "item", "number"):
        found.setdefault(version.entry_id, {})[version.item] = version
    return found


def answers_by_entry(entries: Iterable[int]) -> dict[int, dict[str, Answer]]:
    """The answers of entries as they stand, by the keys of the entries. One query."""
    columns = ("entry_id", "item", "value", "unit", "low", "high", "missing", "why")
    versions = ItemVersion.objects.filter(entry__in=list(entries))
    found: dict[int, dict[str, Answer]] = {}
    for entry, item, *answer in versions.order_by("entry_id", "item", "number").values_list(
        *columns
    ):
        found.setdefault(entry, {})[item] = Answer(*answer)
    return found


def answers_of(entry: Entry) -> dict[str, Answer]:
    """The answers of an entry as they stand. One query."""
    return answers_by_entry([entry.pk]).get(entry.pk, {})


def digest_of(entry: Entry, contact: Contact | None, answers: Mapping[str, Answer]) -> str:
    """The SHA-256 of an entry with these answers. Names no row: it holds in a copy as well."""
    return trail.digest(
        {
            "subject": entry.subject.usubjid,
            "form": entry.form,
            "repeat": entry.repeat,
            "protocol": entry.protocol_version,
            "contact": _contact(contact),
            "answers": {item: as_columns(answer) for item, answer in answers.items()},
        }
    )


def content_of(entry: Entry) -> str:
    """The SHA-256 of an entry as it stands."""
    return digest_of(entry, entry.contact, answers_of(entry))


def contents_of(entries: Iterable[Entry], until: int | None = None) -> dict[int, str]:
    """The SHA-256 of each entry, by its key, as they stand or stood at event `until`."""
    chosen = list(entries)
    versions = last_versions([entry.pk for entry in chosen], until)
    return {
        entry.pk: digest_of(
            entry,
            entry.contact,
            {item: answer_of(version) for item, version in versions.get(entry.pk, {}).items()},
        )
        for entry in chosen
    }


def content_of_subject(subject: Subject, until: int | None = None) -> str:
    """The SHA-256 of all that was entered of a subject until now, or until event `until`."""
    entries = Entry.objects.filter(subject=subject).select_related("subject", "contact")
    if until is not None:
        entries = entries.filter(event__lte=until)
    return trail.digest([subject.usubjid, sorted(contents_of(entries, until).values())])


def holds(signature: Signature) -> bool:
    """Whether what was signed is what stands there, and nothing voided the signature."""
    if signature.voided_by_id is not None:
        return False
    if signature.entry is not None:
        return content_of(signature.entry) == signature.content
    return content_of_subject(signature.subject, signature.event_id) == signature.content


def _contact(contact: Contact | None) -> list[Any]:
    if contact is None:
        return []
    return [contact.planned, contact.number, contact.label, contact.held_on]
