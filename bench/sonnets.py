"""The hand-scanned sonnets in QBTC_DATA, and which authors may be looked at when prices and lists are made."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

TEI = "{http://www.tei-c.org/ns/1.0}"


class Sonnet(NamedTuple):
    author: str
    text: str
    beats: list[str]


def held_out(author: str) -> bool:
    """Half of the authors, by a hash of the name, are for measuring only."""
    return hashlib.sha256(author.encode()).digest()[0] % 2 == 1


def folder() -> Path:
    return Path(os.environ.get("QBTC_DATA", "../shared/data")) / "text" / "sonnets_es"


def sonnets() -> Iterator[Sonnet]:
    """Every poem of the corpus; none where it is absent."""
    for path in sorted(folder().glob("*/*.xml")):
        stanzas = [list(group.iter(f"{TEI}l")) for group in ElementTree.parse(path).iter(f"{TEI}lg")]
        text = "\n\n".join("\n".join(" ".join("".join(line.itertext()).split()) for line in lines) for lines in stanzas)
        yield Sonnet(path.parent.name, text, [line.get("met", "") for lines in stanzas for line in lines])
