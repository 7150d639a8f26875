"""Two people saved the same form: what each wrote, side by side, and what they agree on."""

from collections.abc import Mapping
from dataclasses import dataclass

from pilotage.capture.entry_forms import Field
from pilotage.capture.models import AuditEvent, Entry
from pilotage.capture.views.place import Answers, Place, answers_at, answers_now
from pilotage.capture.views.sheet import answer_words
from pilotage.forms.answer import Answer


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that both changed, each in another way."""

    field: Field
    theirs: Answer
    ours: Answer

    @property
    def their_words(self) -> str:
        return answer_words(self.field, self.theirs)

    @property
    def our_words(self) -> str:
        return answer_words(self.field, self.ours)


@dataclass(frozen=True, slots=True)
class Collision:
    """What to do about it: `merged` holds what this page wrote, and of everything that it left as
    it was what the other wrote. `changed` are the items that saving would now change."""

    merged: Answers
    differences: tuple[Difference, ...]
    taken: tuple[str, ...]
    changed: tuple[str, ...]
    revision: int | None
    by: str
    at: str


def collided(place: Place, ours: Mapping[str, Answer], revision: int | None) -> Collision:
    """Ours beside what stands now, both against what stood when the page was made."""
    entry = Entry.objects.filter(
        subject=place.subject, contact=place.contact, form=place.form, repeat=place.repeat
    ).first()
    base = answers_at(entry, revision) if entry and revision is not None else {}
    theirs = answers_now(entry)
    merged, differences, taken = dict(ours), [], []
    for field in place.page.fields:
        nothing = Answer()
        was, now = base.get(field.item, nothing), theirs.get(field.item, nothing)
        mine = ours.get(field.item, nothing)
        if mine == now or now == was:
            continue
        if mine == was:
            merged[field.item] = now
            taken.append(field.label)
        else:
            differences.append(Difference(field, now, mine))
    last = AuditEvent.objects.filter(seq=entry.revision).first() if entry else None
    changed = tuple(
        item for item, answer in merged.items()
        if not theirs.get(item, Answer()).is_open and answer != theirs[item]
    )  # fmt: skip
    return Collision(
        merged,
        tuple(differences),
        tuple(taken),
        changed,
        entry.revision if entry else None,
        last.user_name if last else "",
        last.at.strftime("%Y-%m-%d %H:%M UTC") if last else "",
    )
