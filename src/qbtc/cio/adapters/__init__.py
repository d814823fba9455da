"""The only place in CIO that touches the database, the cache and the bus."""
