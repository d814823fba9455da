"""Mark prices, funding and open interest of Binance-shaped USD-M perpetuals. Public questions only, no key.

Source: developers.binance.com, USDS-margined futures, market data.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..domain.perpetual import FUNDING_HOURS
from ..domain.venues import Site
from ..ports import Frame, NoAnswer
from . import venue_ws
from .venue_http import MS, NO_KEY, VenueHttp, rows

KIND = "markPrice@1s"


class UsdmPerpetuals(VenueHttp):
    time_path = "/fapi/v1/time"

    def __init__(self, site: Site) -> None:
        super().__init__(site.rest, NO_KEY, NO_KEY)
        self._site = site

    async def contracts(self, symbols: Sequence[str]) -> dict[str, float]:
        known = rows((await self._public("/fapi/v1/exchangeInfo", {}))["symbols"])
        there = {str(row["symbol"]) for row in known if row.get("contractType") == "PERPETUAL"}
        told = {str(row["symbol"]): row for row in rows(await self._ask("GET", "/fapi/v1/fundingInfo", {}))}
        hours = {name: float(str(row["fundingIntervalHours"])) for name, row in told.items()}
        return {name: hours.get(name, FUNDING_HOURS) for name in symbols if name in there}

    async def stream(self, symbols: Sequence[str], on_frame: Frame) -> None:
        names = venue_ws.stream_names(symbols, (KIND,))
        await venue_ws.market_stream(venue_ws.stream_url(f"{self._site.stream}/market", names), on_frame)

    async def open_interest(self, symbol: str) -> tuple[float, int]:
        body = await self._public("/fapi/v1/openInterest", {"symbol": symbol})
        try:
            return float(str(body["openInterest"])), int(str(body["time"])) * MS
        except (KeyError, ValueError):
            raise NoAnswer("/fapi/v1/openInterest does not say how much") from None
