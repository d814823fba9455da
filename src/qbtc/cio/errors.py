"""CIO's errors.

QbtcError
├── BadInput
│   ├── BadMemory          400  the text, scope, state or time cannot be kept as it is
│   ├── BadGoals           400  not one weight for each goal of attention
│   ├── BadFeedback        400  the memory is not among the hits of this question
│   ├── BadText            400  nothing to label in it
│   └── TooFew             400  not enough memories to measure that on
├── NotFound
│   ├── NoSuchMemory       404  not there, or not yours
│   └── NoMarketMemory     404  no moment of that symbol was kept yet
└── Conflict
    └── IdentityMismatch   409  vectors of another embedding model (kit.embedding)
"""

from __future__ import annotations

from qbtc.kit.errors import BadInput, NotFound


class BadMemory(BadInput):
    slug, title = "bad-memory", "This cannot be kept as a memory"


class NoMarketMemory(NotFound):
    slug, title = "no-market-memory", "Nothing was kept of that market yet"


class BadGoals(BadInput):
    slug, title = "bad-goals", "These are not the goals of attention"


class BadFeedback(BadInput):
    slug, title = "bad-feedback", "This cannot be learned from"


class BadText(BadInput):
    slug, title = "bad-text", "This text cannot be labelled"


class TooFew(BadInput):
    slug, title = "too-few-memories", "There are not enough memories to measure that on"


class NoSuchMemory(NotFound):
    slug, title = "no-such-memory", "There is no such memory, or it is not yours"
