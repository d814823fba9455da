"""Spanish and English text analysis: tokens, language guess, stop words, light stems.

Pure and dependency-free. Deliberately not a parser and not a full stemmer: it serves lexical search, where a
light stem that never merges unrelated words beats an aggressive one. Above it: core/retrieval, CIO, Ce3.
"""

from .analysis import analyse, query_terms
from .detect import Language, detect
from .stemming import stem
from .stopwords import STOPWORDS
from .tokens import fold, sentences, tokens

__all__ = [
    "STOPWORDS",
    "Language",
    "analyse",
    "detect",
    "fold",
    "query_terms",
    "sentences",
    "stem",
    "tokens",
]
