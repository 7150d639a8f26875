"""Drafting of claims, for any text: nothing crashes, no number is lost, and the draft loads."""

import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.findings import Finding, InputErrors
from pilotage.publication import read_published
from pilotage.publication.drafting import Draft, drafted, yaml_text
from pilotage.publication.drafting.document import Document, Sentence
from pilotage.publication.drafting.draft import examined
from pilotage.publication.drafting.html_page import read_html
from pilotage.publication.drafting.jats import read_jats
from pilotage.publication.drafting.plain import read_plain
from pilotage.publication.drafting.typography import view

PIECES = st.sampled_from(
    [
        *("12", "14", "0.05", "·011", "5·9", "1,000", "30 000", "2.3 × 10−4", "10⁹/L", "three"),
        *("−4.8", " of ", "/", " (", ")", "%", " ± ", "–", " to ", "-", "; ", ". ", ", ", " = "),
        *(" < ", "[1-3]", "patients", "P", "95% CI", "OR", "median", "mean", "range", "mg/day"),
        *("weeks", "n", "Table 2", " ", "\n", "\n\n", "\t", "\f", "Methods\n", "Results\n"),
        *("No ", "All ", "none of the ", "grade ", "from", "January", "2009", "phase II", "aged "),
        *("defined as ", "was ", "increased ", "'", '"', ":", "at least ", "version ", "et al."),
        *("NCT01234567", "Fig. 3", "٣", "C3", "mm3", "Subject 3 developed "),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=40).map("".join)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_every_number_of_a_text_is_in_a_claim_or_in_a_list(text: str) -> None:
    draft = drafted(
        read_plain(text.replace("\ue000", " ").replace("\ue001", " "), None), "paper.txt"
    )
    assert digits_told(draft) == Counter(sign for sign in text if sign.isdecimal())


def digits_told(draft: Draft) -> Counter[str]:
    """The digits of numbers in claims, each place once, and of everything that is listed."""
    places = set()
    for claim in draft.claims:
        places |= {
            (id(claim.sentence), at)
            for number in claim.found.numbers
            for at in range(number.start, number.end)
        }
        if claim.found.kind in ("identifier", "date"):
            found = claim.found
            places |= {(id(claim.sentence), at) for at in range(found.start, found.end)}
    texts = {id(sentence): sentence.text for sentence in draft.document.sentences}
    told = [texts[sentence][at] for sentence, at in places]
    told += [sign for each in (*draft.unread, *draft.introduction) for sign in each.text]
    told += [sign for _, text in draft.left_out for sign in text]
    return Counter(sign for sign in told if sign.isdecimal())


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_draft_of_any_text_loads(text: str) -> None:
    draft = drafted(read_plain(text, None), "paper.txt")
    if draft.claims:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "published.yaml"
            path.write_text(yaml_text(draft), encoding="utf-8")
            assert len(read_published(path).claims) == len(draft.claims)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_the_view_of_a_text_is_as_long_as_the_text(text: str) -> None:
    assert len(view(text)) == len(text)


TAGS = st.sampled_from(
    [
        *("<p>", "</p>", "<table>", "<tr>", "<td colspan='3'>", "<th rowspan=9>", "</td>", "<"),
        *("</table>", "<h2>Methods</h2>", "<sup>", "</sup>", "<a href='#r'>", "</a>", "<script>"),
        *(
            "</script>",
            "12 (86%)",
            "&nbsp;",
            "&#0;",
            "</",
            "<caption>",
            "<nav>",
            "text ",
            "<thead>",
        ),
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(TAGS, max_size=30).map("".join))
def test_any_web_page_is_read(text: str) -> None:
    drafted(read_html(text, None), "page.html")


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=40), st.lists(TAGS, max_size=12).map("".join).map(str.encode)))
def test_any_xml_is_read_or_refused_in_one_line(inside: bytes) -> None:
    said: tuple[Finding, ...] = ()
    try:
        read_jats(b"<article><body><sec>" + inside + b"</sec></body></article>", "a.xml", None)
    except InputErrors as errors:
        said = errors.findings
    assert len(said) <= 1
    assert not any("\n" in str(finding) for finding in said)


WHOLE = st.integers(1, 9_999)
ONE_DECIMAL = st.integers(1, 999).map(lambda tenths: Decimal(tenths) / 10)


def read_back(text: str) -> list[tuple[str, tuple[Decimal, ...]]]:
    """The kinds and numbers that are found in one sentence, in its order."""
    seen = examined(Sentence("results", 1, 1, text))
    found = sorted(seen.found, key=lambda each: each.start)
    return [
        (each.kind, tuple(value for _, value in each.values if isinstance(value, Decimal)))
        for each in found
    ]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 99), st.integers(0, 99), ONE_DECIMAL, st.sampled_from(["", " "]))
def test_a_count_with_its_whole_and_its_share(
    part: int, more: int, share: Decimal, gap: str
) -> None:
    whole = part + more
    text = f"Healing was seen in {part} of {whole} patients ({share}{gap}%)."
    assert read_back(text) == [
        ("count", (Decimal(part),)), ("count", (Decimal(whole),)), ("percentage", (share,)),
    ]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    ONE_DECIMAL, ONE_DECIMAL, st.sampled_from(["±", " ± ", " ±", " +/- "]), st.sampled_from(".·")
)
def test_a_mean_with_its_sd(mean: Decimal, sd: Decimal, sign: str, point: str) -> None:
    text = f"The mean score was {mean:.1f}{sign}{sd:.1f} at entry.".replace(".", point)
    assert read_back(text.replace(f"entry{point}", "entry.")) == [("mean", (mean,)), ("sd", (sd,))]


@settings(max_examples=100, deadline=None)
@given(
    WHOLE, st.integers(0, 999), st.integers(0, 999), st.sampled_from(["-", "–", "−", " to ", "‒"])
)
def test_a_median_with_its_range(low: int, up: int, further: int, dash: str) -> None:
    middle, high = low + up, low + up + further
    text = f"The median time was {middle} weeks (range {low}{dash}{high})."
    assert read_back(text) == [
        ("median", (Decimal(middle),)), ("range", (Decimal(low), Decimal(high))),
    ]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 1000), st.sampled_from(["P", "p", "P-value", "p value"]),
    st.sampled_from([" = ", "=", " < ", "<", " ≤ ", " > "]),
)  # fmt: skip
def test_a_p_value(thousandths: int, word: str, sign: str) -> None:
    value = Decimal(thousandths) / 1000
    assert read_back(f"It fell ({word}{sign}{value:.3f}).") == [("p_value", (value,))]


@settings(max_examples=100, deadline=None)
@given(
    ONE_DECIMAL, st.integers(0, 99), st.integers(0, 99), st.sampled_from(["-", "–", " to ", ", "])
)
def test_an_effect_with_its_interval(low: Decimal, up: int, further: int, dash: str) -> None:
    middle, high = low + up, low + up + further
    text = f"More of them healed (odds ratio {middle}; 95% CI: {low}{dash}{high})."
    found = [each for each in read_back(text) if each[0] != "comparison"]
    assert found == [("odds_ratio", (middle,)), ("interval", (low, high))]


def test_a_draft_is_the_same_each_time() -> None:
    sentence = Sentence(
        "results", 1, 1, "12 of 14 (86%) healed; P < 0.05, and none of them stopped."
    )
    document = Document("A trial", (sentence,))
    assert yaml_text(drafted(document, "a")) == yaml_text(drafted(document, "a"))
