"""Blocks of text handed to a compiled walk: what is left of a block goes before the next one, so that it sees whole lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from ...errors import BadSource

Bytes = npt.NDArray[np.uint8]
LONGEST = 1 << 26
"""Bytes of the longest line; a file without line ends is no text of ours."""

Walk = Callable[[Bytes, int, int, bool], int]
"""(buffer, from, end, nothing follows) -> where it stopped; it stops early only to be called again."""


def feed(name: str, blocks: Iterable[bytes], walk: Walk) -> None:
    """Every byte of the blocks goes through `walk` once."""
    rest = b""
    for block in blocks:
        text = rest + block if rest else block
        rest = text[_through(text, walk, final=False) :]
        if len(rest) > LONGEST:
            raise BadSource(f"{name}: no line end within {LONGEST:,} bytes; this is no text")
    if rest:
        _through(rest, walk, final=True)


def _through(text: bytes, walk: Walk, *, final: bool) -> int:
    """How much of the text was read: all of it, or up to its last whole line."""
    buffer, end = np.frombuffer(text, np.uint8), len(text)
    whole = end if final else text.rfind(b"\n") + 1
    pos = 0
    while pos < whole:
        pos = walk(buffer, pos, end, final)
    return pos
