"""What CIO says about itself: counts, pending vectors, the model, memory used, the last reflection."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from qbtc.kit.embedding import LocalEmbedder
from qbtc.kit.metrics import gauge
from qbtc.kit.store import Store

from .adapters import memories, moments
from .adapters.lexicon import Lexicon
from .adapters.state_cache import StateCache


@dataclass(frozen=True, slots=True)
class Status:
    store: Store
    embedder: LocalEmbedder
    lexicon: Lexicon
    states: StateCache
    search: str

    async def __call__(self, person: str | None) -> dict[str, JsonValue]:
        """As this person sees it: their own memories and the desk's."""
        async with self.store.transaction(user=person) as conn:
            counted = await memories.counts(conn)
            last = await moments.reflections(conn, limit=1)
        return {
            "memories": counted,
            "pending_embeddings": counted["pending"],
            "model": {
                "identity": self.embedder.identity,
                "dim": self.embedder.dim,
                "loaded": self.embedder.loaded,
            },
            "vector_search": self.search,
            "lexical_index": self.lexicon.size(person),
            "cached_states": await self.states.count(),
            "memory_bytes": proportional_set_size(),
            "last_reflection": last[0].model_dump(mode="json") if last else None,
        }


def proportional_set_size() -> int | None:
    """This process's PSS in bytes; None where the kernel does not tell."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    sizes = [int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")]
    return sizes[0] if sizes else None


def watch(embedder: LocalEmbedder) -> None:
    """Gauges that are read when Prometheus asks."""
    gauge("qbtc_cio_model_loaded", "1 once the embedding model is in memory").set_function(lambda: embedder.loaded)
    gauge("qbtc_cio_pss_bytes", "Proportional set size of CIO").set_function(lambda: proportional_set_size() or 0)
