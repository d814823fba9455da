"""What an account may set: leverage, margin type, position mode, asset mode, isolated margin. Checks, then facts."""

from __future__ import annotations

from dataclasses import replace

from ...core.market.futures import events
from ...core.market.futures.errors import FCode, error
from ...core.market.futures.facts import AssetMode, Leverage, MarginMoved, MarginType, PositionMode
from ...core.market.futures.venue import Venue
from ...core.market.margin import cap_at, initial
from ...core.market.margin_account import totals


class Accounts:
    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def leverage(self, account_id: int, symbol: str, leverage: int, now: int) -> int:
        """Returns the greatest notional at this leverage."""
        venue = self._venue
        table = venue.market(symbol).contract.table
        account = venue.state.account(account_id)
        if not 1 <= leverage <= table[0].leverage:
            raise error(FCode.LEVERAGE, f"Leverage {leverage} is not valid")
        setting, rows = account.setting(symbol), venue.exposures(account_id)
        held = [row for row in rows.values() if row.symbol == symbol and row.position.quantity]
        if setting.isolated and held and leverage < setting.leverage:
            raise error(FCode.LOWER_LEVERAGE)
        changed = {key: replace(row, leverage=leverage) if key[0] == symbol else row for key, row in rows.items()}
        if any(row.worst > cap_at(table, leverage) for row in changed.values() if row.symbol == symbol):
            raise error(FCode.MAX_POSITION)
        if leverage < setting.leverage and totals(account.wallet, changed.values()).free < 0:
            raise error(FCode.LEVERAGE_MARGIN)
        if leverage != setting.leverage:
            venue.apply(Leverage(account_id, symbol, leverage))
            venue.notify(account_id, events.leverage_update(symbol, leverage, now))
        return cap_at(table, leverage)

    def margin_type(self, account_id: int, symbol: str, isolated: bool, now: int) -> None:
        venue = self._venue
        venue.market(symbol)
        account = venue.state.account(account_id)
        if account.setting(symbol).isolated == isolated:
            raise error(FCode.SAME_MARGIN_TYPE)
        if isolated and account.multi:
            raise error(FCode.ISOLATED_MULTI)
        if venue.state.open_of(account_id, symbol):
            raise error(FCode.MARGIN_TYPE_ORDERS)
        if any(name == symbol for name, _, _ in account.held()):
            raise error(FCode.MARGIN_TYPE_POSITION)
        venue.apply(MarginType(account_id, symbol, isolated))

    def position_mode(self, account_id: int, dual: bool, now: int) -> None:
        account = self._venue.state.account(account_id)
        if account.dual == dual:
            raise error(FCode.SAME_POSITION_MODE)
        if self._venue.state.open_of(account_id) or self._venue.state.open_algos_of(account_id):
            raise error(FCode.MODE_ORDERS)
        if any(True for _ in account.held()):
            raise error(FCode.MODE_POSITION)
        self._venue.apply(PositionMode(account_id, dual))

    def asset_mode(self, account_id: int, multi: bool, now: int) -> None:
        """Only USDT is held, so both modes reckon alike; what they forbid differs."""
        account = self._venue.state.account(account_id)
        if account.multi == multi:
            raise error(FCode.SAME_ASSET_MODE)
        if multi and any(setting.isolated for setting in account.settings.values()):
            raise error(FCode.MULTI_ISOLATED)
        if self._venue.state.open_of(account_id):
            raise error(FCode.MULTI_ORDERS)
        self._venue.apply(AssetMode(account_id, multi))
        self._venue.notify(account_id, events.assets_update(multi, now))

    def move_margin(self, account_id: int, symbol: str, leg: str, amount: int, now: int) -> None:
        """Add (positive) or take out margin of an isolated position."""
        venue = self._venue
        market, account = venue.market(symbol), venue.state.account(account_id)
        if (leg == "BOTH") is account.dual:
            raise error(FCode.SIDE_MISMATCH)
        if not account.setting(symbol).isolated:
            raise error(FCode.NOT_ISOLATED)
        position = account.position(symbol, leg)
        if not position.quantity:
            raise error(FCode.NO_POSITION)
        if amount > 0 and venue.totals(account_id).withdrawable < amount:
            raise error(FCode.CROSS_BALANCE)
        row = venue.exposures(account_id)[(symbol, leg)]
        keep = initial(abs(row.notional), row.leverage)
        if amount < 0 and (position.wallet + amount < 0 or row.balance + amount < keep):
            raise error(FCode.ISOLATED_BALANCE)
        venue.apply(MarginMoved(account_id, symbol, leg, amount, now))
        rows = [(symbol, leg, market.prices.mark)]
        venue.notify(account_id, events.account_update(account, "MARGIN_TRANSFER", now, 0, rows))
