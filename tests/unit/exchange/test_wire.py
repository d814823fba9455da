"""Parameters, signatures and the OpenAPI document of the venue."""

from __future__ import annotations

from pathlib import Path

import pytest
from openapi_spec_validator import validate

from qbtc.core.binance.errors import ApiError
from qbtc.core.binance.signing import sign
from qbtc.exchange.api import OPERATIONS
from qbtc.exchange.auth import Keys, account_of, check_signed, load_keys, without_signature
from qbtc.exchange.rest import Weights, openapi, parameters

KEYS = Keys("k" * 64, "s" * 64)
NOW = 1_700_000_000_000


def check(query: str, secret: str = KEYS.secret) -> None:
    text = f"{query}&signature={sign(query, secret)}"
    check_signed(KEYS, parameters(text, ""), without_signature(text), NOW)


def test_a_signed_request_in_its_window_is_accepted() -> None:
    check(f"recvWindow=5000&timestamp={NOW - 4000}&symbol=BTCUSDT")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"timestamp={NOW - 5001}", -1021),
        (f"timestamp={NOW + 1000}", -1021),
        (f"recvWindow=60001&timestamp={NOW}", -1130),
        ("symbol=BTCUSDT", -1102),
        ("timestamp=now", -1100),
    ],
)
def test_a_request_outside_the_rules_is_refused(query: str, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        check(query)
    assert refused.value.code == code


def test_a_wrong_signature_and_a_wrong_key_are_refused() -> None:
    with pytest.raises(ApiError) as refused:
        check(f"timestamp={NOW}", "other")
    assert refused.value.code == -1022
    for key, code in ((None, -2014), ("bad key!", -2014), ("a" * 64, -2015)):
        with pytest.raises(ApiError) as refused:
            account_of(KEYS, key)
        assert refused.value.code == code


def test_duplicate_parameters_are_refused() -> None:
    with pytest.raises(ApiError, match="-1101"):
        parameters("symbol=A", "symbol=B")


def test_weight_above_the_limit_is_refused_until_the_next_minute() -> None:
    weights = Weights(10)
    assert weights.spend("a", 10, 0.0) == 10
    with pytest.raises(ApiError) as refused:
        weights.spend("a", 1, 59.0)
    assert refused.value.http_status == 429
    assert weights.spend("a", 1, 60.0) == 1


def test_keys_are_made_once_and_do_not_print(tmp_path: Path) -> None:
    made = load_keys(tmp_path / "secrets" / "venue.json")
    assert load_keys(tmp_path / "secrets" / "venue.json") == made
    assert made.secret not in repr(made)


def test_the_openapi_document_is_valid_and_holds_every_operation() -> None:
    document = openapi("1.0")
    validate(document)  # type: ignore[arg-type]
    served = {(op.method.lower(), op.path) for op in OPERATIONS}
    assert served == {(method, path) for path, item in document["paths"].items() for method in item}  # type: ignore[attr-defined]
