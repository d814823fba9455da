"""Which statements cannot both hold."""

from __future__ import annotations

from tests.every import every

from qbtc.cio.domain.contradiction import Conflict, conflict, negated, sentence_conflict
from qbtc.cio.domain.facts import About, Assertion, Denial
from qbtc.cio.domain.intervals import ALWAYS, Interval


def held(value: str, valid: Interval = ALWAYS, predicate: str = "weighs", single: bool = True) -> Assertion:
    return Assertion(About("Ana", predicate, single), value, frozenset({"m"}), 1, valid)


def denied(value: str | None, valid: Interval = ALWAYS) -> Denial:
    return Denial(About("ana", "WEIGHS"), value, 2, valid)


@every(
    "one, other, expected",
    [
        (held("60 kg"), held("62 kg"), "quantity"),
        (held("60 kg"), held("60,000 g"), None),
        (held("60 kg"), held("a lot"), "value"),
        (held("60 kg", Interval(0, 10)), held("62 kg", Interval(10, 20)), None),
        (held("60 kg", Interval(0, 11)), held("62 kg", Interval(10, 20)), "quantity"),
        (held("Lima"), held("LIMÁ"), None),
        (held("Lima"), held("Madrid"), "value"),
        (held("Lima", single=False), held("Madrid", single=False), None),
        (held("Lima"), held("Madrid", predicate="likes"), None),
        (held("60 kg"), denied("60000 g"), "negation"),
        (held("60 kg"), denied("70 kg"), None),
        (held("60 kg"), denied(None), None),
        (denied("60 kg"), denied("60 kg"), None),
    ],
)
def test_facts_conflict_by_the_rules(one: Assertion, other: Assertion, expected: Conflict | None) -> None:
    assert conflict(one, other) == expected
    assert conflict(other, one) == expected


@every(
    "one, other, expected",
    [
        ("Ana likes tea.", "Ana doesn't like tea.", "negation"),
        ("A Ana le gusta el té.", "A Ana no le gusta el té.", "negation"),
        ("Ana no bebe nunca café", "Ana bebe café", "negation"),
        ("Ana no bebe café", "Ana no bebe nunca café", None),
        ("The stop is at 61,000 USDT", "the stop is at 62,000 usdt", "quantity"),
        ("The trip took 90 minutes", "The trip took 1.5 hours", None),
        ("El viaje duró 90 minutos", "El viaje duró dos horas", "quantity"),
        ("Ana likes tea", "Ana likes coffee", None),
        ("", "", None),
    ],
)
def test_sentences_conflict_by_the_rules(one: str, other: str, expected: Conflict | None) -> None:
    assert sentence_conflict(one, other) == expected
    assert sentence_conflict(other, one) == expected


@every("sentence", ["I can't", "I cannot", "He won’t go", "No quiero", "Jamás fui", "sin dinero", "Nobody came"])
def test_a_negation_is_seen(sentence: str) -> None:
    assert negated(sentence)


@every("sentence", ["I know", "We won", "nota bien", "notable", "Nico va", "single"])
def test_what_only_looks_like_a_negation_is_none(sentence: str) -> None:
    assert not negated(sentence)
