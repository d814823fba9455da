"""Every verb explains itself, and refuses what it does not know with what it does."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner
from tests.every import every

from qbtc.cli import VERBS
from qbtc.cli.root import load, root


def commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """The command and all below it."""
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from commands(child, (*path, name))


ALL = [found for verb in VERBS for found in commands(load(verb), (verb,))]


@every("path, command", ALL)
def test_every_verb_says_what_it_does_and_explains_each_option(path: tuple[str, ...], command: click.Command) -> None:
    done = CliRunner().invoke(root, [*path, "--help"])
    assert done.exit_code == 0
    assert command.help
    assert command.help.strip().splitlines()[0].rstrip().endswith(".")
    options = [option for option in command.params if isinstance(option, click.Option)]
    silent = [option.name for option in options if not option.help and not isinstance(option.type, click.Choice)]
    assert silent == []


def test_the_overview_lists_every_verb_with_a_sentence() -> None:
    done = CliRunner().invoke(root, ["--help"])
    assert all(verb in done.output and text in done.output for verb, (_, text) in VERBS.items())


def test_an_unknown_verb_is_refused_with_the_known_ones() -> None:
    done = CliRunner().invoke(root, ["upp"])
    assert done.exit_code == 2
    assert "No such command 'upp'" in done.output
    assert "up, down, status" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["up", "--frobnicate"], "No such option '--frobnicate'"),
        (["up", "--speed", "fast"], "'fast' is not a valid float range"),
        (["up", "--speed", "0"], "0.0 is not in the range 0<x<=1000"),
        (["run", "nobody"], "'nobody' is not one of 'exchange', 'hft'"),
        (["token", "--role", "king"], "'king' is not one of 'viewer'"),
        (["token", "--minutes", "0"], "0 is not in the range 1<=x<=1440"),
        (["logs", "--level", "loud"], "'loud' is not one of 'debug'"),
        (["kill", "--scope", "everything"], "'everything' is not one of 'pause'"),
        (["hft", "kill", "--scope", "everything"], "'everything' is not one of 'pause'"),
        (["bus", "dead-letters", "list", "--queue", "nowhere"], "unknown queue 'nowhere'"),
        (["bus", "dead-letters", "replay"], "Give either IDS or --all"),
        (["exchange", "--sim", "--data", "x"], "exclude each other"),
        (["bench", "nothing"], "no benchmark 'nothing'"),
    ],
)
def test_wrong_arguments_are_refused_with_what_is_allowed(arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(root, arguments)
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["up", "--market", "moon"], "Allowed: auto, binance, sim, replay:"),
        (["up", "--market", "replay:"], "needs a recording"),
        (["up", "--market", "replay:/nowhere.gz"], "The recording /nowhere.gz does not exist"),
        (["up", "--only", "hft,nobody"], "Allowed: exchange, hft, qcs, cio, ce3, web"),
    ],
)
def test_a_market_or_service_that_is_not_there_is_refused_before_anything_starts(
    arguments: list[str], said: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QBTC_HOME", f"{tmp_path}/home")
    done = CliRunner().invoke(root, arguments)
    assert done.exit_code == 1
    assert said in done.output


@pytest.mark.parametrize("name", ["QBTC_PORT_OFFSET", "QBTC_SPEED"])
def test_a_setting_that_cannot_be_read_is_named_with_its_source(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "lots")
    done = CliRunner().invoke(root, ["up"])
    assert done.exit_code == 1
    assert f"environment {name}" in done.output
