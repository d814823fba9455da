"""What is said, everywhere on the command line, of positions and orders in symbols that this session does not serve."""

from __future__ import annotations


def unserved_words(symbols: object) -> str:
    """One sentence with the way out; "" when there is nothing to say."""
    if not isinstance(symbols, list) or not symbols:
        return ""
    names = ", ".join(map(str, symbols))
    return (
        f"Positions or orders in {names} cannot be watched, cancelled or closed: the venue does not serve these symbols"
        f" now. Start again with `--symbols` that also name {names}, or start over with `qbtc paper reset`."
    )
