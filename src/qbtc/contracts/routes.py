"""Every routing key, once: its kind, its body, who may publish it, who needs which role, who consumes it.

`QUEUES` is the durable topology derived from the same table: queues exist before any service runs, so that a
message for a service that is down waits for it, and a message for nobody is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from . import memory, quantum, tools, trading, ui, workspace
from .common import Message, Role, ServiceName

CE3, CIO, QCS, HFT, WEB = ServiceName
EVERYONE = tuple(ServiceName)


class Exchange(StrEnum):
    DIRECT = "qbtc.direct"
    TOPIC = "qbtc.topic"
    FANOUT = "qbtc.fanout"


class Kind(StrEnum):
    """What a message is for; the kind decides the bus exchange."""

    COMMAND = "command"
    EVENT = "event"
    REQUEST = "request"
    BROADCAST = "broadcast"

    @property
    def exchange(self) -> Exchange:
        return {Kind.REQUEST: Exchange.DIRECT, Kind.BROADCAST: Exchange.FANOUT}.get(self, Exchange.TOPIC)


@dataclass(frozen=True, slots=True)
class Route:
    """One routing key. `role` is what the acting person needs when the message comes from the UI."""

    key: str
    kinds: tuple[Kind, ...]
    body: type[Message]
    producers: tuple[ServiceName, ...]
    consumers: tuple[ServiceName, ...]
    reply: type[Message] | None = None
    role: Role | None = None
    order_by: str | None = None
    fixed: tuple[tuple[str, str], ...] = ()

    @property
    def schema_id(self) -> str:
        return f"urn:qbtc:{self.key}:1"


def _route(
    key: str,
    kinds: Kind | tuple[Kind, ...],
    body: type[Message],
    producers: tuple[ServiceName, ...],
    consumers: tuple[ServiceName, ...],
    **rest: object,
) -> Route:
    return Route(key, kinds if isinstance(kinds, tuple) else (kinds,), body, producers, consumers, **rest)  # type: ignore[arg-type]


_C, _E, _R, _B = Kind.COMMAND, Kind.EVENT, Kind.REQUEST, Kind.BROADCAST

ROUTES: dict[str, Route] = {
    r.key: r
    for r in (
        _route("ce3.tools.request", (_C, _R), tools.ToolRequest, EVERYONE, (CE3,), reply=tools.TurnFinished,
               role=Role.VIEWER, order_by="conversation"),
        _route("ce3.tools.finished", _E, tools.ToolFinished, (CE3,), (WEB, CIO)),
        _route("ce3.turn.delta", _E, tools.TurnEvent, (CE3,), (WEB,), order_by="conversation"),
        _route("cio.consciousness.query", _R, memory.ConsciousnessQuery, (CE3, HFT, WEB), (CIO,), reply=memory.Recall),
        _route("cio.memory.store", (_C, _R), memory.StoreMemory, (CE3, WEB), (CIO,), reply=memory.StoredMemory,
               role=Role.VIEWER),
        _route("cio.memory.reflected", _E, memory.Reflection, (CIO,), (HFT, CE3, WEB)),
        _route("cio.workspace.broadcast", _E, workspace.WorkspaceBroadcast, (CIO,), (CE3, QCS, HFT, WEB)),
        _route("cio.workspace.heard", _E, workspace.WorkspaceHeard, (CE3, QCS, HFT, WEB), (CIO,)),
        _route("qcs.quantum.compute", (_C, _R), quantum.QuantumCompute, (CE3, WEB, CIO), (QCS,),
               reply=quantum.QuantumResult, role=Role.VIEWER),
        _route("qcs.quantum.state", _E, quantum.QuantumState, (QCS,), (CIO, HFT, WEB), order_by="session"),
        _route("hft.market.state", _E, trading.MarketState, (HFT,), (QCS, WEB), order_by="session"),
        _route("hft.trading.signal", _C, trading.Signal, (QCS, CIO), (HFT, CIO, WEB), order_by="symbol"),
        _route("hft.trading.query", _R, trading.TradingQuery, (CE3, CIO, QCS, WEB), (HFT,), reply=trading.TradingAnswer),
        _route("hft.order.place", _C, trading.PlaceOrder, (WEB,), (HFT,), role=Role.TRADER, order_by="symbol"),
        _route("hft.order.cancel", _C, trading.CancelOrder, (WEB,), (HFT,), role=Role.TRADER, order_by="symbol"),
        _route("hft.order.proposed", _E, trading.OrderEvent, (HFT, CE3), (HFT, CIO, WEB), order_by="client_order_id", fixed=(("status", "proposed"),)),
        _route("hft.order.approved", _C, trading.OrderEvent, (WEB,), (HFT, CIO, WEB), role=Role.TRADER,
               order_by="client_order_id", fixed=(("status", "approved"),)),
        _route("hft.order.sent", _E, trading.OrderEvent, (HFT,), (CIO, WEB), order_by="client_order_id", fixed=(("status", "sent"),)),
        _route("hft.order.filled", _E, trading.OrderEvent, (HFT,), (CIO, WEB), order_by="client_order_id", fixed=(("status", "filled"),)),
        _route("hft.order.cancelled", _E, trading.OrderEvent, (HFT,), (CIO, WEB), order_by="client_order_id", fixed=(("status", "cancelled"),)),
        _route("hft.order.rejected", _E, trading.OrderEvent, (HFT,), (CIO, WEB), order_by="client_order_id", fixed=(("status", "rejected"),)),
        _route("hft.strategy.set", _C, trading.SetStrategy, (WEB,), (HFT,), role=Role.TRADER, order_by="strategy"),
        _route("hft.parameters.decide", _C, trading.DecideParameters, (WEB,), (HFT,), role=Role.TRADER, order_by="strategy"),
        _route("hft.trading.kill", _B, trading.Kill, (WEB, HFT), EVERYONE, role=Role.TRADER),
        _route("hft.trading.resume", _B, trading.Resume, (WEB,), EVERYONE, role=Role.TRADER),
        _route("web.ui.update", _E, ui.UiUpdate, EVERYONE, (WEB,)),
        _route("web.service.control", _B, ui.ServiceControl, (WEB,), EVERYONE, role=Role.ADMIN),
        _route("web.settings.changed", _B, ui.SettingsChanged, (WEB,), EVERYONE, role=Role.ADMIN),
    )
}


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue of one service. `expires` (seconds) is for events that are worthless when late."""

    name: str
    service: ServiceName
    exchange: Exchange
    patterns: tuple[str, ...]
    ordered: bool = False
    expires: float | None = None
    max_attempts: int = 5


