"""The venue's USD-margined perpetual futures: `/fapi`, the futures streams and `/ws-fapi/v1`, beside spot.

The rules are in `core.market.futures`. Floors here, each knowing only those above it: `accounts`, `desk` - `api_*` (wire) -
`streams`, `ws_api` (endpoints) - `adapter` (the rest of the exchange, and nobody else touches it) - `service`.
"""
