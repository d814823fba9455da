"""Tools over QCS: the latest 26D state of a symbol, and running a circuit."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, JsonValue

from qbtc.ce3.domain import slots
from qbtc.ce3.domain.chat import Language
from qbtc.ce3.domain.language import word
from qbtc.contracts.quantum import QuantumCompute, QuantumResult
from qbtc.contracts.tools import Source

from .base import Context, Outcome, Parameters, Tool, number, table
from .market import OneSymbol, first


class Circuit(Parameters):
    source: str = Field(min_length=1, max_length=100_000, description="OpenQASM 2 source")
    shots: int = Field(default=1024, ge=1, le=1_000_000)


class QuantumStateTool(Tool[OneSymbol]):
    name = "quantum_state"
    parameters = OneSymbol
    description = {
        "en": "Coherence, purity, effective rank and regime probabilities of the 26D state of a symbol",
        "es": "Coherencia, pureza, rango efectivo y probabilidades de régimen del estado 26D de un símbolo",
    }
    examples = (
        "what is the coherence of btc", "quantum state of bitcoin", "what regime is the market in", "effective rank", "purity of the state",
        "cuál es la coherencia de btc", "estado cuántico de bitcoin", "en qué régimen está el mercado", "rango efectivo", "pureza del estado",
        "regime of btc", "régimen de btc",
    )

    def read(self, text: str, symbols: Sequence[str]) -> dict[str, JsonValue]:
        found = slots.symbol(text, symbols)
        return {"symbol": found} if found else {}

    async def run(self, arguments: OneSymbol, context: Context) -> Outcome:
        symbol = first(arguments.symbol, context)
        answer = await context.peers.ask("qcs.quantum.compute", QuantumCompute(kind="state", symbol=symbol), QuantumResult)
        return Outcome(answer.data, (Source(title=f"QCS {symbol}", reference=f"qcs:state:{symbol}"),))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        if not row.get("state_id"):
            return "QCS todavía no tiene un estado." if language == "es" else "QCS has no state yet."
        odds = row.get("regime_probabilities")
        odds = odds if isinstance(odds, dict) else {}
        regimes = ", ".join(f"{word(name, language)} {100 * float(str(p)):.0f} %" for name, p in sorted(odds.items(), key=lambda i: -float(str(i[1]))))
        names = (
            ("coherence", "coherencia C_r/log2 26", "coherence C_r/log2 26"), ("purity", "pureza", "purity"),
            ("effective_rank", "rango efectivo", "effective rank"), ("entropy", "entropía (bits)", "entropy (bits)"),
            ("novelty", "novedad", "novelty"),
        )
        lines = [(es if language == "es" else en, number(row.get(key), language, 4)) for key, es, en in names]
        title = f"**{row.get('symbol')}** — {'régimen' if language == 'es' else 'regime'} **{word(row.get('regime'), language)}** ({regimes})"
        head = ("Medida", "Valor") if language == "es" else ("Measure", "Value")
        return f"{title}\n\n{table(head, lines)}"


class RunCircuit(Tool[Circuit]):
    name = "run_circuit"
    parameters = Circuit
    description = {"en": "Run an OpenQASM circuit on the simulator that fits it", "es": "Ejecuta un circuito OpenQASM en el simulador que le conviene"}
    examples = (
        "run a bell circuit", "run this circuit", "simulate a ghz state of 4 qubits", "run this qasm", "quantum circuit", "bell pair",
        "ejecuta un circuito de bell", "ejecuta este circuito", "simula un estado ghz de 4 qubits", "ejecuta este qasm",
        "circuito cuántico", "par de bell", "OPENQASM qreg creg measure",
    )

    def read(self, text: str, symbols: Sequence[str]) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {"source": slots.circuit(text), "shots": slots.shots(text)}
        return {key: value for key, value in found.items() if value is not None}

    async def run(self, arguments: Circuit, context: Context) -> Outcome:
        body = QuantumCompute(kind="qasm", source=arguments.source, shots=arguments.shots)
        answer = await context.peers.ask("qcs.quantum.compute", body, QuantumResult, timeout=20.0)
        data = answer.data if isinstance(answer.data, dict) else {"result": answer.data}
        return Outcome({**data, "source": arguments.source}, (Source(title="QCS simulator", reference="qcs:qasm"),))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        counts = row.get("counts")
        counts = counts if isinstance(counts, dict) else {}
        total = sum(int(str(v)) for v in counts.values()) or 1
        best = sorted(counts.items(), key=lambda item: -int(str(item[1])))[:16]
        head = ("Resultado", "Veces", "%") if language == "es" else ("Outcome", "Times", "%")
        lines = [(f"`{bits}`", n, f"{100 * int(str(n)) / total:.1f}") for bits, n in best]
        qubits = row.get("n_qubits")
        intro = f"{qubits} qubits, {total} {'disparos' if language == 'es' else 'shots'}"
        return f"{intro}\n\n{table(head, lines)}"
