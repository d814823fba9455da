"""The seam between the trading core and the world: whatever the core is told goes through an Ear, one thing at a time.

A method marked `@heard` is a thing that the core can be told from outside. Called by another such method it is a
consequence, not news, and is not noted. While one is being heard the clock stands still: one thing, one instant. So
what was noted, told again in the same order at the same instants, leads to the same decisions. What the core says
(`says`) is noted too, for comparison. Without a sink nothing is noted and only the clock is read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

Said = Callable[[str, object], None]
"""(what kind, its words), for what the core says."""


class Sink(Protocol):
    def heard(self, at: int, name: str, args: tuple[object, ...], named: dict[str, object]) -> None:
        """Before it is acted on; `at` is the instant, in ns of the core's clock."""

    def said(self, kind: str, words: object) -> None:
        """A consequence of what was heard last."""


class Ear:
    """`clock` is monotonic, in ns."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.clock = clock
        self.sink: Sink | None = None
        self._depth = self._at = 0

    def now(self) -> int:
        return self._at if self._depth else self.clock()

    @property
    def amid(self) -> bool:
        """Whether something is being heard."""
        return self._depth > 0

    def hears(self, name: str, args: tuple[object, ...] = (), named: dict[str, object] | None = None) -> Ear:
        """For `with`: note it unless it is a consequence of something else."""
        if not self._depth:
            self._at = self.clock()
            if self.sink is not None:
                self.sink.heard(self._at, name, args, named or {})
        return self

    def says(self, kind: str, words: Callable[[], object]) -> None:
        """`words` is only asked for when somebody listens."""
        if self.sink is not None:
            self.sink.said(kind, words())

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._depth -= 1


class Listening(Protocol):
    @property
    def ear(self) -> Ear: ...


L = TypeVar("L", bound=Listening)
P = ParamSpec("P")
R = TypeVar("R")
Method = Callable[Concatenate[L, P], R]


def heard(of: str) -> Callable[[Method[L, P, R]], Method[L, P, R]]:
    """Marks a method that the core can be told from outside; `of` is who has it, for the record."""

    def mark(method: Method[L, P, R]) -> Method[L, P, R]:
        name = f"{of}.{getattr(method, '__name__', '')}"

        @wraps(method)
        def told(self: L, *args: P.args, **named: P.kwargs) -> R:
            with self.ear.hears(name, args, named):
                return method(self, *args, **named)

        told.__heard__ = name  # type: ignore[attr-defined]
        return cast("Method[L, P, R]", told)

    return mark
