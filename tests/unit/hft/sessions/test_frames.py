"""Texts out of WebSocket frames, wherever the bytes were cut and whatever came between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.hft.domain.session.frames import Texts

SIZES = (0, 1, 125, 126, 300, 65_535, 65_536)
FINAL, TEXT, CONTINUED, PING = 0x80, 1, 0, 9


def frame(first: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    return bytes((first, 126)) + size.to_bytes(2) + payload if size < 1 << 16 else bytes((first, 127)) + size.to_bytes(8) + payload


def in_parts(text: bytes, at: int) -> bytes:
    """A text in two frames with a ping between."""
    return frame(TEXT, text[:at]) + frame(FINAL | PING, b"are you there") + frame(FINAL | CONTINUED, text[at:])


@given(st.lists(st.tuples(st.sampled_from(SIZES), st.booleans()), max_size=6), st.integers(1, 70_000))
def test_texts_are_whole_however_the_bytes_were_cut(told: list[tuple[int, bool]], step: int) -> None:
    texts = [bytes((n % 251,)) * size for n, (size, _) in enumerate(told)]
    raw = b"".join(
        in_parts(text, len(text) // 3) if split else frame(FINAL | TEXT, text)
        for text, (_, split) in zip(texts, told, strict=True)
    )
    reader = Texts()
    assert [text for at in range(0, len(raw), step) for text in reader.feed(raw[at : at + step])] == texts


def test_a_masked_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="a frame is masked"):
        list(Texts().feed(bytes((FINAL | TEXT, 0x80 | 3)) + b"mask" + b"abc"))
