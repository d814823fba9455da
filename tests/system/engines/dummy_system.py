"""Runs the real supervisor with real engines over dummy services: `python dummy_system.py HOME OFFSET NAMES`."""

from __future__ import annotations

import sys
from pathlib import Path

from qbtc.engines.daemon import main
from qbtc.engines.plan import PORTS, Plan, Row

NGINX = """worker_processes 2;
events {{ worker_connections 64; }}
http {{
  access_log off;
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 "gateway"; }} }}
}}
"""


def dummy_plan(home: Path, offset: int, names: list[str]) -> Plan:
    script = str(Path(__file__).with_name("dummy_service.py"))
    broken = (sys.executable, "-c", "print('broken on purpose'); raise SystemExit(7)")
    ports = {name: PORTS.get(name, 8999) + offset for name in names}
    commands = {name: (sys.executable, script, str(port)) if name in PORTS else broken for name, port in ports.items()}
    config = NGINX.format(port=9080 + offset)
    write = f"import pathlib; pathlib.Path({str(home / 'nginx/nginx.conf')!r}).write_text({config!r})"
    return Plan(
        home=home,
        rows=tuple(Row(name, commands[name], port, stop_seconds=2.0) for name, port in ports.items()),
        port_offset=offset,
        market={"QBTC_MARKET": "sim"},
        store_step=(),
        instance_step=(sys.executable, "-c", write),
    )


if __name__ == "__main__":
    raise SystemExit(main(dummy_plan(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(","))))
