"""Binance's wire as pure codecs: messages, signatures, error codes. No sockets here."""
