"""What kind of sentence a text is, and what kind of answer a question asks for, by Spanish and English surface forms.

A question that starts with "when" is answered by a sentence with a date in it more often than by one without. These are
marks for ranking and nothing else: no date is read and no name is looked up (core/language does that).
"""

from __future__ import annotations

import re
from enum import IntFlag
from typing import Final


class Mark(IntFlag):
    """Marks of a text; stored as one small number beside its terms."""

    NONE = 0
    TIME = 1
    NUMBER = 2
    NAME = 4
    QUESTION = 8


_DAYS = (
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo"
)
_MONTHS = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|se(?:p)?tiembre|octubre|noviembre|diciembre"
)
_SPANS = (
    r"days?|weeks?|weekend|months?|years?|ago|last|next|yesterday|today|tonight|tomorrow|recently|just|soon|"
    r"d[ií]as?|semanas?|mes(?:es)?|a[nñ]os?|hace|pasad[oa]|pr[oó]xim[oa]|ayer|anoche|hoy|ma[nñ]ana|reci[eé]n|pronto"
)
_TIME: Final = re.compile(rf"\b(?:{_DAYS}|{_MONTHS}|{_SPANS}|\d{{4}})\b", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twice|once|couple|few|"
    r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|veces|par)\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"(?<=[a-záéíóúñ,] )[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+|[\"«“][^\"»”]+[\"»”]")
_ASKS: Final = {
    Mark.TIME: re.compile(r"\b(?:when|cu[aá]ndo)\b", re.IGNORECASE),
    Mark.NUMBER: re.compile(r"\bhow (?:many|much|long|often)\b|\bcu[aá]nt[oa]s?\b", re.IGNORECASE),
    Mark.NAME: re.compile(
        r"\b(?:where|who|which|what|d[oó]nde|qui[eé]n(?:es)?|cu[aá]l(?:es)?|qu[eé])\b", re.IGNORECASE
    ),
}


def marks_of(text: str) -> Mark:
    """The marks of a text that is kept."""
    found = Mark.NONE
    for mark, pattern in ((Mark.TIME, _TIME), (Mark.NUMBER, _NUMBER), (Mark.NAME, _NAME)):
        if pattern.search(text):
            found |= mark
    return found | Mark.QUESTION if text.rstrip().endswith("?") else found


def wanted(question: str) -> Mark:
    """The marks that an answer to the question is likely to have."""
    found = Mark.NONE
    for mark, pattern in _ASKS.items():
        if pattern.search(question):
            found |= mark
    return found


def mentions(question: str, name: str) -> bool:
    """Whether the question has the name as a word of its own, whatever the case."""
    return (
        bool(name.strip())
        and re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", question, re.IGNORECASE) is not None
    )
