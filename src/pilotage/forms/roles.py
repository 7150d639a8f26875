"""Who at a site fills a form."""

from pilotage.datasets.facts import read_target
from pilotage.study.protocol import Form


def role_of(form: Form) -> str:
    """The role that fills a form: instruments and doses the investigator, supplies the pharmacist,
    everything else the nurse."""
    domains = {read_target(item.target).domain for item in form.items.values()}
    if form.instrument or "ex" in domains:
        return "investigator"
    return "pharmacist" if "da" in domains else "nurse"
