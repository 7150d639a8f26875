"""Words of papers that several patterns need: people, units, comparisons."""

import re

PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|women|woman|men|man|females?"
    r"|males?|children|child|adults?|cases?|infants?|volunteers?|(?:non-?)?responders?|controls?"
    r"|recruits?|enrollees?|girls?|boys?|recipients?|donors?|smokers?|pregnancies)"
)
THINGS = (
    r"(?:cent(?:er|re)s?|sites?|hospitals?|clinics?|countries|stud(?:y|ies)|trials?|reports?|groups?"
    r"|arms?|scores?|criteria|drugs?|medications?|agents?|treatments?|deaths?|questionnaires?)"
)
OF_EACH = (
    r"(?:relapses?|cycles?|courses?|episodes?|visits?|injections?|infusions?|lines?|flares?"
    r"|recurrences?|attacks?|events?|lesions?|exacerbations?|sessions?)"
)
TIME = r"(?:days?|weeks?|wks?|months?|mos?|years?|yrs?)"
_MASS = r"(?:mg|g|µg|mcg|micrograms?|milligrams?|grams?|ng|iu|units?|mIU|MU|mmol|ml|drops|tablets?)"
_EACH = r"(?:d|day|daily|week|wk|month|dose|h|hour|kg|m2|m\^2|m²|kg/day|kg/d|m2/day|kg/week)"
_TIMES = r"(?:once|twice|three times|four times|two times|\d times)"
FREQUENCY = (
    rf"(?:per day|per week|{_TIMES}(?:[- ](?:daily|weekly|monthly|a day|a week|a month|per day"
    rf"|per week))"
    r"|daily|weekly|monthly|on alternate days|every other day|every (?:\w+ )?(?:days?|weeks?"
    r"|months?|hours?)"
    r"|/?alternate days?|QD|QOD|TIW|BID|TID|b\.i\.d\.|t\.i\.d\.|q\.d\.|o\.d\.|a day|a week)"
)
DOSE = re.compile(
    rf"\s?-?(?P<unit>{_MASS}(?:\s?/\s?(?:{_EACH}))*)(?!\w|/(?!alternate|every))"
    rf"(?:\s?/?\s?(?P<frequency>{FREQUENCY})(?!\w))?",
    re.IGNORECASE,
)
LABORATORY = re.compile(
    r"\s?(?P<unit>(?:x\s?10\^?\d+\s?)?/\s?(?:mm3|mm\^3|mm³|µl|ul|ml|l|hpf|µL|L)|[mµnpkM]?(?:g|IU|U|mol|g)"
    r"\s?/\s?(?:d?l|ml|L|dL|mL|24 ?h|min)(?:/1\.73 ?m(?:2|\^2|²))?|ml/min(?:/1\.73 ?m(?:2|\^2|²))?"
    r"|mmol/l|mm ?Hg|kg m\^?-?2|kg/m(?:2|\^2|²)|bpm|kPa|cm|mm|kg|°C|mm/h)(?![A-Za-z])",
    re.IGNORECASE,
)
SPAN = re.compile(rf"[ -]?(?P<unit>{TIME})(?!\w)", re.IGNORECASE)

_MORE = r"at least|no(?:t)? (?:less|fewer) than|a minimum of|minimum of|not below|(?:≥|>=|> or =)"
_LESS = (
    r"at most|no(?:t)? more than|not exceeding|up to|a maximum of|maximum of|within|(?:≤|<=|< or =)"
)
_OVER = (
    r"more than|greater than|higher than|over|above|exceeding|older than|larger than|longer than|>"
)
_UNDER = r"less than|fewer than|lower than|below|under|younger than|smaller than|shorter than|<"
_ABOUT = r"about|approximately|around|some|nearly|almost|circa|ca\.|roughly|~|≈"
COMPARATORS = (
    (">=", _MORE),
    ("<=", _LESS),
    (">", _OVER),
    ("<", _UNDER),
    ("about", _ABOUT),
    ("=", r"=|equal to|exactly"),
)
_BEFORE = tuple(
    (
        sign,
        re.compile(rf"(?:(?<![\w])|(?=[<>≤≥=~≈]))(?P<words>{words})\s?(?:an? )?$", re.IGNORECASE),
    )
    for sign, words in COMPARATORS
)
ANY_COMPARATOR = "(?:" + "|".join(words for _, words in COMPARATORS) + ")"
_AFTER = (
    (">=", re.compile(r"\s(?:or|and) (?:more|older|over|above|higher|greater|longer)\b")),
    ("<=", re.compile(r"\s(?:or|and) (?:less|fewer|younger|under|below|lower)\b")),
)


def comparator_before(seen: str, start: int) -> tuple[str, int] | None:
    """The comparison that stands right before a number, and where it begins."""
    before = seen[max(start - 30, 0) : start]
    for sign, pattern in _BEFORE:
        if match := pattern.search(before):
            return sign, start - len(before) + match.start("words")
    return None


def comparator_after(seen: str, end: int) -> tuple[str, int] | None:
    """The comparison in words such as 'or more' right after a number, and where it ends."""
    for sign, pattern in _AFTER:
        if match := pattern.match(seen, end):
            return sign, match.end()
    return None


def sign_of(words: str) -> str:
    """The comparator that words or a sign say; '=' for those that compare nothing."""
    for sign, pattern in COMPARATORS:
        if re.fullmatch(pattern, words.strip(), re.IGNORECASE):
            return sign
    return "="


UNITS_OF_TIME = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def unit_of_time(word: str) -> str:
    """days, weeks, months or years, however it is written."""
    return UNITS_OF_TIME[word[0].lower()]


AGE = re.compile(r"\b(?:aged?|old(?:er)?|younger|ages)\b", re.IGNORECASE)
PERCENT = re.compile(r"\s?(?:%|per ?cent\b)(?:-points?| points?)?")
WAS = r"(?:was|were|has been|have been|had been|could be)"
MATTER = (
    r"(?:changes?|effects?|influences?|impacts?|differences?|variations?|alterations?"
    r"|improvements?|increases?|decreases?|reductions?|correlations?|associations?)"
)
