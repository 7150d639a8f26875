"""Numbers with the results behind them as claims, so that the audit of papers can read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pilotage.publication.claims import Published
from pilotage.publication.gate.link import Linked, Reading, Row

TESTS = {
    "p_paired_t": "paired t test",
    "p_welch_t": "Welch t test",
    "p_pooled_t": "t test",
    "p_mann_whitney_exact": "Mann-Whitney test",
    "p_mann_whitney_asymptotic": "Mann-Whitney test",
    "p_signed_rank_exact": "signed-rank test",
    "p_signed_rank_asymptotic": "signed-rank test",
    "p_log_rank": "log-rank test",
    "p_fisher": "Fisher exact test",
    "p_chi_squared": "chi-squared test",
    "p_mcnemar": "McNemar test",
}
"""What the tests of the plan are called in a paper; any other is `other`."""

STATISTICS = ("mean", "sd", "sem", "median", "minimum", "maximum")
PARTS = ("baseline", "visit", "change")
"""Of a change: the values before, the values then, and their differences."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its numbers: where it stands, and which place that has in a paper."""

    place: str
    text: str
    numbers: Sequence[Linked]
    section: str
    paragraph: int
    sentence: int
    display: str | None = None


@dataclass(slots=True)
class _Paper:
    """Claims, groups and variables as they are gathered."""

    claims: list[dict[str, Any]] = field(default_factory=list)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    variables: dict[str, dict[str, Any]] = field(default_factory=dict)
    times: dict[str, dict[str, Any]] = field(default_factory=dict)
    first: dict[tuple[str, str], str] = field(default_factory=dict)
    number: int = 0
    _names: dict[str, str] = field(default_factory=dict)

    def name(self, of: str, begin: str) -> str:
        """A short name for what a text of ours stands for, always the same one."""
        key = f"{begin}:{of}"
        return self._names.setdefault(key, f"{begin}{len(self._names) + 1}")

    def group(self, row: Row) -> str:
        """Those of whom the analysis asks: in this population, of this level, at this visit."""
        scope = row.id.rpartition("/")[0]
        return self._group(scope, f"{row.label}, {row.population} ({scope})", None)

    def counted(self, row: Row) -> str:
        """Those among them whom the result counts."""
        scope = row.id.rpartition("/")[0]
        kind, _, category = row.statistic.partition(" ")
        kind = "count" if kind == "proportion" else kind
        word = category or ("" if kind == "count" else kind.replace("_", " "))
        label = ", ".join(part for part in (row.label, word, row.population) if part)
        return self._group(f"{scope}/{kind} {category}", label, self.group(row))

    def _group(self, of: str, label: str, within: str | None) -> str:
        name = self.name(of, "g")
        if name not in self.groups:
            self.groups[name] = {"label": label} | ({} if within is None else {"subset_of": within})
        return name

    def time(self, row: Row, part: str) -> str | None:
        """The time of a value: the baseline, or the visit of the result."""
        if part not in PARTS and row.visit is None:
            return None
        of = "baseline" if part == "baseline" else f"{part} {row.visit}"
        name = self.name(of, "t")
        self.times.setdefault(name, {"label": of})
        return name

    def variable(self, row: Row, part: str) -> str:
        analysis = row.id.partition("/")[0]
        change = part == "change"
        name = self.name(f"{analysis} {'change' if change else ''}", "v").upper()
        self.variables.setdefault(name, {"label": row.label, "unit": row.unit or "1"})
        return name


def as_published(texts: Iterable[Text], *, title: str) -> Published | None:
    """The numbers of the texts as the claims of a paper; None where there are none."""
    paper = _Paper()
    for text in texts:
        said = [_claim(paper, text, each) for each in text.numbers]
        own = [claim for claim in said if claim is not None]
        _compared(own)
        paper.claims += own
    if not paper.claims:
        return None
    for claim in paper.claims:
        del claim["result_scope"], claim["part"]
    covers = list(dict.fromkeys(claim["place"]["section"] for claim in paper.claims))
    return Published.model_validate({
        "pilotage": 1,
        "paper": {"title": title, "citation": title, "covers": covers},
        "groups": paper.groups or {"nobody": {"label": "nobody"}},
        "variables": paper.variables, "times": paper.times, "claims": paper.claims,
    })  # fmt: skip


def _claim(paper: _Paper, text: Text, number: Linked) -> dict[str, Any] | None:
    """What a number says, if the audit has a kind of claim for it."""
    reading = number.reading
    said = None if reading is None else _said(paper, reading, number)
    if said is None or reading is None:
        return None
    place: dict[str, Any] = {
        "section": text.section, "paragraph": text.paragraph, "sentence": text.sentence,
    }  # fmt: skip
    if text.display is not None:
        place["display"] = text.display
    paper.number += 1
    claim: dict[str, Any] = {
        "id": f"N-{paper.number:04d}", "place": place, "sentence": text.text,
        "printed": number.seen.shown, "comparator": number.seen.comparator,
        "value": _plain(number.seen.value), "digits": number.seen.digits, **said,
        "result_scope": reading.row.id.rpartition("/")[0],
        "part": reading.row.statistic.partition("_")[2],
    }  # fmt: skip
    key = (reading.row.id if reading.what != "n" else claim["group"], reading.what)
    first = paper.first.setdefault(key, claim["id"])
    if first != claim["id"]:
        claim["same_fact_as"] = first
    return claim


def _plain(value: Any) -> float | int:
    return int(value) if value.denominator == 1 else float(value)


def _said(paper: _Paper, reading: Reading, number: Linked) -> dict[str, Any] | None:
    row, whole = reading.row, number.seen.value.denominator == 1
    if reading.what == "n" and whole:
        return {"kind": "count", "group": paper.group(row)}
    share = row.statistic.startswith("proportion") or (row.counts and not row.of_events)
    if reading.what == "percentage" and share:
        return {"kind": "percentage", "group": paper.counted(row), "of": paper.group(row)}
    if reading.what != "value":
        return None
    if row.statistic.startswith("p_"):
        test = TESTS.get(row.statistic, "other")
        return {"kind": "p_value", "test": test, "group": paper.group(row)}
    if row.counts and not row.of_events and whole:
        return {"kind": "count", "group": paper.counted(row), "of": paper.group(row)}
    kind, _, part = row.statistic.partition("_")
    if kind not in STATISTICS or (part and part not in PARTS):
        return None
    said: dict[str, Any] = {
        "kind": kind, "group": paper.group(row), "variable": paper.variable(row, part),
    }  # fmt: skip
    at = paper.time(row, part)
    return said if at is None else said | {"at": at}


def _compared(claims: list[dict[str, Any]]) -> None:
    """A P value of a change compares the means and SDs before and then of the same analysis, where
    the same text prints them."""
    for claim in claims:
        if claim["kind"] != "p_value":
            continue
        near = [
            other["id"]
            for other in claims
            if other["kind"] in ("mean", "sd")
            and other["result_scope"] == claim["result_scope"]
            and other["part"] in PARTS[:2]
        ]
        if len(near) == 4:
            claim["compares"] = near
