"""From codes to words: what an answer, a category or a flag is called in the study."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pilotage.analysis.select import NO_LEVEL, NOT_ASKED
from pilotage.report.words import Words
from pilotage.study import Study
from pilotage.study.protocol import Item

SOURCE_VARIABLE = {"DCSREAS": "DSDECOD"}
"""Variables of ADSL whose codes stand in SDTM under another name."""

DOSES = ("DOSESTEP", "DOSEBEF")
"""Variables that hold a step of the ladder."""

FLAGS = ("TRTONGFL", "TRTEMFL", "ONTRTFL", "ABLFL", "ANL01FL")
YES, NO = ("Y", "yes"), ("N", "no")


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one variable and their labels, in the order in which the study lists them."""

    labels: Mapping[str, str]
    not_known: str
    not_applicable: str
    yes_no: bool = False

    def label(self, code: str | None) -> str:
        """The label; a code that the study does not list stays as it was written."""
        if code is None or code == NO_LEVEL:
            return self.not_known
        if code == NOT_ASKED:
            return self.not_applicable
        return self.labels.get(code, _without_quotes(code))

    def heading(self, code: str | None) -> str:
        """The label at the beginning of a line, with a capital letter when the study lists it."""
        label = self.label(code)
        return label[:1].upper() + label[1:] if code in self.labels else label

    def ordered(self, codes: Iterable[str]) -> list[str]:
        """Codes in the order of the study, others after them by name, last 'not known' and 'not
        applicable'."""
        places = {code: place for place, code in enumerate(self.labels)}
        apart = {NO_LEVEL: 1, NOT_ASKED: 2}
        return sorted(
            codes, key=lambda code: (apart.get(code, 0), places.get(code, len(places)), code)
        )


def codes_of(study: Study, words: Words, variable: str, parameter: str | None = None) -> Codes:
    """The codes of a variable of ADSL, ADRS or ADAE. For AVALC, `parameter` says which
    classification it belongs to."""
    unknown = words({"DCSREAS": "no_end", "DCSREASP": "no_reason"}.get(variable, "not_known"))
    none = words("not_applicable")
    if variable == "AVALC" and parameter:
        return Codes(_categories(study, parameter), unknown, none)
    if variable in DOSES:
        ladder = study.protocol.treatment.ladder
        no_drug = words("no_drug")
        steps = {one.step: one.step if one.dose else no_drug for one in ladder}
        return Codes(steps, unknown, none)
    if variable in FLAGS or variable in study.sap.populations:
        return Codes(_yes_no(words), unknown, none, yes_no=True)
    fact = study.protocol.subject_facts.get(variable)
    if fact is not None and fact.ever is not None:
        return Codes(_yes_no(words), unknown, none, yes_no=True)
    items = _items(study, variable)
    if items and all(item.type == "yes_no" for item in items):
        return Codes(_yes_no(words), unknown, none, yes_no=True)
    return Codes(_choices(study, items), unknown, none)


def _without_quotes(level: str) -> str:
    """A value that reads like a word of the results stands there in quotes: 'not known'."""
    quoted = len(level) > 1 and level[0] == level[-1] == "'"
    return level[1:-1] if quoted else level


def _categories(study: Study, parameter: str) -> dict[str, str]:
    for code, classification in study.protocol.classifications.items():
        if parameter == code or parameter in classification.summaries:
            return {c.code: study.text(c.label) for c in classification.categories}
    return {}


def _items(study: Study, variable: str) -> list[Item]:
    """The items that the variable comes from: the one of the subject fact, else every item whose
    place in SDTM is called so."""
    forms = study.protocol.forms
    fact = study.protocol.subject_facts.get(variable)
    if fact is not None:
        form, _, code = (fact.item or "").partition(".")
        return [forms[form].items[code]] if form in forms and code in forms[form].items else []
    name = SOURCE_VARIABLE.get(variable, variable)
    every = (item for form in forms.values() for item in form.items.values())
    return [item for item in every if item.target.partition(" ")[0].partition(".")[2] == name]


def _choices(study: Study, items: list[Item]) -> dict[str, str]:
    """The labels of all codelists together. A code that two codelists call differently keeps a
    neutral name: itself."""
    labels: dict[str, str] = {}
    for item in items:
        for code, label in study.protocol.codelists.get(item.codelist or "", {}).items():
            text = study.text(label)
            known = labels.setdefault(code, text)
            if known != text:
                labels[code] = code.capitalize()
    return labels


def _yes_no(words: Words) -> dict[str, str]:
    yes, no = words("yes"), words("no")
    return {**dict.fromkeys(YES, yes), **dict.fromkeys(NO, no)}
