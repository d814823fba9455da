"""CIO on a real PostgreSQL and a real Valkey, in this process: its own role, row policies, outbox and HTTP app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import psycopg
import pytest
import pytest_asyncio
from pydantic import SecretStr

from qbtc.cio.adapters import vectors
from qbtc.cio.adapters.lexicon import Lexicon
from qbtc.cio.adapters.state_cache import StateCache
from qbtc.cio.api.bus import BusApi
from qbtc.cio.api.http import HttpApi, mount
from qbtc.cio.api.market import mount as mount_market
from qbtc.cio.deriving import Deriving
from qbtc.cio.domain.moments import Bar
from qbtc.cio.keeping import Embedding, Eraser, Keeper
from qbtc.cio.market_recall import MarketMemory
from qbtc.cio.observing import Observer, Outside
from qbtc.cio.recalling import Parts, Recaller
from qbtc.cio.reflecting import Reflector
from qbtc.cio.reindexing import Reindexer
from qbtc.cio.service import reflecting_rules, rules_of
from qbtc.cio.settings import CioSettings
from qbtc.cio.status import Status
from qbtc.contracts import Message, Role
from qbtc.kit.cache import Cache
from qbtc.kit.clock import SystemClock
from qbtc.kit.embedding import LocalEmbedder
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.security import Actor, TokenError
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection
from qbtc.testing.postgres import PostgresServer, empty
from qbtc.testing.prepared import prepared
from qbtc.testing.valkey import ValkeyServer


class OpenTokens:
    """Tokens of the form `user:role`, or `service:name`: signatures are proven in kit's tests, not here."""

    def verify(self, token: str, **_: object) -> Actor:
        user, _, role = token.partition(":")
        if user == "service":
            return Actor(token, None, role)
        if role not in [r.value for r in Role]:
            raise TokenError("no such token")
        return Actor(user, Role(role), "web")


class FixedPrices:
    """Bars that a test sets."""

    def __init__(self) -> None:
        self.known: list[Bar] = []
        self.asked: list[str] = []

    async def bars(self, symbol: str) -> list[Bar]:
        self.asked.append(symbol)
        return self.known


@dataclass
class Cio:
    """Everything of one CIO, wired as service.py does, with prices and messages in the test's hands."""

    store: Store
    cache: Cache
    lexicon: Lexicon
    states: StateCache
    embedder: LocalEmbedder
    keeper: Keeper
    recaller: Recaller
    observer: Observer
    embedding: Embedding
    deriving: Deriving
    reflector: Reflector
    bus: BusApi
    http: httpx.AsyncClient
    prices: FixedPrices
    admin_dsn: str
    sent: list[tuple[str, Message]] = field(default_factory=list)

    def as_(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    async def embed_all(self) -> None:
        while await self.embedding.once():
            pass

    async def derive_all(self) -> None:
        while await self.deriving.once():
            pass


async def build(store: Store, cache: Cache, admin_dsn: str, *, embedder: LocalEmbedder) -> Cio:
    settings, search = CioSettings(), await vectors.choose(store)
    lexicon = Lexicon(search, embedder.identity)
    states = StateCache(cache.redis, ttl_seconds=60)
    keeper, prices, sent = Keeper(store), FixedPrices(), list[tuple[str, Message]]()

    async def emit(_conn: Connection, key: str, body: Message) -> None:
        sent.append((key, body))

    recaller = Recaller(Parts(store, embedder, lexicon, search, states, settings.cosine_floor, settings.answer_threshold))
    observer = Observer(rules_of(settings), Outside(keeper, states, prices, emit))
    clock = SystemClock()
    app = create_app("QBTC CIO", health=Health("cio", "test"), tokens=OpenTokens())  # type: ignore[arg-type]
    reflector = Reflector(store, clock, emit, reflecting_rules(settings))
    status = Status(store, embedder, lexicon, states, search.name)
    app.state.reindexer = Reindexer(store, embedder.identity, keeper.wake)
    mount_market(app, MarketMemory(store, states, observer.present, settings.market_horizons))
    mount(app, HttpApi(store, keeper, Eraser(store, states, lexicon), recaller, embedder, clock, status, reflector))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://cio")
    return Cio(
        store,
        cache,
        lexicon,
        states,
        embedder,
        keeper,
        recaller,
        observer,
        Embedding(store, embedder, search, keeper.wake),
        Deriving(store, keeper.unread, echo_hours=settings.echo_hours),
        reflector,
        BusApi(keeper, recaller, observer, clock),
        client,
        prices,
        admin_dsn,
        sent,
    )


@pytest.fixture(scope="session")
def embedder() -> Iterator[LocalEmbedder]:
    made = LocalEmbedder(threads=1)
    yield made
    made.close()


@dataclass(frozen=True)
class Database:
    search: str
    admin_dsn: str
    dsn: str


@pytest.fixture(scope="session", params=["pgvector", "bytes"])
def database(
    request: pytest.FixtureRequest, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Database:
    """Migrated, with the `vector` column as pgvector makes it and as its absence does."""
    admin_dsn, dsns = asyncio.run(prepared(postgres, tmp_path_factory.mktemp("home"), bus_in_database=False))
    if request.param == "bytes":
        with psycopg.connect(admin_dsn, autocommit=True) as admin:
            admin.execute("ALTER TABLE cio_consciousness.embeddings DROP COLUMN vector")
            admin.execute("ALTER TABLE cio_consciousness.embeddings ADD COLUMN vector bytea NOT NULL")
    return Database(request.param, admin_dsn, dsns["cio"])


@pytest_asyncio.fixture
async def cio(database: Database, valkey: ValkeyServer, embedder: LocalEmbedder) -> AsyncIterator[Cio]:
    """CIO with no memories yet."""
    empty(database.admin_dsn, "cio_consciousness")
    store, cache = Store(database.dsn, name="cio"), Cache(SecretStr(valkey.url), service="cio")
    await store.open()
    await cache.redis.flushall()
    made = await build(store, cache, database.admin_dsn, embedder=embedder)
    assert (await vectors.choose(store)).name == database.search
    yield made
    await made.http.aclose()
    await cache.close()
    await store.close()


def unit(*leading: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """(Re, Im) of the normalised state whose first real parts are given."""
    norm = sum(x * x for x in leading) ** 0.5
    return (*(x / norm for x in leading), *[0.0] * (26 - len(leading))), (0.0,) * 26


NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
