"""HTTP for services: problem documents, bearer authority, health, metrics and tracing, the same in FastAPI and Flask."""

from .app import create_app
from .auth import actor_of, require
from .observe import Observed

__all__ = ["Observed", "actor_of", "create_app", "require"]
