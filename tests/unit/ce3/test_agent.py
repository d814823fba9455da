"""The agent loop with a scripted provider: order of the log, tools side by side, and every way a turn can end."""

from __future__ import annotations

import pytest
from tests.unit.ce3.doubles import Double, Endless, Failing, Scripted, agent, asked, turn

from qbtc.ce3.agent import NOTES, capped
from qbtc.ce3.domain.chat import Call, Delta, Opaque, Result, Stop, Text
from qbtc.ce3.errors import ModelFailed, TurnTooLong
from qbtc.kit.errors import QbtcError, Unavailable

END = (Delta("done"), Stop("end", (Text("done"),)))


def wants(*calls: Call) -> tuple[Stop]:
    return (Stop("tools", calls),)


async def test_a_plain_answer_is_logged_as_text_and_done() -> None:
    run, log = turn()
    finished = await agent(Scripted(END)).run(run, asked())
    assert finished.text == "done"
    assert log.kinds() == ["text", "done"]
    assert [e.offset for e in log.events] == [0, 1]


async def test_calls_of_one_step_run_side_by_side_and_come_back_in_their_order() -> None:
    provider = Scripted(wants(Call("a", "double", {"n": 1}), Call("b", "double", {"n": 2})), END)
    run, log = turn()
    finished = await agent(provider, Double(together=2), turn_seconds=5).run(run, asked())
    results = provider.seen[1][-1].blocks
    assert results == (Result("a", "double", {"double": 2}, True), Result("b", "double", {"double": 4}, True))
    assert log.kinds() == ["tool_call", "tool_call", "tool_result", "tool_result", "text", "sources", "done"]
    assert len(finished.sources) == 1, "the same source is named once"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (Call("a", "failing", {}), "away"),
        (Call("a", "nothing", {}), "no tool named 'nothing'"),
        (Call("a", "double", {"n": "x"}), "double:"),
        (Call("a", "double", {}), "double:"),
        (Call("a", "double", {"n": 1, "m": 2}), "double:"),
    ],
    ids=["fails", "unknown", "wrong type", "missing", "extra"],
)
async def test_a_call_that_goes_wrong_is_a_result_the_model_sees(call: Call, error: str) -> None:
    provider = Scripted(wants(call), END)
    run, log = turn()
    finished = await agent(provider, Failing(Unavailable("away")), Double()).run(run, asked())
    (result,) = provider.seen[1][-1].blocks
    assert isinstance(result, Result) and not result.ok and error in str(result.content)
    assert finished.text == "done" and not finished.tools[0].ok
    assert log.kinds()[-1] == "done"


async def test_a_crash_inside_a_tool_is_a_result_without_its_inner_words() -> None:
    provider = Scripted(wants(Call("a", "failing", {})), END)
    run, _ = turn()
    finished = await agent(provider, Failing(KeyError("secret"))).run(run, asked())
    assert finished.tools[0].error == "failing failed inside; the log has the reason"


async def test_a_tool_that_does_not_end_is_given_up_after_its_deadline() -> None:
    run, _ = turn()
    finished = await agent(Scripted(wants(Call("a", "endless", {})), END), Endless(), tool_seconds=0.05).run(run, asked())
    assert finished.tools[0].error == "endless took longer than 0.05 s"


async def test_a_turn_that_does_not_end_fails_at_its_deadline_and_says_so_in_the_log() -> None:
    run, log = turn()
    with pytest.raises(TurnTooLong):
        await agent(Scripted(wants(Call("a", "endless", {}))), Endless(), turn_seconds=0.05).run(run, asked())
    assert log.kinds()[-1] == "error"


async def test_a_model_that_calls_for_ever_is_stopped() -> None:
    run, log = turn()
    with pytest.raises(ModelFailed, match="more than 3 steps"):
        await agent(Scripted(wants(Call("a", "double", {"n": 1}))), Double(), steps=3).run(run, asked())
    assert log.kinds().count("tool_call") == 3
    assert log.kinds()[-1] == "error"


@pytest.mark.parametrize("reason", ["length", "refusal", "context"])
@pytest.mark.parametrize("language", ["en", "es"])
async def test_an_answer_that_is_not_whole_says_so(reason: str, language: str) -> None:
    run, log = turn(language)  # type: ignore[arg-type]
    await agent(Scripted((Delta("half"), Stop(reason, (Text("half"),))))).run(run, asked())  # type: ignore[arg-type]
    assert [e.text for e in log.events if e.kind == "status"] == [NOTES[reason][language]]


async def test_calls_of_a_message_that_was_cut_are_not_run() -> None:
    run, log = turn()
    cut = (Delta("I buy"), Stop("length", (Text("I buy"), Call("a", "double", {"n": 1}))))
    finished = await agent(Scripted(cut), Double()).run(run, asked())
    assert finished.tools == ()
    assert "tool_call" not in log.kinds()
    assert all(not isinstance(b, Call) for m in run.messages for b in m.blocks)


async def test_a_paused_model_is_asked_to_go_on_with_its_own_message() -> None:
    paused = (Stop("paused", (Opaque("claude", {"type": "server_tool_use"}),)),)
    provider = Scripted(paused, END)
    run, _ = turn()
    assert (await agent(provider).run(run, asked())).text == "done"
    assert provider.seen[1][-1].role == "assistant"


async def test_text_of_several_steps_is_kept_apart() -> None:
    first = (Delta("Looking."), Stop("tools", (Text("Looking."), Call("a", "double", {"n": 1}))))
    run, _ = turn()
    assert (await agent(Scripted(first, END), Double()).run(run, asked())).text == "Looking.\n\ndone"


@pytest.mark.parametrize("step", [ModelFailed("gone"), (Delta("ha"),)], ids=["error", "no end"])
async def test_a_provider_that_breaks_off_ends_the_turn_with_an_error(step: object) -> None:
    run, log = turn()
    with pytest.raises(ModelFailed):
        await agent(Scripted(step)).run(run, asked())  # type: ignore[arg-type]
    assert log.kinds()[-1] == "error"


async def test_a_crash_of_the_provider_is_shown_without_its_inner_words() -> None:
    run, log = turn()
    with pytest.raises(QbtcError, match="the assistant failed"):
        await agent(Scripted(KeyError("secret"))).run(run, asked())
    assert "secret" not in str(log.events[-1])


async def test_every_call_has_its_own_intent_and_a_repeat_of_it_the_same() -> None:
    run, _ = turn()
    from dataclasses import replace

    one, two = (replace(run.context, call=call).intent() for call in ("a", "b"))
    assert one != two
    assert one == replace(run.context, call="a").intent()


def test_a_large_result_is_cut_with_a_note_and_a_small_one_is_not() -> None:
    assert capped({"a": 1}, 100) == {"a": 1}
    cut = capped({"a": "x" * 500}, 100)
    assert isinstance(cut, dict)
    assert cut["cut"] == "509 characters, the first 100 are shown"
    assert len(str(cut["beginning"])) == 100
