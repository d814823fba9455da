"""The frozen 26-dimensional basis A..Z shared by HFT (market), CIO (text) and QCS (state).

Order and meaning are frozen: `SCHEMA_HASH` is stored with every state and a change of any name, unit or
definition is a new version, never an edit. This module holds the names only; extractors live in the services.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

VERSION = 1
SIZE = 26

BAR_SECONDS = 1
WINDOW_BARS = 60
LAG_BARS = 1
HALF_LIFE_BARS = 20
EPSILON = 1e-9
CLIP = 5.0


@dataclass(frozen=True, slots=True)
class Dimension:
    """One axis of the basis: its letter, its name and what it measures in markets and in text."""

    letter: str
    name: str
    market: str
    market_unit: str
    text: str
    text_unit: str


DIMENSIONS: tuple[Dimension, ...] = tuple(
    Dimension(*row)
    for row in (
        ("A", "Advance", "t-statistic of mean log return", "t", "mean valence of words", "-1..1"),
        ("B", "Burst", "log realised volatility", "log", "mean arousal", "-1..1"),
        ("C", "Control", "order-flow imbalance per unit depth", "1", "mean dominance", "-1..1"),
        ("D", "Dispersion", "cross-sectional standard deviation of returns", "bp", "lexical diversity MTLD", "words"),
        ("E", "Entropy", "permutation entropy of returns, order 4", "0..1", "word-unigram entropy", "bits"),
        ("F", "Friction", "quoted half-spread", "bp", "hedges and negations", "per 100 words"),
        ("G", "Gap", "jump share of realised variance", "0..1", "mean surprisal of characters", "bits/char"),
        ("H", "Hurst", "DFA exponent minus 0.5", "1", "DFA exponent of sentence lengths minus 0.5", "1"),
        ("I", "Imbalance", "size imbalance of five levels", "-1..1", "assertions minus questions", "-1..1"),
        ("J", "Joint", "mean correlation with BTC and the list", "-1..1", "cosine to the conversation centroid", "-1..1"),
        ("K", "Kurtosis", "realised excess kurtosis", "1", "excess kurtosis of sentence lengths", "1"),
        ("L", "Liquidity", "log depth within 10 bp", "log quote", "content-word ratio", "0..1"),
        ("M", "Momentum", "(EMA12 - EMA26)/ATR14", "1", "slope of valence over sentences", "per sentence"),
        ("N", "Novelty", "1 - max overlap with earlier states", "0..1", "1 - max overlap with earlier memories", "0..1"),
        ("O", "Openness", "change of open interest", "%", "modal and commitment verbs", "per 100 words"),
        ("P", "Periodicity", "Fisher g of the return periodogram", "0..1", "metrical vector strength", "0..1"),
        ("Q", "Quickness", "rate of book messages and trades", "log 1/s", "words per clause, negated", "1"),
        ("R", "Reversion", "-log half-life of an Ornstein-Uhlenbeck fit", "log bars", "n-gram repetition rate", "0..1"),
        ("S", "Skew", "realised skewness", "1", "skewness of word valence", "1"),
        ("T", "Toxicity", "VPIN", "0..1", "distrust minus trust word rate", "per 100 words"),
        ("U", "Uncertainty", "log ratio of the GARCH forecast to its median", "log", "uncertainty words", "per 100 words"),
        ("V", "Volume", "log quote volume", "log", "log word count", "log"),
        ("W", "Width", "perpetual-spot basis", "bp", "first-person share of pronouns", "0..1"),
        ("X", "Cross-lead", "antisymmetric lagged cross-correlation with BTC", "-1..1", "named entities", "per 100 words"),
        ("Y", "Yield", "funding rate, annualised", "%", "gain minus loss word rate", "per 100 words"),
        ("Z", "Zenith", "drawdown from the rolling high", "%", "closure of lines or threads", "0..1"),
    )
)

LETTERS = "".join(d.letter for d in DIMENSIONS)
NAMES = tuple(d.name for d in DIMENSIONS)
INDEX = {d.letter: i for i, d in enumerate(DIMENSIONS)}


def schema_hash() -> str:
    """SHA-256 (first 16 hex digits) over version, constants and every dimension's definition."""
    head = f"{VERSION}|{BAR_SECONDS}|{WINDOW_BARS}|{LAG_BARS}|{HALF_LIFE_BARS}|{EPSILON!r}|{CLIP!r}"
    rows = ("|".join((d.letter, d.name, d.market, d.market_unit, d.text, d.text_unit)) for d in DIMENSIONS)
    return hashlib.sha256("\n".join((head, *rows)).encode()).hexdigest()[:16]


SCHEMA_HASH = schema_hash()
