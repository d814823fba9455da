/** A panel: title, controls, body in one of four states, and a footer with source and age. */

import { type ReactNode, useState } from "react";
import { ApiError } from "@/api/http";
import { hasText, languageNow, useText } from "@/i18n";
import { age } from "@/lib/format";
import { told } from "@/lib/problem";
import { useNow } from "@/state/connection";
import type { Data } from "@/state/data";
import type { Problem } from "@/wire/protocol";
import { Button, IconButton } from "./ui";

interface PanelProps {
  title: string;
  area?: string;
  controls?: ReactNode;
  children: ReactNode;
  source?: string;
  at?: number | null;
  staleAfter?: number;
  flush?: boolean;
}

export function Panel({ title, area, controls, children, source, at, staleAfter, flush }: PanelProps) {
  const { t } = useText();
  const [maximised, setMaximised] = useState(false);
  return (
    <section
      className={`panel ${maximised ? "panel-max" : ""}`}
      style={area ? { gridArea: area } : undefined}
      aria-label={title}
    >
      <header className="panel-head">
        <h2>{title}</h2>
        <div className="panel-controls">
          {controls}
          <IconButton
            icon={maximised ? "close" : "max"}
            label={maximised ? t("panel.restore") : t("panel.maximise")}
            className="panel-maximise"
            onClick={() => setMaximised(!maximised)}
          />
        </div>
      </header>
      <StaleBody at={at} staleAfter={staleAfter} flush={flush}>
        {children}
      </StaleBody>
      {source && <Footer source={source} at={at} staleAfter={staleAfter} />}
    </section>
  );
}

function StaleBody({
  at,
  staleAfter,
  flush,
  children,
}: Pick<PanelProps, "at" | "staleAfter" | "flush" | "children">) {
  const now = useNow();
  const stale = Boolean(at && staleAfter && now - at > staleAfter);
  return <div className={`panel-body ${flush ? "flush" : ""} ${stale ? "stale" : ""}`}>{children}</div>;
}

function Footer({ source, at, staleAfter }: { source: string; at?: number | null; staleAfter?: number }) {
  const { t } = useText();
  const now = useNow();
  const old = at ? Math.max(0, now - at) : null;
  const stale = old !== null && staleAfter !== undefined && old > staleAfter;
  return (
    <footer className="panel-foot">
      <span className="ellipsis">{source}</span>
      {old !== null && (
        <span className={stale ? "text-warn" : ""}>
          {stale
            ? t("panel.stale", { age: age(old) })
            : old < 2_000
              ? t("panel.now")
              : t("panel.age", { age: age(old) })}
        </span>
      )}
    </footer>
  );
}

interface BodyProps<T> {
  data: Data<T>;
  empty?: boolean;
  emptyText: string;
  emptyAction?: ReactNode;
  lines?: number;
  children: ReactNode;
}

/** Chooses between skeleton, error, empty and content. */
export function Body<T>({ data, empty, emptyText, emptyAction, lines = 4, children }: BodyProps<T>) {
  if (data.loading) return <Skeleton lines={lines} />;
  if (data.error) return <Failure error={data.error} retry={data.retry} />;
  if (empty || data.value === undefined) return <Empty text={emptyText}>{emptyAction}</Empty>;
  return <>{children}</>;
}

export function Skeleton({ lines = 4 }: { lines?: number }) {
  const { t } = useText();
  return (
    <div className="skeleton" role="status" aria-label={t("panel.loading")}>
      {Array.from({ length: lines }, (_, index) => (
        <i key={index} style={{ width: `${92 - ((index * 23) % 45)}%` }} />
      ))}
    </div>
  );
}

export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p>{text}</p>
      {children}
    </div>
  );
}

export function describe(
  error: unknown,
  t: (key: string, values?: Record<string, unknown>) => string,
): Problem & { allowed?: string } {
  if (!(error instanceof ApiError))
    return { title: error instanceof Error ? error.message : t("error.unknown") };
  return told(error.problem, { language: languageNow(), t, exists: hasText });
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useText();
  const problem = describe(error, t);
  return (
    <div className="failure" role="alert">
      <strong>{problem.title}</strong>
      {problem.detail && <p>{problem.detail}</p>}
      {problem.allowed && <p className="muted">{t("error.allowed", { allowed: problem.allowed })}</p>}
      <div className="row">
        {retry && (
          <Button icon="retry" small onClick={retry}>
            {t("panel.retry")}
          </Button>
        )}
        {problem.trace_id && (
          <Button
            icon="copy"
            small
            look="ghost"
            onClick={() => void navigator.clipboard.writeText(problem.trace_id ?? "")}
          >
            {t("error.trace")} <code>{problem.trace_id.slice(0, 12)}</code>
          </Button>
        )}
      </div>
    </div>
  );
}
