"""Rules of signing in: names, back-off after failures, and which unsafe requests may come from a browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

NAME = re.compile(r"[a-z][a-z0-9._-]{0,31}")
NAME_RULE = "a to z first, then up to 31 of a-z 0-9 . _ -; not 'system'"
FREE_FAILURES = 4
LONGEST_WAIT = 300
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def valid_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None and name != "system"


def wait_after(failures: int) -> int:
    """Seconds that must pass after the last of `failures` failed logins: none at first, then doubling, at most five minutes."""
    over = failures - FREE_FAILURES
    return 0 if over <= 0 else min(LONGEST_WAIT, 2 ** min(over, 9))


def retry_after(failures: int, seconds_since_last: float) -> int:
    """Whole seconds until the next attempt is taken; 0 when it is taken now."""
    left = wait_after(failures) - seconds_since_last
    return 0 if left <= 0 else int(left) + 1


def cross_site_reason(method: str, headers: Mapping[str, str], *, by_cookie: bool) -> str | None:
    """Why an unsafe request is refused, or None. `headers` has lower-case names; scripts with a bearer token pass."""
    if method in SAFE_METHODS:
        return None
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return f"Sec-Fetch-Site is {site!r}, it must be 'same-origin'"
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return f"Origin {origin!r} is not this application"
    if by_cookie and headers.get("x-qbtc-csrf") != "1":
        return "the header X-QBTC-CSRF: 1 is missing"
    return None
