"""Another replica of CIO over HTTP: what it says that we may lack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qbtc.contracts.common import Mask26, Vector26
from qbtc.kit.errors import Unavailable

from ..domain.sync import Event, Numbers

PAGE = 500
TIMEOUT = 3.0
Count = Annotated[int, Field(ge=1, lt=2**63)]


class SaidNumbers(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)

    formula: int
    values: Vector26
    mask: Mask26
    reference: int


class SaidEvent(BaseModel):
    """An event as replicas tell it; without numbers its item was erased."""

    origin: Annotated[str, Field(min_length=1, max_length=200)]
    sequence: Count
    clock: Count
    item: Annotated[str, Field(min_length=1, max_length=500)]
    numbers: SaidNumbers | None

    def event(self) -> Event:
        """Raises ValueError for numbers that cannot be compared."""
        body = Numbers(**self.numbers.model_dump()) if self.numbers else None
        return Event(self.origin, self.sequence, self.clock, self.item, body)


class Pull(BaseModel):
    """What a replica asks: its state hash, and for each origin up to where it misses nothing."""

    model_config = ConfigDict(extra="forbid")

    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    heard: dict[str, int]


class Pulled(BaseModel):
    """The answerer's state hash and what the asker may lack, PAGE events at most; none when the hashes are equal."""

    origin: str
    hash: str
    items: int
    events: list[SaidEvent]


def said(event: Event) -> SaidEvent:
    body = event.body
    numbers = SaidNumbers(formula=body.formula, values=body.values, mask=body.mask, reference=body.reference) if body else None
    return SaidEvent(origin=event.origin, sequence=event.sequence, clock=event.clock, item=event.item, numbers=numbers)


class Peer:
    """`token` gives a fresh bearer token for each call."""

    def __init__(self, url: str, token: Callable[[], str]) -> None:
        self.url, self._token = url, token
        self._client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT, trust_env=False)

    async def pull(self, state_hash: str, heard: Mapping[str, int]) -> Pulled:
        """Raises Unavailable when it cannot be reached, refuses, or answers something else."""
        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            answer = await self._client.post("/sync/pull", json={"hash": state_hash, "heard": dict(heard)}, headers=headers)
            if answer.is_error:
                raise Unavailable(f"{self.url} answered {answer.status_code}: {answer.text[:200]}")
            return Pulled.model_validate_json(answer.content)
        except httpx.HTTPError as error:
            raise Unavailable(f"{self.url} does not answer: {type(error).__name__}") from error
        except ValidationError as error:
            raise Unavailable(f"{self.url} answered something else: {error.error_count()} faults") from error

    async def close(self) -> None:
        await self._client.aclose()
