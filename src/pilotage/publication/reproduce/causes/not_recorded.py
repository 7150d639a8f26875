"""What is not recorded, where a claim cannot be computed: the table, the form item, or the subjects
of whom it is not known."""

from collections.abc import Iterator

from pilotage.analysis.origin import TABLE
from pilotage.datasets.facts import read_target
from pilotage.publication.answers import computable
from pilotage.publication.claims import AnyClaim, Published, TwoNumbers
from pilotage.publication.groups import as_tuple
from pilotage.publication.items import answers
from pilotage.publication.reproduce.cause import Cause
from pilotage.publication.reproduce.causes.search import Search, named_subjects
from pilotage.publication.reproduce.facts import TABLES, NotCollected
from pilotage.publication.reproduce.numbers import named, values_of
from pilotage.study import Study

_ITEMS = 8
"""So many items of forms are named; of more only how many."""


def not_recorded(search: Search) -> Iterator[Cause]:
    """The reason why there is no number of ours, with what is missing."""
    lines = [*_undefined(search), *_missing_tables(search), *_of_whom(search)]
    reason = search.held.reason or "nothing says what answers it"
    if lines:
        yield Cause("not recorded", reason, tuple(dict.fromkeys(lines)))
    else:
        yield Cause("not recorded", reason)


# -- no form, no dataset ---------------------------------------------------------------------------


def _undefined(search: Search) -> Iterator[str]:
    """Groups and variables of the claim that no form item and no dataset of the study holds."""
    claim, published = search.claim, search.sources.published
    if getattr(claim, "result", ()):
        return
    for key in ("group", "of", "than", "share"):
        name = getattr(claim, key, None)
        if name in published.groups and not computable(published, name):
            yield f"no dataset and no form item holds who is in '{search.group_text(name)}'"
    variable = published.variables.get(claim.named("variable") or "")
    if variable is not None and variable.values is None and variable.days_to is None:
        label = search.sources.facts.study.text(variable.label)
        yield f"no dataset and no form item holds '{label}'"


# -- no table --------------------------------------------------------------------------------------


def _missing_tables(search: Search) -> Iterator[str]:
    """Tables that the snapshot does not have, and the form items that would fill them."""
    facts = search.sources.facts
    study, collected = facts.study, search.datasets.collected
    for table in dict.fromkeys(_tables_asked(search.claim, search)):
        if table not in collected:
            yield f"the snapshot has no {table}.csv; {_filled_by(table, study)}"


def _tables_asked(claim: AnyClaim, search: Search) -> Iterator[str]:
    published, study = search.sources.published, search.sources.facts.study
    for pattern in _patterns(claim):
        yield TABLE[search.sources.results.analysis(pattern).dataset]
    for name in _groups(claim, published):
        group = published.groups[name]
        if group.rows is not None and group.rows.dataset in TABLES:
            yield TABLES[group.rows.dataset]
        for item in group.answered.items if group.answered is not None else ():
            form, _, code = item.partition(".")
            yield read_target(study.protocol.forms[form].items[code].target).domain
    variable = published.variables.get(claim.named("variable") or "")
    if variable is not None and variable.values is not None:
        yield TABLE[variable.values.dataset]


def _patterns(claim: AnyClaim) -> tuple[str, ...]:
    result = getattr(claim, "result", ())
    if isinstance(claim, TwoNumbers):
        ends = result if isinstance(result, tuple) else (result,)
        return tuple(end.low for end in ends)
    return named(result)


def _groups(claim: AnyClaim, published: Published) -> list[str]:
    """The groups of the claim, and those by which they are defined."""
    found = [getattr(claim, key, None) for key in ("group", "of", "than", "share")]
    names = [name for name in found if name in published.groups]
    for name in names:
        group = published.groups[name]
        for relation in ("subset_of", "union_of", "intersection_of", "without"):
            names += [n for n in as_tuple(getattr(group, relation)) if n not in names]
    return names


def _filled_by(table: str, study: Study) -> str:
    """The form items whose answers become rows of the table."""
    items = [
        f"{form}.{code}"
        for form, declared in study.protocol.forms.items()
        for code, item in declared.items.items()
        if read_target(item.target).domain == table
    ]
    if not items:
        return "no form item fills it by itself"
    if len(items) > _ITEMS:
        forms = list(dict.fromkeys(item.partition(".")[0] for item in items))
        return f"{len(items)} items of the forms {', '.join(forms)} fill it"
    return f"the form items {', '.join(items)} fill it"


# -- not known of somebody -------------------------------------------------------------------------


def _of_whom(search: Search) -> Iterator[str]:
    """The subjects of whom the group, or the value, is not known."""
    claim, published, facts = search.claim, search.sources.published, search.sources.facts
    if getattr(claim, "result", ()):
        return
    for key in ("group", "of", "than", "share"):
        name = getattr(claim, key, None)
        if name not in published.groups or not computable(published, name):
            continue
        try:
            unknown = [s for s, answer in facts.members(name).items() if answer is None]
        except NotCollected:
            continue
        if unknown:
            who = named_subjects(unknown).replace(" or ", ", ").removeprefix("any of ")
            yield f"not known of {who}: '{search.group_text(name)}'{_items_of(name, search)}"
    yield from _without_value(claim, search)


def _items_of(name: str, search: Search) -> str:
    """The form items that would say it; nobody's answer is there, or some are."""
    answered = search.sources.published.groups[name].answered
    if answered is None:
        return ""
    facts = search.sources.facts
    given = sum(
        1 for item in answered.items for _ in answers(item, facts.study, facts.tables, None)
    )
    word = "no answer" if not given else f"{given} answers"
    return f" (form item {', '.join(answered.items)}: {word})"


def _without_value(claim: AnyClaim, search: Search) -> Iterator[str]:
    published = search.sources.published
    group, variable = claim.named("group"), published.variables.get(claim.named("variable") or "")
    if variable is None or group not in published.groups or not computable(published, group):
        return
    if variable.values is None and variable.days_to is None:
        return
    try:
        found, _ = values_of(claim, group, search.sources)
        members = search.sources.facts.members(group)
    except NotCollected:
        return
    without = [s for s, inside in members.items() if inside and s not in found]
    if without:
        who = named_subjects(without).replace(" or ", ", ").removeprefix("any of ")
        source = variable.values
        where = f"{source.dataset}.{source.column}" if source is not None else ""
        if variable.days_to is not None:
            where = f"form item {variable.days_to.item}"
        yield f"no value ({where}) of {who}"
