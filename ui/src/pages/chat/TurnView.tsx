/** One turn: the question, the tools it used, the answer, its sources and the model that gave it. */

import { lazy, Suspense } from "react";
import { Icon } from "@/components/Icon";
import { Pill } from "@/components/ui";
import { useText } from "@/i18n";
import { age } from "@/lib/format";
import type { ToolCall, Turn } from "./turns";

const Markdown = lazy(() => import("@/components/Markdown"));

export function TurnView({ turn }: { turn: Turn }) {
  const { t, maybe } = useText();
  return (
    <article className="turn">
      {turn.question && <p className="turn-user">{turn.question}</p>}
      {turn.calls.map((call, index) => (
        <ToolCard key={`${call.id}-${index}`} call={call} />
      ))}
      {turn.answer && (
        <Suspense fallback={<p className="verbatim">{turn.answer}</p>}>
          <Markdown text={turn.answer} />
        </Suspense>
      )}
      {turn.error && <p className="note tone-danger">{turn.error}</p>}
      {!turn.done && !turn.error && <p className="muted working">{turn.status || t("chat.working")}</p>}
      {turn.sources.length > 0 && (
        <details className="sources">
          <summary>{t("chat.sources", { count: turn.sources.length })}</summary>
          <ol>
            {turn.sources.map((source, index) => (
              <li key={index}>
                {source.title} <code>{source.reference}</code>
              </li>
            ))}
          </ol>
        </details>
      )}
      {turn.model && (
        <p className="turn-model muted">
          {t("chat.model", { model: maybe(`model.${turn.model}`, turn.model) })}
        </p>
      )}
    </article>
  );
}

const pretty = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

function ToolCard({ call }: { call: ToolCall }) {
  const { t } = useText();
  return (
    <details className="tool">
      <summary>
        <Icon name="tool" size={14} />
        <code className="ellipsis">{call.tool}</code>
        <span className="grow" />
        {call.milliseconds !== undefined && <span className="muted num">{age(call.milliseconds)}</span>}
        <Pill tone={call.error ? "danger" : call.done ? "ok" : "info"}>
          {t(call.error ? "chat.failed" : call.done ? "chat.ok" : "chat.running")}
        </Pill>
      </summary>
      <div className="tool-body">
        <strong>{t("chat.arguments")}</strong>
        <pre className="json">{pretty(call.arguments) ?? "—"}</pre>
        <strong>{t("chat.result")}</strong>
        <pre className="json">{call.error ?? pretty(call.result) ?? "—"}</pre>
      </div>
    </details>
  );
}
