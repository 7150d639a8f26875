"""Percentages, groups within groups, denominators: what cannot stand beside what."""

from audit_examples import claim, count, found, only, share

CONTENTS = [count("R-01", 15)]


def test_a_percentage_is_the_count_by_the_whole() -> None:
    given = [*CONTENTS, count("R-02", 6, "cr", of="all"), share("R-03", 40, "cr", "all")]
    finding = only("percentage", *given)
    assert finding.verdict == "fine"
    assert finding.claims == ("R-03", "R-02", "R-01")
    assert finding.arithmetic == ("6 of 15 is 40.00 %",)


def test_a_percentage_that_no_count_gives_is_asked_about_with_all_that_would_mend_it() -> None:
    given = [*CONTENTS, count("R-02", 6, "cr", of="all"), share("R-03", 43, "cr", "all")]
    finding = only("percentage", *given)
    assert finding.verdict == "inconsistent"
    assert finding.arithmetic == ("6 of 15 is 40.00 %", "no other count of 15 is 43 % either")
    assert finding.repairs == ("40 % instead of 43 % (one digit)", "6 of 14 instead of 15")


def test_a_percentage_may_be_cut_off_or_have_its_half_rounded_to_even() -> None:
    """5 of 8 is 62.5 %."""
    given = [count("R-01", 8), count("R-02", 5, "cr", of="all"), share("R-03", 62, "cr", "all")]
    finding = only("percentage", *given)
    assert finding.verdict == "inconsistent"
    assert "the percentage rounded with a half going to the even digit" in finding.repairs
    assert "the percentage with its further decimals cut off" in finding.repairs


def test_a_percentage_alone_must_be_of_a_whole_number_of_subjects() -> None:
    assert only("percentage", *CONTENTS, share("R-02", 13, "cr", "all")).verdict == "fine"
    finding = only("percentage", *CONTENTS, share("R-02", 12, "cr", "all"))
    assert finding.verdict == "inconsistent"
    assert finding.arithmetic == ("1 of 15 is 6.67 %", "2 of 15 is 13.33 %")


def test_of_a_percentage_of_nobody_in_particular_the_fitting_whole_is_named() -> None:
    given = [*CONTENTS, count("R-02", 14, "some"), count("R-03", 2, "cr")]
    of_all = only("percentage", *given, share("R-04", 13, "cr", "not stated"))
    assert of_all.verdict == "fine"
    assert "a whole of 15 fits (All patients, R-01)" in of_all.question
    neither = only("percentage", *given, share("R-04", 20, "cr", "not stated"))
    assert neither.verdict == "unexplained"
    assert neither.repairs == ("2 of 10",)


def test_a_count_of_all_is_not_taken_for_one_of_a_part() -> None:
    """Of the others nothing is said but their share."""
    groups = {"cr": {"label": "Responders"}}
    given = [*CONTENTS, count("R-02", 10, "some"), count("R-03", 9, "cr", sentence=2)]
    finding = only("percentage", *given, share("R-04", 50, "cr", "some"), groups=groups)
    assert (finding.verdict, finding.claims) == ("fine", ("R-04", "R-02"))


def test_of_a_percentage_without_count_and_whole_the_stated_wholes_are_tried() -> None:
    """70 % is 42 of 60 and 35 of 50; of 59 nothing is."""
    given = [count("R-01", 60), count("R-02", 59, "some"), share("R-03", 70, "cr", "not stated")]
    only_one = only("percentage", *given)
    assert only_one.verdict == "fine"
    assert only_one.arithmetic == (
        "42 of 60 (All patients, R-01)",
        "of 59 it cannot be: 41 of 59 is 69.49 % and 42 of 59 is 71.19 %",
    )
    groups = {"third": {"label": "Third", "subset_of": "all"}}
    two = only("percentage", *given, count("R-04", 50, "third"), groups=groups)
    assert two.verdict == "unexplained"
    assert "of 50 or 60" in two.question


def test_more_than_one_half_is_held_against_the_count() -> None:
    most = {"printed": "most", "reading": "more than one half", "comparator": ">"}
    given = [*CONTENTS, count("R-02", 7, "cr", of="all")]
    assert only("percentage", *given, share("R-03", 50, "cr", "all", **most)).verdict != "fine"


# -- groups within groups --------------------------------------------------------------------------

