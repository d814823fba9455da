/** One trace as a waterfall: which service did what, when, for how long. */

import { items } from "@/api/http";
import type { Span } from "@/api/types";
import { navigate } from "@/app/router";
import { Body, Panel } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { useData } from "@/state/data";
import { type Bar, layout } from "./waterfall";

const HUES = ["hft", "qcs", "cio", "ce3", "web", "exchange"];

function spansOf(value: unknown): Span[] {
  const spans = (value as { spans?: unknown } | undefined)?.spans;
  return Array.isArray(spans) ? (spans as Span[]) : items<Span>(value);
}

export function TraceView({ id }: { id: string }) {
  const { t, language } = useText();
  const data = useData<unknown>({ path: `/api/web/traces/${encodeURIComponent(id)}` });
  const spans = spansOf(data.value);
  const { bars, total } = layout(spans);
  const controls = (
    <>
      <Button small onClick={() => navigate("/system/traces")}>
        {t("traces.all")}
      </Button>
      <Button small onClick={() => navigate(`/system/logs?trace=${encodeURIComponent(id)}`)}>
        {t("traces.logs")}
      </Button>
    </>
  );
  return (
    <Panel title={t("traces.one")} controls={controls} source={t("traces.source")} flush>
      <p className="note row">
        <code className="ellipsis">{id}</code>
        {spans.length > 0 && (
          <span className="muted nowrap">
            {t("traces.summary", { count: spans.length, ms: fixed(total, 2, language) })}
          </span>
        )}
      </p>
      <Body data={data} empty={spans.length === 0} emptyText={t("traces.gone")} lines={8}>
        <ol className="waterfall">
          {bars.map((bar) => (
            <Row key={bar.span.span_id} bar={bar} total={total} />
          ))}
        </ol>
      </Body>
    </Panel>
  );
}

function Row({ bar, total }: { bar: Bar; total: number }) {
  const { language } = useText();
  const { span } = bar;
  const left = (bar.offset / total) * 100;
  const width = Math.max(0.4, (bar.milliseconds / total) * 100);
  const hue = HUES.indexOf(span.service ?? "");
  return (
    <li>
      <details>
        <summary>
          <span className="wf-name" style={{ paddingLeft: bar.depth * 12 }}>
            <b>{span.service ?? "—"}</b> <span className="ellipsis">{span.name}</span>
          </span>
          <span className="wf-track" aria-hidden="true">
            <i
              className={`wf-${hue}`}
              style={{ left: `${left}%`, width: `${Math.min(width, 100 - left)}%` }}
            />
          </span>
          <span className="num">{fixed(bar.milliseconds, 2, language)} ms</span>
        </summary>
        <pre className="json">{JSON.stringify(span.attributes ?? {}, null, 2)}</pre>
      </details>
    </li>
  );
}
