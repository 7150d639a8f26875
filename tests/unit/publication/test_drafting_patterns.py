"""What each pattern of `pilotage claims` reads out of one sentence, in the print of journals."""

from decimal import Decimal

import pytest

from pilotage.publication.drafting.document import Cell, Sentence
from pilotage.publication.drafting.draft import examined
from pilotage.publication.drafting.scan import Found, Scan


def seen(text: str) -> Scan:
    return examined(Sentence("results", 1, 1, text))


def in_order(scan: Scan) -> list[Found]:
    return sorted(scan.found, key=lambda each: (each.start, each.end))


def said(scan: Scan) -> str:
    """The claims of a sentence: kind, numbers and printed words."""
    lines = []
    for each in in_order(scan):
        values = " ".join(
            format(value.normalize(), "f") if isinstance(value, Decimal) else value
            for _, value in each.values
        )
        printed = scan.text[each.start : each.end]
        lines.append(f"{each.kind} {values} «{printed}»".replace("  ", " "))
    return "; ".join(lines)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        # counts and shares
        ("It healed in 12 of 14.", "count 12 «12»; count 14 «14»"),
        ("It healed in 12/14 (86%).", "count 12 «12»; count 14 «14»; percentage 86 «86%»"),
        ("Healing (86 %, 12/14) was seen.", "percentage 86 «86 %»; count 12 «12»; count 14 «14»"),
        ("Of these, 12 (86%) healed.", "count 12 «12»; percentage 86 «86%»"),
        ("Three patients stopped.", "count 3 «Three patients»"),
        ("Only two of the patients stopped.", "count 2 «Only two»"),
        ("Some (n = 4) stopped.", "count 4 «n = 4»"),
        ("A total of 1,240 persons were asked.", "count 1240 «1,240 persons»"),
        ("A total of 1\u202f240 persons were asked.", "count 1240 «1\u202f240 persons»"),
        ("The majority of patients healed.", "percentage 50 «The majority of patients»"),
        # summaries
        ("The score was 11 ± 5.9.", "mean 11 «11»; sd 5.9 «± 5.9»"),
        ("The score was 11 ± 5.9 (SEM).", "mean 11 «11»; sem 5.9 «± 5.9»"),
        ("The mean was 11.0 (SD 5.9).", "mean 11 «11.0»; sd 5.9 «5.9»"),
        (
            "The median age was 40 years (28–53).",
            "median 40 «median age was 40 years»; range 28 53 «28–53»",
        ),
        (
            "The median was 40 (IQR, 31 to 55).",
            "median 40 «median was 40»; quartiles 31 55 «IQR, 31 to 55»",
        ),
        ("Time ranged from 3 to 30 months.", "range 3 30 «from 3 to 30 months»"),
        (
            "Mean ages were 57 and 63 years, respectively.",
            "mean 57 «Mean ages were 57»; mean 63 «63»",
        ),
        ("They had a mean (SD) of 3.2 (1.1).", "mean 3.2 «mean (SD) of 3.2»; sd 1.1 «1.1»"),
        ("The mean was −4.2 (SE 0.6).", "mean -4.2 «−4.2»; sem 0.6 «0.6»"),
        ("Scores fell from 11 to 4.", "change «fell»; value 11 «11»; value 4 «4»"),
        ("Scores fell by 45%.", "value 45 «45%»"),
        # P values, effects, intervals
        ("It fell (p<0.001).", "p_value 0.001 «p<0.001»"),
        ("It fell (P = .03).", "p_value 0.03 «P = .03»"),
        ("It fell (P=2.3 × 10−4).", "p_value 0.00023 «P=2.3 × 10−4»"),
        ("It fell (P = 2.3 × 10⁻⁴).", "p_value 0.00023 «P = 2.3 × 10⁻⁴»"),
        ("It fell (P for trend, 0.41).", "p_value 0.41 «P for trend, 0.41»"),
        ("Odds ratio 30 (5.8-154.6).", "odds_ratio 30 «30»; interval 5.8 154.6 «5.8-154.6»"),
        ("OR 2·3, 95% CI 1·1–4·6.", "odds_ratio 2.3 «2·3»; interval 1.1 4.6 «1·1–4·6»"),
        (
            "The HR was 0.52 (95% CI, 0.31 to 0.87).",
            "hazard_ratio 0.52 «0.52»; interval 0.31 0.87 «0.31 to 0.87»",
        ),
        (
            "Median survival was 14.2 months (95% CI, 12.1 to 16.9).",
            "median 14.2 «14.2»; interval 12.1 16.9 «12.1 to 16.9»",
        ),
        ("It was 46.0% (95% CI 36–56).", "percentage 46 «46.0%»; interval 36 56 «36–56»"),
        (
            "The difference was −4.8 points (95% CI −6.0 to −3.6).",
            "difference -4.8 «−4.8 points»; interval -6 -3.6 «−6.0 to −3.6»",
        ),
        # limits
        ("Age over 18 years was needed.", "threshold 18 «over 18 years»"),
        ("Counts were ≥ 1.5 × 10^9/L.", "threshold 1.5 «≥ 1.5 × 10^9/L»"),
        ("A response was a fall of at least 4 points.", "threshold 4 «at least 4 points»"),
        ("Significance was set at P < 0.05.", "threshold 0.05 «P < 0.05»"),
        # doses and spans of time
        ("They had 5 mg/day for 4 weeks.", "dose 5 «5 mg/day»; duration 4 «4 weeks»"),
        ("They had 2.5–10 mg/day.", "dose_range 2.5 10 «2.5–10 mg/day»"),
        (
            "They had 5 mg on alternate days or three times weekly.",
            "dose 5 «5 mg on alternate days»; dose 5 «three times weekly»",
        ),
        ("They had 300 mg every 4 weeks.", "dose 300 «300 mg every 4 weeks»"),
        ("Visits: 1, 3 and 12 weeks.", "duration 1 «1»; duration 3 «3»; duration 12 «12 weeks»"),
        ("It was seen over 12 weeks.", "duration 12 «12 weeks»"),
        ("Visits were monthly.", "duration 1 «monthly»"),
        ("Healing was seen by week 12.", "duration 12 «by week 12»"),
        # names and dates
        (
            "It ran from 3 March to 12 May 2019.",
            "date 2019-03-03 «3 March»; date 2019-05-12 «12 May 2019»",
        ),
        ("It ran between Jan 2009 and 2010.", "date 2009-01 «Jan 2009»; date 2010 «2010»"),
        (
            "This phase II trial is NCT01234567.",
            "identifier II «phase II»; identifier NCT01234567 «NCT01234567»",
        ),
        ("Grade 2 neutropenia was seen.", "value 2 «Grade 2 neutropenia»"),
        # words
        ("All patients were women.", "all «All patients»"),
        ("None of the patients stopped.", "none «None of the patients»"),
        ("No serious events were reported.", "none «No serious events»"),
        ("Neither pain nor fever was seen.", "none «Neither pain»; none «nor fever»"),
        ("No significant change in the score was seen.", "change «No significant change»"),
        ("Levels of A or B remained stable.", "change «Levels of A»; change «B remained stable»"),
        ("Subject 3 developed fever and pain.", "all «Subject 3»; all «fever»; all «pain»"),
        ("Time was shorter in the others.", "comparison «was shorter»"),
    ],
)  # fmt: skip
def test_a_sentence_says(text: str, claims: str) -> None:
    assert said(seen(text)) == claims


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("It is common [1-3, 12].", "[1-3, 12]"),
        ("It is common (Writer et al., 2009).", "(Writer et al., 2009)"),
        ("See Tables 2 and 3.", "Tables 2 and 3"),
        ("See Fig. 2B.", "Fig. 2B"),
        ("It is per 1.73 m2.", "1.73"),
        ("With 95% CIs.", "95% CIs"),
    ],
)
def test_is_left_out_and_is_no_claim(text: str, what: str) -> None:
    found = seen(text)
    assert (found.found, found.free()) == ([], ())
    assert what in [text[each.start : each.end] for each in found.left_out]


