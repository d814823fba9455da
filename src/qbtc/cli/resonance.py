"""`qbtc resonance`: the scansion of a text, drawn over its words or as JSON. Needs no running system."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from qbtc.core.language import detect
from qbtc.core.language.prosody import LANGUAGES, scan
from qbtc.engines.base import EngineError

from .common import clear_errors

if TYPE_CHECKING:
    from qbtc.core.language.prosody import Line, Poem

MOST_CHARACTERS: Final = 2_000_000
_BEAT, _SYLLABLE, _TIE = "´", "·", "‿"


@click.command()
@click.argument("text", metavar="TEXT|FILE")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language. Default: told from the words.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@clear_errors
def resonance(text: str, lang: str | None, as_json: bool) -> None:
    """Scan the verse in TEXT, in a FILE, or on standard input (-)."""
    given = _given(text)
    poem = scan(given, lang or _language(given))
    click.echo(json.dumps(document(poem), ensure_ascii=False) if as_json else drawn(poem))


def _given(text: str) -> str:
    """What to scan. Raises EngineError where there is nothing, too much, or something that is not text."""
    given = _decoded(sys.stdin.buffer.read(), "standard input") if text == "-" else _from_file(text)
    if len(given) > MOST_CHARACTERS:
        raise EngineError(f"The text has {len(given):,} characters.", f"Allowed: up to {MOST_CHARACTERS:,}.")
    if not given.strip():
        raise EngineError("The text is empty.", "Give a line of verse, a file, or - for standard input.")
    return given


def _from_file(text: str) -> str:
    """The content of the file of this name; the text itself where it does not look like one."""
    path = Path(text)
    if not text.strip():
        return text
    if _looks_like_text(text) and not _exists(path):
        return text
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise EngineError(f"{text} {what}.", "Give a text file, or the verse itself in quotes.")
    if path.stat().st_size > 4 * MOST_CHARACTERS:
        raise EngineError(
            f"{text} has {path.stat().st_size:,} bytes.", f"Allowed: up to {MOST_CHARACTERS:,} characters."
        )
    return _decoded(path.read_bytes(), text)


def _looks_like_text(text: str) -> bool:
    return any(c.isspace() for c in text.strip()) or not ("/" in text or Path(text).suffix[1:].isalnum())


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # longer than a name may be
        return False


def _decoded(raw: bytes, where: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EngineError(
            f"{where} is not UTF-8 text (byte {error.start:,}).", "Convert it, for example with iconv."
        ) from None
    if "\0" in text:
        raise EngineError(f"{where} is binary, not text.", "Give a UTF-8 text file.")
    return text


def _language(text: str) -> str:
    found = detect(text)
    if found not in LANGUAGES:
        told = "The text does not tell its language." if found is None else f"The text seems to be in {found!r}."
        raise EngineError(told, f"Say it with --lang: {', '.join(LANGUAGES)}.")
    return found


def document(poem: Poem) -> dict[str, Any]:
    """The scansion as JSON: one entry in `lines` for each line that is not blank, in order."""
    return {
        "language": poem.language,
        "form": poem.form,
        "lines": [_line(line) for line in poem.lines],
        "stanzas": [
            {"first": s.first, "last": s.last, "scheme": s.scheme, "name": s.name, "rhyme": s.rhyme}
            for s in poem.stanzas
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "text": line.text, "syllables": line.syllables, "stresses": line.stresses, "rhyme": line.rhyme, "sound": line.sound,
        "verse": line.verse, "foot": line.foot, "hemistichs": list(line.hemistichs),
        "units": [{"text": u.text, "start": u.start, "end": u.end, "stressed": bool(u.stress)} for u in line.units],
    }  # fmt: skip


def drawn(poem: Poem) -> str:
    """The lines with marks above: ´ a beat, · another syllable, ‿ a synalepha; counts, rhyme and names beside them."""
    width = max(len(line.text) for line in poem.lines)
    heads = {stanza.first: stanza.name for stanza in poem.stanzas}
    rows = [poem.form] if poem.form else []
    for i, line in enumerate(poem.lines):
        if i in heads:
            rows.append(heads[i] if heads[i] != poem.form else "")
        names = " ".join(filter(None, (line.verse, line.foot)))
        rows += [_marks(line), f"{line.text:<{width}}  {line.syllables:>2} {line.rhyme or '-'}  {names}".rstrip()]
    return "\n".join(rows)


def _marks(line: Line) -> str:
    row = [" "] * len(line.text)
    for unit in line.synalephas:
        for at in range(unit.start, unit.end):
            if not line.text[at].isalnum():
                row[at] = _TIE
    for unit in line.units:
        row[unit.start] = _BEAT if unit.stress else _SYLLABLE
    return "".join(row).rstrip()
