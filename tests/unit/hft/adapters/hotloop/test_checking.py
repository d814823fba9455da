"""A recording of the hot loop that says what no loop could have written is refused before compiled code sees it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.unit.hft.adapters.hotloop.test_recording import Recorded, played, replayed

from qbtc.hft.adapters.hotloop.layout import COMMAND, COMMANDS, RX, SAID, SNAPSHOT
from qbtc.hft.adapters.session_file import SessionWriter, read_session
from qbtc.hft.domain.session.blocks import Part
from qbtc.hft.domain.session.kinds import Kind
from qbtc.hft.errors import BrokenSession
from qbtc.hft.sessions.vocabulary import WORDS

FAR = 1 << 40
HOT = [kind for kind in Kind if kind >= Kind.BEGUN]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return played(tmp_path_factory.mktemp("hot"), 5, limits={"open_here": 6})


def written(path: Path, parts: list[Part]) -> Path:
    path.unlink(missing_ok=True)
    writer = SessionWriter(path)
    for part in parts:
        writer.put(part.kind, part.at, part.payload)
    writer.close()
    return path


def altered(recorded: Recorded, out: Path, kind: Kind, change: Callable[[bytes], bytes]) -> Path:
    """The same recording, and an empty snapshot that it lacks, with the last record of a kind changed."""
    head, *rest = read_session(recorded.path).parts()
    parts = [head, Part(Kind.STAGED, head.at, bytes(24)), *rest]
    at = max(n for n, part in enumerate(parts) if part.kind == kind)
    parts[at] = Part(kind, parts[at].at, change(parts[at].payload))
    return written(out, parts)


def put(word: int, value: int) -> Callable[[bytes], bytes]:
    def change(raw: bytes) -> bytes:
        words = np.frombuffer(raw[: len(raw) // 8 * 8], np.int64).copy()
        words[word] = value
        return words.tobytes()

    return change


STATE = 3
"""Of CONTROL."""
VERB, SYMBOL = (COMMAND.names or ()).index("verb"), (COMMAND.names or ()).index("symbol")
LINK, GOT, SENT, REFUSED = 0, 1, 3, 6
"""Of TURN."""


@pytest.mark.parametrize(
    ("kind", "word", "value", "says"),
    [
        (Kind.TURN, LINK, FAR, "link is"), (Kind.TURN, LINK, -2, "link is"), (Kind.TURN, GOT, RX + 1, "got is"),
        (Kind.TURN, GOT, -1, "got is"), (Kind.TURN, SENT, SAID + 1, "said is"), (Kind.TURN, SENT, -FAR, "said is"),
        (Kind.TURN, REFUSED, FAR, "refused is"), (Kind.TURN, REFUSED, -1, "refused is"),
        (Kind.COMMAND, SYMBOL, FAR, "symbol is"), (Kind.COMMAND, SYMBOL, 1, "symbol is 1, not from 0 to 0"),
        (Kind.COMMAND, SYMBOL, -1, "symbol is"), (Kind.COMMAND, VERB, 99, "verb is"),
        (Kind.STAGED, 1, SNAPSHOT + 1, "bids is"), (Kind.STAGED, 2, -1, "asks is"), (Kind.STAGED, 1, SNAPSHOT, "bytes and not the"),
        (Kind.BEGUN, 0, FAR, "market bytes is"), (Kind.BEGUN, 1, -1, "order bytes is"), (Kind.BEGUN, 0, RX, "bytes and not the"),
        (Kind.LISTENED, STATE, 3, "state is"), (Kind.HOUSE, STATE + 1, FAR, "state is"), (Kind.OVER, 0, FAR, "reason is"),
    ],
)  # fmt: skip
def test_a_number_out_of_range_is_refused(recorded: Recorded, tmp_path: Path, kind: Kind, word: int, value: int, says: str) -> None:
    with pytest.raises(BrokenSession, match=rf"bad\.session: record \d+: .*{says}"):
        replayed(recorded, altered(recorded, tmp_path / "bad.session", kind, put(word, value)))


@pytest.mark.parametrize("kind", HOT)
def test_a_record_that_is_too_short_is_refused(recorded: Recorded, tmp_path: Path, kind: Kind) -> None:
    with pytest.raises(BrokenSession, match=r"it has [08] bytes and not the"):
        replayed(recorded, altered(recorded, tmp_path / "bad.session", kind, lambda raw: raw[:8]))


def test_more_commands_than_wait_at_a_time_are_refused(recorded: Recorded, tmp_path: Path) -> None:
    parts = list(read_session(recorded.path).parts())
    command = next(part for part in parts if part.kind == Kind.COMMAND)
    with pytest.raises(BrokenSession, match=f"commands that wait is {COMMANDS}"):
        replayed(recorded, written(tmp_path / "bad.session", [parts[0], *[command] * (COMMANDS + 1)]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instruments", []), ("instruments", [1]), ("limits", []), ("limits", [b"short"]), ("prefix", "x" * 99), ("halt", [3, 0, 0]),
        ("halt", [0]), ("wanted", 1 << 99), ("unknown", "soon"),
    ],
)  # fmt: skip
def test_a_beginning_that_no_engine_has_is_refused(recorded: Recorded, tmp_path: Path, name: str, value: Any) -> None:
    def change(raw: bytes) -> bytes:
        return WORDS.write(WORDS.read(raw) | {name: value})

    with pytest.raises(BrokenSession, match="what the engine began with cannot be read"):
        replayed(recorded, altered(recorded, tmp_path / "bad.session", Kind.HEAD, change))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_else_is_changed_ends_in_an_outcome_or_a_refusal(recorded: Recorded, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    parts = list(read_session(recorded.path).parts())
    for at in dice.sample(range(1, len(parts)), 5):
        part, values = parts[at], (-1, 1, 8, FAR, -FAR, (1 << 63) - 1, -(1 << 63), dice.getrandbits(62))
        if len(part.payload) >= 8 and part.kind in HOT:
            change = put(dice.randrange(min(len(part.payload) // 8, 16)), dice.choice(values))
            parts[at] = Part(part.kind, part.at, change(part.payload))
    try:
        found = replayed(recorded, written(tmp_path / "bad.session", parts))
    except BrokenSession as error:
        assert "record" in error.detail
    else:
        assert found.heard > 0
