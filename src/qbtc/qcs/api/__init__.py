"""Translation between the wire and the domain; no rules."""
