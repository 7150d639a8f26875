"""A subject's state, assessment by assessment, says what the datasets say of the finished data."""

import polars as pl
import pytest
from cohort_examples import cohort, datasets, study

from pilotage.rules import Standing

SUBJECTS = cohort().tables["dm"]["USUBJID"].cast(pl.String).to_list()


def assessments(subject: str) -> pl.DataFrame:
    """The activity scores of a subject in the order of the days, with the response to each."""
    mine = pl.col("USUBJID") == subject
    scores = datasets().adqs.filter(mine & (pl.col("PARAMCD") == "CLASIACT"))
    judged = datasets().adrs.filter(mine & (pl.col("PARAMCD") == "OVRLRESP"))
    return (
        scores.select("ADT", "ADY", "AVAL", "BASE", "CHG", "PCHG")
        .join(judged.select("ADT", "AVALC"), on="ADT", how="left")
        .sort("ADT")
    )


@pytest.mark.requirement("P-60", "P-61", "P-62", "P-65")
@pytest.mark.parametrize("subject", SUBJECTS)
def test_change_response_and_relapse_are_those_of_the_datasets(subject: str) -> None:
    made = Standing(study().protocol, {}, 44, "F", phase="taper")
    relapses = datasets().adrs.filter(
        (pl.col("USUBJID") == subject) & (pl.col("PARAMCD") == "RELAPSE")
    )["ADT"]
    for row in assessments(subject).to_dicts():
        made.observe({"CLASIACT": row["AVAL"]}, row["ADY"])
        state = made.state(row["ADY"])
        assert state["RESPONSE"] == row["AVALC"]
        assert state["TAPER_RELAPSES"] == (relapses <= row["ADT"]).sum()
        if row["ADY"] >= 1:
            assert [state[f"CLASIACT.{part}"] for part in ("BASE", "CHG", "PCHG")] == [
                row["BASE"], row["CHG"], row["PCHG"]
            ]  # fmt: skip
