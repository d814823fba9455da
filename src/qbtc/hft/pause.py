"""Pauses between attempts that have not helped yet, each twice as long as the one before."""

from __future__ import annotations

from time import monotonic


class Pause:
    """`first` and `longest` in seconds; the first attempt is due at once."""

    def __init__(self, first: float, longest: float) -> None:
        self._first, self._longest = first, longest
        self._at, self._next = 0.0, first

    @property
    def due(self) -> bool:
        return monotonic() >= self._at

    def tried(self) -> None:
        self._at, self._next = monotonic() + self._next, min(2 * self._next, self._longest)

    def over(self) -> None:
        """It has helped, or something new is to be done."""
        self._at, self._next = 0.0, self._first
