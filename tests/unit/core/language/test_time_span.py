"""The time that a question asks about, English and Spanish; now is Wednesday 15 May 2024, 10:30 UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.every import every

from qbtc.core.language.time_span import time_span

NOW = datetime(2024, 5, 15, 10, 30, tzinfo=UTC)


def spelled(text: str, now: datetime = NOW) -> str:
    found = time_span(text, now)
    if found is None:
        return "none"
    return " / ".join(
        "open" if at is None else f"{at:%Y-%m-%d %H:%M}".removesuffix(" 00:00") for at in (found.start, found.end)
    )


@every(
    "text, expected",
    [
        ("what did I say today?", "2024-05-15 / 2024-05-16"),
        ("¿qué dije hoy?", "2024-05-15 / 2024-05-16"),
        ("yesterday's trades", "2024-05-14 / 2024-05-15"),
        ("ayer", "2024-05-14 / 2024-05-15"),
        ("the day before yesterday", "2024-05-13 / 2024-05-14"),
        ("anteayer compré", "2024-05-13 / 2024-05-14"),
        ("last night", "2024-05-14 18:00 / 2024-05-15 06:00"),
        ("anoche", "2024-05-14 18:00 / 2024-05-15 06:00"),
        ("this morning", "2024-05-15 05:00 / 2024-05-15 12:00"),
        ("esta mañana", "2024-05-15 05:00 / 2024-05-15 12:00"),
        ("what is planned for tomorrow", "2024-05-16 / 2024-05-17"),
        ("¿qué hay mañana?", "2024-05-16 / 2024-05-17"),
        ("What happened last week?", "2024-05-06 / 2024-05-13"),
        ("la semana pasada", "2024-05-06 / 2024-05-13"),
        ("this week", "2024-05-13 / 2024-05-20"),
        ("esta semana", "2024-05-13 / 2024-05-20"),
        ("next week", "2024-05-20 / 2024-05-27"),
        ("la semana que viene", "2024-05-20 / 2024-05-27"),
        ("la próxima semana", "2024-05-20 / 2024-05-27"),
        ("last month", "2024-04-01 / 2024-05-01"),
        ("el mes pasado", "2024-04-01 / 2024-05-01"),
        ("el pasado mes", "2024-04-01 / 2024-05-01"),
        ("last quarter", "2024-01-01 / 2024-04-01"),
        ("el trimestre anterior", "2024-01-01 / 2024-04-01"),
        ("last year", "2023-01-01 / 2024-01-01"),
        ("el año pasado", "2023-01-01 / 2024-01-01"),
        ("este año", "2024-01-01 / 2025-01-01"),
        ("last weekend", "2024-05-11 / 2024-05-13"),
        ("el fin de semana pasado", "2024-05-11 / 2024-05-13"),
        ("the last 3 days", "2024-05-12 10:30 / 2024-05-15 10:30"),
        ("in the past two weeks", "2024-05-01 10:30 / 2024-05-15 10:30"),
        ("los últimos 3 meses", "2024-02-15 10:30 / 2024-05-15 10:30"),
        ("las últimas dos horas", "2024-05-15 08:30 / 2024-05-15 10:30"),
        ("3 days ago", "2024-05-12 / 2024-05-13"),
        ("a couple of days ago", "2024-05-13 / 2024-05-14"),
        ("hace tres días", "2024-05-12 / 2024-05-13"),
        ("hace una semana", "2024-05-06 / 2024-05-13"),
        ("hace un par de meses", "2024-03-01 / 2024-04-01"),
        ("two years ago", "2022-01-01 / 2023-01-01"),
        ("last Tuesday", "2024-05-14 / 2024-05-15"),
        ("el martes pasado", "2024-05-14 / 2024-05-15"),
        ("el pasado miércoles", "2024-05-08 / 2024-05-09"),
        ("last Wednesday", "2024-05-08 / 2024-05-09"),
        ("on Wednesday", "2024-05-15 / 2024-05-16"),
        ("el jueves", "2024-05-09 / 2024-05-10"),
        ("this Friday", "2024-05-17 / 2024-05-18"),
        ("next Wednesday", "2024-05-22 / 2024-05-23"),
        ("el próximo viernes", "2024-05-17 / 2024-05-18"),
        ("el lunes que viene", "2024-05-20 / 2024-05-21"),
    ],
)
def test_a_time_relative_to_now_is_read(text: str, expected: str) -> None:
    assert spelled(text) == expected


@every(
    "text, expected",
    [
        ("What did Ana do in May 2023?", "2023-05-01 / 2023-06-01"),
        ("¿qué hizo Ana en mayo de 2023?", "2023-05-01 / 2023-06-01"),
        ("in May", "2024-05-01 / 2024-06-01"),
        ("in June", "2023-06-01 / 2023-07-01"),
        ("en junio", "2023-06-01 / 2023-07-01"),
        ("last May", "2023-05-01 / 2023-06-01"),
        ("abril pasado", "2024-04-01 / 2024-05-01"),
        ("Sep 2022", "2022-09-01 / 2022-10-01"),
        ("early March 2023", "2023-03-01 / 2023-03-11"),
        ("mid-April", "2024-04-11 / 2024-04-21"),
        ("a finales de febrero de 2024", "2024-02-21 / 2024-03-01"),
        ("a mediados de abril", "2024-04-11 / 2024-04-21"),
        ("on 8 May 2023", "2023-05-08 / 2023-05-09"),
        ("on May 8th, 2023", "2023-05-08 / 2023-05-09"),
        ("el 8 de mayo de 2023", "2023-05-08 / 2023-05-09"),
        ("on May 8", "2024-05-08 / 2024-05-09"),
        ("el 20 de mayo", "2023-05-20 / 2023-05-21"),
        ("on 2023-05-08", "2023-05-08 / 2023-05-09"),
        ("29 February", "2024-02-29 / 2024-03-01"),
        ("in 2022", "2022-01-01 / 2023-01-01"),
        ("en 2022", "2022-01-01 / 2023-01-01"),
        ("Q3 2023", "2023-07-01 / 2023-10-01"),
        ("third quarter of 2023", "2023-07-01 / 2023-10-01"),
        ("el primer trimestre de 2024", "2024-01-01 / 2024-04-01"),
        ("results of Q3", "2023-07-01 / 2023-10-01"),
    ],
)
def test_a_calendar_time_is_read(text: str, expected: str) -> None:
    assert spelled(text) == expected


@every(
    "text, expected",
    [
        ("between June and August", "2023-06-01 / 2023-09-01"),
        ("entre junio y agosto", "2023-06-01 / 2023-09-01"),
        ("between June and August 2022", "2022-06-01 / 2022-09-01"),
        ("from November 2022 to February", "2022-11-01 / 2023-03-01"),
        ("between November and February", "2023-11-01 / 2024-03-01"),
        ("from May 2 to May 9", "2024-05-02 / 2024-05-10"),
        ("del 2 de mayo al 9 de mayo de 2023", "2023-05-02 / 2023-05-10"),
        ("desde el lunes hasta ayer", "2024-05-13 / 2024-05-15"),
        ("from 2020 to 2022", "2020-01-01 / 2023-01-01"),
        ("entre 2020 y 2022", "2020-01-01 / 2023-01-01"),
        ("between March and May", "2024-03-01 / 2024-06-01"),
        ("between 2023-05-08 and 2023-05-10", "2023-05-08 / 2023-05-11"),
        ("since yesterday", "2024-05-14 / 2024-05-15 10:30"),
        ("desde el martes pasado", "2024-05-14 / 2024-05-15 10:30"),
        ("since May 2023", "2023-05-01 / 2024-05-15 10:30"),
        ("before May 2023", "open / 2023-05-01"),
        ("antes del 8 de mayo de 2023", "open / 2023-05-08"),
        ("after last week", "2024-05-13 / open"),
        ("después de 2022", "2023-01-01 / open"),
        ("until last month", "open / 2024-05-01"),
        ("hasta el año pasado", "open / 2024-01-01"),
    ],
)
def test_ranges_and_open_sides_are_read(text: str, expected: str) -> None:
    assert spelled(text) == expected


@every(
    "text",
    [
        "",
        "what may happen?",
        "may I march on?",
        "I bought 2023 shares",
        "on 31 February 2023",
        "from 2022 to 2020",
        "de la mañana",
        "who is Ana?",
        "last summer",
        "the second time",
        "su última oferta",
        "a week",
        "BTC at 2000.5",
        "en 2000 dias",
    ],
)
def test_what_names_no_time_gives_none(text: str) -> None:
    assert spelled(text) == "none"


def test_days_begin_in_the_time_zone_of_now() -> None:
    lima = datetime(2024, 5, 15, 23, 30, tzinfo=ZoneInfo("America/Lima"))
    found = time_span("today", lima)
    assert found is not None
    assert found.start is not None
    assert found.start.isoformat() == "2024-05-15T00:00:00-05:00"
    assert lima in found


def test_a_now_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        time_span("today", datetime(2024, 5, 15))


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(0, 999))
def test_a_day_counted_back_is_the_day_that_the_calendar_says(now: datetime, back: int) -> None:
    now = now.replace(tzinfo=UTC)
    english, spanish = time_span(f"{back} days ago", now), time_span(f"hace {back} días", now)
    assert english is not None
    assert spanish is not None
    assert english.start == spanish.start
    assert english.start is not None
    assert (now.date() - english.start.date()).days == back


@given(st.text(max_size=80), st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)))
def test_any_text_gives_a_span_with_its_start_before_its_end_or_none(text: str, now: datetime) -> None:
    found = time_span(text, now.replace(tzinfo=UTC))
    assert found is None or found.start is None or found.end is None or found.start < found.end
