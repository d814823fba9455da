"""Fixtures of the whole suite, and the rule that a required part may not be missing where it is required."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from tests.scheduling import ByFileOrGroup
from tests.sizes import SIZE

from qbtc.testing.postgres import PostgresServer
from qbtc.testing.system import QbtcSystem, recorded_market
from qbtc.testing.valkey import ValkeyServer

settings.register_profile("default", max_examples=50, deadline=None)
settings.register_profile("fast", max_examples=15, deadline=None)
settings.register_profile("exhaustive", max_examples=500, deadline=None)
settings.load_profile(SIZE if SIZE in ("fast", "exhaustive") else "default")

REQUIRED = frozenset(filter(None, os.environ.get("QBTC_REQUIRE", "").split(",")))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Modules and tests stay to the end: the garbage collector need not walk them again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFileOrGroup | None:
    """With `--dist loadfile`, the mode of `qbtc test`, a few groups of files count as one."""
    return ByFileOrGroup(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where `QBTC_REQUIRE` names a part (rabbitmq, browser), a skip of its tests is a failure."""
    report = yield
    needed = REQUIRED & {mark.name for mark in item.iter_markers()}
    if report.skipped and needed and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{', '.join(sorted(needed))} is required here, but the test was skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def qbtc_system() -> Iterator[QbtcSystem]:
    """One running system for all tests that only look at it or use it as intended."""
    with QbtcSystem(market=recorded_market(), options=("--loop",)) as system:
        yield system


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL server; tests take a database each."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """One Valkey; tests that need it empty flush it."""
    with ValkeyServer() as server:
        yield server
