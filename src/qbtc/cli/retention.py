"""How long everything that is stored is kept: every table, journal, log and recording, from the settings and constants that
decide it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

UNTIL_DELETED = "until it is deleted"
FOLLOWS = "as long as what it belongs to"


@dataclass(frozen=True, slots=True)
class Kept:
    """`what` is a table as schema.name, or files below QBTC_HOME; `setting` changes it, where
    there is one."""

    what: str
    how_long: str
    setting: str = ""


def retention() -> list[Kept]:
    """In the order of the services, tables first."""
    return [*_bus(), *_web(), *_hft(), *_qcs(), *_cio(), *_ce3(), *_files()]


def _bus() -> list[Kept]:
    from qbtc.kit.bus.install import swept
    from qbtc.kit.store.inbox import RETENTION

    kept = swept()
    owned = ("web_sessions", "hft_trading", "qcs_quantum", "cio_consciousness", "ce3_tools")
    return [
        Kept("qbtc_bus.messages", "until handled, or until the message expires"),
        Kept("qbtc_bus.dead_letters", kept["dead_letters"]),
        Kept("qbtc_bus.replies", kept["replies"]),
        *(Kept(f"qbtc_bus.{name}", "written anew at every start") for name in ("queues", "bindings", "principals", "grants")),
        *(Kept(f"{schema}.outbox", "until it is published") for schema in owned),
        *(Kept(f"{schema}.inbox", RETENTION) for schema in owned),
    ]


def _web() -> list[Kept]:
    from qbtc.web.adapters.accounts import LINKS_KEPT

    s = _settings("web")
    return [
        Kept("web_sessions.users", UNTIL_DELETED),
        Kept("web_sessions.sessions", f"{s.session_days} days", "web.session_days"),
        Kept("web_sessions.login_links", f"{LINKS_KEPT} after they were used"),
        Kept("web_sessions.throttle", "until the next good sign-in"),
        Kept("web_sessions.operations", f"{s.keep_operations_days} days", "web.keep_operations_days"),
    ]


def _hft() -> list[Kept]:
    from qbtc.hft.adapters.alerts_store import KEEP as ALERTS
    from qbtc.hft.adapters.parameters_store import KEEP as PARAMETERS
    from qbtc.hft.adapters.repository import PROPOSALS_KEPT, RETENTION

    return [
        *(Kept(f"hft_trading.{table}", keep) for table, keep in RETENTION.items()),
        Kept("hft_trading.proposals", PROPOSALS_KEPT),
        Kept("hft_trading.positions", "the newest of each symbol"),
        Kept("hft_trading.strategies", "the newest of each strategy and venue"),
        Kept("hft_trading.paper_resets", UNTIL_DELETED),
        Kept("hft_trading.alerts", f"{ALERTS} after they fired"),
        Kept("hft_trading.parameter_proposals", f"{PARAMETERS} after they ended"),
        Kept("hft_trading.parameter_schedules", UNTIL_DELETED),
    ]


def _qcs() -> list[Kept]:
    s = _settings("qcs")
    pure = f"{s.pure_hours} hours, one a minute {s.sampled_days} days"
    return [
        Kept("qcs_quantum.states", pure, "qcs.pure_hours, qcs.sampled_days"),
        Kept("qcs_quantum.matrices", f"{s.sampled_days} days", "qcs.sampled_days"),
        Kept("qcs_quantum.saved_states", f"{UNTIL_DELETED}, {s.saved_states} a person at most", "qcs.saved_states"),
        Kept("qcs_quantum.jobs", f"{s.job_days} days after they ended", "qcs.job_days"),
    ]


def _cio() -> list[Kept]:
    days, claims = _settings("cio").moment_days, _settings("cio").claim_days
    return [
        Kept("cio_consciousness.memories", f"{UNTIL_DELETED}; moments of the market {days} days", "cio.moment_days"),
        *(Kept(f"cio_consciousness.{name}", FOLLOWS) for name in ("owners", "embeddings", "moments", "text_states", "reflections", "statements", "facts")),
        Kept("cio_consciousness.reflection_runs", f"{claims} days, the newest longer", "cio.claim_days"),
        Kept("cio_consciousness.recalled", "a day, until the person recalls again", "cio.echo_hours"),
        Kept("cio_consciousness.moment_outcomes", FOLLOWS),
        Kept("cio_consciousness.erasures", f"{UNTIL_DELETED}: when something was erased, not what"),
        *_mind(),
    ]


def _mind() -> list[Kept]:
    from qbtc.cio.adapters.attention import KEPT_CYCLES, KEPT_DAYS
    from qbtc.cio.adapters.self_rows import KEPT_DAYS as OUTCOMES
    from qbtc.cio.adapters.sync_rows import KEPT_EPOCHS as SYNC_DAYS

    return [
        Kept("cio_consciousness.workspace_offers", "until the next cycle"),
        Kept("cio_consciousness.workspace_pending", f"until it is known, {KEPT_DAYS} days at most"),
        Kept("cio_consciousness.workspace_cycles", f"the newest {KEPT_CYCLES}"),
        Kept("cio_consciousness.workspace_outcomes", f"as long as the {KEPT_CYCLES} cycles after them"),
        *(Kept(f"cio_consciousness.{name}", "written anew at every change") for name in ("workspace_state", "workspace_heard", "self_model", "evolution")),
        Kept("cio_consciousness.self_outcomes", f"{OUTCOMES} days"),
        Kept("cio_consciousness.self_positions", "until the position is closed"),
        Kept("cio_consciousness.versions", UNTIL_DELETED),
        Kept("cio_consciousness.sync_origin", UNTIL_DELETED),
        Kept("cio_consciousness.feedback", "as long as the memory that it is about"),
        Kept("cio_consciousness.sync_events", f"the newest {SYNC_DAYS} days of market time"),
    ]


def _ce3() -> list[Kept]:
    from qbtc.ce3.adapters.repository import KEPT_REFLECTIONS

    return [
        Kept("ce3_tools.conversations", UNTIL_DELETED),
        *(Kept(f"ce3_tools.{name}", FOLLOWS) for name in ("turns", "events", "messages")),
        Kept("ce3_tools.reflections", f"the last {KEPT_REFLECTIONS}"),
    ]


def _files() -> list[Kept]:
    from qbtc.engines.logfile import KEEP, MAX_BYTES
    from qbtc.exchange.journal_folder import KEPT as CHECKPOINTS
    from qbtc.hft.adapters.research.store import KEEP_DAYS, KEEP_RUNS
    from qbtc.kit.telemetry.bounded import DAY_SECONDS

    hft = _settings("hft")
    return [
        Kept("hft/journal.jsonl", "compacted to a checkpoint once the database has it"),
        Kept("hft/sessions", f"the newest {hft.record_keep_mb} MB", "hft.record_keep_mb"),
        Kept("research", f"the newest {KEEP_RUNS} runs, {KEEP_DAYS} days"),
        Kept("exchange", f"the last {CHECKPOINTS} checkpoints and what came after them"),
        Kept("logs", f"{KEEP + 1} files of {MAX_BYTES >> 20} MB a service"),
        Kept("telemetry", f"{DAY_SECONDS // 3600} hours, in bounded files"),
    ]


def _settings(section: str) -> Any:
    """Of a service, as they are in force here."""
    from qbtc.kit.settings import load_with_origins

    from .doctor import SETTINGS

    module, _, name = SETTINGS[section].partition(":")
    found, _ = load_with_origins(getattr(import_module(module), name), section)
    return found
