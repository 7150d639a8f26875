"""Small papers for the joint audit, and every cohort of up to four subjects to hold them against.

A subject of these papers is in `enrolled`; it may be in `a` and in `b`; `c` is made of both. It has
one score from 0 to 6. What the claims say is computed here by formulas of its own.
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from random import Random
from typing import Any

import numpy as np

from pilotage.publication.claims import Published

MOST, SCORES = 4, range(7)
GROUPS = ("enrolled", "a", "b", "c")
MADE = ("union_of", "intersection_of", "without")
BETWEEN = ("", "subset_of", "apart_from", "subject")

Rows = np.ndarray[Any, Any]


def paper(groups: dict[str, Any], claims: list[dict[str, Any]], **more: Any) -> Published:
    """A paper of these groups and claims; each claim has its own sentence."""
    variables = more.pop("variables", {"SCORE": _score(6)})
    written = [
        {
            "id": f"R-{at:02}",
            "place": {"section": "results", "paragraph": 1, "sentence": at},
            "sentence": "in words",
            "printed": "words",
            **claim,
        }
        for at, claim in enumerate(claims, 1)
    ]
    return Published.model_validate({
        "pilotage": 1,
        "paper": {"title": "A trial", "citation": "A journal", "covers": ["results"]},
        "groups": groups, "variables": variables, "claims": written, **more,
    })  # fmt: skip


def _score(highest: int) -> dict[str, Any]:
    return {"label": "Score", "unit": "points", "range": [0, highest], "whole_numbers": True}


def four_groups(made: str = "union_of", between: str = "") -> dict[str, Any]:
    """`c` is made of `a` and `b`; `between` is how `b` lies to `a`."""
    groups: dict[str, Any] = {
        "enrolled": {"label": "All"},
        "a": {"label": "A", "subset_of": "enrolled"},
        "b": {"label": "B", "subset_of": "enrolled"},
        "c": {"label": "C", "subset_of": "enrolled"},
    }
    if between == "subset_of":
        groups["b"]["subset_of"] = "a"
    elif between == "apart_from":
        groups["b"]["apart_from"] = "a"
    elif between == "subject":
        groups["b"]["subject"] = "1"
    if made == "without":
        groups["c"] = {"label": "C", "subset_of": "a", "without": "b"}
    else:
        groups["c"][made] = ["a", "b"]
    return groups


# -- every cohort ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Every:
    """Every cohort of up to four subjects: for each a row with what the claims may ask."""

    made: str
    between: str
    there: Rows
    count: dict[frozenset[str], Rows]
    scored: dict[str, Rows]

    def n(self, group: str, of: str | None = None) -> Rows:
        return self.count[frozenset({group, of or group})]

    def true(self, claim: dict[str, Any]) -> Rows:
        """In which cohorts is the claim true?"""
        kind, group = claim["kind"], claim["group"]
        if kind in ("count", "all", "none", "percentage"):
            inside, whole = self.n(group, claim.get("of")), self.n(claim.get("of") or group)
            if kind == "count":
                return _signs(inside, claim.get("comparator", "="), claim["value"])
            if kind == "percentage":
                return (whole > 0) & _percent(claim, inside, np.maximum(whole, 1))
            return inside == (whole if kind == "all" else 0)
        if kind == "comparison":
            one, other = group, claim["than"]
            mine = self.n(claim["share"], one) * self.n(other)
            theirs = self.n(claim["share"], other) * self.n(one)
            both = (self.n(one) > 0) & (self.n(other) > 0)
            return both & _signs(mine - theirs, claim["comparator"], 0)
        return self._measured(claim, self.scored[group])

    def _measured(self, claim: dict[str, Any], at: Rows) -> Rows:
        """`at` holds how many of the group have each score."""
        n, scores = at.sum(axis=1), np.array(SCORES)
        total, squares = at @ scores, at @ scores**2
        some, per = n > 0, np.maximum(n, 1)
        up_to = at.cumsum(axis=1)
        match claim["kind"]:
            case "mean":
                ten = 10 ** claim["digits"]
                return some & ((2 * ten * total + per) // (2 * per) == round(claim["value"] * ten))
            case "sd" | "sem":
                ten, least = 10 ** claim["digits"], n * (n - 1)
                least = least * n if claim["kind"] == "sem" else least
                shown = round(claim["value"] * ten)
                around = 4 * ten**2 * (n * squares - total**2)
                low = (2 * shown - 1) ** 2 if shown else 0
                return (n > 1) & (low * least <= around) & (around < (2 * shown + 1) ** 2 * least)
            case "median":
                lower = (up_to < ((n + 1) // 2)[:, None]).sum(axis=1)
                upper = (up_to < (n // 2 + 1)[:, None]).sum(axis=1)
                ten = 10 ** claim["digits"]
                return some & ((ten * (lower + upper) + 1) // 2 == round(claim["value"] * ten))
            case "range":
                low, high = int(claim["low"]), int(claim["high"])
                ends = (at[:, low] > 0) & (at[:, high] > 0)
                return ends & (at[:, low : high + 1].sum(axis=1) == n)
            case "quartiles":
                first = _quartile(at, up_to, int(claim["low"]), n)
                down_to = at[:, ::-1].cumsum(axis=1)
                return some & first & _quartile(at[:, ::-1], down_to, 6 - int(claim["high"]), n)
            case "minimum" | "maximum":
                end = int(claim["value"])
                kept = at[:, end:] if claim["kind"] == "minimum" else at[:, : end + 1]
                return (at[:, end] > 0) & (kept.sum(axis=1) == n)
        allowed = _signs(scores, claim.get("comparator", "="), claim["value"])
        none_else = at[:, ~allowed].sum(axis=1) == 0
        if claim["kind"] == "threshold":
            whole = self.scored[self.whole(claim["group"])]
            none_else &= whole[:, allowed].sum(axis=1) == at[:, allowed].sum(axis=1)
        return none_else

    def whole(self, group: str) -> str:
        """The group of which it is a part."""
        within_a = {"b": self.between == "subset_of", "c": self.made == "without"}
        return "a" if within_a.get(group) else "enrolled"


def _percent(claim: dict[str, Any], inside: Rows, whole: Rows) -> Rows:
    ten, sign = 10 ** claim.get("digits", 0), claim.get("comparator", "=")
    shown = round(claim["value"] * ten)
    if sign == "=":
        return (200 * ten * inside + whole) // (2 * whole) == shown
    return _signs(100 * ten * inside, sign, shown * whole)


def _quartile(at: Rows, up_to: Rows, value: int, n: Rows) -> Rows:
    """A quartile at this score, by whichever definition: about a quarter lie below it or at it."""
    at_most = up_to[:, value]
    below = at_most - at[:, value]
    return (at_most >= 1) & (4 * at_most >= n - 6) & (4 * below <= n + 3)


def _signs(one: Rows, sign: str, other: Any) -> Rows:
    return {"=": one == other, "<": one < other, ">": one > other, ">=": one >= other}[sign]


@cache
def every_cohort(made: str, between: str) -> Every:
    """All cohorts of up to four subjects in which the groups lie as their words say."""
    kinds = [kind for kind in _kinds(made) if _lies(kind, between)]
    types = [(kind, score) for kind in kinds for score in SCORES]
    rows = [np.zeros((1, len(types)), dtype=np.int64)]
    for n in range(1, MOST + 1):
        chosen = np.array(list(combinations_with_replacement(range(len(types)), n)))
        made_rows = np.zeros((len(chosen), len(types)), dtype=np.int64)
        for column in chosen.T:
            made_rows[np.arange(len(chosen)), column] += 1
        rows.append(made_rows)
    table = np.concatenate(rows)
    if between == "subject":
        own = [at for at, (kind, _) in enumerate(types) if "b" in kind]
        table = table[table[:, own].sum(axis=1) == 1]
    pairs = {frozenset({one, two}) for one in GROUPS for two in GROUPS}
    count = {
        pair: table[:, [at for at, (kind, _) in enumerate(types) if pair <= kind]].sum(axis=1)
        for pair in pairs
    }
    scored = {
        group: np.stack(
            [
                table[:, [i for i, (k, s) in enumerate(types) if group in k and s == score]].sum(1)
                for score in SCORES
            ],
            axis=1,
        )
        for group in GROUPS
    }
    return Every(made, between, np.ones(len(table), dtype=bool), count, scored)


def _kinds(made: str) -> list[frozenset[str]]:
    found = []
    for a in (False, True):
        for b in (False, True):
            in_c = {"union_of": a or b, "intersection_of": a and b, "without": a and not b}
            inside = zip("abc", (a, b, in_c[made]), strict=True)
            found.append(frozenset({"enrolled", *(name for name, there in inside if there)}))
    return found


def _lies(kind: frozenset[str], between: str) -> bool:
    if between == "subset_of":
        return "b" not in kind or "a" in kind
    return between != "apart_from" or not {"a", "b"} <= kind


# -- random claims ---------------------------------------------------------------------------------


def random_claims(every: Every, random: Random, *, more: bool = False) -> list[dict[str, Any]]:
    """Claims that are true of one cohort, chosen at random; in most sets some number is changed.
    With `more`, pairs of a mean and its SD, quartiles, shares with decimals and with limits too."""
    row = random.randrange(len(every.there))
    claims = [_claim(every, row, random) for _ in range(random.randint(2, 6))]
    if more:
        claims = [*claims[:4], *_more_claims(every, row, random)]
    for claim in random.sample(claims, random.choice([0, 1, 1, 2])):
        _perturb(claim, random)
    return claims


def _claim(every: Every, row: int, random: Random) -> dict[str, Any]:
    group, of = random.choice(GROUPS), random.choice(GROUPS)
    n, inside, whole = (
        int(rows[row]) for rows in (every.n(group), every.n(group, of), every.n(of))
    )
    kind = random.choice(["count", "count", "share", "percentage", "all", "value", "statistic"])
    if kind == "count":
        return {"kind": "count", "group": group, "value": n}
    if kind == "share" or (kind == "percentage" and not whole):
        sign = random.choice(["=", "=", ">="])
        return {"kind": "count", "group": group, "of": of, "value": inside, "comparator": sign}
    if kind == "percentage":
        value = (200 * inside + whole) // (2 * whole)
        return {"kind": "percentage", "group": group, "of": of, "value": value}
    scores = [score for score in SCORES for _ in range(int(every.scored[group][row][score]))]
    if kind == "all" or not scores:
        if random.random() < 0.5 and group != of:
            third = random.choice(GROUPS)
            sign = random.choice("<=>")
            return {
                "kind": "comparison",
                "group": group,
                "than": of,
                "share": third,
                "comparator": sign,
            }
        said = "all" if inside == whole else "none"
        return {"kind": said, "group": group, "of": of}
    measured = {"group": group, "variable": "SCORE"}
    if kind == "value":
        limit = {"kind": "threshold", "role": "definition"} if group != "enrolled" else {}
        if limit and random.random() < 0.3:
            return {**limit, **measured, "value": min(scores), "comparator": ">="}
        return {"kind": "value", **measured, "value": min(scores), "comparator": ">="}
    return {**_statistic(scores, random), **measured}


def _statistic(scores: list[int], random: Random) -> dict[str, Any]:
    n, digits = len(scores), random.choice([0, 1, 2])
    ten = 10**digits
    kind = random.choice(["mean", "mean", "sd", "median", "range", "minimum", "maximum"])
    if kind == "sd" and n > 1:
        mean = sum(scores) / n
        sd = (sum((score - mean) ** 2 for score in scores) / (n - 1)) ** 0.5
        return {"kind": "sd", "value": round(sd, digits), "digits": digits}
    if kind == "range":
        return {"kind": "range", "low": min(scores), "high": max(scores)}
    if kind in ("minimum", "maximum"):
        end = min(scores) if kind == "minimum" else max(scores)
        return {"kind": kind, "value": end}
    if kind == "median":
        ordered = sorted(scores)
        twice = ordered[(n - 1) // 2] + ordered[n // 2]
        return {"kind": "median", "value": (ten * twice + 1) // 2 / ten, "digits": digits}
    shown = (2 * ten * sum(scores) + n) // (2 * n)
    return {"kind": "mean", "value": shown / ten, "digits": digits}


def _more_claims(every: Every, row: int, random: Random) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = []
    for kind in random.sample(["pair", "quartiles", "share", "limit"], 2):
        group, of = random.choice(GROUPS), random.choice(GROUPS)
        inside, whole = int(every.n(group, of)[row]), int(every.n(of)[row])
        scores = [score for score in SCORES for _ in range(int(every.scored[group][row][score]))]
        measured, n = {"group": group, "variable": "SCORE"}, len(scores)
        share = {"kind": "percentage", "group": group, "of": of}
        if kind == "share" and whole:
            ten = 10 * 10 ** (digits := random.choice([0, 1]))
            value = (20 * ten * inside + whole) // (2 * whole) / (ten // 10)
            claims.append({**share, "value": value, "digits": digits})
        elif kind == "limit" and whole:
            sign, value = random.choice("<>"), random.choice([20, 40, 60, 80])
            claims.append({**share, "value": value, "comparator": sign})
        elif kind == "quartiles" and n:
            ends = sorted(scores)
            low, high = ends[(n - 1) // 4], ends[n - 1 - (n - 1) // 4]
            claims.append({"kind": "quartiles", **measured, "low": low, "high": high})
        elif kind == "pair" and n > 1:
            digits, spread = random.choice([1, 2]), random.choice(["sd", "sem"])
            mean = sum(scores) / n
            variance = sum((score - mean) ** 2 for score in scores) / (n - 1)
            per = n if spread == "sem" else 1
            for said, value in (("mean", mean), (spread, (variance / per) ** 0.5)):
                shown = int(value * 10**digits + 0.5) / 10**digits
                claims.append({"kind": said, **measured, "value": shown, "digits": digits})
    return claims


def _perturb(claim: dict[str, Any], random: Random) -> None:
    if "value" in claim:
        step = 10.0 ** -claim.get("digits", 0)
        value = max(0, claim["value"] + random.choice([-1, 1]) * step)
        most = {"percentage": 100, "count": 6}.get(claim["kind"], 6)
        value = min(most, round(value, claim.get("digits", 0)))
        claim["value"] = int(value) if claim["kind"] == "count" else value
    elif claim["kind"] in ("all", "none"):
        claim["kind"] = "none" if claim["kind"] == "all" else "all"
    elif claim["kind"] in ("range", "quartiles"):
        claim["high"] = random.randint(claim["low"], 6)
    else:
        claim["comparator"] = random.choice("<=>")
