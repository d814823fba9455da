"""Command to WebSocket update over the running system: HTTP command -> outbox -> bus -> service -> bus -> hub -> socket.

Needs `qbtc up`. Sends `cio.memory.store` (a real effect, refused for nothing) and waits for the operation's `done` on
the `operations` channel. Also the parts: the 202 alone, and the rest after it. With `--browser`: a question typed in the Chat page until
its answer is painted (two animation frames after the text is in the document), which includes the tool's own work.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
import uuid

import httpx
from bench.harness import emit, latency
from websockets.sync.client import ClientConnection, connect

from qbtc.cli.common import home_path
from qbtc.kit.security import mint
from qbtc.kit.settings import platform

COMMANDS = {
    "memory": ("cio.memory.store", {"text": "bench: command to screen", "scope": "bench"}),
    "control": ("web.service.control", {"service": "web", "action": "resume"}),
}


def wait_done(socket: ClientConnection, operation_id: str, seconds: float) -> str:
    """The final status of the operation, as the socket tells it; raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while True:
        frame = json.loads(socket.recv(timeout=max(0.001, deadline - time.monotonic())))
        for item in frame["items"]:
            told = item.get("v") if item.get("c") == "operations" else None
            if told and told["operation_id"] == operation_id and told["status"] in ("done", "failed"):
                return str(told["status"])


def measure(kind: str, count: int) -> dict[str, object]:
    key, body = COMMANDS[kind]
    base = platform().url("gateway")
    accepted: list[float] = []
    whole: list[float] = []
    failed = 0
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {mint(home_path())}"}, timeout=10) as client:
        ticket = client.post("/api/web/ticket").raise_for_status().json()["ticket"]
        with connect(f"{base.replace('http', 'ws', 1)}/ws?ticket={ticket}", compression=None) as socket:
            socket.send(json.dumps({"op": "sub", "channel": "operations", "rate": 60}))
            for _ in range(count):
                started = time.perf_counter()
                answer = client.post(f"/api/commands/{key}", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
                answer.raise_for_status()
                accepted.append(time.perf_counter() - started)
                failed += wait_done(socket, answer.json()["operation_id"], 10) != "done"
                whole.append(time.perf_counter() - started)
    rest = [a - b for a, b in zip(whole, accepted, strict=True)]
    return {
        "command": key,
        "n": count,
        "failed": failed,
        "command_to_socket": latency(whole),
        "accepted": latency(accepted),
        "after_accepted": latency(rest),
    }


SKIP_WELCOME = """localStorage.setItem("qbtc.prefs", JSON.stringify(
  { state: { theme: "light", language: "en", updown: "teal", railCollapsed: false, symbol: "", welcomed: true }, version: 0 }))"""
WATCH = """
() => { const page = document.querySelector("main") ?? document.body;
  const count = () => page.innerText.split("spread").length;
  const before = count(); window.__painted = null; window.__asked = performance.now();
  new MutationObserver((_, watcher) => { if (count() > before) { watcher.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.__painted = performance.now() - window.__asked; })); } })
    .observe(page, { childList: true, subtree: true, characterData: true }); }
"""


def browser_paint(count: int) -> dict[str, object]:
    """Question to painted answer in Chromium, one question at a time."""
    from playwright.sync_api import sync_playwright

    from qbtc.kit.security import login_link

    seconds: list[float] = []
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_context(bypass_csp=True).new_page()
        page.add_init_script(SKIP_WELCOME)
        page.goto(login_link(home_path(), platform().url("gateway")))
        ready, choose = page.get_by_test_id("market-badge"), page.get_by_label("New password")
        ready.or_(choose).first.wait_for(timeout=20_000)
        if choose.is_visible():
            choose.fill(secrets.token_urlsafe(16))
            page.get_by_label("Again").fill(choose.input_value())
            page.keyboard.press("Enter")
        ready.wait_for(timeout=20_000)
        page.goto(f"{platform().url('gateway')}/chat")
        for _ in range(count):
            box = page.get_by_role("textbox").last
            box.fill("What is the price of bitcoin?")
            page.evaluate(WATCH)
            box.press("Enter")
            page.wait_for_function("window.__painted !== null", timeout=15_000)
            seconds.append(page.evaluate("window.__painted") / 1e3)
        chromium.close()
    return {"question_to_paint": latency(seconds), "questions": count}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", choices=sorted(COMMANDS), default="memory")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument(
        "--browser", type=int, default=0, metavar="N", help="also N questions in Chromium until painted"
    )
    given = parser.parse_args()
    try:
        painted = browser_paint(given.browser) if given.browser else {}
        emit("e2e", **measure(given.command, given.count), **painted)
    except (httpx.ConnectError, FileNotFoundError):
        print("Nothing is running: start it with `qbtc up`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
