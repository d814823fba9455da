"""Ce3's outside: PostgreSQL, the bus, model servers."""
