"""When two statements cannot both hold, by rules that can be read. No model, no world knowledge.

Of facts, with the same subject and predicate and validities that overlap:

    negation   the same value, held by one and denied by the other
    quantity   a single predicate, both values quantities of one dimension (after units), with no reading in common
    value      a single predicate, two different values

Of sentences, which have no validity: the same content words (stems, function words and negation aside), and

    negation   one of them is negated and the other not
    quantity   the quantities beside those words differ, dimension by dimension

Equal values in other words ("NYC", "New York") are taken as different: what is wrongly reported here a person can dismiss.
In Spanish "no ... nunca" is one negation, so a sentence is negated or not, never twice.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from qbtc.core.language import analyse, fold
from qbtc.core.language.quantity import Quantity, quantities

from .facts import Assertion, Denial, Statement, name_of

Conflict = Literal["negation", "quantity", "value"]

_NEGATION: Final = re.compile(
    r"\b(?:not|no|never|cannot|nor|neither|nobody|nothing|none|without|nunca|jamas|tampoco|ni|ningun[oa]?|nadie|nada|sin)\b|n['’]t\b"
)
_NEGATIONS: Final = "never cannot neither nobody nothing none without nunca jamas tampoco ninguno ninguna ningun nadie"
_NEGATIVE_STEMS: Final = frozenset([*analyse(_NEGATIONS, "en"), *analyse(_NEGATIONS, "es")])


def negated(sentence: str) -> bool:
    """Whether the sentence has a negation, English or Spanish."""
    return _NEGATION.search(fold(sentence)) is not None


def same_value(one: str, other: str) -> bool:
    """Equal when folded, or one quantity in two units: "90 minutes" and "1.5 h"."""
    if name_of(one) == name_of(other):
        return True
    first, second = _whole_quantity(one), _whole_quantity(other)
    return first is not None and second is not None and first.agrees(second)


def conflict(one: Statement, other: Statement) -> Conflict | None:
    """Why both statements cannot hold, None when they can."""
    if one.about.key != other.about.key or not one.valid.overlaps(other.valid):
        return None
    if isinstance(one, Denial) or isinstance(other, Denial):
        return _of_denial(one, other)
    if not one.about.single or same_value(one.value, other.value):
        return None
    first, second = _whole_quantity(one.value), _whole_quantity(other.value)
    return "quantity" if first and second and first.dimension == second.dimension else "value"


def sentence_conflict(one: str, other: str) -> Conflict | None:
    """Why two sentences with the same content words cannot both hold, None when they can or are about different things."""
    if not content(one) or content(one) != content(other):
        return None
    if negated(one) != negated(other):
        return "negation"
    return "quantity" if _differ(quantities(one), quantities(other)) else None


def content(sentence: str) -> frozenset[str]:
    """Stems of what the sentence is about: without function words, negation and the characters of quantities."""
    return frozenset(analyse(without_quantities(sentence))) - _NEGATIVE_STEMS


def without_quantities(text: str) -> str:
    """The folded text with its quantities left out."""
    plain = fold(text)
    for found in reversed(quantities(text)):
        plain = plain[: found.start] + " " + plain[found.end :]
    return plain


def _of_denial(one: Statement, other: Statement) -> Conflict | None:
    held, denied = (other, one) if isinstance(one, Denial) else (one, other)
    if not isinstance(held, Assertion) or denied.value is None:
        return None
    return "negation" if same_value(held.value, denied.value) else None


def _whole_quantity(value: str) -> Quantity | None:
    """The quantity that the value is, None when it says anything else."""
    found = quantities(value)
    if len(found) != 1 or re.search(r"\w", without_quantities(value)):
        return None
    return found[0]


def _differ(one: list[Quantity], other: list[Quantity]) -> bool:
    """Whether a dimension that both have has a quantity of one that agrees with none of the other."""
    shared = {q.dimension for q in one} & {q.dimension for q in other}
    return any(
        not any(q.agrees(p) for p in theirs)
        for mine, theirs in ((one, other), (other, one))
        for q in mine
        if q.dimension in shared
    )
