"""Who at a site fills a form."""

from typing import Final

from pilotage.datasets.facts import read_target
from pilotage.study.protocol import Form

INVESTIGATOR: Final = "investigator"
NURSE: Final = "nurse"
PHARMACIST: Final = "pharmacist"


def role_of(form: Form) -> str:
    """The role that fills a form: instruments and doses the investigator, supplies the pharmacist,
    everything else the nurse."""
    domains = {read_target(item.target).domain for item in form.items.values()}
    if form.instrument or "ex" in domains:
        return INVESTIGATOR
    return PHARMACIST if "da" in domains else NURSE
