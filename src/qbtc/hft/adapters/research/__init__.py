"""Research that runs beside trading: a folder a run below QBTC_HOME/research, and one process at a time that works on it.

    store    the folders: what was asked, how far it is, what came out, and how long it is kept
    process  the process as HFT holds it
    worker   what runs in it: `python -m qbtc.hft.adapters.research.worker FOLDER`
    results  what is kept of a backtest or a proposal
"""

from .store import ResearchStore

__all__ = ["ResearchStore"]
