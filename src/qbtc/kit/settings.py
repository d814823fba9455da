"""Settings: one typed model a service, each value with its source.

Order, first wins: environment `QBTC_<SERVICE>_<FIELD>` (platform: `QBTC_<FIELD>`), `qbtc.toml` in QBTC_HOME
(`[service]` table, platform keys in `[qbtc]`), default. Credentials come from `secrets/<service>.json`, written at
bootstrap. Secrets are `SecretStr` and print as stars.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, SecretStr, ValidationError

from .errors import BadInput, from_validation
from .logs import scrub

PORTS = {"ce3": 8100, "cio": 8200, "qcs": 8300, "hft": 8400, "exchange": 8450, "web": 8500, "gateway": 9080}
GATEWAY_TLS_PORT = 9443
SECTIONS = ("qbtc", "ce3", "cio", "qcs", "hft", "web", "exchange", "paper")


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


CommaList = Annotated[tuple[str, ...], BeforeValidator(_split)]


class ServiceSettings(BaseModel):
    """Base of every service's settings: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Platform(ServiceSettings):
    """What all processes of one installation share."""

    home: Path = Field(default_factory=lambda: Path(os.environ.get("QBTC_HOME") or Path.home() / ".qbtc"), description="where everything is kept")
    port_offset: int = Field(default=0, ge=0, le=55_000, description="added to every default port, so that two systems run side by side")
    host: str = Field(default="127.0.0.1", description="address on which services listen; beyond loopback only the TLS gateway")
    database_url: SecretStr | None = Field(default=None, description="PostgreSQL 15 to 18 with pgvector; without it the embedded one")
    redis_url: SecretStr | None = Field(default=None, description="Redis or Valkey; without it the embedded one")
    bus_url: SecretStr | None = Field(default=None, description="RabbitMQ (amqp://…); without it queues in PostgreSQL")
    gateway: str = Field(default="nginx", pattern="^(nginx|apisix)$", description="nginx: embedded; apisix: given")
    expose: str = Field(default="127.0.0.1", description="address of the TLS listener on 9443")
    tls_certificate: Path | None = Field(default=None, description="PEM file for the TLS listener")
    tls_key: Path | None = Field(default=None, description="its key, PEM")
    market: str = Field(default="auto", description="where prices come from: auto, binance, replay:PATH or sim")
    speed: float = Field(default=1.0, gt=0, le=1000, description="of a replay or a simulation, times real time")
    loop: bool = Field(default=False, description="start a replay again at its end")
    symbols: CommaList = Field(default=(), description="what is traded; empty: all of a recording, some of a simulation, BTCUSDT and ETHUSDT live")
    ray_address: str | None = Field(default=None, description="Ray cluster for long jobs and sweeps: HOST:PORT, auto or local (extra `scale`)")
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$", description="what is logged: this and what is worse")

    def port(self, service: str) -> int:
        return PORTS[service] + self.port_offset

    def url(self, service: str) -> str:
        return f"http://{self.host}:{self.port(service)}"

    @cached_property
    def instance(self) -> str:
        """A short stable id of this installation, made once in `secrets/instance`."""
        path = self.home / "secrets" / "instance"
        return path.read_text().strip() if path.exists() else "local"


class Credentials(BaseModel):
    """What bootstrap gave one service; the file is mode 0600."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None
    bus_url: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of one setting came from; `value` is already masked."""

    section: str
    name: str
    value: str
    source: str


S = TypeVar("S", bound=ServiceSettings)


def load(model: type[S], section: str, *, env: Mapping[str, str] | None = None, home: Path | None = None) -> S:
    """Build `model` for `section` ("qbtc" is the platform's). Raises BadInput naming the setting and its source."""
    settings, _ = load_with_origins(model, section, env=env, home=home)
    return settings


def load_with_origins(
    model: type[S], section: str, *, env: Mapping[str, str] | None = None, home: Path | None = None
) -> tuple[S, list[Origin]]:
    env = os.environ if env is None else env
    home = home or Path(env.get("QBTC_HOME") or Path.home() / ".qbtc")
    table = _table(home / "qbtc.toml", section)
    _refuse_unknown(model, section, table)
    prefix = "QBTC_" if section == "qbtc" else f"QBTC_{section.upper()}_"
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    for name in model.model_fields:
        if env.get(prefix + name.upper(), "") != "":
            values[name], sources[name] = env[prefix + name.upper()], f"environment {prefix + name.upper()}"
        elif name in table:
            values[name], sources[name] = table[name], f"qbtc.toml [{section}]"
    try:
        settings = model.model_validate(values)
    except ValidationError as error:
        bad = from_validation(error)
        where = sources.get(str(bad.field).split(".")[0], "default")
        raise BadInput(f"setting {section}.{bad.detail} (from {where})", field=bad.field, allowed=bad.allowed) from None
    origins = [Origin(section, n, _masked(n, getattr(settings, n)), sources.get(n, "default")) for n in model.model_fields]
    return settings, origins


def platform(env: Mapping[str, str] | None = None) -> Platform:
    return load(Platform, "qbtc", env=env)


def credentials(settings: Platform, service: str) -> Credentials:
    """The service's own credentials: from its secrets file, the file named by QBTC_CREDENTIALS, or the platform URLs."""
    path = Path(os.environ.get("QBTC_CREDENTIALS") or settings.home / "secrets" / f"{service}.json")
    found = json.loads(path.read_text()) if path.exists() else {}
    for name in ("database_url", "redis_url", "bus_url"):
        given = getattr(settings, name)
        if given is not None and name not in found:
            found[name] = given.get_secret_value()
    return Credentials.model_validate(found)


def _table(path: Path, section: str) -> dict[str, object]:
    """One table of the file. A misspelt table would silently leave defaults in force, so it is refused."""
    tables = _toml(path)
    unknown = sorted(set(tables) - {*SECTIONS, section})
    if unknown:
        raise BadInput(f"{path.name}: unknown table [{unknown[0]}]", field=unknown[0], allowed=list(SECTIONS))
    table = tables.get(section, {})
    if not isinstance(table, dict):
        raise BadInput(f"{path.name}: {section!r} is a value, expected a table [{section}]", field=section)
    return table


def _toml(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror}") from None


def _refuse_unknown(model: type[BaseModel], section: str, table: Mapping[str, object]) -> None:
    unknown = sorted(set(table) - set(model.model_fields))
    if unknown:
        raise BadInput(
            f"qbtc.toml [{section}]: unknown setting {unknown[0]!r}",
            field=unknown[0],
            allowed=list[JsonValue](sorted(model.model_fields)),
        )


def _masked(name: str, value: object) -> str:
    if isinstance(value, SecretStr):
        return "********"
    return scrub(str(value))
