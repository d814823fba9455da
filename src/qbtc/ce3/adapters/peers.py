"""The other services over the bus, asked as the person whose turn it is."""

from __future__ import annotations

from typing import TypeVar

from qbtc.contracts import Message
from qbtc.kit.messaging import Messenger
from qbtc.kit.security import Actor

M = TypeVar("M", bound=Message)


class BusPeers:
    """Every message is signed with an authority that names the person, so that every service applies that person's rights."""

    def __init__(self, messenger: Messenger, actor: Actor) -> None:
        self._messenger, self._actor = messenger, actor

    async def ask(self, key: str, body: Message, reply: type[M], *, timeout: float = 5.0) -> M:
        return await self._messenger.request(key, body, reply=reply, timeout=timeout, actor=self._authority())

    async def tell(self, key: str, body: Message) -> None:
        await self._messenger.publish(key, body, actor=self._authority())

    def _authority(self) -> Actor:
        return self._messenger.tokens.on_behalf(self._actor)
