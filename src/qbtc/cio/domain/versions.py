"""Tables that change: every state a numbered version, every change a diff a person can read and undo.

A history is append-only: undoing or restoring adds a version with the older values. `source` says whose values a version
bears, so that undo twice goes two steps back instead of redoing. Pure: times come from the caller (UTC ns). Above it:
the weights of recall (evolution.py) and the self-model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


class VersionRefused(ValueError):
    """There is no such version, nothing to undo, or the change has no reason."""


@dataclass(frozen=True, slots=True)
class Version(Generic[V]):
    """`parent` is the version that was changed (None for the first), `source` the one whose values these are."""

    number: int
    parent: int | None
    source: int
    at: int
    reason: str
    values: Mapping[str, V]


@dataclass(frozen=True, slots=True)
class Change(Generic[V]):
    """One entry of a diff; None stands for an entry that is not there."""

    key: str
    before: V | None
    after: V | None


@dataclass(frozen=True, slots=True)
class History(Generic[V]):
    """Successive versions of a table, oldest first; the last one holds. The oldest may be gone."""

    versions: tuple[Version[V], ...]

    @property
    def current(self) -> Version[V]:
        return self.versions[-1]

    def version(self, number: int) -> Version[V]:
        """Raises VersionRefused."""
        first, last = self.versions[0].number, self.current.number
        if not first <= number <= last:
            raise VersionRefused(f"there is no version {number}; there are {first} to {last}")
        return self.versions[number - first]

    def commit(self, values: Mapping[str, V], *, at: int, reason: str) -> History[V]:
        """With these values as the newest version; values that change nothing add none. Raises VersionRefused."""
        if not reason.strip():
            raise VersionRefused("a change needs a reason; it is what a person reads first")
        if dict(values) == dict(self.current.values):
            return self
        number = self.current.number + 1
        made = Version(number, self.current.source, number, at, reason, dict(values))
        return History((*self.versions, made))

    def undo(self, *, at: int) -> History[V]:
        """Back to what the current values were made from. Raises VersionRefused at the first version."""
        origin = self.version(self.current.source)
        if origin.parent is None:
            raise VersionRefused(f"version {origin.number} is the first; there is nothing to undo")
        return self.restore(origin.parent, at=at, reason=f"undo of version {origin.number}")

    def restore(self, number: int, *, at: int, reason: str) -> History[V]:
        """With the values of an older version as the newest one. Raises VersionRefused."""
        old = self.version(self.version(number).source)
        made = Version(self.current.number + 1, self.current.source, old.number, at, reason, old.values)
        return History((*self.versions, made))

    def diff(self, before: int, after: int) -> tuple[Change[V], ...]:
        """What differs between two versions, by key. Raises VersionRefused."""
        old, new = self.version(before).values, self.version(after).values
        return tuple(Change(k, old.get(k), new.get(k)) for k in sorted({*old, *new}) if old.get(k) != new.get(k))


def begun(values: Mapping[str, V], *, at: int, reason: str) -> History[V]:
    """A history whose version 0 has these values."""
    return History((Version(0, None, 0, at, reason, dict(values)),))


def told(changes: tuple[Change[V], ...], show: Callable[[V], str]) -> str:
    """A diff as lines `key  before -> after`, `none` where there is no entry; `no change` when it is empty."""
    if not changes:
        return "no change"
    width = max(len(change.key) for change in changes)
    return "\n".join(f"{c.key:<{width}}  {_shown(c.before, show)} -> {_shown(c.after, show)}" for c in changes)


def _shown(value: V | None, show: Callable[[V], str]) -> str:
    return "none" if value is None else show(value)
