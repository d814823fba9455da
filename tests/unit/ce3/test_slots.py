"""Arguments read from Spanish and English text."""

from __future__ import annotations

import pytest

from qbtc.ce3.domain import slots

WATCHED = ("BTCUSDT", "ETHUSDT")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("BTCUSDT now", "BTCUSDT"), ("the price of Bitcoin", "BTCUSDT"), ("ether", "ETHUSDT"), ("éter", "ETHUSDT"),
     ("solana", "SOLUSDT"), ("SOLUSDT", "SOLUSDT"), ("method", None), ("", None), ("eth before btc", "ETHUSDT")],
)
def test_a_symbol_is_found_by_pair_ticker_or_name(text: str, expected: str | None) -> None:
    assert slots.symbol(text, WATCHED) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("buy 0.5 btc", {"side": "BUY", "quantity": "0.5", "type": "MARKET"}),
     ("vende 1,5 eth a 3000,50", {"side": "SELL", "quantity": "1.5", "price": "3000.50", "type": "LIMIT"}),
     ("sell 2 eth @ $3000", {"side": "SELL", "quantity": "2", "price": "3000", "type": "LIMIT"}),
     ("buy bitcoin", {"side": "BUY", "type": "MARKET"}),
     ("an order", {"type": "MARKET"})],
)
def test_an_order_says_no_more_than_the_text(text: str, expected: dict[str, str]) -> None:
    assert slots.order(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("last 5 fills", 5), ("last fills", 1), ("99999 fills", 1), ("0.5 btc", 1)])
def test_a_count_is_a_whole_number_in_range(text: str, expected: int) -> None:
    assert slots.count(text, default=1, most=100) == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Remember that I like Mate.", "I like Mate."), ("por favor, anota: llamar a Ana", "llamar a Ana"),
     ("note this: a = b", "a = b"), ("recuerda que SÍ", "SÍ")],
)
def test_what_to_remember_keeps_its_letters(text: str, kept: str) -> None:
    assert slots.memory_text(text) == kept


@pytest.mark.parametrize(
    ("text", "topic"),
    [("what do you remember about funding rates?", "funding rates"), ("¿qué sabes de «la mesa»?", "la mesa"),
     ("busca en la memoria sobre riesgo", "riesgo")],
)
def test_the_topic_of_a_question_about_memory(text: str, topic: str) -> None:
    assert slots.topic(text) == topic


def test_a_named_circuit_becomes_source_and_an_unknown_one_does_not() -> None:
    bell = slots.circuit("run a bell pair")
    assert bell is not None and "cx q[0],q[1];" in bell and "qreg q[2];" in bell
    ghz = slots.circuit("ghz of 5 qubits")
    assert ghz is not None and "qreg q[5];" in ghz
    assert slots.circuit("run something") is None


def test_written_circuits_are_taken_as_they_are() -> None:
    source = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];'
    assert slots.circuit(f"please run ```qasm\n{source}\n```") == source
    assert slots.circuit(f"run {source}") == source


@pytest.mark.parametrize(("text", "expected"), [("500 shots", 500), ("2000 disparos", 2000), ("0 shots", 1), ("no number", None)])
def test_shots_are_within_bounds(text: str, expected: int | None) -> None:
    assert slots.shots(text) == expected
