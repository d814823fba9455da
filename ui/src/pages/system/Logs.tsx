/** Log lines of all services, filtered by service, level and words. */

import { useMemo, useState } from "react";
import { items } from "@/api/http";
import type { LogLine } from "@/api/types";
import { navigate, useRoute } from "@/app/router";
import { Body, Panel } from "@/components/Panel";
import { Button, Pill, Time, type Tone } from "@/components/ui";
import { useText } from "@/i18n";
import { stableKeys } from "@/lib/keys";
import { useData } from "@/state/data";

const SERVICES = ["", "hft", "qcs", "cio", "ce3", "web", "exchange", "supervisor", "gateway"];
const LEVELS = ["", "debug", "info", "warning", "error"];
const TONES: Record<string, Tone> = {
  error: "danger",
  critical: "danger",
  warning: "warn",
  warn: "warn",
  info: "info",
};

export function Logs() {
  const { t } = useText();
  const { query } = useRoute();
  const trace = query.get("trace") ?? "";
  const [service, setService] = useState("");
  const [level, setLevel] = useState("");
  const [words, setWords] = useState("");
  const [running, setRunning] = useState(true);
  const parameters = new URLSearchParams({
    limit: "300",
    ...(service && { service }),
    ...(level && { level }),
    ...(trace && { trace_id: trace }),
  });
  const data = useData<unknown>({ path: `/api/web/logs?${parameters}`, every: running ? 2_000 : undefined });
  const lines = useMemo(() => {
    const wanted = words.toLowerCase();
    const all = items<LogLine>(data.value);
    return wanted ? all.filter((line) => JSON.stringify(line).toLowerCase().includes(wanted)) : all;
  }, [data.value, words]);
  const keys = stableKeys(lines, (line) => `${line.timestamp}|${line.service}|${line.message}`);
  const controls = (
    <>
      <Picker
        label={t("logs.service")}
        value={service}
        options={SERVICES}
        any={t("logs.allServices")}
        onPick={setService}
      />
      <Picker
        label={t("logs.level")}
        value={level}
        options={LEVELS}
        any={t("logs.allLevels")}
        onPick={setLevel}
      />
      <input
        type="search"
        className="narrow"
        aria-label={t("logs.words")}
        placeholder={t("logs.words")}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <Button small icon={running ? "pause" : "play"} onClick={() => setRunning(!running)}>
        {t(running ? "logs.hold" : "logs.follow")}
      </Button>
    </>
  );
  return (
    <Panel
      title={t("system.logs")}
      controls={controls}
      source={t("logs.source", { count: lines.length })}
      at={data.at}
      flush
    >
      {trace && (
        <p className="row note">
          {t("logs.ofTrace")} <code className="ellipsis">{trace}</code>
          <Button small look="ghost" onClick={() => navigate("/system/logs")}>
            {t("logs.showAll")}
          </Button>
        </p>
      )}
      <Body data={data} empty={lines.length === 0} emptyText={t("logs.empty")} lines={12}>
        <ul className="logs">
          {lines.map((line, index) => (
            <Line key={keys[index]} line={line} />
          ))}
        </ul>
      </Body>
    </Panel>
  );
}

interface PickerProps {
  label: string;
  value: string;
  options: string[];
  any: string;
  onPick(value: string): void;
}

function Picker({ label, value, options, any, onPick }: PickerProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onPick(event.target.value)}>
      {options.map((option) => (
        <option key={option} value={option}>
          {option || any}
        </option>
      ))}
    </select>
  );
}

const HIDDEN = new Set(["trace_id", "span_id", "user_id", "traceparent"]);
const SHOWN = 5;

/** What a line is about, in short: strategy, symbol, reason … */
function contextOf(line: LogLine): string {
  return Object.entries(line.context ?? {})
    .filter(([name, value]) => !HIDDEN.has(name) && value !== null && value !== "")
    .slice(0, SHOWN)
    .map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join("  ");
}

function Line({ line }: { line: LogLine }) {
  const { t } = useText();
  const level = (line.level ?? "").toLowerCase();
  const trace = line.context?.trace_id;
  return (
    <li>
      <details>
        <summary>
          <Time value={line.timestamp} millis />
          <span className="log-service">{line.service ?? "—"}</span>
          <Pill tone={TONES[level] ?? "neutral"}>{level || "—"}</Pill>
          <span className="log-message">
            {line.message}
            <span className="muted"> {contextOf(line)}</span>
          </span>
        </summary>
        <pre className="json">{JSON.stringify(line.context ?? {}, null, 2)}</pre>
        {typeof trace === "string" && trace && (
          <Button small onClick={() => navigate(`/system/traces/${encodeURIComponent(trace)}`)}>
            {t("logs.openTrace")}
          </Button>
        )}
      </details>
    </li>
  );
}
