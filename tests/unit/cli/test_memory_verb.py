"""`qbtc memory`: what it asks of CIO, what it shows, and which files it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from qbtc.cli import memory as verb
from qbtc.cli import memory_files as files

SHOWN = {
    "memory_id": "0190", "given_id": "D1:1", "text": "word for word", "author": "Ana", "scope": "talk", "kind": "chat", "session": "1",
    "symbol": None, "happened_at": "2023-05-08T13:56:00Z", "ingested_at": "2026-01-01T00:00:00Z", "embedded_by": None, "features": None,
}  # fmt: skip


class Cio:
    """Answers as CIO does and remembers what it was asked."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {"abstained": False, "probability": 0.9, "threshold": 0.25}
        self.asked: list[tuple[str, str, Any]] = []
        self.pending = [0]

    def __call__(self, method: str, path: str, body: Any = None, *, seconds: float = 1.0, service: str = "hft") -> object:
        assert service == "cio"
        self.asked.append((method, path, body))
        return self.answer(method, path, body)

    def answer(self, method: str, path: str, body: Any) -> object:
        if path == "/memories/import":
            return {"kept": len(body["items"]), "present": 0}
        if path == "/recall/batch":
            return {"results": {q["qid"]: [{"id": "D1:1", "score": 1.5, "legs": {"lexical": 2.0}}] for q in body["queries"]}, "judged": {q["qid"]: {"probability": 0.1, "abstained": True} for q in body["queries"]}, "threshold": 0.25}
        if path == "/status":
            return {"memories": {"pending": 1}, "pending_embeddings": self.pending.pop(0)}
        if path.startswith("/scopes/"):
            return {"erased": 3} if method == "DELETE" else {"scope": "talk", "memories": 3, "pending_embeddings": self.pending.pop(0)}
        if path == "/search":
            return self.found | {"hits": [SHOWN | {"score": 1.5, "legs": {"lexical": 2.0}}]}
        return SHOWN


@pytest.fixture
def cio(monkeypatch: pytest.MonkeyPatch) -> Cio:
    found = Cio()
    monkeypatch.setattr(verb, "call", found)
    monkeypatch.setattr(files, "call", found)
    monkeypatch.setattr(files.time, "sleep", lambda _: None)
    return found


def run(*arguments: str) -> str:
    done = CliRunner().invoke(verb.memory, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: str) -> str:
    done = CliRunner().invoke(verb.memory, list(arguments))
    assert done.exit_code in (1, 2)
    return done.output


def lines(path: Path, *items: object) -> str:
    path.write_text("\n".join(item if isinstance(item, str) else json.dumps(item) for item in items))
    return str(path)


def test_a_file_is_imported_with_its_ids_and_written_times(cio: Cio, tmp_path: Path) -> None:
    given = {"id": "D1:1", "text": "hi", "author": "Ana", "time": "1:56 pm on 8 May, 2023", "session": "s1"}
    out = run("import", lines(tmp_path / "m.jsonl", given, "", {"id": "2", "text": "x"}), "--scope", "talk", "--json")
    assert json.loads(out)["kept"] == 2
    _, _, body = cio.asked[0]
    assert body == {"scope": "talk", "items": [given | {"time": "2023-05-08T13:56:00+00:00"}, {"id": "2", "text": "x"}]}


