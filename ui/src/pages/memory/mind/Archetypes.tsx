/** Twelve narrative styles of a text, or none, as probabilities; says first what it is not. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "@/api/http";
import { Failure, Panel } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { percent } from "@/lib/format";

interface Labelled {
  label: string;
  probabilities: Record<string, number>;
  short: boolean;
}

export function Archetypes() {
  const { t } = useText();
  const [text, setText] = useState("");
  const label = useMutation({
    mutationFn: (passage: string) => post<Labelled>("/api/cio/archetypes", { text: passage }),
  });
  return (
    <Panel title={t("mind.archetypes")} area="archetypes" source={t("mind.archetypesSource")}>
      <p className="read">{t("mind.archetypesNotice")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) label.mutate(text.trim());
        }}
      >
        <textarea
          rows={4}
          aria-label={t("mind.archetypesText")}
          placeholder={t("mind.archetypesHint")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={!text.trim() || label.isPending}>
          {t("mind.archetypesGo")}
        </Button>
      </form>
      {label.isError && <Failure error={label.error} />}
      {label.data && <Styles found={label.data} />}
    </Panel>
  );
}

function Styles({ found }: { found: Labelled }) {
  const { t, language } = useText();
  const rows = Object.entries(found.probabilities).sort((a, b) => b[1] - a[1]);
  return (
    <>
      {found.short && <p className="muted">{t("mind.archetypesShort")}</p>}
      <ul className="plain shares">
        {rows.map(([name, share]) => (
          <li key={name}>
            <span>{t(`mind.style_${name}`)}</span>
            <span className="num">{percent(share, 0, language)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
