"""`qbtc resonance`: the scansion of a text, drawn over its words or as JSON, and its resonance with another. Needs no running system."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import numpy as np

from qbtc.core.language import detect
from qbtc.core.language.prosody import LANGUAGES, scan
from qbtc.core.language.prosody.document import Json, measured, resonated, scansion
from qbtc.core.language.prosody.verseness import probability
from qbtc.engines.base import EngineError

from .common import clear_errors
from .given import given_text

if TYPE_CHECKING:
    from qbtc.core.language.prosody import Line, Poem

_BEAT, _SYLLABLE, _TIE = "´", "·", "‿"


@click.command()
@click.argument("text", metavar="TEXT|FILE")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language. Default: told from the words.")
@click.option(
    "--with",
    "other",
    metavar="TEXT|FILE",
    help="A second text: how alike the two sound, beside a null and each with itself.",
)
@click.option(
    "--measures", is_flag=True, help="Rhythm, alliteration, assonance and consonance beside a null, slant rhymes."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the permutations of the null.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@clear_errors
def resonance(text: str, lang: str | None, other: str | None, measures: bool, seed: int, as_json: bool) -> None:
    """Scan the verse in TEXT, in a FILE, or on standard input (-)."""
    poem = _scanned(text, lang)
    found = _asked(poem, None if other is None else _scanned(other, lang), measures=measures, seed=seed)
    click.echo(
        json.dumps(scansion(poem) | found, ensure_ascii=False) if as_json else "\n\n".join([drawn(poem), *_told(found)])
    )


def _scanned(text: str, lang: str | None) -> Poem:
    given = given_text(text)
    return scan(given, lang or _language(given))


def _asked(poem: Poem, other: Poem | None, *, measures: bool, seed: int) -> dict[str, Json]:
    """What was asked for beyond the scansion. Raises EngineError where a text has too few lines."""
    if other is None and not measures:
        return {}
    found: dict[str, Json] = {"measures": measured(poem, np.random.default_rng(seed))} if measures else {}
    try:
        return found | ({"resonance": resonated(poem, other, np.random.default_rng(seed))} if other else {})
    except ValueError as error:
        raise EngineError(f"The resonance cannot be told: {error}.", "Give longer texts.") from None


def _told(found: dict[str, Json]) -> list[str]:
    """The measures and the resonance as lines of a name and its numbers."""
    return ["\n".join(_rows(value)) for value in found.values() if isinstance(value, dict)]


def _rows(values: dict[str, Json]) -> list[str]:
    rows = []
    for name, value in values.items():
        key = name.replace("_", " ")
        if isinstance(value, dict) and all(not isinstance(part, dict) for part in value.values()):
            rows.append(f"{key:<22} " + "  ".join(f"{part} {_number(number)}" for part, number in value.items()))
        elif isinstance(value, dict):
            rows += _rows(value)
        elif name == "slants" and isinstance(value, list):
            rows += [_slant(pair) for pair in value if isinstance(pair, dict)]
        elif isinstance(value, list):
            rows.append(f"{key:<22} " + " ".join(map(_number, value)))
        else:
            rows.append(f"{key:<22} {_number(value)}")
    return rows


def _slant(pair: dict[str, Json]) -> str:
    lines = " and ".join(str(int(number) + 1) for number in (pair["first"], pair["second"]) if isinstance(number, int))
    return f"{'slant rhyme':<22} lines {lines}, closeness {_number(pair['closeness'])}"


def _number(value: Json) -> str:
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"


def _language(text: str) -> str:
    found = detect(text)
    if found not in LANGUAGES:
        told = "The text does not tell its language." if found is None else f"The text seems to be in {found!r}."
        raise EngineError(told, f"Say it with --lang: {', '.join(LANGUAGES)}.")
    return found


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
    chance = probability(poem)
    if chance is not None:
        rows += ["", f"verse with probability {chance:.2f}"]
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
