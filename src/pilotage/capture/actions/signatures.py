"""The rows of signatures: put under content, voided where the content changes."""

from collections.abc import Mapping, Sequence
from typing import Final

from pilotage.capture.actions.acting import Act
from pilotage.capture.models import Entry, Signature, Subject
from pilotage.capture.states import SUBJECT, after

MEANINGS: Final = ("authorship", "review", "approval")
"""What a signature under an entry says of its person: wrote it, read it, stands for it."""


def sign_rows(
    act: Act, subject: Subject, contents: Mapping[int | None, str], meaning: str
) -> Sequence[Signature]:
    """A signature under each content, by the key of its entry (None: the subject as a whole)."""
    user = act.by.person
    return act.add_all(
        [
            Signature(
                user=user,
                subject=subject,
                entry_id=entry,
                meaning=meaning,
                content=content,
                printed_name=user.get_full_name().strip(),
            )
            for entry, content in contents.items()
        ]
    )


def void_signatures(
    act: Act, subject: Subject, entries: Sequence[Entry], *, corrected: int | None
) -> tuple[str, ...]:
    """Void what a change of these entries takes away; the printed names of the signers.

    Under the entries: every signature. Under the eligibility: where something that was known at the
    time is corrected (`corrected` is the event of the oldest value that is), and until enrolment
    whatever is added.
    """
    voided = []
    keys = {entry.pk for entry in entries}
    for signature in Signature.objects.filter(subject=subject, voided_by=None):
        of_eligibility = signature.entry_id is None
        known_then = corrected is not None and corrected <= signature.event_id
        if signature.entry_id in keys or (
            of_eligibility and (subject.state == "eligible" or known_then)
        ):
            act.change(signature, voided_by_id=act.seq)
            voided.append(signature.printed_name)
    following = after(SUBJECT, subject.state, "change data")
    if following is not None:
        act.change(subject, state=following)
    return tuple(dict.fromkeys(voided))
