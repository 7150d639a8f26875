"""What the report can say in the language of the study."""

from pilotage.check.examination import Examination
from pilotage.findings import warning
from pilotage.report.words import LANGUAGES


def check_languages(examination: Examination) -> None:
    """The report is in the first language of the study; where it has no words of its own in it,
    they are English between the labels of the study."""
    study = examination.study
    first = examination.protocol.languages[0]
    if first in LANGUAGES:
        return
    message = (
        f"the report has no words of its own in '{first}' ({', '.join(LANGUAGES)} only): its heads "
        f"and notes are in English, between the labels of the study in '{first}'"
    )
    examination.findings.append(warning(study.place("protocol", "languages", 0), message))
