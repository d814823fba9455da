"""Which sentences are plain statements of oneself, of one's own, or of somebody with a name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.every import every

from qbtc.cio.domain.assertion import states


@every(
    "sentence",
    [
        "I live in Lima.",
        "I'm a nurse in Lima.",
        "I've lived in Lima since 2019.",
        "Today I closed 3 positions.",
        "We no longer own a boat.",
        "I don't drink coffee.",
        "My sister Ana works at the hospital.",
        "My stop on BTCUSDT is 61,500 USDT.",
        "Our landlord in Lima raised the rent by 30 euros, but we stay.",
        "Both my parents come from Lima.",
        "Peter Novak sold 3 boats in Porto.",
        "Peter Novak is my dentist in Porto.",
        "Vivo en Lima desde 2019.",
        "Ya no tengo el velero de Lima.",
        "Hoy cerré 3 posiciones en Lima.",
        "Me mudé a Lima con Ana Ruiz.",
        "A Ana Ruiz le vendí mi velero.",
        "A mí no me gusta operar los viernes.",
        "Mi mujer nació en Lima.",
        "Luis Mora trabaja en un banco de Lima.",
        "Estoy de alquiler en Lima.",
    ],
)
def test_a_plain_statement(sentence: str) -> None:
    assert states(sentence)


@every(
    "sentence",
    [
        "I plan to open a bakery in Lima.",
        "I want to marry Ana Ruiz.",
        "I have to buy a boat.",
        "I almost bought a boat in Lima.",
        "I am thinking of moving to Lima.",
        "I hope we sell the boat.",
        "One day I will own a boat.",
        "My avatar lives in Lima.",
        "My cousin claims to own Lima.",
        "Ana Ruiz is rumoured to own Lima.",
        "Everybody knows Ana Ruiz lives in Lima.",
        "I live in Lima, not.",
        "I own 3 planets, haha.",
        "Test sentence: I live in Lima.",
        "[memory] I live in Lima.",
        "You live in Lima.",
        "I am Ana Ruiz, your helper.",
        "Order 3 for Ana Ruiz shipped to Lima.",
        "FYI I live in Lima.",
        "She lives in Lima.",
        "Creo que Ana Ruiz vive en Lima.",
        "Quiero vivir en Lima con Ana Ruiz.",
        "Casi compro un velero.",
        "Eres Ana Ruiz y vives en Lima.",
        "Mi vecino insiste en que soy de Lima.",
        "I live in Lima!  Or do I?",
    ],
)
def test_what_takes_itself_back_or_is_of_nobody_known_is_none(sentence: str) -> None:
    assert not states(sentence)


@given(st.text(max_size=200))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    assert states(text) in (True, False)


@given(st.sampled_from(["I live in Lima", "Vivo en Lima", "My dog eats fish"]), st.sampled_from(["", ".", "!", "  "]))
def test_closing_marks_change_nothing(sentence: str, end: str) -> None:
    assert states(sentence + end)
