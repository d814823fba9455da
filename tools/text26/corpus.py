"""The reference corpus: texts of the Debian packages fortunes, fortunes-min and fortunes-es, unpacked into one folder.

    apt-get download fortunes fortunes-min fortunes-es && for p in *.deb; do dpkg-deb -x $p FOLDER; done

Lines that only say who spoke are left out, and so are the files of Zippy's nonsense and the offensive ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

FILES = "usr/share/games/fortunes"
LEFT_OUT = {"zippy"}


def series(folder: Path, language: str) -> Iterator[list[str]]:
    """The texts of each file, in order: what stands for a conversation."""
    root = folder / FILES
    found = (root / "es").glob("*.fortunes") if language == "es" else root.iterdir()
    for path in sorted(p for p in found if p.is_file() and p.name not in LEFT_OUT):
        if path.suffix in ("", ".fortunes"):
            yield list(_texts(path.read_bytes()))


def texts(folder: Path, language: str) -> Iterator[str]:
    for one in series(folder, language):
        yield from one


def _texts(raw: bytes) -> Iterator[str]:
    for part in re.split(r"(?m)^%\s*$", _decoded(raw)):
        spoken = (line for line in part.splitlines() if not re.match(r"\s*(--|—)", line))
        text = re.sub(r"[ \t]+", " ", "\n".join(spoken)).strip()
        if text:
            yield text


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
