"""Writes the generated part of docs/reference: `python -m docs.reference.generate`, with `--check` only compares.

What is generated is never edited: tests/unit/contracts/test_reference.py fails when a file and its source differ.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from qbtc.ce3.settings import Ce3Settings
from qbtc.cio.settings import CioSettings
from qbtc.cli import VERBS
from qbtc.cli.root import load, root
from qbtc.contracts import export
from qbtc.exchange.settings import ExchangeSettings, PaperSettings
from qbtc.gateway import LIMITS, ROUTES, GatewayRoute
from qbtc.gateway.declaration import CLOSED, SECURITY_HEADERS
from qbtc.hft.settings import HftSettings
from qbtc.kit.logs import SCHEMA
from qbtc.kit.settings import Platform, ServiceSettings
from qbtc.qcs.settings import QcsSettings
from qbtc.web.settings import WebSettings

HERE = Path(__file__).parent
WIDTH = 100
NOTE = "Generated from the code; change that, then run `python -m docs.reference.generate`.\n"

SETTINGS: dict[str, type[ServiceSettings]] = {
    "qbtc": Platform, "hft": HftSettings, "qcs": QcsSettings, "cio": CioSettings, "ce3": Ce3Settings, "web": WebSettings,
    "exchange": ExchangeSettings, "paper": PaperSettings,
}


def generated() -> dict[str, str]:
    """{path below docs/reference: text}."""
    return {
        **export.files(),
        "log-schema.json": json.dumps(SCHEMA, indent=2) + "\n",
        "cli.md": "".join(_cli()),
        "settings.md": "".join(_settings()),
        "gateway.md": "".join(_gateway()),
    }


def _cli() -> Iterator[str]:
    yield f"# Command line\n\n{NOTE}\n"
    yield from _command(root, "qbtc", None)
    for verb in VERBS:
        yield from _command(load(verb), verb, click.Context(root, info_name="qbtc", **root.context_settings))


def _command(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH, **command.context_settings
    )
    yield f"## `{context.command_path}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n\n"
    if isinstance(command, click.Group) and command is not root:
        for verb in command.list_commands(context):
            found = command.get_command(context, verb)
            if found is not None:
                yield from _command(found, verb, context)


SETTINGS_HEAD = f"""# Settings

{NOTE}
Order, the first wins: the environment variable, `QBTC_HOME/qbtc.toml`, the default. `qbtc doctor` prints where each value
came from. Names that do not exist are refused. Lists are comma-separated in the environment.
"""


def _settings() -> Iterator[str]:
    yield SETTINGS_HEAD
    for section, model in SETTINGS.items():
        yield f"\n## `[{section}]`\n\n| name | environment | type | default | allowed | meaning |\n|---|---|---|---|---|---|\n"
        for name, field in model.model_fields.items():
            yield _setting_row(section, name, field, model)


def _setting_row(section: str, name: str, field: FieldInfo, model: type[BaseModel]) -> str:
    prefix = "QBTC_" if section == "qbtc" else f"QBTC_{section.upper()}_"
    schema = model.model_json_schema()["properties"][name]
    cells = (
        f"`{name}`", f"`{prefix}{name.upper()}`", _type(schema), _default(name, field), _allowed(schema),
        field.description or "",
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _type(schema: Mapping[str, object]) -> str:
    options = schema.get("anyOf")
    if isinstance(options, list):
        return " or ".join(dict.fromkeys(_type(option) for option in options))
    if schema.get("format") == "password":
        return "secret"
    return {"null": "nothing", "array": "list", "object": "table"}.get(str(schema.get("type")), str(schema.get("type")))


def _default(name: str, field: FieldInfo) -> str:
    if name == "home":
        return "`~/.qbtc`"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return "required"
    if isinstance(value, dict):
        return ", ".join(f"`{k} = {v}`" for k, v in value.items())
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value)
    return "" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"


RULES = {
    "minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most", "exclusiveMaximum": "less than",
    "pattern": "matches",
}


def _allowed(schema: Mapping[str, object]) -> str:
    options = schema.get("anyOf")
    parts = [schema, *(options if isinstance(options, list) else [])]
    found = [f"{words} `{part[rule]}`" for part in parts for rule, words in RULES.items() if rule in part]
    return ", ".join(dict.fromkeys(found[:2]))


GATEWAY_HEAD = f"""# Gateway

{NOTE}
One declaration, `qbtc.gateway.declaration`, compiled to nginx.conf (embedded) and to APISIX files (production). The
longest prefix wins. `signed` needs the session cookie or a bearer token; every service verifies it again.

| route | prefix | service | becomes | access | methods | rate class | body limit | read timeout | notes |
|---|---|---|---|---|---|---|---|---|---|
"""


def _gateway() -> Iterator[str]:
    yield GATEWAY_HEAD
    for route in ROUTES:
        yield _gateway_row(route)
    yield "\nNever through a gateway: " + ", ".join(f"`{path}`" for path in CLOSED) + ".\n"
    yield "\n## Rate classes\n\nFor each token, or for each address where there is none.\n\n"
    yield "| class | requests a second | burst | counted by |\n|---|---|---|---|\n"
    for name, limit in LIMITS.items():
        yield f"| {name} | {limit.rate} | {limit.burst} | {'address' if limit.by_address else 'token or address'} |\n"
    yield "\n## Headers on every answer\n\n| header | value |\n|---|---|\n"
    for header, value in SECURITY_HEADERS.items():
        yield f"| `{header}` | `{value}` |\n"


def _gateway_row(route: GatewayRoute) -> str:
    notes = [word for word, so in (("WebSocket", route.websocket), ("streaming", route.streaming)) if so]
    cells = (
        route.name, f"`{route.prefix}`", route.service, f"`{route.rewrite}`", route.access, ", ".join(route.methods or ("all",)),
        route.limit, f"{route.max_body // 1000} kB", f"{route.read_timeout} s", ", ".join(notes),
    )
    return f"| {' | '.join(cells)} |\n"


def differences(folder: Path = HERE) -> list[str]:
    """Generated files that are missing, different, or no longer generated."""
    wanted = generated()
    stale = {f"schemas/{p.name}" for p in (folder / "schemas").glob("*.json")} - set(wanted)
    changed = {n for n, text in wanted.items() if not (folder / n).is_file() or (folder / n).read_text() != text}
    return sorted(changed | stale)


def write(folder: Path = HERE) -> list[str]:
    """Bring the folder up to date; returns what was changed."""
    changed = differences(folder)
    wanted = generated()
    for name in changed:
        path = folder / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name])
        else:
            path.unlink()
    return changed


def main(argv: list[str]) -> int:
    changed = differences() if "--check" in argv else write()
    for name in changed:
        sys.stdout.write(f"docs/reference/{name}\n")
    return 1 if changed and "--check" in argv else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
