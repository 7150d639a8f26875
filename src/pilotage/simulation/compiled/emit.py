"""A study as the text of a kernel: the life of a virtual subject, contact by contact, as one loop
over trials and subjects that a compiler turns into machine code.

The text depends on the rules of the study and on what its subjects have, not on how strong or how
frequent anything is: those numbers come in arrays (`numbers`). `plain` lives the same life in
readable Python; both draw from the same generator with the functions of `nature`, in the same
order.
"""

from itertools import groupby

from pilotage.rules.fold import BEFORE, OFF, TREATMENT
from pilotage.simulation.compiled.emit_ends import conclude, end, look
from pilotage.simulation.compiled.emit_passing import advance, answer, events_until, lasts, take
from pilotage.simulation.compiled.emit_rules import (
    MISSED,
    NOTHING,
    activities,
    dosing,
    may_be_asked,
    respond,
    stopping,
)
from pilotage.simulation.compiled.numbers import first_share, names_of
from pilotage.simulation.compiled.terms import of_history
from pilotage.simulation.compiled.writer import Writer
from pilotage.simulation.design.decisions import plan_of
from pilotage.simulation.scheme import Scheme
from pilotage.simulation.trials.columns import counted
from pilotage.simulation.truth import truth

LOOKS_EVERY = 7
"""So many days apart it is looked at whether a contact is asked for between the planned ones."""

HEAD = '''"""Made by Pilotage from the rules of a study. {digest}"""
from numba import njit

from pilotage.simulation.nature import (
    LONG_AGO, NEVER, choice, dropout_day, event_day, fallen, first_day_after, kept_until_missed,
    laboratory, lateness, least_latent, level, pace, respite, score_of_disease, score_of_level,
    waiting_days, whole,
)

nan, inf = float("nan"), float("inf")
long_ago = LONG_AGO


@njit(nogil=True, cache={cache}, error_model="numpy")
def trials(random, count, subjects, last_day, values, shares, fall, back, daily, capsules, weeks,
           plan, looks, look_day, out, amounts, masks, rows):
'''
TRACED = ("SUBJECT", "DAY", "VISIT")
AFTER_VALUES = ("RANK", "IN_RELAPSE", "TAPER", "PHASE", "STEP", "CYCLE", "ACTION")
"""What is told of each contact before and after its values."""


def kernel_text(
    scheme: Scheme, *, traced: bool = False, digest: str = "", cache: bool = True
) -> str:
    """The module of a kernel. `traced`: it tells every contact, in `rows`."""
    write = Writer(depth=1)
    for at, name in enumerate(names_of(scheme)):
        write(f"p_{name} = values[{at}]")
    write("last_week = len(weeks) - 1", "planned = len(plan)", "told = 0")
    names = _counters(scheme)
    with write.block("for trial in range(count)"):
        write(*(f"{name} = 0" for name in names))
        write("taken = 0.0", "recruited = 0.0", "last_seen = 0.0", "consent_day = plan[0, 0]")
        interim = len(plan_of(scheme.simulation).looks) > 1
        if interim:
            write("at = 0")
        with write.block("for subject in range(subjects)"):
            _begin(write, scheme)
            with write.block("while True"):
                _next_contact(write, scheme)
                _attend(write, scheme, traced=traced)
            end(write, scheme)
            if interim:
                look(write)
        conclude(write, interim=interim)
        for at, name in enumerate(names):
            write(f"out[trial, {at}] = {name}")
        write("amounts[trial, 0] = taken", "amounts[trial, 1] = last_seen")
    write("return told")
    return HEAD.format(digest=digest, cache=cache) + write.text


def _counters(scheme: Scheme) -> list[str]:
    return [f"c_{column.name.lower()}" if column.name != "UNKNOWN_DECISIONS" else "c_unknown"
            for column in counted(scheme)]  # fmt: skip


# -- a subject begins ------------------------------------------------------------------------------


