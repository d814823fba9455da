"""All tools by name: looked up, validated against their parameters, run with a deadline, measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, JsonValue, ValidationError

from qbtc.ce3.domain.chat import Language, ToolCard
from qbtc.ce3.domain.planner import Skill
from qbtc.ce3.errors import BadArguments, UnknownTool
from qbtc.kit.errors import QbtcError, from_validation
from qbtc.kit.metrics import counter, gauge, histogram
from qbtc.kit.tracing import span

from .base import Context, Outcome, Tool
from .general import Clock, Help
from .market import Features, MarketStatus, OrderBook, Price, RecentBars
from .memory import RecallMemories, ReflectionReader, Reflections, Remember
from .quantum import QuantumStateTool, RunCircuit
from .trading import Fills, Orders, Positions, ProfitAndLoss, ProposeOrder, Risk, StopTrading, Strategies

AnyTool = Tool[Any]  # a tool of some parameters; the registry validates before it runs


class Registry:
    def __init__(self, tools: Iterable[AnyTool]) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._seconds = histogram("qbtc_ce3_tool_seconds", "Time of a tool call", ("tool",))
        self._calls = counter("qbtc_ce3_tool_calls_total", "Tool calls", ("tool", "outcome"))
        self._active = gauge("qbtc_ce3_tools_active", "Tool calls that run now")

    def __iter__(self) -> Iterator[AnyTool]:
        return iter(self._tools.values())

    def get(self, name: str) -> AnyTool:
        """The tool; raises UnknownTool naming the known ones."""
        try:
            return self._tools[name]
        except KeyError:
            raise UnknownTool(f"no tool named {name!r}", field="tool", allowed=list[JsonValue](sorted(self._tools))) from None

    def cards(self, language: Language) -> list[ToolCard]:
        return [ToolCard(t.name, t.description[language], schema(t.parameters)) for t in self._tools.values()]

    def skills(self) -> list[Skill]:
        return [Skill(t.name, (*t.examples, *t.description.values()), t.cue, t.needs) for t in self._tools.values()]

    async def call(self, name: str, arguments: dict[str, JsonValue], context: Context, *, seconds: float) -> Outcome:
        """Validate and run. Raises UnknownTool, BadArguments, or the tool's own QbtcError; late is an error too."""
        tool = self.get(name)
        try:
            parameters = tool.parameters.model_validate(arguments)
        except ValidationError as error:
            bad = from_validation(error)
            raise BadArguments(f"{name}: {bad.detail}", field=bad.field, allowed=sorted(tool.parameters.model_fields)) from None
        started = time.perf_counter()
        outcome = "error"
        self._active.inc()
        try:
            with span(f"tool {name}", tool=name):
                async with asyncio.timeout(seconds):
                    result = await tool.run(parameters, context)
            outcome = "ok"
            return result
        except TimeoutError:
            raise QbtcError(f"{name} took longer than {seconds:g} s") from None
        finally:
            self._active.dec()
            self._seconds.labels(name).observe(time.perf_counter() - started)
            self._calls.labels(name, outcome).inc()


def schema(parameters: type[BaseModel]) -> dict[str, JsonValue]:
    """JSON Schema of a tool's parameters."""
    return parameters.model_json_schema()


def builtin(reflections: ReflectionReader) -> Registry:
    registry: Registry
    tools: list[AnyTool] = [
        MarketStatus(), Price(), OrderBook(), RecentBars(), Features(), Positions(), Orders(), Fills(), ProfitAndLoss(),
        Risk(), Strategies(), StopTrading(), ProposeOrder(), Remember(), RecallMemories(), Reflections(reflections), QuantumStateTool(),
        RunCircuit(), Clock(), Help(lambda: list(registry)),
    ]
    registry = Registry(tools)
    return registry
