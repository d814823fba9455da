"""The hot loop's own lock: what is not a venue on this machine gets no order from it."""

from __future__ import annotations

from urllib.parse import urlsplit

from qbtc.kit.errors import BadInput

from ..domain.venues import on_this_machine


def local_venue(url: str) -> str:
    """The URL, if its host is this machine. Raises BadInput."""
    if not on_this_machine(url):
        raise BadInput(
            f"the hot loop sends orders only to a venue on this machine, and {urlsplit(url).hostname or ''!r} is not",
            field="venue_url",
            allowed="a venue on this machine, such as http://127.0.0.1:8450",
        )
    return url
