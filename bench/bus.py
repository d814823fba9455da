"""The bus: latency and throughput of both adapters, with aio-pika bare and FastStream bare beside them.

`python -m bench.bus [--rounds N] [--messages N]` starts private brokers, prints one JSON line. All four confirm every
publish on durable queues and ack after the handler; the peers do without retry, dead letters, order and effect-once.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Protocol

import aio_pika
import structlog
from bench.harness import Figures, emit, interleaved, latency, ratio, summary

from qbtc.contracts import Envelope, Exchange, Queue, ServiceName
from qbtc.kit.bus import Bus, Delivery
from qbtc.testing import rabbitmq
from qbtc.testing.bus import Broker, PostgresBroker, RabbitBroker, message
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.rabbitmq import RabbitServer

TOPOLOGY = {
    q.name: q
    for q in (
        Queue("b.work", ServiceName.WEB, Exchange.TOPIC, ("b.work",)),
        Queue("b.calls", ServiceName.WEB, Exchange.DIRECT, ("b.call",)),
    )
}
PAYLOAD = "x" * 300
PUBLISHERS = 100
SAMPLES = 200
CALLS = 200
Got = Callable[[bytes], Awaitable[None]]


class Peer(Protocol):
    """What is measured: publish one confirmed message; have `got` called for each; ask and be answered."""

    async def publish(self, body: bytes) -> None: ...

    async def consume(self, got: Got) -> None: ...

    async def ask(self, n: int) -> None: ...


class Ours:
    def __init__(self, bus: Bus) -> None:
        self.bus = bus

    async def publish(self, body: bytes) -> None:
        await self.bus.publish(message("b.work", stamp=body.decode(), pad=PAYLOAD), exchange=Exchange.TOPIC)

    async def consume(self, got: Got) -> None:
        async def handle(delivery: Delivery) -> None:
            await got(str(delivery.envelope.data["stamp"]).encode())

        async def answer(delivery: Delivery) -> None:
            await self.bus.reply(delivery.envelope, message("b.answer", n=delivery.envelope.data["n"]))

        await self.bus.consume("b.work", handle)
        await self.bus.consume("b.calls", answer)

    async def ask(self, n: int) -> None:
        reply: Envelope = await self.bus.request(message("b.call", n=n, pad=PAYLOAD), 10.0)
        assert reply.data["n"] == n


class AioPika:
    """aio-pika as its documentation shows it, on one quorum queue."""

    def __init__(self, publish: aio_pika.abc.AbstractChannel, consume: aio_pika.abc.AbstractChannel) -> None:
        self._publish, self._consume = publish, consume
        self._answers: dict[str, asyncio.Future[bytes]] = {}

    async def publish(self, body: bytes) -> None:
        text = body + b"|" + PAYLOAD.encode()
        await self._publish.default_exchange.publish(aio_pika.Message(text, delivery_mode=2), "bare.work")

    async def consume(self, got: Got) -> None:
        async def handle(incoming: aio_pika.abc.AbstractIncomingMessage) -> None:
            async with incoming.process():
                await got(incoming.body.split(b"|")[0])

        async def answer(incoming: aio_pika.abc.AbstractIncomingMessage) -> None:
            async with incoming.process():
                back = aio_pika.Message(incoming.body, correlation_id=incoming.correlation_id)
                await self._consume.default_exchange.publish(back, str(incoming.reply_to), mandatory=False)

        async def answered(incoming: aio_pika.abc.AbstractIncomingMessage) -> None:
            self._answers.pop(str(incoming.correlation_id)).set_result(incoming.body)

        await self._consume.set_qos(prefetch_count=100)
        for name, handler in (("bare.work", handle), ("bare.calls", answer)):
            queue = await self._consume.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
            await queue.consume(handler)
        replies = await self._publish.get_queue("amq.rabbitmq.reply-to", ensure=False)
        await replies.consume(answered, no_ack=True)

    async def ask(self, n: int) -> None:
        future = self._answers[str(n)] = asyncio.get_running_loop().create_future()
        asked = aio_pika.Message(PAYLOAD.encode(), correlation_id=str(n), reply_to="amq.rabbitmq.reply-to")
        await self._publish.default_exchange.publish(asked, "bare.calls")
        await future


class FastStream:
    """FastStream's RabbitBroker as its documentation shows it, on one quorum queue."""

    def __init__(self, url: str) -> None:
        from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue

        self.broker = RabbitBroker(url, logger=None, default_channel=Channel(prefetch_count=100))
        self._work = RabbitQueue("fs.work", durable=True, queue_type=QueueType.QUORUM)
        self._calls = RabbitQueue("fs.calls", durable=True, queue_type=QueueType.QUORUM)

    async def publish(self, body: bytes) -> None:
        await self.broker.publish(body.decode() + "|" + PAYLOAD, queue=self._work, persist=True)

    async def consume(self, got: Got) -> None:
        @self.broker.subscriber(self._work)
        async def handle(body: str) -> None:
            await got(body.split("|", 1)[0].encode())

        @self.broker.subscriber(self._calls)
        async def answer(body: str) -> str:
            return body

        await self.broker.start()

    async def ask(self, n: int) -> None:
        await self.broker.request(PAYLOAD, queue=self._calls, timeout=10.0)


