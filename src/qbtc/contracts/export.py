"""The contracts as documents: JSON Schema of every body and reply, one AsyncAPI 3.0 file, and the bus as a table.

Pure: {path below docs/reference: text}. Writing the files, and what comes from above (CLI, settings, gateway, logs), is
`docs/reference/generate.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import yaml
from pydantic import BaseModel, JsonValue

from .common import Message
from .envelope import Envelope
from .routes import QUEUES, ROUTES, Exchange, Kind, Queue, Route, matches

Json = dict[str, JsonValue]

ASYNCAPI = "3.0.0"
CONTRACTS_VERSION = "1.0.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def files() -> dict[str, str]:
    """Every generated file of the contracts."""
    schemas = {f"schemas/{name}.json": _text(schema) for name, schema in schema_documents().items()}
    description = yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=120)
    return {**schemas, "asyncapi.yaml": description, "bus.md": bus_table()}


def queues_of(route: Route) -> list[Queue]:
    """The queues that a message of this route goes to, by its kinds."""
    exchanges = {kind.exchange for kind in route.kinds}
    return [q for q in QUEUES.values() if q.exchange in exchanges and _takes(q, route.key)]


def _takes(queue: Queue, key: str) -> bool:
    if queue.exchange is Exchange.FANOUT:
        return True
    if queue.exchange is Exchange.DIRECT:
        return key in queue.patterns
    return any(matches(pattern, key) for pattern in queue.patterns)


def schema_documents() -> dict[str, Json]:
    """{file name: JSON Schema} of the envelope, of every route's body and, where there is one, of its reply."""
    found = {"envelope": _schema(Envelope, "urn:qbtc:envelope:1")}
    for route in ROUTES.values():
        found[route.key] = _schema(route.body, route.schema_id)
        if route.reply is not None:
            found[f"{route.key}.reply"] = _schema(route.reply, f"{route.schema_id}:reply")
    return found


def _schema(model: type[BaseModel], identity: str) -> Json:
    return {"$schema": DIALECT, "$id": identity, **model.model_json_schema()}


def asyncapi() -> Json:
    """The AsyncAPI 3.0 document: a channel a routing key and bus exchange, an operation a producer and a consumer."""
    channels: Json = {}
    operations: Json = {}
    messages: Json = {}
    for route in ROUTES.values():
        messages[route.key] = _message(route)
        if route.reply is not None:
            messages[f"{route.key}.reply"] = {"name": f"{route.key}.reply", "payload": _payload(route.reply)}
        for kind in route.kinds:
            channels[f"{kind.exchange.value}/{route.key}"] = _channel(route, kind)
            operations |= _operations(route, kind)
    return {
        "asyncapi": ASYNCAPI,
        "info": {
            "title": "QBTC bus",
            "version": CONTRACTS_VERSION,
            "description": "Bodies travel in a CloudEvents 1.0 envelope, schemas/envelope.json, field `data`.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": _components()},
    }


def _channel(route: Route, kind: Kind) -> Json:
    names = [route.key, f"{route.key}.reply"] if kind is Kind.REQUEST and route.reply else [route.key]
    return {
        "address": route.key,
        "description": (route.body.__doc__ or route.body.__name__).strip().splitlines()[0],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": kind.exchange.value, "type": _amqp(kind)}}},
    }


def _amqp(kind: Kind) -> str:
    return kind.exchange.value.removeprefix("qbtc.")


def _operations(route: Route, kind: Kind) -> Json:
    found: Json = {}
    sides = (("send", route.producers), ("receive", route.consumers))
    for action, services in sides:
        for service in services:
            found[f"{service}.{action}.{kind}.{route.key}"] = _operation(route, kind, action)
    return found


def _operation(route: Route, kind: Kind, action: str) -> Json:
    channel = _pointer(f"{kind.exchange.value}/{route.key}")
    operation: Json = {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{route.key}"}],
    }
    if kind is Kind.REQUEST and route.reply is not None:
        operation["reply"] = {"messages": [{"$ref": f"#/channels/{channel}/messages/{route.key}.reply"}]}
    return operation


def _pointer(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _message(route: Route) -> Json:
    message: Json = {
        "name": route.key,
        "title": route.body.__name__,
        "payload": _payload(route.body),
        "headers": {"$ref": "#/components/schemas/Envelope"},
    }
    if route.order_by:
        message["description"] = f"In order for each {route.order_by}."
    return message


def _payload(model: type[Message]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _components() -> Json:
    """Every model once, with the nested definitions lifted to the top."""
    models = {m for r in ROUTES.values() for m in (r.body, r.reply) if m is not None} | {Envelope}
    found: Json = {}
    for model in sorted(models, key=lambda m: m.__name__):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        definitions = schema.pop("$defs", {})
        found |= definitions | {model.__name__: schema}
    return dict(sorted(found.items()))


HEAD = """# The bus

Generated from `qbtc.contracts`; change that, then run `python -m docs.reference.generate`.

## Routing keys

"Needs role" is what the acting person needs when the message comes from a person. "In order by" is the field whose
messages keep their order in ordered queues.

| key | kind | body | reply | producers | consumers | needs role | in order by | queues |
|---|---|---|---|---|---|---|---|---|
"""

QUEUE_HEAD = """
## Queues

Durable; they exist before any service runs. A message is tried as often as "attempts" says, then it is a dead letter.

| queue | service | exchange | takes | ordered | expires after | attempts |
|---|---|---|---|---|---|---|
"""


def bus_table() -> str:
    rows = "".join(_route_row(r) for r in ROUTES.values())
    return HEAD + rows + QUEUE_HEAD + "".join(_queue_row(q) for q in QUEUES.values())


def _route_row(route: Route) -> str:
    return _row((
        f"`{route.key}`",
        _list(route.kinds),
        _link(route.body, route.key),
        _link(route.reply, f"{route.key}.reply") if route.reply else "",
        _list(route.producers),
        _list(route.consumers),
        str(route.role) if route.role else "",
        f"`{route.order_by}`" if route.order_by else "",
        _list(f"`{q.name}`" for q in queues_of(route)),
    ))


def _queue_row(queue: Queue) -> str:
    expires = f"{queue.expires:g} s" if queue.expires else ""
    patterns = _list(f"`{p}`" for p in queue.patterns)
    return _row((
        f"`{queue.name}`", str(queue.service), f"`{queue.exchange}`", patterns, "yes" if queue.ordered else "", expires,
        str(queue.max_attempts),
    ))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _list(items: Iterable[object]) -> str:
    return ", ".join(str(item) for item in items)


def _link(model: type[Message], name: str) -> str:
    return f"[{model.__name__}](schemas/{name}.json)"


def _text(document: Json) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
