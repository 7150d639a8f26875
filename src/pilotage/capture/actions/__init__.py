"""What a person does in the application: each act checks, writes and records itself as one.

Every act takes `by` (who does it) and `key` (the same key again gives the same answer and writes
nothing), runs in one transaction and leaves one event in the audit trail. What is refused raises
`Refused`, and nothing was written.
"""

from pilotage.capture.actions.refused import (
    Locked,
    MissingReason,
    NotPermitted,
    Overtaken,
    Refused,
    Repeated,
    WrongPassword,
    WrongState,
)

__all__ = [
    "Locked",
    "MissingReason",
    "NotPermitted",
    "Overtaken",
    "Refused",
    "Repeated",
    "WrongPassword",
    "WrongState",
]
