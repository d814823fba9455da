"""The declaration is sane, and both compilers say the same about every route."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.every import every

from qbtc.contracts import ServiceName
from qbtc.contracts.bodies import BODY_LIMITS, service_limit
from qbtc.gateway import LIMITS, ROUTES, Access, GatewayFiles, GatewayRoute, compile_apisix, compile_config
from qbtc.gateway.declaration import CLOSED, CSRF_HEADER, PROBLEMS, SECURITY_HEADERS
from qbtc.kit.errors import BadInput
from qbtc.kit.settings import Platform

UPSTREAMS = {name.value: f"{name}:80{n}" for n, name in enumerate(ServiceName)}
FILES = compile_apisix(UPSTREAMS, redis_host="cache")
CONFIG = yaml.safe_load(FILES["config.yaml"])
APISIX = {r["id"]: r for r in yaml.safe_load(FILES["apisix.yaml"])["routes"]}
every_route = every("route", ROUTES)


@every_route
def test_a_route_names_a_service_a_rate_class_and_whole_path_words(route: GatewayRoute) -> None:
    assert route.service in {s.value for s in ServiceName}
    assert route.limit in LIMITS
    assert route.prefix.startswith("/")
    assert route.prefix.endswith("/") == route.rewrite.endswith("/"), "a prefix is replaced by its like"
    assert 0 < route.max_body <= 6_000_000


def test_names_and_prefixes_are_used_once() -> None:
    assert len({r.name for r in ROUTES}) == len({r.prefix for r in ROUTES}) == len(ROUTES)


def test_the_prefixes_that_others_rely_on_exist() -> None:
    prefixes = {r.prefix for r in ROUTES}
    assert {f"/api/{s}/" for s in ServiceName} | {"/api/commands/", "/api/operations/", "/ws", "/"} <= prefixes


def test_only_the_page_signing_in_and_the_ticketed_socket_are_open() -> None:
    assert {r.prefix for r in ROUTES if r.access is Access.OPEN} == {"/", "/api/web/auth/", "/ws"}


def test_every_rate_class_is_used_and_has_room_for_a_burst() -> None:
    assert {r.limit for r in ROUTES} == set(LIMITS)
    assert all(0 < limit.rate <= limit.burst for limit in LIMITS.values())


def test_every_problem_says_what_happened() -> None:
    assert set(PROBLEMS) >= {400, 401, 403, 404, 405, 413, 429, 502, 503, 504}
    assert all(slug and title and detail for slug, title, detail in PROBLEMS.values())
    assert not any(sign in text for row in PROBLEMS.values() for text in row for sign in "'$\\")


def test_limits_of_bodies_are_of_routes_that_exist_and_a_service_takes_what_its_routes_let_through() -> None:
    assert set(BODY_LIMITS) <= {r.name for r in ROUTES}
    for service in ServiceName:
        assert service_limit(service.value) == max(r.max_body for r in ROUTES if r.service == service.value)


@every_route
def test_apisix_refuses_a_body_that_is_too_large_with_the_limit_as_nginx_does(route: GatewayRoute) -> None:
    plugins = APISIX[route.name]["plugins"]
    abort = plugins["fault-injection"]["abort"]
    assert plugins["client-control"]["max_body_size"] == route.max_body
    assert abort["vars"] == [[["http_content_length", ">", route.max_body]]]
    said = json.loads(abort["body"])
    assert (abort["http_status"], said["allowed"], said["type"]) == (413, route.max_body, "urn:qbtc:problem:too-large")
    assert f"{route.max_body} bytes" in said["detail"]
    assert abort["headers"] == {"Content-Type": "application/problem+json"}


def files(home: Path, **settings: object) -> GatewayFiles:
    return GatewayFiles.of(Platform.model_validate({"home": home, **settings}), as_root=False)


def test_nothing_listens_beyond_loopback_unless_told(tmp_path: Path) -> None:
    text = compile_config(files(tmp_path, port_offset=5))
    assert [line.strip() for line in text.splitlines() if "listen " in line] == ["listen 127.0.0.1:9085;"]
    assert "user root" not in text


def test_beyond_loopback_needs_a_certificate(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="only with TLS") as caught:
        files(tmp_path, expose="0.0.0.0")
    assert caught.value.field == "expose"


def test_with_a_certificate_only_tls_is_exposed_and_browsers_are_told_to_stay_with_it(tmp_path: Path) -> None:
    secure = files(tmp_path, expose="0.0.0.0", tls_certificate=tmp_path / "c.pem", tls_key=tmp_path / "k.pem")
    text = compile_config(secure)
    assert "listen 127.0.0.1:9080;" in text
    assert "listen 0.0.0.0:9443 ssl;" in text
    assert "Strict-Transport-Security" in text
    assert "Strict-Transport-Security" not in compile_config(files(tmp_path))


@pytest.mark.parametrize("name", ['a"b', "a$b", "a\nb", "a\\b"])
def test_a_home_that_nginx_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="nginx cannot use the path"):
        compile_config(replace(files(tmp_path), directory=tmp_path / name))


def test_a_home_with_spaces_is_quoted(tmp_path: Path) -> None:
    text = compile_config(replace(files(tmp_path), directory=tmp_path / "my home; rm"))
    assert f'pid "{tmp_path}/my home; rm/nginx.pid";' in text


def test_apisix_runs_standalone_as_a_data_plane() -> None:
    assert CONFIG["deployment"] == {"role": "data_plane", "role_data_plane": {"config_provider": "yaml"}}
    assert CONFIG["apisix"]["enable_admin"] is False


def test_the_apisix_file_ends_with_the_mark_without_which_it_is_not_read() -> None:
    assert FILES["apisix.yaml"].splitlines()[-1] == "#END"


def test_apisix_has_every_route_and_every_closed_path() -> None:
    assert set(APISIX) == {r.name for r in ROUTES} | {f"closed{p.replace('/', '-')}" for p in CLOSED}
    for path in CLOSED:
        entry = APISIX[f"closed{path.replace('/', '-')}"]
        assert entry["uri"] == path
        assert entry["plugins"]["fault-injection"]["abort"]["http_status"] == 404
        assert entry["priority"] > max(APISIX[r.name]["priority"] for r in ROUTES)


@every_route
def test_an_apisix_route_has_all_three_timeouts(route: GatewayRoute) -> None:
    timeout = APISIX[route.name]["timeout"]
    assert set(timeout) == {"connect", "send", "read"}
    assert timeout["read"] == route.read_timeout


@every_route
def test_only_sockets_are_upgraded_by_apisix_and_they_may_be_silent_for_long(route: GatewayRoute) -> None:
    entry = APISIX[route.name]
    assert entry.get("enable_websocket", False) is route.websocket
    if route.websocket:
        assert entry["timeout"]["read"] >= 3600


@every_route
def test_every_limit_in_apisix_names_its_policy_and_refuses_with_429(route: GatewayRoute) -> None:
    limits = {name: p for name, p in APISIX[route.name]["plugins"].items() if name.startswith("limit-")}
    assert limits
    for plugin in limits.values():
        assert plugin["policy"] in ("local", "redis")
        assert plugin["rejected_code"] == 429
    assert limits["limit-req"]["rate"] == LIMITS[route.limit].rate
    assert limits["limit-count"]["redis_host"] == "cache"


@every_route
def test_apisix_strips_the_prefix_and_goes_to_the_same_service(route: GatewayRoute) -> None:
    entry = APISIX[route.name]
    assert entry["upstream"]["nodes"] == {UPSTREAMS[route.service]: 1}
    assert entry["uri"] == (f"{route.prefix}*" if route.prefix.endswith("/") else route.prefix)
    rewrite = entry["plugins"].get("proxy-rewrite", {}).get("regex_uri")
    assert rewrite == (None if route.rewrite == route.prefix else [f"^{route.prefix}(.*)", f"{route.rewrite}$1"])


@every_route
def test_apisix_asks_web_about_signed_routes_and_passes_what_it_needs_to_judge(route: GatewayRoute) -> None:
    plugin = APISIX[route.name]["plugins"].get("forward-auth")
    assert (plugin is not None) == (route.access is Access.SIGNED)
    if plugin:
        assert plugin["uri"] == f"http://{UPSTREAMS['web']}/auth/verify"
        assert {"Authorization", "Cookie", CSRF_HEADER, "Sec-Fetch-Site", "Origin"} <= set(plugin["request_headers"])
        assert "Sec-Fetch-Mode" not in plugin["request_headers"], "it tells Web that a browser asks"
        assert plugin["upstream_headers"] == ["Authorization"]


@every_route
def test_apisix_limits_bodies_and_sets_the_same_headers(route: GatewayRoute) -> None:
    plugins = APISIX[route.name]["plugins"]
    assert plugins["client-control"]["max_body_size"] == route.max_body
    assert plugins["response-rewrite"]["headers"]["set"] == SECURITY_HEADERS
    assert APISIX[route.name].get("methods") == (list(route.methods) if route.methods else None)


def test_the_longest_prefix_wins_in_apisix_too() -> None:
    by_length = sorted(ROUTES, key=lambda r: len(r.prefix))
    priorities = [APISIX[r.name]["priority"] for r in by_length]
    assert priorities == sorted(priorities)


def test_every_plugin_that_a_route_uses_is_loaded_and_none_is_an_amqp_plugin() -> None:
    used = {name for entry in APISIX.values() for name in entry["plugins"]}
    assert used <= set(CONFIG["plugins"])
    assert not any("amqp" in name or "rabbit" in name for name in CONFIG["plugins"])
