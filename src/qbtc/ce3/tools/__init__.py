"""The built-in tools and their registry."""

from .registry import Registry, builtin

__all__ = ["Registry", "builtin"]
