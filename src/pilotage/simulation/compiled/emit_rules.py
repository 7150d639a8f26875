"""The rules of a study as lines of a kernel: what an assessment means, and what the tables decide.

`rules.state.Standing`, `rules.decide` and `courses.progress.carry_out` say the same of one subject
at a time; the tests hold both equal.
"""

from pilotage.conditions import Condition, names_in
from pilotage.rules.fold import BEFORE, MAINTENANCE, NO_LONGER_TREATED, OFF, TAPER, TREATMENT
from pilotage.simulation.compiled.terms import OfDecisions, of_assessment
from pilotage.simulation.compiled.writer import Writer
from pilotage.simulation.scheme import Scheme
from pilotage.simulation.truth import CHANGING, NO, YES, Term, Terms, all_of, any_of, truth
from pilotage.study.protocol import DosingRow

__all__ = ["BEFORE", "OFF", "TREATMENT"]

NOTHING, MISSED = -1, -2
UNKNOWN_AT, OTHERWISE, OTHERWISE_UNKNOWN, STOPPED_BY = 1000, 2000, 2001, 3000
"""What was done at a contact, in one number: the row of the dosing table that answered, or one of
these, with the row added."""


# -- an assessment ---------------------------------------------------------------------------------


def respond(write: Writer, scheme: Scheme) -> None:
    """Judge the value of the assessed parameter; `prior` holds the one before it."""
    at, response = scheme.assessed, scheme.response
    compared = "prior" if response.against == "previous assessment" else f"b{at}"
    _category(write, scheme, of_assessment(scheme, compared))
    with write.block("if rank >= 0"):
        with write.block("if best < 0 or rank < best"):
            write("best = rank")
        with write.block(f"if {all_of(in_time(scheme, 'day'), '(early < 0 or rank < early)')}"):
            write("early = rank")
    _relapse(write, scheme)


def in_time(scheme: Scheme, day: str) -> str:
    """Does a day count for the endpoint? Never one after the end of follow-up: a look that waits
    for the endpoint cannot see what comes later."""
    until = scheme.simulation.endpoint.until_day
    return f"{day} <= {'last_day' if until is None else f'min({until}, last_day)'}"


def _category(write: Writer, scheme: Scheme, terms: Terms) -> None:
    """The first category that holds; none where an unknown one stands before it."""
    write("rank = -1")
    word = "if"
    for rank, category in enumerate(scheme.response.categories):
        holds, fails = truth(category.when, terms)
        if holds == YES:
            _last(write, word, f"rank = {rank}")
            return
        if holds != NO:
            with write.block(f"{word} {holds}"):
                write(f"rank = {rank}")
            word = "elif"
        if fails == NO:
            _last(write, word, "rank = -1")
            return
        if fails != YES:
            with write.block(f"{word} not {fails}"):
                write("rank = -1")
            word = "elif"


def _last(write: Writer, word: str, line: str) -> None:
    """A line for every case that is left."""
    if word == "if":
        write(line)
        return
    with write.block("else"):
        write(line)


def _relapse(write: Writer, scheme: Scheme) -> None:
    relapse = scheme.protocol.relapse
    if relapse is None:
        return
    terms = of_assessment(scheme, f"b{scheme.assessed}")
    cleared, returned = (truth(when, terms)[0] for when in (relapse.cleared, relapse.when))
    with write.block(f"if {cleared}"):
        write("in_relapse = 0")
        with write.block("if step > 0"):
            write("holding = step")
    with write.block(f"elif {all_of('responded', '(in_relapse == 0)', returned)}"):
        write("in_relapse = 1", "relapses += 1")
        phases = " or ".join(f"phase == {phase}" for phase in NO_LONGER_TREATED)
        with write.block(f"if {phases}"):
            write("taper += 1")
    codes = [category.code for category in scheme.response.categories]
    with write.block(f"if rank == {codes.index(relapse.after) if relapse.after in codes else -9}"):
        write("responded = True")


# -- decisions -------------------------------------------------------------------------------------


def activities(write: Writer, scheme: Scheme) -> None:
    """`forms`: those that the table of activities asks for on a day; `samples` of them."""
    terms, rows = OfDecisions(scheme, "n"), scheme.setting.activities.rows
    bits = []
    for at in scheme.activities:
        when, form = rows[at].when, rows[at].form
        assert isinstance(when, Condition)
        bits.append((truth(when, terms)[0], 1 << scheme.forms.index(form), scheme.samples([form])))
    write(*(f"{variable} = {expression}" for variable, expression in terms.lines))
    write("forms = 0", "samples = 0")
    for holds, bit, samples in bits:
        with write.block(f"if {all_of(holds, f'((forms & {bit}) == 0)')}"):
            write(f"forms |= {bit}", f"samples += {samples}")


