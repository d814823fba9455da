"""Translation between CIO and the outside: HTTP and the bus. No rules here."""
