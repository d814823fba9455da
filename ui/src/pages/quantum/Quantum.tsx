/** The quantum-statistical state: 26 dimensions, density matrix, coherence, regime, circuits. */

import { items } from "@/api/http";
import type { QState } from "@/api/types";
import { Page } from "@/components/Page";
import { useText } from "@/i18n";
import { percent } from "@/lib/format";
import { type Data, useData } from "@/state/data";
import { useSymbol } from "@/state/symbol";
import { Coherence } from "./Coherence";
import { Density } from "./Density";
import { Forecast } from "./Forecast";
import { Jobs } from "./Jobs";
import { Likest } from "./Likest";
import { OptionPrice } from "./OptionPrice";
import { Qasm } from "./Qasm";
import { Regime } from "./Regime";
import { Strip } from "./Strip";
import { Sweep } from "./Sweep";
import { TextState } from "./TextState";
import { Verse } from "./Verse";

/** The newest state of a symbol: the channel carries one state, HTTP answers all symbols. */
export function stateOf(value: unknown, symbol: string): QState | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const holder = value as { states?: QState[]; symbol?: string };
  const list = holder.states ?? items<QState>(value);
  const found = list.find((state) => state.symbol === symbol);
  if (found) return { bar_end: (value as QState).bar_end, ...found };
  return holder.symbol === symbol ? (value as QState) : undefined;
}

export function useQuantumState(symbol: string): Data<unknown> & { state: QState | undefined } {
  const data = useData<unknown>({
    path: "/api/qcs/states/latest",
    channel: symbol && `quantum.${symbol}`,
    rate: 4,
    every: 10_000,
  });
  return { ...data, state: stateOf(data.value, symbol) };
}

export default function Quantum() {
  const { t, maybe, language } = useText();
  const { symbol } = useSymbol();
  const data = useQuantumState(symbol);
  const { state } = data;
  const regime = state?.regime;
  const probability = regime ? state?.regime_probabilities?.[regime] : undefined;
  const known = regime && regime !== "unknown";
  const sentence = known
    ? t("quantum.sentence", {
        symbol,
        regime: maybe(`regime.${regime}`, regime),
        probability: percent(probability, 0, language),
      })
    : t(regime ? "quantum.sentenceUnknown" : "quantum.none", { symbol });
  return (
    <Page title={t("page.quantum")} sentence={sentence}>
      <div className="grid quantum-grid">
        <Strip data={data} symbol={symbol} />
        <Density data={data} state={state} />
        <Coherence symbol={symbol} />
        <Regime data={data} state={state} />
        <Likest symbol={symbol} ready={state?.informative === true} />
        <Qasm />
        <Sweep />
        <Jobs />
        <OptionPrice />
        <Forecast symbol={symbol} />
        <Verse />
        <TextState />
      </div>
    </Page>
  );
}
