"""Signatures: Binance's own examples, RFC 8032's, and what must not pass."""

from __future__ import annotations

import base64

import pytest

from qbtc.core.binance.signing import (
    BadKey,
    KeyKind,
    ed25519_pair,
    private_key,
    public_key,
    query,
    sign,
    sign_with,
    verify,
    verify_with,
    ws_payload,
)

SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
REST = {
    "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "0.1", "recvWindow": "5000",
    "timestamp": "1499827319559",
}  # fmt: skip
WS = {"timeInForce": "GTC", "timestamp": 1645423376532, "type": "LIMIT", "apiKey": KEY}


@pytest.mark.parametrize(
    ("symbol", "signature"),
    [
        ("LTCBTC", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"),
        ("１２３４５６", "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3"),
    ],
)
def test_rest_signs_the_percent_encoded_query(symbol: str, signature: str) -> None:
    assert sign(query({"symbol": symbol} | REST), SECRET) == signature


def test_query_and_body_are_signed_one_after_the_other_without_an_ampersand() -> None:
    first = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC"
    second = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
    assert sign(first + second, SECRET) == "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77"


@pytest.mark.parametrize(
    ("params", "signature"),
    [
        (
            {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01000000", "price": "52000.00", "recvWindow": 100},
            "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24",
        ),
        (
            {
                "symbol": "１２３４５６",
                "side": "BUY",
                "quantity": "1.00000000",
                "price": "0.10000000",
                "recvWindow": 5000,
            },
            "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd",
        ),
    ],
)
def test_the_websocket_api_signs_sorted_plain_text(params: dict[str, str | int], signature: str) -> None:
    assert sign(ws_payload(params | WS), SECRET) == signature


def test_hmac_signatures_may_be_in_any_case_but_must_be_whole() -> None:
    made = sign("a=1", SECRET)
    assert verify("a=1", made.upper(), SECRET)
    assert not verify("a=1", made[:-1], SECRET)
    assert not verify("a=1", "é", SECRET)


def test_ed25519_agrees_with_rfc_8032() -> None:
    """Section 7.1, test 2: one byte, 0x72."""
    seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
    expected = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    body = base64.b64encode(bytes.fromhex("302e020100300506032b657004220420" + seed)).decode()
    key = private_key(f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")
    assert base64.b64decode(sign_with(b"\x72", key)).hex() == expected


def test_a_made_pair_signs_and_the_signature_is_case_sensitive() -> None:
    private, public = ed25519_pair()
    kind, known = public_key(public)
    made = sign_with("a=1", private_key(private))
    assert kind is KeyKind.ED25519
    assert verify_with("a=1", made, known)
    assert not verify_with("a=2", made, known)
    assert not verify_with("a=1", made.swapcase(), known)
    assert not verify_with("a=1", "not base64!", known)


def rsa_pair(size: int) -> tuple[str, str]:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    key = generate_private_key(65537, size)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return private, public


def test_rsa_keys_sign_with_pkcs1_v1_5() -> None:
    private, public = rsa_pair(2048)
    kind, known = public_key(public)
    made = sign_with("a=1", private_key(private))
    assert kind is KeyKind.RSA
    assert verify_with("a=1", made, known)
    assert not verify_with("a=1 ", made, known)


def test_what_is_no_key_is_refused() -> None:
    with pytest.raises(BadKey, match="PEM"):
        public_key("hello")
    with pytest.raises(BadKey, match="2048"):
        public_key(rsa_pair(1024)[1])
    with pytest.raises(BadKey):
        private_key("hello")
