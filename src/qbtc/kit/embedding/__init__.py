"""Texts to vectors, behind one Protocol: the model in this process, or CIO's over HTTP.

Every vector belongs to the model that made it: `identity` names it, and vectors of two identities are never compared.
CIO alone loads the model; every other service uses `HttpEmbedder`.
"""

from .client import HttpEmbedder
from .local import LOCAL_DIM, LOCAL_IDENTITY, LocalEmbedder
from .protocol import Embedder, EmbedKind, IdentityMismatch, Vectors, checked_texts

__all__ = [
    "LOCAL_DIM",
    "LOCAL_IDENTITY",
    "EmbedKind",
    "Embedder",
    "HttpEmbedder",
    "IdentityMismatch",
    "LocalEmbedder",
    "Vectors",
    "checked_texts",
]