TWO = {
    "treated": {"label": "The treated", "subset_of": "all"},
    "stopped": {"label": "The one who stopped", "subset_of": "treated"},
    "others": {"label": "The others", "subset_of": "all", "without": "stopped"},
}


def test_parts_that_share_nobody_may_not_be_more_than_their_whole() -> None:
    given = [
        *CONTENTS,
        count("R-02", 1, "stopped"),
        count("R-03", 14, "others"),
        count("R-04", 14, "treated"),
        claim("R-05", "all", group="treated", of="others"),
    ]
    finding = only("subset", *given, groups=TWO)
    assert finding.verdict == "inconsistent"
    assert set(finding.claims) == {"R-02", "R-03", "R-04", "R-05"}
    assert finding.arithmetic[0] == "1 + 14 = 15, more than 14"
    assert "15 instead of 14 in 'The treated'" in finding.repairs


def test_nobody_is_in_two_groups_that_share_nobody() -> None:
    groups = {
        "mild": {"label": "Mild", "subset_of": "all"},
        "severe": {"label": "Severe", "subset_of": "all", "apart_from": "mild"},
        "subject_3": {"label": "Number 3", "subset_of": "all", "subject": "3"},
    }
    given = [
        *CONTENTS,
        claim("R-02", "all", group="mild", of="all"),
        claim("R-03", "all", group="severe", of="subject_3"),
    ]
    finding = found("subset", *given, groups=groups)[0]
    assert (finding.verdict, set(finding.claims)) == ("inconsistent", {"R-02", "R-03"})


def test_a_union_lies_between_its_largest_part_and_their_sum() -> None:
    groups = {
        "one": {"label": "One", "subset_of": "all"},
        "other": {"label": "Other", "subset_of": "all"},
        "either": {"label": "Either", "union_of": ["one", "other"], "subset_of": "all"},
    }
    parts = [count("R-01", 4, "one"), count("R-02", 11, "other")]
    fine = only("subset", *parts, count("R-03", 14, "either"), groups=groups)
    assert (fine.verdict, fine.arithmetic) == (
        "fine",
        ("4 + 11 − 14 = 1: so many are counted twice",),
    )
    many = only("subset", *parts, count("R-03", 16, "either"), groups=groups)
    assert (many.verdict, many.arithmetic) == ("inconsistent", ("4 + 11 = 15",))


def test_a_count_in_a_part_leaves_a_possible_rest() -> None:
    wholes = [count("R-01", 107), count("R-02", 93, "some")]
    given = [*wholes, count("R-03", 49, "cr", of="all")]
    groups = {"cr": {"label": "Responders"}}
    fine = found("subset", *given, count("R-04", 47, "cr", of="some"), groups=groups)[0]
    assert fine.arithmetic == ("49 of 107 and 47 of 93 among them leave 2 of 14",)
    wrong = found("subset", *given, count("R-04", 30, "cr", of="some"), groups=groups)[0]
    assert wrong.verdict == "inconsistent"


def test_of_groups_that_make_no_whole_it_is_asked_who_is_left() -> None:
    groups = {
        "good": {"label": "Good", "subset_of": "all"},
        "bad": {"label": "Bad", "subset_of": "all", "apart_from": "good"},
    }
    given = [*CONTENTS, count("R-02", 9, "good"), count("R-03", 4, "bad")]
    finding = only("subset", *given, groups=groups)
    assert finding.verdict == "unexplained"
    assert finding.arithmetic[-1] == "15 − 13 = 2"


# -- denominators ----------------------------------------------------------------------------------


def test_denominators_that_change_without_a_word_are_named_with_what_each_would_print() -> None:
    given = [
        count("R-01", 15, sentence=1),
        count("R-02", 14, "some", sentence=2),
        count("R-03", 12, "cr", sentence=3),
        share("R-04", 86, "cr", "not stated", sentence=3),
        count("R-05", 2, "bad", sentence=4),
        share("R-06", 13, "bad", "not stated", sentence=4),
    ]
    finding = only("denominator", *given, groups={"bad": {"label": "Bad", "subset_of": "all"}})
    assert finding.verdict == "unexplained"
    assert finding.arithmetic == (
        "R-04 ('86'): 12 of 14; of 15 it would be 80 %",
        "R-06 ('13'): 2 of 15; of 14 it would be 14 %",
    )
