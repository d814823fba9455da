"""Division and stress of Spanish words against a hand-written table, and what must hold for any word."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.every import every

from qbtc.core.language.prosody import Stress, scan
from qbtc.core.language.prosody.spanish import divide
from qbtc.core.language.prosody.spanish.numbers import ABBREVIATIONS, LARGEST, cardinal
from qbtc.core.language.prosody.spanish.tokens import tokens
from qbtc.core.language.prosody.spanish.vocabulary import spoken, syllables

# The stressed syllable is in capitals.
TABLE = """
CA-sa LU-na a-MOR can-CIÓN ÁR-bol LÁ-piz re-LOJ PÁ-ja-ro SÁ-ba-do es-TRE-lla PE-rro ca-BA-llo co-ra-ZÓN VER-de
lla-NU-ra SOL MAR LUZ PAN FLOR DIOS REY BUEY MUY HOY PIE FUE VIO DIO po-E-ta te-A-tro a-É-re-o HÉ-ro-e LÍ-ne-a
o-CÉ-a-no le-ER cre-ER zo-o-lo-GÍ-a a-za-HAR al-co-HOL pa-ÍS ma-ÍZ ra-ÍZ ba-ÚL o-Í-do re-ÍR son-re-ÍR sa-LÍ-a RÍ-o
DÍ-a ga-RÚ-a PÚ-a a-ÚN ac-TÚ-a gra-DÚ-o te-NÍ-ais AI-re CAU-sa REI-no DEU-da BOI-na PEI-ne au-RO-ra eu-RO-pa FIE-ra
TIE-ne BUE-no PUER-ta CUA-tro A-gua LEN-gua GLO-ria pa-CIEN-cia SUA-ve DIA-blo VIE-jo LIM-pio VIU-da ciu-DAD RUI-do
cui-DA-do JUI-cio FUI-mos je-SUI-ta es-tu-DIÁIS lim-PIÉIS a-ve-ri-GUÁIS a-ve-ri-GÜÉIS u-ru-GUAY GUAU pa-ra-NO-ia
a-le-LU-ya ca-CA-o a-YU-no pa-ra-GUA-yo HUE-vo HIE-lo HUÉS-ped a-hue-CAR ca-ca-HUE-te al-ca-HUE-te des-HUE-so a-HO-ra
BÚ-ho va-HÍ-do pro-HÍ-be a-HÍN-co ta-HÚR re-HÚ-so de-SAHU-cio ahu-MAR QUE GUE-rra GUI-so QUE-so QUIN-ce ver-GÜEN-za
pin-GÜI-no ci-GÜE-ña an-TI-guo sü-A-ve vï-O-la rü-I-na glo-rï-O-so cons-TRUIR ins-TAN-te obs-TÁ-cu-lo trans-POR-te
pers-pi-CAZ ins-truc-CIÓN abs-trac-CIÓN sols-TI-cio subs-TAN-cia a-BRI-go ha-BLAR SI-glo a-GRA-do re-FRÁN a-FLO-ja
PA-dre TI-gre CUA-dro TE-cla A-cre SO-plo CO-pla at-LE-ta at-LÁN-ti-co des-ha-CER in-hu-MA-no al-HA-ja no-SO-tros
ac-CIÓN in-ne-GAR lec-CIÓN AP-to RIT-mo DIG-no HIM-no co-LUM-na ab-ne-GAR AC-ta fá-cil-MEN-te tran-qui-la-MEN-te
dul-ce-MEN-te ú-til-MEN-te ro-BOTS zig-ZAGS CAC-tus CRI-sis a-SÍ ja-MÁS a-de-MÁS JÓ-ve-nes e-XA-men e-XÁ-me-nes
VIR-gen con-VOY es-TOY vi-RREY ca-RAY DÍ-ga-me-lo en-TRÉ-ga-se-lo LLÉ-va-te-los sub-ra-YAR sub-li-mi-NAL sub-lu-NAR
su-BLI-me su-ble-VAR tlax-CA-la psi-co-lo-GÍ-a GNO-mo PNEU-ma
"""


@every("entry", TABLE.split())
def test_a_word_is_divided_and_stressed_as_a_dictionary_does(entry: str) -> None:
    parts, stress = divide(entry.replace("-", "").lower())
    assert "-".join(s.upper() if i == stress else s for i, s in enumerate(parts)) == entry


WRITTEN = st.text("abcdefghijlmnopqrstuvxyzáéíóúüñ", min_size=1, max_size=14)


@given(WRITTEN.filter(lambda w: set(w) & set("aeiouáéíóúy") and w not in ABBREVIATIONS))
def test_the_syllables_of_any_word_make_the_word_and_one_carries_the_stress(word: str) -> None:
    found = syllables(spoken(word)[0].sound, word)
    assert "".join(s.text for s in found) == word
    assert [s.stress for s in found].count(Stress.PRIMARY) == 1
    assert all(s.end == t.start for s, t in itertools.pairwise(found))


@given(st.sampled_from(["canción", "árbol", "Sol", "ÁGUILA", "corazón"]))
def test_capitals_and_composed_accents_change_nothing(word: str) -> None:
    import unicodedata

    assert divide(word).stress == divide(word.lower()).stress == divide(unicodedata.normalize("NFD", word)).stress


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "cero"), (16, "dieciséis"), (21, "veintiuno"), (42, "cuarenta y dos"), (100, "cien"), (101, "ciento uno"),
        (1000, "mil"), (1916, "mil novecientos dieciséis"), (21000, "veintiún mil"), (1_000_000, "un millón"),
        (2_500_021, "dos millones quinientos mil veintiuno"),
    ],
)  # fmt: skip
def test_figures_are_read_as_words(number: int, words: str) -> None:
    assert " ".join(cardinal(number)) == words


def test_a_number_beyond_reading_says_what_is_allowed() -> None:
    with pytest.raises(ValueError, match="999,999,999"):
        cardinal(LARGEST + 1)


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("Sr. López", "señor lópez"), ("12 de mayo", "doce de mayo"), ("la BBC", "la be be ce"), ("1.5", "uno cinco"),
        ("¡oh, Etc.!", "oh etcétera"), ("d'amor y l'alma", "damor y lalma"), ("***", ""), ("x", "equis"),
    ],
)  # fmt: skip
def test_tokens_are_the_words_that_are_spoken(text: str, sounds: str) -> None:
    assert " ".join(token.word.sound for token in tokens(text)) == sounds


def test_every_abbreviation_is_read_as_a_word_with_vowels() -> None:
    assert all(divide(word).syllables for word in ABBREVIATIONS.values())


@pytest.mark.parametrize("word", ["", "dos palabras", "***", "101"])
def test_what_is_not_one_word_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="not one Spanish word"):
        divide(word)


def test_a_superscript_digit_is_no_figure() -> None:
    assert scan("20 m² de tierra", "es").lines[0].syllables > 0
