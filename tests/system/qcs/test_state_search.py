"""Searches over real PostgreSQL: equal to a scan of every row, after appends, restarts, deletions, purges and damage."""

from __future__ import annotations

import json

import numpy as np
import pytest
from redis.asyncio import Redis
from tests.system.qcs.test_market_fold import START, bars, feed, fresh

from qbtc.contracts.quantum import Amplitudes, DensityMatrix, FindStates, Scores26
from qbtc.core.hilbert import fidelity, normalise, signed_overlap
from qbtc.core.hilbert.coherence import uhlmann_fidelity
from qbtc.core.hilbert.density import maximally_mixed
from qbtc.kit.errors import BadInput
from qbtc.kit.store import Store
from qbtc.qcs.adapters.damage import Damage
from qbtc.qcs.adapters.repository import PostgresStates
from qbtc.qcs.adapters.saved import SavedStates
from qbtc.qcs.adapters.screen import RedisScreen
from qbtc.qcs.adapters.sources import Moments, SavedOf
from qbtc.qcs.asking import Asking, checked
from qbtc.qcs.errors import BadState, DamagedState, TooManyStates, UnknownState
from qbtc.qcs.ports import NewState
from qbtc.qcs.queries import Queries
from qbtc.qcs.searching import StateSearch
from qbtc.qcs.settings import QcsSettings

SECOND = 10**9


def new_state(label: str, given, *, field: str) -> NewState:
    return NewState(label, *checked(given, field=field))


PAIR = ("BTCUSDT", "ETHUSDT")


class Desk:
    """The state store and its search as the service wires them."""

    def __init__(self, store: Store, **settings: int) -> None:
        self.store, self.damage = store, Damage()
        self.states = PostgresStates(store, self.damage)
        self.saved = SavedStates(store, self.damage, most=3)
        self.search = StateSearch(
            Moments(store, self.damage), lambda p: SavedOf(store, self.damage, p), QcsSettings.model_validate(settings)
        )
        self.asking = Asking(self.states, self.saved)

    async def find(self, person: str | None = None, **body: object) -> list[dict]:
        find = FindStates.model_validate(body)
        return (await self.search.answer(await self.asking.question(find, person), find, person))["items"]

    async def stored(self) -> list[dict]:
        rows = await self.store.fetch("SELECT * FROM states WHERE informative ORDER BY created_at, bar, symbol")
        return [dict(row) | {"state": np.frombuffer(row["psi"], dtype="<c16")} for row in rows]


def amplitudes(psi: np.ndarray) -> Amplitudes:
    return Amplitudes(real=tuple(psi.real), imaginary=tuple(psi.imag))


def matrix(rho: np.ndarray) -> DensityMatrix:
    return DensityMatrix(real=tuple(map(tuple, rho.real)), imaginary=tuple(map(tuple, rho.imag)))


