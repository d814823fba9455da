"""Bodies of `web.*`: operation progress for the screen and control of the services."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from .common import Message, ServiceName


class UiUpdate(Message):
    """Progress of an operation, or a state a panel shows."""

    service: ServiceName
    operation_id: str | None = None
    status: Literal["accepted", "running", "done", "failed"] | None = None
    channel: str | None = Field(default=None, description="hub channel this belongs to")
    owner: str | None = Field(default=None, description="the person who reads it, where the channel is private")
    data: JsonValue = None
    problem: dict[str, JsonValue] | None = Field(default=None, description="RFC 9457 body when failed")


class ServiceControl(Message):
    """Pause, resume or restart one service (restart = drain and exit 0; the supervisor starts it again)."""

    service: ServiceName
    action: Literal["pause", "resume", "restart"]
    reason: Annotated[str, Field(max_length=500)] = ""


class SettingsChanged(Message):
    sections: tuple[str, ...]


class ReplayDeadLetters(Message):
    ids: tuple[str, ...]
