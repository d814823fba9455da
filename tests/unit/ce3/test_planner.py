"""The offline planner on what people type: right tool with right arguments, or an honest nothing."""

from __future__ import annotations

import time

import pytest
from tests.every import every

from qbtc.ce3.domain.chat import Call, ChatMessage, Delta, Result, Stop, Text
from qbtc.ce3.domain.planner import Planner, split_requests
from qbtc.ce3.domain.spelling import corrected
from qbtc.ce3.offline import OfflinePlanner
from qbtc.ce3.tools import builtin
from qbtc.ce3.tools.registry import Registry

from .phrases import HELD_OUT, HELD_OUT_NOTHING, TUNED, TUNED_NOTHING, Phrase

SYMBOLS = ("BTCUSDT", "ETHUSDT")


class NoReflections:
    async def latest(self, limit: int) -> list[dict[str, object]]:
        return []


REGISTRY: Registry = builtin(NoReflections())  # type: ignore[arg-type]
PLANNER = Planner(REGISTRY.skills())


def answered(text: str) -> list[tuple[str, dict[str, object]]]:
    return [(c.tool, dict(REGISTRY.get(c.tool).read(c.request, SYMBOLS))) for c in PLANNER.choose(text)]


def right(phrase: Phrase) -> bool:
    found = answered(phrase.text)
    if [tool for tool, _ in found] != [tool for tool, _ in phrase.tools]:
        return False
    wanted = zip(found, phrase.tools, strict=True)
    return all(str(arguments.get(k)) == v for (_, arguments), (_, needed) in wanted for k, v in needed.items())


def test_the_corpus_is_large_enough_and_has_no_text_twice() -> None:
    texts = [p.text for p in (*TUNED, *HELD_OUT, *TUNED_NOTHING, *HELD_OUT_NOTHING)]
    assert len(TUNED) + len(HELD_OUT) >= 120
    assert len(TUNED_NOTHING) + len(HELD_OUT_NOTHING) >= 25
    assert len(texts) == len(set(texts))


@every("phrase", TUNED)
def test_a_phrasing_it_was_tuned_on_reaches_its_tool_with_its_arguments(phrase: Phrase) -> None:
    assert right(phrase), answered(phrase.text)


def test_of_the_phrasings_it_was_not_tuned_on_95_percent_reach_their_tool_with_their_arguments() -> None:
    wrong = [(p.text, answered(p.text)) for p in HELD_OUT if not right(p)]
    assert len(wrong) <= 0.05 * len(HELD_OUT), wrong


@pytest.mark.parametrize("phrase", [*TUNED_NOTHING, *HELD_OUT_NOTHING], ids=lambda p: p.text)
async def test_what_no_tool_can_answer_is_said_to_be_so(phrase: Phrase) -> None:
    planner = OfflinePlanner(REGISTRY, lambda: SYMBOLS)
    asked = ChatMessage("user", (Text(phrase.text),))
    events = [e async for e in planner.stream([asked], [], language="en")]
    assert isinstance(events[0], Delta) and "have none that fits" in events[0].text
    assert events[-1] == Stop("end", (Text(events[0].text),))


@pytest.mark.parametrize(
    "text",
    ["did you buy 0.5 btc?", "buy 0.5 btc?", "should I buy 0.1 btc at 60000?", "is it wise to sell 2 eth", "who sold 2 btc?",
     "what happens if I buy 1 btc", "how do I place an order?", "can you remember what I said?", "do you remember my limit?",
     "¿has comprado 0.5 btc?", "¿compra 0.5 btc?", "¿compro 0.1 btc?", "¿qué pasa si vendo 1 eth?", "¿recuerdas mi límite?",
     "¿cómo se pone una orden?", "cuánto cuesta comprar 0.1 btc", "recuerda qué te dije", "why did you buy 1 btc", "he vendido 1 btc?"],
)
def test_a_question_never_has_an_effect(text: str) -> None:
    effects = {tool.name for tool in REGISTRY if tool.side_effects != "none"}
    assert not effects & {tool for tool, _ in answered(text)}


def test_two_orders_in_one_text_are_two_proposals() -> None:
    found = answered("buy 0.1 btc and sell 2 eth at 3000")
    assert [(t, a["side"], a["quantity"], a["symbol"]) for t, a in found] == [
        ("propose_order", "BUY", "0.1", "BTCUSDT"), ("propose_order", "SELL", "2", "ETHUSDT"),
    ]


def test_a_text_to_remember_is_kept_whole() -> None:
    text = "remember that funding is high; and what is low is the spread\nand buy 1 btc is a joke"
    assert answered(text) == [("remember", {"text": text.removeprefix("remember that ")})]


def test_a_coin_that_is_not_watched_is_asked_for_and_not_replaced_by_another() -> None:
    assert answered("price of dogecoin") == [("price", {"symbol": "DOGEUSDT"})]


async def test_a_question_about_two_coins_is_two_calls() -> None:
    planner = OfflinePlanner(REGISTRY, lambda: SYMBOLS)
    asked = ChatMessage("user", (Text("precio de btc y eth"),))
    (stop,) = [e async for e in planner.stream([asked], [], language="es")]
    assert isinstance(stop, Stop)
    assert [(b.name, b.arguments) for b in stop.blocks if isinstance(b, Call)] == [
        ("price", {"symbol": "BTCUSDT"}), ("price", {"symbol": "ETHUSDT"}),
    ]


async def test_a_failed_tool_and_a_cut_result_are_reported_as_what_they_are() -> None:
    planner = OfflinePlanner(REGISTRY, lambda: SYMBOLS)
    results = (Result("a", "price", "HFT is away", False), Result("b", "fills", {"cut": "9 characters", "beginning": ""}, True))
    events = [e async for e in planner.stream([ChatMessage("tool", results)], [], language="en")]
    assert isinstance(events[0], Delta)
    assert "**price** did not work: HFT is away" in events[0].text
    assert "**fills** gave more than fits" in events[0].text


def test_code_is_not_cut() -> None:
    assert split_requests("run\n```\nqreg q[1];\nh q[0];\n```") == ["run\n```\nqreg q[1];\nh q[0];\n```"]


@pytest.mark.parametrize("text", ["a?" * 25_000, "price " * 8_000, "btc and " * 6_000, "?" * 50_000, "x" * 50_000, "\x00\ud800"])
def test_the_longest_texts_are_decided_in_a_moment(text: str) -> None:
    started = time.perf_counter()
    PLANNER.choose(text)
    assert time.perf_counter() - started < 2.0


@pytest.mark.parametrize(("word", "expected"), [("pirce", "price"), ("posisiones", "posiciones"), ("prize", "price"),
                                                ("pr", "pr"), ("lantern", "lantern"), ("price", "price")])
def test_one_slip_in_a_known_word_is_forgiven(word: str, expected: str) -> None:
    assert corrected(word, {"price", "posiciones"}) == expected
