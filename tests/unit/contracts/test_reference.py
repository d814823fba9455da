"""The generated reference says what the code says: regenerating gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from docs.reference import generate
from jsonschema import Draft202012Validator

from qbtc.cli import VERBS
from qbtc.contracts import QUEUES, ROUTES
from qbtc.contracts.export import asyncapi, schema_documents
from qbtc.contracts.trading import OrderType, PlaceOrder, Side

SCHEMAS = schema_documents()
FILES = generate.generated()
Node = dict[str, object] | list[object] | str | int | float | bool | None


def test_the_reference_is_up_to_date() -> None:
    assert generate.differences() == [], "run `python -m docs.reference.generate`"


def test_generating_twice_gives_the_same_bytes() -> None:
    assert generate.generated() == FILES


def test_writing_brings_an_outdated_folder_up_to_date_and_removes_what_is_gone(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "old.key.gone.json").write_text("{}")
    (tmp_path / "bus.md").write_text("edited by hand")
    assert {"schemas/old.key.gone.json", "bus.md"} <= set(generate.write(tmp_path))
    assert generate.differences(tmp_path) == []
    assert not (tmp_path / "schemas" / "old.key.gone.json").exists()


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_valid_json_schema_with_an_identity_of_its_own(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert [s["$id"] for s in SCHEMAS.values()].count(SCHEMAS[name]["$id"]) == 1


def test_bodies_and_replies_of_all_routes_have_a_schema() -> None:
    replies = {f"{r.key}.reply" for r in ROUTES.values() if r.reply}
    assert set(SCHEMAS) == set(ROUTES) | replies | {"envelope"}
    assert all(SCHEMAS[key]["$id"] == route.schema_id for key, route in ROUTES.items())


def test_a_published_schema_takes_and_refuses_what_the_model_does() -> None:
    check = Draft202012Validator(SCHEMAS["hft.order.place"]).is_valid
    order = PlaceOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.LIMIT, quantity="1", price="2.5").model_dump(mode="json")
    assert check(order)
    assert not check(order | {"quantity": "1e5"})
    assert not check(order | {"unknown": 1})
    assert not check({k: v for k, v in order.items() if k != "side"})


def references(node: Node) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return [*own, *(r for value in node.values() for r in references(value))]  # type: ignore[list-item, arg-type]
    return [r for item in node for r in references(item)] if isinstance(node, list) else []  # type: ignore[arg-type]


def resolve(document: Node, reference: str) -> Node:
    for part in reference.removeprefix("#/").split("/"):
        assert isinstance(document, dict), reference
        document = document[part.replace("~1", "/").replace("~0", "~")]  # type: ignore[assignment]
    return document


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document: Node = yaml.safe_load(FILES["asyncapi.yaml"])
    found = references(document)
    assert len(found) > 100
    for reference in found:
        assert resolve(document, reference) is not None, reference


def test_the_asyncapi_document_has_every_key_on_its_exchange_with_both_sides() -> None:
    document = yaml.safe_load(FILES["asyncapi.yaml"])
    assert document == json.loads(json.dumps(asyncapi()))
    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]) == {f"{k.exchange}/{r.key}" for r in ROUTES.values() for k in r.kinds}
    sides = {(o["action"], o["channel"]["$ref"].split("~1")[-1]) for o in document["operations"].values()}
    assert sides == {(action, key) for action in ("send", "receive") for key in ROUTES}
    for name, operation in document["operations"].items():
        assert operation["action"] == name.split(".")[1]


def test_the_bus_table_has_a_row_for_every_route_and_queue_and_links_that_exist() -> None:
    rows = [line for line in FILES["bus.md"].splitlines() if line.startswith("| `")]
    assert len(rows) == len(ROUTES) + len(QUEUES)
    assert all(f"schemas/{key}.json" in FILES and f"(schemas/{key}.json)" in FILES["bus.md"] for key in ROUTES)


def test_every_verb_has_a_section_with_its_options() -> None:
    for verb in VERBS:
        assert f"## `qbtc {verb}`" in FILES["cli.md"]
    assert "--detach" in FILES["cli.md"]
    assert "qbtc bus dead-letters replay" in FILES["cli.md"]


def test_every_setting_is_listed_with_its_variable_and_no_secret_has_a_default() -> None:
    for section, model in generate.SETTINGS.items():
        for name in model.model_fields:
            rows = [line for line in FILES["settings.md"].splitlines() if line.startswith(f"| `{name}` |")]
            prefix = "QBTC_" if section == "qbtc" else f"QBTC_{section.upper()}_"
            assert any(f"`{prefix}{name.upper()}`" in row for row in rows), f"{section}.{name}"
            assert all(row.split("|")[4].strip() == "" for row in rows if "| secret" in row)


@pytest.mark.parametrize("path", ["cli.md", "settings.md", "bus.md", "gateway.md", "asyncapi.yaml"])
def test_the_reference_does_not_depend_on_the_machine_it_was_made_on(path: str) -> None:
    assert str(Path.home()) not in FILES[path] or str(Path.home()) == "/"
    assert "/work/" not in FILES[path]
