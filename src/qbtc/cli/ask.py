"""`qbtc ask "question"`: one question to the assistant, through the gateway like any other client."""

from __future__ import annotations

from typing import Any

import click

from .common import clear_errors, home_path
from .problems import problem_words

SECONDS = 180.0


@click.command()
@click.argument("question")
@click.option("--conversation", help="Go on in this conversation.")
@click.option(
    "--language", type=click.Choice(["en", "es"]), help="Language of the answer; default: that of the question."
)
@click.option("--json", "as_json", is_flag=True, help="The whole answer as one JSON object.")
@clear_errors
def ask(question: str, conversation: str | None, language: str | None, as_json: bool) -> None:
    """Ask the assistant a question and print the answer with its sources.

    What you say here belongs to the user `cli`: conversations and what `remember …` keeps are not those of a person who
    signs in on the page.
    """
    import json

    if not question.strip():
        raise click.UsageError('Ask something, for example: qbtc ask "what is the price of btc"')

    body = {"text": question, "conversation": conversation, "language": language}
    answer = _post({key: value for key, value in body.items() if value is not None}, quiet=as_json)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(answer.get("text", ""))
    for number, source in enumerate(answer.get("sources", []), 1):
        click.secho(f"  [{number}] {source['title']}  {source['reference']}", dim=True)
    click.secho(
        f"  ({answer.get('model', 'unknown model')}, conversation {answer.get('conversation')})", dim=True, err=True
    )


def _post(body: dict[str, str], *, quiet: bool) -> dict[str, Any]:
    """The turn as TurnFinished. Raises EngineError with what to do."""
    import httpx

    from qbtc.engines.base import EngineError
    from qbtc.kit.security import mint
    from qbtc.kit.settings import platform

    try:
        headers = {"Authorization": f"Bearer {mint(home_path(), seconds=300)}"}
    except OSError:
        raise EngineError("There are no signing keys here yet.", "Start QBTC once: `qbtc up`.") from None
    if not quiet:
        click.secho("thinking …", dim=True, err=True)
    url = f"{platform().url('gateway')}/api/ce3/ask"
    try:
        answer = httpx.post(url, json=body, headers=headers, timeout=SECONDS)
    except httpx.ConnectError:
        raise EngineError(f"Nothing answers at {platform().url('gateway')}.", "Start QBTC: `qbtc up`.") from None
    except httpx.TimeoutException:
        raise EngineError(f"No answer within {SECONDS:.0f} seconds.", "See `qbtc logs ce3`.") from None
    if answer.status_code != 200:
        raise EngineError(f"The assistant refused: {_detail(answer)}", "See `qbtc status` and `qbtc logs ce3`.")
    found: dict[str, Any] = answer.json()
    return found


def _detail(answer: Any) -> str:
    return problem_words(answer.content, answer.status_code)
