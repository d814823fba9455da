"""What may be asked of research over HTTP. Paths are names in the store; strategies are names of files HFT knows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from qbtc.contracts import Message

from ..domain.asking import Refused, check_assumptions, check_sweep
from ..errors import BadParameter

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
TapeName = Annotated[str, Field(max_length=200, description="path of a tape in the store, or of a folder: its newest tape")]
Text = Annotated[str, Field(max_length=60)]
Values = Annotated[dict[Name, float], Field(max_length=50)]
Axis = Annotated[tuple[float, ...], Field(min_length=1, max_length=1000)]


class Assumed(Message):
    """What a run believes, in the words of `qbtc backtest`."""

    strategy: Name
    tape: TapeName
    latency: Text = "10ms"
    queue: Text = "power3"
    fill: Text = "whole"
    fees: Text | None = None
    sample: Text = "1s"


class AskBacktest(Assumed):
    parameters: Values = {}
    trials: float = Field(default=1, ge=1, le=1_000_000, description="how many were tried to find these parameters")
    leverage: int | None = Field(default=None, ge=1, le=125, description="of USD-M futures: keep a margin account; null: none")
    margin: Literal["cross", "isolated"] = "cross"
    wallet: float = Field(default=10_000, gt=0, le=1e9, description="USDT with which that account begins")

    def checked(self) -> dict[str, Any]:
        """Raises BadParameter."""
        return _checked(self.model_dump(mode="json"), ("whole", "partial", "venue"), sweep=False)


class AskProposal(Assumed):
    grid: Annotated[dict[Name, Axis], Field(min_length=1, max_length=20)]
    objective: Text = "sharpe"
    train: Text = Field(default="1h", description="length of a training window")
    test: Text = Field(default="15m", description="length of the test behind it")
    newest: Text | None = Field(default=None, description="judge only so much of the end of the tape")

    def checked(self) -> dict[str, Any]:
        """Raises BadParameter."""
        return _checked(self.model_dump(mode="json"), ("whole", "partial"), sweep=True)


class AskSchedule(AskProposal):
    every_seconds: int = Field(ge=60, le=366 * 86_400)


def _checked(asked: dict[str, Any], fills: tuple[str, ...], *, sweep: bool) -> dict[str, Any]:
    try:
        check_assumptions(asked, fills)
        if sweep:
            check_sweep(asked)
    except Refused as error:
        raise BadParameter(str(error), field=error.field) from None
    return asked
