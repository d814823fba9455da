"""Ce3's error tree.

    QbtcError
    ├── UnknownTool        404  there is no tool of that name
    ├── BadArguments       400  the tool does not take these arguments
    ├── NoModelKey         400  the model asked for in the settings has no key: the service does not start
    ├── ConversationTaken  409  that conversation id belongs to somebody else
    ├── TurnRepeated       409  this very turn was taken before; it is not run twice
    ├── TurnFailed         409  a turn that a service asked for ended with an error; it is not repeated
    ├── TurnGoesOn         409  a turn that a service waits for takes longer than it may wait; it goes on
    ├── TooManyTurns       429  as many turns are waited for as this service allows
    ├── ModelFailed        502  the model provider refused or broke off
    └── TurnTooLong        504  the turn passed its deadline
"""

from __future__ import annotations

from qbtc.kit.errors import BadInput, Conflict, NotFound, QbtcError, RateLimited


class UnknownTool(NotFound):
    slug, title = "unknown-tool", "There is no such tool"


class BadArguments(BadInput):
    slug, title = "bad-arguments", "The tool does not take these arguments"


class NoModelKey(BadInput):
    slug, title = "no-model-key", "The model has no key"


class ConversationTaken(Conflict):
    slug, title = "conversation-taken", "This conversation belongs to somebody else"


class TurnRepeated(Conflict):
    slug, title = "turn-repeated", "This turn was taken before and is not run twice"


class TurnFailed(Conflict):
    slug, title = "turn-failed", "The turn ended with an error and is not repeated"


class TurnGoesOn(Conflict):
    slug, title = "turn-goes-on", "The turn takes longer than a request may wait for"


class TooManyTurns(RateLimited):
    slug, title = "too-many-turns", "Too many answers are being waited for"


class ModelFailed(QbtcError):
    slug, status, title = "model-failed", 502, "The model did not answer"


class TurnTooLong(QbtcError):
    slug, status, title = "turn-too-long", 504, "The answer took too long"
