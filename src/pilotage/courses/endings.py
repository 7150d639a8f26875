"""Why treatment ended early, by the codes that the study has for it."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pilotage.datasets.facts import Target, read_target
from pilotage.rules import Decision
from pilotage.study.protocol import Item, Label, Protocol, text_of

ADVERSE_EVENT: Final = "ADVERSE EVENT"
LACK_OF_EFFICACY: Final = "LACK OF EFFICACY"
OTHER: Final = "OTHER"
"""Terms of CDISC NCOMPLT (C66727)."""

NO_RULE_ENDS_SO: Final = ("COMPLETED", "DEATH", "SCREEN FAILURE")
"""Codes that are never read out of the words of a rule that stops treatment early."""
OTHERS: Final = ("other", "other reason", "other reasons")
MEASURED: Final = ("lb", "vs", "eg")
"""Where numbers live by which safety is watched: laboratory, vital signs, electrocardiogram."""

Codes = Mapping[str, Label]


def reason_of_rule(protocol: Protocol, decision: Decision) -> str:
    """DSDECOD of a stop by a row of the stopping table: the code of the study whose words the row's
    `why` has, else that of an adverse event where it asks for a number that watches safety.

    Where nothing tells, the code for other reasons: the study's own, or that of CDISC, which the
    review then asks about in a study without one. It may be vague; it is never another reason.
    """
    codes = _codes_of_end(protocol)
    named = _named(codes, decision.reason)
    if named is not None:
        return named
    if (not codes or ADVERSE_EVENT in codes) and _is_measured(protocol, decision):
        return ADVERSE_EVENT
    return next((code for code, label in codes.items() if _is_other(code, label)), OTHER)


def reason_of_dosing(protocol: Protocol, decision: Decision) -> str:
    """DSDECOD of a stop by the dosing table: the code whose words its `why` has, else that the drug
    did not work, which is what such a row is for."""
    return _named(_codes_of_end(protocol), decision.reason) or LACK_OF_EFFICACY


def reasons_asked(protocol: Protocol) -> Iterator[tuple[Target, tuple[str, ...]]]:
    """Where the reasons of an end live, each with the answers that its list offers."""
    for target, item in _asked(protocol):
        yield target, tuple(protocol.codelists.get(item.codelist or "", ()))


def _asked(protocol: Protocol) -> Iterator[tuple[Target, Item]]:
    for form in protocol.forms.values():
        for item in form.items.values():
            if _of_reason(item):
                yield read_target(item.target), item


def _of_reason(item: Item) -> bool:
    target = read_target(item.target)
    return (target.domain, target.variable) == ("ds", "DSDECOD")


def _codes_of_end(protocol: Protocol) -> Codes:
    """The list of the form on which a site says why treatment ended, else of that for the end of
    participation, else of all that ask how something ended; empty where none has a list."""
    ends = protocol.schedule.ends
    for name in (ends.treatment, ends.study):
        form = protocol.forms[name.partition(".")[0]] if name else None
        of_form = form.items.values() if form else ()
        found = _together(protocol, (i for i in of_form if _of_reason(i)))
        if found:
            return found
    return _together(protocol, (item for _, item in _asked(protocol)))


def _together(protocol: Protocol, items: Iterator[Item]) -> Codes:
    lists = (protocol.codelists.get(item.codelist or "", {}) for item in items)
    return {code: label for each in lists for code, label in each.items()}


# -- the words of a rule ---------------------------------------------------------------------------


def _named(codes: Codes, why: str) -> str | None:
    """The only code that the words of a rule name; one whose words are part of another's is not
    meant. None where it names two."""
    found: dict[str, set[str]] = {}
    for code, label in codes.items():
        if code not in NO_RULE_ENDS_SO and not _is_other(code, label):
            said = (_words(code), _words(text_of(label)))
            found[code] = {word for words in said if _says(why, words) for word in words}
    named = [
        code
        for code, words in found.items()
        if words and not any(words < others for others in found.values())
    ]
    return named[0] if len(named) == 1 else None


def _says(why: str, words: list[str]) -> bool:
    """Does a text have these words in their order? A single one must end it, or its part before a
    colon or comma: 'a positive pregnancy test' is no pregnancy, 'suspected pregnancy' is taken for
    one."""
    if len(words) < 2:
        parts = [_words(part) for part in re.split(r"[:;,(]", why)]
        return bool(words) and any(part[-1:] == words for part in parts)
    rest = iter(_words(why))
    return all(word in rest for word in words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"['\u2019]s\b", "", text.casefold()))


def _is_other(code: str, label: Label) -> bool:
    return code.casefold() in OTHERS or text_of(label).casefold() in OTHERS


# -- what a rule asks for --------------------------------------------------------------------------


def _is_measured(protocol: Protocol, decision: Decision) -> bool:
    """Did the row find a number of the laboratory, of vital signs or of an ECG? One that is missing
    or old is no event."""
    known = (name for name, value in decision.inputs.items() if value is not None)
    return any(_measures(protocol, name) for name in known)


def _measures(protocol: Protocol, name: str) -> bool:
    first, _, part = name.partition(".")
    parameter, form = protocol.parameters.get(first), protocol.forms.get(first)
    if parameter is not None:
        return part != "AGE_DAYS" and parameter.domain.lower() in MEASURED
    item = form.items.get(part) if form else None
    return (
        item is not None
        and item.type in ("integer", "number")
        and read_target(item.target).domain in MEASURED
    )
