"""What can be set for Web: QBTC_WEB_<NAME> or [web] in qbtc.toml."""

from __future__ import annotations

from pydantic import Field

from qbtc.kit.settings import ServiceSettings


class WebSettings(ServiceSettings):
    session_days: int = Field(default=7, ge=1, le=90, description="a browser stays signed in this long")
    access_minutes: int = Field(default=10, ge=1, le=60, description="life of the token in the access cookie")
    ticket_seconds: int = Field(default=30, ge=5, le=300, description="life of a single-use WebSocket ticket")
    max_command_bytes: int = Field(default=256_000, ge=1_000, le=1_000_000, description="size of one command")
    max_sockets: int = Field(default=1_000, ge=1, le=100_000, description="browsers at the same time")
    scrape_seconds: float = Field(default=5.0, ge=1, le=60, description="between two readings of the services' metrics")
    health_seconds: float = Field(default=2.0, ge=0.5, le=60, description="between two looks at the services' health")
    keep_operations_days: int = Field(default=7, ge=1, le=365, description="how long finished commands are kept")
