/** Verse: a text in, its scansion and sound out; with a second text, how alike the two are. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { scanVerse, type VerseAnswer } from "@/api/verse";
import { Ask } from "@/components/Ask";
import { Panel, Skeleton } from "@/components/Panel";
import { useText } from "@/i18n";
import { POEMS } from "./poems";
import { Scansion } from "./Scansion";
import { Resonating, Sounding } from "./Sounding";

const START = { text: POEMS[0]?.text ?? "", other: "", language: "" };
const LANGUAGES = ["es", "en"] as const;

export function Verse() {
  const { t } = useText();
  const [form, setForm] = useState(START);
  const run = useMutation({ mutationFn: () => scanVerse(form) });
  const change = (name: keyof typeof START) => (value: string) => setForm({ ...form, [name]: value });
  const examples = (
    <select
      aria-label={t("verse.examples")}
      value=""
      onChange={(event) =>
        change("text")(POEMS.find((poem) => poem.name === event.target.value)?.text ?? form.text)
      }
    >
      <option value="">{t("verse.examples")}</option>
      {POEMS.map((poem) => (
        <option key={poem.name}>{poem.name}</option>
      ))}
    </select>
  );
  return (
    <Panel title={t("verse.title")} area="verse" controls={examples} source={t("verse.source")}>
      <Ask
        run={run}
        idle={t("verse.idle")}
        go={t("verse.run")}
        ready={Boolean(form.text.trim())}
        waiting={<Skeleton lines={8} />}
        aside={<Language code={form.language} onChange={change("language")} />}
        answer={(found) => <Answer found={found} />}
      >
        <label className="field">
          {t("verse.text")}
          <textarea rows={9} value={form.text} onChange={(event) => change("text")(event.target.value)} />
        </label>
        <label className="field">
          {t("verse.other")}
          <textarea rows={4} value={form.other} onChange={(event) => change("other")(event.target.value)} />
        </label>
      </Ask>
    </Panel>
  );
}

function Language({ code, onChange }: { code: string; onChange(code: string): void }) {
  const { t } = useText();
  return (
    <label className="row">
      {t("verse.language")}
      <select value={code} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t("verse.told")}</option>
        {LANGUAGES.map((each) => (
          <option key={each} value={each}>
            {t(`verse.${each}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Answer({ found }: { found: VerseAnswer }) {
  const { t } = useText();
  return (
    <div className="stack">
      <Scansion poem={found} slants={found.measures.slants} />
      {found.resonance && <Resonating found={found.resonance} />}
      {found.other && (
        <details>
          <summary>{t("verse.second")}</summary>
          <Scansion poem={found.other} />
        </details>
      )}
      <Sounding found={found} />
    </div>
  );
}
