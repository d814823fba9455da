/** Regime probabilities with their intervals where the service gives them, and the figures of the state. */

import type { QState } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { Num, Stat } from "@/components/ui";
import { useText } from "@/i18n";
import { percent } from "@/lib/format";
import type { Data } from "@/state/data";

export function Regime({ data, state }: { data: Data<unknown>; state: QState | undefined }) {
  const { t } = useText();
  const rows = Object.entries(state?.regime_probabilities ?? {}).sort((a, b) => b[1] - a[1]);
  return (
    <Panel
      title={t("regime.title")}
      area="regime"
      source={t(state?.regime_uncertainty ? "regime.source" : "regime.sourcePlain")}
      at={data.at}
      staleAfter={10_000}
    >
      <Body data={data} empty={!state} emptyText={t("quantum.none")}>
        {state?.informative === false && <p className="note tone-warn">{t("quantum.uninformative")}</p>}
        <ul className="regimes">
          {rows.map(([name, value]) => (
            <Row
              key={name}
              name={name}
              value={value}
              band={state?.regime_uncertainty?.[name]}
              chosen={name === state?.regime}
            />
          ))}
        </ul>
        <div className="stats stats-2">
          <Stat label={t("quantum.coherence")} hint={t("quantum.coherenceHint")}>
            <Num value={state?.coherence} decimals={3} />
          </Stat>
          <Stat label={t("quantum.purity")}>
            <Num value={state?.purity} decimals={3} />
          </Stat>
          <Stat label={t("quantum.rank")}>
            <Num value={state?.effective_rank} decimals={2} unit="/ 26" />
          </Stat>
          <Stat label={t("quantum.shrinkage")} hint={t("quantum.shrinkageHint")}>
            <Num value={state?.shrinkage} decimals={3} />
          </Stat>
          <Stat label={t("quantum.novelty")}>
            <Num value={state?.novelty} decimals={3} />
          </Stat>
          <Stat label={t("quantum.entropy")}>
            <Num value={state?.entropy} decimals={2} unit="bit" />
          </Stat>
        </div>
      </Body>
    </Panel>
  );
}

interface RowProps {
  name: string;
  value: number;
  band: [number, number] | undefined;
  chosen: boolean;
}

function Row({ name, value, band, chosen }: RowProps) {
  const { maybe, language } = useText();
  const left = `${(band?.[0] ?? 0) * 100}%`;
  const width = `${((band?.[1] ?? 0) - (band?.[0] ?? 0)) * 100}%`;
  return (
    <li className={chosen ? "chosen" : ""}>
      <span className="ellipsis">{maybe(`regime.${name}`, name.replaceAll("_", " "))}</span>
      <span className="regime-bar" aria-hidden="true">
        <i style={{ transform: `scaleX(${Math.max(0, Math.min(1, value))})` }} />
        {band && <b style={{ left, width }} />}
      </span>
      <span className="num">
        {percent(value, 0, language)}
        {band && (
          <span className="muted">
            {" "}
            [{percent(band[0], 0, language)}–{percent(band[1], 0, language)}]
          </span>
        )}
      </span>
    </li>
  );
}
