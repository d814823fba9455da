"""What the account should hold by our fills, against what the venue says it holds.

Rule: executions the venue reports and we have not counted are counted first. What is still different is a transfer
(a deposit, a withdrawal, a reset of the paper account, a trade by another client): it is booked to the opening
balance, so that it never becomes profit, and shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .desk import Balance, Desk
from .units import ONE

ROUNDING = 10_000
"""In 1e-8."""


@dataclass(frozen=True, slots=True)
class Difference:
    """In 1e-8 of the asset."""

    asset: str
    expected: int
    found: int


def traded(desk: Desk) -> dict[str, int]:
    """Net change of each asset by all counted fills, fees included, in 1e-8; in futures the quote asset moves only
    by what is realised."""
    net: dict[str, int] = {}
    for position in desk.positions.values():
        base, quote = desk.assets(position.symbol)
        cash = position.realised - position.fees - (0 if desk.futures else position.cost)
        net[base] = net.get(base, 0) + position.quantity
        net[quote] = net.get(quote, 0) + _floor(cash)
        for asset, fee in position.other_fees.items():
            net[asset] = net.get(asset, 0) - fee
    return net


def _floor(amount: int) -> int:
    return amount // ONE if amount >= 0 else -(-amount // ONE)


def opening_from(desk: Desk, balances: Mapping[str, Balance]) -> dict[str, int]:
    """The opening balance that makes the venue's balances and our fills agree."""
    net = traded(desk)
    return {asset: balance.total - net.get(asset, 0) for asset, balance in balances.items()}


def differences(desk: Desk, balances: Mapping[str, Balance]) -> list[Difference]:
    """Assets whose balance is not opening + fills. A futures venue rounds entry price and profit at every fill: up to
    `ROUNDING` of the margin asset are that, and nothing happened."""
    margin = {i.quote for i in desk.instruments.values()} if desk.futures else set[str]()
    net = traded(desk)
    assets = sorted(set(desk.opening) | set(balances))
    rows = [Difference(a, desk.opening.get(a, 0) + net.get(a, 0), balances.get(a, Balance()).total) for a in assets]
    return [row for row in rows if abs(row.expected - row.found) > (ROUNDING if row.asset in margin else 0)]
