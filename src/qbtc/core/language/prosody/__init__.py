"""Prosody of Spanish and English: syllables, stress, metre, rhyme, stanzas. Offline and without dictionaries to load.

Pure: text in, `Poem` out. Above it: `qbtc resonance`, QCS and CIO.
"""

from .types import Line, Poem, Stanza, Stress, Syllable, Word

__all__ = ["Line", "Poem", "Stanza", "Stress", "Syllable", "Word"]
