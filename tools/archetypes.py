"""Choose the settings of the archetype classifier and say how good it is; prints one JSON line a language.

`python tools/archetypes.py`: accuracy, macro F1 and ECE on dev, with the temperature that dev gives.
`--choose`: block weights and ridge by cross-validation on train. `--test`: the figures on the test texts, which were written
apart from the others; look at them once, after every choice is made. `--labels` adds F1 by label.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import product

import numpy as np

from qbtc.cio.domain.archetypes.classifier import BLOCKS, RIDGE, classifier, codes, fitted
from qbtc.cio.domain.archetypes.examples import Part, examples
from qbtc.cio.domain.archetypes.features import Measured, Weights, measure
from qbtc.cio.domain.archetypes.labels import LABELS
from qbtc.cio.domain.archetypes.regression import likelihood, probabilities, temperature
from qbtc.cio.domain.archetypes.scores import f1_score, scores
from qbtc.core.hilbert.types import Index, Real
from qbtc.core.language.detect import Language

LANGUAGES: tuple[Language, ...] = ("en", "es")
FOLDS = 5
CHOICES = tuple(
    (Weights(stems, characters, form), ridge)
    for stems, characters, form, ridge in product((1.0, 2.0), (1.0, 2.0), (1.0, 2.5, 5.0), (2e-6, 2e-5, 2e-4))
)


def report(language: Language, part: Part, by_label: bool) -> dict[str, object]:
    """Scores of the shipped classifier on a part, calibrated and not, and on dev the temperature that it gives."""
    shown = examples(language, part)
    logits, labels = classifier(language).logits([one.text for one in shown]), codes(shown)
    found = probabilities(logits, classifier(language).temperature)
    row: dict[str, object] = {"language": language, "part": part, **_rounded(scores(found, labels)._asdict())}
    row["ece_uncalibrated"] = round(scores(probabilities(logits, 1.0), labels).ece, 3)
    if part == "dev":
        row["temperature"] = round(temperature(logits, labels), 3)
    return row | ({"f1": _by_label(found, labels)} if by_label else {})


def _by_label(found: Real, labels: Index) -> dict[str, float]:
    guessed = found.argmax(axis=1)
    return _rounded({name: f1_score(guessed == code, labels == code) for code, name in enumerate(LABELS)})


def _rounded(row: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in row.items()}


def choose(language: Language) -> Iterator[dict[str, object]]:
    """Every choice with its cross-validated accuracy and likelihood, best likelihood last."""
    shown = examples(language, "train")
    measured, labels = measure([one.text for one in shown], language), codes(shown)
    rows = [(*_validated(measured, labels, *choice), *choice) for choice in CHOICES]
    for nats, right, blocks, ridge in sorted(rows, key=lambda row: -row[0]):
        yield {
            "language": language,
            "blocks": str(blocks),
            "ridge": ridge,
            "nats": round(nats, 3),
            "accuracy": round(right, 3),
        }


def _validated(measured: Measured, labels: Index, blocks: Weights, ridge: float) -> tuple[float, float]:
    """Negative log-likelihood at its best temperature and accuracy, of texts held out in turn."""
    logits = np.zeros((len(labels), len(LABELS)))
    for fold in range(FOLDS):
        out = np.arange(len(labels)) % FOLDS == fold
        made, linear = fitted(measured.only(~out), labels[~out], blocks, ridge)
        logits[out] = linear.logits(made.rows(measured.only(out)))
    return likelihood(logits, labels, temperature(logits, labels)), float((logits.argmax(axis=1) == labels).mean())


def _say(row: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", action="store_true", help="score on the test texts instead of dev")
    parser.add_argument(
        "--choose", action="store_true", help="compare block weights and ridges by cross-validation on train"
    )
    parser.add_argument("--labels", action="store_true", help="F1 of each label too")
    given = parser.parse_args()
    _say({"blocks": str(BLOCKS), "ridge": RIDGE})
    for language in LANGUAGES:
        rows = choose(language) if given.choose else [report(language, "test" if given.test else "dev", given.labels)]
        for row in rows:
            _say(row)


if __name__ == "__main__":
    main()
