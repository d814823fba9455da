"""Who may act on trading over HTTP: a person with the role trader, never a service."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from qbtc.contracts import Role
from qbtc.kit.http.auth import actor_of, check_person
from qbtc.kit.security import Actor


def trading_person(request: Request) -> Actor:
    return check_person(actor_of(request), Role.TRADER)


Person = Annotated[Actor, Depends(trading_person)]
