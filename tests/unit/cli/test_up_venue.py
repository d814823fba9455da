"""`qbtc up --venue NAME --live`: what reaches HFT, and what is refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from qbtc.cli.up import environment, up, venue_flags
from qbtc.kit.errors import BadInput

PLAIN: dict[str, str | float | bool | None] = {
    "market": "sim", "speed": None, "symbols": None, "loop": False, "only": "", "detach": True, "venue": None, "live": False,
}  # fmt: skip


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path))
    for name in ("QBTC_HFT_VENUE", "QBTC_HFT_LIVE"):
        monkeypatch.delenv(name, raising=False)


def test_venue_and_live_reach_hft_as_settings() -> None:
    env = environment(PLAIN | {"venue": "binance", "live": True})
    assert (env["QBTC_HFT_VENUE"], env["QBTC_HFT_LIVE"]) == ("binance", "true")


def test_without_the_flags_nothing_is_set_so_that_the_settings_decide() -> None:
    assert not {"QBTC_HFT_VENUE", "QBTC_HFT_LIVE"} & set(environment(PLAIN))


@pytest.mark.parametrize("venue", [None, "local"])
def test_live_without_a_venue_that_could_be_live_is_refused(venue: str | None) -> None:
    with pytest.raises(BadInput, match="--live needs a venue") as caught:
        environment(PLAIN | {"venue": venue, "live": True})
    assert caught.value.allowed == ["binance", "binance-testnet", "binance-usdm", "binance-usdm-testnet"]


def test_live_takes_the_venue_of_the_settings_too(tmp_path: Path) -> None:
    (tmp_path / "qbtc.toml").write_text('[hft]\nvenue = "binance-testnet"\n')
    assert venue_flags(PLAIN | {"live": True}, {"QBTC_HOME": str(tmp_path)}) == {"QBTC_HFT_LIVE": "true"}


def test_an_unknown_venue_is_refused_with_the_list() -> None:
    done = CliRunner().invoke(up, ["--venue", "bitmex"])
    assert done.exit_code == 2
    assert "'bitmex' is not one of 'local', 'binance', 'binance-testnet', 'binance-usdm'" in done.output