@pytest.mark.parametrize(
    "text", ["We had 90% power.", "It was 120/80 mmHg.", "The key was 4711.", "It was 1:1."]
)
def test_a_number_that_no_pattern_knows_stays_free(text: str) -> None:
    found = seen(text)
    assert (found.found, len(found.free()) >= 1) == ([], True)


@pytest.mark.parametrize("text", ["88 657 of 98 942 were known.", "In all 12 240 were asked."])
def test_a_number_that_may_be_two_is_read_by_nobody(text: str) -> None:
    found = seen(text)
    assert found.found == []
    assert len(found.unclear) >= 2


@pytest.mark.parametrize(
    ("text", "test", "is_open"),
    [
        ("It fell (P = 0.03, paired t test).", "paired t test", False),
        ("It fell (P = 0.03; log-rank test).", "log-rank test", False),
        ("By Fisher's exact test or a t test P was 0.03.", "not named", True),
        ("It fell (P less than 0.05).", "not named", False),
    ],
)
def test_the_test_of_a_p_value_is_that_of_its_sentence_if_it_names_one(
    text: str, test: str, is_open: bool
) -> None:
    (found,) = (each for each in seen(text).found if each.kind == "p_value")
    assert (dict(found.says)["test"], "test" in found.open) == (test, is_open)


