"""`/feedback` and `/evolution`: what people say of hits, what recall learned from it, and its undo."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from qbtc.contracts import Role
from qbtc.contracts.memory import ScopeName
from qbtc.kit.http.auth import check_person, check_role

from ..domain.evolution import Trial, interval
from ..domain.ranking import Question
from ..evolving import Evolving, Word
from .attention import VersionView, version_views
from .http import Kind, Viewer


class FeedbackBody(BaseModel):
    """A hit of a question and whether it helped; the text, scope and kinds are those of the question."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    memory_id: Annotated[str, Field(min_length=1, max_length=100)]
    helpful: bool
    scope: ScopeName | None = None
    kinds: tuple[Kind, ...] = ()


class FeedbackAnswer(BaseModel):
    events: int
    champion: int
    changed: bool


class TrialView(BaseModel):
    """Mean gain of the challenger over the champion on events it was not taught, with its bootstrap interval."""

    events: int
    mean: float | None
    low: float | None
    high: float | None


class EvolutionView(BaseModel):
    """`weights` are those that recall ranks by. A trial is looked at every `window` events; `watch` guards the last change."""

    events: int
    champion: int
    weights: dict[str, float]
    window: int
    level: float
    trial: TrialView
    watch: TrialView | None
    versions: list[VersionView]


def evolution_router(it: Evolving) -> APIRouter:
    router = APIRouter()

    @router.post("/feedback", status_code=201)
    async def feedback(actor: Viewer, body: FeedbackBody) -> FeedbackAnswer:
        """Say whether a hit helped. Once a person, question and memory; it teaches the ranking of everybody."""
        check_person(actor, Role.VIEWER)
        question = Question(body.text, actor.user, scope=body.scope, kinds=body.kinds)
        learned = await it.learn(Word(question, body.memory_id, body.helpful))
        return FeedbackAnswer(events=learned.events, champion=learned.champion, changed=learned.changed)

    @router.get("/evolution")
    async def evolution(_actor: Viewer, versions: Annotated[int, Query(ge=1, le=200)] = 10) -> EvolutionView:
        """The champion, its challenger, and every change with its reason and diff."""
        async with it.store.transaction() as conn:
            now = await it.now(conn)
        return EvolutionView(
            events=now.events,
            champion=now.history.current.number,
            weights=dict(now.champion),
            window=it.rule.window,
            level=it.rule.level,
            trial=_trial(now.trial, it.rule.level),
            watch=_trial(now.watch, it.rule.level) if now.watch else None,
            versions=version_views(now.history, versions, "{:.3f}".format),  # type: ignore[arg-type]
        )

    @router.post("/evolution/undo")
    async def undo(actor: Viewer) -> VersionView:
        """Rank by the champion before the last change again; for traders."""
        check_role(actor, Role.TRADER)
        await it.undo(actor.user)
        async with it.store.transaction() as conn:
            now = await it.now(conn)
        return version_views(now.history, 1, "{:.3f}".format)[0]  # type: ignore[arg-type]

    return router


def _trial(one: Trial, level: float) -> TrialView:
    if not one.differences:
        return TrialView(events=0, mean=None, low=None, high=None)
    low, high = interval(one.differences, level)
    return TrialView(events=len(one.differences), mean=float(np.mean(one.differences)), low=low, high=high)
