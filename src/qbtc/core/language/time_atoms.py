"""The single times that a text names, in English and Spanish: "last week", "el martes pasado", "May 2023", "hace 3 días".

Each rule is a pattern over the folded text and a function from its match and `now` to a half-open span. A rule is
`yearless` when the year is taken from `now` ("in May" is the latest May that has begun); what combines two times into a
range (time_span.py) then lends the year of one to the other. "May" and "march" are months only after a word that
wants a time. Seasons are not read: which months they are depends on the hemisphere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from .calendar_units import Span, Unit, day_of, month_of, shifted, unit_of
from .written_time import MONTHS

Read = Callable[[re.Match[str], datetime], Span]


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: re.Pattern[str]
    read: Read
    yearless: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """A time found at [start, end) of the folded text."""

    start: int
    end: int
    rule: Rule
    match: re.Match[str]

    def span(self, now: datetime) -> Span:
        return self.rule.read(self.match, now)


_UNITS: Final[dict[str, Unit]] = {
    **dict.fromkeys(("hour", "hours", "hora", "horas"), "hour"),
    **dict.fromkeys(("day", "days", "dia", "dias"), "day"),
    **dict.fromkeys(("week", "weeks", "semana", "semanas"), "week"),
    **dict.fromkeys(("month", "months", "mes", "meses"), "month"),
    **dict.fromkeys(("quarter", "quarters", "trimestre", "trimestres"), "quarter"),
    **dict.fromkeys(("year", "years", "ano", "anos"), "year"),
}
_COUNTS: Final = {
    word.replace("_", " "): number
    for number, words in enumerate(
        (
            "a an one un una uno", "two dos couple_of par_de", "three tres", "four cuatro", "five cinco", "six seis",
            "seven siete", "eight ocho", "nine nueve", "ten diez", "eleven once", "twelve doce",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "monday lunes",
            "tuesday martes",
            "wednesday miercoles",
            "thursday jueves",
            "friday viernes",
            "saturday sabado",
            "sunday domingo",
        )
    )
    for name in names.split()
}
_LONG_MONTHS: Final = [name for name in MONTHS if len(name) > 4 or name in ("may", "mayo", "june", "july")]
_DOUBTFUL: Final = ("may", "march")

_M = "(?P<month>" + "|".join(_LONG_MONTHS) + ")"
_ANY_M = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_SURE_M = "(?P<month>" + "|".join(m for m in _LONG_MONTHS if m not in _DOUBTFUL) + ")"
_U = "(?P<unit>" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")"
_N = r"(?P<count>\d{1,4}|(?:a |un )?(?:" + "|".join(sorted(_COUNTS, key=len, reverse=True)) + "))"
_W = "(?P<weekday>" + "|".join(_WEEKDAYS) + ")"
_Y = r"(?P<year>[12]\d{3})"
_LIKELY_Y = r"(?P<year>(?:19|20)\d\d)"
_D = r"(?P<day>\d{1,2})(?:st|nd|rd|th|o|º)?"
_ES_NEXT = r"(?:que viene|proxim[oa]|siguiente)"
_WANTS = (
    r"(?<!\w)(?:in|during|of|since|until|till|before|after|between|from|and|to|through|by|last|this|past)\s+(?:the\s+)?"
)
_BEFORE_YEAR = r"(?<!\w)(?:in|during|since|until|till|before|after|between|from|and|to|of|en|durante|desde|hasta|antes de|despues de|entre|y|a|de|ano|year)"


def _whole(unit: Unit, back: int) -> Read:
    return lambda match, now: unit_of(shifted(unit_of(now, unit)[0], -back, unit), unit)


def _named_unit(back: int) -> Read:
    return lambda match, now: _whole(_UNITS[match["unit"]], back)(match, now)


def _day(offset: int, start: int = 0, hours: int = 24) -> Read:
    """A day `offset` days from now, or `hours` of it from hour `start`."""

    def read(_: re.Match[str], now: datetime) -> Span:
        begin = day_of(now) + timedelta(days=offset, hours=start)
        return begin, begin + timedelta(hours=hours)

    return read


def _count(match: re.Match[str]) -> int:
    written = match["count"]
    return int(written) if written.isdigit() else _COUNTS.get(written) or _COUNTS[written.partition(" ")[2]]


def _ago(match: re.Match[str], now: datetime) -> Span:
    """Two weeks ago is the calendar week that the moment two weeks earlier lies in."""
    unit = _UNITS[match["unit"]]
    return unit_of(shifted(now, -_count(match), unit), unit)


def _latest_few(match: re.Match[str], now: datetime) -> Span:
    return shifted(now, -_count(match), _UNITS[match["unit"]]), now


def _weekday(match: re.Match[str], now: datetime, *, back: int) -> datetime:
    """The latest such weekday at least `back` days ago."""
    latest = day_of(now) - timedelta(days=back)
    return latest - timedelta(days=(latest.weekday() - _WEEKDAYS[match["weekday"]]) % 7)


def _past_weekday(match: re.Match[str], now: datetime) -> Span:
    return unit_of(_weekday(match, now, back=1), "day")


def _recent_weekday(match: re.Match[str], now: datetime) -> Span:
    return unit_of(_weekday(match, now, back=0), "day")


def _next_weekday(match: re.Match[str], now: datetime) -> Span:
    return unit_of(_weekday(match, now, back=0) + timedelta(days=7), "day")


def _weekday_of_week(match: re.Match[str], now: datetime) -> Span:
    return unit_of(unit_of(now, "week")[0] + timedelta(days=_WEEKDAYS[match["weekday"]]), "day")


def _weekend(weeks: int) -> Read:
    def read(_: re.Match[str], now: datetime) -> Span:
        monday = unit_of(now, "week")[0] + timedelta(weeks=weeks)
        return monday + timedelta(days=5), monday + timedelta(days=7)

    return read


def _latest_month(month: int, now: datetime) -> Span:
    """The latest such month that has begun."""
    return month_of(now.year if month <= now.month else now.year - 1, month, now)


def _month(match: re.Match[str], now: datetime) -> Span:
    month, year = MONTHS[match["month"]], match.groupdict().get("year")
    return _part(match, month_of(int(year), month, now) if year else _latest_month(month, now))


def _past_month(match: re.Match[str], now: datetime) -> Span:
    return _latest_month(MONTHS[match["month"]], unit_of(now, "month")[0] - timedelta(days=1))


def _part(match: re.Match[str], span: Span) -> Span:
    """Days 1 to 10, 11 to 20 or the rest of a month when the text says early, middle or late."""
    part = re.sub(r"^(?:the|a) ", "", match.groupdict().get("part") or "")
    tenth, twentieth = span[0] + timedelta(days=10), span[0] + timedelta(days=20)
    if re.match(r"early|beginning|start|principio|comienzo|inicio", part):
        return span[0], tenth
    if re.match(r"mid|media", part):
        return tenth, twentieth
    return (twentieth, span[1]) if part else span


def _date(match: re.Match[str], now: datetime) -> Span:
    month, day, year = MONTHS[match["month"]], int(match["day"]), match.groupdict().get("year")
    if year:
        return unit_of(datetime(int(year), month, day, tzinfo=now.tzinfo), "day")
    for back in range(9):
        try:
            found = datetime(now.year - back, month, day, tzinfo=now.tzinfo)
        except ValueError:
            continue
        if found <= now:
            return unit_of(found, "day")
    raise ValueError(f"no year has a day {day} in month {month}")


def _iso(match: re.Match[str], now: datetime) -> Span:
    return unit_of(datetime(*map(int, match["iso"].split("-")), tzinfo=now.tzinfo), "day")  # type: ignore[arg-type,misc]


def _year(match: re.Match[str], now: datetime) -> Span:
    return unit_of(datetime(int(match["year"]), 1, 1, tzinfo=now.tzinfo), "year")


_ORDINALS: Final = {"1": "q1 first primer", "2": "q2 second segundo", "3": "q3 third tercer", "4": "q4 fourth cuarto"}


def _quarter(match: re.Match[str], now: datetime) -> Span:
    number = next(int(n) for n, names in _ORDINALS.items() if match["quarter"] in names.split())
    year = match.groupdict().get("year")
    start = datetime(int(year) if year else now.year, number * 3 - 2, 1, tzinfo=now.tzinfo)
    return unit_of(start if year or start <= now else shifted(start, -1, "year"), "quarter")


def _rule(pattern: str, read: Read, *, yearless: bool = False) -> Rule:
    return Rule(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), read, yearless)


_EARLY = (
    r"(?P<part>(?:early|mid|late|(?:the )?(?:beginning|start|middle|end) of|(?:a )?(?:principios|comienzos|inicios|mediados|finales|fines) de)"
    r"[\s-]+)?(?:in |de )?"
)
_FIRST_TO_FOURTH = " ".join(_ORDINALS.values()).split()
_Q = "(?P<quarter>" + "|".join(_FIRST_TO_FOURTH[::3]) + ")"
_QW = "(?P<quarter>" + "|".join(w for w in _FIRST_TO_FOURTH if not w.startswith("q")) + ")"

RULES: Final = (
    _rule(r"(?P<iso>\d{4}-\d{2}-\d{2})", _iso),
    _rule(rf"{_D} (?:of |de )?{_ANY_M},? (?:de |del )?{_Y}", _date),
    _rule(rf"{_ANY_M} {_D},? {_Y}", _date),
    _rule(rf"{_D} (?:of |de ){_M}", _date, yearless=True),
    _rule(rf"{_D} {_SURE_M}", _date, yearless=True),
    _rule(rf"{_M} {_D}(?!\d|:)", _date, yearless=True),
    _rule(rf"{_EARLY}{_ANY_M},? (?:of |de |del )?{_Y}", _month),
    _rule(rf"{_Q},? (?:of |de )?{_Y}", _quarter),
    _rule(rf"{_QW} (?:quarter|trimestre) (?:of |de |del )?{_Y}", _quarter),
    _rule(rf"{_Q}", _quarter, yearless=True),
    _rule(rf"{_QW} (?:quarter|trimestre)", _quarter, yearless=True),
    _rule(r"(?:the )?day before yesterday|anteayer|antier|antes de ayer", _day(-2)),
    _rule(r"yesterday (?:morning)|ayer (?:por|en) la manana", _day(-1, 5, 7)),
    _rule(r"yesterday|ayer", _day(-1)),
    _rule(r"last night|anoche|ayer (?:por|en) la noche", _day(-1, 18, 12)),
    _rule(r"this morning|esta manana", _day(0, 5, 7)),
    _rule(r"this afternoon|esta tarde", _day(0, 12, 8)),
    _rule(r"tonight|esta noche", _day(0, 18, 12)),
    _rule(r"today|hoy", _day(0)),
    _rule(r"tomorrow|(?<!la )(?<!esta )(?<!por )manana", _day(1)),
    _rule(rf"(?:the )?(?:last|past|previous) {_N} {_U}", _latest_few),
    _rule(rf"(?:l[oa]s )?(?:ultim|pasad)[oa]s {_N} {_U}", _latest_few),
    _rule(rf"{_N} {_U} (?:ago|back|earlier)", _ago),
    _rule(rf"hace (?:ya )?{_N} {_U}(?: atras)?", _ago),
    _rule(r"last weekend|(?:el )?fin de semana pasado|(?:el )?pasado fin de semana", _weekend(-1)),
    _rule(r"this weekend|este fin de semana", _weekend(0)),
    _rule(rf"next weekend|(?:el )?(?:proximo fin de semana|fin de semana {_ES_NEXT})", _weekend(1)),
    _rule(rf"(?:the )?(?:last|past|previous) {_U}", _named_unit(1)),
    _rule(rf"(?:el |la )?(?:pasad[oa]|ultim[oa]) {_U}", _named_unit(1)),
    _rule(rf"(?:el |la )?{_U} (?:pasad[oa]|anterior)", _named_unit(1)),
    _rule(rf"(?:this|current|est[ea]) {_U}", _named_unit(0)),
    _rule(rf"(?:the )?next {_U}", _named_unit(-1)),
    _rule(rf"(?:el |la )?(?:{_U} {_ES_NEXT})", _named_unit(-1)),
    _rule(rf"(?:el |la )?proxim[oa] {_U}", _named_unit(-1)),
    _rule(rf"(?:last|past) {_W}", _past_weekday),
    _rule(rf"(?:el )?(?:pasado {_W})", _past_weekday),
    _rule(rf"(?:el )?{_W} pasado", _past_weekday),
    _rule(rf"(?:this|este) {_W}", _weekday_of_week),
    _rule(rf"next {_W}", _next_weekday),
    _rule(rf"(?:el )?{_W} {_ES_NEXT}", _next_weekday),
    _rule(rf"(?:el )?proximo {_W}", _next_weekday),
    _rule(rf"(?:on |el )?{_W}", _recent_weekday),
    _rule(rf"last {_M}", _past_month),
    _rule(rf"{_M} pasado", _past_month),
    _rule(rf"{_EARLY}{_SURE_M}", _month, yearless=True),
    _rule(rf"(?P<part>early|mid|late|(?:the )?(?:beginning|start|middle|end) of)[\s-]+{_M}", _month, yearless=True),
    Rule(re.compile(rf"{_WANTS}(?P<at>{_M})(?!\w)"), _month, yearless=True),
    Rule(re.compile(rf"{_BEFORE_YEAR} (?P<at>{_LIKELY_Y})(?![\w%.,:]*\d|\s?%|\w| {_U})"), _year),
)


def atoms(plain: str) -> list[Atom]:
    """The times of a folded text from left to right; where several rules match, the longest and then the earliest rule."""
    found = sorted(_matches(plain), key=lambda atom: (atom.start, -atom.end))
    kept: list[Atom] = []
    for atom in found:
        if not kept or atom.start >= kept[-1].end:
            kept.append(atom)
    return kept


def _matches(plain: str) -> Iterator[Atom]:
    for rule in RULES:
        for match in rule.pattern.finditer(plain):
            at = "at" if "at" in match.groupdict() else 0
            yield Atom(match.start(at), match.end(at), rule, match)
