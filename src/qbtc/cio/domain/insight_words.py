"""The sentences of insights, English and Spanish. Every number in them is a field of the insight."""

from __future__ import annotations

from typing import Final

from .insights import LEAST, Insight, Template

_ENGLISH: Final[dict[Template, str]] = {
    "win share": "{group}: {estimate:.1%} of {n} closed trades won (95 % interval {low:.1%} to {high:.1%})",
    "mean result": "{group}: {n} closed trades gave {estimate:+.4g} on average (95 % interval {low:+.4g} to {high:+.4g})",
    "regime return": "Regime {group}: {estimate:+.4%} followed on average, {n} moments (95 % interval {low:+.4%} to {high:+.4%})",
    "topic share": "{group}: in {estimate:.1%} of {n} items (95 % interval {low:.1%} to {high:.1%}), usually {null:.1%}",
}
_SPANISH: Final[dict[Template, str]] = {
    "win share": "{group}: ganó el {estimate:.1%} de {n} operaciones cerradas (intervalo del 95 %: {low:.1%} a {high:.1%})",
    "mean result": "{group}: {n} operaciones cerradas dieron {estimate:+.4g} de media (intervalo del 95 %: {low:+.4g} a {high:+.4g})",
    "regime return": "Régimen {group}: siguió {estimate:+.4%} de media, {n} momentos (intervalo del 95 %: {low:+.4%} a {high:+.4%})",
    "topic share": "{group}: en el {estimate:.1%} de {n} elementos (intervalo del 95 %: {low:.1%} a {high:.1%}), lo habitual es {null:.1%}",
}


def insight_texts(insight: Insight) -> tuple[str, str]:
    """(English, Spanish)."""
    if not insight.enough:
        return (
            f"{insight.group}: {insight.n} cases are not enough to say anything ({LEAST} needed).",
            f"{insight.group}: {insight.n} casos no bastan para decir nada (hacen falta {LEAST}).",
        )
    return f"{_told(_ENGLISH, insight)}. {_weight_en(insight)}", f"{_told(_SPANISH, insight)}. {_weight_es(insight)}"


def _told(templates: dict[Template, str], insight: Insight) -> str:
    return templates[insight.template].format(
        group=insight.group,
        estimate=insight.estimate,
        n=insight.n,
        low=insight.low,
        high=insight.high,
        null=insight.null,
    )


def _weight_en(insight: Insight) -> str:
    p = f"p = {insight.adjusted:.2g} after all that was looked at"
    return (
        f"That is within chance ({p})."
        if insight.within_chance
        else f"Chance alone seldom gives that ({p}); the past only."
    )


def _weight_es(insight: Insight) -> str:
    p = f"p = {insight.adjusted:.2g} tras todo lo que se miró"
    return (
        f"Está dentro del azar ({p})."
        if insight.within_chance
        else f"El azar solo rara vez da eso ({p}); solo es pasado."
    )
