"""QBTC Unified System: a self-hosted trading workstation of five services behind one gateway and one bus."""

__version__ = "0.1.0"
