/** The decision loop as five nodes; each shows its last event and its age, and opens its trace. */

import { useMemo } from "react";
import type { LoopEvent } from "@/api/types";
import { navigate } from "@/app/router";
import { Icon, type IconName } from "@/components/Icon";
import { Panel } from "@/components/Panel";
import { useText } from "@/i18n";
import { age, toMillis } from "@/lib/format";
import { useNow } from "@/state/connection";
import { lastByNode, NODES, type Node, type Step } from "./loop";
import { useEvents } from "./useEvents";

const ICONS: Record<Node, IconName> = {
  market: "market",
  state: "quantum",
  memory: "memory",
  signal: "signal",
  order: "order",
};
const FRESH = 5_000;

export function summaryOf(event: LoopEvent, language: string): string {
  const text = (language === "es" ? event.summary_es : event.summary_en) ?? event.summary_en ?? event.key;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function Loop() {
  const { t } = useText();
  const { events } = useEvents();
  const steps = useMemo(() => lastByNode(events), [events]);
  return (
    <Panel title={t("loop.title")} area="loop" source={t("loop.source")}>
      <ol className="loop" data-testid="loop">
        {NODES.map((node) => (
          <li key={node}>
            <LoopNode node={node} step={steps[node]} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function LoopNode({ node, step }: { node: Node; step: Step | undefined }) {
  const { t, language } = useText();
  const now = useNow();
  const ms = step ? toMillis(step.event.at) : null;
  const old = ms === null ? null : Math.max(0, now - ms);
  const fresh = old !== null && old < FRESH;
  const trace = step?.event.trace_id;
  return (
    <button
      type="button"
      className={`loop-node ${fresh ? "fresh" : ""}`}
      disabled={!trace}
      title={trace ? t("loop.open") : undefined}
      onClick={() => trace && navigate(`/system/traces/${encodeURIComponent(trace)}`)}
    >
      <span className="loop-name">
        <i className="loop-mark">
          <Icon name={ICONS[node]} size={16} />
        </i>
        {t(`loop.${node}`)}
        <span className="loop-age num">{old === null ? "—" : age(old)}</span>
      </span>
      <span className="loop-text">{step ? summaryOf(step.event, language) : t("loop.waiting")}</span>
      <span className="muted loop-service">{t(`loop.by_${node}`)}</span>
    </button>
  );
}