# What became of orders; not `hft.order.*`, which would also take the commands that only HFT may handle.
ORDER_STEPS = tuple(
    f"hft.order.{step}" for step in ("proposed", "approved", "sent", "filled", "cancelled", "rejected")
)

QUEUES: dict[str, Queue] = {
    q.name: q
    for q in (
        Queue("ce3.requests", CE3, Exchange.TOPIC, ("ce3.tools.request",), ordered=True),
        Queue("ce3.calls", CE3, Exchange.DIRECT, ("ce3.tools.request",)),
        Queue("ce3.reflections", CE3, Exchange.TOPIC, ("cio.memory.reflected",), expires=3600),
        Queue("ce3.workspace", CE3, Exchange.TOPIC, ("cio.workspace.broadcast",), expires=60),
        Queue("ce3.control", CE3, Exchange.FANOUT, ("#",), expires=60),
        Queue("cio.queries", CIO, Exchange.DIRECT, ("cio.consciousness.query", "cio.memory.store")),
        Queue("cio.memories", CIO, Exchange.TOPIC, ("cio.memory.store",)),
        Queue("cio.states", CIO, Exchange.TOPIC, ("qcs.quantum.state",), ordered=True, expires=60),
        Queue("cio.orders", CIO, Exchange.TOPIC, ORDER_STEPS, ordered=True),
        Queue("cio.tools", CIO, Exchange.TOPIC, ("ce3.tools.finished",)),
        Queue("cio.workspace", CIO, Exchange.TOPIC, ("cio.workspace.heard", "hft.trading.signal"), expires=60),
        Queue("cio.control", CIO, Exchange.FANOUT, ("#",), expires=60),
        Queue("qcs.compute", QCS, Exchange.DIRECT, ("qcs.quantum.compute",)),
        Queue("qcs.commands", QCS, Exchange.TOPIC, ("qcs.quantum.compute",)),
        Queue("qcs.market", QCS, Exchange.TOPIC, ("hft.market.state",), ordered=True, expires=60),
        Queue("qcs.workspace", QCS, Exchange.TOPIC, ("cio.workspace.broadcast",), expires=60),
        Queue("qcs.control", QCS, Exchange.FANOUT, ("#",), expires=60),
        Queue("hft.signals", HFT, Exchange.TOPIC, ("hft.trading.signal",), ordered=True, expires=60),
        Queue("hft.states", HFT, Exchange.TOPIC, ("qcs.quantum.state",), ordered=True, expires=10),
        Queue("hft.reflections", HFT, Exchange.TOPIC, ("cio.memory.reflected",), expires=60),
        Queue("hft.orders", HFT, Exchange.TOPIC,
              ("hft.order.place", "hft.order.cancel", "hft.order.proposed", "hft.order.approved", "hft.strategy.set",
               "hft.parameters.decide"),
              ordered=True),
        Queue("hft.queries", HFT, Exchange.DIRECT, ("hft.trading.query",)),
        Queue("hft.workspace", HFT, Exchange.TOPIC, ("cio.workspace.broadcast",), expires=60),
        Queue("hft.control", HFT, Exchange.FANOUT, ("#",)),
        Queue("web.updates", WEB, Exchange.TOPIC, ("web.ui.update",), expires=3600),
        Queue("web.turns", WEB, Exchange.TOPIC, ("ce3.turn.delta", "ce3.tools.finished"), ordered=True, expires=3600),
        Queue("web.events", WEB, Exchange.TOPIC,
              ("hft.market.state", "hft.trading.signal", "qcs.quantum.state", "cio.memory.reflected", *ORDER_STEPS),
              ordered=True, expires=60),
        Queue("web.workspace", WEB, Exchange.TOPIC, ("cio.workspace.broadcast",), expires=60),
        Queue("web.control", WEB, Exchange.FANOUT, ("#",), expires=60),
    )
}


def matches(pattern: str, key: str) -> bool:
    """AMQP topic match: `*` is exactly one word, `#` zero or more words, anywhere in the pattern."""
    return _match(tuple(pattern.split(".")), tuple(key.split(".")))


def _match(pattern: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if not pattern:
        return not words
    head, rest = pattern[0], pattern[1:]
    if head == "#":
        return any(_match(rest, words[i:]) for i in range(len(words) + 1))
    return bool(words) and head in ("*", words[0]) and _match(rest, words[1:])


def may_publish(service: str, key: str) -> bool:
    """True if the contract lets this service publish this key; a failed look-up means no."""
    route = ROUTES.get(key)
    return route is not None and service in route.producers
