"""The groups and variables of a draft: names that are open, with the words they come from."""

import json
from collections.abc import Iterator

from pilotage.publication.drafting.draft import Draft, Drafted

OPEN = "TO COMPLETE"
"""The mark of what the patterns cannot know. A draft without it is complete."""


def names(draft: Draft) -> Iterator[str]:
    """The parts `groups` and `variables`: one of each for each claim that needs one."""
    groups, variables = _declared(draft)
    yield ""
    yield "# A group for each claim: give the same group one name, and say how it lies to others."
    yield "groups:"
    yield from groups or [f"  everyone: {{label: {OPEN}}}"]
    if variables:
        yield ""
        yield "variables:"
        yield from variables


def _declared(draft: Draft) -> tuple[list[str], list[str]]:
    groups: dict[str, str] = {}
    variables: dict[str, str] = {}
    for claim in draft.claims:
        says = dict(claim.found.says)
        if "subject" in says:
            number = says["subject"]
            label = f"{{label: Subject number {number}, subject: {quoted(number)}}}"
            groups.setdefault(f"subject_{number}", f"  subject_{number}: {label}")
        for name, first, part in claim.named:
            code = code_of(name, first, part)
            if code == "P":
                variables[code] = '  P: {label: P value, unit: "1", range: [0, 1]}'
            elif name == "variable":
                unit = quoted(says["unit"]) if "unit" in says else "not stated"
                line = f"  {code}: {{label: {quoted(around(claim))}, unit: {unit}}}"
                variables.setdefault(code, line)
            else:
                label = quoted(around(claim, part))
                groups.setdefault(code, f"  {code}: {{label: {label}}}")
    return list(groups.values()), list(variables.values())


def code_of(name: str, first: str, part: str) -> str:
    """The name of a group or variable that is open."""
    own = first.replace("-", "").lower()
    if name == "variable":
        return "P" if part == "P" else f"OPEN_{own.upper()}"
    return f"open_{own}" if part == "group" else f"open_{own}_{part}"


_PARTS = {
    "group": "",
    "of": "the whole of ",
    "than": "the other group of ",
    "share": "what is shared in ",
}


def around(claim: Drafted, part: str = "group") -> str:
    """The words of a label: those around the number, which is marked."""
    text, found = claim.sentence.text, claim.found
    before, after = text[: found.start], text[found.end :]
    before = "…" + before[-40:].partition(" ")[2] if len(before) > 40 else before
    after = after[:40].rpartition(" ")[0] + "…" if len(after) > 40 else after
    return f"{OPEN}: {_PARTS[part]}{before}«{claim.printed}»{after}"


# -- texts -----------------------------------------------------------------------------------------


def quoted(words: str) -> str:
    """A text as it is where YAML reads it so, else in quotes."""
    safe = (
        words[:1].isalpha() and words.isprintable() and not set(words) & set(":#{}[],&*!|>'\"%@`\\")
    )
    if (
        safe
        and words == words.strip()
        and words.casefold() not in ("true", "false", "null", "yes", "no")
    ):
        return words
    return json.dumps(words, ensure_ascii=False)


def one_line(words: str) -> str:
    """Words on one line."""
    return " ".join(words.split())
