"""Proposed parameters of strategies: made on a schedule, decided by a person, watched, and set back when they disappoint.

What is decided lies in `domain.proposing` (whether to propose), `domain.predicting` (what is as predicted) and
`domain.proposals` (the life of a proposal). Nothing is applied without a person's approval. Everything that a watch
needs is in the database, so that a restart loses nothing: executions, where the watch began, how long it has lasted.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import psycopg

from qbtc.contracts.common import TradingState
from qbtc.contracts.trading import DecideParameters, SetStrategy
from qbtc.kit.errors import QbtcError, Unavailable
from qbtc.kit.logs import get_logger
from qbtc.kit.messaging import Messenger
from qbtc.kit.metrics import counter
from qbtc.kit.store.pool import Connection

from .actions import Actions
from .adapters import parameters_store as table
from .adapters import repository
from .adapters.parameters_store import Kept, Schedule
from .adapters.research.tapes import digest, tape_path
from .adapters.strategy_files import own, source_digest
from .domain.predicting import Prediction, Verdict, look
from .domain.proposals import Status, Watch, differing, longest_step_ns, own_part, target, words
from .domain.strategy import Strategy
from .domain.units import units
from .engine import Engine
from .errors import BadParameter, NoSuchProposal, NotWaiting
from .notices import notice
from .research import Research, takes_one_tape
from .settings import HftSettings
from .strategies import EXAMPLES

log = get_logger(__name__)

PURGE_SECONDS = 3600.0
HOUR_NS = 3_600_000_000_000
Json = dict[str, Any]


class Parameters:
    def __init__(
        self, messenger: Messenger, engine: Engine, actions: Actions, research: Research, *, home: Path, settings: HftSettings,
        venue: str,
    ) -> None:  # fmt: skip
        self._m, self._engine, self._actions, self._research = messenger, engine, actions, research
        self._home, self._settings, self._venue = home, settings, venue
        self._back = counter("qbtc_hft_rollbacks_total", "Approved parameters that were set back", ("strategy",))
        self._approved, self._wake = set[int](), asyncio.Event()
        messenger.store.after_commit.append(self._committed)
        research.on_done = self.made

    # Making them.

    async def ask(self, asked: Mapping[str, Any], user: str) -> str:
        """Queue the search for better parameters; the id of the run, which becomes the proposal's.

        Raises NoSuchStrategy, NoTape, BadParameter, QueueFull."""
        strategy = self._searchable(asked)
        path = own(self._home).get(strategy.name)
        if path and self._engine.strategist.busy(strategy.name) and source_digest(path) != strategy.digest:
            raise BadParameter(f"{path} was edited since {strategy.name!r} was started", field="strategy", allowed="stop and start it first")
        tape = await asyncio.to_thread(tape_path, self._home, asked["tape"])
        grid = hashlib.sha256(json.dumps(asked["grid"], sort_keys=True).encode()).hexdigest()
        earlier = await table.earlier_trials(self._m.store, self._venue, strategy.name, digest(tape), grid)
        s = self._settings
        full = {
            **asked, "tape": str(tape.relative_to((self._home / "data").resolve())), "parameters": dict(strategy.parameters),
            "grid_digest": grid, "earlier": earlier, "workers": s.research_workers,
            "bars": {"deflated": s.propose_deflated, "overfitting": s.propose_overfitting, "better": s.propose_better,
                     "fills": s.propose_fills, "windows": s.propose_windows, "error": s.watch_error},
        }  # fmt: skip
        return self._research.submit("proposal", full, user)

    def _searchable(self, asked: Mapping[str, Any]) -> Strategy:
        """The strategy. Raises NoSuchStrategy, and BadParameter for what the worker cannot load or the grid does not fit."""
        strategy, files = self._engine.strategist.find(asked["strategy"]), [*EXAMPLES, *own(self._home)]
        if strategy.name not in files:
            raise BadParameter(f"{strategy.name!r} is no file of the strategies' folder", field="strategy", allowed=[*files])
        takes_one_tape(strategy)
        _allowed(strategy.spec.checked, asked["grid"])
        return strategy

    async def made(self, run: str, job: Mapping[str, Any]) -> None:
        """A run has ended: keep what it found. Of a failed one only the run itself says so."""
        result = self._research.store.result(run)
        if job["kind"] != "proposal" or result is None:
            return
        status = Status.NO_CHANGE if result["reasons"] else Status.PROPOSED
        body = {**result, "asked": job["asked"], "by": job["by"]}
        seconds = 3600.0 * self._settings.propose_expire_hours
        async with self._m.store.transaction() as conn:
            if await table.add(conn, self._venue, run, status, body, seconds):
                await self._say(conn, status, job["asked"]["strategy"], result)
        log.info("parameters were weighed", proposal=run, strategy=job["asked"]["strategy"], status=status)

    async def _say(self, conn: Connection, status: Status, strategy: str, body: Mapping[str, Any], watch: Watch | None = None) -> None:
        english, spanish = words(status, strategy, body["changes"], watch)
        await notice(self._m, conn, f"hft.parameters.{status.value}", english, spanish, symbol=body["symbol"])

    # Deciding.

    async def decide(self, conn: Connection, body: DecideParameters, user: str) -> None:
        """In the transaction of the command. Raises NoSuchProposal, NotWaiting, Unavailable."""
        kept = await self._waiting(conn, body.proposal)
        if kept.strategy != body.strategy:
            raise NoSuchProposal(f"proposal {body.proposal!r} is not about {body.strategy!r}", field="strategy", allowed=kept.strategy)
        if body.decision == "approve":
            await self._approve(conn, kept, user)
        else:
            await table.decide(conn, self._venue, kept.id, Status.REJECTED, user)
            await table.move(conn, self._venue, kept.id, (Status.REJECTED,), Status.REJECTED)
            await self._say(conn, Status.REJECTED, kept.strategy, kept.body)
        log.warning("proposed parameters were decided", proposal=kept.id, decision=body.decision, user=user)

    async def decide_alone(self, body: DecideParameters, user: str) -> None:
        """In a transaction of its own; what was approved is in force afterwards, or soon if the database is away by then."""
        async with self._m.store.transaction() as conn:
            await self.decide(conn, body, user)
        if body.decision == "approve":
            try:
                await self._put_in_force(await self.find(body.proposal))
            except (psycopg.Error, Unavailable) as error:
                log.warning("approved parameters wait for the database", proposal=body.proposal, error=str(error)[:200])

    def _committed(self, conn: Connection) -> None:
        if id(conn) in self._approved:
            self._approved.discard(id(conn))
            self._wake.set()

    async def _waiting(self, conn: Connection, proposal: str) -> Kept:
        found = await table.lock(conn, self._venue, proposal)
        if found is None:
            raise NoSuchProposal(f"no proposal {proposal[:60]!r}", field="proposal")
        kept, late = found
        if kept.status is not Status.PROPOSED or late:
            state = Status.EXPIRED if late and kept.status is Status.PROPOSED else kept.status
            raise NotWaiting(f"the proposal is {state.value}", field="status", allowed=Status.PROPOSED.value)
        return kept

    async def _approve(self, conn: Connection, kept: Kept, user: str) -> None:
        """Only written down: it is in force once that is stored, so that nothing ever is which was not approved.

        Raises NotWaiting where the diff is not about the present parameters, or another one is being watched."""
        strategy = self._engine.strategist.find(kept.strategy)
        if kept.body["code"]["digest"] != strategy.digest:
            raise NotWaiting("it was made with other code than that which is loaded", field="strategy", allowed="a new proposal")
        if stale := differing(kept.body["asked"]["parameters"], strategy.parameters):
            raise NotWaiting(f"parameters were changed since it was made: {', '.join(stale)}", field="parameters", allowed="a new proposal")
        other = await table.watched_already(conn, self._venue, kept.strategy)
        if other is not None:
            raise NotWaiting(f"proposal {other} of {kept.strategy} is being watched", field="strategy", allowed="one watch a strategy")
        watch = await self._begin(conn, kept)
        await table.decide(conn, self._venue, kept.id, Status.WATCHED, user)
        await table.save_watch(conn, self._venue, kept.id, watch)
        await self._say(conn, Status.WATCHED, kept.strategy, kept.body)
        self._approved.add(id(conn))

    async def _begin(self, conn: Connection, kept: Kept) -> Watch:
        """Raises Unavailable while the market is not known."""
        mid = self._engine.market_of(kept.symbol).mid
        if mid is None or kept.symbol not in self._engine.desk.instruments:
            raise Unavailable(f"the market of {kept.symbol} is not known now, so that nothing could be watched", field="symbol")
        reset = await table.last_reset(conn, self._venue)
        before = await table.made(conn, self._venue, kept.strategy, kept.symbol, self._pair(kept.symbol), reset)
        held = units(before.net - before.base_fees)
        base = own_part(held, self._engine.desk.position(kept.symbol).quantity)
        return Watch(base, mid, self._engine.now(), await table.moment(conn))

    def _change(self, name: str, values: dict[str, float]) -> SetStrategy:
        action = "start" if self._engine.strategist.busy(name) else "stop"
        return SetStrategy.model_validate({"strategy": name, "action": action, "parameters": values})

    async def _turn(self, conn: Connection, kept: Kept, *, back: bool) -> None:
        """The way of every other change of parameters; it runs on, or stays stopped. What a person has changed meanwhile
        stays as it is."""
        then, now = (target(kept.body["changes"], back=way) for way in (back, not back))
        by_hand = differing(now, self._engine.strategist.find(kept.strategy).parameters)
        values = {name: value for name, value in then.items() if name not in by_hand}
        chosen = await self._actions.set_strategy(self._change(kept.strategy, values))
        await repository.save_strategy(conn, kept.strategy, chosen, venue=self._venue)

    def _pair(self, symbol: str) -> tuple[str, str]:
        return self._engine.desk.assets(symbol)

    # Watching.

    async def run(self) -> None:
        """Look at what is in force and at what is due, for ever; at once at what was approved."""
        purged = asyncio.get_running_loop().time()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._settings.watch_seconds)
            self._wake.clear()
            try:
                await self.step()
                if asyncio.get_running_loop().time() - purged > PURGE_SECONDS:
                    purged = asyncio.get_running_loop().time()
                    await table.purge(self._m.store)
            except (psycopg.Error, Unavailable) as error:
                log.warning("the watch over parameters waits for the database", error=str(error)[:200])

    async def step(self) -> None:
        """Raises what the database raises; nothing is lost by it."""
        for kept in await table.watching(self._m.store, self._venue):
            try:
                await self._look(kept)
            except QbtcError as error:
                if isinstance(error, Unavailable):
                    raise
                log.error("a watch over parameters failed", proposal=kept.id, error=str(error))
        await table.expire(self._m.store, self._venue)
        for schedule in await table.due(self._m.store, self._venue):
            await self._due(schedule)

    async def _look(self, kept: Kept) -> None:
        if kept.status is Status.ROLLING_BACK:
            await self._set_back(kept)
            return
        if kept.watch is not None and not kept.watch.in_force:
            await self._put_in_force(kept)
            return
        strategy, mid = self._engine.strategies.get(kept.strategy), self._engine.market_of(kept.symbol).mid
        if strategy is None or mid is None or kept.watch is None or kept.symbol not in self._engine.desk.instruments:
            return
        if differing(target(kept.body["changes"], back=False), strategy.parameters):
            await self._end(kept, Status.SUPERSEDED)
            return
        watch, verdict = await self._seen(kept, kept.watch, mid)
        if verdict is Verdict.KEPT:
            await self._end(kept, Status.KEPT)
        elif verdict is Verdict.OUTSIDE:
            await self._give_up(kept, watch)

    async def _seen(self, kept: Kept, watch: Watch, mid: int) -> tuple[Watch, Verdict]:
        """The watch at this moment, stored, and what it means."""
        said, s = Prediction(**kept.body["prediction"]), self._settings
        async with self._m.store.transaction() as conn:
            reset = await table.last_reset(conn, self._venue, watch.since)
            if reset is not None:
                watch = replace(watch, base=0, mid=mid, carried=watch.profit, since=reset)
            sums = await table.made(conn, self._venue, kept.strategy, kept.symbol, self._pair(kept.symbol), watch.since)
            longest = longest_step_ns(s.watch_seconds, self._engine.market.speed if self._engine.market else 1.0)
            passed = watch.passed(self._engine.now(), trading=self._trades(kept.strategy), longest_ns=longest)
            now = passed.valued(sums, mid, said)
            await table.save_watch(conn, self._venue, kept.id, now)
        verdict = look(
            said, profit=now.profit, elapsed_ns=now.elapsed_ns, fills=now.fills, least_fills=s.watch_fills,
            until_ns=round(s.watch_hours * HOUR_NS),
        )  # fmt: skip
        return now, verdict

    def _trades(self, name: str) -> bool:
        return self._engine.strategist.busy(name) and self._engine.open and self._engine.desk.state is TradingState.ACTIVE

    async def _end(self, kept: Kept, status: Status) -> None:
        async with self._m.store.transaction() as conn:
            if await table.move(conn, self._venue, kept.id, (Status.WATCHED,), status):
                await self._say(conn, status, kept.strategy, kept.body)
        log.info("a watch over parameters is over", proposal=kept.id, status=status)

    async def _give_up(self, kept: Kept, watch: Watch) -> None:
        """First it is written down that the parameters go back, with what was seen; then they do."""
        evidence = {**asdict(watch), "rule": "lowest", "error": self._settings.watch_error}
        async with self._m.store.transaction() as conn:
            await table.move(conn, self._venue, kept.id, (Status.WATCHED,), Status.ROLLING_BACK, evidence)
        log.error("parameters earn less than predicted and go back", proposal=kept.id, strategy=kept.strategy, profit=watch.profit, lowest=watch.lowest)
        await self._set_back(replace(kept, watch=watch))

    async def _put_in_force(self, kept: Kept) -> None:
        assert kept.watch is not None  # it was approved
        async with self._m.store.transaction() as conn:
            await self._turn(conn, kept, back=False)
            await table.save_watch(conn, self._venue, kept.id, replace(kept.watch, in_force=True))

    async def _set_back(self, kept: Kept) -> None:
        async with self._m.store.transaction() as conn:
            await self._turn(conn, kept, back=True)
            if await table.move(conn, self._venue, kept.id, (Status.ROLLING_BACK,), Status.ROLLED_BACK):
                await self._say(conn, Status.ROLLED_BACK, kept.strategy, kept.body, kept.watch)
        self._back.labels(kept.strategy).inc()

    async def _due(self, schedule: Schedule) -> None:
        run = None
        try:
            if not self._research.waits_for("proposal", schedule.strategy):
                run = await self.ask(schedule.asked, f"schedule of {schedule.created_by}")
        except (QbtcError, ValueError, OSError) as error:  # also a disk that is full
            log.warning("a scheduled search for parameters was refused", strategy=schedule.strategy, error=str(error))
        await table.ran(self._m.store, self._venue, schedule.strategy, run)

    # Showing.

    async def find(self, proposal: str) -> Kept:
        """Raises NoSuchProposal."""
        found = await table.one(self._m.store, self._venue, proposal)
        if found is None:
            raise NoSuchProposal(f"no proposal {proposal[:60]!r}", field="id")
        return found

    async def rows(self, strategy: str | None, limit: int) -> list[Kept]:
        return await table.load(self._m.store, self._venue, strategy=strategy, limit=limit)

    async def schedules(self) -> list[Schedule]:
        return await table.schedules(self._m.store, self._venue)

    async def schedule(self, asked: Mapping[str, Any], every: int, user: str) -> None:
        """The first run is due at once. Raises NoSuchStrategy, NoTape, BadParameter."""
        strategy = self._searchable(asked)
        await asyncio.to_thread(tape_path, self._home, asked["tape"])
        async with self._m.store.transaction() as conn:
            await table.save_schedule(conn, self._venue, strategy.name, every, asked, user)
        log.info("parameters are weighed on a schedule", strategy=strategy.name, every=every, user=user)

    async def unschedule(self, strategy: str) -> bool:
        async with self._m.store.transaction() as conn:
            return await table.drop_schedule(conn, self._venue, strategy)


def _allowed(checked: Any, grid: Mapping[str, Any]) -> None:
    """Raises BadParameter where a value is not one of the strategy's."""
    try:
        for name, values in grid.items():
            for value in values:
                checked({name: value})
    except ValueError as error:
        raise BadParameter(str(error), field="grid") from None

