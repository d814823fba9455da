"""Fetching public files from a server that cuts connections, ignores Range, lies about checksums or has nothing."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from qbtc.cli.root import root
from qbtc.hft.adapters.data.fetching import Fetched, Fetcher, days, wanted
from qbtc.hft.errors import BadSource

DATA = bytes(range(256)) * 4000
NAME = "BTCUSDT-trades-2024-08-08.zip"
PLACE = f"/data/spot/daily/trades/BTCUSDT/{NAME}"


@dataclass
class Server:
    """Files by path; what it does wrong is set by the test."""

    files: dict[str, bytes] = field(default_factory=dict)
    cut_after: list[int] = field(default_factory=list)
    """Bytes after which the next answers break off, one each."""
    statuses: list[int] = field(default_factory=list)
    """What the next requests of files are answered with instead."""
    ranges: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, path: str, data: bytes, digest: str | None = None) -> None:
        self.files[path] = data
        self.files[f"{path}.CHECKSUM"] = f"{digest or hashlib.sha256(data).hexdigest()}  {Path(path).name}\n".encode()


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_file = not self.path.endswith(".CHECKSUM")
            with server.lock:
                server.asked.append((self.path, self.headers.get("Range", "")))
                status = server.statuses.pop(0) if is_file and server.statuses else 200
                cut = server.cut_after.pop(0) if is_file and server.cut_after else None
            data = server.files.get(self.path)
            if status != 200 or data is None:
                self.send_error(status if status != 200 else 404)
                return
            begin = int(self.headers["Range"][6:-1]) if server.ranges and "Range" in self.headers else 0
            if begin >= len(data) and begin:
                self.send_error(416)
                return
            self.send_response(206 if begin else 200)
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - begin))
            self.end_headers()
            self.wfile.write(data[begin:] if cut is None else data[begin : begin + cut])
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            return

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as made:
        made.put(PLACE, DATA)
        yield made


def fetch(server: Server, folder: Path, *, to: date | None = None, waits: list[float] | None = None) -> list[Fetched]:
    files = wanted(
        "BTCUSDT", "trades", days(date(2024, 8, 8), to or date(2024, 8, 8)), folder, market="spot", interval="1m", base_url=server.url
    )
    waited: list[float] = [] if waits is None else waits
    with httpx.Client(timeout=5) as client:
        return Fetcher(client, sleep=waited.append).all(files)


def test_a_file_comes_under_its_name_with_its_checksum_checked_and_is_not_fetched_twice(server: Server, tmp_path: Path) -> None:
    (one,) = fetch(server, tmp_path)
    assert (one.error, one.was_there, (tmp_path / NAME).read_bytes()) == ("", False, DATA)
    (again,) = fetch(server, tmp_path)
    assert again.was_there
    assert [path for path, _ in server.asked].count(PLACE) == 1


def test_a_connection_that_is_cut_goes_on_where_it_stopped_after_a_growing_pause(server: Server, tmp_path: Path) -> None:
    server.cut_after = [300_000, 200_000]
    waits: list[float] = []
    (one,) = fetch(server, tmp_path, waits=waits)
    assert (one.error, (tmp_path / NAME).read_bytes()) == ("", DATA)
    assert [asked for path, asked in server.asked if path == PLACE] == ["", "bytes=300000-", "bytes=500000-"]
    assert waits == [0.5, 1.0]


def test_a_server_that_ignores_range_is_read_from_the_beginning(server: Server, tmp_path: Path) -> None:
    server.ranges, server.cut_after = False, [300_000]
    (one,) = fetch(server, tmp_path)
    assert (one.error, (tmp_path / NAME).read_bytes()) == ("", DATA)


def test_a_download_that_was_left_is_gone_on_with_by_the_next_call(server: Server, tmp_path: Path) -> None:
    server.statuses = [200] + [503] * 5
    server.cut_after = [400_000]
    (failed,) = fetch(server, tmp_path)
    assert "given up after 6 tries" in failed.error
    assert (tmp_path / f".{NAME}.part").stat().st_size == 400_000
    (one,) = fetch(server, tmp_path)
    assert (one.error, (tmp_path / NAME).read_bytes()) == ("", DATA)
    assert server.asked[-1] == (PLACE, "bytes=400000-")


def test_a_wrong_checksum_is_refused_and_what_came_is_kept_aside(server: Server, tmp_path: Path) -> None:
    server.put(PLACE, DATA, "0" * 64)
    (one,) = fetch(server, tmp_path)
    assert "wrong checksum" in one.error
    assert not (tmp_path / NAME).exists()
    assert (tmp_path / f".{NAME}.part").read_bytes() == DATA
    server.put(PLACE, DATA)
    assert fetch(server, tmp_path)[0].error == ""


def test_a_part_that_does_not_fit_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / f".{NAME}.part").write_bytes(b"something else")
    (one,) = fetch(server, tmp_path)
    assert (one.error, (tmp_path / NAME).read_bytes()) == ("", DATA)


def test_a_day_that_is_not_there_is_said_and_costs_no_other_day(server: Server, tmp_path: Path) -> None:
    waits: list[float] = []
    done = fetch(server, tmp_path, to=date(2024, 8, 9), waits=waits)
    assert [bool(one.error) for one in done] == [False, True]
    assert "there is no such file (404)" in done[1].error
    assert waits == []


def test_a_file_that_was_changed_on_disk_is_not_taken_for_whole(server: Server, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"other")
    (one,) = fetch(server, tmp_path)
    assert "is there with another checksum" in one.error


def test_a_server_that_is_not_there_is_an_error_with_its_address(tmp_path: Path) -> None:
    (one,) = fetch(Server(url="http://127.0.0.1:9"), tmp_path)
    assert "127.0.0.1:9" in one.error
    assert "given up after 6 tries" in one.error


def test_a_checksum_file_without_one_is_refused(server: Server, tmp_path: Path) -> None:
    server.files[f"{PLACE}.CHECKSUM"] = b"<html>blocked</html>"
    assert "holds no SHA-256" in fetch(server, tmp_path)[0].error


def test_paths_are_those_of_the_public_store() -> None:
    kline = wanted("btcusdt", "klines", [date(2025, 1, 2)], Path("x"), market="um", interval="1h", base_url="https://h/")
    assert kline[0].url == "https://h/data/futures/um/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2025-01-02.zip"


def test_what_does_not_exist_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(BadSource, match="no public bookTicker files of spot"):
        wanted("BTCUSDT", "bookTicker", [], Path("x"), market="spot", interval="1m", base_url="")
    with pytest.raises(BadSource, match="is no symbol"):
        wanted("../etc", "trades", [], Path("x"), market="spot", interval="1m", base_url="")
    with pytest.raises(BadSource, match="days"):
        days(date(2024, 8, 9), date(2024, 8, 8))


def test_what_the_verb_fetches_can_be_imported(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME.replace(".zip", ".csv"), "7,61837.63,0.02,1236.75,1723161600000,True,True\n")
    server.put(PLACE, raw.getvalue())
    monkeypatch.setenv("QBTC_HOME", str(tmp_path))
    words = ["data", "fetch", "BTCUSDT", "--type", "trades", "--from", "2024-08-08", "--base-url", server.url]
    fetched = CliRunner().invoke(root, words)
    path = tmp_path / "data" / "public" / "spot" / "trades" / "BTCUSDT" / NAME
    assert (fetched.exit_code, fetched.output.strip()) == (0, str(path))
    assert CliRunner().invoke(root, ["data", "import", str(path)]).exit_code == 0
    assert (tmp_path / "data" / "binance-spot" / "BTCUSDT" / "tape.json").exists()
