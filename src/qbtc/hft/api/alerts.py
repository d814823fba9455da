"""Alerts over HTTP: anybody may read them, a trader sets and deletes them."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import Field, JsonValue, model_validator

from qbtc.contracts import Message, Role
from qbtc.contracts.common import DecimalStr, Symbol
from qbtc.kit.http import require

from ..alerts import Alerts
from ..domain.units import units
from ..errors import BadParameter
from .people import Person

PRICES = "a number above zero with up to 8 decimals, such as 61000.5"


class NewAlert(Message):
    """A price alert needs a symbol and a price; a fill alert has no price and may leave the symbol out."""

    kind: Literal["above", "below", "fill"]
    symbol: Symbol | None = None
    price: DecimalStr | None = None
    note: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def price_belongs_to_price_alerts(self) -> NewAlert:
        if self.kind == "fill" and self.price is not None:
            raise ValueError("a fill alert has no price")
        if self.kind != "fill" and (self.price is None or self.symbol is None):
            raise ValueError("a price alert needs a symbol and a price")
        return self


def alerts_router(alerts: Alerts) -> APIRouter:
    router = APIRouter(tags=["alerts"])

    @router.get("/alerts", dependencies=[Depends(require(Role.VIEWER))])
    async def listed() -> dict[str, JsonValue]:
        return {"items": alerts.rows()}

    @router.post("/alerts", status_code=201)
    async def add(body: NewAlert, actor: Person) -> JsonValue:
        """Fires once, when the last price (the mid before the first trade) reaches the level, or at the next fill."""
        return await alerts.add(
            body.kind, symbol=body.symbol, price=_price(body.price), note=body.note, user=actor.user or "cli"
        )

    @router.delete("/alerts/{alert_id}", status_code=204)
    async def remove(alert_id: str, _actor: Person) -> None:
        await alerts.remove(alert_id)

    return router


def _price(price: str | None) -> int | None:
    if price is None:
        return None
    try:
        value = units(price)
    except ValueError as error:
        raise BadParameter(str(error), field="price", allowed=PRICES) from None
    if value <= 0:
        raise BadParameter(f"{price!r} is not above zero", field="price", allowed=PRICES)
    return value
