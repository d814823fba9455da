"""HTTP, WebSocket and bus: translate and call, no rules."""
