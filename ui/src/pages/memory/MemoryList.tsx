/** The latest memories, by kind; a note can be added here. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { items, post } from "@/api/http";
import type { Memory } from "@/api/types";
import { Body, Failure, Panel } from "@/components/Panel";
import { Button, Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { memoryText } from "@/lib/memoryText";
import { useData } from "@/state/data";

const KINDS = ["all", "note", "chat", "market", "trade", "tool", "document"];

export function MemoryList({ onOpen }: { onOpen(id: string): void }) {
  const { t, maybe, language } = useText();
  const [kind, setKind] = useState("all");
  const query = kind === "all" ? "" : `&kind=${kind}`;
  const data = useData<unknown>({ path: `/api/cio/memories?limit=50${query}`, every: 10_000 });
  const memories = items<Memory>(data.value);
  const controls = (
    <select aria-label={t("memory.kind")} value={kind} onChange={(event) => setKind(event.target.value)}>
      {KINDS.map((name) => (
        <option key={name} value={name}>
          {t(`memory.kind_${name}`)}
        </option>
      ))}
    </select>
  );
  return (
    <Panel
      title={t("memory.list")}
      area="list"
      controls={controls}
      source={t("memory.source")}
      at={data.at}
      staleAfter={60_000}
      flush
    >
      <NoteForm />
      <Body data={data} empty={memories.length === 0} emptyText={t("memory.empty")} lines={8}>
        <ul className="rows">
          {memories.map((memory) => (
            <li key={memory.memory_id}>
              <button type="button" onClick={() => onOpen(memory.memory_id)}>
                <span className="clamp-2">{memoryText(memory.text, { language, t, maybe })}</span>
                <span className="row muted">
                  <Pill>{maybe(`memory.is_${memory.kind ?? "note"}`, memory.kind ?? "")}</Pill>
                  {memory.symbol && <span>{memory.symbol}</span>}
                  <Time value={memory.happened_at ?? memory.ingested_at} full />
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Body>
    </Panel>
  );
}

function NoteForm() {
  const { t } = useText();
  const [text, setText] = useState("");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => post("/api/cio/memories", { text: text.trim(), kind: "note" }),
    onSuccess: () => {
      setText("");
      return client.invalidateQueries();
    },
  });
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) save.mutate();
      }}
    >
      <div className="row">
        <input
          aria-label={t("memory.note")}
          placeholder={t("memory.note")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" icon="plus" disabled={!text.trim() || save.isPending}>
          {t("memory.add")}
        </Button>
      </div>
      {save.isError && <Failure error={save.error} />}
    </form>
  );
}
