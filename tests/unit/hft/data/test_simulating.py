"""Simulated tapes on disk: the same bytes for the same seed, sound, whole, and used like any other."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.sizes import FAST

from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.tape.watching import watched
from qbtc.core.market.volume.facts import facts
from qbtc.core.market.volume.parameters import from_json
from qbtc.core.market.volume.sampling import sampled
from qbtc.core.market.volume.usual import usual
from qbtc.hft import backtest
from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.adapters.data.simulating import Wanted, known, like, read, simulate, write
from qbtc.hft.adapters.data.verifying import verify
from qbtc.hft.errors import BadSource
from qbtc.testing.data import MARKET

BTC = usual(KNOWN["BTCUSDT"])


def digest(path: Path) -> str:
    """Of every file of a tape."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(path.iterdir()))).hexdigest()


def test_the_same_seed_gives_the_same_files_whatever_the_block(tmp_path: Path) -> None:
    for name, block in (("a", 1 << 18), ("b", 20_000), ("c", 777)):
        simulate(BTC, tmp_path / name, Wanted(seed=1, rows=40_000, block=block))
    simulate(BTC, tmp_path / "d", Wanted(seed=2, rows=40_000))
    assert digest(tmp_path / "a") == digest(tmp_path / "b") == digest(tmp_path / "c")
    assert digest(tmp_path / "a") != digest(tmp_path / "d")


@pytest.mark.parametrize("amount", [{"rows": 30_000}, {"seconds": 40.0}])
def test_a_simulated_tape_is_sound_complete_and_the_market_in_memory(tmp_path: Path, amount: dict[str, float]) -> None:
    info = simulate(BTC, tmp_path / "tape", Wanted(seed=3, **amount))  # type: ignore[arg-type]
    verdict = verify(tmp_path / "tape")
    assert verdict.sound, verdict.problems
    assert verdict.complete
    tape, memory = open_tape(tmp_path / "tape"), sampled(BTC, 3, amount.get("seconds", 1e6), rows=amount.get("rows"))  # type: ignore[arg-type]
    assert tape.info == info
    for name in ("local", "exchange", "kind", "first", "tick", "lots", "seq"):
        assert np.array_equal(getattr(tape, name), getattr(memory, name)), name
    assert info.rows >= 30_000 if "rows" in amount else (tape.exchange[-1] - tape.exchange[0]) / 1e9 == pytest.approx(40, abs=0.2)
    assert from_json(info.options["simulated"]) == BTC
    assert info.options["seed"] == 3


def test_a_backtest_runs_on_it_with_the_latency_of_its_feed(tmp_path: Path) -> None:
    simulate(BTC, tmp_path / "tape", Wanted(seed=4, seconds=200.0))
    found = backtest.run("grid", tmp_path / "tape", parameters={"step": 2.0}, latency="feed")
    assert len(found.fills) > 0
    assert found.assumptions.fees == (0.001, 0.001)
    usdm = replace(BTC, venue="simulated binance-usdm")
    simulate(usdm, tmp_path / "usdm", Wanted(seed=4, seconds=20.0))
    assert backtest.run("grid", tmp_path / "usdm").assumptions.fees == (0.0002, 0.0005)


@pytest.mark.parametrize("symbol", sorted(KNOWN))
def test_every_known_symbol_has_a_crowd_at_its_scale(tmp_path: Path, symbol: str) -> None:
    simulate(known(symbol.lower()), tmp_path / "tape", Wanted(seconds=60.0))
    found = facts(watched(open_tape(tmp_path / "tape")))
    assert verify(tmp_path / "tape").complete
    assert 3 < found["takers"] < 60
    assert found["spread_median"] <= 2


def test_what_cannot_be_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="how much"):
        simulate(BTC, tmp_path / "tape", Wanted())
    (tmp_path / "there").mkdir()
    with pytest.raises(BadSource, match="exists already"):
        simulate(BTC, tmp_path / "there", Wanted(rows=10))
    simulate(BTC, tmp_path / "there", Wanted(rows=10, replace=True))
    with pytest.raises(BadSource, match="allowed: 0 to"):
        simulate(BTC, tmp_path / "tape", Wanted(seed=-1, rows=10))
    with pytest.raises(BadSource, match="'NOPE' is not known"):
        known("NOPE")
    assert [each.name for each in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize(("text", "says"), [("[]", "no JSON object"), ("{", "Expecting"), ('{"format": "x"}', "allowed: 'qbtc-crowd'")])
def test_a_document_of_parameters_that_is_none_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(BadSource, match=says):
        like(tmp_path / "p.json")
    with pytest.raises(BadSource, match="is not there"):
        read(tmp_path / "q.json")


def test_parameters_come_back_from_their_file(tmp_path: Path) -> None:
    write(tmp_path / "below" / "p.json", BTC)
    assert like(tmp_path / "below" / "p.json") == BTC


def test_a_tape_too_short_to_fit_says_what_it_needs(tmp_path: Path) -> None:
    simulate(BTC, tmp_path / "tape", Wanted(seconds=5.0))
    with pytest.raises(BadSource, match="at least 100 in 30 s"):
        like(tmp_path / "tape")


# ---- beside the recorded market

BANDS = {
    "spread_least": 0.01, "takers": 0.35, "fills_per_taker": 0.2, "touches": 0.3, "fano_10s": 0.6, "gap_variation": 0.4, "grown": 0.2,
    "born": 0.25, "shrunk": 0.2, "life_median": 0.6, "changes": 0.2, "volatility_1s": 0.5, "volatility_10s": 0.5, "kurtosis_1s": 0.7,
}  # fmt: skip
"""How far a simulated fact may be from the recorded one, as a share of it, over an hour of simulation."""
FILES = {
    "spot_btc": ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"], "spot_eth": ["spot_ethusdt_20240808.gz"],
    "usdm": ["usdm_btcusdt_20240808.gz"],
}  # fmt: skip


@pytest.mark.skipif(FAST, reason="fitting takes many seconds; every size above --fast does it")
@pytest.mark.parametrize("name", list(FILES))
def test_a_market_fitted_to_a_recorded_one_has_its_stylised_facts(tmp_path: Path, name: str) -> None:
    paths = [MARKET / file for file in FILES[name]]
    if not all(path.exists() for path in paths):
        pytest.skip(f"no recorded market data at {MARKET}; set QBTC_DATA")
    import_tape(paths, tmp_path / "real", Options())
    found = like(tmp_path / "real")
    real, made = facts(watched(open_tape(tmp_path / "real"))), facts(watched(sampled(found, 77, 3600.0)))
    far = {fact: round(made[fact] / real[fact] - 1, 3) for fact in BANDS}
    assert all(abs(far[fact]) <= BANDS[fact] for fact in BANDS), far
    assert made["sign_1"] == pytest.approx(real["sign_1"], abs=0.15)
    assert made["sign_10"] == pytest.approx(real["sign_10"], abs=0.08)
    assert abs(made["return_1"]) < 0.1
    assert made["fano_1s"] > 4
    assert made["size_1_10"] == pytest.approx(real["size_1_10"], abs=0.1)


@pytest.mark.parametrize(("rows", "seconds"), [(None, 120.0), (5_000, None), (5_000, 1e6)])
def test_steps_of_progress_make_up_the_whole(tmp_path: Path, rows: int | None, seconds: float | None) -> None:
    steps = list[int]()
    made = simulate(BTC, tmp_path / "tape", Wanted(1, rows, seconds, block=1_000, progress=steps.append))
    assert len(steps) > 1
    assert sum(steps) == (made.rows if rows else pytest.approx(seconds or 0, abs=2))
