"""`qbtc memory facts`, `reflect`, `reflections`, `export` and `restore`: what they ask of CIO and what they show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qbtc.cli import memory as verb
from qbtc.cli import memory_derived as derived
from qbtc.cli import memory_files as files

FACT = {
    "subject": "ana", "predicate": "lives in", "value": "Lima", "sentence": "I live in Lima.", "scope": "journal", "holds": False,
    "valid_from": "2020-01-01T00:00:00Z", "valid_until": "2024-01-01T00:00:00Z", "known_until": None, "confidence": 0.9, "evidence": ["m1"],
}  # fmt: skip
CLAIM = {
    "text_en": "I sold 7 boats.", "rejected": "its evidence does not say it: numbers", "parts": ["7"], "rule": "proposed/1", "sample": 1,
    "confidence": 0.0, "scope": "journal", "expires_at": "2026-02-01T00:00:00Z", "evidence": [f"m{i}" for i in range(7)],
}  # fmt: skip
RUN = {"private": True, "considered": 3, "kept": 0, "rejected": 1, "unchanged": 2}
LINE = {"id": "a", "text": "I live in Lima.", "statements": [{"sentence": "I live in Lima."}]}


class Cio:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []

    def __call__(self, method: str, path: str, body: Any = None, *, seconds: float = 1.0, service: str = "hft") -> object:
        assert service == "cio" and seconds > 1
        self.asked.append((method, path, body))
        if path.startswith("/facts"):
            return {"items": [] if "nothing" in path else [FACT], "total": 2}
        if path == "/scopes/import":
            return {"kept": len(body["items"]), "present": 0, "statements": 1}
        if "/export" in path:
            return {"items": [LINE], "after": 7 if path.endswith("after=0") else None}
        return {"runs": [RUN], "kept": [], "rejected": [CLAIM]} if method == "POST" else {"items": [CLAIM]}


@pytest.fixture
def cio(monkeypatch: pytest.MonkeyPatch) -> Cio:
    found = Cio()
    for module in (derived, files):
        monkeypatch.setattr(module, "call", found)
    return found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(verb.memory, list(arguments))


def test_facts_are_asked_in_both_times_and_shown_with_since_until_and_evidence(cio: Cio) -> None:
    done = run("facts", "lima", "--at", "2022-01-01", "--known", "8 May, 2023", "--history", "-k", "1")
    assert cio.asked[0][1].startswith("/facts?text=lima&valid_at=2022-01-01T00") and "known_at=2023-05-08" in cio.asked[0][1]
    assert "history=true" in cio.asked[0][1] and done.exit_code == 0
    assert "x ana: lives in Lima" in done.output and "since 2020-01-01 until 2024-01-01, confidence 0.90" in done.output
    assert "said: I live in Lima." in done.output and "on m1" in done.output and "1 of 2; -k shows more" in done.output


def test_no_fact_is_said_with_what_gives_one_and_a_bad_time_with_what_is_allowed(cio: Cio) -> None:
    assert "No fact" in run("facts", "nothing").output
    refused = run("facts", "--at", "soon")
    assert refused.exit_code == 2 and "--at: 'soon' is no time" in refused.output and len(cio.asked) == 1


def test_a_refused_claim_is_shown_with_why(cio: Cio) -> None:
    done = run("reflect", "--claim", "I sold 7 boats.", "--evidence", "m1", "--evidence", "m2", "--scope", "journal")
    assert cio.asked == [("POST", "/reflections", {"scope": "journal", "claims": [{"text": "I sold 7 boats.", "evidence": ["m1", "m2"]}]})]
    assert "Reflected on your own memories: 3 new memories, 0 claims kept, 1 refused, 2 held already." in done.output
    assert "refused: its evidence does not say it: numbers (7)" in done.output and "on m0, m1, m2, m3, m4 and 2 more" in done.output
    assert "belongs to --claim" in run("reflect", "--evidence", "m1").output


def test_reflections_are_asked_by_state(cio: Cio) -> None:
    run("reflections", "--state", "rejected", "--scope", "journal")
    assert cio.asked[0][1] == "/reflections?state=rejected&about=claims&limit=50&scope=journal"


def test_a_scope_is_written_page_by_page_and_restored(cio: Cio, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    assert "2 memories and 2 statements" in run("export", str(path), "--scope", "journal").output
    assert [json.loads(line) for line in path.read_text().splitlines()] == [LINE, LINE]
    assert "2 kept, 0 were there, 1 statements" in run("restore", str(path), "--scope", "copy").output
    assert cio.asked[-1] == ("POST", "/scopes/import", {"scope": "copy", "items": [LINE, LINE]})


def test_a_line_that_is_no_export_is_refused_with_its_number(cio: Cio, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n[1]\n')
    done = run("restore", str(path), "--scope", "copy")
    assert done.exit_code != 0 and "Line 2: a list, not an object" in str(done.output) + str(done.exception) and cio.asked == []
