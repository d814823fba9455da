"""Whether a strategy is recorded stays as its start said, until another start says otherwise."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from tests.unit.hft.sessions.scene import Scene, strategies
from tests.unit.hft.test_hot import Rig, rig  # noqa: F401 - a fixture

from qbtc.contracts.trading import SetStrategy
from qbtc.hft.actions import Actions
from qbtc.hft.adapters import repository
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.errors import BadParameter
from qbtc.hft.ports import StrategyChoice
from qbtc.hft.service import _restore_strategies

if TYPE_CHECKING:
    from qbtc.kit.service.runtime import Runtime

    from qbtc.hft.settings import HftSettings


def wish(**words: object) -> SetStrategy:
    return SetStrategy.model_validate({"strategy": "grid", "action": "start", **words})


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    made = Scene(tmp_path, 1, strategies(tmp_path, "grid"))
    made.open()
    return made


@pytest.mark.parametrize("record", [None, True, False])
async def test_a_change_of_parameters_keeps_what_the_start_in_the_service_tier_said(scene: Scene, record: bool | None) -> None:
    actions = Actions(scene.engine, scene.trader, recorder=scene.recorder)
    assert (await actions.set_strategy(wish(record=record))).record is record
    path = scene.recorder.path
    assert (path is None) is (record is False)
    assert (await actions.set_strategy(wish(parameters={"levels": 2}))).record is record
    assert scene.recorder.path == path


async def test_one_that_runs_is_recorded_from_when_that_is_asked_for_until_it_is_not(scene: Scene) -> None:
    actions = Actions(scene.engine, scene.trader, recorder=scene.recorder)
    await actions.set_strategy(wish(record=False))
    await actions.set_strategy(wish(record=True))
    path = scene.recorder.path
    assert path is not None
    await actions.set_strategy(wish(record=False))
    assert scene.recorder.path == path
    scene.recorder.look()
    assert scene.recorder.path is None


async def test_another_start_after_a_stop_is_as_the_settings_say(scene: Scene) -> None:
    actions = Actions(scene.engine, scene.trader, recorder=scene.recorder)
    await actions.set_strategy(wish(record=False))
    assert (await actions.set_strategy(wish(action="stop"))).record is None
    assert (await actions.set_strategy(wish())).record is None
    assert scene.recorder.path is not None


async def test_what_cannot_be_recorded_is_not_promised(scene: Scene) -> None:
    live = Actions(scene.engine, scene.trader)
    with pytest.raises(BadParameter, match="sessions at a live venue are not recorded"):
        await live.set_strategy(wish(record=True))
    assert "grid" not in scene.engine.running
    assert (await live.set_strategy(wish(record=False))).running


async def test_the_process_that_begins_records_what_was_chosen(scene: Scene) -> None:
    scene.engine.set_strategy("grid", start=True, parameters={})
    scene.recorder.resume({"grid": False})
    assert scene.recorder.path is None
    scene.recorder.resume({"grid": None, "other": False})
    assert scene.recorder.path is not None


@pytest.mark.parametrize("record", [None, True, False])
async def test_a_change_of_parameters_keeps_what_the_start_in_the_hot_tier_said(rig: Rig, record: bool | None) -> None:  # noqa: F811
    engine = rig.desk.engine
    engine.strategist.strategies["grid"] = load("grid", rig.engine.folder)
    actions = Actions(engine, rig.desk.trader, hot=rig.hot)
    assert (await actions.set_strategy(wish(tier="hot", spin=True, record=record))).record is record
    chosen = await actions.set_strategy(wish(parameters={"levels": 2}))
    assert (chosen.record, chosen.spin) == (record, True)
    assert rig.hot.choice is not None
    assert rig.hot.choice.record is bool(record)


async def test_a_restart_keeps_it_in_the_hot_tier_and_tells_it_to_the_service_tier(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    async def stored(_: object, *, venue: str) -> dict[str, StrategyChoice]:
        return {"grid": StrategyChoice(True, {}, "hot", True, True)}

    monkeypatch.setattr(repository, "load_strategies", stored)
    rig.desk.engine.strategist.strategies["grid"] = load("grid", rig.engine.folder)
    found = await _restore_strategies(cast("Runtime[HftSettings]", SimpleNamespace(store=None)), rig.desk.engine, rig.hot, "local")
    assert rig.hot.choice is not None
    assert rig.hot.choice.record
    assert found["grid"].record
