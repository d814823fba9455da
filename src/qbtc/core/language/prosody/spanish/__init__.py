"""Spanish: syllables and stress from spelling, metre as the best reading of a line among its neighbours, rhyme."""

from .poem import scan
from .syllables import Division, divide

__all__ = ["Division", "divide", "scan"]
