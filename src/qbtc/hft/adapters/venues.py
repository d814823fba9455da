"""The venue that the settings name, with the account's keys: the local one's from bootstrap, a live one's from the vault."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from qbtc.kit.errors import BadInput, NotFound, Unavailable
from qbtc.kit.security import Vault

from ..domain.venues import LOCAL, BadVenue, Product, Site, perpetuals, site
from ..ports import Perpetuals, Venue
from ..settings import HftSettings
from .perpetuals import UsdmPerpetuals
from .venue import BinanceVenue, LiveSpot
from .venue_http import NO_KEY
from .venue_usdm import UsdmVenue

Pair = tuple[SecretStr, SecretStr]


@dataclass(frozen=True, slots=True)
class Place:
    """Where orders go, whether there are keys to send them with, and who tells of the symbols' perpetuals."""

    site: Site
    venue: Venue
    keyed: bool
    perpetuals: Perpetuals


def open_venue(settings: HftSettings, home: Path, *, here: str, symbols: Sequence[str]) -> Place:
    """`here` is the local exchange's URL. Raises BadInput for a venue that cannot be, Unavailable without local keys."""
    chosen = chosen_site(settings, here)
    told = UsdmPerpetuals(perpetuals(chosen, settings.addresses))
    if chosen.local:
        return Place(chosen, BinanceVenue(chosen.rest, *_local_keys(settings, home)), keyed=True, perpetuals=told)
    if settings.api_key is not None or settings.api_secret is not None:
        raise BadInput(
            f"the keys of {chosen.name} are not taken from the settings, where they would lie in clear",
            field="api_key",
            allowed=f"`qbtc keys add {chosen.name}`, which encrypts them",
        )
    found = stored_keys(home, chosen.name)
    kind = UsdmVenue if chosen.product is Product.USDM else LiveSpot
    return Place(chosen, kind(chosen, *(found or (NO_KEY, NO_KEY)), symbols=symbols), keyed=found is not None, perpetuals=told)


def chosen_site(settings: HftSettings, here: str) -> Site:
    try:
        return site(settings.venue, settings.addresses, here=here)
    except BadVenue as error:
        raise BadInput(str(error), field=error.field, allowed=error.allowed) from None


def stored_keys(home: Path, venue: str) -> Pair | None:
    """What `qbtc keys add VENUE` stored: API key and secret. Raises BadInput when it is something else."""
    try:
        found = json.loads(Vault(home).get(venue))
        return SecretStr(found["api_key"]), SecretStr(found["secret"])
    except NotFound:
        return None
    except (ValueError, KeyError, TypeError):
        raise BadInput(f"the key {venue!r} is no pair of API key and secret: `qbtc keys add {venue}` again") from None


def _local_keys(settings: HftSettings, home: Path) -> Pair:
    """From the settings, or the paper account's that bootstrap made. Raises Unavailable when there are none."""
    if settings.api_key is not None and settings.api_secret is not None:
        return settings.api_key, settings.api_secret
    path = home / "secrets" / "venue.json"
    try:
        found = json.loads(path.read_text())
        return SecretStr(found["api_key"]), SecretStr(found["secret"])
    except (OSError, ValueError, KeyError):
        raise Unavailable(f"no keys for the venue: {path} is missing or broken; run `qbtc up`") from None


def journal_folder(home: Path, venue: str) -> Path:
    """Each venue has a journal of its own; the local one's lies where it always lay."""
    return home / "hft" if venue == LOCAL else home / "hft" / venue
