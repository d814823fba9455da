"""The text of the engines' configuration."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qbtc.engines.nginx import missing_globals
from qbtc.engines.postgres import SETTINGS
from qbtc.engines.valkey import acl_lines, config_lines


def test_postgres_keeps_what_it_confirms_and_listens_on_no_port() -> None:
    assert SETTINGS["fsync"] == SETTINGS["full_page_writes"] == SETTINGS["synchronous_commit"] == "on"
    assert SETTINGS["listen_addresses"] == ""


def test_valkey_listens_on_no_port_and_writes_nothing() -> None:
    lines = config_lines(Path("/h/valkey"), Path("/h/valkey/valkey.sock"))
    assert {"port 0", 'save ""', "appendonly no", "maxmemory 128mb"} <= set(lines)


def test_valkeys_default_user_is_off_and_passwords_are_only_hashes() -> None:
    lines = acl_lines({"hft": "secret-of-hft", "web": "secret-of-web"})
    assert lines[0].startswith("user default off")
    assert "secret-of" not in "\n".join(lines)
    assert hashlib.sha256(b"secret-of-hft").hexdigest() in lines[1]


def test_only_web_reads_the_streams_of_others() -> None:
    hft, web = acl_lines({"hft": "a", "web": "b"})[1:]
    assert "%R~*:stream:*" in web
    assert "%R" not in hft


def test_nginx_gets_only_the_directives_that_its_config_leaves_out() -> None:
    assert missing_globals("daemon off;\npid /x;\nerror_log stderr;\nuser root;\n", root=True) == ""
    assert "user root;" in missing_globals("events {}", root=True)
    assert "user" not in missing_globals("events {}", root=False)
