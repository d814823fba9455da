"""What every service uses and what knows none of them: settings, logs, store, bus, cache, HTTP, security, runtime.

Below it: contracts and core. Above it: services and engines. Only here, in `adapters/` and in `engines/` are drivers
imported.
"""
