"""Why an act was not done, in the words of the person who wanted it. Nothing was written."""

from collections.abc import Mapping

from pilotage.forms.answer import Answer


class Refused(Exception):
    """The act was not done, and why; one sentence for the person."""


class NotPermitted(Refused):
    """No role of the person allows it."""


class MissingReason(Refused):
    """What was written before is to change, and nobody said why."""


class Locked(Refused):
    """The entry, the subject or the study is locked."""


class WrongState(Refused):
    """It cannot follow upon what was done so far."""


class WrongPassword(Refused):
    """The password that was asked for again is not right."""


class Repeated(Refused):
    """The key of a write came again with a different content."""


class Overtaken(Refused):
    """Somebody else wrote since the page was made: `theirs` stands, `ours` was not written.

    Both hold the items that differ between the two, each with its answer.
    """

    def __init__(
        self,
        message: str,
        *,
        theirs: Mapping[str, Answer] | None = None,
        ours: Mapping[str, Answer] | None = None,
    ) -> None:
        super().__init__(message)
        self.theirs = dict(theirs or {})
        self.ours = dict(ours or {})
