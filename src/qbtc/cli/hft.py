"""`qbtc hft`: verbs of the trading engine. They talk to HFT itself, by direct HTTP or on this machine's files."""

from __future__ import annotations

import click

from .hft_latency import latency
from .kill import kill
from .resume import resume


@click.group()
def hft() -> None:
    """The trading engine: the kill switch and what it measures of itself."""


hft.add_command(kill)
hft.add_command(resume)
hft.add_command(latency)
