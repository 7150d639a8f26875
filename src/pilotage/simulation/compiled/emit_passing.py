"""What passes between the contacts of a virtual subject, as lines of a kernel: events, the truth
under a dose, and what was taken."""

from pilotage.rules.fold import OFF
from pilotage.simulation.compiled.writer import Writer
from pilotage.simulation.scheme import Scheme

AFTER_A_STOPPING_EVENT = 28
"""Days for which a subject is seen after an adverse event has ended its treatment."""


def events_until(write: Writer, scheme: Scheme, until: str) -> None:
    """What happened up to a day: events, and the end of treatment for one."""
    if any(event.stops_treatment for event in scheme.nature.events):
        with write.block(f"if halt <= {until} and halt < gone"):
            settle(write, scheme, "halt")
            with write.block("if step > 0"):
                for at, event in enumerate(scheme.nature.events):
                    if event.stops_treatment:
                        with write.block(f"if halted_by == {at}"):
                            write("c_events += 1", f"c_event_{at + 1} += 1")
                write("new = 0")
                take(write, scheme, "halt")
                write(f"phase = {OFF}", "ended = True", "reason = halted")
                write(f"gone = min(gone, halt + {AFTER_A_STOPPING_EVENT + 1})")
            write("halt = NEVER")
    settle(write, scheme, f"min({until}, gone)")
    write("next_event = halt")
    for at, event in enumerate(scheme.nature.events):
        if not event.stops_treatment:
            write(f"next_event = min(next_event, e{at})")


def settle(write: Writer, scheme: Scheme, before: str) -> None:
    """Events before a day have happened where drug was taken on theirs."""
    for at, event in enumerate(scheme.nature.events):
        if event.stops_treatment:
            continue
        with write.block(f"if e{at} < {before}"):
            with write.block("if step > 0"):
                write("c_events += 1", f"c_event_{at + 1} += 1")
            write(f"e{at} = NEVER")


def take(write: Writer, scheme: Scheme, day: str) -> None:
    """The step `new` is taken from a day on; what has passed until then has passed at the old
    one."""
    with write.block("if new != step"):
        advance(write, scheme, day)
        gap = scheme.protocol.treatment.days_without_drug_within_cycle
        with write.block(
            f"if step == 0 and (last_dose == long_ago or {day} - last_dose - 1 > {gap})"
        ):
            write("cycle += 1", f"cycle_since = {day}")
        with write.block("if step > 0"):
            account(write, f"{day} - dose_since")
            with write.block("if new == 0"):
                write(f"last_dose = {day} - 1")
        write("step = new", f"step_since = {day}", f"dose_since = {day}")


def account(write: Writer, days: str) -> None:
    write(f"c_dose_days += {days}", f"taken += ({days}) * daily[step]")
    write(f"capsule += ({days}) * capsules[step]")


def answer(write: Writer, scheme: Scheme, form: str) -> None:
    """What a form asks for that may come: said at the first contact from then on, and once."""
    for at, fact in enumerate(scheme.facts):
        if fact.form == form and fact.comes:
            write(f"f{at} = 0")
            with write.block(f"if come{at} <= day"):
                write(f"f{at} = 1", f"come{at} = NEVER")


def lasts(scheme: Scheme, at: int) -> bool:
    """May the disease of some subjects never become clear?"""
    return scheme.nature.responding[scheme.measured[at].code].true_lasting is not None


def advance(write: Writer, scheme: Scheme, day: str) -> None:
    with write.block(f"if {day} > moved_day"):
        write(f"passed = {day} - moved_day")
        for number, at in enumerate(scheme.diseases):
            with write.block(f"if l{at} >= p_clear{at}"):
                write(f"l{at} = fallen(l{at}, w{at}, passed, fall[{number}, step])")
                if lasts(scheme, at):
                    write(f"l{at} = max(l{at}, least{at})")
            with write.block("else"):
                write(f"r{at} -= back[{number}, step] * passed")
                with write.block(f"if r{at} < 0"):
                    back = f"p_back{at}_mean, p_back{at}_sd, p_back{at}_low, p_back{at}_high"
                    write(f"l{at} = level(random, {back})", f"r{at} = respite(random)")
        write(f"moved_day = {day}")