async def measure(peer: Peer, messages: int) -> Figures:
    """Latency one by one (publish call to handler), then the time until `messages` are published and handled."""
    took: list[float] = []
    finished = asyncio.Event()
    wanted = SAMPLES

    async def got(stamp: bytes) -> None:
        took.append(time.perf_counter() - float(stamp))
        if len(took) == wanted:
            finished.set()

    await peer.consume(got)
    for _ in range(SAMPLES):
        await peer.publish(repr(time.perf_counter()).encode())
        await asyncio.sleep(0.002)
    await finished.wait()
    figures = latency(took)
    rpc = []
    for n in range(CALLS):
        start = time.perf_counter()
        await peer.ask(n)
        rpc.append(time.perf_counter() - start)
    took.clear()
    finished.clear()
    wanted = messages
    start = time.perf_counter()
    await asyncio.gather(*(_publish_many(peer, messages // PUBLISHERS) for _ in range(PUBLISHERS)))
    await finished.wait()
    figures["messages_per_s"] = round(messages / (time.perf_counter() - start))
    return figures | {f"rpc_{name}": value for name, value in latency(rpc).items()}


async def _publish_many(peer: Peer, count: int) -> None:
    for _ in range(count):
        await peer.publish(repr(time.perf_counter()).encode())


async def run_ours(broker: Broker, messages: int) -> Figures:
    bus = broker.bus(await broker.fresh(TOPOLOGY), TOPOLOGY)
    await bus.start()
    try:
        return await measure(Ours(bus), messages)
    finally:
        await bus.close()


async def run_aio_pika(url: str, messages: int) -> Figures:
    async with AsyncExitStack() as stack:
        channels = [
            await (await stack.enter_async_context(await aio_pika.connect(url))).channel(publisher_confirms=True)
            for _ in range(2)
        ]
        return await measure(AioPika(channels[0], channels[1]), messages)


async def run_faststream(url: str, messages: int) -> Figures:
    peer = FastStream(url)
    try:
        return await measure(peer, messages)
    finally:
        await peer.broker.stop()


async def main(rounds: int, messages: int) -> None:
    skipped = rabbitmq.missing()
    with PostgresServer() as postgres:
        runs = {"qbtc_postgres": lambda: run_ours(PostgresBroker(postgres), messages)}
        if skipped:
            found = await interleaved(runs, rounds)
        else:
            with RabbitServer() as rabbit:
                runs["qbtc_rabbitmq"] = lambda: run_ours(RabbitBroker(rabbit), messages)
                runs["aio_pika_bare"] = lambda: run_aio_pika(rabbit.url(), messages)
                runs["faststream_bare"] = lambda: run_faststream(rabbit.url(), messages)
                found = await interleaved(runs, rounds)
    peers = [name for name in ("aio_pika_bare", "faststream_bare") if name in found]
    ratios = {
        f"{ours}/{peer}": {f: ratio(found[ours], found[peer], f) for f in ("messages_per_s", "p50_ms", "rpc_p50_ms")}
        for ours in ("qbtc_postgres", "qbtc_rabbitmq")
        for peer in peers
    }
    emit(
        "bus", rounds=rounds, messages=messages, payload_bytes=len(PAYLOAD), skipped=skipped,
        figures={name: summary(each) for name, each in found.items()}, ratios=ratios,
    )  # fmt: skip


if __name__ == "__main__":
    logging.getLogger().setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=5000)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.rounds, arguments.messages))