def random_psi(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return normalise(rng.normal(size=26) + 1j * rng.normal(size=26)).psi


async def filled(store: Store, redis: Redis, count: int = 80) -> Desk:
    fold = fresh(store, redis)
    for market in bars(count):
        await feed(fold, store, market)
    return Desk(store)


def ranked(rows: list[dict], psi: np.ndarray, measure: str) -> list[str]:
    like = signed_overlap if measure == "signed" else fidelity
    return [str(r["id"]) for r in sorted(rows, key=lambda r: -like(psi, r["state"]))]


def ids(found: list[dict]) -> list[str]:
    return [row["state_id"] for row in found]


@pytest.mark.parametrize("measure", ["signed", "fidelity"])
async def test_the_answer_is_that_of_a_scan_of_every_row_and_follows_what_is_written(store, redis, measure):
    fold, desk, psi = fresh(store, redis), Desk(store), random_psi(1)
    for market in bars(60):
        await feed(fold, store, market)
        if market.bar in (0, 1, 30, 59):
            found = await desk.find(amplitudes=amplitudes(psi), measure=measure, k=7, kinds=["moment"])
            assert ids(found) == ranked(await desk.stored(), psi, measure)[:7]
    again = await Desk(store).find(amplitudes=amplitudes(psi), measure=measure, k=7, kinds=["moment"])
    assert again == found


async def test_a_moment_is_asked_by_its_id_or_by_its_symbol_and_is_not_found_itself(store, redis):
    desk = await filled(store, redis)
    newest = (await desk.states.of_symbol("BTCUSDT", 1))[0].state
    psi = np.array(newest.real) + 1j * np.array(newest.imaginary)
    by_id = await desk.find(state_id=newest.state_id, k=5)
    assert ids(by_id) == ranked(await desk.stored(), psi, "signed")[1:6]
    assert await desk.find(symbol="BTCUSDT", k=5) == by_id
    one = by_id[0]
    assert one["kind"] == "moment"
    assert one["signed"] == one["score"]
    kept = (await desk.states.one(one["state_id"])).state
    assert one["intensity_ratio"] == pytest.approx(kept.intensity / newest.intensity)
    assert one["fidelity"] == pytest.approx(fidelity(psi, np.array(kept.real) + 1j * np.array(kept.imaginary)))


async def test_symbols_times_and_kinds_narrow_a_search(store, redis):
    desk, psi = await filled(store, redis), random_psi(2)
    rows = [r for r in await desk.stored() if r["symbol"] == "ETHUSDT" and 20 <= r["bar"] < 50]
    body = {"amplitudes": amplitudes(psi), "since": START + 20 * SECOND, "until": START + 50 * SECOND, "k": 100}
    assert ids(await desk.find(**body, symbols=["ETHUSDT"])) == ranked(rows, psi, "signed")
    assert await desk.find(**body, symbols=["NOSUCH"]) == []
    kinds = {
        row["kind"] for row in await desk.find(amplitudes=amplitudes(psi), measure="fidelity", k=100, kinds=["window"])
    }
    assert kinds <= {"window"}
    assert await desk.find(amplitudes=amplitudes(psi), kinds=["saved"]) == []


async def test_moments_apart_are_the_best_each_away_from_those_before(store, redis):
    desk = await filled(store, redis, 120)
    newest = (await desk.states.of_symbol("BTCUSDT", 1))[0]
    psi = np.array(newest.state.real) + 1j * np.array(newest.state.imaginary)
    taken = [(newest.state.symbol, newest.bar)]
    rows = sorted(await desk.stored(), key=lambda r: -signed_overlap(psi, r["state"]))
    for row in rows:
        if all(row["symbol"] != s or abs(row["bar"] - b) >= 15 for s, b in taken):
            taken.append((row["symbol"], row["bar"]))
    found = await desk.find(symbol="BTCUSDT", apart=15, k=6)
    assert [(r["symbol"], r["bar"]) for r in found] == taken[1:7]


async def test_rows_that_were_deleted_since_are_not_found(store, redis):
    desk, psi = await filled(store, redis), random_psi(3)
    order = ranked(await desk.stored(), psi, "signed")
    assert ids(await desk.find(amplitudes=amplitudes(psi), k=4)) == order[:4]
    await store.execute("DELETE FROM states WHERE id = ANY(%s::uuid[])", (order[1:60],))
    assert ids(await desk.find(amplitudes=amplitudes(psi), k=4)) == [order[0], *order[60:63]]
    desk.search.moments.deleted(59)
    assert ids(await desk.find(amplitudes=amplitudes(psi), k=4)) == [order[0], *order[60:63]]
    assert desk.search.moments.size()["pure"] == 101


async def test_a_transaction_that_commits_late_is_not_missed(store, redis):
    fold, desk, psi = fresh(store, redis), Desk(store), random_psi(4)
    stream = bars(5)
    for market in stream[:2]:
        await feed(fold, store, market)
    async with store.transaction() as slow:
        await fresh(store, redis).handle(slow, bars(1, session="late")[0])
        for market in stream[2:]:
            await feed(fold, store, market)
        assert len(await desk.find(amplitudes=amplitudes(psi), k=100)) == 10
    assert len(await desk.find(amplitudes=amplitudes(psi), k=100)) == 12
    assert ids(await desk.find(amplitudes=amplitudes(psi), k=100)) == ranked(await desk.stored(), psi, "signed")


async def test_only_the_newest_states_are_searched_over_the_setting(store, redis):
    await filled(store, redis, 6)
    columns = [c["column_name"] for c in await store.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'states' AND column_name NOT IN ('id', 'session', 'created_at')"
    )]  # fmt: skip
    names = ", ".join(columns)
    for copy in range(1, 101):
        await store.execute(
            f"INSERT INTO states (id, session, created_at, {names})"
            f" SELECT gen_random_uuid(), %s, now() + %s * interval '1 second', {names} FROM states WHERE session = 's1'",
            (f"copy {copy}", copy),
        )
    desk = Desk(store, search_states=1000)
    found = await desk.find(amplitudes=amplitudes(random_psi(5)), k=100)
    assert desk.search.moments.size() == {"pure": 1008, "mixed": desk.search.moments.size()["mixed"], "left_out": 204}
    assert min(int(row["session"].split()[1]) for row in found) >= 17


