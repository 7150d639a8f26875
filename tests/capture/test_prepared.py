"""Query sets that become SQL once give what they give anew; rows written so are Django's own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Exists, QuerySet
from django.test.utils import CaptureQueriesContext

from pilotage.capture.clock import now
from pilotage.capture.models import AuditEvent, ItemVersion, Site, StudyState, Subject, User
from pilotage.capture.prepared import Prepared
from pilotage.capture.written import insert, insert_columns, update

pytestmark = [pytest.mark.both_engines, pytest.mark.usefixtures("people")]

Made = Callable[..., "QuerySet[Any, Any]"]


def plain(rows: Any) -> list[Any]:
    """Rows with everything that was read, also beside them."""
    return [
        {
            name: plain([value])[0] if isinstance(value, Site) else value
            for name, value in {**row.__dict__, **row._state.fields_cache}.items()
            if name != "_state"
        }
        if hasattr(row, "_state")
        else row
        for row in rows
    ]


@pytest.mark.parametrize(
    ("made", "values"),
    [
        (lambda name: User.objects.filter(username=name), ("nurse",)),
        (lambda key: AuditEvent.objects.filter(seq__gte=key), (2,)),
        (lambda code: Subject.objects.select_related("site").filter(usubjid=code), ("01-001",)),
        (
            lambda code: Subject.objects.annotate(
                frozen=Exists(StudyState.objects.filter(state="locked"))
            ).filter(usubjid=code),
            ("01-001",),
        ),
        (lambda a, b: AuditEvent.objects.filter(seq__in=(a, b)).values_list("seq", "at"), (1, 3)),
        (lambda: AuditEvent.objects.order_by("-seq").values_list("hash", flat=True)[:2], ()),
        (lambda: Site.objects.filter(name__contains="%"), ()),
        (lambda code: Site.objects.filter(code=code), ("%s' OR '1'='1",)),
    ],
)
def test_a_prepared_query_gives_what_the_query_set_gives(
    made: Made, values: tuple[Any, ...], subject: Subject
) -> None:
    asked = Prepared(made)
    expected = plain(made(*values))
    assert plain(asked(*values)) == expected
    assert plain(asked(*values)) == expected, "also the second time"
    with CaptureQueriesContext(connection) as listened:
        assert plain(asked(*values)) == expected, "also where somebody listens"
    assert len(listened.captured_queries) == 1


def test_a_time_is_compared_as_a_time(subject: Subject) -> None:
    until = Prepared(lambda at: AuditEvent.objects.filter(at__lte=at).values_list("seq", flat=True))
    assert until(now()) == list(AuditEvent.objects.values_list("seq", flat=True))
    first = AuditEvent.objects.order_by("seq")[0]
    assert until(first.at)[:1] == [first.seq]


def test_a_prepared_query_sees_what_was_written_since(site: Site) -> None:
    names = Prepared(lambda pk: Site.objects.filter(pk=pk).values_list("name", flat=True))
    before = names.first(site.pk)
    Site.objects.filter(pk=site.pk).update(name="Another name")
    assert (before, names.first(site.pk)) == (site.name, "Another name")
    assert names.first(10**6) is None


def version(item: str, **other: Any) -> dict[str, Any]:
    blank = {"unit": "", "low": "", "high": "", "missing": "", "why": ""}
    return {"item": item, "number": 1, "value": item, "event_id": 1, **blank, **other}


def test_many_rows_are_numbered_in_their_order(subject: Subject) -> None:
    """More than SQLite takes values in one statement."""
    from pilotage.capture.actions.acting import Actor
    from pilotage.capture.actions.entries import save_entry
    from pilotage.forms.answer import Answer

    saved = save_entry(
        subject, contact=None, form="demography", answers={"age": Answer("30")},
        by=Actor.system("test"), revision=None,
    )  # fmt: skip
    assert saved.entry is not None
    rows = [version(f"item{n}", entry_id=saved.entry.pk) for n in range(250)]
    with transaction.atomic():
        keys = insert_columns(ItemVersion, rows)
    found = ItemVersion.objects.in_bulk(keys)
    assert [found[key].item for key in keys] == [row["item"] for row in rows]


def test_written_rows_are_those_that_were_meant() -> None:
    joined = now()
    users = [User(username=f"new{n}", date_joined=joined, is_active=n == 1) for n in range(2)]
    with transaction.atomic():
        insert(users)
    for user in users:
        assert not user._state.adding
        found = User.objects.get(pk=user.pk)
        assert {**found.__dict__, "_state": None} == {**user.__dict__, "_state": None}
    users[0].is_active, users[0].email = True, "not written"
    update(users[0], ["is_active"])
    found = User.objects.get(pk=users[0].pk)
    assert (found.is_active, found.email) == (True, "")


def test_a_row_that_does_not_exist_is_not_updated(site: Site) -> None:
    with pytest.raises(DatabaseError, match="does not exist"):
        update(Site(pk=10**6, code="x", name="y"), ["name"])


def test_an_error_ends_the_transaction(site: Site) -> None:
    """As with Django's own writing: what was caught on the way cannot go on half done."""
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert([Site(code=site.code, name="The same code")])
        with pytest.raises(transaction.TransactionManagementError):
            Prepared(lambda: Site.objects.all())()
    assert Site.objects.filter(code=site.code).count() == 1
