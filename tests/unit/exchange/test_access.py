"""Keys: where they are kept, what they may do, and which requests they sign."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from qbtc.core.binance.errors import ApiError
from qbtc.core.binance.signing import KeyKind, ed25519_pair, private_key, sign, sign_with
from qbtc.exchange.access import authorised, check_signed, rest_payload
from qbtc.exchange.keys import (
    ED25519_FILE,
    REGISTRY_FILE,
    SECOND,
    Key,
    KeyStore,
    NoSuchKey,
    Permission,
    create_hmac,
    open_store,
    read_registry,
    register,
    remove,
)
from qbtc.exchange.operation import Security
from qbtc.exchange.params import parse

NOW = 1_700_000_000_000_123_456
MS = NOW // 1_000_000
HMAC = Key("k" * 64, KeyKind.HMAC, "s" * 64)


def check(query: str, body: str = "", *, key: Key = HMAC, signed: str | None = None) -> None:
    made = sign(signed if signed is not None else query + body, HMAC.material)
    text = f"{query}&signature={made}"
    check_signed(key, parse(text, body), rest_payload(text, body), NOW)


@pytest.mark.parametrize(
    "query",
    [
        f"timestamp={MS - 5000}",
        f"timestamp={MS + 999}",
        f"timestamp={MS * 1000 + 500}",
        f"recvWindow=60000&timestamp={MS - 60000}",
        f"recvWindow=0.123&timestamp={NOW // 1000 - 123}",
        f"symbol=%E4%BD%A0&timestamp={MS}",
    ],
)
def test_a_signed_request_in_its_window_is_accepted(query: str) -> None:
    check(query)


@pytest.mark.parametrize(
    ("query", "code", "text"),
    [
        (f"timestamp={MS - 5001}", -1021, "outside of the recvWindow"),
        (f"timestamp={MS + 1000}", -1021, "1000ms ahead"),
        (f"recvWindow=0.122&timestamp={NOW // 1000 - 123}", -1021, "recvWindow"),
        (f"recvWindow=60000.001&timestamp={MS}", -1102, "Cannot be greater than '60000'"),
        (f"recvWindow=1.2345&timestamp={MS}", -1100, "recvWindow"),
        ("symbol=BTCUSDT", -1102, "timestamp"),
        ("timestamp=now", -1100, "timestamp"),
        (f"timestamp={2**64}", -1108, "timestamp"),
    ],
)
def test_a_request_outside_the_rules_is_refused(query: str, code: int, text: str) -> None:
    with pytest.raises(ApiError, match=text) as refused:
        check(query)
    assert refused.value.code == code


def test_query_and_body_are_signed_together_and_the_signature_may_be_in_either() -> None:
    first, second = f"symbol=BTCUSDT&timestamp={MS}", "side=BUY&quantity=1"
    check(first, second)
    body = f"{second}&signature={sign(first + second, HMAC.material)}"
    check_signed(HMAC, parse(first, body), rest_payload(first, body), NOW)


def test_what_was_signed_before_it_was_percent_encoded_is_refused() -> None:
    raw, sent = f'symbols=["A"]&timestamp={MS}', f"symbols=%5B%22A%22%5D&timestamp={MS}"
    with pytest.raises(ApiError, match="-1022"):
        check(sent, signed=raw)
    with pytest.raises(ApiError, match="-1022"):
        check(f"symbol=你&timestamp={MS}")


def test_asymmetric_keys_sign_too() -> None:
    private, public = ed25519_pair()
    key = Key("e" * 64, KeyKind.ED25519, public)
    query = f"symbol=BTCUSDT&timestamp={MS}"
    made = sign_with(query, private_key(private)).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    text = f"{query}&signature={made}"
    check_signed(key, parse(text), rest_payload(text, ""), NOW)
    with pytest.raises(ApiError, match="-1022"):
        check_signed(key, parse(text), rest_payload(text, "") + "x", NOW)


def test_a_wrong_key_and_a_key_without_the_permission_are_refused() -> None:
    reader = Key("r" * 64, KeyKind.HMAC, "s", permissions=frozenset({Permission.USER_DATA}))
    store = KeyStore([HMAC, reader])
    assert authorised(store, HMAC.api_key, Security.TRADE) is HMAC
    assert authorised(store, reader.api_key, Security.USER_STREAM) is reader
    for name, security, code in (
        (None, Security.TRADE, -2014),
        ("bad key!", Security.TRADE, -2014),
        ("a" * 64, Security.USER_DATA, -2015),
        (reader.api_key, Security.TRADE, -2015),
    ):
        with pytest.raises(ApiError) as refused:
            authorised(store, name, security)
        assert (refused.value.code, refused.value.http_status) == (code, 401)


def test_the_first_start_makes_both_paper_keys_once_and_privately(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    _, paper = open_store(folder)
    engine = (folder / ED25519_FILE).read_bytes()
    store, again = open_store(folder)
    assert again == paper
    assert (folder / ED25519_FILE).read_bytes() == engine
    assert [key.kind for key in read_registry(folder / REGISTRY_FILE)] == [KeyKind.ED25519]
    assert store.find(paper.api_key) is not None
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert paper.secret not in repr(paper) + repr(store.find(paper.api_key))


def test_a_running_store_notices_what_is_registered_and_removed(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path)
    made = register(tmp_path, ed25519_pair()[1], label="mine")
    assert store.find(made.api_key) is None
    store.refresh(NOW)
    assert store.find(made.api_key) == made
    remove(tmp_path, made.api_key)
    store.refresh(NOW + SECOND - 1)
    assert store.find(made.api_key) is not None
    store.refresh(NOW + SECOND)
    assert store.find(made.api_key) is None


def test_what_is_not_registered_cannot_be_removed_and_damage_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoSuchKey):
        remove(tmp_path, "a" * 64)
    assert create_hmac(tmp_path).kind is KeyKind.HMAC
    (tmp_path / REGISTRY_FILE).write_text("{broken")
    with pytest.raises(NoSuchKey, match="cannot be read"):
        open_store(tmp_path)


def test_a_registry_that_is_damaged_while_the_venue_runs_leaves_the_keys_in_force(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path)
    made = register(tmp_path, ed25519_pair()[1])
    store.refresh(NOW)
    (tmp_path / REGISTRY_FILE).write_text("[{")
    store.refresh(NOW + SECOND)
    assert store.find(made.api_key) == made
