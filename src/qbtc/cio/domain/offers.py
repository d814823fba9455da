"""What of the services' events competes for attention: each event as a candidate, and what its outcome will be.

Names carry ids and public words only: a tool's name, a symbol, an order's id. Importance is what the event says of itself,
in [0, 1]. Rewards serve one of three goals: `profit` (trades), `foresight` (regimes, reflections), `answers` (tools,
questions). Who weighs the goals are people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qbtc.contracts.memory import Recall, Reflection
from qbtc.contracts.quantum import SymbolState
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import OrderEvent, Signal

from .workspace import Candidate, Goal, Outcome
from .workspace.types import Vector

MODULES: Final = ("ce3", "cio", "hft", "qcs", "web")
GOALS: Final = (Goal("answers", 1.0), Goal("foresight", 1.0), Goal("profit", 1.0))
SERVES: Final[Mapping[str, str]] = {
    "fill": "profit", "signal": "foresight", "regime": "foresight", "reflection": "foresight", "tool": "answers",
    "question": "answers",
}  # fmt: skip
"""By kind, the goal that an outcome of it serves. A rejection has no outcome: it is what happened."""


def outcome(candidate: Candidate, right: bool) -> Outcome:
    """It proved right or wrong, and served its goal wholly or not at all."""
    rewards = {SERVES[candidate.kind]: float(right)} if candidate.kind in SERVES else {}
    return Outcome(candidate.name, candidate.source, candidate.kind, right, rewards)


def of_tool(done: ToolFinished, at: int) -> Candidate:
    """A failure asks for more attention than a success."""
    return Candidate(f"tool:{done.turn}:{done.call_id}", "ce3", "tool", f"tool:{done.tool}", at, 0.3 if done.ok else 0.8)


def of_fill(order: OrderEvent, at: int) -> Candidate:
    name = f"fill:{order.client_order_id}:{order.trade_id or order.at}"
    return Candidate(name, "hft", "fill", f"orders:{order.symbol}", at, 0.7)


def of_rejection(order: OrderEvent, at: int) -> Candidate:
    return Candidate(f"rejected:{order.client_order_id}", "hft", "rejection", f"orders:{order.symbol}", at, 0.9)


def of_regime(state: SymbolState, bar_end: int, at: int) -> Candidate:
    """As important as the new regime is probable."""
    sure = state.regime_probabilities.get(state.regime, 0.5)
    return Candidate(
        f"regime:{state.symbol}:{bar_end}", "qcs", "regime", f"market:{state.symbol}", at, min(1.0, sure),
        (*state.real, *state.imaginary),
    )  # fmt: skip


def of_signal(signal: Signal, source: str, message: str, at: int) -> Candidate:
    return Candidate(f"signal:{message}", source, "signal", f"signal:{signal.symbol}", at, signal.confidence)


def of_reflection(reflection: Reflection, state: Vector, at: int) -> Candidate:
    """`state`: the 26D state of its moment in R^52; empty when it is not known."""
    topic = f"reflection:{reflection.symbol or 'desk'}"
    return Candidate(f"reflection:{reflection.reflection_id}", "cio", "reflection", topic, at, reflection.confidence, state)


def of_question(source: str, message: str, at: int) -> Candidate:
    return Candidate(f"question:{message}", source, "question", f"question:{source}", at, 0.5)


def answered(answer: Recall) -> bool:
    """A question proves worth its place when the memory has something to say to it."""
    return bool(answer.hits)
