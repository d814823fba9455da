"""Settings of QCS: `QBTC_QCS_<FIELD>` or `[qcs]` in qbtc.toml."""

from __future__ import annotations

from pydantic import Field

from qbtc.kit.settings import ServiceSettings


class QcsSettings(ServiceSettings):
    max_qubits: int = Field(default=24, ge=1, le=30, description="largest circuit; 24 qubits take 256 MB a state")
    circuit_megabytes: int = Field(default=1024, ge=1, description="memory of the states of one circuit")
    circuit_threads: int = Field(default=1, ge=1, le=64, description="threads of one circuit")
    max_shots: int = Field(default=1_000_000, ge=1, description="of one circuit")
    circuit_seconds: float = Field(default=20.0, gt=0, le=300, description="then a circuit is stopped")
    circuit_workers: int = Field(default=1, ge=1, le=8, description="circuits that run at the same time")
    cache_seconds: int = Field(default=300, ge=1, description="time to live of qcs:quantum:state:*")
    pure_hours: int = Field(default=24, ge=1, description="all pure states are kept this long")
    sampled_days: int = Field(default=90, ge=1, description="one state a minute is kept this long")
    janitor_seconds: float = Field(default=600.0, gt=0, description="between two clean-ups of old states")