async def test_windows_are_ranked_by_the_fidelity_of_their_matrices(store):
    rng = np.random.default_rng(6)
    rho = [0.5 * np.outer(p, p.conj()) + 0.5 * maximally_mixed(26) for p in map(random_psi, rng.integers(0, 999, 30))]
    for i, r in enumerate(rho):
        await store.execute(
            "INSERT INTO matrices (state_id, rho, shrinkage, symbol, bar_end) VALUES (gen_random_uuid(), %s, 0.5, %s, %s)",
            (r.astype("<c16").tobytes(), PAIR[i % 2], START + i),
        )
    desk, query = Desk(store), 0.3 * rho[4] + 0.7 * rho[9]
    found = await desk.find(matrix=matrix(query), measure="fidelity", k=30)
    exact = sorted((float(uhlmann_fidelity(query, r)) for r in rho), reverse=True)
    np.testing.assert_allclose([row["score"] for row in found], exact, atol=1e-6)
    assert {row["kind"] for row in found} == {"window"}
    assert found[0]["signed"] is None
    psi = random_psi(7)
    found = await desk.find(amplitudes=amplitudes(psi), measure="fidelity", k=3, symbols=["ETHUSDT"])
    exact = sorted((np.vdot(psi, r @ psi).real for r in rho[1::2]), reverse=True)
    np.testing.assert_allclose([row["score"] for row in found], exact[:3], atol=1e-12)


async def test_people_keep_states_and_find_their_own_only(store, redis):
    desk, psi, rho = await filled(store, redis, 5), random_psi(8), maximally_mixed(26)
    pure = await desk.saved.save("ana", new_state("crash", amplitudes(psi), field="amplitudes"))
    mixed = await desk.saved.save("ana", new_state("noise", matrix(rho), field="matrix"))
    scores = Scores26(scores=(1.0, *(0.0,) * 25), velocities=(0.0, 2.0, *(0.0,) * 24))
    theirs = await desk.saved.save("ben", new_state("mine", scores, field="features"))
    assert theirs["intensity"] == pytest.approx(np.sqrt(5))
    found = await desk.find("ana", amplitudes=amplitudes(psi), measure="fidelity", k=100)
    kept = {row["state_id"]: row for row in found if row["kind"] == "saved"}
    assert set(kept) == {pure["state_id"], mixed["state_id"]}
    assert kept[pure["state_id"]]["label"] == "crash"
    assert kept[mixed["state_id"]]["score"] == pytest.approx(1 / 26)
    assert [r for r in await desk.find(amplitudes=amplitudes(psi), k=100) if r["kind"] == "saved"] == []
    assert await desk.find("ana", state_id=pure["state_id"], k=3, kinds=["saved"]) == []
    with pytest.raises(UnknownState):
        await desk.find("ben", state_id=pure["state_id"])
    with pytest.raises(UnknownState):
        await desk.saved.delete("ben", pure["state_id"])
    assert [row["label"] for row in await desk.saved.of("ana", 10)] == ["noise", "crash"]
    await desk.saved.delete("ana", pure["state_id"])
    assert [r["label"] for r in await desk.find("ana", matrix=matrix(rho), measure="fidelity", kinds=["saved"])] == [
        "noise"
    ]


