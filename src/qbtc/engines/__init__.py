"""The embedded engines (PostgreSQL, Valkey, nginx) and the supervisor that runs them and the services.

Not here: anything a service may import. Services see engines only as URLs in `secrets/<service>.json`. Above it: the
command line. This package stays light: it is imported by the supervisor, which must be small and start fast.
"""
