"""Settings of QCS: `QBTC_QCS_<FIELD>` or `[qcs]` in qbtc.toml."""

from __future__ import annotations

from pydantic import Field

from qbtc.kit.settings import ServiceSettings


class QcsSettings(ServiceSettings):
    max_qubits: int = Field(default=24, ge=1, le=30, description="largest circuit of engines that hold amplitudes; 24 qubits take 256 MB a state")
    stabiliser_qubits: int = Field(default=2048, ge=1, le=10_000, description="largest circuit of the stabiliser engine")
    circuit_megabytes: int = Field(default=1024, ge=1, description="memory of the states of one circuit")
    circuit_threads: int = Field(default=1, ge=1, le=64, description="threads of one circuit")
    max_shots: int = Field(default=1_000_000, ge=1, description="of one circuit")
    circuit_seconds: float = Field(default=20.0, gt=0, le=300, description="then a circuit is stopped")
    circuit_workers: int = Field(default=1, ge=1, le=8, description="circuits that run at the same time")
    statistic_seconds: float = Field(default=60.0, gt=0, le=600, description="then a statistic is stopped")
    statistic_idle_seconds: float = Field(default=300.0, gt=0, description="then the process of the statistics rests")
    cache_seconds: int = Field(default=300, ge=1, description="time to live of qcs:quantum:state:*")
    pure_hours: int = Field(default=24, ge=1, description="all pure states are kept this long")
    sampled_days: int = Field(default=90, ge=1, description="one state a minute is kept this long")
    janitor_seconds: float = Field(default=600.0, gt=0, description="between two clean-ups of old states")
    search_states: int = Field(default=500_000, ge=1_000, description="newest pure states that a search looks through; 0.5 kB each")
    search_matrices: int = Field(default=10_000, ge=100, description="newest density matrices of regime changes that it looks through; 5.4 kB each")
    search_threads: int = Field(default=2, ge=1, le=64, description="of one search")
    saved_states: int = Field(default=1_000, ge=1, le=10_000, description="states that one person may keep")
    job_workers: int = Field(default=1, ge=1, le=16, description="jobs that run at the same time")
    job_processes: int = Field(default=2, ge=1, le=1024, description="processes of one job whose work can be divided; on a cluster its tasks")
    job_queue: int = Field(default=20, ge=1, description="jobs that may wait")
    job_seconds: float = Field(default=900.0, gt=0, description="then a job is stopped")
    job_megabytes: int = Field(default=2048, ge=256, description="private memory of each process of a job")
    job_nice: int = Field(default=10, ge=0, le=19, description="priority of a job's process; 19 gives way to everything")
    job_days: int = Field(default=30, ge=1, description="jobs that have ended are kept this long")
