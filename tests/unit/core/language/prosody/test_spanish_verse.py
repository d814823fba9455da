"""Verses whose metre and rhyme are known, and what must hold for any line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.language.prosody.spanish_verse import POEMS

from qbtc.core.language.prosody import LANGUAGES, Line, scan
from qbtc.core.language.prosody.spanish.metre import rhythm_name, verse_name
from qbtc.core.language.prosody.spanish.sounds import assonance, consonance


def one(text: str) -> Line:
    (line,) = scan(text, "es").lines
    return line


@pytest.mark.parametrize("name", POEMS)
def test_known_poems_have_their_lengths_rhymes_and_names(name: str) -> None:
    known = POEMS[name]
    poem = scan(known.text, "es")
    wanted = known.lengths * (len(poem.lines) if len(known.lengths) == 1 else 1)
    assert tuple(line.syllables for line in poem.lines) == wanted
    assert tuple(stanza.scheme for stanza in poem.stanzas) == known.schemes
    assert poem.form == known.form


def test_there_are_enough_known_lines_of_enough_metres() -> None:
    lines = [line for known in POEMS.values() for line in scan(known.text, "es").lines]
    assert len(lines) >= 80
    assert len({line.syllables for line in lines}) >= 7


@pytest.mark.parametrize(
    ("text", "beats"),
    [
        ("Cerrar podrá mis ojos la postrera", "-+-+-+---+-"),
        ("polvo serán, mas polvo enamorado", "+--+-+---+-"),
        ("En tanto que de rosa y azucena", "-+---+---+-"),
        ("Siempre del Redentor crucificado", "+----+---+-"),
        ("El dulce lamentar de dos pastores", "-+---+-+-+-"),
        ("tranquilamente mira la mañana", "-+-+-+---+-"),
        ("los enamorados", "----+-"),
        ("vivió cien mil años", "-+-++-"),
        ("Nuestro señor López y la culpa nuestra", "----+---+-+-"),
    ],
)
def test_beats_fall_where_a_reader_puts_them(text: str, beats: str) -> None:
    assert one(text).stresses == beats


@pytest.mark.parametrize(
    ("text", "count"),
    [("bajo la blanca luna", 7), ("bajo el balcón", 5), ("bajo los árboles", 5), ("mi voz", 3), ("sol", 2)],
)
def test_the_last_stress_decides_the_count(text: str, count: int) -> None:
    assert one(text).syllables == count


@pytest.mark.parametrize(
    ("text", "stressed"),
    [
        ("Ya que lo sabes", ""), ("ríe, ya que lo sabes", "ríe"), ("tiempo es ya que lo sepas", "tiempo es ya"),
        ("O amor, llora conmigo", "O amor llora"), ("O Fili tú que lloras", "O Fili tú"), ("¡o dura tierra!", "o dura"),
        ("O muerte o vida clara", "muerte vida"), ("O muere, o vive libre", "muere vive"), ("O canta hoy", "canta"),
        ("Santa Inés bendita", "Inés"), ("la santa tierra madre", "santa tierra"), ("quando canta el mar", "canta"),
    ],
)  # fmt: skip
def test_some_words_are_stressed_only_among_certain_neighbours(text: str, stressed: str) -> None:
    assert " ".join(word.text for word in one(text).words[:-1] if word.stressed) == stressed


def test_a_licence_spares_the_endings_that_verse_never_parts() -> None:
    line = scan(
        "\n".join(["Cerrar podrá mis ojos la postrera"] * 6 + ["la pasión de este amor es un cuidado"]), "es"
    ).lines[-1]
    assert line.syllables == 11
    assert "pa|sión" in "|".join(unit.text for unit in line.units)


def test_a_latin_hiatus_is_kept_where_a_line_needs_it_and_an_ending_that_only_looks_like_it_is_not() -> None:
    around = ["Cerrar podrá mis ojos la postrera"] * 6
    kept, whole = (
        scan("\n".join([*around, text]), "es").lines[-1]
        for text in ("que fiado de aquella mano amiga", "que Celia con aquella mano amiga")
    )
    assert [unit.text for unit in kept.units][1:4] == ["fi", "a", "do"]
    assert whole.units[2].text == "lia"


def test_a_synalepha_joins_the_letters_of_two_words() -> None:
    line = one("la blanca aurora y el alma")
    assert [unit.text for unit in line.synalephas] == ["ca au", "y el"]
    assert all(line.text[u.start : u.end] == u.text for u in line.units)


def test_a_written_diaeresis_is_never_joined() -> None:
    assert [u.text for u in one("un süave olor").units] == ["un", "sü", "a", "ve o", "lor"]


def test_a_licence_is_taken_to_fit_the_lines_around() -> None:
    loose = "que puedo ya decir sin confianza"
    among_long = scan("\n".join(["Cerrar podrá mis ojos la postrera"] * 3 + [loose]), "es")
    among_short = scan("\n".join(["Del salón en el ángulo oscuro"] * 3 + [loose]), "es")
    assert among_long.lines[-1].syllables == 11
    assert among_short.lines[-1].syllables == 10


def test_a_line_alone_has_a_length_that_verse_often_has() -> None:
    assert one("que puedo ya decir sin confianza").syllables == 11
    assert one("La princesa está triste… ¿qué tendrá la princesa?").hemistichs == (7, 7)


@pytest.mark.parametrize(
    ("beats", "name"),
    [
        ("-+---+---+-", "heroico"), ("--+--+---+-", "melódico"), ("+----+---+-", "enfático"), ("---+---+-+-", "sáfico"),
        ("---+--+--+-", "de gaita gallega"), ("+-+-+-+-", "trocaico"), ("+--+--+-", "dactílico"), ("-+-+--+-", "mixto"),
        ("--+--+--+-", "dactílico"), ("-+-+-+-", "trocaico"), ("-----+-", ""),
    ],
)  # fmt: skip
def test_rhythms_have_their_names(beats: str, name: str) -> None:
    assert rhythm_name(beats) == name


def test_lengths_have_their_names() -> None:
    assert [verse_name(n) for n in (2, 7, 8, 9, 11, 12, 19, 0)] == [
        "bisílabo", "heptasílabo", "octosílabo", "eneasílabo", "endecasílabo", "dodecasílabo", "", "",
    ]  # fmt: skip
    assert verse_name(14, (7, 7)) == "alejandrino"


@pytest.mark.parametrize(
    ("one_word", "other"),
    [("sufrimiento", "viento"), ("vaca", "saca"), ("cabo", "lavo"), ("gente", "jente"), ("razón", "corazón"), ("guerra", "perra"),
     ("lágrimas", "lágrimas"), ("haya", "playa"), ("queso", "beso"), ("ahogo", "logo")],
)  # fmt: skip
def test_consonant_rhyme_hears_sounds_not_letters(one_word: str, other: str) -> None:
    assert consonance(one_word) == consonance(other)


@pytest.mark.parametrize(
    ("one_word", "other"), [("casa", "cama"), ("vaso", "brazo"), ("casa", "caza"), ("cena", "peña"), ("voz", "dos")]
)
def test_consonant_rhyme_tells_other_consonants_apart(one_word: str, other: str) -> None:
    assert consonance(one_word) != consonance(other)


@pytest.mark.parametrize(
    ("word", "vowels"),
    [("casa", "a-a"), ("lágrimas", "a-a"), ("gloria", "o-a"), ("aire", "a-e"), ("fácil", "a-e"), ("café", "e"), ("ruido", "i-o"),
     ("cuidado", "a-o"), ("espíritu", "i-o"), ("rey", "e"), ("canción", "o")],
)  # fmt: skip
def test_assonance_keeps_the_stressed_and_the_last_vowel(word: str, vowels: str) -> None:
    assert assonance(word) == vowels


def test_a_sonnet_without_blank_lines_has_its_four_stanzas() -> None:
    text = POEMS["Quevedo"].text.replace("\n\n", "\n")
    poem = scan(text, "es")
    assert poem.form == "soneto"
    assert [stanza.scheme for stanza in poem.stanzas] == ["ABBA", "ABBA", "CDC", "DCD"]


def test_a_line_without_words_stays_a_line() -> None:
    poem = scan("una rosa\n* * *\n\n  \nuna espina\r\n", "es")
    assert [line.text for line in poem.lines] == ["una rosa", "* * *", "una espina"]
    assert poem.lines[1].syllables == 0
    assert list(poem.lines[1].units) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_every_kind_of_line_end_ends_a_line(end: str) -> None:
    poem = scan(f"una rosa{end}una espina{end}{end}la otra\n", "es")
    assert [line.text for line in poem.lines] == ["una rosa", "una espina", "la otra"]
    assert [(stanza.first, stanza.last) for stanza in poem.stanzas] == [(0, 2), (2, 3)]


def test_lines_without_words_rhyme_with_nothing_and_make_no_form() -> None:
    poem = scan("la rosa\n🙂\n👩 familia\n愛\nαγάπη", "es")
    assert [line.syllables for line in poem.lines] == [3, 0, 3, 0, 0]
    assert poem.scheme == "-----"
    assert scan("🙂\n愛\n...", "es").form == ""


def test_a_soft_hyphen_parts_no_word() -> None:
    assert [word.text for word in one("co\u00adra\u00adzón mío").words] == ["corazón", "mío"]


@pytest.mark.parametrize(("unit", "syllables"), [("aeiou", 3), ("9", 2)])
def test_a_word_of_ten_thousand_letters_or_figures_is_read(unit: str, syllables: int) -> None:
    assert one(unit * (10_000 // len(unit))).syllables == syllables * 10_000 // len(unit)


@pytest.mark.parametrize(
    "text",
    ["²³ rosas", "x² y³", "½", "٣ rosas", "Ç", "ªº", "a\0b", "𝒜𝓂𝑜𝓇", "''''", "ß", "col·legi", "\ud800", "AMOR", "VÜ"],
)
def test_any_sign_is_read_or_passed_over(text: str) -> None:
    line = one(text)
    assert line.text == text
    assert line.syllables == len(line.stresses)


@given(st.text(max_size=60))
def test_any_text_has_a_line_for_each_that_is_not_blank(text: str) -> None:
    poem = scan(text, "es")
    assert all(line.text.strip() for line in poem.lines)
    assert len(poem.scheme) == len(poem.lines)
    assert all(unit.start <= unit.end <= len(line.text) for line in poem.lines for unit in line.units)


def test_prose_is_read_as_prose_however_long_a_line_is() -> None:
    paragraph = "la casa está abierta y el amor entra " * 2000
    poem = scan(f"{paragraph}\n{paragraph} aquí\nel fin", "es")
    assert poem.lines[0].syllables == len(poem.lines[0].units)
    assert poem.lines[0].verse == ""


def test_free_verse_is_not_stretched_to_fit() -> None:
    lines = [
        "sol",
        "la casa sola",
        "una tarde de invierno",
        "y después de la lluvia los árboles",
        "no dijo nada",
        "mira cómo arde el mundo ahora",
    ]
    assert [line.syllables for line in scan("\n".join(lines), "es").lines] == [one(line).syllables for line in lines]


def test_nothing_gives_a_poem_without_lines() -> None:
    assert scan(" \n", "es").lines == ()


def test_another_language_is_refused_with_those_allowed() -> None:
    with pytest.raises(ValueError, match=LANGUAGES[0]):
        scan("kissa", "fi")


WORDS = st.sampled_from(
    [
        "el",
        "la",
        "de",
        "que",
        "y",
        "a",
        "o",
        "alma",
        "amor",
        "hombre",
        "águila",
        "está",
        "ya",
        "oro",
        "casa",
        "süave",
        "cruel",
        "lágrimas",
        "vio",
        "ahora",
        "hielo",
        "aún",
        "tranquilamente",
        "21",
        "Sr.",
        "¡oh!",
    ]
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=6))
def test_any_lines_keep_their_text_and_their_counts(lines: list[str]) -> None:
    poem = scan("\n".join(lines), "es")
    assert [line.text for line in poem.lines] == lines
    for line in poem.lines:
        assert line.syllables == len(line.stresses)
        assert line.stresses.endswith("+-")
        beats = "".join("+" if unit.stress else "-" for unit in line.units)
        assert len(line.units) - line.syllables in {-1, 0, 1, 2} or line.hemistichs
        assert line.hemistichs or beats.rstrip("-").count("+") <= line.stresses.count("+")
        assert "".join(u.text for u in line.units if u.end > u.start)
        assert [w.text for w in line.words] == [x.strip(".¡!") for x in line.text.split()] or "Sr" in line.text


def test_beats_of_units_and_of_the_line_agree() -> None:
    for known in POEMS.values():
        for line in scan(known.text, "es").lines:
            if not line.hemistichs:
                beats = "".join("+" if unit.stress else "-" for unit in line.units)
                assert line.stresses == beats.rstrip("-") + "-"
