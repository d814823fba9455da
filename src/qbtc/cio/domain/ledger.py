"""The ledger of derived facts: statements in the order they became known, and the rows that follow from them.

    ledger.add(Assertion(About("Ana", "lives in"), "Lima", frozenset({"m1"}), known_at=1))
    ledger.about("Ana", "lives in", valid_at=5, known_at=9)

The statements are the truth and the rows are a function of them, so erasing a memory is replaying the tracks it touched
without the statements that rested on it. What those had superseded is believed again, also in the past: after an erasure
nothing tells that the memory was ever there. No I/O and no clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .facts import Fact, Statement, name_of
from .tracks import Track

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took: statements that rested on a memory erased, and facts believed before that no longer are."""

    statements: int
    facts: int


class Ledger:
    """All facts of one scope."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self._statements: dict[Key, list[Statement]] = defaultdict(list)
        self._tracks: dict[Key, dict[str, Track]] = {}
        self._keys_of: dict[str, set[Key]] = defaultdict(set)
        self._known_at: int | None = None
        for statement in statements:
            self.add(statement)

    def add(self, statement: Statement) -> None:
        """Take a statement. Raises ValueError when it became known before the last one, or its predicate changed kind."""
        if self._known_at is not None and statement.known_at < self._known_at:
            raise ValueError(
                f"statements come in the order they became known: {statement.known_at} is before {self._known_at}"
            )
        said = self._statements.get(statement.about.key)
        if said and said[0].about.single != statement.about.single:
            raise ValueError(
                f"{statement.about.predicate!r} of {statement.about.subject!r} is single or not, never both"
            )
        self._known_at = statement.known_at
        self._statements[statement.about.key].append(statement)
        self._apply(statement)
        for memory_id in statement.evidence:
            self._keys_of[memory_id].add(statement.about.key)

    def about(self, subject: str, predicate: str, *, valid_at: int, known_at: int) -> list[Fact]:
        """What was believed at `known_at` about `valid_at`; empty when nothing was."""
        tracks = self._tracks.get((name_of(subject), name_of(predicate)), {})
        return [row for track in tracks.values() if (row := track.at(valid_at, known_at)) is not None]

    def at(self, *, valid_at: int, known_at: int) -> list[Fact]:
        """Every fact believed at `known_at` about `valid_at`."""
        found = (track.at(valid_at, known_at) for tracks in self._tracks.values() for track in tracks.values())
        return [row for row in found if row is not None]

    def history(self, subject: str, predicate: str) -> list[Fact]:
        """Every row ever believed about it, by when it became known and then by validity."""
        tracks = self._tracks.get((name_of(subject), name_of(predicate)), {})
        rows = (row for track in tracks.values() for row in track.rows())
        return sorted(rows, key=lambda row: (row.known.start, row.valid.start))

    def rows(self) -> Iterator[Fact]:
        """Every row ever believed."""
        return (row for tracks in self._tracks.values() for track in tracks.values() for row in track.rows())

    def statements(self) -> list[Statement]:
        """The statements left, in the order they became known."""
        return sorted((s for said in self._statements.values() for s in said), key=lambda s: s.known_at)

    def erase(self, memories: Iterable[str]) -> Erased:
        """Forget the statements that rest on any of the memories, and what follows from them; unknown ids change nothing."""
        gone = frozenset(memories)
        keys = {key for memory_id in gone for key in self._keys_of.pop(memory_id, ())}
        taken = [self._replay(key, gone) for key in sorted(keys)]
        return Erased(sum(s for s, _ in taken), sum(f for _, f in taken))

    def _replay(self, key: Key, gone: frozenset[str]) -> tuple[int, int]:
        said = self._statements.pop(key)
        before = {(row.valid, row.value) for track in self._tracks.pop(key, {}).values() for row in track.current}
        left = [statement for statement in said if gone.isdisjoint(statement.evidence)]
        if left:
            self._statements[key] = left
        for statement in left:
            self._apply(statement)
        after = {(row.valid, row.value) for track in self._tracks.get(key, {}).values() for row in track.current}
        return len(said) - len(left), len(before - after)

    def _apply(self, statement: Statement) -> None:
        tracks = self._tracks.setdefault(statement.about.key, {})
        if statement.about.single:
            tracks.setdefault("", Track()).add(statement)
        elif statement.value is None:
            for track in tracks.values():
                track.add(statement)
        else:
            tracks.setdefault(name_of(statement.value), Track()).add(statement)
