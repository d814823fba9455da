"""`qbtc resonance`: scansion on the command line, with nothing running."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from qbtc.cli import given as reader
from qbtc.cli.root import root

LIRA = "En una noche oscura\ncon ansias en amores inflamada\n\n¡oh dichosa ventura!\n"


def run(*arguments: str, given: str | bytes | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(root, ["resonance", *arguments], input=given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_json_has_one_entry_for_each_line_that_is_not_blank(tmp_path: Path) -> None:
    (tmp_path / "lira.txt").write_text(LIRA, encoding="utf-8")
    code, output = run(str(tmp_path / "lira.txt"), "--lang", "es", "--json")
    assert code == 0
    lines = json.loads(output)["lines"]
    assert [line["text"] for line in lines] == [line for line in LIRA.split("\n") if line]
    assert [(line["syllables"], line["stresses"], line["rhyme"]) for line in lines] == [
        (7, "-+-+-+-", "a"), (11, "-+---+---+-", ""), (7, "+-+--+-", "a"),
    ]  # fmt: skip


def test_the_scansion_is_drawn_over_the_words() -> None:
    code, output = run("la blanca aurora")
    assert code == 0
    marks, text = output.splitlines()[-2:]  # one line: no probability
    assert text.startswith("la blanca aurora")
    assert marks == "·  ´   · ‿  ´ ·"


def test_verse_comes_from_standard_input_too() -> None:
    code, output = run("-", "--lang", "es", "--json", given="verde que te quiero verde\n")
    assert code == 0
    assert json.loads(output)["lines"][0]["stresses"] == "+---+-+-"


def test_the_language_is_told_from_the_words() -> None:
    assert json.loads(run("que por mayo era, por mayo", "--json")[1])["language"] == "es"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nada.txt", "does not exist"), ("un/verso", "does not exist"), (".", "folder"), ("", "empty"), ("  ", "empty"),
        ("Bagdad", "--lang"), ("binary", "not UTF-8"), ("zeros", "binary"), ("empty", "empty"), ("long", "Allowed: up to"),
    ],
)  # fmt: skip
def test_what_cannot_be_scanned_is_refused_with_the_reason(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reader, "MOST_CHARACTERS", 1000)
    contents = {"binary": b"\xff\xfe\x00", "zeros": b"a\0b", "empty": b"\n", "long": b"a " * 600}
    for name, content in contents.items():
        Path(name).write_bytes(content)
    code, output = run(text)
    assert code == 1
    assert said in output


def test_a_language_without_prosody_is_refused_with_those_allowed() -> None:
    code, output = run("kissa", "--lang", "fi")
    assert code == 2
    assert "es" in output


ELEGY = """The curfew tolls the knell of parting day,
The lowing herd wind slowly o'er the lea,
The plowman homeward plods his weary way,
And leaves the world to darkness and to me."""


def test_two_texts_are_compared_beside_a_null_and_each_with_itself(tmp_path: Path) -> None:
    (tmp_path / "elegy.txt").write_text(ELEGY, encoding="utf-8")
    code, output = run(ELEGY, "--with", str(tmp_path / "elegy.txt"), "--json")
    assert code == 0
    found = json.loads(output)["resonance"]
    assert found["fidelity"] == pytest.approx(1)
    assert (found["p"], found["within"]) == (1, [None, None])
    assert "fidelity               1.000" in run(ELEGY, "--with", ELEGY)[1]


def test_measures_are_shown_on_request_and_the_same_seed_gives_the_same(tmp_path: Path) -> None:
    code, output = run(ELEGY, "--measures")
    assert code == 0
    assert re.search(r"^verse with probability (?:0\.[89]|1)", output, re.MULTILINE)
    for name in ("rhythm", "alliteration", "assonance", "consonance", "verse measures"):
        assert f"\n{name}" in output
    again = [run(ELEGY, "--measures", "--seed", "7", "--json")[1] for _ in range(2)]
    assert again[0] == again[1]


def test_texts_too_short_to_resonate_are_refused_with_what_is_needed() -> None:
    code, output = run(ELEGY, "--with", "one more line of verse")
    assert code == 1
    assert "at least 4" in output
