"""Tokens, passwords and the vault: every way in that is not the right one is refused."""

from __future__ import annotations

import base64
import json
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from qbtc.contracts import Role
from qbtc.kit.errors import BadInput, NotFound
from qbtc.kit.security import (
    Actor,
    KeyRing,
    TokenError,
    Tokens,
    Vault,
    ensure_keys,
    hash_password,
    login_link,
    mint,
    verify_password,
)
from qbtc.kit.security.keys import SIGNERS
from qbtc.kit.security.passwords import MAX_LENGTH, MIN_LENGTH
from qbtc.kit.security.tokens import KNOWN, LEEWAY
from qbtc.kit.security.vault import VaultBroken


def forged(ring: KeyRing, signer: str, **changes: object) -> str:
    """A token signed with a real key, but with other claims than our code would write."""
    kid, key = ring.private(signer)
    now = int(time.time())
    claims: dict[str, object] = {
        "iss": signer, "sub": "ann", "aud": "qbtc:local", "iat": now, "exp": now + 60, "use": "access", "role": "admin",
    }
    claims = {k: v for k, v in (claims | changes).items() if v is not None}
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": kid})


def test_a_good_token_tells_who_acts(web: Tokens, ce3: Tokens) -> None:
    token = web.sign("ann", Role.TRADER, seconds=60, session="s1", token_id="t1")
    actor = ce3.verify(token)
    assert (actor.user, actor.role, actor.issuer, actor.session, actor.token_id) == ("ann", Role.TRADER, "web", "s1", "t1")
    assert actor.may(Role.VIEWER)
    assert actor.may(Role.TRADER)
    assert not actor.may(Role.ADMIN)


def test_a_token_of_another_installation_is_refused(ring: KeyRing, web: Tokens) -> None:
    with pytest.raises(TokenError, match=r"[Aa]udience"):
        web.verify(Tokens(ring, "web", "elsewhere").sign("ann", Role.VIEWER, seconds=60))


def test_a_token_signed_by_another_key_is_refused(ring: KeyRing, web: Tokens, tmp_path: Path) -> None:
    stranger = Tokens(ensure_keys(tmp_path), "web", "local")
    with pytest.raises(TokenError, match="unknown key"):
        web.verify(stranger.sign("ann", Role.VIEWER, seconds=60))


def test_a_token_under_somebody_elses_key_id_is_refused(ring: KeyRing, web: Tokens) -> None:
    claims = jwt.decode(forged(ring, "ce3"), options={"verify_signature": False})
    kid, _ = ring.private("web")
    _, key = ring.private("ce3")
    with pytest.raises(TokenError, match=r"[Ss]ignature"):
        web.verify(jwt.encode(claims | {"iss": "web"}, key, algorithm="EdDSA", headers={"kid": kid}))


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_tampered_token_is_refused(web: Tokens, part: int) -> None:
    parts = web.sign("ann", Role.VIEWER, seconds=60).split(".")
    middle = len(parts[part]) // 2
    parts[part] = parts[part][:middle] + ("A" if parts[part][middle] != "A" else "B") + parts[part][middle + 1 :]
    with pytest.raises(TokenError):
        web.verify(".".join(parts))


def test_a_role_raised_in_the_payload_is_refused(web: Tokens) -> None:
    head, body, signature = web.sign("ann", Role.VIEWER, seconds=60).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    raised = base64.urlsafe_b64encode(json.dumps(claims | {"role": "admin"}).encode()).rstrip(b"=").decode()
    with pytest.raises(TokenError, match=r"[Ss]ignature"):
        web.verify(f"{head}.{raised}.{signature}")


def test_a_token_without_signature_is_refused(ring: KeyRing, web: Tokens) -> None:
    claims = jwt.decode(forged(ring, "web"), options={"verify_signature": False})
    kid, _ = ring.private("web")
    for headers in ({"kid": kid}, {}):
        with pytest.raises(TokenError):
            web.verify(jwt.encode(claims, None, algorithm="none", headers=headers))


def test_a_public_key_used_as_a_shared_secret_is_refused(ring: KeyRing, web: Tokens) -> None:
    claims = jwt.decode(forged(ring, "web"), options={"verify_signature": False})
    kid, _ = ring.private("web")
    with pytest.raises(TokenError):
        web.verify(jwt.encode(claims, "k" * 32, algorithm="HS256", headers={"kid": kid}))


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "....", "Bearer x", "eyJhbGciOiJub25lIn0..", "\x00", "ñ.ñ.ñ"])
def test_what_is_no_token_is_refused(web: Tokens, text: str) -> None:
    with pytest.raises(TokenError):
        web.verify(text)


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "iat", "exp", "use"])
def test_a_token_that_lacks_a_claim_is_refused(ring: KeyRing, web: Tokens, claim: str) -> None:
    with pytest.raises(TokenError):
        web.verify(forged(ring, "web", **{claim: None}))