def test_a_count_its_whole_and_its_share_speak_of_the_same_groups() -> None:
    part, whole, share = in_order(seen("It healed in 12 of 14 patients (86%)."))
    assert dict(part.names) == dict(share.names)
    assert dict(part.names)["of"] == dict(whole.names)["group"]


def test_an_interval_lies_around_the_effect_before_it() -> None:
    found = seen("OR 2.3 (95% CI 1.1-4.6) and HR 0.5 (95% CI 0.3-0.8).").found
    around = [dict(each.says)["around"] for each in found if each.kind == "interval"]
    assert [found[int(at)].values[0][1] for at in around] == [Decimal("2.3"), Decimal("0.5")]


@pytest.mark.parametrize(
    ("text", "role", "is_open"),
    [
        ("Patients with counts below 1,000/µl were excluded.", "exclusion", False),
        ("Eligible were those aged over 18 years.", "inclusion", False),
        ("A flare was defined as a change greater than 3.", "definition", False),
        ("The dose was changed at more than 30 IU/ml.", "definition", True),
    ],
)
def test_the_role_of_a_limit_is_told_by_words_or_stays_open(
    text: str, role: str, is_open: bool
) -> None:
    (limit,) = (each for each in seen(text).found if each.kind == "threshold")
    assert (dict(limit.says)["role"], "role" in limit.open) == (role, is_open)


@pytest.mark.parametrize(
    ("row", "column", "cell", "claims"),
    [
        ("Age, mean (SD)", "Balm (n = 20)", "41.5 (9.2)", "mean 41.5 «41.5»; sd 9.2 «9.2»"),
        ("Age, median (IQR)", "Balm", "42 (31–55)", "median 42 «42»; quartiles 31 55 «31–55»"),
        ("Women, n (%)", "Balm", "12 (60)", "count 12 «12»; percentage 60 «60»"),
        ("Healed", "Balm", "12/20 (60%)", "count 12 «12»; count 20 «20»; percentage 60 «60%»"),
        ("Score", "Balm", "8.2 ± 2.1", "mean 8.2 «8.2»; sd 2.1 «2.1»"),
        ("Women, n (%)", "P value", "<.001", "p_value 0.001 «<.001»"),
        ("Women (%)", "Balm", "60.5", "percentage 60.5 «60.5»"),
        ("Healed", "Balm, n", "12", "count 12 «12»"),
    ],
)
def test_a_cell_is_read_by_its_row_and_its_column(
    row: str, column: str, cell: str, claims: str
) -> None:
    before = f"{row} | {column}: "
    place = Cell(row, column, len(before))
    assert said(examined(Sentence("tables", 1, 2, before + cell, "Table 1", place))) == claims


def test_what_a_cell_does_not_say_is_marked_open() -> None:
    place = Cell("Score", "Balm", len("Score | Balm: "))
    (found,) = examined(Sentence("tables", 1, 2, "Score | Balm: 8", "Table 1", place)).found
    assert (found.kind, found.open) == ("value", ("kind",))
