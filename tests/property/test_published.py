"""Whatever stands in published.yaml: it reads back as it was, or every finding is plain."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotage.findings import Finding, InputErrors, error
from pilotage.publication import Published, load_published, read_published
from pilotage.publication.printed import printed_numbers
from pilotage.study import load_study
from pilotage.study.part import read_part

SMALL = (Path(__file__).parents[1] / "unit/publication/a_paper.yaml").read_text(encoding="utf-8")
ODD = ("", "[]", "{}", "null", "true", "-1", "1e9", "'x'", '"', "not stated", "[1, 2]", "{a: b}",
       "*a", "|", "count", "R-01", "A-9", "cr", "SCORE", "2024-02-30", "A/B/C/D/E")  # fmt: skip

words = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x2FFF, exclude_categories=("C", "Z")),
    max_size=20,
)
numbers = st.floats(-1e6, 1e6, allow_nan=False)
within_time = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def paper() -> Published:
    return load_published(load_study("lenalidomide_cle"))


@within_time
@given(data=st.data())
def test_claims_of_every_kind_read_back_as_they_were_written(
    paper: Published, tmp_path: Path, data: st.DataObject
) -> None:
    """The file holds shape and type only, so any words and numbers will do."""
    chosen = data.draw(st.lists(st.sampled_from(paper.claims), min_size=1, max_size=6))
    changed = []
    for claim in chosen:
        new: dict[str, object] = {"sentence": data.draw(words), "remark": data.draw(words)}
        if type(claim).model_fields.get("low"):
            new |= {"low": data.draw(numbers), "high": data.draw(numbers)}
        changed.append(claim.model_copy(update=new))
    published = paper.model_copy(update={"claims": tuple(changed)})
    path = tmp_path / "published.yaml"
    written = published.model_dump(mode="json", by_alias=True, exclude_unset=True)
    path.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
    part = read_part(path, Published)
    assert part.findings == ()
    assert part.model == published


@within_time
@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.sampled_from(ODD) | words, st.booleans()),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_file_loads_or_names_its_mistakes(
    tmp_path: Path, damage: list[tuple[int, str, bool]]
) -> None:
    lines = SMALL.split("\n")
    for at, odd, whole in damage:
        line = lines[at % len(lines)]
        lines[at % len(lines)] = odd if whole else f"{line.partition(':')[0]}: {odd}"
    path = tmp_path / "published.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    for finding in errors_of(path):
        assert re.match(r"published\.yaml:[1-9][0-9]*: \S", str(finding)), str(finding)
        own_words = re.sub("'[^']*'", "", finding.message)
        assert not re.search("pydantic|NoneType|placeholder", own_words), finding.message


def errors_of(path: Path) -> tuple[Finding, ...]:
    try:
        read_published(path)
    except InputErrors as errors:
        return errors.findings or (error("nowhere", "errors without a finding"),)
    return ()


@given(st.integers(0, 99), st.sampled_from(["{}", "of {} patients", "({}%)", "n = {}", "{}."]))
def test_a_number_is_read_wherever_it_stands(value: int, around: str) -> None:
    assert [number.value for number in printed_numbers(around.format(value))] == [value]


@given(st.integers(1000, 999_999))
def test_thousands_may_be_marked_by_commas(value: int) -> None:
    assert [number.value for number in printed_numbers(f"< {value:,}/mm3")] == [value]


@given(words)
def test_reading_numbers_never_raises(text: str) -> None:
    printed_numbers(text)
