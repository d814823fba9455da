"""What an import finds: counted in full, kept with its place up to a limit, refused or gone past as the user asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from qbtc.core.market.tape.events import Note
from qbtc.core.market.tape.info import Finding

from ...errors import BadSource

KEPT = 1000
"""Of each note, with their places; all are counted."""


@dataclass(slots=True)
class Findings:
    """`keep_going`: a line that cannot be read is a finding; otherwise it ends the import."""

    keep_going: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    kept: list[Finding] = field(default_factory=list)

    def add(
        self, note: Note, file: str, line: int, *, message: int | None = None, expected: int | None = None,
        found: int | None = None, text: str = "", count: int = 1,
    ) -> None:  # fmt: skip
        name = note.name.lower()
        if self.counts[name] < KEPT:
            self.kept.append(Finding(name, file, line, message, expected, found, text))
        self.counts[name] += count

    def room(self, note: Note) -> int:
        """How many more of a note are kept with their place."""
        return max(KEPT - self.counts[note.name.lower()], 0)

    def refuse(self, file: str, line: int, why: str, note: Note = Note.BAD_LINE) -> None:
        """A line that cannot be read. Raises BadSource unless the user asked to go on."""
        if not self.keep_going:
            raise BadSource(
                f"{file}, line {line}: {why}", field=f"{file}:{line}", allowed="a whole line; --keep-going leaves out such lines"
            )
        self.add(note, file, line, text=why)

    @property
    def refused(self) -> int:
        """Lines that were left out because they could not be read."""
        return self.counts[Note.BAD_LINE.name.lower()] + self.counts[Note.TRUNCATED.name.lower()]
