"""Settings of Ce3 (`[ce3]` in qbtc.toml, `QBTC_CE3_…`)."""

from __future__ import annotations

from pydantic import Field

from qbtc.kit.settings import ServiceSettings


class Ce3Settings(ServiceSettings):
    provider: str = Field(
        default="auto",
        pattern="^(auto|offline|claude|ollama)$",
        description="auto: Claude with a key (`qbtc keys add anthropic` or ANTHROPIC_API_KEY), else Ollama with OLLAMA_HOST, else the offline planner",
    )
    claude_model: str = Field(default="claude-sonnet-4-5", description="the name of the model at Anthropic")
    claude_max_tokens: int = Field(default=4096, ge=256, le=64_000, description="of one answer")
    ollama_model: str = Field(default="qwen3", description="the name of the model in Ollama")
    ollama_context: int = Field(default=16_384, ge=2048, le=262_144, description="tokens that the model may see")
    max_steps: int = Field(default=8, ge=1, le=32, description="model calls in one turn")
    turn_seconds: float = Field(default=120.0, gt=0, le=3600, description="then a turn is broken off")
    call_seconds: float = Field(
        default=50.0, gt=0, le=55, description="how long another service's request over the bus waits for its answer"
    )
    tool_seconds: float = Field(default=10.0, gt=0, le=600, description="then a tool call is broken off")
    workers: int = Field(default=6, ge=1, le=32, description="conversations that are answered at the same time")
    history_turns: int = Field(default=20, ge=1, le=200, description="earlier turns that a model is shown")
