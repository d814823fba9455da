"""English: syllables and stress by rules of spelling and a lexicon of exceptions, metre as the cheapest feet, rhyme."""

from .poem import scan
from .words import divide

__all__ = ["divide", "scan"]
