"""Circuits as pictures: `arranged` puts the operations of a trace into columns, `as_text` and `as_svg` draw these."""

from .layout import Layout, arranged
from .svg import as_svg
from .text import as_text

__all__ = ["Layout", "arranged", "as_svg", "as_text"]
