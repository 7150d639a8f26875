"""The page of an audit: every claim marked with how it came out, addresses that stay, no trap."""

import random
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from audit_examples import audited, claim, count, published, share, statistic

from pilotage.publication.audit import Audit, AuditFinding, by_arithmetic
from pilotage.publication.audit.finding import VERDICTS
from pilotage.publication.audit.html import page
from pilotage.publication.audit.html.standing import SIGNS, STANDINGS, Standing
from pilotage.publication.audit.joint import Cohort
from pilotage.publication.audit.joint.cohort import Subject

CLAIMS = (
    count("R-01", 15, sentence=1),
    statistic("R-02", "mean", "3.26", sentence=2),  # no fifteen whole numbers have it
    count("R-03", 9, "cr", sentence=3),
    share("R-04", 67, "cr", "all", sentence=3),  # 9 of 15 are 60 %
    count("R-05", 15, section="abstract", same_fact_as="R-01"),
    statistic("R-06", "mean", "3.08", group="not stated", sentence=4),  # of 12 or of 13
    claim("R-07", "identifier", 5, value="7.5", what="a version", printed="version 7.5"),
)
"""A claim for each verdict, one that only stands beside others, and one that nothing is held
against."""


class Read(HTMLParser):
    """What a page holds: its ids, its links within, its tags, the attributes, the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append((name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            if tag == "a" and name == "href":
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def marks(text: str) -> dict[str, tuple[str, str]]:
    """Of each marked claim, by its id: how it came out, and the words that are marked."""
    found = re.findall(
        r'<span class="claim ([a-z-]+)" id="([^"]+)">.*?<mark>(.*?)</mark>', text, re.DOTALL
    )
    return {name: (standing, words) for standing, name, words in found}


def with_findings(*findings: AuditFinding, **more: Any) -> Audit:
    return replace(by_arithmetic(published(*CLAIMS)), findings=findings, **more)


# -- marks -----------------------------------------------------------------------------------------


def test_every_number_is_marked_with_the_worst_that_is_asked_about_it() -> None:
    assert marks(page(audited(*CLAIMS))) == {
        "R-01": ("fine", "15"),
        "R-02": ("impossible", "3.26"),
        "R-03": ("beside", "9"),
        "R-04": ("inconsistent", "67"),
        "R-05": ("fine", "15"),
        "R-06": ("unexplained", "3.08"),
        "R-07": ("not-checked", "version 7.5"),
    }


@pytest.mark.parametrize("standing", STANDINGS)
def test_no_verdict_is_told_by_colour_alone(standing: Standing) -> None:
    """A sign beside the number for the eye, a word for the ear, and a line of its own."""
    text = page(audited(*CLAIMS))
    assert f'<sup aria-hidden="true">{escape(SIGNS[standing])}</sup>' in text
    assert f'<span class="unseen"> ({standing})</span>' in text
    edges = re.findall(r"^\.[a-z-]+ \{ --own: .*? --edge: (.*?); \}", text, re.MULTILINE)
    assert len(edges) == len(set(edges)) == len(STANDINGS)


def test_the_card_of_a_number_holds_question_arithmetic_and_repairs() -> None:
    text = page(audited(*CLAIMS))
    card = text.partition('id="R-02">')[2].partition('class="card">')[2].partition("</li>")[0]
    told = " ".join(Read(card).text.split())
    assert "R-02 ∅ impossible How was R-02 ('3.26') obtained" in told
    assert "49 / 15 = 3.2667" in told
    assert "It would be mended by 3.20 instead of 3.26" in told


def test_words_that_do_not_stand_in_their_sentence_are_shown_after_it() -> None:
    lost = claim("R-08", "identifier", value="x", what="a name", printed="elsewhere")
    lost["sentence"] = "It says nothing"
    text = page(audited(*CLAIMS, {**lost, "place": {**lost["place"], "sentence": 9}}))
    sentence = text.partition('<li id="results-1.9">')[2].partition("</li>")[0]
    assert re.search(r"It says nothing.*\[printed: .*<mark>elsewhere</mark>", sentence, re.DOTALL)


def test_a_claim_that_only_stands_beside_a_question_is_not_marked_with_its_verdict() -> None:
    asked = AuditFinding("grim", ("R-02", "R-01"), "impossible", "How?")
    found = marks(page(with_findings(asked)))
    assert (found["R-02"][0], found["R-01"][0]) == ("impossible", "beside")


def test_of_claims_that_cannot_all_be_true_each_is_marked() -> None:
    asked = AuditFinding("joint", ("R-02", "R-01"), "inconsistent", "How?")
    found = marks(page(with_findings(asked)))
    assert (found["R-02"][0], found["R-01"][0]) == ("inconsistent", "inconsistent")


def test_of_the_same_fact_in_two_places_both_are_asked_about() -> None:
    asked = AuditFinding("same_fact", ("R-02", "R-06", "R-01"), "inconsistent", "Which?")
    found = marks(page(with_findings(asked)))
    assert [found[name][0] for name in asked.claims] == ["inconsistent", "inconsistent", "beside"]


# -- addresses -------------------------------------------------------------------------------------


def test_every_claim_and_every_finding_has_an_address_and_every_link_arrives() -> None:
    audit = audited(*CLAIMS)
    read = Read(page(audit))
    assert len(read.ids) == len(set(read.ids))
    assert {claim.id for claim in audit.published.claims} <= set(read.ids)
    assert sum(name.startswith("finding-") for name in read.ids) == len(audit.findings)
    assert {link for link in read.links if link[1:] not in read.ids} == set()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_claims_were_typed_changes_nothing(seed: int) -> None:
    shuffled = list(CLAIMS)
    random.Random(seed).shuffle(shuffled)
    assert page(audited(*shuffled)) == page(audited(*CLAIMS))


def test_an_address_does_not_depend_on_what_else_is_found() -> None:
    first = AuditFinding("grim", ("R-02", "R-01"), "impossible", "How?")
    other = AuditFinding("grim", ("R-06",), "impossible", "And how?")
    for findings in ((first,), (other, first), (first, other)):
        assert "finding-grim-R-02-R-01" in Read(page(with_findings(*findings))).ids


def test_two_findings_of_one_check_about_the_same_claims_have_two_addresses() -> None:
    same = ("subset", ("R-01", "R-03"), "inconsistent")
    two = AuditFinding(*same, "How?"), AuditFinding(*same, "And how?")
    one_way, other_way = (Read(page(with_findings(*some))).ids for some in (two, two[::-1]))
    assert len(set(one_way)) == len(one_way)
    assert set(one_way) == set(other_way)


# -- what stands on it -----------------------------------------------------------------------------


def test_the_worst_comes_first_and_each_verdict_has_its_count_as_a_link() -> None:
    audit = audited(*CLAIMS)
    text = page(audit)
    told = [text.index(f'<h3 id="{verdict}">') for verdict in VERDICTS]
    assert told == sorted(told)
    counts = re.findall(r'<dt><a href="#([a-z-]+)">.*?<b>(\d+)</b>', text)
    assert counts[:4] == [(verdict, str(audit.count(verdict))) for verdict in VERDICTS]
    assert counts[4] == ("not-checked", str(len(audit.not_checked)))


def test_a_set_of_claims_stands_with_all_its_sentences() -> None:
    asked = AuditFinding("joint", ("R-02", "R-01", "R-05"), "inconsistent", "How?", ("1 + 1 = 2",))
    text = page(with_findings(asked))
    told = Read(text.partition('id="finding-joint-R-02-R-01-R-05"')[2].partition("</article>")[0])
    assert text.count('id="finding-joint-R-02-R-01-R-05"') == 1
    for words in ("results 1.2", "It says 3.26", "results 1.1", "It says 15", "abstract 1.1"):
        assert words in told.text


def test_a_search_that_did_not_end_is_told_and_so_is_what_it_left_out() -> None:
    words = "but not to the end within 5 seconds"
    text = page(with_findings(together=words, not_modelled={"R-07": "it is a name"}))
    assert f'<p class="together open">{words}' in text
    assert "<dt>it is a name</dt>" in text


def test_a_search_that_ended_is_no_warning() -> None:
    assert 'class="together"' in page(with_findings(complete=True))


def test_the_subjects_of_an_example_stand_in_columns() -> None:
    subjects = (
        Subject("7", frozenset({"all", "cr"}), ((("SCORE", "week_8"), 4),)),
        Subject(None, frozenset({"all"}), ()),
    )
    cohort = Cohort(subjects, ("all", "cr"), (("SCORE", "week_8"),))
    table = page(with_findings(cohort=cohort)).partition("<table>")[2].partition("</table>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("<tr>")[1:]]
    assert rows == [
        ["Belongs to, or has", "7", "#2"],
        ["All patients", "x", "x"],
        ["Responders", "x", ""],
        ["Score, Week 8", "4", ""],
    ]


def test_the_same_audit_gives_the_same_bytes() -> None:
    assert page(audited(*CLAIMS)) == page(audited(*CLAIMS))


# -- traps -----------------------------------------------------------------------------------------

HOSTILE = "</mark></q><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & ‮ {{ 7*7 }} \x07"


def hostile() -> Audit:
    """A paper that says what a page must not obey, in every text that it has."""
    said = {**CLAIMS[1], "sentence": f"{HOSTILE} 3.26", "reading": HOSTILE}
    lost = {**CLAIMS[6], "printed": HOSTILE}
    paper = published(CLAIMS[0], said, lost, groups={"all": {"label": HOSTILE}}, citation=HOSTILE)
    titled = paper.paper.model_copy(update={"title": HOSTILE})
    found = by_arithmetic(paper.model_copy(update={"paper": titled}))
    finding = AuditFinding("joint", ("R-02",), "impossible", HOSTILE, (HOSTILE,), (HOSTILE,))
    cohort = Cohort((Subject(HOSTILE, frozenset({"all"}), ()),), ("all",), ())
    return replace(
        found,
        findings=(*found.findings, finding),
        cohort=cohort,
        together=HOSTILE,
        not_checked={"R-07": HOSTILE},
        not_modelled={"R-07": HOSTILE},
    )


def test_no_text_of_a_paper_becomes_part_of_the_page() -> None:
    text = page(hostile())
    read = Read(text)
    assert {"script", "img", "iframe", "form", "link"}.isdisjoint(read.tags)
    assert text.count("&lt;script&gt;") > 12
    assert "{{ 7*7 }}" in read.text
    assert "\x07" not in text


def test_the_page_needs_no_script_no_request_and_no_style_of_an_element() -> None:
    read = Read(page(hostile()))
    names = {name for name, _ in read.attributes}
    assert not [name for name in names if name == "style" or name.startswith("on")]
    assert all(link.startswith("#") for link in read.links)
    assert {"src", "srcset", "action"}.isdisjoint(names)
    policy = next(value for _, value in read.attributes if value.startswith("default-src"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_page_says_its_language_its_title_and_where_its_content_begins() -> None:
    text = page(audited(*CLAIMS))
    assert '<html lang="en">' in text
    assert "<title>Audit: A paper</title>" in text
    assert '<a class="skip" href="#main">' in text
    ranks = [int(rank) for rank in re.findall(r"<h(\d)", text)]
    assert ranks[0] == 1
    assert ranks.count(1) == 1
    assert all(later - before <= 1 for before, later in pairwise(ranks))
