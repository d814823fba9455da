"""The CloudEvents 1.0 envelope that carries every bus message.

Attributes follow CloudEvents (`id`, `source`, `type`, `time`, `dataschema`) with extensions for tracing
(`traceparent`), request/reply (`correlationid`, `replyto`, `deadline`), effect-once (`idempotencykey`),
ordering (`orderkey`) and authority (`actor`, a short-lived signed token; `approvalid`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue


class Envelope(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    time: datetime
    dataschema: str
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, JsonValue]
    traceparent: str | None = None
    correlationid: str | None = None
    idempotencykey: str | None = None
    orderkey: str | None = None
    replyto: str | None = None
    deadline: datetime | None = None
    actor: str | None = None
    approvalid: str | None = None

    def encode(self) -> bytes:
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def decode(cls, raw: bytes | bytearray | memoryview | str) -> Envelope:
        """Parse bytes from the wire; raises `pydantic.ValidationError` when they are no envelope."""
        return cls.model_validate_json(raw if isinstance(raw, str | bytes | bytearray) else bytes(raw))

    def expired(self, now: datetime | None = None) -> bool:
        return self.deadline is not None and (now or datetime.now(UTC)) >= self.deadline