async def test_a_person_keeps_as_many_states_as_the_setting_allows(store):
    desk = Desk(store)
    for i in range(3):
        await desk.saved.save("ana", new_state(f"s{i}", amplitudes(random_psi(i)), field="amplitudes"))
    with pytest.raises(TooManyStates, match="you keep 3 states already"):
        await desk.saved.save("ana", new_state("more", amplitudes(random_psi(9)), field="amplitudes"))
    await desk.saved.save("ben", new_state("first", amplitudes(random_psi(9)), field="amplitudes"))


async def test_what_is_no_state_is_refused_with_its_numbers_and_not_written(store):
    desk, psi = Desk(store), random_psi(10)
    skew = maximally_mixed(26) + np.triu(np.ones((26, 26)), 1) * 0.01
    negative = maximally_mixed(26) + np.diag([0.1, -0.1] + [0] * 24)
    scores = (7.0, *(0.0,) * 25)
    for given, words in (
        (amplitudes(2 * psi), "norm is 2; it must be 1"),
        (matrix(2 * maximally_mixed(26)), "trace is 2"),
        (matrix(skew), "not Hermitian"),
        (matrix(negative), "not positive: the least eigenvalue is -0.0615"),
        (Scores26(scores=scores, velocities=scores), "score A is 7; at most 5 .*velocity A is 7"),
        (Scores26(scores=(0.0,) * 26, velocities=(0.0,) * 26), "without information"),
    ):
        with pytest.raises(BadState, match=words):
            await desk.saved.save("ana", new_state("bad", given, field="state"))
    assert await store.fetch("SELECT 1 FROM saved_states", user="ana") == []


async def test_exactly_one_state_is_asked_and_measures_fit_it(store):
    desk, psi = Desk(store), random_psi(11)
    with pytest.raises(BadInput, match="say one state; none given"):
        await desk.find(k=3)
    with pytest.raises(BadInput, match="say one state; symbol and amplitudes given"):
        await desk.find(symbol="BTCUSDT", amplitudes=amplitudes(psi))
    with pytest.raises(BadInput, match="between pure states only"):
        await desk.find(matrix=matrix(maximally_mixed(26)))
    with pytest.raises(UnknownState, match="no state of BTCUSDT"):
        await desk.find(symbol="BTCUSDT")


@pytest.mark.parametrize("damage", ["psi", "intensity"])
async def test_a_row_changed_by_hand_is_found_on_read_refused_and_reported(store, redis, damage):
    desk, psi = await filled(store, redis, 10), random_psi(12)
    order = ranked(await desk.stored(), psi, "signed")
    assert ids(await desk.find(amplitudes=amplitudes(psi), k=2)) == order[:2]
    if damage == "psi":
        other = random_psi(13).astype("<c16").tobytes()
        await store.execute("UPDATE states SET psi = %s WHERE id = %s", (other, order[0]))
    else:
        await store.execute("UPDATE states SET intensity = intensity * 2 WHERE id = %s", (order[0],))
    with pytest.raises(DamagedState, match=f"state {order[0]} is damaged in the database: its hash is"):
        await desk.states.one(order[0])
    assert order[0] not in [k.state.state_id for k in await desk.states.of_symbol(None, 100)]
    assert order[0] not in ids(await desk.find(amplitudes=amplitudes(psi), k=100))
    assert order[0] not in ids(await Desk(store).find(amplitudes=amplitudes(psi), k=100))
    assert desk.damage.ids == {order[0]}


