"""`qbtc bus` against a real bus: list, replay, queues, and its refusals."""

from __future__ import annotations

import asyncio
import json

import psycopg
import pytest
from click.testing import CliRunner, Result

from qbtc.cli.bus import bus as command
from qbtc.kit.bus import Delivery, Reject, open_bus
from qbtc.kit.bus.install import install
from qbtc.testing.bus import message
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.waiting import eventually


async def _one_dead_letter(dsn: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn) as admin:
        await install(admin)
    bus = open_bus(dsn, service="web")
    await bus.start()

    async def refuse(_: Delivery) -> None:
        raise Reject("no such panel")

    await bus.consume("web.updates", refuse)
    await bus.publish(message("web.ui.update", n=7))
    await eventually(bus.dead_letters)
    await bus.close()


@pytest.fixture
def dsn(postgres: PostgresServer) -> str:
    found = postgres.database()
    asyncio.run(_one_dead_letter(found))
    return found


def qbtc_bus(dsn: str, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), env={"QBTC_BUS_URL": dsn})


def test_dead_letters_are_listed_replayed_once_and_counted(dsn: str) -> None:
    listed = qbtc_bus(dsn, "dead-letters", "list")
    assert listed.exit_code == 0 and "web.updates" in listed.output and "Reject: no such panel" in listed.output
    letters = json.loads(qbtc_bus(dsn, "dead-letters", "list", "--json").output)
    assert letters[0]["envelope"]["data"] == {"n": 7}
    again = qbtc_bus(dsn, "dead-letters", "replay", letters[0]["id"])
    assert again.exit_code == 0 and again.output == "1 put back.\n"
    assert qbtc_bus(dsn, "dead-letters", "replay", letters[0]["id"]).exit_code == 1
    depths = json.loads(qbtc_bus(dsn, "queues", "--json").output)
    assert depths["web.updates"]["ready"] == 1 and depths["web.updates"]["dead"] == 0
    assert "No dead letters" in qbtc_bus(dsn, "dead-letters", "list").output


def test_replay_all_takes_every_dead_letter(dsn: str) -> None:
    assert qbtc_bus(dsn, "dead-letters", "replay", "--all").output == "1 put back.\n"


def test_bad_calls_say_what_is_allowed(dsn: str) -> None:
    neither = qbtc_bus(dsn, "dead-letters", "replay")
    assert neither.exit_code == 2 and "--all" in neither.output
    typo = qbtc_bus(dsn, "dead-letters", "list", "--queue", "web.update")
    assert typo.exit_code == 2 and "web.updates" in typo.output
    wrong = qbtc_bus(dsn, "dead-letters", "replay", "seven")
    assert wrong.exit_code == 1 and "seven" not in wrong.output
    scheme = qbtc_bus("kafka://nowhere", "queues")
    assert scheme.exit_code == 1 and "amqp://" in scheme.output
