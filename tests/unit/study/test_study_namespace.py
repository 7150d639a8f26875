"""The names of conditions, and the columns of the statistical analysis plan."""

import pytest

from pilotage.conditions import Variable
from pilotage.instruments import instruments
from pilotage.study import load_study, new_study
from pilotage.study.columns import adsl_columns, dataset_columns, parameter_codes
from pilotage.study.consistency.forms import DOMAINS
from pilotage.study.doses import DOSES_PER_DAY, mean_daily_dose
from pilotage.study.names import did_you_mean, listed, nearest
from pilotage.study.namespace import namespace
from pilotage.study.prose import read_prose
from pilotage.study.protocol import Form


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return load_study(new_study(tmp_path_factory.mktemp("studies") / "pilot"))


def test_a_parameter_gives_its_value_baseline_changes_and_age(study):
    found = {name: v for name, v in study.namespace.items() if name.startswith("SCORE")}
    label = "Symptom score"
    assert found == {
        "SCORE": Variable("number", "points", 0, 10, label=label),
        "SCORE.BASE": Variable("number", "points", 0, 10, label=f"{label} at baseline"),
        "SCORE.CHG": Variable(
            "number", "points", -10, 10, label=f"change of {label} from baseline"
        ),
        "SCORE.PCHG": Variable(
            "number", "%", -100, None, label=f"relative change of {label} from baseline"
        ),
        "SCORE.AGE_DAYS": Variable(
            "number", "days", 0, None, label=f"age of the last value of {label}"
        ),
    }


def test_only_a_graded_parameter_has_a_grade(study):
    assert "SCORE.GRADE" not in study.namespace
    grade = study.namespace["NEUT.GRADE"]
    assert (grade.type, grade.low, grade.high) == ("number", 0, 4)


def test_state_names_take_their_choices_from_the_study(study):
    assert study.namespace["DOSE_STEP"].choices == ("stop", "10 mg QD", "20 mg QD")
    assert study.namespace["RESPONSE"].choices == ("CR", "PR", "NR")
    assert study.namespace["WEEK"] == Variable(
        "number", "weeks", 0, None, label="week of treatment"
    )


def test_every_item_of_a_form_is_a_name(study):
    names = {name: v for name, v in study.namespace.items() if "." in name and name.islower()}
    assert names["demography.age"] == Variable("number", "years", 0, 120, label="Age")
    assert names["demography.sex"] == Variable("text", choices=("F", "M"), label="Sex")
    assert names["history.pregnant"].choices == ("yes", "no")
    assert names["demography.consent"].type == "date"
    assert names["adverse_events.term"] == Variable("text", label="Event")


def test_a_form_with_an_instrument_has_its_items_and_scores(study):
    form = Form(label="Body surface", source="P-40", instrument="rule_of_nines")
    protocol = study.protocol.model_copy(update={"forms": {"surface": form}})
    instrument = instruments["rule_of_nines"]
    codes = [part.code.lower() for part in (*instrument.items, *instrument.scores)]
    names = [name for name in namespace(protocol) if name.startswith("surface.")]
    assert names == [f"surface.{code}" for code in codes]


def test_labels_of_names_follow_the_language(study):
    assert namespace(study.protocol, "es")["SCORE.BASE"].label == "Symptom score basal"


def test_columns_of_adsl_hold_facts_and_populations(study):
    columns = adsl_columns(study.protocol, study.sap)
    assert columns["SEX"] == Variable("text", choices=("F", "M"), label="Sex")
    assert columns["SCOREBL"].type == "number"
    assert columns["EVALFL"].choices == ("Y", "N")
    assert columns["TRTSDT"].type == "date"


@pytest.mark.parametrize(
    "dataset, codes",
    [
        ("ADSL", ()),
        ("ADQS", ("SCORE",)),
        ("ADLB", ("NEUT",)),
        ("ADRS", ("OVRLRESP", "RESPW8", "BESTRESP", "RELAPSE")),
        ("ADTTE", ("TTCR", "TTREL")),
        ("ADAE", ()),
        ("ADEX", ("MDD",)),
    ],
)
def test_a_dataset_holds_the_parameters_of_the_study(study, dataset, codes):
    assert parameter_codes(dataset, study.protocol) == codes
    columns = dataset_columns(dataset, study.protocol, study.sap)
    assert ("PARAMCD" in columns) is bool(codes)
    assert {"USUBJID", "AGE", "SAFFL"} <= set(columns)


def test_the_mean_daily_dose_follows_from_dose_and_frequency():
    assert [mean_daily_dose(10, f) for f in ("QD", "BID", "QOD", "QW")] == [10, 20, 5, 10 / 7]
    assert mean_daily_dose(7, "TIW") == 3
    assert mean_daily_dose(0, None) == 0
    assert mean_daily_dose(10, None) is None
    assert mean_daily_dose(10, "NOW AND THEN") is None


def test_frequencies_are_ordered_from_often_to_seldom():
    amounts = [mean_daily_dose(1, frequency) for frequency in DOSES_PER_DAY]
    assert amounts == sorted(amounts, reverse=True)


def test_domains_have_two_letters_and_stand_once():
    assert all(len(domain) == 2 for domain in DOMAINS)
    assert list(DOMAINS) == sorted(set(DOMAINS))


# -- headings --------------------------------------------------------------------------------------


def test_an_id_is_the_first_word_of_a_heading_and_holds_a_digit():
    text = """\
# Protocol
## P-01 Design
### 5.3. Raising the dose ##
#### S2: Stop
##P-09 no heading
Text P-10
"""
    prose = read_prose(text, file="protocol.md")
    assert prose.headings == {"P-01": "Design", "5.3": "Raising the dose", "S2": "Stop"}
    assert prose.lines == {"P-01": 2, "5.3": 3, "S2": 4}


def test_a_heading_in_a_code_block_is_text():
    text = "```\n## P-01 Not this\n```\n~~~\n```\n## P-02 Nor this\n~~~\n## P-03 This\n"
    assert list(read_prose(text, file="protocol.md").headings) == ["P-03"]


# -- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, known, found",
    [
        ("score", ["SCORE", "NEUT"], "SCORE"),
        ("SCOER", ["NEUT", "SCORE"], "SCORE"),
        ("P-29", ["P-12", "P-62", "P-20", "P-21"], "P-20"),
        ("xyz", ["SCORE"], None),
        ("", ["SCORE"], None),
        ("S" * 100, ["S" * 101], None),
        ("a", [], None),
    ],
)
def test_the_nearest_known_name(name, known, found):
    assert nearest(name, known) == found


def test_the_same_name_is_not_offered_again():
    assert did_you_mean("SCORE", ["SCORE"]) == ""


def test_names_are_listed_with_or():
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "'a'", "'a' or 'b'", "'a', 'b' or 'c'",
    ]  # fmt: skip
