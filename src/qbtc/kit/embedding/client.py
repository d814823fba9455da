"""CIO's embedder over HTTP, for every service that must not load the model itself."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

import httpx
import numpy as np
from pydantic import BaseModel, ValidationError

from qbtc.kit.errors import BadInput, Unavailable

from .local import LOCAL_DIM, LOCAL_IDENTITY
from .protocol import EmbedKind, IdentityMismatch, Vectors, checked_texts


class EmbedRequest(BaseModel):
    texts: list[str]
    kind: EmbedKind
    identity: str | None = None


class EmbedResponse(BaseModel):
    """`vectors` are rows of numbers, or with `encoding=base64` float32 little-endian bytes, row after row."""

    identity: str
    dim: int
    vectors: list[list[float]] | str


def pack(vectors: Vectors) -> str:
    return base64.b64encode(np.ascontiguousarray(vectors, dtype="<f4").tobytes()).decode()


def unpack(response: EmbedResponse) -> Vectors:
    if isinstance(response.vectors, str):
        flat = np.frombuffer(base64.b64decode(response.vectors), dtype="<f4")
        return flat.reshape(-1, response.dim).astype(np.float32)
    return np.array(response.vectors, dtype=np.float32).reshape(-1, response.dim)


class HttpEmbedder:
    """`token` gives a fresh bearer token for each call. Vectors of any model but `identity` are refused."""

    def __init__(
        self,
        base_url: str,
        token: Callable[[], str],
        *,
        identity: str = LOCAL_IDENTITY,
        dim: int = LOCAL_DIM,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self._token, self._identity, self._dim = token, identity, dim
        self._client = client or httpx.AsyncClient(base_url=base_url, timeout=30.0, trust_env=False)

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def dim(self) -> int:
        return self._dim

    async def embed(self, texts: Sequence[str], kind: EmbedKind) -> Vectors:
        checked = checked_texts(texts, kind)
        response = await self._post({"texts": checked, "kind": kind, "identity": self._identity})
        if response.identity != self._identity or response.dim != self._dim:
            raise IdentityMismatch(
                f"expected {self._identity!r} ({self._dim}), got {response.identity!r} ({response.dim})",
                allowed=self._identity,
            )
        vectors = unpack(response)
        if len(vectors) != len(checked):
            raise Unavailable(f"the embedder gave {len(vectors)} vectors for {len(checked)} texts")
        return vectors

    async def close(self) -> None:
        await self._client.aclose()

    async def _post(self, body: dict[str, object]) -> EmbedResponse:
        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            answer = await self._client.post("/embed", json=body, params={"encoding": "base64"}, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(f"the embedder does not answer: {type(error).__name__}: {error}") from error
        if answer.status_code == IdentityMismatch.status:
            raise IdentityMismatch(f"the embedder is another one: {answer.text[:500]}", allowed=self._identity)
        if answer.status_code in (400, 413, 422):
            raise BadInput(f"the embedder refused the texts: {answer.text[:500]}")
        if answer.is_error:
            raise Unavailable(f"the embedder answered {answer.status_code}: {answer.text[:200]}")
        try:
            return EmbedResponse.model_validate_json(answer.content)
        except ValidationError as error:
            raise Unavailable(f"the embedder answered something else: {error}") from error
