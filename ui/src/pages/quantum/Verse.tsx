/** Verse: a text in, its scansion and sound out; with a second text, how alike the two are. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { scanVerse, type VerseAnswer } from "@/api/verse";
import { Empty, Failure, Panel, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui";
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
      <div className="qasm">
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            run.mutate();
          }}
        >
          <label className="field">
            {t("verse.text")}
            <textarea rows={9} value={form.text} onChange={(event) => change("text")(event.target.value)} />
          </label>
          <label className="field">
            {t("verse.other")}
            <textarea rows={4} value={form.other} onChange={(event) => change("other")(event.target.value)} />
          </label>
          <div className="row wrap">
            <label className="row">
              {t("verse.language")}
              <select value={form.language} onChange={(event) => change("language")(event.target.value)}>
                <option value="">{t("verse.told")}</option>
                {LANGUAGES.map((code) => (
                  <option key={code} value={code}>
                    {t(`verse.${code}`)}
                  </option>
                ))}
              </select>
            </label>
            <span className="grow" />
            <Button type="submit" look="primary" icon="play" disabled={run.isPending || !form.text.trim()}>
              {t("verse.run")}
            </Button>
          </div>
        </form>
        <div aria-live="polite">
          {run.isIdle && <Empty text={t("verse.idle")} />}
          {run.isPending && <Skeleton lines={8} />}
          {run.isError && <Failure error={run.error} />}
          {run.data && !run.isPending && <Answer found={run.data} />}
        </div>
      </div>
    </Panel>
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
