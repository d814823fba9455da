"""Where Web touches the database, Redis, sockets, other services' health and files."""
