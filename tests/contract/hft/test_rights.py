"""What the venue says of a key's rights, word by word: only a clear `false` is good, anything else means no."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from qbtc.hft.adapters.venue import LiveSpot
from qbtc.hft.domain.permission import Keys
from qbtc.hft.domain.venues import Addresses, site
from qbtc.hft.live import Live, Start

TIME = json.dumps({"serverTime": 1_700_000_000_000})


class Host:
    """Answers the time, and the question for rights with one status and body; keeps what it was asked."""

    def __init__(self, status: int, body: str) -> None:
        self.status, self.body, self.asked = status, body, list[str]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                self.asked.append(head)
                rights = "apiRestrictions" in head.split()[1]
                writer.write(_answer(*((self.status, self.body) if rights else (200, TIME))))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _answer(status: int, body: str) -> bytes:
    more = "Location: http://127.0.0.1:1/\r\n" if status == 302 else ""
    return f"HTTP/1.1 {status} X\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}".encode()


@asynccontextmanager
async def checked(status: int, body: str) -> AsyncIterator[tuple[Live, Host]]:
    """What is known of the keys after one question."""
    host = Host(status, body)
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        chosen = site("binance", Addresses(rest=url), here=url)
        venue = LiveSpot(chosen, SecretStr("the-key"), SecretStr("the-secret"), symbols=())
        live = Live(chosen, venue, Start(keys=True, live=True))
        await live.check()
        yield live, host
        await venue.close()


GOOD = {"ipRestrict": True, "enableReading": True, "enableWithdrawals": False, "enableSpotAndMarginTrading": True}


async def test_a_clear_no_to_withdrawals_is_good_and_was_asked_with_a_signature() -> None:
    async with checked(200, json.dumps(GOOD)) as (live, host):
        assert live.view()["keys"] == Keys.GOOD
        question = next(head for head in host.asked if "apiRestrictions" in head)
        assert question.startswith("GET /sapi/v1/account/apiRestrictions?recvWindow=5000&timestamp=")
        assert "&signature=" in question
        assert "x-mbx-apikey: the-key" in question.lower()
        assert "the-secret" not in "".join(host.asked)


async def test_a_right_to_withdraw_is_said_as_such() -> None:
    async with checked(200, json.dumps(GOOD | {"enableWithdrawals": True})) as (live, _):
        assert live.view()["keys"] == Keys.WITHDRAWING


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "{}"), (200, '{"enableWithdrawals": "false"}'), (200, '{"enableWithdrawals": 0}'),
        (200, '{"enableWithdrawals": null}'), (200, "[]"), (200, "null"), (200, "<html>"), (200, ""), (204, ""),
        (302, ""), (401, '{"code": -2015, "msg": "Invalid API-key"}'), (403, "<html>"),
        (429, '{"code": -1003, "msg": "Too many requests"}'), (500, "{}"), (503, '{"enableWithdrawals": false}'),
    ],
)  # fmt: skip
async def test_anything_else_means_that_it_is_not_known(status: int, body: str) -> None:
    async with checked(status, body) as (live, _):
        assert live.view()["keys"] == Keys.UNKNOWN
        assert not live.permission.allowed
