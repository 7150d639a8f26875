"""How a subject ends and how a trial ends, as lines of a kernel.

The boundaries of the decision come in numbers (`looks`); the text knows only whether there is a
look before the end.
"""

from pilotage.simulation.compiled.emit_passing import account, events_until, settle
from pilotage.simulation.compiled.emit_rules import in_time
from pilotage.simulation.compiled.numbers import ACCEPT_AT, GIVE_UP_AT, LOOK_N, TOXIC_AT
from pilotage.simulation.compiled.writer import Writer
from pilotage.simulation.scheme import Scheme
from pilotage.simulation.trials.columns import MASK_BITS, is_of_laboratory


def end(write: Writer, scheme: Scheme) -> None:
    """Count what became of a subject."""
    write("end = max(last_day, before)", "until = min(end, gone - 1)")
    with write.block("if next_event <= until"):
        events_until(write, scheme, "until")
        settle(write, scheme, "min(until + 1, gone)")
    with write.block("if dropout == gone and gone <= end"):
        write("c_dropped_out += 1")
    write("end = min(end, gone - 1)")
    with write.block("if step > 0 and end >= dose_since"):
        account(write, "end - dose_since + 1")
    write("c_capsules += int(-(-(capsule - 1e-9) // 1))")
    codes = [category.code for category in scheme.response.categories]
    wanted = [codes.index(code) for code in scheme.simulation.endpoint.codes]
    with write.block(f"if {' or '.join(f'early == {rank}' for rank in wanted)}"):
        write("c_successes += 1")
        write(f"masks[trial, 0, subject // {MASK_BITS}] |= 1 << (subject % {MASK_BITS})")
    for rank, code in enumerate(codes):
        write(f"c_best_{code.replace(' ', '_').lower()} += best == {rank}")
    write("c_relapsed += relapses > 0", "c_relapses_taper += taper")
    with write.block("if reason >= 0"):
        write("c_stopped += 1")
        of_rules = [f"c_stopped_rule_{at + 1}" for at in scheme.stopping]
        for place, name in enumerate([*of_rules, "c_stopped_dosing", "c_stopped_event"]):
            with write.block(f"if reason == {place}"):
                write(f"{name} += 1")
        rows = scheme.protocol.stopping.rows
        toxic = [n for n, at in enumerate(scheme.stopping)
                 if is_of_laboratory(scheme.protocol, rows[at])]  # fmt: skip
        if toxic:
            with write.block(f"if {' or '.join(f'reason == {place}' for place in toxic)}"):
                write("c_tox += 1")
                # the dose has not changed since the stop, so its day is that of the last change
                with write.block(f"if {in_time(scheme, 'dose_since')}"):
                    write("c_tox_in_time += 1")
                    write(
                        f"masks[trial, 1, subject // {MASK_BITS}] |= 1 << (subject % {MASK_BITS})"
                    )
    passed = "seen - consent_day - (1 if consent_day < 0 and seen > 0 else 0)"
    write(f"last_seen = max(last_seen, recruited + {passed})")


def look(write: Writer) -> None:
    """Look at the trial once the endpoint of the subject is known; recruitment waits for it."""
    with write.block(f"if subject + 1 == looks[at, {LOOK_N}]"):
        ends = (
            f"c_tox_in_time >= looks[at, {TOXIC_AT}]",
            f"c_successes >= looks[at, {ACCEPT_AT}]",
            f"c_successes <= looks[at, {GIVE_UP_AT}]",
        )
        with write.block(f"if {' or '.join(ends)}"):
            write("break")
        write("at += 1", "recruited += look_day")


def conclude(write: Writer, *, interim: bool) -> None:
    """How the trial ended, at the look that is reached: the last one ends it always."""
    if not interim:
        write("at = 0")
    write(f"c_n = looks[at, {LOOK_N}]", "c_early = at < len(looks) - 1")
    with write.block(f"if c_tox_in_time >= looks[at, {TOXIC_AT}]"):
        write("c_too_toxic = 1")
    with write.block(f"elif c_successes >= looks[at, {ACCEPT_AT}]"):
        write("c_accepted = 1")
    with write.block("else"):
        write("c_given_up = 1")
