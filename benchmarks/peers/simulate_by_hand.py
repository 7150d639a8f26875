"""The built-in study's trial as a kernel written by hand: its rules as code, for one study only."""

from math import exp

import numpy as np
from numba import njit

COUNTS = ("SUCCESSES", "RELAPSED", "RELAPSES_TAPER", "STOPPED", "DROPPED_OUT", "EVENTS", "VISITS",
          "MISSED", "DOSE_DAYS", "TOX")  # fmt: skip

TIW, QOD, QD, TEN = 1, 2, 3, 4
BEFORE, TREATMENT, TAPER, OFF, MAINTENANCE = range(5)
CR, PR, MR, NR = range(4)
FAR = 1 << 30


@njit(nogil=True, error_model="numpy")
def trials_by_hand(random, count, subjects, p, fall, back, daily, plan, out):
    dropout, missed, late_sd = p[0], p[1], p[2]
    contacts = len(plan)
    for trial in range(count):
        successes = relapsed = in_taper = stopped = dropped = events = 0
        visits = misses = dose_days = toxic = 0
        taken = 0.0
        for _subject in range(subjects):
            score = min(max(p[3] + p[4] * random.standard_normal(), p[5]), p[6])
            pace = exp(p[7] * random.standard_normal())
            least = 0.0
            if random.random() < p[47]:
                left = min(max(p[48] + p[49] * random.standard_normal(), p[50]), p[51])
                least = max(p[8], score * left)
            white = min(max(p[14] + p[15] * random.standard_normal(), p[16]), p[17])
            neut = min(max(p[18] + p[19] * random.standard_normal(), p[20]), p[21])
            plat = min(max(p[22] + p[23] * random.standard_normal(), p[24]), p[25])
            haem = min(max(p[26] + p[27] * random.standard_normal(), p[28]), p[29])
            first = second = halt = FAR
            if random.random() < p[38]:
                first = int(p[39] + random.random() * (p[40] - p[39] + 1))
            if random.random() < p[41]:
                second = int(p[42] + random.random() * (p[43] - p[42] + 1))
            if random.random() < p[44]:
                halt = int(p[45] + random.random() * (p[46] - p[45] + 1))
            gone = 2 + int(random.standard_exponential() / dropout)
            drop = gone
            until_missed = int(random.standard_exponential() / missed)
            respite = random.standard_exponential()
            step, phase, since, cycle_since, last_dose = 0, BEFORE, 1, 1, -FAR
            best = early = 9
            relapse, responded, ended, relapses, tapers = False, False, False, 0, 0
            base, moved, seen, before, dose_since = 0.0, 1, -FAR, 1, 1
            fresh = False
            place, advance, due, look = -1, True, 0, 0
            while True:
                if advance:
                    place += 1
                    if place == contacts:
                        break
                    advance = False
                    due = plan[place, 0]
                    if due > 1:
                        if plan[place, 1]:
                            due += int(np.rint(late_sd * random.standard_normal()))
                        due = max(due, before + 1)
                        look = before + 7
                day, asked = due, False
                if phase == TAPER and due > 1 and not ended:
                    while look < due and look - seen < 28:
                        look += 7
                    if look < due:
                        day, asked = look, True
                if min(first, second, halt) <= day:
                    if halt <= day and halt < gone:
                        if first < halt:
                            events += step > 0
                            first = FAR
                        if second < halt:
                            events += step > 0
                            second = FAR
                        if step > 0:
                            events += 1
                            if score < p[8]:
                                respite -= back[step] * (halt - moved)
                                if respite < 0:
                                    score = min(
                                        max(p[9] + p[10] * random.standard_normal(), p[11]), p[12]
                                    )
                                    respite = random.standard_exponential()
                            else:
                                score = max(score * exp(fall[step] * pace * (halt - moved)), least)
                            moved = halt
                            dose_days += halt - dose_since
                            taken += (halt - dose_since) * daily[step]
                            step, phase, ended, asked = 0, OFF, True, False
                            stopped += 1
                            gone = min(gone, halt + 29)
                            day = due
                        halt = FAR
                    if first < min(day, gone):
                        events += step > 0
                        first = FAR
                    if second < min(day, gone):
                        events += step > 0
                        second = FAR
                if day > 1 and day >= gone:
                    break
                if asked:
                    visit, scored, blood = True, True, False
                    look += 7
                else:
                    visit, scored = plan[place, 1] > 0, plan[place, 2] & 1 > 0
                    blood = plan[place, 2] & 2 > 0
                    advance = True
                    if day > 1:
                        before = day
                if day > 1:
                    until_missed -= 1
                    if until_missed < 0:
                        misses += 1
                        until_missed = int(random.standard_exponential() / missed)
                        continue
                visits += visit
                if scored:
                    if day > moved:
                        if score < p[8]:
                            respite -= back[step] * (day - moved)
                            if respite < 0:
                                score = min(
                                    max(p[9] + p[10] * random.standard_normal(), p[11]), p[12]
                                )
                                respite = random.standard_exponential()
                        else:
                            score = max(score * exp(fall[step] * pace * (day - moved)), least)
                        moved = day
                    value = 0.0
                    if score >= p[8]:
                        value = max(score + p[13] * random.standard_normal(), 1.0)
                        value = min(np.rint(value), 70.0)
                    seen = day
                    fresh = True
                    if day <= 1:
                        base = value
                    else:
                        if value == 0.0:
                            rank = CR
                        elif value <= 0.5 * base and base > 0:
                            rank = PR
                        elif value < base:
                            rank = MR
                        else:
                            rank = NR
                        best = min(best, rank)
                        if day <= 99:
                            early = min(early, rank)
                        if value == 0.0:
                            relapse = False
                        elif responded and not relapse and value >= 4.0:
                            relapse = True
                            relapses += 1
                            if phase >= TAPER:
                                tapers += 1
                        if rank == CR:
                            responded = True
                halted = False
                if blood:
                    under = step > 0
                    w = white + (p[31] if under else 0.0) + p[30] * random.standard_normal()
                    n = neut + (p[33] if under else 0.0) + p[32] * random.standard_normal()
                    c = plat + (p[35] if under else 0.0) + p[34] * random.standard_normal()
                    h = haem + (p[37] if under else 0.0) + p[36] * random.standard_normal()
                    low = np.rint(100 * n) < 100 or np.rint(100 * w) < 200
                    low = low or np.rint(c) < 50 or np.rint(h) < 80
                    halted = under and low and not ended
                if ended or day < 1:
                    continue
                new, becomes = step, phase
                if halted:
                    new, becomes, ended = 0, OFF, True
                    toxic += 1
                    stopped += 1
                elif visit and fresh:
                    weeks = (day - since + 3) // 7
                    if phase == BEFORE:
                        new, becomes = QD, TREATMENT
                    elif phase == TREATMENT:
                        if tapers >= 1 and step == QD and weeks < 4:
                            pass
                        elif day - cycle_since + 1 >= 23:
                            if rank == CR:
                                new, becomes = step - 1, TAPER
                            elif rank == NR:
                                if step == QD:
                                    new = TEN
                                elif step == TEN and weeks >= 8:
                                    new, becomes, ended = 0, OFF, True
                                    stopped += 1
                    elif relapse:
                        if phase == TAPER and tapers >= 2 and step == QOD:
                            new, becomes = QD, MAINTENANCE
                        elif phase == TAPER and tapers >= 2 and step == TIW:
                            new, becomes = QOD, MAINTENANCE
                        elif phase == OFF and tapers >= 2:
                            new, becomes = TIW, MAINTENANCE
                        elif not (phase == MAINTENANCE and weeks < 8):
                            new, becomes = QD, TREATMENT
                    elif phase == TAPER and rank == CR and weeks >= 4:
                        new = step - 1
                        becomes = TAPER if new > 0 else OFF
                if new != step:
                    if day > moved:
                        if score < p[8]:
                            respite -= back[step] * (day - moved)
                            if respite < 0:
                                score = min(
                                    max(p[9] + p[10] * random.standard_normal(), p[11]), p[12]
                                )
                                respite = random.standard_exponential()
                        else:
                            score = max(score * exp(fall[step] * pace * (day - moved)), least)
                        moved = day
                    if step == 0:
                        if day - last_dose - 1 > 14:
                            cycle_since = day
                    else:
                        dose_days += day - dose_since
                        taken += (day - dose_since) * daily[step]
                        if new == 0:
                            last_dose = day - 1
                    step, since, dose_since = new, day, day
                phase = becomes
            end = max(900, before)
            if drop == gone and gone <= end:
                dropped += 1
            end = min(end, gone - 1)
            if step > 0 and end >= dose_since:
                dose_days += end - dose_since + 1
                taken += (end - dose_since + 1) * daily[step]
            successes += early == CR
            relapsed += relapses > 0
            in_taper += tapers
        out[trial, 0], out[trial, 1], out[trial, 2] = successes, relapsed, in_taper
        out[trial, 3], out[trial, 4], out[trial, 5] = stopped, dropped, events
        out[trial, 6], out[trial, 7], out[trial, 8] = visits, misses, dose_days
        out[trial, 9] = toxic