def _begin(write: Writer, scheme: Scheme) -> None:
    with write.block("if subject > 0"):
        write("recruited += waiting_days(random, p_per_day)")
    _draw_facts(write, scheme)
    for at, measured in enumerate(scheme.measured):
        write(f"v{at} = nan", f"b{at} = nan", f"m{at} = long_ago")
        spread = "p_{0}_mean, p_{0}_sd, p_{0}_low, p_{0}_high"
        if measured.kind == "disease":
            write(f"l{at} = level(random, {spread.format(f'l{at}')})")
            write(f"w{at} = pace(random, p_pace{at})", f"r{at} = respite(random)")
            if lasts(scheme, at):
                left = f"p_lasting{at}, {spread.format(f'left{at}')}"
                write(f"least{at} = least_latent(random, l{at}, p_clear{at}, {left})")
        else:
            write(f"o{at} = level(random, {spread.format(f'o{at}')})")
    write("halt = NEVER", f"halted = {len(scheme.stopping) + 1}", "next_event = NEVER")
    for at, event in enumerate(scheme.nature.events):
        drawn = f"event_day(random, p_chance{at}, int(p_from{at}), int(p_to{at}))"
        if event.stops_treatment:
            with write.block("if halt == NEVER"):
                write(f"halt = max(2, {drawn})", f"halted_by = {at}")
        else:
            write(f"e{at} = {drawn}", f"next_event = min(next_event, e{at})")
    write("next_event = min(next_event, halt)", "gone = dropout_day(random, p_dropout)")
    write("until_missed = kept_until_missed(random, p_missed)")
    for at, fact in enumerate(scheme.facts):
        if fact.comes:
            write(f"come{at} = first_day_after(random, p_come{at})")
    write("dropout = gone", "step = 0", "step_since = 1", "cycle = 0", "cycle_since = 1")
    write("last_dose = long_ago", f"phase = {BEFORE}", "rank = -1", "best = -1", "early = -1")
    write("in_relapse = 0", "relapses = 0", "taper = 0", "responded = False", "holding = 0")
    write("ended = False", "reason = -1", "moved_day = 1", "dose_since = 1")
    write("capsule = 0.0")
    write("place = -1", "advance = True", "due = 0", "look = NEVER", "before = 1", "seen = 0")


def _draw_facts(write: Writer, scheme: Scheme) -> None:
    consent = "consent = plan[0, 0] - 1 if plan[0, 0] > 0 else plan[0, 0]"
    write(consent)
    for at, form in enumerate(scheme.forms):
        if any(fact.form == form for fact in scheme.facts):
            write(f"a{at} = long_ago")
    for at, fact in enumerate(scheme.facts):
        first = "0" if fact.per_week is not None else "nan" if fact.spread else "-1"
        write(f"f{at} = {first}")
    terms = of_history(scheme)
    for at, fact in enumerate(scheme.facts):
        if fact.per_week is not None:
            continue
        if fact.spread is not None:
            spread = f"p_f{at}_mean, p_f{at}_sd, p_f{at}_low, p_f{at}_high"
            drawn = f"whole(random, {spread})"
        else:
            drawn = f"choice(random, shares, {first_share(scheme, at)}, {len(fact.choices)})"
        if fact.when is None:
            write(f"f{at} = {drawn}")
            continue
        with write.block(f"if {truth(fact.when, terms)[0]}"):
            write(f"f{at} = {drawn}")


# -- the next contact ------------------------------------------------------------------------------


def _next_contact(write: Writer, scheme: Scheme) -> None:
    """The day of the next contact, planned or asked for in between, and its forms."""
    with write.block("if advance"):
        write("place += 1")
        with write.block("if place == planned"):
            write("break")
        write("advance = False", "due = plan[place, 0]")
        with write.block("if due > 1"):
            with write.block("if plan[place, 1] > 0"):
                write("due += lateness(random, p_late_mean, p_late_sd)")
            with write.block("if due <= before"):
                write("due = before + 1")
            write(f"look = before + {LOOKS_EVERY}")
    if scheme.activities:
        with write.block("if due > 1 and not ended"):
            # until something happens only time can make a row of the table hold
            write("quiet = min(due, gone, next_event)")
            may_be = write.block(f"if {may_be_asked(scheme)}")
            with may_be, write.block("while look < quiet"):
                write("day = look", "t = look - 1")
                activities(write, scheme)
                with write.block("if forms != 0"):
                    write("break")
                write(f"look += {LOOKS_EVERY}")
            with write.block("elif look < quiet"):
                write(
                    f"look += (quiet - look + {LOOKS_EVERY - 1}) // {LOOKS_EVERY} * {LOOKS_EVERY}"
                )
        write("looking = due > 1 and look < due and not ended", "day = look if looking else due")
    else:
        write("day = due")
    with write.block("if next_event <= day and next_event < gone"):
        events_until(write, scheme, "day")
    with write.block("if day > 1 and day >= gone"):
        write("break")
    write("t = day - 1 if day > 0 else day")
    if not scheme.activities:
        _planned(write, scheme)
        return
    with write.block("if looking"):
        write(f"look += {LOOKS_EVERY}")
        with write.block("if ended"):
            write("continue")
        activities(write, scheme)
        with write.block("if forms == 0"):
            write("continue")
        write("visit = 1")
    with write.block("else"):
        _planned(write, scheme)


