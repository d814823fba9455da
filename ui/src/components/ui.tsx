/** Small pieces used on every page: buttons, pills, numbers, times. */

import type { ButtonHTMLAttributes, ReactNode } from "react";
import { useText } from "@/i18n";
import { clockTime, dateTime, fixed, isKnown, type Numeric, toMillis, UNKNOWN } from "@/lib/format";
import { Icon, type IconName } from "./Icon";

export type Tone = "neutral" | "ok" | "warn" | "danger" | "info" | "up" | "down" | "violet";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon?: IconName;
  look?: "plain" | "primary" | "danger" | "ghost" | "up" | "down";
  small?: boolean;
}

export function Button({ icon, look = "plain", small, className = "", children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`btn btn-${look} ${small ? "btn-small" : ""} ${className}`} {...rest}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </button>
  );
}

export function IconButton({ icon, label, ...rest }: ButtonProps & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      {...rest}
      className={`icon-btn ${rest.className ?? ""}`}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} />
    </button>
  );
}

export function Pill({
  tone = "neutral",
  children,
  dot,
}: {
  tone?: Tone;
  children: ReactNode;
  dot?: boolean;
}) {
  return (
    <span className={`pill tone-${tone}`}>
      {dot && <i className="dot" aria-hidden="true" />}
      {children}
    </span>
  );
}

interface NumProps {
  value: Numeric;
  decimals?: number;
  signed?: boolean;
  unit?: string;
}

/** A number with fixed decimals; signed ones carry sign, arrow and colour. */
export function Num({ value, decimals = 2, signed, unit }: NumProps) {
  const { language } = useText();
  const number = Number(Number(value).toFixed(decimals));
  const tone = signed && isKnown(value) && number !== 0 ? (number > 0 ? "up" : "down") : "";
  const arrow = tone === "up" ? "▲" : tone === "down" ? "▼" : "";
  return (
    <span className={`num ${tone && `text-${tone}`} ${isKnown(value) ? "" : "unknown"}`}>
      {arrow && (
        <span className="arrow" aria-hidden="true">
          {arrow}
        </span>
      )}
      {fixed(value, decimals, language, signed)}
      {unit && isKnown(value) && <span className="unit"> {unit}</span>}
    </span>
  );
}

/** Local time; the UTC time is on hover. */
export function Time({ value, full, millis }: { value: unknown; full?: boolean; millis?: boolean }) {
  const { language } = useText();
  const ms = toMillis(value);
  if (ms === null) return <span className="unknown">{UNKNOWN}</span>;
  const iso = new Date(ms).toISOString();
  return (
    <time dateTime={iso} title={iso.replace("T", " ").replace("Z", " UTC")} className="num">
      {full ? dateTime(ms, language) : clockTime(ms, language, millis)}
    </time>
  );
}

export function Stat({ label, children, hint }: { label: string; children: ReactNode; hint?: string }) {
  return (
    <div className="stat" title={hint}>
      <div className="stat-label">{label}</div>
      <div className="stat-value">{children}</div>
    </div>
  );
}

export function stateTone(state: string | undefined): Tone {
  const word = (state ?? "").toLowerCase();
  if (["ready", "running", "active", "healthy", "up", "ok", "started"].includes(word)) return "ok";
  if (
    [
      "starting",
      "paused",
      "draining",
      "reducing",
      "degraded",
      "restarting",
      "backoff",
      "waiting",
      "without_market",
    ].includes(word)
  )
    return "warn";
  if (
    ["failed", "down", "halted", "unhealthy", "error", "dead", "crashed", "blocked", "broken"].includes(word)
  )
    return "danger";
  return "neutral";
}

export function StatePill({ state }: { state: string | undefined }) {
  const { maybe } = useText();
  const text = state ? maybe(`state.${state.toLowerCase()}`, state) : UNKNOWN;
  return (
    <Pill tone={stateTone(state)} dot>
      {text}
    </Pill>
  );
}
