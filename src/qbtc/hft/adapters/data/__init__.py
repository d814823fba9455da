"""The market-data store: sources into tapes, and tapes back. docs/guide/hft/data.md; `core.market.tape` is its pure part."""