def test_an_issuer_that_is_not_the_signer_is_refused(ring: KeyRing, web: Tokens) -> None:
    with pytest.raises(TokenError, match=r"[Ii]ssuer"):
        web.verify(forged(ring, "ce3", iss="web"))


def test_an_unknown_role_is_refused(ring: KeyRing, web: Tokens) -> None:
    with pytest.raises(TokenError, match="unknown role 'owner'"):
        web.verify(forged(ring, "web", role="owner"))


def test_a_token_is_good_for_its_purpose_only(web: Tokens) -> None:
    login = web.sign("ann", Role.VIEWER, seconds=60, purpose="login")
    assert web.verify(login, purpose="login").user == "ann"
    with pytest.raises(TokenError, match="for 'login', not for 'access'"):
        web.verify(login)


def test_an_expired_token_is_refused_and_says_that_only_time_is_over(web: Tokens) -> None:
    with pytest.raises(TokenError) as caught:
        web.verify(web.sign("ann", Role.VIEWER, seconds=-LEEWAY - 5))
    assert caught.value.expired


def test_a_token_that_was_good_is_refused_once_its_time_is_over_and_for_another_purpose(
    web: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = web.sign("ann", Role.VIEWER, seconds=60)
    assert web.verify(token) == web.verify(token)
    with pytest.raises(TokenError, match="this token is for 'access'"):
        web.verify(token, purpose="bus")
    later = time.time() + 61 + LEEWAY
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(TokenError, match="expired") as caught:
        web.verify(token)
    assert caught.value.expired


def test_no_more_tokens_are_remembered_than_a_process_can_hold(web: Tokens) -> None:
    tokens = [web.sign(f"user{i}", Role.VIEWER, seconds=60) for i in range(KNOWN + 2)]
    assert [web.verify(token).user for token in tokens] == [f"user{i}" for i in range(KNOWN + 2)]
    assert len(web._known) <= KNOWN


def test_a_token_from_the_future_is_refused(ring: KeyRing, web: Tokens) -> None:
    soon = int(time.time()) + 600
    with pytest.raises(TokenError):
        web.verify(forged(ring, "web", iat=soon, exp=soon + 60))


def test_a_queued_command_counts_by_the_time_it_was_accepted(web: Tokens) -> None:
    token = web.for_message(Actor("ann", Role.TRADER, "web"), "digest", seconds=60)
    now = datetime.now(UTC)
    for offset in (timedelta(days=1), timedelta(days=-1)):
        with pytest.raises(TokenError):
            web.verify(token, at=now + offset)
    actor = web.verify(token, at=now + timedelta(seconds=30))
    assert (actor.user, actor.role, actor.message) == ("ann", Role.TRADER, "digest")


@pytest.mark.parametrize("signer", [s for s in SIGNERS if s not in ("web", "cli")])
def test_a_service_cannot_vouch_for_a_person(ring: KeyRing, web: Tokens, signer: str) -> None:
    with pytest.raises(TokenError, match=f"'{signer}' may not speak for 'ann'"):
        web.verify(Tokens(ring, signer, "local").sign("ann", Role.ADMIN, seconds=60))


def test_a_service_cannot_speak_for_another_service(ring: KeyRing, web: Tokens) -> None:
    with pytest.raises(TokenError, match="may not speak for 'service:hft'"):
        web.verify(forged(ring, "ce3", sub="service:hft", role=None))


def test_a_person_cannot_have_the_name_of_a_service(web: Tokens) -> None:
    with pytest.raises(TokenError, match="may not speak"):
        web.verify(web.sign("service:hft", Role.VIEWER, seconds=60))


def test_a_service_speaks_for_itself(ce3: Tokens, web: Tokens) -> None:
    actor = web.verify(ce3.as_service())
    assert (actor.user, actor.role, actor.is_service, actor.owner) == ("service:ce3", None, True, None)


def test_a_service_may_name_the_person_it_works_for_but_carries_no_role(ce3: Tokens, web: Tokens) -> None:
    ann = ce3.verify(web.sign("ann", Role.VIEWER, seconds=60))
    now = datetime.now(UTC)
    actor = web.verify(ce3.for_message(ce3.on_behalf(ann), "digest", seconds=60), at=now)
    assert (actor.user, actor.role, actor.owner, actor.person) == ("service:ce3", None, "ann", "ann")
    assert ce3.on_behalf(web.verify(ce3.as_service())).owner is None


def test_keys_made_after_a_process_started_are_found(tmp_path: Path) -> None:
    verifier = Tokens(KeyRing(tmp_path), "web", "local")
    with pytest.raises(TokenError, match="unknown key"):
        verifier.verify(Tokens(ensure_keys(tmp_path / "other"), "web", "local").as_service())
    ensure_keys(tmp_path)
    assert verifier.verify(mint(tmp_path)).issuer == "cli"


def test_keys_are_kept_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = ensure_keys(tmp_path)
    before = dict(first.public)
    assert {signer for signer, _ in before.values()} == set(SIGNERS)
    assert set(ensure_keys(tmp_path).public) == set(before)
    modes = {stat.S_IMODE(p.stat().st_mode) for p in first.directory.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(first.directory.stat().st_mode) == 0o700


def test_a_login_link_carries_its_token_in_the_fragment_only(ring: KeyRing, web: Tokens) -> None:
    link = login_link(ring.home, "http://127.0.0.1:9080/", user="ann", role=Role.TRADER)
    address, _, token = link.partition("#")
    assert address == "http://127.0.0.1:9080/login?link=1"
    actor = web.verify(token, purpose="login")
    assert (actor.user, actor.role) == ("ann", Role.TRADER)
    assert actor.token_id, "used once"


def test_a_password_is_kept_as_argon2id_with_a_salt() -> None:
    stored = hash_password("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert verify_password(stored, "correct horse battery")
    assert not verify_password(stored, "correct horse batterz")
    assert hash_password("correct horse battery") != stored


@pytest.mark.parametrize("stored", [None, "", "plain", "$argon2id$broken"])
def test_without_a_good_hash_no_password_is_right(stored: str | None) -> None:
    assert not verify_password(stored, "a password that nobody has")


@pytest.mark.parametrize("length", [0, MIN_LENGTH - 1, MAX_LENGTH + 1])
def test_a_password_has_a_length(length: int) -> None:
    with pytest.raises(BadInput, match=f"this one has {length}") as caught:
        hash_password("x" * length)
    assert caught.value.field == "password"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


def test_a_secret_comes_back_and_is_nowhere_in_the_files(vault: Vault, tmp_path: Path) -> None:
    vault.put("binance", "hunter2-hunter2")
    assert (Vault(tmp_path).get("binance"), vault.names()) == ("hunter2-hunter2", ["binance"])
    for path in (tmp_path / "secrets").iterdir():
        assert b"hunter2" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_a_ciphertext_that_was_moved_to_another_name_is_refused(vault: Vault, tmp_path: Path) -> None:
    vault.put("read-only", "one")
    vault.put("withdraw", "two")
    path = tmp_path / "secrets" / "vault.json"
    rows = json.loads(path.read_text())
    path.write_text(json.dumps(rows | {"read-only": rows["withdraw"]}))
    with pytest.raises(VaultBroken, match="'read-only'"):
        vault.get("read-only")
    assert vault.get("withdraw") == "two"


@pytest.mark.parametrize("damage", ["", "AAAA", "not base64!", "A" * 80])
def test_a_damaged_entry_is_refused_with_its_name(vault: Vault, tmp_path: Path, damage: str) -> None:
    vault.put("key", "value")
    (tmp_path / "secrets" / "vault.json").write_text(json.dumps({"key": damage}))
    with pytest.raises(VaultBroken, match="'key'"):
        vault.get("key")


def test_another_installations_key_opens_nothing(vault: Vault, tmp_path: Path) -> None:
    vault.put("key", "value")
    (tmp_path / "secrets" / "vault.key").write_bytes(b"k" * 32)
    with pytest.raises(VaultBroken):
        vault.get("key")


def test_the_same_secret_never_looks_the_same_twice(vault: Vault, tmp_path: Path) -> None:
    vault.put("key", "value")
    first = (tmp_path / "secrets" / "vault.json").read_text()
    vault.put("key", "value")
    assert (tmp_path / "secrets" / "vault.json").read_text() != first


def test_removing_and_asking_for_what_is_not_there_names_what_is(vault: Vault) -> None:
    vault.put("a", "1")
    vault.put("b", "2")
    vault.remove("a")
    for ask in (vault.get, vault.remove):
        with pytest.raises(NotFound) as caught:
            ask("a")
        assert caught.value.allowed == ["b"]


@pytest.mark.parametrize(("name", "secret"), [("", "x"), ("n" * 101, "x"), ("n", "")])
def test_a_key_without_name_or_value_is_refused(vault: Vault, name: str, secret: str) -> None:
    with pytest.raises(BadInput):
        vault.put(name, secret)
