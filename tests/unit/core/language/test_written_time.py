"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.language.written_time import written_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:56 pm on 8 May, 2023", "2023-05-08T13:56:00+00:00"),
        ("12:05 am on 1 January, 2024", "2024-01-01T00:05:00+00:00"),
        ("8 May 2023", "2023-05-08T00:00:00+00:00"),
        ("May 8th, 2023 at 13:56:07", "2023-05-08T13:56:07+00:00"),
        ("Monday, May 8, 2023 9 p.m.", "2023-05-08T21:00:00+00:00"),
        ("8 de mayo de 2023, 13:56", "2023-05-08T13:56:00+00:00"),
        ("a las 13:56 del 8 de mayo de 2023", "2023-05-08T13:56:00+00:00"),
        ("2023-05-08", "2023-05-08T00:00:00+00:00"),
        ("2023-05-08T13:56:00Z", "2023-05-08T13:56:00+00:00"),
        ("2023-05-08T13:56:00-03:00", "2023-05-08T13:56:00-03:00"),
    ],
)
def test_a_written_time_is_read(text: str, expected: str) -> None:
    assert written_time(text).isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "08/05/2023", "13:56", "31 February 2023", "13 pm on 8 May 2023", "8 Foo 2023", "8 May 2023 or so"]
)
def test_what_cannot_be_read_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="allowed: RFC 3339, or a date in words"):
        written_time(text)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2999, 1, 1)))
def test_every_minute_survives_being_written_in_words(moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    assert written_time(f"{moment:%I:%M %p on %d %B, %Y}") == moment
    assert written_time(moment.isoformat()) == moment