def may_be_asked(scheme: Scheme) -> str:
    """When a row of the table of activities may hold on some day to come, if nothing happens until
    then: what days alone cannot change is asked once."""
    terms, rows = OfDecisions(scheme, "n"), scheme.setting.activities.rows

    def steady(name: str) -> Term | None:
        before = len(terms.lines)
        term = terms(name)
        return CHANGING if term and (len(terms.lines) > before or term.text[0] == "n") else term

    found = []
    for at in scheme.activities:
        when = rows[at].when
        assert isinstance(when, Condition)
        found.append(truth(when, steady)[0])
    return any_of(*found)


def stopping(write: Writer, scheme: Scheme) -> None:
    """`stopped`: the first reason to stop that holds, by its place in the scheme; -1 for none."""
    terms = OfDecisions(scheme, "s")
    reasons = []
    for at in scheme.stopping:
        when = scheme.protocol.stopping.rows[at].when
        assert isinstance(when, Condition)
        reasons.append(truth(when, terms)[0])
    write(*(f"{variable} = {expression}" for variable, expression in terms.lines))
    for place, holds in enumerate(reasons):
        with write.block(f"{'elif' if place else 'if'} {holds}"):
            write(f"stopped = {place}", f"action = {STOPPED_BY + scheme.stopping[place]}")


def dosing(write: Writer, scheme: Scheme) -> None:
    """What the dosing table decides: the step to come (`new`), the phase (`becomes`), `action`, and
    in `stopped` that it ends treatment."""
    terms, table = OfDecisions(scheme, "d"), scheme.protocol.dosing
    chain = Writer(depth=write.depth)
    word = "if"
    for number, row in enumerate(table.rows):
        if not isinstance(row.when, Condition):
            _unknown(chain, word, number)
            break
        holds, fails = truth(row.when, terms)
        if holds == YES:
            with chain.block("else" if word == "elif" else "if True"):
                _act(chain, scheme, row, number)
            break
        if holds != NO:
            with chain.block(f"{word} {holds}"):
                _act(chain, scheme, row, number)
            word = "elif"
        if fails == NO:
            _unknown(chain, word, number)
            break
        if fails != YES and not _is_certain(row.when, terms):
            with chain.block(f"{word} not {fails}"):
                chain(f"action = {UNKNOWN_AT + number}", "c_unknown += 1")
            word = "elif"
    else:
        with chain.block("else" if word == "elif" else "if True"):
            if table.otherwise == "not stated":
                chain(f"action = {OTHERWISE_UNKNOWN}", "c_unknown += 1")
            else:
                chain(f"action = {OTHERWISE}")
    write(*(f"{variable} = {expression}" for variable, expression in terms.lines))
    write.lines += chain.lines


def _is_certain(condition: Condition, terms: Terms) -> bool:
    """Is every name of the condition always known, so that it holds or does not?"""
    found = [terms(name) for name in names_in(condition)]
    return all(term is not None and term.sure for term in found)


def _unknown(chain: Writer, word: str, number: int) -> None:
    with chain.block("else" if word == "elif" else "if True"):
        chain(f"action = {UNKNOWN_AT + number}", "c_unknown += 1")


def _act(chain: Writer, scheme: Scheme, row: DosingRow, number: int) -> None:
    """What `courses.progress.carry_out` does."""
    steps = [step.step for step in scheme.protocol.treatment.ladder]
    named = steps.index(row.to) if row.to in steps else None
    chain(f"action = {number}")
    match row.do:
        case "start" | "reintroduce":
            chain(f"new = {1 if named is None else named}", f"becomes = {TREATMENT}")
        case "raise":
            chain(f"new = {f'min(step + 1, {len(steps) - 1})' if named is None else named}")
        case "lower":
            chain(f"new = {'max(step - 1, 0)' if named is None else named}")
            chain(f"becomes = {TAPER} if new > 0 else {OFF}")
        case "maintain":
            chain(f"new = {'holding' if named is None else named}", f"becomes = {MAINTENANCE}")
        case "stop":
            chain("new = 0", f"becomes = {OFF}", f"stopped = {len(scheme.stopping)}")
