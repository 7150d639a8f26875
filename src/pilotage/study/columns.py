"""The columns of the analysis datasets that a statistical analysis plan may use.

One place says which columns there are, of what type, and which values they can have: conditions of
`sap.yaml` are checked against it. Facts of the subject and populations are columns of ADSL.
"""

from collections.abc import Iterable, Mapping

from pilotage.conditions import Variable
from pilotage.study.namespace import instrument_variables
from pilotage.study.protocol import Item, Protocol, SubjectFact, text_of
from pilotage.study.sap import Dataset, Sap

Columns = Mapping[str, Variable]

_TEXT = Variable(type="text")
_NUMBER = Variable(type="number")
_DAYS = Variable(type="number", unit="days")
_DATE = Variable(type="date")
_FLAG = Variable(type="text", choices=("Y", "N"))
_YES = Variable(type="text", choices=("Y",))
_COUNT = Variable(type="number", low=0)
_GRADE = Variable(type="number", low=0, high=4)


def _all(variable: Variable, names: str) -> dict[str, Variable]:
    return dict.fromkeys(names.split(), variable)


def _source(domain: str, suffixes: str) -> dict[str, Variable]:
    """Columns kept from the SDTM table: text as recorded, except results in standard units."""
    names = " ".join(domain + suffix for suffix in suffixes.split())
    return _all(_TEXT, names) | {f"{domain}SEQ": _COUNT}


_KEYS = _all(_TEXT, "STUDYID USUBJID SRCDOM") | _all(_COUNT, "ASEQ SRCSEQ")
_PARAMETER = _all(_TEXT, "PARAM AVALU") | {"AVAL": _NUMBER}
_VISITS = {"AVISITN": _COUNT, "AVISIT": _TEXT}
_TIMING = (
    _all(_DATE, "ADT") | _all(_DAYS, "ADY") | {"ADTF": _TEXT, "CYCLE": _COUNT, "ONTRTFL": _FLAG}
)
_CHANGE = _all(_NUMBER, "BASE CHG PCHG") | _all(_YES, "ABLFL ANL01FL ANL02FL")
_RECORD = _all(_TEXT, "DOMAIN VISIT EPOCH") | {"VISITNUM": _NUMBER}
_FINDING = "TESTCD TEST CAT SCAT ORRES ORRESU STRESC STRESU STAT REASND SPEC METHOD LOC DTC DY TPT"

ADSL_DERIVED: Columns = (
    _KEYS
    | _all(_DATE, "RFICDT TRTSDT TRTEDT LSTCNTDT DCSDT DATACUT")
    | _all(_DAYS, "CYC1DAYS TRTDURD FUPDURD")
    | _all(Variable(type="number", unit="months"), "TRTDURM FUPDURM")
    | {"NCYCLES": _COUNT, "TRTONGFL": _FLAG}
    | _all(_TEXT, "DCSREAS DCSREASP")
)
"""The columns of ADSL that Pilotage derives for every study."""

COURSE = ("DOSEMAX", "DOSECUT", "DOSERESP", "DOSEREL", "NRELAPSE", "RESPREL", "RESPCYC2")
"""Facts of a subject's course that tables by subject may show beside the columns of ADSL."""

RESERVED = frozenset((*ADSL_DERIVED, *COURSE)) | frozenset(
    [
        "SRCLINE",
        "SEQ",
        "TIME",
        "DATE_FIRST",
        "DATE_LAST",
        "POST",
        "DOSED",
        "FAILED",
        "IN_EX",
        "ONGOING",
        "MDD",
        "END_FIRST",
        "END_LAST",
        "CYC1DAYS_LEAST",
        "CYC1DAYS_MOST",
        "TRTSDT_MIN",
        "TRTSDT_MAX",
        "TRTEDT_MIN",
        "TRTEDT_MAX",
        "ROW",
        "PARAMCD",
        "PARAM",
        "PARCAT1",
        "AVAL",
        "AVALC",
        "AVALU",
        "BASE",
        "CHG",
        "PCHG",
        "ABLFL",
        "ADT",
        "ADTF",
        "ADY",
        "AVISIT",
        "AVISITN",
        "ANL01FL",
        "ANL02FL",
        "ONTRTFL",
        "CYCLE",
        "SRCITEMS",
    ]
)
"""Names that the derivation of the datasets uses: no parameter, fact or population has one."""

_DEMOGRAPHY: Columns = _all(
    _TEXT,
    "DOMAIN SUBJID SITEID SEX RACE ETHNIC COUNTRY ARM ARMCD ACTARM ACTARMCD AGEU INVID INVNAM "
    "BRTHDTC RFICDTC RFSTDTC RFENDTC RFXSTDTC RFXENDTC RFPENDTC DTHDTC DTHFL DMDTC DMDY",
) | {"AGE": Variable(type="number", unit="years", low=0)}

