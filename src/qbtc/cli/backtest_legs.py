"""`qbtc backtest` of a strategy with legs: a tape for each, what differs by leg, one table of all."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import fail

if TYPE_CHECKING:
    from qbtc.hft.domain.strategy import Strategy
    from qbtc.hft.portfolio import Portfolio

FAULT = 3
WORDS = ("latency", "queue", "fill", "fees", "funding", "stp", "leverage")


def run_legs(
    chosen: Strategy, data: tuple[str, ...], by_leg: tuple[str, ...], asked: dict[str, Any], report: Path | None, lang: str,
    out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Run it, and print or write what came of it."""
    from qbtc.hft import portfolio
    from qbtc.hft.domain.strategy import StrategyFault

    tapes, said = tapes_of(chosen, data), asked | words_of(chosen, by_leg, asked)
    try:
        found = portfolio.run(chosen, tapes, **said)
    except StrategyFault as fault:
        fail(str(fault))
        raise SystemExit(FAULT) from None
    _written(found, report, out, lang)
    if as_json:
        click.echo(json.dumps(document(found, lang), allow_nan=False))
        return
    from .backtest_table import legs

    legs(found, lang)


def tapes_of(chosen: Strategy, data: tuple[str, ...]) -> dict[str, str]:
    """The tape of each leg. Raises UsageError."""
    given = [text.partition("=") for text in data]
    names = [name for name, *_ in given]
    if not all(path for *_, path in given) or sorted(names) != sorted(chosen.spec.legs):
        wanted = " ".join(f"--data {name}=TAPE" for name in chosen.spec.legs)
        raise click.UsageError(f"{chosen.name} has the legs {', '.join(chosen.spec.legs)}; give {wanted}.")
    return {name: path for name, _, path in given}


def words_of(chosen: Strategy, by_leg: tuple[str, ...], asked: dict[str, Any]) -> dict[str, dict[str, str]]:
    """What differs by leg; a leg that is not named keeps what was said for all. Raises UsageError."""
    found: dict[str, dict[str, str]] = {}
    words = [word for word in WORDS if word in asked]
    for text in by_leg:
        leg, _, rest = text.partition(":")
        word, _, value = rest.partition("=")
        if leg not in chosen.spec.legs or word not in words or not value:
            raise click.UsageError(f"--leg {text!r}: allowed: LEG:WORD=VALUE with {', '.join(chosen.spec.legs)} and {', '.join(words)}.")
        found.setdefault(word, {name: asked[word] for name in chosen.spec.legs if asked[word] is not None})[leg] = value
    return found


def document(found: Portfolio, lang: str) -> dict[str, Any]:
    """One JSON document: each leg as of a run alone, and the whole."""
    from qbtc.hft.adapters.report import document as one
    from qbtc.hft.adapters.report.files import margin

    values = {name: value if math.isfinite(value) else None for name, value in found.stats.items()}
    return {
        "strategy": found.strategy, "parameters": dict(found.parameters), "stats": values, "undefined": dict(found.stats.reasons),
        "margin": margin(found.margin, *_account(found)),
        "legs": {name: one(result, lang) for name, result in found.legs.items()},
    }  # fmt: skip


def _account(found: Portfolio) -> tuple[str, str]:
    """Its mode, and where mark prices come from."""
    said = [r.assumptions for r in found.legs.values() if r.assumptions.leverage]
    return (said[0].margin, ", ".join(dict.fromkeys(each.marks for each in said))) if said else ("", "")


def _written(found: Portfolio, report: Path | None, out: Path | None, lang: str) -> None:
    from qbtc.hft.adapters import report as write

    try:
        if report is not None:
            write.legs_html(found, report, lang)
        for name, result in found.legs.items() if out is not None else ():
            assert out is not None
            write.write_json(result, out / name / "result.json", lang)
            write.write_parquet(result, out / name)
        if out is not None:
            (out / "result.json").write_text(json.dumps(document(found, lang), indent=2, allow_nan=False, ensure_ascii=False) + "\n")
    except OSError as error:
        fail(f"{error.filename}: cannot be written: {error.strerror}")
        raise SystemExit(1) from None
