"""Ce3's error tree.

    QbtcError
    ├── UnknownTool        404  there is no tool of that name
    ├── BadArguments       400  the tool does not take these arguments
    ├── ConversationTaken  409  that conversation id belongs to somebody else
    ├── ModelFailed        502  the model provider refused or broke off
    └── TurnTooLong        504  the turn passed its deadline
"""

from __future__ import annotations

from qbtc.kit.errors import BadInput, Conflict, NotFound, QbtcError


class UnknownTool(NotFound):
    slug, title = "unknown-tool", "There is no such tool"


class BadArguments(BadInput):
    slug, title = "bad-arguments", "The tool does not take these arguments"


class ConversationTaken(Conflict):
    slug, title = "conversation-taken", "This conversation belongs to somebody else"


class ModelFailed(QbtcError):
    slug, status, title = "model-failed", 502, "The model did not answer"


class TurnTooLong(QbtcError):
    slug, status, title = "turn-too-long", 504, "The answer took too long"
