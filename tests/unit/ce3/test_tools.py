"""The built-in tools: what they ask, what they say, and that text from outside stays text."""

from __future__ import annotations

import pytest
from pydantic import JsonValue
from tests.every import every

from qbtc.ce3.domain.chat import Language
from qbtc.ce3.domain.language import language_of
from qbtc.ce3.domain.refusals import SPANISH
from qbtc.ce3.errors import BadArguments, UnknownTool
from qbtc.ce3.tools import builtin
from qbtc.ce3.tools.base import Outcome, number, rows, table
from qbtc.ce3.tools.market import MarketStatus, account
from qbtc.ce3.tools.registry import schema
from qbtc.ce3.tools.trading import ProfitAndLoss
from qbtc.contracts import Message
from qbtc.contracts.trading import OrderEvent, TradingAnswer, TradingQuery
from qbtc.hft.domain.risk import RULES

from .doubles import TablePeers, context


class TwoReflections:
    async def latest(self, limit: int) -> list[dict[str, JsonValue]]:
        row: dict[str, JsonValue] = {"reflection_id": "r1", "text_en": "calm", "text_es": "calma", "sample": 4, "confidence": 0.5}
        return [row, row | {"reflection_id": "r2"}]


REGISTRY = builtin(TwoReflections())


def hft(**data: JsonValue) -> TablePeers:
    def answer(query: Message) -> TradingAnswer:
        assert isinstance(query, TradingQuery)
        return TradingAnswer(what=query.what, data=data[query.what])

    return TablePeers(hft_trading_query=answer)


async def call(name: str, peers: TablePeers, **arguments: JsonValue) -> Outcome:
    return await REGISTRY.call(name, arguments, context(peers), seconds=1)


def said(name: str, data: JsonValue, language: Language) -> str:
    return REGISTRY.get(name).say(data, language)


@pytest.mark.parametrize(("value", "english", "spanish"), [("61840.7", "61,840.70", "61.840,70"), (-0.5, "-0.50", "-0,50"),
                                                          (None, "—", "—"), ("n/a", "—", "—"), (1e9, "1,000,000,000.00", "1.000.000.000,00")])
def test_numbers_are_written_as_each_language_does(value: object, english: str, spanish: str) -> None:
    assert (number(value, "en"), number(value, "es")) == (english, spanish)


def test_a_table_cell_cannot_break_its_table() -> None:
    assert table(("a",), (("x | y\nz",), (None,))).splitlines()[2:] == ["| x \\| y z |", "| — |"]


async def test_the_price_is_read_from_the_book_and_names_its_source() -> None:
    book: JsonValue = {"symbol": "BTCUSDT", "bids": [["61838.45", "1"]], "asks": [["61842.96", "1"]]}
    outcome = await call("price", hft(book=book))
    assert said("price", outcome.data, "en") == "**BTCUSDT**: mid 61,840.71; bid 61,838.45, ask 61,842.96, spread 4.51 (0.729 bp)."
    assert "precio medio 61.840,71" in said("price", outcome.data, "es")
    assert outcome.sources[0].reference == "hft:book:BTCUSDT"


@every("name", ["price", "order_book", "recent_bars", "features", "positions", "open_orders", "fills", "strategies",
                "reflections", "quantum_state"])
@every("data", [None, {}, {"items": []}, []])
@every("language", ["en", "es"])
def test_nothing_to_show_is_said_in_words(name: str, data: JsonValue, language: Language) -> None:
    assert len(said(name, data, language)) > 5
    assert "None" not in said(name, data, language)


async def test_bars_are_summarised_with_the_change_from_first_open_to_last_close() -> None:
    bars: JsonValue = [{"o": 100, "h": 103, "l": 99, "c": 101}, {"o": 101, "h": 102, "l": 98, "c": 102}]
    outcome = await call("recent_bars", hft(candles=bars), symbol="BTCUSDT", limit=60)
    assert said("recent_bars", outcome.data, "en") == (
        "**BTCUSDT** over the last 2 one-second bars: +2.0000 %, now 102.00 (low 98.00, high 103.00)."
    )


