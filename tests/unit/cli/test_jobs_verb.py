"""`qbtc jobs`: what it says of a job, and what it refuses before anything is asked."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from qbtc.cli import jobs as verb
from qbtc.cli.root import root

ROW = {
    "id": "j1", "kind": "circuits", "state": "running", "progress": {"share": 0.25, "step": "circuit 3"},
    "created": "2026-11-30T12:24:13.5+00:00", "error": None,
}  # fmt: skip


def test_a_line_says_how_far_a_running_job_is_and_why_a_failed_one_is() -> None:
    assert verb._line(ROW) == "j1  circuits       running      2026-11-30T12:24:13   25% circuit 3"
    failed = ROW | {"state": "failed", "error": {"detail": "stopped after 1 s"}}
    assert verb._line(failed).endswith("failed       2026-11-30T12:24:13  stopped after 1 s")


def test_a_file_that_is_no_json_is_refused_with_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "asked.json").write_text("nope")
    found = CliRunner().invoke(root, ["jobs", "submit", "circuits", str(tmp_path / "asked.json")])
    assert found.exit_code == 1
    assert "is not JSON" in found.output
    assert "an object with the parameters of the kind" in found.output
