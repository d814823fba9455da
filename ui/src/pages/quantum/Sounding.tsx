/** What was measured of a text: how probable verse is, rhythm, sound beside chance, and resonance with a second text. */

import type { Measures, Resonance, VerseAnswer } from "@/api/verse";
import { Table } from "@/components/Table";
import { Num, Stat } from "@/components/ui";
import { useText } from "@/i18n";
import { isKnown, percent, pValue, UNKNOWN } from "@/lib/format";
import { schemeOf } from "./scan";

export function Sounding({ found }: { found: VerseAnswer }) {
  const { t, language } = useText();
  const { measures } = found;
  const form =
    found.form || [...new Set(found.stanzas.map((stanza) => stanza.name))].filter(Boolean).join(", ");
  return (
    <div className="stack">
      <div className="stats">
        <Stat label={t("verse.probability")} hint={t("verse.probabilityHint")}>
          <span data-testid="verse-probability">{percent(found.verse_probability, 0, language)}</span>
        </Stat>
        <Stat label={t("verse.form")}>{form || UNKNOWN}</Stat>
        <Stat label={t("verse.scheme")}>
          <code>{schemeOf(found.lines)}</code>
        </Stat>
        <Stat label={t("verse.periodicity")} hint={period(measures, t, language)}>
          <Num value={measures.periodicity} />
        </Stat>
        <Stat label={t("verse.closure")}>{percent(measures.closure, 0, language)}</Stat>
      </div>
      <p className="muted">
        {isKnown(measures.periodicity) && `${period(measures, t, language)}. `}
        {t("verse.probabilityHint")}
      </p>
      <Texture measures={measures} />
    </div>
  );
}

const period = ({ rhythm }: Measures, t: ReturnType<typeof useText>["t"], language: string) =>
  t("verse.period", { period: rhythm.period, p: pValue(rhythm.p, language) });

function Texture({ measures }: { measures: Measures }) {
  const { t, language } = useText();
  const rows = Object.entries(measures.texture);
  if (rows.length === 0) return null;
  return (
    <>
      <Table
        label={t("verse.sound")}
        rows={rows}
        rowKey={([kind]) => kind}
        columns={[
          { key: "kind", head: t("verse.sound"), cell: ([kind]) => t(`verse.${kind}`) },
          {
            key: "share",
            head: t("verse.share"),
            right: true,
            cell: ([, one]) => <span className="num">{percent(one.density, 1, language)}</span>,
          },
          {
            key: "expected",
            head: t("verse.expected"),
            right: true,
            cell: ([, one]) => <span className="num muted">{percent(one.expected, 1, language)}</span>,
          },
          {
            key: "p",
            head: t("verse.chance"),
            right: true,
            cell: ([, one]) => <span className="num">{pValue(one.p, language)}</span>,
          },
        ]}
      />
      <p className="muted">{t("verse.note")}</p>
    </>
  );
}

export function Resonating({ found }: { found: Resonance }) {
  const { t, language } = useText();
  return (
    <section className="stack" aria-label={t("verse.resonance")}>
      <h3>{t("verse.resonance")}</h3>
      <div className="stats">
        <Stat label={t("verse.fidelity")}>
          <Num value={found.fidelity} decimals={3} />
        </Stat>
        <Stat label={t("verse.within")}>
          <Num value={found.within[0]} decimals={3} /> · <Num value={found.within[1]} decimals={3} />
        </Stat>
        <Stat label={t("verse.p")}>
          <span className="num">{pValue(found.p, language)}</span>
        </Stat>
        <Stat label={t("verse.cosine")}>
          <Num value={found.cosine} decimals={3} />
        </Stat>
      </div>
    </section>
  );
}
