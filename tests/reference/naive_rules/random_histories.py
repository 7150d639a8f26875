"""Random lives of subjects as rows of SDTM: doses up and down the ladder, courses of the skin
score, counts, answers and tests, with what goes wrong in each.

`random_history(seed)` gives the tables of one subject, always the same for one seed. Numbers sit on
the borders of the rules. Doses do not overlap; of one day there may be several records, with times
or without.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from naive_facts import ACTIVITY_ITEMS, LADDER, ONE_DAY, STEP_OF, Dose, History, Row
from random_life import DATES, ENDS, Life

STEPS = tuple(LADDER)
OFF_THE_LADDER = ((Fraction("7.5"), "QD"), (Fraction(10), "QOD"), (Fraction("2.5"), "QD"))
BETWEEN_VISITS = (7, 14, 22, 24, 25, 26, 27, 28, 28, 28, 28, 28, 29, 31, 35, 42, 52, 53, 56, 60, 84)
GAPS = (1, 1, 3, 13, 14, 15, 15, 40)
COUNTS = {
    "NEUT": ("0.49", "0.5", "0.99", "1.0", "1", "1.19", "1.49", "1.5", "1.7", "1.8", "3.2"),
    "WBC": ("0.99", "1.0", "1.99", "2.0", "2.99", "3", "3.9", "4", "6.1"),
    "PLAT": ("24", "25", "49", "50", "74", "75", "149", "150", "210"),
    "HGB": ("64", "65", "79", "80", "99", "100", "119", "120", "131"),
}
LOWER_LIMITS = {"NEUT": "1.8", "WBC": "4", "PLAT": "150", "HGB": "120"}
UPPER_LIMITS = {"NEUT": "7.5", "WBC": "11", "PLAT": "400", "HGB": "160"}
NO_NUMBERS = ("<0.5", ">100", "haemolysed", "", "1.190", "12.345")
QUESTIONS = {"CONSWD": 0.03, "LIFETHR": 0.03, "FLAREALT": 0.2, "PHYSSTOP": 0.04}
REASONS = ("PHYSICIAN DECISION", "LACK OF EFFICACY", "PREGNANCY", "ADVERSE EVENT", "COMPLETED")


def random_history(seed: int) -> tuple[History, list[date]]:
    """The tables of one subject, and some days of interest."""
    rng = Random(seed)
    first = date(rng.randint(2015, 2019), rng.randint(1, 12), rng.choice((1, 2, 15, 27, 28)))
    life = Life(rng, f"N{seed:06d}", first)
    life.add(
        "dm",
        AGE=str(rng.randint(19, 80)),
        SEX=rng.choice("FFFFFFFFMU"),
        RFICDTC=str(first - timedelta(days=30)),
    )
    base = rng.choice((0, 1, 4, 7, 8, 11, 12, 20, 40))
    add_baseline(life, base)
    add_treatment(life, base)
    for day in life.visits:
        add_counts(life, day)
        add_answers(life, day)
    add_end(life)
    if life.chance(0.08):
        blur_dates(life)
    for rows in life.rows.values():
        rng.shuffle(rows)
    return life.rows, moments(life)


def moments(life: Life) -> list[date]:
    """Days with visits, days near them, the day of the first dose, and days before it."""
    rng = life.rng
    found = {life.first, life.first + timedelta(days=rng.choice((-12, -1, 1, 2)))}
    for day in rng.sample(life.visits, min(4, len(life.visits))):
        found |= {day, day + timedelta(days=rng.choice((1, 1, 2, 5, 7, 8, 14, 15, 28, 30, 31, 32)))}
    return sorted(rng.sample(sorted(found), min(6, len(found))))


# -- scores ----------------------------------------------------------------------------------------


def add_baseline(life: Life, base: int) -> None:
    """None, one, several, or several on one day, with times or in the order of --SEQ only."""
    day, before = str(life.first), str(life.first - timedelta(days=life.rng.choice((1, 2, 14))))
    single = ([day], [day], [day], [before], [before, day])
    several = ([], [day, day], [f"{day}T09:30", f"{day}T15:05"], [f"{before}T23:00"])
    for at in life.rng.choice(single * 3 + several):
        add_score(life, "CLASIACT", at, base)
        if life.chance(0.2):
            base = life.rng.choice((0, base + 1, base // 2))
    life.visits.append(life.first)
    life.add("sv", VISIT="Baseline", SVSTDTC=day)
    if life.chance(0.8):
        add_score(life, "SLEDAI", day, life.rng.choice((0, 2, 4)))


def add_score(life: Life, code: str, when: str, value: int) -> None:
    """As written, as standardised, as both; now and then without a value, or by items."""
    if code == "CLASIACT" and life.chance(0.015):
        add_items(life, when, value)
        return
    shape = life.rng.random()
    original, standard = str(value), str(value)
    if shape < 0.1:
        original, standard = ("see note", str(value)) if shape < 0.05 else (f"{value}.0", "")
    if shape > 0.97:
        original, standard = "", ""
    status = "NOT DONE" if shape > 0.985 else ""
    life.add(
        "qs",
        QSCAT="CLASI" if code in ("CLASIACT", *ACTIVITY_ITEMS) else "SLEDAI-2K",
        QSTESTCD=code,
        QSORRES=original,
        QSSTRESN=standard,
        QSSTAT=status,
        VISIT=life.rng.choice(("", "Week 4", "UNSCHEDULED")),
        QSDTC=when,
    )


def add_items(life: Life, when: str, value: int) -> None:
    """All items, or all but one; sometimes with a stated total that is wrong."""
    left = min(value, 9)
    opened = life.rng.choice(ACTIVITY_ITEMS) if life.chance(0.4) else ""
    for item in ACTIVITY_ITEMS:
        points, left = (1, left - 1) if left else (0, 0)
        cells = {"QSCAT": "CLASI", "QSTESTCD": item, "QSDTC": when[:10]}
        if item != opened:
            life.add("qs", QSORRES=str(points), QSSTRESN=str(points), **cells)
        elif life.chance(0.5):
            life.add("qs", **cells)
    if life.chance(0.5):
        cells = {"QSCAT": "CLASI", "QSTESTCD": "CLASIACT", "QSDTC": when[:10]}
        life.add("qs", QSORRES="17", QSSTRESN="17", **cells)


# -- doses -----------------------------------------------------------------------------------------


def add_treatment(life: Life, base: int) -> None:
    """From visit to visit: what the skin does, whether it is scored, what is given from then on."""
    rng = life.rng
    if life.chance(0.04):
        life.visits += [life.first + timedelta(days=28 * number) for number in (1, 2)]
        return
    skin = max(base, rng.choice((0, 3, 5)))
    day, dose, begun = life.first, LADDER["5 mg QD"], life.first
    if life.chance(0.05):
        dose = LADDER["10 mg QD"]
    for _ in range(rng.randint(2, 13)):
        day += timedelta(days=rng.choice(BETWEEN_VISITS))
        skin = next_skin(rng, skin, base)
        visit(life, day, skin)
        wanted = next_dose(rng, dose, skin)
        gap = rng.choice(GAPS) if life.chance(0.07) else 0
        if wanted == dose and not gap and not life.chance(0.03):
            continue
        begins = day + timedelta(days=rng.choice((0, 0, 0, 0, 0, 1, 3)))
        add_dose(life, dose, begun, begins - ONE_DAY)
        dose, begun = wanted, begins + timedelta(days=gap)
        if gap and life.chance(0.3):
            add_dose(life, LADDER["stop"], begins, begun - ONE_DAY)
    if dose[0] or life.chance(0.3):
        end = day + timedelta(days=rng.choice((3, 20, 60)))
        add_dose(life, dose, begun, end if life.chance(0.3) else None)


def next_skin(rng: Random, skin: int, base: int) -> int:
    """Mostly it clears and stays clear for a while; halves, borders and relapses are frequent."""
    if skin == 0:
        return rng.choice((0, 0, 0, 0, 0, 1, 3, 4, 4, 5, 12))
    clears = (0, 0, 0, 0, skin, skin, base, base // 2, (base + 1) // 2, base + 1, max(base - 1, 0))
    return rng.choice((*clears, 3, 4))


def visit(life: Life, day: date, skin: int) -> None:
    life.visits.append(day)
    if life.chance(0.9):
        life.add("sv", VISIT="Visit", SVSTDTC=str(day))
    shape = life.rng.random()
    if shape < 0.86:
        add_score(life, "CLASIACT", str(day), skin)
    elif shape < 0.90:
        add_score(life, "CLASIACT", str(day + timedelta(days=life.rng.choice((-7, -8, 2)))), skin)
    elif shape < 0.93:
        times = life.rng.choice((("", ""), ("T10:00", "T08:15")))
        for time, value in zip(times, (skin, life.rng.choice((0, 4, skin + 1))), strict=True):
            add_score(life, "CLASIACT", f"{day}{time}", value)
    if life.chance(0.25):
        add_score(life, "SLEDAI", str(day), life.rng.choice((2, 4, 12, 13, 14, 16, 17, 20)))


def next_dose(rng: Random, dose: Dose, skin: int) -> Dose:
    """Mostly in the spirit of the protocol; sometimes anything."""
    if rng.random() < 0.08:
        return rng.choice((*LADDER.values(), *OFF_THE_LADDER))
    at = STEPS.index(STEP_OF.get(dose, "5 mg QD"))
    if skin == 0:
        return LADDER[STEPS[max(at - 1, 0)]] if rng.random() < 0.75 else dose
    if skin >= 4 and at < 3:
        return LADDER[rng.choice(("5 mg QD", "5 mg QD", STEPS[at + 1], STEPS[at + 1], STEPS[at]))]
    return LADDER["10 mg QD"] if at == 3 and rng.random() < 0.3 else dose


def add_dose(life: Life, dose: Dose, first: date, last: date | None) -> None:
    if last is not None and last < first:
        return
    life.add(
        "ex",
        EXTRT="LENALIDOMIDE",
        EXDOSE=f"{float(dose[0]):g}",
        EXDOSU="mg",
        EXDOSFRQ=dose[1] or life.rng.choice(("", "QD")),
        EXSTDTC=str(first),
        EXENDTC=str(last or ""),
    )


# -- counts, answers, tests ------------------------------------------------------------------------


def add_counts(life: Life, day: date) -> None:
    rng = life.rng
    if life.chance(0.25):
        return
    for test, values in COUNTS.items():
        if life.chance(0.25):
            continue
        normal = life.chance(0.7)
        value = values[-1] if normal else rng.choice(values)
        low, high = LOWER_LIMITS[test], UPPER_LIMITS[test]
        unit = "g/L" if test == "HGB" else "10*9/L"
        if life.chance(0.2):
            unit, factor = rng.choice(other_units(test))
            value, low, high = (f"{float(each) * factor:g}" for each in (value, low, high))
        if life.chance(0.04):
            value = rng.choice(NO_NUMBERS)
        if life.chance(0.06):
            low, high = rng.choice((("", high), ("", ""), (high, low), (low, "")))
        row = life.add(
            "lb",
            LBTESTCD=test,
            LBORRES=value,
            LBORRESU=unit if life.chance(0.97) else "",
            LBORNRLO=low,
            LBORNRHI=high,
            LBSTAT="NOT DONE" if not value and life.chance(0.7) else "",
            LBDTC=str(day + timedelta(days=rng.choice((0, 0, 0, 0, -1, -2, -30, 1)))),
        )
        if life.chance(0.06):
            add_again(life, row, rng.choice(values))


def add_again(life: Life, row: Row, value: str) -> None:
    """Another count of the same day, with or without times."""
    times = (("", ""), ("T08:00", "T15:30"), ("T15:30", "T08:00"), ("T08:00", ""), ("", "T09:10"))
    first, second = life.rng.choice(times)
    number = {"LBSEQ": str(life.seq["lb"] + 1)}
    other = {**row, **number, "LBORRES": value if life.chance(0.9) else "", "LBSTAT": ""}
    life.seq["lb"] += 1
    life.rows["lb"].append({**other, "LBDTC": row["LBDTC"] + second})
    row["LBDTC"] += first


def other_units(test: str) -> list[tuple[str, float]]:
    return [("g/dL", 0.1)] if test == "HGB" else [("10*3/uL", 1), ("/uL", 1000), ("/mm3", 1000)]


def add_answers(life: Life, day: date) -> None:
    rng = life.rng
    for code, share in QUESTIONS.items():
        if life.chance(0.75):
            answer = "Y" if life.chance(share) else "N"
            odd = rng.choice(("", "U", "y")) if life.chance(0.02) else answer
            status = "NOT DONE" if not odd and life.chance(0.5) else ""
            life.add("fa", FATESTCD=code, FAORRES=odd, FASTAT=status, FADTC=str(day))
    if life.chance(0.4):
        for code in ("CHILDPOT", "LACTAT", "CONTRADQ"):
            answer = rng.choice("YYYYYN" if code != "LACTAT" else "NNNNNY")
            life.add("rp", RPTESTCD=code, RPORRES=answer, RPDTC=str(day))
    if (life.first.toordinal() + day.toordinal()) % 61 == 0:
        life.add("rp", RPTESTCD="PREGST", RPORRES="", RPDTC=str(day))
    for point in ("REGULAR",) if day != life.first else ("FIRST", "REGULAR", "REGULAR"):
        if life.chance(0.7):
            before = (9, 10, 14, 15) if point == "FIRST" else (0, 0, 1, 2, 7, 8)
            result = rng.choice(("NEGATIVE",) * 18 + ("POSITIVE", "POSITIVE", "INDETERMINATE"))
            on = day - timedelta(days=rng.choice(before))
            life.add("lb", LBTESTCD="HCG", LBORRES=result, LBTPT=point, LBDTC=str(on))


def add_end(life: Life) -> None:
    for _ in range(life.rng.choice((0, 0, 0, 0, 0, 1, 1, 2))):
        reason, day = life.rng.choice(REASONS), life.rng.choice(life.visits)
        if any(row["DSSTDTC"] == str(day) for row in life.rows["ds"]):
            continue  # which of two reasons of one day is the last cannot be known
        life.add("ds", DSSCAT="TREATMENT", DSDECOD=reason, DSSTDTC=str(day))
    if life.chance(0.5):
        day = life.first + timedelta(days=5)
        life.add("ds", DSCAT="ENROLMENT", DSDECOD="ENTERED INTO TRIAL", DSSTDTC=str(day))


def blur_dates(life: Life) -> None:
    """One record, rarely two, without the day of its date; of every other dose the last day."""
    for _ in range(life.rng.choice((1, 1, 1, 2))):
        table = life.rng.choice(("qs", "qs", "qs", "lb", "lb", "fa", "rp", "ds", "ex"))
        rows = [row for row in life.rows[table] if row.get("QSTESTCD") not in ACTIVITY_ITEMS]
        if rows:
            row = life.rng.choice(rows)
            end = ENDS.get(table, "")
            column = end if row.get(end) and int(row["EXSEQ"]) % 2 else DATES[table]
            row[column] = row[column][:7]