def _planned(write: Writer, scheme: Scheme) -> None:
    write("advance = True", "visit = plan[place, 1]", "forms = plan[place, 2]")
    write("samples = plan[place, 3]")
    with write.block("if day > 1"):
        write("before = day")
    drug = sum(1 << n for n, form in enumerate(scheme.forms) if form in scheme.under_drug)
    with write.block("if step > 0 or day <= 1"):
        write("samples += plan[place, 4]")
    if drug:
        with write.block("else"):
            write(f"forms &= {~drug}")
    with write.block("if visit == 0 and forms == 0 and samples == 0"):
        write("continue")


# -- a contact -------------------------------------------------------------------------------------


def _attend(write: Writer, scheme: Scheme, *, traced: bool) -> None:
    with write.block("if day > 1"):
        write("until_missed -= 1")
    with write.block("if until_missed < 0"):
        write("until_missed = kept_until_missed(random, p_missed)", "c_missed += 1")
        if traced:
            _tell(write, scheme, missed=True)
        write("continue")
    write("c_visits += visit", "c_samples += samples", "seen = day")
    _measure(write, scheme)
    write(f"action = {NOTHING}")
    with write.block("if day > 0 and not ended"):
        _decide(write, scheme)
    if traced:
        _tell(write, scheme, missed=False)


def _mask(scheme: Scheme, forms: tuple[str, ...]) -> int:
    return sum(1 << scheme.forms.index(form) for form in forms)


def _measure(write: Writer, scheme: Scheme) -> None:
    for at, form in enumerate(scheme.forms):
        if any(fact.form == form for fact in scheme.facts):
            with write.block(f"if forms & {1 << at}"):
                write(f"a{at} = t")
                answer(write, scheme, form)
    moving = tuple({form for at in scheme.diseases for form in scheme.measured[at].forms})
    with write.block(f"if forms & {_mask(scheme, moving)}"):
        advance(write, scheme, "day")
    write(f"prior = v{scheme.assessed}")
    for forms, group in groupby(range(len(scheme.measured)), lambda at: scheme.measured[at].forms):
        together = list(group)
        with write.block(f"if forms & {_mask(scheme, forms)}"):
            for at in together:
                write(f"v{at} = {_drawn(scheme, at)}", f"m{at} = t")
            with write.block("if day <= 1"):
                write(*(f"b{at} = v{at}" for at in together))
    with write.block(
        f"if day > 1 and forms & {_mask(scheme, scheme.measured[scheme.assessed].forms)}"
    ):
        respond(write, scheme)


def _drawn(scheme: Scheme, at: int) -> str:
    measured = scheme.measured[at]
    low, high = (repr(float(end)) for end in measured.parameter.range)
    if measured.kind == "disease":
        return f"score_of_disease(random, l{at}, p_clear{at}, p_noise{at}, {low}, {high})"
    if measured.kind == "level":
        return f"score_of_level(random, o{at}, p_within{at}, {low}, {high})"
    scale = float(10 ** scheme.nature.stable[measured.code].digits)
    centre = f"o{at} + (p_shift{at} if step > 0 else 0.0)"
    return f"laboratory(random, {centre}, p_within{at}, {low}, {high}, {scale!r})"


def _decide(write: Writer, scheme: Scheme) -> None:
    write("new = step", "becomes = phase", "stopped = -1")
    if scheme.stopping:
        with write.block("if step > 0"):
            stopping(write, scheme)
        with write.block("if stopped >= 0"):
            write("new = 0", f"becomes = {OFF}")
        head = "elif visit > 0"
    else:
        head = "if visit > 0"
    with write.block(head):
        dosing(write, scheme)
        if not any(row.do == "start" for row in scheme.protocol.dosing.rows):
            with write.block("if day == 1 and stopped < 0"):
                write("new = 1", f"becomes = {TREATMENT}")
    with write.block("if stopped >= 0"):
        write("ended = True", "reason = stopped")
    take(write, scheme, "day")
    write("phase = becomes")


def _tell(write: Writer, scheme: Scheme, *, missed: bool) -> None:
    values = []
    for at, measured in enumerate(scheme.measured):
        mask = _mask(scheme, measured.forms)
        values.append("nan" if missed else f"(v{at} if forms & {mask} else nan)")
    action = str(MISSED) if missed else "action"
    after = ["rank", "in_relapse", "taper", "phase", "step", "cycle", action]
    for at, text in enumerate(["trial * subjects + subject", "day", "visit", *values, *after]):
        write(f"rows[told, {at}] = {text}")
    write("told += 1")