async def test_a_row_of_another_length_than_one_is_left_out_of_the_index_and_reported(store, redis):
    await filled(store, redis, 10)
    one = (await store.fetch("SELECT id, psi FROM states LIMIT 1"))[0]
    await store.execute("UPDATE states SET psi = %s WHERE id = %s", (bytes(416), one["id"]))
    twice = (2 * np.frombuffer(one["psi"], dtype="<c16")).tobytes()
    other = (await store.fetch("SELECT id FROM states WHERE id <> %s LIMIT 1", (one["id"],)))[0]["id"]
    await store.execute("UPDATE states SET psi = %s WHERE id = %s", (twice, other))
    desk = Desk(store)
    found = await desk.find(amplitudes=amplitudes(random_psi(14)), k=100)
    assert {str(one["id"]), str(other)} & set(ids(found)) == set()
    assert str(other) in desk.damage.ids


async def test_a_damaged_matrix_and_a_damaged_saved_state_are_refused(store, redis):
    desk = await filled(store, redis, 3)
    state_id = (await desk.states.of_symbol(None, 1))[0].state.state_id
    good, bad = maximally_mixed(26), 0.9 * maximally_mixed(26) + 0.1 * np.diag([1.0] + [0.0] * 25)
    from qbtc.qcs.adapters.rows import matrix_hash

    await store.execute(
        "INSERT INTO matrices (state_id, rho, rho_hash, shrinkage, symbol, bar_end) VALUES (%s, %s, %s, 1, 'BTCUSDT', 1)"
        " ON CONFLICT (state_id) DO UPDATE SET rho = excluded.rho, rho_hash = excluded.rho_hash",
        (state_id, bad.astype("<c16").tobytes(), matrix_hash(good.astype("<c16").tobytes())),
    )
    with pytest.raises(DamagedState, match="its hash is"):
        await desk.states.matrix(state_id)
    assert state_id not in ids(await desk.find(matrix=matrix(good), measure="fidelity", kinds=["window"]))
    kept = await desk.saved.save("ana", new_state("s", matrix(good), field="matrix"))
    await store.execute("UPDATE saved_states SET state = %s", (bad.astype("<c16").tobytes(),), user="ana")
    with pytest.raises(DamagedState):
        await desk.saved.one("ana", kept["state_id"])
    assert await desk.saved.of("ana", 10) == []
    assert desk.damage.ids == {state_id, kept["state_id"]}


async def test_a_restart_over_a_damaged_row_goes_on_and_reports_it(store, redis):
    await filled(store, redis, 30)
    await store.execute("UPDATE states SET intensity = intensity * 2 WHERE bar = 12 AND symbol = 'BTCUSDT'")
    from qbtc.qcs.market import MarketFold

    damage = Damage()
    again = MarketFold(PostgresStates(store, damage), RedisScreen(redis, seconds=60))
    event, _ = await feed(again, store, bars(31)[30])
    assert event.bar == 30
    assert len(damage.ids) == 1


async def test_an_emptied_cache_changes_no_answer(store, redis):
    desk = await filled(store, redis, 20)
    queries = Queries(desk.states, RedisScreen(redis, seconds=60))

    async def answers() -> str:
        found = await desk.find(symbol="BTCUSDT", k=5)
        for row in found:
            assert row["kind"] == "moment"
        newest = [await queries.newest(s) for s in PAIR]
        return json.dumps([newest, await queries.latest(), found, await queries.of_symbol("BTCUSDT", 5)])

    before = await answers()
    await redis.flushall()
    assert await answers() == before
    assert await redis.ttl("qcs:quantum:state:ETHUSDT") > 0
