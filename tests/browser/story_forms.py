"""What is typed in the story: the forms of each visit, in the order in which the pages ask."""

from keyboard import Lines

from pilotage.instruments import RULE_OF_NINES

SCREENED, TESTED, BEGAN, WEEK_4 = "2026-01-05", "2026-01-14", "2026-01-26", "2026-02-23"
BEFORE_WEEK_4 = "2026-02-22"

BLOOD_COUNT: Lines = {
    "leukocytes": ("5.2", "10*9/L", "4", "10"),
    "neutrophils": ("3.1", "10*9/L", "2", "7"),
    "platelets": ("240", "10*9/L", "150", "400"),
    "haemoglobin": ("128", "g/L", "120", "160"),
}
CHEMISTRY: Lines = {
    "creatinine": ("70", "umol/L", "50", "100"),
    "gfr": ("88",),
    "alt": ("21", "U/L", "0", "35"),
}
IMMUNOLOGY: Lines = {
    "anti_dsdna": ("6", "", "0", "15"),
    "c3": ("1.1", "g/L", "0.9", "1.8"),
    "c4": ("0.2", "g/L", "0.1", "0.4"),
}
NEUROLOGY: Lines = dict.fromkeys(("strength", "reflexes", "touch", "vibration", "gait"), "NORMAL")
FIT: Lines = {"potential": "yes", "lactating": "no", "contraception": "yes", "method": "IMPLANT"}

SKIN: Lines = {
    **dict.fromkeys(("eryface", "eryvneck", "erychest", "eryarms"), "3"),
    **dict.fromkeys(("eryscalp", "eryears", "eryback"), "2"),
    **dict.fromkeys(("sclface", "sclchest", "sclarms"), "1"),
}
"""Activity 21."""

SCREENING: dict[str, Lines] = {
    "visit": {"visited": SCREENED},
    "consent": {"signed": "yes", "signed_on": SCREENED, "version": "2"},
    "demography": {"born": "1984", "age": "41", "sex": "F", "race": "WHITE"},
    "diagnosis": {
        "subtype": "DLE",
        "dle_extent": "GENERALISED",
        "began": "2019",
        "histology": "yes",
        "biopsied": "2020-03",
        "photosensitivity": "yes",
    },
    "acr": {"acrdisc": "1", "acrphoto": "1"},
    "prior_treatment": {
        "hydroxychloroquine": "yes",
        "topical_steroids": "yes",
        "antimalarial_months": "14",
        "topical_months": "30",
        "refractory": "yes",
        "thalidomide": "yes",
        "thalidomide_no_effect": "yes",
    },
    "background_therapy": {
        "taken": "yes",
        "prednisone_dose": "5",
        "antimalarial": "yes",
        "stable_days": "90",
    },
    "medical_history": {},
    "physical_exam": {"skin": "ABNORMAL", "findings": "discoid plaques"},
    "vital_signs": {"weight": "81", "height": "232", "systolic": "118", "diastolic": "76"},
    "neurology": NEUROLOGY,
    "body_surface": dict.fromkeys((item.code.lower() for item in RULE_OF_NINES.items), "10"),
    "clasi": SKIN,
    "sledai": {"slrash": "1"},
    "haematology": {"sampled": SCREENED, **BLOOD_COUNT},
    "chemistry": {"sampled": SCREENED, **CHEMISTRY},
    "urinalysis": {"sampled": SCREENED, "dipstick": "NEGATIVE"},
    "immunology": {"sampled": SCREENED, **IMMUNOLOGY},
    "autoantibodies": {"sampled": SCREENED, "ana": "POSITIVE", "ana_titre": "1:160"},
    "virology": {"sampled": SCREENED},
    "childbearing": FIT,
}
FIRST_TEST: dict[str, Lines] = {"pregnancy_screening": {"tested": TESTED, "result": "NEGATIVE"}}
BASELINE: dict[str, Lines] = {
    "visit": {"visited": BEGAN},
    "vital_signs": {"weight": "81", "systolic": "121", "diastolic": "79"},
    "neurology": NEUROLOGY,
    "clasi": SKIN,
    "sledai": {"slrash": "1"},
    "haematology": {"sampled": BEGAN, **BLOOD_COUNT},
    "chemistry": {"sampled": BEGAN, **CHEMISTRY},
    "urinalysis": {"sampled": BEGAN, "dipstick": "NEGATIVE"},
    "immunology": {"sampled": BEGAN, **IMMUNOLOGY},
    "childbearing": FIT,
    "pregnancy_test": {"tested": BEGAN, "result": "NEGATIVE"},
    "medication_review": {},
    "safety_review": {"impression": "UNCHANGED"},
    "systemic_review": {},
    "dispensing": {
        "dispensed_on": BEGAN,
        "strength": "5",
        "dispensed": "28",
        "returned": "0",
        "lot": "A17",
        "days_supplied": "28",
    },
    "enrolment": {"decision": "ENTERED INTO TRIAL", "decided_on": BEGAN},
}
"""Whether the subject enters is decided during the visit: that form comes last."""
FIRST_DOSE: Lines = {"began": BEGAN, "dose": "5", "frequency": "QD", "reason": "START"}
WEEK_4_FORMS: dict[str, Lines] = {
    "visit": {"visited": WEEK_4},
    "vital_signs": {"weight": "80", "systolic": "119", "diastolic": "78"},
    "neurology": NEUROLOGY,
    "clasi": SKIN,
    "chemistry": {"sampled": WEEK_4, **CHEMISTRY},
    "medication_review": {},
    "safety_review": {"impression": "UNCHANGED"},
    "systemic_review": {},
}
LOWERED: Lines = {"began": WEEK_4, "dose": "5", "frequency": "QOD", "reason": "PHYSICIAN DECISION"}

REST: dict[str, str] = {
    **dict.fromkeys(("clasi", "acr", "sledai"), "0"),
    "physical_exam": "NORMAL",
    "autoantibodies": "NEGATIVE",
    "virology": "NEGATIVE",
}
"""The answer to every choice that is not named above, by form; "no" elsewhere."""
