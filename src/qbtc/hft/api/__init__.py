"""HTTP and bus: translate and call, no rules."""
