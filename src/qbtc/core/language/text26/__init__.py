"""The 26 text features and the 26D state of a text, Spanish and English. Offline, without models, some hundred microseconds a text.

    passage      a text as words, sentences, clauses and names;  lexicons, inflection, characters: what is known of words
    extractors   one function a letter, with its version and the source of its formula;  shapes: their arithmetic
    reference    frozen medians and spreads;  state: z-scores, velocity, psi, novelty, hash

Word lists, character counts and reference are in lexicons/, each with its source and licence. Not a sentiment model: these are
word-list and form statistics whose use is to tell texts apart. Above it: CIO and inference.
"""

from .extractors import EXTRACTORS, VERSIONS, Around, measure
from .passage import Passage, passage
from .state import TextState, formula, novelty, session_states, text_state

__all__ = [
    "EXTRACTORS",
    "VERSIONS",
    "Around",
    "Passage",
    "TextState",
    "formula",
    "measure",
    "novelty",
    "passage",
    "session_states",
    "text_state",
]