def test_a_long_file_goes_in_portions(cio: Cio, tmp_path: Path) -> None:
    run("import", lines(tmp_path / "m.jsonl", *({"id": str(i), "text": "x"} for i in range(2500))), "--scope", "talk")
    assert [len(body["items"]) for _, _, body in cio.asked] == [1000, 1000, 500]
    assert [len(p) for p in files.portions([{"text": "x" * 900_000}] * 5)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"id": "b", "text": "x", "time": "yesterday"}, "Line 2: 'yesterday' is no time that can be read"),
        ({"id": "b", "text": "x", "time": "31 February 2023"}, "Line 2: '31 February 2023' is no time: day"),
        ({"id": "a", "text": "x"}, "Line 2: id 'a' is on line 1 already"),
        ({"id": "b"}, "Line 2: text is null"),
        ({"id": 7, "text": "x"}, "Line 2: id is 7"),
        ({"id": "b", "text": "  "}, 'Line 2: text is "  "'),
        ({"id": "b", "text": "x", "mood": 1}, "Line 2: unknown field 'mood'"),
        ("{no", "Line 2: not JSON"),
        ("[1]", "Line 2: a list, not an object"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_nothing_is_sent(cio: Cio, tmp_path: Path, bad: object, words: str) -> None:
    out = refused("import", lines(tmp_path / "m.jsonl", {"id": "a", "text": "x"}, bad), "--scope", "talk")
    assert words in out and "Allowed: " in out
    assert cio.asked == []


def test_a_file_in_another_encoding_is_refused(cio: Cio, tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_bytes('{"id": "a", "text": "año"}'.encode("latin-1"))
    assert "is not UTF-8" in refused("import", str(path), "--scope", "talk")


def test_many_queries_are_answered_by_qid_after_the_vectors_are_made(cio: Cio, tmp_path: Path) -> None:
    cio.pending = [2, 1, 0]
    path = lines(tmp_path / "q.jsonl", *({"qid": f"q{i}", "query": "who?"} for i in range(120)))
    out = json.loads(run("search", "--queries", path, "--scope", "talk", "--k", "3", "--json"))
    assert out["results"]["q119"] == [{"id": "D1:1", "score": 1.5, "legs": {"lexical": 2.0}}]
    assert [path for _, path, _ in cio.asked] == ["/scopes/talk"] * 3 + ["/recall/batch"] * 2
    assert cio.asked[-1][2]["limit"] == 3


def test_without_a_scope_it_waits_for_all_that_is_searched(cio: Cio, tmp_path: Path) -> None:
    cio.pending = [1, 0]
    run("search", "--queries", lines(tmp_path / "q.jsonl", {"qid": "a", "query": "b"}))
    assert [path for _, path, _ in cio.asked] == ["/status", "/status", "/recall/batch"]


def test_no_wait_asks_at_once(cio: Cio, tmp_path: Path) -> None:
    run("search", "--queries", lines(tmp_path / "q.jsonl", {"qid": "a", "query": "b"}), "--scope", "talk", "--no-wait")
    assert [path for _, path, _ in cio.asked] == ["/recall/batch"]


def test_one_query_shows_text_score_and_legs(cio: Cio) -> None:
    out = run("search", "gold", "--scope", "talk", "-k", "2")
    assert "word for word" in out and "lexical 2.00" in out
    assert cio.asked == [("POST", "/search", {"text": "gold", "scope": "talk", "limit": 2})]


def test_filters_and_times_are_sent_as_the_service_wants_them(cio: Cio) -> None:
    run(
        "search", "gold", "--author", "Ana", "--author", "Bea", "--session", "s1", "--kind", "chat", "--metadata", "page=3",
        "--metadata", "tag=x", "--since", "8 May 2023", "--until", "2023-06-01T00:00:00Z", "--known-at", "2024-01-01T00:00:00Z",
        "--asked-at", "1 July 2023",
    )  # fmt: skip
    assert cio.asked[0][2] == {
        "text": "gold",
        "limit": 10,
        "kinds": ["chat"],
        "asked_at": "2023-07-01T00:00:00+00:00",
        "filters": {
            "authors": ["Ana", "Bea"],
            "sessions": ["s1"],
            "metadata": {"page": 3, "tag": "x"},
            "since": "2023-05-08T00:00:00+00:00",
            "until": "2023-06-01T00:00:00+00:00",
            "known_at": "2024-01-01T00:00:00+00:00",
        },
    }


def test_a_filter_that_cannot_be_read_is_refused_by_name(cio: Cio) -> None:
    assert "--since" in refused("search", "gold", "--since", "soonish")
    assert "NAME=VALUE" in refused("search", "gold", "--metadata", "page")
    assert cio.asked == []


def test_it_says_that_it_does_not_have_the_answer_which_time_counted_and_what_was_left_out(cio: Cio) -> None:
    cio.found |= {
        "abstained": True,
        "probability": 0.12,
        "named_time": {"text": "in may 2023", "start": "2023-05-01T00:00:00Z", "end": None},
        "foreign_model": "old/1",
        "erased_since": 2,
    }
    out = run("search", "gold")
    assert "I don't have that (the answer is here with probability 0.12, under 0.25). The nearest:" in out
    assert '"in may 2023" is from 2023-05-01T00:00:00 on' in out
    assert "old/1" in out and "qbtc memory reindex" in out and "2 memories of then were erased since" in out


def test_search_wants_one_query_or_a_file(cio: Cio) -> None:
    assert "either a query or --queries" in refused("search")


def test_a_memory_is_shown_with_what_is_known_of_it(cio: Cio) -> None:
    out = run("show", "D1:1", "--scope", "talk")
    assert out.startswith("word for word\n") and "Ana" in out and "pending" in out
    assert cio.asked == [("GET", "/memories/D1%3A1?scope=talk", None)]


def test_the_dimensions_of_a_text_are_shown_with_a_dash_where_it_does_not_say(cio: Cio, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"letter": "A", "name": "Advance", "measures": "mean valence of words", "unit": "-1..1", "value": 0.25, "z": 1.0, "v": -0.5}
    other = row | {"letter": "H", "name": "Hurst", "value": None, "z": 0.0, "v": 0.0}
    known = {"language": "en", "formula": "abc", "state_hash": "0" * 64, "intensity": 3.0, "dimensions": [row, other]}
    monkeypatch.setitem(SHOWN, "features", known)
    out = run("show", "0190")
    assert "A Advance          0.250  z +1.00  v -0.50  mean valence of words [-1..1]" in out
    assert "H Hurst                -  z +0.00" in out


def test_add_sends_the_time_in_rfc_3339(cio: Cio) -> None:
    assert run("add", "hello", "--time", "8 May 2023").strip() == "0190"
    assert cio.asked[0][2] == {"text": "hello", "scope": "desk", "happened_at": "2023-05-08T00:00:00+00:00"}
    assert "is no time" in refused("add", "hello", "--time", "soon")


def test_forgetting_asks_first_and_says_how_many_are_gone(cio: Cio) -> None:
    assert "3 memories are gone" in run("forget", "--scope", "talk", "--yes")
    assert CliRunner().invoke(verb.memory, ["forget", "--scope", "talk"], input="n\n").exit_code == 1
    assert [method for method, _, _ in cio.asked] == ["DELETE"]
    assert "1 memory is gone" in run("forget", "0190", "--yes")
    assert "Say what" in refused("forget")


@pytest.mark.parametrize("words", [("forget", "", "--yes"), ("forget", "", "--scope", "talk", "--yes"), ("forget", "--scope", " ", "--yes"), ("show", "")])
def test_a_blank_name_is_refused_and_nothing_is_asked(cio: Cio, words: tuple[str, ...]) -> None:
    assert "blank" in refused(*words) or "Say what" in refused(*words)
    assert cio.asked == []


def test_stats_of_a_scope(cio: Cio) -> None:
    assert "memories             3" in run("stats", "--scope", "talk")
