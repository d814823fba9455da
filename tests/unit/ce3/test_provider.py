"""Which model answers, and where its key comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.ce3.doubles import Scripted

from qbtc.ce3.errors import NoModelKey
from qbtc.ce3.service import choose_provider, claude_key
from qbtc.ce3.settings import Ce3Settings
from qbtc.kit.security import Vault

OFFLINE = Scripted(())


def chosen(provider: str, home: Path, **env: str) -> str:
    settings = Ce3Settings(provider=provider, claude_model="claude-x", ollama_model="llama-x")
    return choose_provider(settings, lambda: OFFLINE, env=env, vault=Vault(home)).name


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """An installation with the key that `qbtc keys add anthropic` stores."""
    (tmp_path / "secrets").mkdir()
    Vault(tmp_path).put("anthropic", "sk-stored")
    return tmp_path


@pytest.mark.parametrize("env", [{}, {"ANTHROPIC_API_KEY": ""}, {"ANTHROPIC_API_KEY": " "}])
def test_claude_without_a_key_does_not_start_and_says_what_to_do(tmp_path: Path, env: dict[str, str]) -> None:
    with pytest.raises(NoModelKey, match="qbtc keys add anthropic") as refusal:
        chosen("claude", tmp_path, **env)
    assert refusal.value.field == "provider"


def test_a_stored_key_chooses_claude(stored: Path) -> None:
    assert chosen("claude", stored) == chosen("auto", stored) == "claude-x"
    assert claude_key({}, Vault(stored)) == "sk-stored"


def test_a_key_of_the_environment_goes_before_the_stored_one(stored: Path) -> None:
    assert claude_key({"ANTHROPIC_API_KEY": "sk-given"}, Vault(stored)) == "sk-given"


def test_without_keys_auto_takes_ollama_where_it_is_named_and_else_the_offline_planner(tmp_path: Path) -> None:
    assert chosen("auto", tmp_path, OLLAMA_HOST="127.0.0.1:1") == "llama-x"
    assert chosen("auto", tmp_path) == "scripted"


def test_offline_stays_offline_whatever_is_stored(stored: Path) -> None:
    assert chosen("offline", stored, ANTHROPIC_API_KEY="sk-given", OLLAMA_HOST="127.0.0.1:1") == "scripted"
