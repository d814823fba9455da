"""An installation's keys, made once: signing needs files, not a running system."""

from __future__ import annotations

from pathlib import Path

import pytest

from qbtc.kit.security import KeyRing, Tokens, ensure_keys


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return ensure_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def web(ring: KeyRing) -> Tokens:
    return Tokens(ring, "web", "local")


@pytest.fixture
def ce3(ring: KeyRing) -> Tokens:
    return Tokens(ring, "ce3", "local")
