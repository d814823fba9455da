"""The only place of QCS that touches the database and the cache."""
