"""What several verbs need: the home of this call, its supervisor, and errors with advice."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from qbtc.engines import control
from qbtc.engines.base import EngineError
from qbtc.engines.home import Home, peek_home

from .problems import allowed_text

P = ParamSpec("P")
R = TypeVar("R")


def home_path() -> Path:
    return Path(os.environ.get("QBTC_HOME") or Path.home() / ".qbtc")


def one_thread() -> None:
    """For libraries that are loaded after this: threads over small matrices only wait for each other, on a busy machine for
    seconds. The services are started so as well."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def the_home() -> Home | None:
    """The home if there is one; nothing is made."""
    return peek_home(home_path())


def ask_supervisor(message: control.Message, *, seconds: float = 10.0) -> control.Message | None:
    """The supervisor's answer; None when none runs on this home."""
    home = the_home()
    if home is None:
        return None
    try:
        return control.ask(home.control_socket, message, seconds=seconds)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    except OSError as error:
        raise EngineError(f"The supervisor does not answer: {error}.", "`qbtc down` ends it.") from None


def fail(message: str, advice: str = "") -> None:
    """Print an error the way all verbs do."""
    click.secho(f"Error: {message}", fg="red", err=True)
    if advice:
        click.echo(f"  {advice}", err=True)


def clear_errors(function: Callable[P, R]) -> Callable[P, R]:
    """Show an EngineError (or a BadInput of the settings) as a message with advice and exit code 1."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except EngineError as error:
            fail(error.message, error.advice)
        except Exception as error:
            if getattr(error, "slug", None) is None:  # not one of kit.errors, which is not imported just to ask
                raise
            allowed = allowed_text(getattr(error, "allowed", None))
            fail(str(error), f"Allowed: {allowed}" if allowed and allowed not in str(error) else "")
        raise SystemExit(1)

    return wrapped
