"""Small integers by 16-byte key in about 20 bytes each: a sorted array, and a dictionary of what came since it was sorted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 16
GONE: Final = -1
LEAST, SHARE = 4096, 8
"""The dictionary is sorted in when it has more than LEAST keys and more than one for SHARE sorted ones."""


class KeyIndex:
    """Keys are bytes of length WIDTH, values at least 0."""

    def __init__(self) -> None:
        self._keys = np.zeros(0, f"S{WIDTH}")
        self._values = np.zeros(0, np.int32)
        self._recent: dict[bytes, int] = {}

    def get(self, key: bytes) -> int:
        """The value of a key, -1 without."""
        return int(self.find([key])[0])

    def find(self, keys: Sequence[bytes]) -> NDArray[np.int64]:
        """The values of the keys (n,), -1 for a key that has none."""
        found = np.full(len(keys), GONE, np.int64)
        if len(self._keys) and len(keys):
            wanted = np.array(keys, self._keys.dtype)
            places = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
            found = np.where(self._keys[places] == wanted, self._values[places], GONE).astype(np.int64)
        if self._recent:
            recent = (self._recent.get(key) for key in keys)
            found = np.array(
                [old if new is None else new for old, new in zip(found.tolist(), recent, strict=True)], np.int64
            )
        return found

    def recent(self, key: bytes) -> int:
        """The value of a key that was put since the last `settle`; -1 says nothing about the others."""
        return self._recent.get(key, GONE)

    def put(self, key: bytes, value: int) -> None:
        self._recent[key] = value

    def settle(self) -> None:
        """Sort what came since the last time, if it has become much: after each batch of `put`."""
        if len(self._recent) > max(LEAST, len(self._keys) // SHARE):
            self._merge()

    def pop(self, key: bytes) -> int:
        """Remove a key and return its value; -1 when it has none."""
        value = self.get(key)
        if value != GONE:
            self._recent[key] = GONE
        return value

    def _merge(self) -> None:
        fresh = np.array(list(self._recent), self._keys.dtype)
        if len(self._keys):
            places = np.minimum(np.searchsorted(self._keys, fresh), len(self._keys) - 1)
            self._values[places[self._keys[places] == fresh]] = GONE
        keys = np.concatenate([self._keys, fresh])
        values = np.concatenate([self._values, np.array(list(self._recent.values()), np.int32)])
        order = np.argsort(keys, kind="stable")
        order = order[values[order] != GONE]
        self._keys, self._values, self._recent = keys[order], values[order], {}


class Names:
    """Names by slot, added in order: 16 bytes for a UUID in its usual form, the text itself for any other."""

    def __init__(self) -> None:
        self._raw = bytearray()
        self._other: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._raw) // WIDTH

    def __getitem__(self, slot: int) -> str:
        found = self._other.get(int(slot))
        return _uuid(bytes(self._raw[WIDTH * slot : WIDTH * (slot + 1)])) if found is None else found

    def append(self, name: str) -> None:
        key = key_of(name)
        if _uuid(key) != name:
            self._other[len(self)] = name
        self._raw += key


def key_of(name: str) -> bytes:
    """The bytes of a UUID in its usual form, of any other name a digest; never one for two names that are met in practice."""
    try:
        key = bytes.fromhex(name.replace("-", "")) if len(name) == 36 else b""
    except ValueError:
        key = b""
    return key if len(key) == WIDTH and _uuid(key) == name else digest(name)


def digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=WIDTH).digest()


def _uuid(key: bytes) -> str:
    text = key.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
