"""What published.yaml may not hold: each case damages a small one in one place and gives every line
that a person then reads."""

from dataclasses import replace
from pathlib import Path

import pytest

from pilotage.findings import InputErrors
from pilotage.publication import load_published, published_findings, read_published
from pilotage.study import Study, load_study, new_study

HERE = Path(__file__).parent
PAPER = (HERE / "a_paper.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(new_study(tmp_path_factory.mktemp("studies") / "pilot"))


def edited(old: str, new: str) -> str:
    assert old in PAPER
    return PAPER.replace(old, new, 1)


def messages(folder: Path, text: str, study: Study | None = None) -> list[str]:
    (folder / "published.yaml").write_text(text, encoding="utf-8")
    try:
        if study is None:
            read_published(folder / "published.yaml")
        else:
            load_published(replace(study, folder=folder))
    except InputErrors as errors:
        return [str(finding) for finding in errors.findings]
    return []


def test_the_small_paper_has_no_mistake(tmp_path: Path, study: Study) -> None:
    assert messages(tmp_path, PAPER) == messages(tmp_path, PAPER, study) == []


def test_effects_and_intervals_of_two_arms_can_be_said() -> None:
    paper = read_published(HERE / "two_arms.yaml")
    assert [claim.kind for claim in paper.claims] == [
        "count", "count", "percentage", "difference", "interval", "p_value", "odds_ratio",
        "interval",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "    kind: date\n", "    kind: data\n",
            "47: 'kind' is 'data'; it must be 'count', 'percentage', 'mean', 'sd', 'sem', "
            "'median', 'minimum', 'maximum', 'value', 'range', 'quartiles', 'p_value', "
            "'threshold', 'duration', 'dose', 'dose_range', 'date', 'identifier', 'all', 'none', "
            "'change', 'comparison', 'difference', 'odds_ratio', 'risk_ratio', 'hazard_ratio' or "
            "'interval'; did you mean 'date'?",
            id="an unknown kind",
        ),
        pytest.param(
            "    value: 9\n    same", "    value: nine\n    same",
            "45: 'value' is 'nine'; it must be a whole number of at least 0",
            id="a word where a number must be",
        ),
        pytest.param(
            "    of: treated\n    value: 9\n    same", "    off: treated\n    value: 9\n    same",
            "44: 'off' is not a part of entry 1 of claims; did you mean 'of'?",
            id="a misspelled key",
        ),
        pytest.param(
            "    variable: SCORE\n    at: baseline\n", "    at: baseline\n",
            "64: entry 4 of claims needs 'variable'",
            id="a mean of nothing",
        ),
        pytest.param(
            "section: abstract, paragraph: 1, sentence: 2",
            "section: abstracts, paragraph: 1, sentence: 2",
            "48: 'section' is 'abstracts'; it must be 'title', 'abstract', 'introduction', "
            "'methods', 'results', 'tables', 'legends', 'discussion', 'conclusion' or "
            "'supplement'; did you mean 'abstract'?",
            id="an unknown section",
        ),
        pytest.param(
            "    what: Begin of recruitment\n",
            "    what: Begin of recruitment\n    verdict: true\n",
            "55: 'verdict' is not a part of entry 2 of claims",
            id="a verdict",
        ),
    ],
)  # fmt: skip
def test_a_part_of_the_wrong_shape_is_named_with_what_must_stand_there(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert messages(tmp_path, edited(old, new)) == [f"published.yaml:{message}"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "id: R-06", "id: R-05",
            "106: the claim 'R-05' stands here twice, first in published.yaml:97",
            id="an id twice",
        ),
        pytest.param(
            "id: R-04", "id: range",
            "84: 'range' is no id of a claim; write one such as R-07",
            id="a word as id",
        ),
        pytest.param(
            "abstract, paragraph: 1, sentence: 2", "methods, paragraph: 1, sentence: 2",
            "48: the paper covers no section 'methods'; add it to 'paper.covers'",
            id="a section that is not covered",
        ),
        pytest.param(
            "    of: treated\n    value: 9\n    same", "    of: treted\n    value: 9\n    same",
            "44: 'treted' is not declared under 'groups'; did you mean 'treated'?",
            id="an unknown group",
        ),
        pytest.param(
            "subset_of: [treated]", "subset_of: [treated, tretd]",
            "15: 'tretd' is not declared under 'groups'; did you mean 'treated'?",
            id="an unknown group of a group",
        ),
        pytest.param(
            "    variable: SCORE\n    at: baseline", "    variable: SCORES\n    at: baseline",
            "70: 'SCORES' is not declared under 'variables'; did you mean 'SCORE'?",
            id="an unknown variable",
        ),
        pytest.param(
            "at: week_8", "at: week_9",
            "91: 'week_9' is not declared under 'times'; did you mean 'week_8'?",
            id="an unknown time",
        ),
        pytest.param(
            "same_fact_as: R-01", "same_fact_as: R-10",
            "46: there is no claim 'R-10'; did you mean 'R-01'?",
            id="the same fact as an unknown claim",
        ),
        pytest.param(
            "same_fact_as: R-01", "same_fact_as: A-01",
            "46: 'A-01' is this claim itself",
            id="the same fact as itself",
        ),
        pytest.param(
            "    value: 9\n    result: RESPONSE",
            "    value: 9\n    same_fact_as: R-02\n    result: RESPONSE",
            "46: 'R-01' is itself the same fact as 'R-02'; name that one",
            id="the same fact over two steps",
        ),
        pytest.param(
            "    printed: nine\n", "    printed: nine\n    about: literature\n",
            "46: 'R-01' is about the literature, this is about the trial",
            id="the same fact in another trial",
        ),
        pytest.param(
            "compares: [R-02]", "compares: [R-02, R-22]",
            "81: there is no claim 'R-22'; did you mean 'R-02'?",
            id="a P value of unknown claims",
        ),
        pytest.param(
            "    share: treated\n", "",
            "97: give either 'variable' or 'share': what is compared between the groups",
            id="a comparison of nothing",
        ),
        pytest.param(
            "    without: cr\n", "    without: cr\n    union_of: others\n",
            "16: 'others' is defined by itself: others → others",
            id="a group that is itself",
        ),
        pytest.param(
            "    subset_of: treated\n    without: cr", "    without: cr",
            "18: 'without' takes some away from 'subset_of'; add 'subset_of'",
            id="away from nothing",
        ),
        pytest.param(
            "    label: The other treated patients\n",
            "    label: The other treated patients\n    subject: \"2\"\n",
            "23: subject 2 is the group 'others' already",
            id="a subject twice",
        ),
    ],
)  # fmt: skip
def test_claims_that_do_not_fit_each_other_are_named(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert messages(tmp_path, edited(old, new)) == [f"published.yaml:{message}"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "    printed: Nine\n", "    printed: Ten\n",
            "41: the printed text 'Ten' does not stand in the sentence\n"
            "published.yaml:45: printed is 'Ten', but 'value' is 9; correct one of them, or say in "
            "'reading' how it was read",
            id="words that are not in the sentence",
        ),
        pytest.param(
            "    value: 6.1\n", "    value: 6.2\n",
            "72: printed is '6.10', but 'value' is 6.2; correct one of them, or say in 'reading' "
            "how it was read",
            id="another number than printed",
        ),
        pytest.param(
            "    low: 1\n    high: 9\n", "    low: 2\n    high: 9\n",
            "92: printed is '1 and 9', but 'low' is 2 and 'high' is 9; correct one of them, or "
            "say in 'reading' how it was read",
            id="another end than printed",
        ),
        pytest.param(
            "    low: 1\n    high: 9\n", "    low: 9\n    high: 1\n",
            "92: 9 to 1: the lower end comes first",
            id="a range upside down",
        ),
        pytest.param(
            "value: 2024-01", "value: 2024-13",
            "52: '2024-13' is no date; write 2009, 2009-01 or 2009-01-31",
            id="a month that does not exist",
        ),
        pytest.param(
            "value: 2024-01", "value: 2023-01",
            "52: the year 2023 does not stand in 'January 2024'",
            id="another year than printed",
        ),
        pytest.param(
            'value: "7.5"', 'value: "7.6"',
            "111: '7.6' does not stand in 'version 7.5'",
            id="another name than printed",
        ),
    ],
)  # fmt: skip
def test_what_was_typed_is_what_is_printed(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert "\n".join(messages(tmp_path, edited(old, new))) == f"published.yaml:{message}"


def test_a_reading_allows_another_number_than_the_printed_one(tmp_path: Path) -> None:
    text = edited("    value: 6.1\n", "    value: 6100\n    reading: The point marks thousands\n")
    assert messages(tmp_path, text) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "RESPONSE/*/-/-/count", "RESPONS/*/-/-/count",
            "63: 'RESPONS' is no analysis of sap.yaml; did you mean 'RESPONSE'?",
            id="an unknown analysis",
        ),
        pytest.param(
            "SCORE_CHANGE/SAFFL/-/8/p_*", "SCORE_CHANGE/EVALFL/-/8/p_*",
            "83: analysis SCORE_CHANGE has no population 'EVALFL'",
            id="a population that was not analysed",
        ),
        pytest.param(
            "RESPONSE/*/-/-/count", "RESPONSE/count",
            "63: 'RESPONSE/count' names no result; write "
            "ANALYSIS/POPULATION/LEVEL/AVISITN/STATISTIC, '-' for none, * for any",
            id="half an id",
        ),
        pytest.param(
            "low: SCORE_VISIT/SAFFL/-/8/minimum", "low: SCORE_VISIT/SAFFL/-/week 8/minimum",
            "95: the visit 'week 8' is no number of a week; write 0 for baseline, or -",
            id="a visit in words",
        ),
        pytest.param(
            "where: SAFFL == 'Y'", "where: SAFL == 'Y'",
            "12: group treated uses 'SAFL', which is no column of ADSL; did you mean 'SAFFL'?",
            id="an unknown column",
        ),
        pytest.param(
            "range: [0, 10]", "range: [0, 11]",
            "28: the range of SCORE is [0, 10] in protocol.yaml",
            id="another range than that of the parameter",
        ),
        pytest.param(
            "    whole_numbers: true}\n", "    }\n",
            "25: 'whole_numbers' of SCORE is true in protocol.yaml",
            id="fractions of whole numbers",
        ),
        pytest.param(
            "    week: 8\n", "    week: 9\n",
            "36: week 9 has no analysis window in protocol.yaml",
            id="a week without a window",
        ),
    ],
)  # fmt: skip
def test_what_the_study_does_not_know_is_named(
    tmp_path: Path, study: Study, old: str, new: str, message: str
) -> None:
    assert messages(tmp_path, edited(old, new), study) == [f"published.yaml:{message}"]
    assert messages(tmp_path, edited(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "RESPONSE/*/-/-/count", "RESPONSE/*/-/-/counts",
            "63: analysis RESPONSE gives no 'counts' (count, unknown, not_at_risk, proportion, "
            "clopper_pearson_low, clopper_pearson_high, wilson_low, wilson_high); did you mean "
            "'count'?",
            id="an unknown statistic",
        ),
        pytest.param(
            "RESPONSE/*/-/-/count", "RESPONSE/*/SEX=F/-/count",
            "63: analysis RESPONSE is not split into levels; write - for 'SEX=F'",
            id="a level of an analysis without levels",
        ),
        pytest.param(
            "RESPONSE/*/-/-/count", "SEX/SAFFL/-/-/count",
            "63: analysis SEX counts categories; write 'count X' or 'proportion X'",
            id="a count of no category",
        ),
        pytest.param(
            "RESPONSE/*/-/-/count", "RESPONSE/*/-/-/proportion",
            "63: 'proportion' does not answer a claim of the kind count; it begins with 'count' or "
            "'subjects' or 'events' or 'unknown' or 'censored' or 'n'",
            id="a share for a count",
        ),
        pytest.param(
            "low: SCORE_VISIT/SAFFL/-/8/minimum", "low: SCORE_VISIT/SAFFL/-/8/maximum",
            "95: 'maximum' does not answer a claim of the kind range; it begins with 'minimum'",
            id="the largest value for the smallest",
        ),
        pytest.param(
            "    not_computable: The data begin later\n", "",
            "47: nothing says what answers A-02: name a 'result', give its groups and its variable "
            "their place in the datasets, or say in 'not_a_result' or 'not_computable' why nothing "
            "can",
            id="a claim that nothing answers",
        ),
        pytest.param(
            "    printed: nine\n", "    printed: nine\n    not_computable: Nobody knows\n",
            "59: give either 'result' or 'not_computable': it has a result, or it cannot have one",
            id="a result that cannot be",
        ),
        pytest.param(
            "    not_computable: The data begin later\n",
            "    not_computable: The data begin later\n    not_a_result: plan\n",
            "53: give either 'not_a_result' or 'not_computable': what is no result is not computed",
            id="no result that cannot be computed",
        ),
        pytest.param(
            "    printed: nine\n", "    printed: nine\n    not_a_result: plan\n",
            "59: R-01 is called no result of the data, but the data answer it",
            id="no result that the data answer",
        ),
        pytest.param(
            "where: \"PARAMCD == 'SCORE'\"}", "share_of: \"PARAMC == 'SCORE'\"}",
            "25: variable SCORE uses 'PARAMC', which is no column of ADQS or ADSL; did you mean "
            "'PARAMCD'?\n25: a share is in %, which is not converted to points",
            id="a share of unknown rows",
        ),
        pytest.param(
            "{dataset: ADQS, column: AVAL, where: \"PARAMCD == 'SCORE'\"}",
            "{dataset: ADSL, column: AGE, share_of: \"AGE > 1\"}",
            "25: ADSL has no values of a day, of which one could be a share\n"
            "25: a share is in %, which is not converted to points",
            id="a share without a day",
        ),
        pytest.param(
            "values: {dataset: ADQS, column: AVAL, where: \"PARAMCD == 'SCORE'\"}",
            "days_to: {item: history.pregnant}",
            "25: history.pregnant is no date\n25: days are not converted to points",
            id="days to no date",
        ),
        pytest.param(
            "event: \"AVALC == 'CR'\"", "event: \"AVALCC == 'CR'\"",
            "13: group cr uses 'AVALCC', which is no column of ADRS or ADSL; did you mean 'AVALC'?",
            id="an unknown column of a dataset",
        ),
        pytest.param(
            "    where: SAFFL == 'Y'\n",
            "    where: SAFFL == 'Y'\n    rows: {dataset: ADEX, event: \"AVAL > 0\"}\n",
            "13: give either 'where' or 'rows': one says who it is",
            id="two ways to know a group",
        ),
        pytest.param(
            "    where: SAFFL == 'Y'\n", "    answered: {items: [history.pregnent]}\n",
            "12: 'history.pregnent' is no item of protocol.yaml; did you mean 'history.pregnant'?",
            id="an unknown item",
        ),
        pytest.param(
            "    where: SAFFL == 'Y'\n",
            "    answered: {items: [history.pregnant], answer: yes}\n",
            "12: 'yes' is no answer to history.pregnant",
            id="an answer that the item does not have",
        ),
        pytest.param(
            "column: AVAL,", "column: AVALL,",
            "25: 'AVALL' is no column of ADQS; did you mean 'AVAL'?",
            id="values of an unknown column",
        ),
        pytest.param(
            "column: AVAL,", "column: AVISIT,",
            "25: 'AVISIT' is a text; a variable needs a number or a date",
            id="values that are words",
        ),
        pytest.param(
            "dataset: ADQS, column: AVAL,", "dataset: ADQS, unit: days, column: AVAL,",
            "25: 'AVAL' is in days, which is not converted to points",
            id="values in another unit",
        ),
    ],
)  # fmt: skip
def test_a_claim_says_how_it_is_answered(
    tmp_path: Path, study: Study, old: str, new: str, message: str
) -> None:
    expected = [f"published.yaml:{each}" for each in message.split("\n")]
    assert messages(tmp_path, edited(old, new), study) == expected


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "TTCR_BY_SUBTYPE/EVALFL/SUBTYPE=LEP/-/median_among_events",
            "TTCR_BY_SUBTYPE/EVALFL/SUBTYPE=LEPP/-/median_among_events",
            "'LEPP' is no value of SUBTYPE; did you mean 'LEP'?",
        ),
        (
            "TTCR_BY_SUBTYPE/EVALFL/SUBTYPE=LEP/-/median_among_events",
            "TTCR_BY_SUBTYPE/EVALFL/LEP/-/median_among_events",
            "analysis TTCR_BY_SUBTYPE is split by SUBTYPE; write SUBTYPE=… or *",
        ),
        (
            "SUBTYPE/SAFFL/-/-/proportion SCLE",
            "SUBTYPE/SAFFL/-/-/proportion SCE",
            "'SCE' is no value of SUBTYPE; did you mean 'SCLE'?",
        ),
        (
            "result: CLASI_A_BASELINE/SAFFL/-/-/mean",
            "result: FOLLOW_UP/SAFFL/-/-/mean",
            "analysis FOLLOW_UP is in days, which is not converted to points",
        ),
    ],
)
def test_a_level_a_category_and_a_unit_are_those_of_the_study(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    built_in = load_study("lenalidomide_cle")
    text = (built_in.folder / "published.yaml").read_text(encoding="utf-8")
    assert old in text
    found = messages(tmp_path, text.replace(old, new, 1), built_in)
    assert [each.partition(": ")[2] for each in found] == [message]


def test_all_mistakes_are_listed_in_the_order_of_their_lines(tmp_path: Path, study: Study) -> None:
    text = edited("    value: 6.1\n", "    value: 6.2\n").replace("id: A-02", "id: A-01")
    text = text.replace("kind: date", "kind: dat").replace("RESPONSE/*", "RESPONS/*")
    (tmp_path / "published.yaml").write_text(text)
    found = published_findings(replace(study, folder=tmp_path))
    lines = [int(str(finding).split(":")[1]) for finding in found]
    assert lines == sorted(lines)
    assert len(lines) == 4


def test_a_paper_that_is_not_there_is_named(tmp_path: Path, study: Study) -> None:
    with pytest.raises(InputErrors) as errors:
        load_published(replace(study, folder=tmp_path))
    assert [str(finding) for finding in errors.value.findings] == [
        f"published.yaml: {tmp_path} has no published.yaml"
    ]
