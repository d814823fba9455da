"""The three conditions of live trading as they stand: asks for the keys' rights, takes a person's confirmation.

The decision itself is `domain.permission`; the trader asks `permission` before every order. A confirmation lasts until
the process ends or another condition breaks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from pydantic import JsonValue

from qbtc.kit.logs import get_logger

from .domain.permission import Condition, Conditions, Keys, Permission, confirmable, permission
from .domain.venues import Site
from .errors import NotConfirmed
from .ports import NoAnswer, Venue, VenueError

log = get_logger(__name__)

RETRY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Start:
    """What was given at the start."""

    keys: bool
    live: bool
    rights_seconds: float = 300.0


class Live:
    def __init__(self, site: Site, venue: Venue, start: Start) -> None:
        self.site, self._venue, self._start = site, venue, start
        keys = Keys.UNCHECKED if start.keys else Keys.NONE
        self._conditions = Conditions(site.name, paper=site.local, keys=keys, live=start.live)
        self.on_change: Callable[[Permission], None] = lambda _: None

    @property
    def permission(self) -> Permission:
        return permission(self._conditions)

    def confirm(self, typed: str, user: str) -> None:
        """Raises NotConfirmed when it is not the venue's name, or while another condition is missing."""
        if self.site.local:
            raise NotConfirmed("the venue 'local' is a paper account: there is nothing to confirm", field="venue")
        missing = confirmable(self._conditions)
        if missing:
            raise NotConfirmed("; ".join(missing.values()), field=next(iter(missing)), allowed=_words(missing))
        if typed != self.site.name:
            raise NotConfirmed(f"{typed!r} is not the venue's name", field="confirm", allowed=self.site.name)
        log.warning("live trading is confirmed", venue=self.site.name, user=user)
        self._change(confirmed=True)

    def withdraw(self, user: str) -> None:
        """Back to read-only. Open orders stay; cancels and the kill switch always work."""
        log.warning("live trading is taken back", venue=self.site.name, user=user)
        self._change(confirmed=False)

    async def run(self) -> None:
        """Ask what the keys may do, again and again; ends at once where there is nothing to ask."""
        while not self.site.local and self._start.keys:
            await self.check()
            good = self._conditions.keys is Keys.GOOD
            await asyncio.sleep(self._start.rights_seconds if good else min(RETRY_SECONDS, self._start.rights_seconds))

    async def check(self) -> None:
        keys = await self._ask()
        confirmed = self._conditions.confirmed and keys is Keys.GOOD
        if self._conditions.confirmed and not confirmed:
            log.error("live trading ends: the keys' rights are not what they must be", keys=keys.value)
        self._change(keys=keys, confirmed=confirmed)

    async def _ask(self) -> Keys:
        """On a test network, whose key can withdraw nothing, the account itself must answer. A check that fails, however
        it fails, means that nothing is known."""
        try:
            if self.site.rights is None:
                await self._venue.balances()
                return Keys.GOOD
            return Keys.WITHDRAWING if await self._venue.withdraws(self.site.rights) else Keys.GOOD
        except (VenueError, NoAnswer) as error:
            log.warning("the keys' rights are not known", error=str(error))
        except Exception as error:
            log.exception("the check of the keys' rights failed", error=f"{type(error).__name__}: {error}")
        return Keys.UNKNOWN

    def _change(self, *, keys: Keys | None = None, confirmed: bool) -> None:
        before = self.permission
        known = self._conditions if keys is None else replace(self._conditions, keys=keys)
        self._conditions = replace(known, confirmed=confirmed)
        if self.permission != before:
            self.on_change(self.permission)

    def view(self) -> dict[str, JsonValue]:
        """Each condition with its state, for the screen."""
        now, before = self.permission, confirmable(self._conditions)
        rows: list[JsonValue] = [
            {"name": c.value, "ok": c not in now.missing, "reason": now.missing.get(c)} for c in Condition
        ]
        return {
            "venue": self.site.name, "test": self.site.test, "product": self.site.product.value, "mode": now.mode.value,
            "keys": self._conditions.keys.value, "conditions": [] if self.site.local else rows,
            "confirmable": not self.site.local and not before and not self._conditions.confirmed,
        }  # fmt: skip


def _words(missing: dict[Condition, str]) -> list[JsonValue]:
    return [c.value for c in missing]
