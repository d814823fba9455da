"""`/workspace` and `/self`: what holds attention and what the system can do, with the numbers that measure both."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, JsonValue

from qbtc.contracts import Role
from qbtc.kit.http.auth import check_role
from qbtc.kit.security import Actor

from ..adapters import attention, self_rows
from ..attending import Attention
from ..domain import offers
from ..domain.calibration import Calibration, Figure, scored
from ..domain.selfmodel import SEPARATOR, Estimate, SelfModel
from ..domain.versions import History, Version, told
from ..domain.workspace import Ablation, Broadcast, Candidate, Goal, Lived, WorkspaceState, ablations
from ..domain.workspace.indicators import Reading
from ..domain.workspace.schema import expected
from ..domain.workspace.texts import NOTICE, TEXTS
from ..domain.workspace.types import Scored
from ..errors import BadGoals
from ..knowing import Knowledge, shown_belief
from .http import Viewer

Language = Literal["en", "es"]
MEASURED = 100
"""Cycles that the indicators and their ablations are computed over."""
SCORED = 2000
"""Outcomes that the calibration is computed over."""
WEIGHT = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class CandidateView(BaseModel):
    """What competes. `salience`, its parts and the confidence in the source are known once a cycle has scored it."""

    name: str
    source: str
    kind: str
    topic: str
    at: str
    importance: float
    salience: float | None = None
    parts: dict[str, float] = {}
    confidence: float | None = None
    surprise: float | None = None


class BroadcastView(BaseModel):
    number: int
    at: str
    winners: list[CandidateView]
    passed_over: int


class AttentionView(BaseModel):
    """Where attention is and where it is expected next, by service; `state_known`: it depends on a present 26D state."""

    now: dict[str, float]
    expected: dict[str, float]
    state_known: bool
    goals: dict[str, float]
    heard: dict[str, int]


class ReadingView(BaseModel):
    value: float | None
    samples: int


class IndicatorView(BaseModel):
    """One number of its own: never added to another. `on` and `off` are replays with and without its mechanism."""

    id: str
    property: str
    measures: str
    limits: str
    mechanism: str
    value: float | None
    samples: int
    on: ReadingView
    off: ReadingView


class WorkspaceView(BaseModel):
    places: int
    every: float
    cycle: int
    winners: list[CandidateView]
    candidates: list[CandidateView]
    passed_over: list[CandidateView]
    attention: AttentionView
    history: list[BroadcastView]
    notice: str
    measured_cycles: int
    indicators: list[IndicatorView]


class CapabilityView(BaseModel):
    """`context` null: over all contexts. `low` and `high` hold 95 %; `evidence` counts outcomes, faded by age."""

    capability: str
    context: str | None
    probability: float
    low: float
    high: float
    evidence: float


class FigureView(BaseModel):
    value: float | None
    low: float | None
    high: float | None


class CalibrationView(BaseModel):
    """Of what was stated before each outcome. `ignorant` is the Brier score of knowing only the share of successes."""

    count: int
    rate: float
    ignorant: float
    brier: FigureView
    ece: FigureView
    area: FigureView


class VersionView(BaseModel):
    """One state of a table; `diff` says what it changed, a line an entry."""

    number: int
    source: int
    at: str
    reason: str
    diff: str


class SelfView(BaseModel):
    capabilities: list[CapabilityView]
    calibration: CalibrationView | None
    versions: list[VersionView]


@dataclass(slots=True)
class _Measured:
    """Indicators are computed at most once a cycle."""

    number: int = -1
    found: dict[str, Ablation] | None = None


def attention_router(it: Attention, knowledge: Knowledge) -> APIRouter:
    router = APIRouter()
    kept, busy = _Measured(), asyncio.Lock()

    async def measured(lived: list[Lived]) -> dict[str, Ablation]:
        number = lived[-1].told.number if lived else 0
        async with busy:
            if kept.found is None or kept.number != number:
                kept.found = await asyncio.to_thread(ablations, lived, offers.MODULES, it.how.rules)
                kept.number = number
            return kept.found

    @router.get("/workspace")
    async def workspace(
        _actor: Viewer, language: Language = "en", history: Annotated[int, Query(ge=1, le=200)] = 20
    ) -> WorkspaceView:
        """Places, candidates, attention, history and the seven indicators with their ablations."""
        async with it._store.transaction() as conn:
            state, waiting = await it.state(conn), await attention.offers(conn)
            lived = await attention.cycles(conn, limit=max(MEASURED, history))
            heard = {one.module: one.number for one in await attention.heard_by(conn)}
        told = [one.told for one in lived]
        found = await measured(lived[-MEASURED:])
        last = told[-1] if told else None
        return WorkspaceView(
            places=state.rules.places,
            every=it.how.every,
            cycle=state.number,
            winners=[_scored(one) for one in last.winners] if last else [],
            candidates=[_offered(one) for one in waiting],
            passed_over=[_scored(one) for one in last.passed_over] if last else [],
            attention=_attention(state, heard),
            history=[_broadcast(one) for one in reversed(told[-history:])],
            notice=NOTICE[language],
            measured_cycles=min(len(lived), MEASURED),
            indicators=[_indicator(name, one, language) for name, one in found.items()],
        )

    @router.post("/workspace/goals")
    async def set_goals(actor: Viewer, goals: dict[str, WEIGHT]) -> dict[str, float]:
        """Weigh the goals that attention serves; all three, each from 0 to 100."""
        check_role(actor, Role.TRADER)
        names = {one.name for one in offers.GOALS}
        if set(goals) != names:
            raise BadGoals(f"give each goal one weight, not {', '.join(sorted(goals)) or 'nothing'}", field="goals", allowed=list[JsonValue](sorted(names)))
        state = await it.goals([Goal(name, weight) for name, weight in sorted(goals.items())])
        return {goal.name: goal.weight for goal in state.goals}

    @router.get("/self")
    async def myself(_actor: Viewer, versions: Annotated[int, Query(ge=1, le=200)] = 10) -> SelfView:
        """What the system can do with what probability, what such statements were worth, and what changed."""
        async with it._store.transaction() as conn:
            model = await knowledge.now(conn)
            said, came = await self_rows.forecasts(conn, limit=SCORED)
            known = await self_rows.history(conn, "self")
        worth = await asyncio.to_thread(scored, said, came) if said else None
        return SelfView(
            capabilities=_capabilities(model, knowledge.clock.now_ns()),
            calibration=_calibration(worth) if worth else None,
            versions=version_views(known, versions, shown_belief) if known else [],
        )

    @router.post("/self/undo")
    async def undo(actor: Viewer) -> VersionView:
        """Forget what the last version learned; for traders."""
        check_role(actor, Role.TRADER)
        made = await knowledge.undo(_name(actor))
        async with it._store.transaction() as conn:
            known = await self_rows.history(conn, "self")
        assert known is not None
        return next(one for one in version_views(known, len(known.versions), shown_belief) if one.number == made.number)

    return router


def _name(actor: Actor) -> str:
    return actor.user


def _offered(one: Candidate) -> CandidateView:
    return CandidateView(
        name=one.name, source=one.source, kind=one.kind, topic=one.topic, at=str(one.at), importance=one.importance
    )


def _scored(one: Scored) -> CandidateView:
    shown = _offered(one.candidate)
    return shown.model_copy(
        update={"salience": one.salience, "parts": dict(one.parts), "confidence": one.confidence, "surprise": one.seen.surprise}
    )


def _broadcast(one: Broadcast) -> BroadcastView:
    return BroadcastView(
        number=one.number, at=str(one.at), winners=[_scored(w) for w in one.winners], passed_over=len(one.passed_over)
    )


def _attention(state: WorkspaceState, heard: dict[str, int]) -> AttentionView:
    return AttentionView(
        now=dict(state.shares),
        expected=dict(expected(state)),
        state_known=bool(state.context),
        goals={goal.name: goal.weight for goal in state.goals},
        heard=heard,
    )


def _indicator(name: str, one: Ablation, language: Language) -> IndicatorView:
    text = TEXTS[language][name]
    return IndicatorView(
        id=f"{name[:-1].upper()}-{name[-1]}",
        property=text.property_,
        measures=text.measures,
        limits=text.limits,
        mechanism=one.mechanism,
        value=one.recorded.value,
        samples=one.recorded.samples,
        on=_reading(one.on),
        off=_reading(one.off),
    )


def _reading(one: Reading) -> ReadingView:
    return ReadingView(value=one.value, samples=one.samples)


def _capabilities(model: SelfModel, now: int) -> list[CapabilityView]:
    """Each capability over all contexts, then in each, by name."""
    keys = sorted(tuple(key.split(SEPARATOR)) for key in model.beliefs)
    rows: list[tuple[str, str | None]] = []
    for capability, context in keys:
        if (capability, None) not in rows:
            rows.append((capability, None))
        rows.append((capability, context))
    return [_capability(*row, model.can(*row, now)) for row in rows]


def _capability(capability: str, context: str | None, can: Estimate) -> CapabilityView:
    return CapabilityView(
        capability=capability, context=context, probability=can.probability, low=can.low, high=can.high, evidence=can.evidence
    )


def _calibration(worth: Calibration) -> CalibrationView:
    return CalibrationView(
        count=worth.count,
        rate=worth.rate,
        ignorant=worth.ignorant,
        brier=_figure(worth.brier),
        ece=_figure(worth.ece),
        area=_figure(worth.area),
    )


def _figure(one: Figure) -> FigureView:
    value, low, high = (x if math.isfinite(x) else None for x in (one.value, one.low, one.high))
    return FigureView(value=value, low=low, high=high)


def version_views(known: History[object], limit: int, show: object) -> list[VersionView]:
    """The newest versions, newest first, each with what it changed of the one before."""
    newest = list(reversed(known.versions))[:limit]
    return [_version(known, one, show) for one in newest]


def _version(known: History[object], one: Version[object], show: object) -> VersionView:
    first = known.versions[0].number
    diff = told(known.diff(one.number - 1, one.number), show) if one.number > first else "the first version"  # type: ignore[arg-type]
    return VersionView(number=one.number, source=one.source, at=str(one.at), reason=one.reason, diff=diff)
