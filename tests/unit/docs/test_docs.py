"""Documentation cannot lie: its commands exist, its links lead somewhere, its words are about the project."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
from tests.every import every

from qbtc.cli import VERBS
from qbtc.cli.root import load

ROOT = Path(__file__).resolve().parents[3]
SKIPPED = ("ui/node_modules", ".venv")
PAGES = [p for p in sorted(ROOT.rglob("*.md")) if not str(p.relative_to(ROOT)).startswith(SKIPPED)]
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def commands(page: Path) -> list[str]:
    """Every `./qbtc …` or `qbtc …` line of the page's shell blocks, without comment."""
    lines = [line for kind, body in FENCE.findall(page.read_text()) if kind in ("sh", "console") for line in body.splitlines()]
    cleaned = [line.removeprefix("$ ").split(" #")[0].strip() for line in lines]
    return [line for line in cleaned if line.startswith(("./qbtc ", "qbtc "))]


@every("page, line", [(p, c) for p in PAGES for c in commands(p)])
def test_every_command_in_the_documentation_exists_with_its_options(page: Path, line: str) -> None:
    words = shlex.split(line)[1:]
    verb, rest = words[0], words[1:]
    assert verb in VERBS, f"{page.name}: no verb {verb!r}"
    command: click.Command = load(verb)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        assert found is not None, f"{page.name}: no {line!r}"
        command, rest = found, rest[1:]
    with click.Context(command, info_name=verb) as context:
        try:
            command.parse_args(context, rest)
        except click.BadParameter as error:  # a file of the reader's
            assert "does not exist" in error.message


@every("page", PAGES)
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", page.read_text())):
        assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_decision_records_are_at_most_sixty_lines() -> None:
    for record in (ROOT / "docs/adr").glob("*.md"):
        assert len(record.read_text().splitlines()) <= 60, record.name
