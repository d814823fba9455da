"""Where the rebuilt files go, and what a word is while they are counted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import qbtc.core.language.text26 as package

WORD = re.compile(r"[^\W\d_]+")
LEXICONS = Path(package.__file__).with_name("lexicons")


def write(name: str, head: list[str], rows: Iterable[str]) -> None:
    lines = [*(f"# {line}" for line in head), *rows]
    (LEXICONS / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
