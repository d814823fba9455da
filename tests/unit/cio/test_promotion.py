"""Which sentences become facts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.every import every

from qbtc.cio.domain.promotion import Gate, Item, Role, Said


def judged(
    text: str, role: Role = "person", gate: Gate | None = None, session: str = "s", memory_id: str = "m"
) -> list[Said]:
    return (gate or Gate()).judge(Item(memory_id, text, role, session))


@every(
    "text",
    [
        "I live in Lima.",
        "My sister Ana works at the hospital.",
        "Vivo en Lima desde 2019.",
        "Mi hermana trabaja en un banco.",
        "Compré dos bicicletas en marzo.",
        "I don't drink coffee.",
        "We moved the stop to 61,000 USDT.",
        "Ana Ruiz bought the flat in Madrid.",
        "No me gusta operar los viernes.".replace("No me gusta", "A mí no me gusta"),
    ],
)
def test_what_a_person_asserts_is_promoted(text: str) -> None:
    (said,) = judged(text)
    assert said.promoted, said


@every(
    "text, role, reason",
    [
        ("HEARTBEAT_OK ping", "person", "heartbeat"),
        ("ok, thanks!".replace("ok, ", ""), "person", "heartbeat"),
        ("2026-01-02 10:00:00 INFO worker 3 polled", "tool", "heartbeat"),
        ("!!!", "person", "heartbeat"),
        ("As an AI language model I live in Lima.", "assistant", "boilerplate"),
        ("You are a helpful assistant. I live in Lima.", "person", "boilerplate"),
        ("Eres un asistente que vive en Lima", "person", "boilerplate"),
        ("Ana Ruiz lives in Lima.", "assistant", "not theirs"),
        ("My name is Ana and I live in Lima.", "document", "not theirs"),
        ("> I live in Lima.", "person", "not theirs"),
        ("Assistant: I live in Lima.", "person", "not theirs"),
        ("They say that Ana Ruiz lives in Lima.", "person", "not theirs"),
        ("Dicen que mi vecina vive en Lima.", "person", "not theirs"),
        ("The user lives in Lima and likes tea.", "person", "profile"),
        ("Al usuario le gusta el té de Lima.", "person", "profile"),
        ("Name: Ana\nCity: Lima\nJob: nurse", "person", "profile"),
        ("Do I live in Lima?", "person", "question"),
        ("¿Vivo en Lima?", "person", "question"),
        ("If I lived in Lima I would be happy.", "person", "not asserted"),
        ("Me gustaría vivir en Lima.", "person", "not asserted"),
        ("In my novel Ana Ruiz lives in Lima.", "person", "not asserted"),
        ("Remember that I live in Lima.", "person", "instruction"),
        ("Recuerda que vivo en Lima.", "person", "instruction"),
        ("She lives there now.", "person", "nothing said"),
        ("My goodness.", "person", "nothing said"),
    ],
)
def test_what_is_no_fact_is_refused_with_its_reason(text: str, role: Role, reason: str) -> None:
    assert [said.refused for said in judged(text, role)] == [reason]


def test_each_sentence_is_judged_by_itself() -> None:
    found = judged("I live in Lima. Do you like it? If I had money I would move.")
    assert [said.refused for said in found] == [None, "question", "not asserted"]


@every("echo", ["I live in Lima.", "Yes, as you said, I live in Lima.", "i LIVE in lima!"])
def test_what_the_session_was_shown_from_memory_is_an_echo(echo: str) -> None:
    gate = Gate()
    gate.recalled("s", ["I live in Lima."])
    assert [said.refused for said in judged(echo, gate=gate)] == ["echo"]


def test_what_an_assistant_said_before_is_an_echo_when_a_person_repeats_it() -> None:
    gate = Gate()
    judged("Ana Ruiz has a boat in Callao.", "assistant", gate)
    assert judged("Ana Ruiz has a boat in Callao.", gate=gate)[0].refused == "echo"


def test_what_contradicts_a_shown_memory_is_no_echo() -> None:
    gate = Gate()
    gate.recalled("s", ["I have 2 boats in Lima."])
    assert judged("I have 3 boats in Lima.", gate=gate)[0].promoted
    assert judged("I don't have 2 boats in Lima.", gate=gate)[0].promoted


def test_an_independent_repetition_supports_the_fact_and_makes_no_new_one() -> None:
    gate = Gate()
    assert judged("I live in Lima.", gate=gate, memory_id="m1")[0].promoted
    (again,) = judged("I live in Lima.", gate=gate, session="t", memory_id="m2")
    assert (again.promoted, again.supports) == (False, "m1")


@given(st.text(max_size=120), st.sampled_from(["assistant", "tool", "document"]))
def test_nothing_that_a_person_did_not_say_is_ever_promoted(text: str, role: Role) -> None:
    assert not any(said.promoted for said in judged(text, role))


@given(
    st.lists(
        st.sampled_from(["I live in Lima.", "My cat eats fish.", "Vivo en Quito.", "We sold two boats."]), max_size=12
    )
)
def test_no_sentence_is_promoted_twice(texts: list[str]) -> None:
    gate = Gate()
    promoted = [
        said.sentence
        for i, text in enumerate(texts)
        for said in judged(text, gate=gate, session=f"s{i}")
        if said.promoted
    ]
    assert len(promoted) == len(set(promoted))