def test_html_in_a_memory_stays_text() -> None:
    hit: JsonValue = {"text": "<script>alert(1)</script> funding", "kind": "chat", "happened_at": "2026-01-01T00:00:00Z"}
    assert "<script>alert(1)</script> funding" in said("recall", {"items": [hit], "query": "funding", "searched": 1}, "en")


def test_memories_that_do_not_mention_the_topic_are_shown_as_near_only() -> None:
    hit: JsonValue = {"text": "BTC calm", "kind": "market", "happened_at": "2026-01-01T00:00:00Z"}
    text = said("recall", {"items": [hit], "query": "funding", "searched": 7}, "en")
    assert text.startswith("None of the 7 memories mentions “funding”.")
    assert "perhaps unrelated" in text


def test_a_rule_without_a_number_shows_whether_it_holds() -> None:
    rules: JsonValue = [{"name": "market_open", "limit": "0", "value": "0", "headroom": "0", "ok": True},
                        {"name": "daily_loss", "limit": "1000", "value": "2", "headroom": "998", "ok": False}]
    lines = said("risk", {"state": "ACTIVE", "rules": rules}, "es").splitlines()
    assert lines[-2:] == ["| market_open | — | — | — | sí |", "| daily_loss | 1000 | 2 | 998 | no |"]


async def test_a_proposal_sends_nothing_and_has_one_id_a_call() -> None:
    peers = checked({"ok": True})
    for _ in range(2):
        outcome = await call("propose_order", peers, side="BUY", quantity="0.1", symbol="BTCUSDT")
    keys, bodies = zip(*peers.told, strict=True)
    assert set(keys) == {"hft.order.proposed"}
    assert {b.client_order_id for b in bodies if isinstance(b, OrderEvent)} == {f"ce3-{context().intent()}"}
    assert "Nothing was sent" in said("propose_order", outcome.data, "en")


@pytest.mark.parametrize("arguments", [{"side": "HOLD", "quantity": "1"}, {"side": "BUY", "quantity": "-1"},
                                       {"side": "BUY", "quantity": "1e9"}, {"side": "BUY", "quantity": "1", "now": True}])
async def test_an_order_without_what_it_needs_is_refused_with_what_is_allowed(arguments: dict[str, JsonValue]) -> None:
    with pytest.raises(BadArguments) as refused:
        await call("propose_order", TablePeers(), **arguments)
    assert refused.value.allowed == ["price", "quantity", "side", "symbol", "type"]


async def test_an_unknown_tool_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownTool) as refused:
        await call("teleport", TablePeers())
    assert isinstance(refused.value.allowed, list) and "price" in refused.value.allowed


def test_every_tool_has_both_languages_examples_and_a_closed_schema() -> None:
    names = [tool.name for tool in REGISTRY]
    assert len(names) == len(set(names)) >= 19
    for tool in REGISTRY:
        assert set(tool.description) == {"en", "es"} and len(tool.examples) >= 4
        assert schema(tool.parameters)["additionalProperties"] is False


@pytest.mark.parametrize("language", ["en", "es"])
async def test_help_names_every_tool_with_an_example_in_the_language(language: Language) -> None:
    outcome = await REGISTRY.call("help", {}, context(language=language), seconds=1)
    text = said("help", outcome.data, language)
    assert all(f"**{tool.name}**" in text for tool in REGISTRY)


async def test_the_clock_and_the_reflections_answer_without_another_service() -> None:
    clock = await call("clock", TablePeers())
    assert "UTC" in said("clock", clock.data, "es")
    assert said("reflections", (await call("reflections", TablePeers())).data, "es").startswith("- calma (n = 4, 0,50)")


@pytest.mark.parametrize(
    ("row", "english", "spanish"),
    [
        ({"venue": "local", "trading": "PAPER"}, "on paper", "en papel"),
        ({"venue": "binance", "trading": "LIVE"}, "at binance (real money)", "en binance (dinero real)"),
        (
            {"venue": "binance-testnet", "trading": "READ_ONLY", "test": True},
            "at binance-testnet (test network, read-only)",
            "en binance-testnet (red de pruebas, solo lectura)",
        ),
        ({}, "at a venue that is not known", "en una bolsa que no se conoce"),
    ],
)
def test_the_assistant_never_calls_a_live_account_paper(row: dict[str, JsonValue], english: str, spanish: str) -> None:
    assert (account(row, "en"), account(row, "es")) == (english, spanish)
    assert english in ProfitAndLoss().say(row, "en")
    assert spanish in MarketStatus().say(row, "es")


