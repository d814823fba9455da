"""The venue's USD-margined perpetual futures: `/fapi`, the futures streams and `/ws-fapi/v1`, beside spot.

Floors, each knowing only those above it: `contracts`, `errors`, `facts` - `state` (the fold) - `matching` - `market`
(public side of a symbol) - `venue` (order entry, liquidation, funding, algo orders) - `api_*`, `events` (wire) -
`streams`, `ws_api` (endpoints) - `adapter` (the rest of the exchange, and nobody else touches it) - `service`.
"""
