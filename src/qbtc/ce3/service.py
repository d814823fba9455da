"""Wiring of Ce3: settings, model, tools, turns, HTTP and bus."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence

from qbtc.contracts.trading import TradingAnswer, TradingQuery
from qbtc.kit.errors import QbtcError
from qbtc.kit.hearing import hearing
from qbtc.kit.logs import get_logger
from qbtc.kit.runtime import Built, Runtime, ServiceSpec
from qbtc.kit.security import Vault

from .adapters.peers import BusPeers
from .adapters.repository import Repository
from .agent import Agent, Limits
from .api.bus import BusApi
from .api.http import Http
from .errors import NoModelKey
from .offline import OfflinePlanner
from .ports import Provider
from .settings import Ce3Settings
from .tools import builtin
from .turns import Turns

log = get_logger(__name__)

SYMBOLS_SECONDS = 10
KEY_NAME = "anthropic"


class WatchedSymbols:
    """The symbols HFT watches, asked for every ten seconds; empty until the first answer."""

    def __init__(self, rt: Runtime[Ce3Settings]) -> None:
        self._rt = rt
        self.now: tuple[str, ...] = tuple(rt.platform.symbols)

    async def keep_fresh(self) -> None:
        while True:
            try:
                answer = await self._rt.request("hft.trading.query", TradingQuery(what="market"), reply=TradingAnswer)
                found = answer.data.get("symbols") if isinstance(answer.data, dict) else None
                self.now = tuple(str(s) for s in found) if isinstance(found, list) else self.now
            except QbtcError as error:
                log.info("watched symbols are not known yet", error=error.detail)
            await asyncio.sleep(SYMBOLS_SECONDS if self.now else 1.0)


def claude_key(env: Mapping[str, str], vault: Vault) -> str | None:
    """ANTHROPIC_API_KEY, else what `qbtc keys add anthropic` stored."""
    given = env.get("ANTHROPIC_API_KEY", "").strip()
    return given or (vault.get(KEY_NAME).strip() if KEY_NAME in vault.names() else None)


def choose_provider(
    settings: Ce3Settings, offline: Callable[[], Provider], *, env: Mapping[str, str], vault: Vault
) -> Provider:
    """The model that `provider` asks for; `auto` takes the first that is configured. Raises NoModelKey."""
    if settings.provider == "offline":
        return offline()
    key, host = claude_key(env, vault), env.get("OLLAMA_HOST")
    if settings.provider == "claude" and not key:
        raise NoModelKey(
            'provider = "claude" needs a key: run `qbtc keys add anthropic`, or set ANTHROPIC_API_KEY', field="provider"
        )
    if settings.provider == "claude" or (settings.provider == "auto" and key):
        from .adapters.models.claude import Claude

        return Claude(
            api_key=key or "", model=settings.claude_model, max_tokens=settings.claude_max_tokens,
            base_url=env.get("ANTHROPIC_BASE_URL"),
        )
    if settings.provider == "ollama" or (settings.provider == "auto" and host):
        from .adapters.models.ollama import Ollama

        address = host or "http://127.0.0.1:11434"
        url = address if "://" in address else f"http://{address}"
        return Ollama(host=url, model=settings.ollama_model, context=settings.ollama_context)
    return offline()


async def build(rt: Runtime[Ce3Settings]) -> Built:
    repository = Repository(rt.store, rt.emit, rt.tokens.on_behalf)
    registry = builtin(repository)
    symbols = WatchedSymbols(rt)
    watched: Callable[[], Sequence[str]] = lambda: symbols.now  # noqa: E731
    provider = choose_provider(
        rt.settings, lambda: OfflinePlanner(registry, watched), env=os.environ, vault=Vault(rt.platform.home)
    )
    limits = Limits(rt.settings.max_steps, rt.settings.turn_seconds, rt.settings.tool_seconds)
    turns = Turns(
        repository, Agent(provider, registry, limits=limits), lambda actor: BusPeers(rt, actor), watched,
        history_turns=rt.settings.history_turns, workers=rt.settings.workers,
    )
    rt.store.after_commit.append(turns.committed)
    http = Http(
        repository, registry, turns, tokens=rt.tokens, health=rt.health, model=provider.name,
        ask_seconds=rt.settings.turn_seconds + 30,
    )
    bus = BusApi(repository, turns, rt.tokens, call_seconds=rt.settings.call_seconds)
    rt.health.note["model"] = provider.name

    async def close() -> None:
        turns.stop()
        await provider.close()

    return Built(
        app=http.asgi(),
        handlers={
            "ce3.requests": bus.on_request, "ce3.calls": bus.on_call, "ce3.reflections": bus.on_reflection,
            "ce3.workspace": hearing(rt),
        },
        tasks=(turns.work, symbols.keep_fresh),
        on_close=close,
    )


SPEC = ServiceSpec(name="ce3", settings=Ce3Settings, build=build)
