"""A rehearsal that may begin: the play, and at its end what it asked of the staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pilotage.capture.demo import Person
from pilotage.capture.playing import burden, player
from pilotage.capture.playing.reading import Entries


@dataclass(frozen=True, slots=True)
class Ready:
    """The entries, and who enters them."""

    entries: Entries
    people: Mapping[str, Person]

    def play(self, progress: player.Progress) -> tuple[list[str], Path]:
        """Play what is not in the record yet; the burden in words, and the file that has it all.

        Once it was played and people went on in the record, the first count stays.
        """
        if player.is_played() and (path := burden.kept(self.entries)) is not None:
            return ["Played before"], path
        refused = player.play(self.entries, self.people, progress)
        found = burden.burden_of(self.entries, refused)
        return burden.words(found), burden.keep(found, self.entries)
