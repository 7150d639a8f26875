"""What keeps a candidate out of the study, and what is said when it keeps everybody out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pilotage.conditions import holds, names_in
from pilotage.courses.load import place_in_file
from pilotage.courses.measures import Setting
from pilotage.findings import InputErrors, error
from pilotage.rules import State, check_eligibility
from pilotage.study.places import Path
from pilotage.study.protocol import Protocol, text_of

CANDIDATES = 500
"""So many candidates are drawn in search of one subject."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why a candidate cannot enter: in words for all of whom it is true, the names on which it
    depends, and the reason of its screen failure; None for answers that a site would have
    mended."""

    words: str
    names: tuple[str, ...]
    reason: str | None = None


def barriers(protocol: Protocol, state: State, recorded: State) -> Iterator[Barrier]:
    """The criteria that the candidate is known not to pass, and the edit checks that its answers
    are known to contradict, however old these are. What is unknown keeps nobody out."""
    for answer in check_eligibility(protocol.eligibility, state):
        if answer.passed is False:
            criterion, why = answer.criterion.id, text_of(answer.criterion.why)
            words = f"do not pass the {answer.kind} criterion {criterion} ({why})"
            met = "not met" if answer.kind == "inclusion" else "met"
            yield Barrier(words, tuple(answer.inputs), f"{criterion} {met}: {why}")
    for name, form in protocol.forms.items():
        for check in form.checks:
            if holds(check.holds, recorded) is False:
                query = text_of(check.message)
                words = f"give answers that an edit check of the form {name} queries ({query})"
                yield Barrier(words, names_in(check.holds))


def nobody_enters(setting: Setting, met: Counter[Barrier]) -> InputErrors:
    """The one error for a nature of which no candidate is eligible: the barrier that is met most
    often, and the line of synthetic.yaml on which it depends."""
    barrier, times = met.most_common(1)[0]
    paths = [path for name in barrier.names for path in _described(setting, name)]
    depends = ", ".join(barrier.names)
    words = (
        f"of {CANDIDATES} invented candidates none is eligible: {times} {barrier.words}; "
        f"that depends on {depends}: make it possible here"
    )
    return InputErrors([error(place_in_file(setting.study, paths[0] if paths else ()), words)])


def everybody_enters(setting: Setting) -> InputErrors:
    """The error for screen failures asked of a nature that has none."""
    words = (
        f"of {CANDIDATES} invented candidates every one is eligible, so there are no screen "
        "failures; leave this out, or state answers that an eligibility criterion refuses"
    )
    place = place_in_file(setting.study, ("recruitment", "screen_failures"))
    return InputErrors([error(place, words)])


def _described(setting: Setting, name: str) -> Iterator[Path]:
    """Where synthetic.yaml describes what a name stands for."""
    nature, protocol = setting.nature, setting.study.protocol
    first, _, item = name.partition(".")
    state, measures = protocol.state.get(first), setting.forms.get(first)
    if state is not None and state.derivation in ("age", "sex"):
        yield "demography", state.derivation
    codes = [first]
    if measures is not None:
        single = {**measures.laboratory, **measures.questions}
        codes = [
            code
            for code, parameter in protocol.parameters.items()
            if single.get(code) == item
            or (measures.instrument and parameter.instrument == measures.instrument)
        ]
    if name in nature.facts:
        yield "facts", name
    if name in nature.quantities:
        yield "quantities", name
    for code in codes:
        if code in nature.responding:
            yield "responding", code, "baseline"
        if code in nature.stable:
            yield "stable", code, "baseline"
