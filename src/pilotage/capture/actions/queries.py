"""Questions to the site: opened, answered, closed, opened again."""

from django.utils.translation import gettext as _

from pilotage.capture.actions.acting import Act, Actor, acting, rows_written
from pilotage.capture.actions.refused import Refused, WrongState
from pilotage.capture.models import Entry, Query, QueryMessage, Subject
from pilotage.capture.permissions import Permission
from pilotage.capture.states import QUERY, after


def open_query(
    subject: Subject,
    *,
    entry: Entry | None = None,
    item: str = "",
    text: str,
    by: Actor,
    key: str | None = None,
) -> Query:
    """Ask the site about an item, an entry, or (`entry` None) the subject as a whole."""
    asked = {
        "subject": subject.usubjid,
        "entry": entry.pk if entry else None,
        "item": item,
        "text": text,
    }
    with acting("query opened", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return Query.objects.get(pk=rows_written(act.earlier, Query)[0])
        found = act.concern(subject, "open_query")
        if entry is not None and entry.subject_id != found.pk:
            raise Refused(_("This entry is another subject's."))
        act.place = " ".join(filter(None, (entry.form if entry else "", item)))
        query = act.add(Query(subject=found, entry=entry, item=item, origin="", state="open"))
        _say(act, query, text)
        return query


def answer_query(query: Query, *, text: str, by: Actor, key: str | None = None) -> Query:
    """Answer a query in words; the value itself is changed in its form."""
    return _step(query, "answer", "answer_query", text, by, key)


def close_query(query: Query, *, text: str = "", by: Actor, key: str | None = None) -> Query:
    """Close a query. One that nobody answered is closed with a word that says why."""
    return _step(query, "close", "close_query", text, by, key)


def reopen_query(query: Query, *, text: str, by: Actor, key: str | None = None) -> Query:
    """Open a query again, and say what is still to be answered."""
    return _step(query, "reopen", "reopen_query", text, by, key)


_DONE = {"answer": "query answered", "close": "query closed", "reopen": "query opened again"}


def _step(
    query: Query, step: str, permission: Permission, text: str, by: Actor, key: str | None
) -> Query:
    asked = {"query": query.pk, "step": step, "text": text}
    with acting(_DONE[step], by=by, key=key, asked=asked) as act:
        found = Query.objects.select_related("subject", "entry").get(pk=query.pk)
        if act.earlier is not None:
            return found
        act.concern(found.subject, permission)
        act.place = " ".join(filter(None, (found.entry.form if found.entry else "", found.item)))
        state = after(QUERY, found.state, step)
        if state is None:
            words = _("The query is %(state)s; this cannot follow: %(step)s.")
            raise WrongState(words % {"state": found.state, "step": step})
        was = found.state
        act.change(found, state=state)
        if text.strip() or step != "close" or was == "open":
            _say(act, found, text)
        return found


def _say(act: Act, query: Query, text: str) -> None:
    if not text.strip():
        raise Refused(_("A query needs words."))
    act.add(QueryMessage(query=query, text=text.strip()))
