/** One reflection: what is claimed, how far it goes, on which memories, until when, and why it was refused if it was. */

import type { Reflection } from "@/api/types";
import { Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed, isKnown, percent } from "@/lib/format";
import { whyRefused } from "@/lib/whyRefused";
import { Evidence } from "./Evidence";

/** A rule is named with its version: what-followed/1. */
const ruleName = (rule: string) => rule.split("/")[0];

interface Props {
  reflection: Reflection;
  onOpen(id: string): void;
}

export function ReflectionCard({ reflection, onOpen }: Props) {
  const { t, language } = useText();
  const text = language === "es" ? reflection.text_es : reflection.text_en;
  return (
    <li>
      <div className="row muted wrap">
        {reflection.symbol && <Pill>{reflection.symbol}</Pill>}
        {reflection.private && <Pill>{t("fact.private")}</Pill>}
        <Time value={reflection.created_at} full />
        {reflection.expires_at && !reflection.rejected && (
          <span>
            {t("reflection.expires")} <Time value={reflection.expires_at} full />
          </span>
        )}
      </div>
      <p className="read verbatim">{reflection.rejected ? <s>{text}</s> : text}</p>
      {reflection.rejected && <Refused reason={reflection.rejected} parts={reflection.parts ?? []} />}
      <Figures reflection={reflection} />
      <Evidence ids={reflection.evidence ?? []} onOpen={onOpen} />
    </li>
  );
}

function Refused({ reason, parts }: { reason: string; parts: readonly string[] }) {
  const { t, maybe } = useText();
  return (
    <p className="note tone-warn">
      {t("reflection.refused", { why: maybe(`reflection.why_${whyRefused(reason)}`, reason) })}
      {parts.length > 0 && <> {parts.join(", ")}</>}
    </p>
  );
}

function Figures({ reflection }: { reflection: Reflection }) {
  const { t, language, maybe } = useText();
  return (
    <div className="row muted figures-row">
      {!reflection.rejected && (
        <span>
          {t("reflection.confidence")} <b className="num">{percent(reflection.confidence, 0, language)}</b>
        </span>
      )}
      {reflection.moment_id && (
        <span>
          {t("reflection.bias")} <b className="num">{fixed(reflection.bias, 2, language, true)}</b>
        </span>
      )}
      {isKnown(reflection.low) && isKnown(reflection.high) && (
        <span>
          {t("reflection.interval")}{" "}
          <b className="num">
            {fixed(reflection.low, 4, language)} – {fixed(reflection.high, 4, language)}
          </b>
        </span>
      )}
      <span>
        n = <b className="num">{reflection.sample ?? "—"}</b>
      </span>
      {reflection.rule && (
        <span className="ellipsis">
          {maybe(`reflection.rule_${ruleName(reflection.rule)}`, reflection.rule)}
        </span>
      )}
    </div>
  );
}
