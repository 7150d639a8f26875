"""Which version of the protocol was in force on a day."""

from datetime import date

from pilotage.study.protocol import Protocol, ProtocolVersion


def version_on(protocol: Protocol, day: date) -> ProtocolVersion | None:
    """The latest version dated on or before `day`; None before the first version.

    A visit is bound to the version in force on its date.
    """
    in_force = [version for version in protocol.versions if version.date <= day]
    return max(in_force, key=lambda version: version.date, default=None)
