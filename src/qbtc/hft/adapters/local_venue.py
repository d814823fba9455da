"""Where orders may go: to a venue on this machine, until live trading exists."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from qbtc.kit.errors import BadInput


def local_venue(url: str) -> str:
    """Orders go to a venue on this machine and nowhere else. Raises BadInput."""
    host = urlsplit(url).hostname or ""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise BadInput(
            f"live venues are not enabled in this version: venue_url names {host!r}",
            field="venue_url",
            allowed="a venue on this machine, such as http://127.0.0.1:8450",
        )
    return url