_OWN: Mapping[Dataset, Columns] = {
    "ADSL": {},
    "ADQS": _PARAMETER
    | _VISITS
    | _TIMING
    | _CHANGE
    | _RECORD
    | {"PARCAT1": _TEXT}
    | _source("QS", _FINDING)
    | {"QSSTRESN": _NUMBER},
    "ADRS": _all(_TEXT, "PARAM") | {"AVAL": _COUNT} | _VISITS | _TIMING,
    "ADTTE": _all(_TEXT, "PARAM")
    | _all(_DATE, "STARTDT ADT")
    | {
        "AVAL": _DAYS,
        "AVALWK": Variable(type="number", unit="weeks"),
        "CNSR": Variable(type="number", low=0, high=1),
        "EVNTDESC": _TEXT,
    },
    "ADLB": _PARAMETER
    | _VISITS
    | _TIMING
    | _CHANGE
    | _RECORD
    | _all(_NUMBER, "ANRLO ANRHI")
    | {"ATOXGR": _GRADE, "ATOXHI": _GRADE}
    | _source("LB", f"{_FINDING} ORNRLO ORNRHI STNRLO STNRHI NRIND FAST TOX TOXGR LOINC NAM")
    | {"LBSTRESN": _NUMBER},
    "ADAE": _all(_DATE, "ASTDT AENDT")
    | _all(_DAYS, "ASTDY AENDY")
    | {"ASTDTF": _TEXT, "TRTEMFL": _FLAG, "CYCLE": _COUNT, "ONTRTFL": _FLAG}
    | _RECORD
    | _source(
        "AE",
        "TERM DECOD LLT HLT HLGT BODSYS SOC CAT SCAT LOC SEV SER ACN ACNOTH REL RELNST PATT OUT "
        "SCAN SCONG SDISAB SDTH SHOSP SLIFE SMIE CONTRT TOX TOXGR STDTC ENDTC STDY ENDY",
    )
    | {"AESER": _FLAG},
    "ADEX": _all(_DATE, "ASTDT AENDT")
    | _all(_DAYS, "ASTDY AENDY ADURN")
    | _all(_TEXT, "PARAM AVALU")
    | {"AVAL": _COUNT, "CYCLE": _COUNT, "ONGOFL": _FLAG}
    | _RECORD
    | _source("EX", "TRT CAT DOSU DOSFRM DOSFRQ ROUTE LOT ADJ STDTC ENDTC STDY ENDY")
    | {"EXDOSE": _COUNT},
}


def adsl_columns(protocol: Protocol, sap: Sap) -> Columns:
    """The columns of ADSL: demography, what is derived, facts of the subject, populations."""
    facts = {name: _fact(fact, protocol) for name, fact in protocol.subject_facts.items()}
    return {**_DEMOGRAPHY, **ADSL_DERIVED, **facts, **dict.fromkeys(sap.populations, _FLAG)}


def dataset_columns(dataset: Dataset, protocol: Protocol, sap: Sap) -> Columns:
    """The columns that an analysis of the dataset may use: its own, and those of ADSL."""
    own = {**_KEYS, **_OWN[dataset]}
    if codes := parameter_codes(dataset, protocol):
        own["PARAMCD"] = Variable(type="text", choices=codes)
    steps = tuple(step.step for step in protocol.treatment.ladder)
    if dataset == "ADRS":
        own["AVALC"] = Variable(type="text", choices=_categories(protocol))
        own["DOSEBEF"] = Variable(type="text", choices=steps)
    if dataset == "ADEX":
        own["DOSESTEP"] = Variable(type="text", choices=steps)
    if dataset == "ADAE" and protocol.adverse_events.severity:
        own["AESEV"] = Variable(type="text", choices=protocol.adverse_events.severity)
    return {**adsl_columns(protocol, sap), **own}


def parameter_codes(dataset: Dataset, protocol: Protocol) -> tuple[str, ...]:
    """The values of PARAMCD that a dataset can hold; empty for a dataset without parameters."""
    match dataset:
        case "ADQS" | "ADLB":
            return tuple(dict.fromkeys(_measured(dataset.removeprefix("AD"), protocol)))
        case "ADRS":
            found = protocol.classifications
            summaries = [name for each in found.values() for name in each.summaries]
            return (*found, *summaries, *(["RELAPSE"] if protocol.relapse else []))
        case "ADTTE":
            return tuple(protocol.time_to_event)
        case "ADEX":
            return ("MDD",)
    return ()


def _measured(domain: str, protocol: Protocol) -> Iterable[str]:
    """Codes of parameters, of instruments' items and scores, and of items with a target."""
    for name, parameter in protocol.parameters.items():
        if parameter.domain == domain:
            yield name
    for form in protocol.forms.values():
        if form.instrument is not None and domain == "QS":
            yield from (name.upper() for name, _ in instrument_variables(form.instrument))
        for item in form.items.values():
            marker = f"{domain}TESTCD = "
            if item.target.startswith(f"{domain}.") and marker in item.target:
                yield item.target.partition(marker)[2].split()[0]


def _categories(protocol: Protocol) -> tuple[str, ...]:
    codes = [
        category.code for each in protocol.classifications.values() for category in each.categories
    ]
    return tuple(dict.fromkeys([*codes, *(["RELAPSE"] if protocol.relapse else [])]))


def _fact(fact: SubjectFact, protocol: Protocol) -> Variable:
    label = text_of(fact.label)
    if fact.baseline is not None:
        parameter = protocol.parameters.get(fact.baseline)
        unit = parameter.unit if parameter else None
        return Variable(type="number", unit=unit, label=label)
    if fact.ever is not None:
        return Variable(type="text", choices=("Y", "N"), label=label)
    form, _, name = (fact.item or "").partition(".")
    found = protocol.forms.get(form)
    item = found.items.get(name) if found else None
    return _answer(item, protocol, label) if item is not None else Variable("text", label=label)


def _answer(item: Item, protocol: Protocol, label: str) -> Variable:
    """What the column of an item holds: the answer as SDTM keeps it."""
    match item.type:
        case "integer" | "number":
            return Variable(type="number", unit=item.unit, label=label)
        case "yes_no":
            return Variable(type="text", choices=("Y", "N"), label=label)
        case "choice":
            choices = tuple(protocol.codelists.get(item.codelist or "", {}))
            return Variable(type="text", choices=choices, label=label)
    return Variable(type="text", label=label)
