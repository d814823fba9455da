"""The sentences CIO writes, in English and Spanish: each says what it rests on and nothing more."""

from __future__ import annotations

from .moments import Reason
from .reflection import Finding, ReflectRule

_REASONS: dict[Reason, str] = {
    "first": "first moment of the session",
    "regime": "regime changed",
    "fill": "an order was filled",
    "minute": "once a minute",
}


def moment_text(symbol: str, *, price: float | None, regime: str, reason: Reason) -> str:
    """The verbatim record of a kept moment."""
    at = f"at {price:.10g}" if price is not None else "at an unknown price"
    return f"{symbol} {at}: regime {regime} ({_REASONS[reason]})."


def reflection_texts(symbol: str, finding: Finding, rule: ReflectRule) -> tuple[str, str]:
    """(English, Spanish)."""
    return _english(symbol, finding, rule), _spanish(symbol, finding, rule)


def _english(symbol: str, finding: Finding, rule: ReflectRule) -> str:
    if not finding.enough:
        return (
            f"{symbol}: not enough earlier moments like this one ({finding.sample} with a known outcome over"
            f" {rule.horizon:g} s, {rule.min_sample} needed). It says nothing about what comes next."
        )
    return (
        f"{symbol}: after the {finding.sample} most similar earlier moments the price changed by"
        f" {finding.mean * 1e4:+.2f} bp on average within {rule.horizon:g} s. {_weight_en(finding)}"
    )


def _spanish(symbol: str, finding: Finding, rule: ReflectRule) -> str:
    if not finding.enough:
        return (
            f"{symbol}: no hay suficientes momentos anteriores parecidos a este ({finding.sample} con desenlace"
            f" conocido a {rule.horizon:g} s, hacen falta {rule.min_sample}). No dice nada sobre lo que viene."
        )
    return (
        f"{symbol}: tras los {finding.sample} momentos anteriores más parecidos el precio cambió"
        f" {finding.mean * 1e4:+.2f} pb de media en {rule.horizon:g} s. {_weight_es(finding)}"
    )


def _weight_en(finding: Finding) -> str:
    if finding.bias == 0:
        return "That is within chance: no bias."
    way = "rises" if finding.bias > 0 else "falls"
    return f"It leans towards {way} (bias {finding.bias:+.2f}, confidence {finding.confidence:.2f}); the past only."


def _weight_es(finding: Finding) -> str:
    if finding.bias == 0:
        return "Está dentro del azar: sin sesgo."
    way = "subidas" if finding.bias > 0 else "bajadas"
    return f"Se inclina a {way} (sesgo {finding.bias:+.2f}, confianza {finding.confidence:.2f}); solo es pasado."


def fill_text(
    *,
    side: str,
    quantity: str,
    symbol: str,
    price: str,
    fee: str | None,
    strategy: str | None,
) -> str:
    """The verbatim record of a fill."""
    paid = f", fee {fee}" if fee else ""
    who = f" by strategy {strategy}" if strategy else ""
    return f"Filled: {side} {quantity} {symbol} at {price}{paid}{who}."
