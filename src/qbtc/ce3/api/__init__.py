"""HTTP and bus in front of Ce3: translate and call, no rules."""