def checked(answer: JsonValue, **data: JsonValue) -> TablePeers:
    return hft(check=answer, **data)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_open_orders_asks_for_open_ones_and_shows_their_state(language: Language) -> None:
    row: JsonValue = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "quantity": "0.010000", "price": "61558.23759717", "remaining": "0.01", "state": "acked"}
    outcome = await call("open_orders", hft(open_orders={"items": [row]}))
    wanted = {
        "en": "| BTCUSDT | BUY | LIMIT | 0.01 | 61,558.24 | 0.01 | open |",
        "es": "| BTCUSDT | compra | límite | 0,01 | 61.558,24 | 0,01 | abierta |",
    }
    assert said("open_orders", outcome.data, language).splitlines()[-1] == wanted[language]


def test_a_flat_position_is_not_listed() -> None:
    flat: JsonValue = {"items": [{"symbol": "BTCUSDT", "quantity": "0", "realised": "1"}]}
    assert said("positions", flat, "en") == "There are no open positions."


@pytest.mark.parametrize("language", ["en", "es"])
async def test_what_the_gate_would_refuse_now_is_not_proposed(language: Language) -> None:
    refused: JsonValue = {"ok": False, "rule": "order_notional", "reason": "the value is above the limit of one order (60000, allowed up to 25000)", "value": "60000", "allowed": "25000"}
    peers = checked(refused)
    with pytest.raises(BadArguments, match="nothing was proposed" if language == "en" else "no se ha propuesto nada") as caught:
        await REGISTRY.call("propose_order", {"side": "BUY", "quantity": "1"}, context(peers, language=language), seconds=1)
    assert "25000" in caught.value.detail
    assert peers.told == []


async def test_a_symbol_that_is_not_watched_is_not_proposed_and_those_that_are_are_named() -> None:
    with pytest.raises(BadArguments, match=r"DOGEUSDT is not traded here\. Watched: BTCUSDT, ETHUSDT"):
        await call("propose_order", checked({"ok": True}), side="BUY", quantity="1", symbol="DOGEUSDT")


async def test_all_of_a_position_is_its_whole_lots() -> None:
    held: JsonValue = {"items": [{"symbol": "ETHUSDT", "quantity": "1.23456"}]}
    steps: JsonValue = {"items": [{"symbol": "ETHUSDT", "lot_size": "0.001"}]}
    peers = checked({"ok": True}, positions=held, symbols=steps)
    outcome = await call("propose_order", peers, side="SELL", quantity="all", symbol="ETHUSDT")
    assert isinstance(outcome.data, dict)
    assert outcome.data["quantity"] == "1.234"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"quantity": "1"}, "say whether to buy or to sell"),
        ({"side": "SELL"}, "say how much, as a number: `sell 0.5 btc`"),
        ({"side": "BUY", "quantity": "all"}, "to buy, say how much"),
        ({"side": "SELL", "quantity": "all"}, "there is no position in BTCUSDT"),
    ],
)
async def test_what_an_order_lacks_is_said_with_an_example(arguments: dict[str, JsonValue], says: str) -> None:
    peers = checked({"ok": True}, positions={"items": []}, symbols={"items": []})
    with pytest.raises(BadArguments) as caught:
        await call("propose_order", peers, **arguments)
    assert says in caught.value.detail


def test_every_rule_of_the_gate_has_a_spanish_name() -> None:
    assert {rule.name for rule in RULES} == SPANISH.keys()


def test_how_to_stop_names_the_button_and_the_verbs() -> None:
    for language in ("en", "es"):
        text = said("stop_trading", {"state": "HALTED"}, language)
        assert "`qbtc kill`" in text
        assert ("Stop" if language == "en" else "Detener") in text


async def test_the_help_gives_examples_in_the_language_of_the_answer() -> None:
    outcome = await REGISTRY.call("help", {}, context(language="es"), seconds=1)
    assert isinstance(outcome.data, dict)
    english = [row["example"] for row in rows(outcome.data) if language_of(str(row["example"])) == "en"]
    assert english == []
